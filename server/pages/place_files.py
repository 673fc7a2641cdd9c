"""The agreements of one place as a file: a table for spreadsheets, a map for GIS."""

from __future__ import annotations

from flask import Flask, Response

from twinld import site
from twinld.errors import NotFound
from twinld.vocab import CC0

from ..answers import alternates, respond
from ..context import context
from ..negotiation import SLICES
from .things import moved_to, not_found


def register(app: Flask) -> None:
    """Add the routes."""
    for offer in SLICES:
        app.add_url_rule(
            f"/place/<slug>.{offer.extension}",
            f"place_{offer.extension}",
            place_file,
            defaults={"extension": offer.extension},
        )


def place_file(slug: str, extension: str) -> Response:
    """The agreements of a place with their other parties, as far as they are CC0."""
    shared = context()
    offer = next(offer for offer in SLICES if offer.extension == extension)
    moved = shared.ids.moved("place", slug)
    if moved is not None:
        return moved_to("place", slug, moved, "", offer)
    links = [f'<{CC0}>; rel="license"', *alternates(f"/place/{slug}", SLICES)]

    def make() -> str:
        found = site.place_slice(shared.store, slug, shared.base)
        return found.csv() if extension == "csv" else found.geojson()

    try:
        return respond(offer, make, links=links, vary=False)
    except NotFound:
        return not_found("place", slug, offer)
