"""`twinld push`."""

from __future__ import annotations

from pathlib import Path

import click

from twinld.cli.options import out_folder, out_option, release_option


@click.command(epilog="Example: twinld push http://127.0.0.1:7878/store")
@click.argument("url", metavar="URL")
@click.option("--endpoint", metavar="URL", help="Where the store answers queries (default: as the known engines do).")
@release_option
@out_option
def command(url: str, endpoint: str | None, release: str | None, out: Path | None) -> None:
    """Fill a store of any engine with a release, by the SPARQL 1.1 Graph Store Protocol.

    URL is its graph store (Oxigraph: /store, Virtuoso: /sparql-graph-crud-auth, Fuseki: /data). Every graph is
    counted there afterwards; what is there already is left alone, so that a push that broke off can be repeated.
    Name and password come from TWINLD_STORE_USER and TWINLD_STORE_PASSWORD.
    """
    from twinld.publish.push import Step, push
    from twinld.publish.release import find_release, in_use
    from twinld.settings import Settings
    from twinld.store.credentials import Credentials
    from twinld.store.graph_store import GraphStore, endpoint_beside
    from twinld.store.remote import open_remote

    settings = Settings.from_environment()
    folder = find_release(out_folder(out), release)
    target = GraphStore(url, Credentials(settings.store_user, settings.store_password))
    remote = open_remote(endpoint or endpoint_beside(url))

    def report(step: Step) -> None:
        click.echo(f"{step.graph}\t{step.triples:,}\t{step.done}")

    try:
        with in_use(folder):
            steps = push(folder, target, remote.count, report)
    finally:
        remote.close()
        target.close()
    sent = sum(step.triples for step in steps if step.done == "pushed")
    click.echo(f"release {folder.name} is at {url}: {len(steps)} graphs, {sent:,} triples sent", err=True)
