"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twinld.store import Store

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the releases (default: build in the checkout, else in the working folder).",
)
store_option = click.option(
    "--store", metavar="PATH", help="A store folder, an RDF file or sparql+http://... instead of a release."
)
release_option = click.option("--release", metavar="ID", help="A release by its id (default: the current one).")


def out_folder(out: Path | None) -> Path:
    """The build folder that was given, or the usual one."""
    from twinld.settings import build_folder

    return out or build_folder()


def opened(store: str | None, release: str | None, out: Path | None) -> Store:
    """The store that the options choose: a path, else a release of the build folder."""
    from twinld.publish.release import find_release
    from twinld.store import open_store

    return open_store(store or find_release(out_folder(out), release))


def shown_path(location: str | Path) -> str:
    """A location as a person would type it: a path below the working folder is relative to it."""
    if "://" in str(location):
        return str(location)
    here, path = Path.cwd(), Path(location)
    return str(path.resolve().relative_to(here)) if path.resolve().is_relative_to(here) else str(path)
