"""`twinld serve`."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from twinld.cli.options import out_folder, out_option, release_option, shown_path

if TYPE_CHECKING:
    from twinld.settings import Settings


@click.command(epilog="Example: twinld serve --port 8080")
@click.option(
    "--store", metavar="PATH", help="A release folder, a store folder, an RDF file or sparql+http://... to serve."
)
@release_option
@out_option
@click.option("--host", metavar="ADDRESS", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=int, metavar="N", help="Port (default: 8000; the next free one when it is taken).")
def command(store: str | None, release: str | None, out: Path | None, host: str | None, port: int | None) -> None:
    """Serve a release or an RDF file: pages, dumps and SPARQL.

    A release that is built meanwhile, or pushed to the remote store that is served, is served without a break,
    unless one was named by --release. Stops cleanly on Ctrl-C. Every limit is a setting; see docs/settings.md.
    """
    from twinld.publish.release import find_release
    from twinld.settings import Settings
    from twinld.store import open_store
    from twinld.store.oxigraph import REMOTE

    settings = Settings.from_environment(store=store, host=host, port=port)
    location: str | Path = settings.store
    if release is not None or not location:
        location = find_release(out_folder(out), release)
    run, swap = application("run"), application("swap")
    link = out_folder(out) / "current" if release is None and not settings.store else Path(location)
    follow = None
    if str(location).startswith(REMOTE):
        follow = swap.FollowStore(str(location))
    elif link.is_symlink():
        follow = swap.FollowLink(link, partial(_held, settings))
    with contextlib.ExitStack() as first:
        first.enter_context(_held(settings, Path(location)))
        run.serve(
            settings,
            open_store(location),
            lambda url: click.echo(f"twinld serves {shown_path(location)} at {url}"),
            follow,
            first.close,
        )
    sys.stdout.flush()


@contextlib.contextmanager
def _held(settings: Settings, folder: Path) -> Iterator[None]:
    """Keep a release on disk while it is served; refused when it is damaged, or names nobody to the public."""
    from twinld.pipeline.publisher import refuse_unnamed
    from twinld.publish.seal import held

    refuse_unnamed(folder, settings)
    with held(folder):
        yield


def application(module: str) -> ModuleType:
    """A module of the web application: `twinld_server` in an installed wheel, `server` in a checkout."""
    from twinld.files import checkout

    root = checkout()
    if root is None:
        return importlib.import_module(f"twinld_server.{module}")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return importlib.import_module(f"server.{module}")
