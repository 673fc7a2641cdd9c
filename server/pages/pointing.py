"""What points to a thing, in full: by property and graph, each thing by its name, in leaves."""

from __future__ import annotations

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import InputError

from ..answers import negotiate, respond
from ..context import context
from ..languages import language
from ..leaves import leaf_of
from ..negotiation import HTML


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/links", "links", links)


def links() -> Response:
    """What points to the thing of `?to=/place/boston`; with `?by=tw:party&in=curated` all things that do so."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    shared = context()
    if not request.args.get("to"):
        raise InputError("to= is missing: write the path of a thing, such as to=/place/boston")
    path, by, graph = (request.args.get(name, "").strip()[:300] for name in ("to", "by", "in"))
    found = site.links_to(shared.store, path, by, graph, language=language(), base=shared.base)
    leaf = leaf_of(found.subjects)
    namer = site.Namer(site.Asker(shared.store, shared.base), language())
    return respond(
        offer,
        lambda: render_template("links.html", page=found, to=path, leaf=leaf, things=namer.all(tuple(leaf.items))),
    )
