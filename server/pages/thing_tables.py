"""What the charts of a country or a network are drawn from, as files."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

from twinld import site
from twinld.errors import NotFound, nearest

from ..answers import respond
from ..context import context
from ..languages import data_language
from ..negotiation import SLICES, Offer

_FILES: Final = {
    "csv": next(offer for offer in SLICES if offer.extension == "csv"),
    "json": Offer("application/json"),
}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/country/<code>/<table>.<extension>", "country_table", country_table)
    app.add_url_rule("/network/<slug>/<table>.<extension>", "network_table", network_table)


def country_table(code: str, table: str, extension: str) -> Response:
    """A table of a country's page, whole: partners, places or decades, as CSV (no cell is a formula) or JSON."""
    shared = context()
    return _answer(site.country_tables(shared.store, code, base=shared.base), table, extension)


def network_table(slug: str, table: str, extension: str) -> Response:
    """A table of a network's page: members or growth, as CSV (no cell is a formula) or JSON."""
    shared = context()
    found = site.network_tables(shared.store, slug, language=data_language(), base=shared.base)
    return _answer(found, table, extension)


def _answer(tables: dict[str, site.Table], key: str, extension: str) -> Response:
    if key not in tables:
        raise NotFound(f"there is no table {key[:40]!r} here; {nearest(key[:40], tables, 'tables')}")
    if extension not in _FILES:
        raise NotFound(f"tables are not offered as .{extension[:20]}; {nearest(extension[:20], _FILES, 'suffixes')}")
    shared, offer, table = context(), _FILES[extension], tables[key]
    name = site.namer(shared.store, data_language(), base=shared.base)

    def make() -> str:
        return site.to_csv(table, name) if extension == "csv" else site.json_text(site.to_json(table, name))

    return respond(offer, make, vary=False)
