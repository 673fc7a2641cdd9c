"""`twinld search`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twinld.cli.options import opened, out_option, release_option, store_option

if TYPE_CHECKING:
    from twinld.site import SearchPage

FORMATS = ("table", "tsv", "json")
MOST = 1_000
_FACETS = {
    "type": "place, country, network, organisation, person ...; agreement lists agreements.",
    "country": "Code of a country, such as us.",
    "network": "Members of a network, such as oeaed.",
    "source": "What a source has a record of.",
    "status": "Agreements of a status, such as ended.",
    "decade": "Agreements that began then, such as 1960.",
    "stated": "Agreements stated by both sides, one-sided, or unknown.",
    "kind": "Agreements of a kind, such as twinning.",
    "licence": "Agreements under a licence, such as cc0.",
}


def _options(command: click.Command) -> click.Command:
    options = [click.Option([f"--{name}"], default="", metavar="VALUE", help=words) for name, words in _FACETS.items()]
    command.params[1:1] = options
    return command


@_options
@click.command(epilog="Example: twinld search Toledo, Spain")
@click.argument("words", nargs=-1)
@click.option("--limit", default=20, metavar="N", help=f"At most so many results (default 20, at most {MOST:,}).")
@click.option("--format", "format_name", metavar="NAME", help="table, tsv or json.")
@click.option("--lang", "language", default="en", metavar="TAG", help="Language of names (default: en).")
@store_option
@release_option
@out_option
def command(
    words: tuple[str, ...],
    limit: int,
    format_name: str | None,
    language: str,
    store: str | None,
    release: str | None,
    out: Path | None,
    **facets: str,
) -> int:
    """Find places and other things by any of their names.

    WORDS are a name in any script, with or without accents, or its beginning; a country beside it narrows it, and a
    letter or two may be wrong. A Wikidata item (Q100) finds its place. On a terminal results come as a table, in a
    pipe as TSV. The exit code is 1 when nothing was found.
    """
    from twinld import site
    from twinld.errors import OutsideError, UsageError, nearest
    from twinld.settings import Settings

    format_name = format_name or ("table" if sys.stdout.isatty() else "tsv")
    if format_name not in FORMATS:
        raise UsageError(f"{format_name!r} is not a format here; {nearest(format_name, FORMATS, 'formats')}")
    if not 1 <= limit <= MOST:
        raise UsageError(f"--limit {limit} is not possible; write a number from 1 to {MOST:,}")
    base = Settings.from_environment().base
    chosen = opened(store, release, out)
    try:
        wish = site.Wish.of(" ".join(words), **facets)
        if not wish.q and not wish.facets:
            raise UsageError("nothing to look for; write a name, such as twinld search boston")
        index = site.index_of(chosen, base)
        if index is None:
            raise OutsideError(f"{store} does not give so many rows as an index of names is made of")
        page = site.search(index, wish, size=limit, language=language)
    finally:
        chosen.close()
    _say_on_the_side(page)
    if format_name == "json":
        click.echo(json.dumps(site.page_object(page, base), ensure_ascii=False, indent=1))
    elif format_name == "tsv":
        for row in (_head(page), *_rows(page)):
            click.echo("\t".join(" ".join(cell.split()) for cell in row))
    else:
        _table(page)
    return 0 if page.total or page.between else 1


def _head(page: SearchPage) -> tuple[str, ...]:
    if page.bonds or page.wish.unit == "agreement":
        return "agreement", "parties", "start", "end", "status", "stated", "licence"
    return "id", "name", "country", "type", "twins", "wikidata", "found as", "licence"


def _rows(page: SearchPage) -> list[tuple[str, ...]]:
    from twinld.site.things import OPEN
    from twinld.vocab import ID

    bonds = [
        (bond.iri.removeprefix(f"{ID}agreement/"), " – ".join(map(str, bond.parties)), bond.since or bond.date,
         bond.until, bond.status, bond.stated, bond.licence.name)
        for bond in page.bonds
    ]  # fmt: skip
    hits = [
        (hit.thing.iri.removeprefix(ID).removeprefix("place/"), hit.thing.label, hit.country_code, hit.type,
         str(hit.twins), hit.item, hit.matched.text if hit.matched is not None else "",
         ", ".join(licence.name for licence in hit.licences or [OPEN]))
        for hit in page.hits
    ]  # fmt: skip
    return [*bonds, *hits]


def _say_on_the_side(page: SearchPage) -> None:
    """On stderr: what was left out, agreements between the two that were named, names that are near."""
    from twinld.vocab import ID

    if page.left_out:
        click.echo(f"no name has {', '.join(page.left_out)}: left out", err=True)
    for bond in page.between:
        click.echo(f"agreement: {bond.iri.removeprefix(f'{ID}agreement/')}", err=True)
    if page.near:
        click.echo(f"nothing found; names that look alike: {', '.join(map(str, page.near))}", err=True)
    elif page.total > len(page.hits) + len(page.bonds):
        click.echo(f"{page.total:,} found; --limit shows more", err=True)


def _table(page: SearchPage) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*_head(page))
    for row in _rows(page):
        table.add_row(*map(Text, row))
    Console().print(table)
