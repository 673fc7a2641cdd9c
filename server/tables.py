"""Tables as files: CSV, in which no cell is run as a formula, and JSON."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from twinld import site

from .answers import respond
from .context import context
from .languages import data_language
from .negotiation import CSV, TABLES, suffix_of


def table_file(extension: str, read: Callable[[], site.Table], what: str = "tables are") -> Response:
    """The table that `read` gives, whole; NotFound, in a sentence that begins with `what`, for another suffix."""
    offer = suffix_of(extension, TABLES, what) or CSV
    shared, table = context(), read()
    name = site.namer(shared.store, data_language(), base=shared.base)
    return respond(
        offer,
        lambda: site.to_csv(table, name) if offer is CSV else site.json_text(site.to_json(table, name)),
        vary=False,
    )
