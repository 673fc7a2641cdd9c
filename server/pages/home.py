"""The first page."""

from __future__ import annotations

from flask import Flask, Response, current_app, render_template

from twinld import site

from ..answers import negotiate, respond
from ..context import context
from ..languages import language, texts
from ..negotiation import GRAPHS, HTML
from .catalog import dataset_quads


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/", "home", home, methods=["GET"])


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
        page = site.home(shared.store, language=language(), base=shared.base, folder=shared.folder, texts=texts())
        there = {rule.rule for rule in current_app.url_map.iter_rules()}
        return render_template("home.html", page=page, there=there, released=shared.folder is not None)

    return respond(offer, page)
