"""Writing a release, or one of its graphs, again: from its dumps, never from the store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from twinld.errors import NotFound, UsageError, nearest
from twinld.files import folder
from twinld.formats import Format
from twinld.publish.dumps import copy_out, read_context
from twinld.publish.jsonld import jsonld
from twinld.publish.release import read_manifest
from twinld.publish.turtle import trig, turtle
from twinld.terms import triple
from twinld.vocab import GRAPH, rebase


def export(release: Path, format_: Format, graph: str | None, out: BinaryIO) -> None:
    """Write the CC0 part of a release, or one graph ("curated" or its IRI), in a format.

    Raises NotFound, naming the nearest, for a graph that is not there; UsageError for a format that is no dump.
    """
    manifest = read_manifest(release)
    if graph is None:
        names = [
            row["name"] for row in manifest["files"] if row["format"] == format_.name and row["name"][:7] == "twinld."
        ]
        if not names:
            dumps = {row["format"] for row in manifest["files"]}
            raise UsageError(f"{format_.name!r} is not a format of dumps; {nearest(format_.name, dumps, 'formats')}")
        with (release / "dumps" / names[0]).open("rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)
        return
    base = manifest["base"]
    by_name = {row["iri"].removeprefix(rebase(GRAPH, base)): row for row in manifest["graphs"]}
    name = graph.removeprefix(rebase(GRAPH, base)).removeprefix("graph/")
    if name not in by_name:
        raise NotFound(f"graph {graph!r} is not in this release; {nearest(name, by_name, 'graphs')}")
    iri = by_name[name]["iri"]
    copy_out(_written(format_, iri, list(_lines(release, manifest, iri)), base), out)


def _lines(release: Path, manifest: dict[str, list[dict[str, str]]], iri: str) -> Iterator[str]:
    """The triples of a graph as N-Triples lines, from whichever N-Quads dump holds it."""
    end = f" <{iri}> .\n"
    for row in manifest["files"]:
        if row["format"] == "nquads":
            with (release / "dumps" / row["name"]).open(encoding="utf-8", newline="\n") as file:
                yield from (f"{line[: -len(end)]} .\n" for line in file if line.endswith(end))


def _written(format_: Format, iri: str, lines: list[str], base: str) -> Iterable[str]:
    if format_.name == "ntriples":
        return lines
    if format_.name == "nquads":
        return (f"{line[:-3]} <{iri}> .\n" for line in lines)
    if format_.name == "turtle":
        return turtle(map(triple, lines), base)
    if format_.name == "trig":
        return trig([(iri, map(triple, lines))], base)
    if format_.name == "jsonld":
        context = json.loads(rebase(json.dumps(read_context(folder("ontology"))), base))
        return jsonld(map(triple, lines), context)
    formats = ("turtle", "trig", "nquads", "ntriples", "jsonld")
    raise UsageError(f"{format_.name!r} is not a format of dumps; {nearest(format_.name, formats, 'formats')}")
