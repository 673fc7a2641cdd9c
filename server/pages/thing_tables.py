"""What the charts of a country or a network are drawn from, as files."""

from __future__ import annotations

from flask import Flask, Response

from twinld import site
from twinld.errors import NotFound, nearest

from ..context import context
from ..languages import data_language
from ..tables import table_file


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/country/<code>/<table>.<extension>", "country_table", country_table)
    app.add_url_rule("/network/<slug>/<table>.<extension>", "network_table", network_table)


def country_table(code: str, table: str, extension: str) -> Response:
    """A table of a country's page, whole: partners, places or decades, as CSV or JSON."""
    shared = context()
    return table_file(extension, lambda: _of(site.country_tables(shared.store, code, base=shared.base), table))


def network_table(slug: str, table: str, extension: str) -> Response:
    """A table of a network's page: members or growth, as CSV or JSON."""
    shared = context()
    language = data_language()
    return table_file(
        extension, lambda: _of(site.network_tables(shared.store, slug, language=language, base=shared.base), table)
    )


def _of(tables: dict[str, site.Table], key: str) -> site.Table:
    if key not in tables:
        raise NotFound(f"there is no table {key[:40]!r} here; {nearest(key[:40], tables, 'tables')}")
    return tables[key]
