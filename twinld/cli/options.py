"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the releases (default: build in the checkout, else in the working folder).",
)
release_option = click.option("--release", metavar="ID", help="A release by its id (default: the current one).")


def out_folder(out: Path | None) -> Path:
    """The build folder that was given, or the usual one."""
    from twinld.settings import build_folder

    return out or build_folder()
