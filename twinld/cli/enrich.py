"""`twinld enrich`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twinld.cli.options import out_folder, out_option, release_option, shown_path

if TYPE_CHECKING:
    from twinld.enrich import Service
    from twinld.settings import Settings


@click.command(epilog="Example: twinld enrich --resume")
@click.option("--endpoint", metavar="URL", help="The SPARQL service (default: TWINLD_WIKIDATA_ENDPOINT).")
@click.option("--extract", metavar="PATH", help="Ask this RDF file or store folder instead of a service.")
@click.option("--item", "items", metavar="QID", multiple=True, help="Only this item (again for more).")
@click.option("--resume", is_flag=True, help="Go on with the run that was interrupted.")
@click.option("--confirm", is_flag=True, help="Take the extract over although much has vanished from it.")
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Another data folder.")
@release_option
@out_option
def command(
    endpoint: str | None,
    extract: str | None,
    items: tuple[str, ...],
    resume: bool,
    confirm: bool,
    data: Path | None,
    release: str | None,
    out: Path | None,
) -> None:
    """Read Wikidata and store the extract that a build reads.

    Asks for the items of all places of the current release: what has changed since the last extract, and the
    partners that we did not know. The extract is data/sources/wikidata-live/; `twinld build` merges it and never
    goes online. Ends with exit code 3 when the service fails: what was read is kept, the last extract stays in use.
    """
    from twinld.enrich import NAME, Run, enrich
    from twinld.files import folder
    from twinld.settings import Settings

    settings = Settings.from_environment(wikidata_endpoint=endpoint)
    work = out_folder(out) / "enrich"
    held = data or folder("data")
    run = Run(
        items=list(items) or _items(release, out),
        extract=held / "sources" / NAME,
        held=held,
        work=work,
        languages=settings.languages.split(","),
        resume=resume,
        confirmed=confirm,
        drift_percent=settings.drift_percent,
    )
    service = opened_service(settings, extract, work)
    try:
        result = enrich(run, service, watch=_watch)
    except KeyboardInterrupt:
        click.echo(f"what was read is kept in {shown_path(work)}; go on with --resume", err=True)
        raise
    finally:
        service.close()
    if not result.changed:
        click.echo(f"nothing has changed: {result.items:,} items asked for, nothing written")
        return
    click.echo(
        f"{result.items:,} items: {result.read:,} read, {result.redirected:,} redirect, {result.deleted:,} deleted; "
        f"{result.problems:,} problems; stored in {shown_path(run.extract)}"
    )
    click.echo(f"since the last extract: {result.drift} ({shown_path(work / 'drift.csv')})")


def opened_service(settings: Settings, extract: str | None, work: Path) -> Service:
    """The service that the options choose: a file, else the endpoint of the settings, with a cache."""
    from twinld.enrich import Client, Manners, Offline
    from twinld.enrich.cache import Cache
    from twinld.enrich.clock import Clock, stamp
    from twinld.store import open_store

    if extract is not None:
        return Offline(open_store(extract), extract)
    manners = Manners(timeout_s=settings.wikidata_timeout_s, max_bytes=settings.wikidata_max_mib << 20)
    service = Client(settings.wikidata_endpoint, settings.contact, manners)
    service.keep(Cache(work / "cache.sqlite", stamp(Clock().now())))
    return service


def _items(release: str | None, out: Path | None) -> list[str]:
    """The items of the places of a release."""
    from twinld.cli.options import opened
    from twinld.queries import query
    from twinld.vocab import WD

    store = opened(None, release, out)
    try:
        return [row["item"].value.removeprefix(WD) for row in store.select(query("enrich_items"))]
    finally:
        store.close()


def _watch(state: str, done: int, whole: int) -> None:
    from twinld.enrich.checkpoint import CHANGED, OPEN

    words = {OPEN: "revisions", CHANGED: "content"}
    sys.stderr.write(f"{words[state]}\t{done}\t{whole}\n")
    sys.stderr.flush()
