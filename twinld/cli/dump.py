"""`twinld dump`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from twinld.cli.options import out_folder, out_option, release_option


@click.command(epilog="Example: twinld dump --format turtle > twinld.ttl")
@click.option(
    "--format",
    "format_name",
    required=True,
    metavar="NAME",
    help="A format, such as turtle or graphml, or a file, such as places.csv.",
)
@click.option("--graph", metavar="NAME", help="One graph, such as curated or source/wd50k (default: what is CC0).")
@release_option
@out_option
def command(format_name: str, graph: str | None, release: str | None, out: Path | None) -> None:
    """Write a dump of a release, or one of its graphs in a format, to standard output.

    Without --graph: turtle, ntriples, rdfxml and jsonld hold the default graph, trig and nquads all CC0 graphs;
    every other dump is named by its file, as /dumps/ lists them.
    """
    from twinld.formats import DUMP_FORMATS, find_format
    from twinld.publish.export import export
    from twinld.publish.release import find_release

    if "." not in format_name[1:]:  # a file of the release has an extension
        find_format(format_name, DUMP_FORMATS)
    export(find_release(out_folder(out), release), format_name, graph, sys.stdout.buffer)
    sys.stdout.buffer.flush()
