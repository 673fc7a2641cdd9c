"""`twinld build`."""

from __future__ import annotations

import csv
import itertools
import re
import sys
from pathlib import Path
from typing import Any, Final

import click

from twinld.cli.options import out_folder, out_option, shown_path
from twinld.cli.progress import watcher
from twinld.cli.validate import DOCUMENTS

_COUNTS: Final = ("rows", "records", "findings", "matched", "merged", "new", "unused", "unmatched")
"""What is told of each source (docs/sources.md)."""


@click.command(epilog="Example: twinld build --source wikidata-crawl --source countries --out /tmp/part")
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another data folder.")
@out_option
@click.option("--source", "sources", metavar="NAME[=PATH]", multiple=True, help="Only this source (again for more).")
@click.option("--base", metavar="IRI", help="Start of every IRI of ours, instead of https://w3id.org/twinld/.")
@click.option("--date", metavar="YYYY-MM-DD", help="Date and id of the release (default: the newest extract's).")
@click.option("--documents", metavar="DIR", help=DOCUMENTS, type=click.Path(path_type=Path, file_okay=False))
@click.option("--retire", is_flag=True, help="Ids that no source states any more are gone; write that to the ledger.")
@click.option("--force", is_flag=True, help="Build although nothing has changed.")
def command(
    data: Path | None,
    out: Path | None,
    sources: tuple[str, ...],
    base: str | None,
    date: str | None,
    documents: Path | None,
    retire: bool,
    force: bool,
) -> None:
    """Make a release from data/: store, dumps, reports.

    It is built aside, verified, and switched in at once; the last release stays current when anything is wrong.
    Nothing is done when neither data nor code have changed since.
    """
    from twinld.dates import PartialDate
    from twinld.errors import UsageError
    from twinld.pipeline import BuildOptions, build
    from twinld.settings import Settings

    settings = Settings.from_environment(base=base)
    if date is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        raise UsageError(f"--date {date!r} is not a day; write it as 2026-01-31")
    try:
        date = date and str(PartialDate(date))
    except ValueError:
        raise UsageError(f"--date {date!r} is not a day; write it as 2026-01-31") from None
    options = BuildOptions(data, out_folder(out), tuple(sources), settings.base, date, force, documents, retire)
    with watcher(sys.stderr) as watch:
        result = build(options, watch)
    counts = result.manifest["counts"]
    word = "made" if result.fresh else "nothing to do: unchanged"
    click.echo(
        f"release {result.manifest['id']} ({word}): {counts['places']:,} places, {counts['agreements']:,} agreements "
        f"({counts['dated']:,} of them dated), {counts['quads']:,} quads in {shown_path(result.folder)}"
    )
    if result.fresh:
        _tell_sources(result.manifest)
    if result.manifest.get("lost"):
        report = f"{shown_path(result.folder)}/reports/lost.csv"
        click.echo(f"{result.manifest['lost']:,} ids stand for nothing any more; all in {report}", err=True)
    for row in result.manifest["sources"]:
        if row["refused"] or row["quarantined"]:
            bad = f"{row['refused']} refused, {row['quarantined']} quarantined"
            report = f"{shown_path(result.folder)}/reports/findings.csv"
            click.echo(f"{row['name']}: {row['records']:,} rows kept, {bad}; all in {report}", err=True)
    for line in _first_bad_rows(result.folder / "reports" / "findings.csv"):
        click.echo(f"  {line}", err=True)


def _tell_sources(manifest: dict[str, Any]) -> None:
    """What became of each source that gave records, as a table on standard error."""
    table = [("source", *_COUNTS)]
    for row in manifest["sources"]:
        if row["rows"] or row["records"]:
            table.append((row["name"], *(f"{row[name]:,}" for name in _COUNTS)))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *counted in table:
        cells = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(counted, widths[1:], strict=True))]
        click.echo("  ".join(cells), err=True)


def _first_bad_rows(path: Path, most: int = 5) -> list[str]:
    """The first rows that were refused or quarantined: file, line, what was found, what would be right."""
    with path.open(encoding="utf-8", newline="") as file:
        bad = (row for row in csv.DictReader(file) if row["severity"] == "Violation" and row["where"])
        return [f"{row['where']}: {row['message']}" for row in itertools.islice(bad, most)]
