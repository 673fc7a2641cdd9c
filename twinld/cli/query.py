"""`twinld query`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from twinld.cli.options import out_folder, out_option, release_option


@click.command(epilog="Example: twinld query 'SELECT ?p ?l { ?p a tw:Country ; rdfs:label ?l } LIMIT 3'")
@click.argument("query", metavar="QUERY|FILE.rq|NAME")
@click.option("--store", metavar="PATH", help="A store folder or an RDF file instead of a release.")
@release_option
@out_option
@click.option("--format", "format_name", metavar="NAME", help="table, csv, tsv, json, xml, turtle, ntriples ...")
def command(query: str, store: str | None, release: str | None, out: Path | None, format_name: str | None) -> None:
    """Ask a release in SPARQL.

    QUERY is the text of a query, a file, or the name of one of ours (see docs/queries.md). Our prefixes need no
    PREFIX lines. On a terminal rows come as a table, in a pipe as TSV; graphs come as Turtle.
    """
    from twinld.formats import find_format
    from twinld.pipeline import open_release
    from twinld.store import open_store

    text = _text(query)
    format_ = None if format_name in {None, "table"} else find_format(str(format_name))
    opened = open_store(store) if store else open_release(release, out_folder(out))
    try:
        table = format_name == "table" or (format_name is None and sys.stdout.isatty())
        if format_ is None and (_rows(text) and not table):
            format_ = find_format("tsv")
        if format_ is None and _rows(text):
            _table(opened.select(text) if not _asks(text) else [], opened.ask(text) if _asks(text) else None)
        else:
            opened.write(text, format_, sys.stdout.buffer)
    finally:
        opened.close()


def _text(query: str) -> str:
    from twinld.queries import names, query as named, with_prefixes

    if query in names():
        return named(query)
    path = Path(query)
    if query.endswith(".rq") or ("{" not in query and path.is_file()):
        from twinld.errors import NotFound, nearest

        if not path.is_file():
            raise NotFound(f"{query}: there is no such file; {nearest(path.stem, names(), 'queries')}")
        query = path.read_text(encoding="utf-8")
    return with_prefixes(query)


def _form(text: str) -> str:
    import re

    bare = re.sub(r"<[^<>\s]*>|#[^\n]*|\"[^\"\n]*\"", " ", text)
    found = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", bare, re.IGNORECASE)
    return found[1].upper() if found else ""


def _rows(text: str) -> bool:
    return _form(text) in {"SELECT", "ASK"}


def _asks(text: str) -> bool:
    return _form(text) == "ASK"


def _table(rows: list[dict[str, tuple[str, ...]]], answer: bool | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if answer is not None:
        click.echo("yes" if answer else "no")
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text(row[name][1]) if name in row else Text("") for name in columns))
    console = Console()
    console.print(table)
    console.print(f"{len(rows):,} rows")
