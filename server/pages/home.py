"""The first page, and the search that finds a place by its name."""

from __future__ import annotations

from flask import Flask, Response, current_app, render_template, request

from twinld import site

from ..answers import language, negotiate, respond
from ..context import context
from ..negotiation import GRAPHS, HTML
from .catalog import dataset_quads
from .things import see_other


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/", "home", home, methods=["GET"])
    app.add_url_rule("/search", "search", search, methods=["GET"])


def home() -> Response:
    """The first page; as data, what the data set is."""
    shared = context()
    offer = negotiate((HTML, *GRAPHS))
    if isinstance(offer, Response):
        return offer
    if offer.format is not None:
        row = offer.format
        return respond(offer, lambda: site.write(dataset_quads(), row, shared.base))

    def page() -> str:
        page = site.home(shared.store, language=language(), base=shared.base, folder=shared.folder)
        there = {rule.rule for rule in current_app.url_map.iter_rules()}
        return render_template("home.html", page=page, there=there, released=shared.folder is not None)

    return respond(offer, page)


def search() -> Response:
    """A list of places whose names are like `?q=`; straight to the place when it is one."""
    shared = context()
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    text = request.args.get("q", "").strip()[:200]
    found = site.near(shared.store, "place", text, base=shared.base)
    item = site.slug_of_item(shared.store, text, base=shared.base)
    if item is not None or (found and found[0] == text.lower() and len(found) == 1):
        return see_other(f"/place/{item or found[0]}")

    def page() -> str:
        rows = [site.place(shared.store, slug, language=language(), base=shared.base) for slug in found]
        return render_template("search.html", text=text, rows=rows)

    return respond(offer, page)
