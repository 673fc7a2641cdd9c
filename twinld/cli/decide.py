"""`twinld decide`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from twinld.cli.options import shown_path


@click.command(epilog="Example: twinld decide build/current/reports/review.csv")
@click.argument("file", metavar="REVIEW.csv", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder (default: ours).")
@click.option("--date", metavar="YYYY-MM-DD", help="The day of the decisions (default: today).")
def command(file: Path, data: Path | None, date: str | None) -> None:
    """Take over what a person decided in a review.csv.

    Its column decision holds an item (the place is that one), new (a place that no source of ours has) or none. The
    rows go to data/reconciliation.csv, which the next build reads.
    """
    from datetime import UTC, datetime

    from twinld.errors import UsageError
    from twinld.files import folder
    from twinld.pipeline.review import decide

    day = date or datetime.now(UTC).date().isoformat()
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise UsageError(f"--date {date!r} is not a day; write it as 2026-01-31")
    target = (data or folder("data")) / "reconciliation.csv"
    changed = decide(file, target, day)
    click.echo(f"{changed} decisions taken over into {shown_path(target)}")
