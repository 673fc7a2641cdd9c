"""`twinld contribute`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from twinld.cli.enrich import opened_service
from twinld.cli.options import opened, out_folder, out_option, release_option, shown_path


@click.command(epilog="Example: twinld contribute && less build/contribute/one-sided.csv")
@click.option("--recheck", is_flag=True, help="Ask the service first which items are as they were read.")
@click.option("--ledger", type=click.Path(path_type=Path, dir_okay=False), help="Another ledger of what was offered.")
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another data folder.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Today, for whoever makes a list again.")
@release_option
@out_option
def command(
    recheck: bool, ledger: Path | None, data: Path | None, day: str | None, release: str | None, out: Path | None
) -> None:
    """Write worklists and proposed edits of Wikidata, for people to read and run.

    Worklists are of the current release and of the stored extract of Wikidata; the page /contribute shows them. An
    edit is proposed only with a reference, only for items that were read within seven days (or, with --recheck, are
    unchanged since), and only once: what was offered stands in the ledger, data/contributions.csv.
    """
    from twinld.enrich import NAME
    from twinld.enrich.contribute import contribute
    from twinld.enrich.evidence import confirm, exclusive_items, extract_of, known_of
    from twinld.errors import UsageError
    from twinld.files import folder
    from twinld.settings import Settings

    settings = Settings.from_environment()
    try:
        today = date.fromisoformat(day) if day is not None else date.today()
    except ValueError:
        raise UsageError(f"--date {day!r} is not a day; write it as 2026-01-31") from None
    place = data or folder("data")
    store = opened(None, release, out)
    try:
        known = known_of(store, settings.base)
    finally:
        store.close()
    target = out_folder(out) / "contribute"
    extract = extract_of(place / "sources" / NAME)
    if recheck:
        service = opened_service(settings, None, out_folder(out) / "enrich")
        try:
            confirm(extract, service, f"{today.isoformat()}T00:00:00Z")
        finally:
            service.close()
    done = contribute(
        known, extract, exclusive_items(place / "curated" / "exclusive.csv"),
        ledger or place / "contributions.csv", target, today, settings.base,
    )  # fmt: skip
    for name, rows in done.lists.items():
        click.echo(f"{name}\t{rows}")
    for kind, rows in done.classes.items():
        click.echo(f"one-sided: {kind}\t{rows}")
    when = f"extract of {done.extract_day}" if done.extract_day else "no extract: run twinld enrich"
    click.echo(f"edits proposed now\t{done.offered}\t{when}")
    for state, rows in sorted(done.states.items()):
        click.echo(f"edits {state}\t{rows}")
    click.echo(f"written to {shown_path(target)}", err=True)
