"""The page of the ontology, and the redirects of its namespace."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, render_template

from twinld import site
from twinld.errors import NotFound, nearest

from ..answers import alternates, language, negotiate, respond
from ..context import context
from ..negotiation import DATA_PAGE
from .things import see_other

EXTENSIONS: Final = [offer.extension for offer in DATA_PAGE]


def register(app: Flask) -> None:
    """Add the routes; a version of the ontology leads to the one that is here."""
    app.add_url_rule("/ns", "ns", lambda: see_other("/ontology"))
    app.add_url_rule("/ns/<version>", "ns_version", lambda version: see_other("/ontology"))  # noqa: ARG005
    app.add_url_rule("/ontology", "ontology", ontology, defaults={"extension": ""})
    app.add_url_rule("/ontology.<extension>", "ontology_as", ontology)


def ontology(extension: str) -> Response:
    """All classes and properties on one page, each at its anchor; as data, the graph of the ontology."""
    shared = context()
    suffix = next((offer for offer in DATA_PAGE if offer.extension == extension), None)
    if extension and suffix is None:
        raise NotFound(f"the ontology is not offered as .{extension}; {nearest(extension, EXTENSIONS, 'suffixes')}")
    offer = negotiate(DATA_PAGE, suffix)
    if isinstance(offer, Response):
        return offer
    row = offer.format
    if row is not None:
        return respond(
            offer,
            lambda: site.write(site.ontology_graph(shared.store, base=shared.base), row, shared.base),
            links=alternates("/ontology"),
        )

    def page() -> str:
        found = site.ontology(shared.store, language=language(), base=shared.base)
        return render_template("ontology.html", page=found, path="/ontology", formats=DATA_PAGE)

    return respond(offer, page, links=alternates("/ontology"))
