"""`twinld diff`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from twinld.cli.options import out_folder, out_option


@click.command(epilog="Example: twinld diff 2022-11-30 current --format csv > changes.csv")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json", "csv", "ttl"]),
    help="How to write it.",
)
@out_option
def command(old: str, new: str, format_name: str, out: Path | None) -> None:
    """Show what changed between two releases: places, agreements and other things, and quads of each graph.

    OLD and NEW are ids of releases (or `current`), their folders, or files of N-Triples or N-Quads, sorted as ours are
    (by code point, graph by graph), packed by gzip or not. Ids that were merged come with their successor.
    """
    from twinld.publish.change_forms import FORMS
    from twinld.publish.diff import difference
    from twinld.publish.sides import find_side
    from twinld.settings import Settings

    base = Settings.from_environment().base
    folder = out_folder(out)
    with difference(find_side(folder, old, base), find_side(folder, new, base)) as found:
        for piece in FORMS[format_name](found.told()):
            sys.stdout.write(piece)
