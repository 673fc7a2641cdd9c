"""`twinld query`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twinld.cli.options import opened, out_option, release_option, store_option
from twinld.errors import UsageError
from twinld.formats import find_format

if TYPE_CHECKING:
    from twinld.store import Store

TABLE = "table"


@click.command(epilog="Example: twinld query 'SELECT ?p ?l { ?p a tw:Country ; rdfs:label ?l } LIMIT 3'")
@click.argument("query", metavar="QUERY|FILE.rq|NAME")
@store_option
@release_option
@out_option
@click.option("--format", "format_name", metavar="NAME", help="table, csv, tsv, json, xml, turtle, ntriples ...")
def command(query: str, store: str | None, release: str | None, out: Path | None, format_name: str | None) -> None:
    """Ask a release in SPARQL.

    QUERY is the text of a query, a file, or the name of one of ours (see docs/queries.md). Our prefixes need no
    PREFIX lines. On a terminal rows come as a table, in a pipe as TSV; graphs come as Turtle.
    """
    from twinld.settings import Settings
    from twinld.store.query_text import form

    text = _text(query, Settings.from_environment().base)
    kind = form(text)
    if format_name is None:
        format_name = "turtle" if kind in {"CONSTRUCT", "DESCRIBE"} else TABLE if sys.stdout.isatty() else "tsv"
        if format_name == "tsv" and kind == "ASK":
            format_name = "json"
    if format_name == TABLE and kind in {"CONSTRUCT", "DESCRIBE"}:
        raise UsageError("a CONSTRUCT or DESCRIBE gives a graph, which is no table; write --format turtle")
    format_ = None if format_name == TABLE else find_format(format_name)
    chosen = opened(store, release, out)
    try:
        if format_ is not None:
            chosen.write(text, format_, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        elif kind == "ASK":
            click.echo("yes" if chosen.ask(text) else "no")
        else:
            _table(chosen, text)
    finally:
        chosen.close()


def _text(query: str, base: str) -> str:
    """The text that a person means: one of our questions, a file, or the query itself; with our prefixes."""
    from twinld.errors import NotFound, SourceError, nearest
    from twinld.queries import names, with_prefixes
    from twinld.queries import query as named

    if query in names():
        return named(query, base)
    path = Path(query)
    if query.endswith(".rq"):
        if not path.is_file():
            raise NotFound(f"{query}: there is no such file; {nearest(path.stem, names(), 'queries of ours')}")
        try:
            query = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
    elif "{" not in query and " " not in query.strip():
        raise NotFound(f"{query!r} is no query of ours; {nearest(query, names(), 'queries')}")
    return with_prefixes(query, base)


def _table(store: Store, text: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    answer = io.BytesIO()
    store.write(text, find_format("json"), answer)
    results = json.loads(answer.getvalue())
    columns, rows = results["head"]["vars"], results["results"]["bindings"]
    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text(row[name]["value"] if name in row else "") for name in columns))
    console = Console()
    console.print(table)
    console.print(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}")
