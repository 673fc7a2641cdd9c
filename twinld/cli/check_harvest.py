"""`twinld check-harvest`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twinld.harvest import Outcome

_WORDS = {True: "ok", False: "FAILED", None: "-"}


@click.command(epilog="Example: twinld check-harvest http://127.0.0.1:8000/catalog --state harvest.json")
@click.argument("url", metavar="URL")
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File that keeps what was harvested; the next harvest is compared with it.",
)
@click.option("--against", metavar="URL", default="", help="Catalogue of another release to compare with.")
@click.option(
    "--shapes",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="File of SHACL shapes instead of ours (again for more).",
)
@click.option(
    "--within",
    "within_s",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=3_600,
    help="What all of it may take (default 3,600); checks that come later fail.",
)
def command(url: str, state: Path | None, against: str, shapes: tuple[Path, ...], within_s: float) -> int:
    """Do to a catalogue what portals do, and say what would fail.

    URL is that of the catalogue, such as https://twinld.example/catalog. Every file is fetched and hashed. A table
    on a terminal, TSV in a pipe; exit code 1 when a check fails.
    """
    from twinld.harvest import check_harvest

    outcomes = check_harvest(url, shapes=shapes, state=state, against=against, within_s=within_s)
    if sys.stdout.isatty():
        _table(outcomes)
    else:
        for outcome in outcomes:
            remedy = outcome.check.remedy if outcome.ok is False else ""
            click.echo("\t".join((outcome.check.name, _WORDS[outcome.ok], outcome.found, remedy)))
    failed = sum(outcome.ok is False for outcome in outcomes)
    made = sum(outcome.ok is not None for outcome in outcomes)
    click.echo(f"{url}: {made} check{'s' if made != 1 else ''}, {failed} failed", err=True)
    return 1 if failed else 0


def _table(outcomes: Sequence[Outcome]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("check", "", "found", "remedy")
    for outcome in outcomes:
        style = {True: "green", False: "bold red", None: "dim"}[outcome.ok]
        remedy = outcome.check.remedy if outcome.ok is False else ""
        word = Text(_WORDS[outcome.ok], style=style)
        table.add_row(Text(outcome.check.name), word, Text(outcome.found), Text(remedy))
    Console().print(table)
