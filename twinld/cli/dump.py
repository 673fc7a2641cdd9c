"""`twinld dump`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from twinld.cli.options import out_folder, out_option, release_option


@click.command(epilog="Example: twinld dump --format turtle > twinld.ttl")
@click.option("--format", "format_name", required=True, metavar="NAME", help="turtle, trig, nquads, ntriples, jsonld.")
@click.option("--graph", metavar="NAME", help="One graph, such as curated or source/wd50k (default: what is CC0).")
@release_option
@out_option
def command(format_name: str, graph: str | None, release: str | None, out: Path | None) -> None:
    """Write a release, or one of its graphs, in a format, to standard output.

    Without --graph: turtle, ntriples and jsonld hold the default graph, trig and nquads all CC0 graphs.
    """
    from twinld.formats import find_format
    from twinld.publish.export import export
    from twinld.publish.release import find_release

    format_ = find_format(format_name)
    export(find_release(out_folder(out), release), format_, graph, sys.stdout.buffer)
    sys.stdout.buffer.flush()
