"""The page of the rules that data is checked against, each at its anchor."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, render_template

from twinld.formats import find_format
from twinld.site import shapes as documentation

from ..answers import alternates, negotiate, respond
from ..context import context
from ..negotiation import GRAPHS, HTML, suffix_of

OFFERS: Final = (*(offer for offer in GRAPHS if offer.format == find_format("turtle")), HTML)
"""The rules are written in Turtle, with comments, and are shown as they are written."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/shapes", "shapes", shapes, defaults={"extension": ""})
    app.add_url_rule("/shapes.<extension>", "shapes_as", shapes)
    app.add_url_rule("/shapes/cross-record/<id_>.rq", "shapes_query", query)


def shapes(extension: str) -> Response:
    """All rules with severity, advice, source text and examples; in Turtle, the shapes themselves."""
    shared = context()
    offer = negotiate(OFFERS, suffix_of(extension, OFFERS, "the shapes are"))
    if isinstance(offer, Response):
        return offer
    links = alternates("/shapes", OFFERS)
    if offer.format is not None:
        return respond(offer, lambda: documentation.shapes_turtle(shared.base), links=links)

    def page() -> str:
        found = documentation.shapes_page(shared.base)
        return render_template("shapes.html", page=found, path="/shapes", formats=OFFERS)

    return respond(offer, page, links=links)


def query(id_: str) -> Response:
    """The query of a rule over several records, where tws:query leads."""
    return Response(documentation.shapes_query(id_, context().base), mimetype="application/sparql-query")
