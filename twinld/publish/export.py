"""Writing a release, or one of its graphs, again: from its dumps, never from the store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from twinld.errors import NotFound, UsageError, nearest
from twinld.files import folder
from twinld.formats import DATASET_FORMATS, DUMP_FORMATS, GRAPH_FORMATS, Format, find_format
from twinld.publish.dumps import copy_out, read_context
from twinld.publish.jsonld import jsonld
from twinld.publish.packing import NONE
from twinld.publish.rdfxml import namespaces, rdfxml
from twinld.publish.release import read_manifest
from twinld.publish.turtle import trig, turtle
from twinld.terms import triple
from twinld.vocab import GRAPH, rebase


def export(release: Path, wanted: str, graph: str | None, out: BinaryIO) -> None:
    """Write a dump of a release (its file name, or the format that one dump is in), or one graph in a format.

    `graph` is a name ("curated") or an IRI. Raises NotFound, naming the nearest, for a graph that is not there;
    UsageError for what is neither a file nor a format of dumps, and for a format of several files.
    """
    manifest = read_manifest(release)
    if graph is None:
        with (release / "dumps" / _file(manifest["files"], wanted)).open("rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)
        return
    format_ = find_format(wanted, (*GRAPH_FORMATS, *DATASET_FORMATS))
    base = manifest["base"]
    by_name = {row["iri"].removeprefix(rebase(GRAPH, base)): row for row in manifest["graphs"]}
    name = graph.removeprefix(rebase(GRAPH, base)).removeprefix("graph/")
    if name not in by_name:
        raise NotFound(f"graph {graph!r} is not in this release; {nearest(name, by_name, 'graphs')}")
    iri = by_name[name]["iri"]
    copy_out(_written(format_, iri, _lines(release, manifest, iri), base), out)


def _file(files: list[dict[str, Any]], wanted: str) -> str:
    """The name of the file that is wanted; of a format, `twinld.*` before the profiles and sources in it."""
    names = [row["name"] for row in files]
    if wanted in names:
        return wanted
    if "." in wanted[1:]:
        raise UsageError(f"{wanted!r} is no file of this release; {nearest(wanted, names, 'files')}")
    format_ = find_format(wanted, DUMP_FORMATS)
    found = [row["name"] for row in files if row["format"] == format_.name and plain(row)]
    found = [name for name in found if name.startswith("twinld.")] or found
    if not found:
        raise UsageError(f"this release has no dump in {format_.name}; {nearest(wanted, names, 'files')}")
    if len(found) > 1:
        raise UsageError(f"several dumps are in {format_.name}; name one: {', '.join(found)}")
    return str(found[0])


def plain(row: dict[str, Any]) -> bool:
    """Whether a row of a manifest is a file that is not packed; releases before there were packed ones do not say."""
    return bool(row.get("compression", NONE) == NONE)


def _lines(release: Path, manifest: dict[str, Any], iri: str) -> Iterator[str]:
    """The triples of a graph as N-Triples lines, from whichever N-Quads dump holds it."""
    end = f" <{iri}> .\n"
    for row in manifest["files"]:
        if row["format"] == "nquads" and plain(row):
            with (release / "dumps" / row["name"]).open(encoding="utf-8", newline="\n") as file:
                yield from (f"{line[: -len(end)]} .\n" for line in file if line.endswith(end))


def _written(format_: Format, iri: str, lines: Iterator[str], base: str) -> Iterable[str]:
    if format_.name == "ntriples":
        return lines
    if format_.name == "nquads":
        return (f"{line[:-3]} <{iri}> .\n" for line in lines)
    triples = map(triple, lines)
    if format_.name == "turtle":
        return turtle(triples, base)
    if format_.name == "trig":
        return trig([(iri, triples)], base)
    if format_.name == "rdfxml":
        return rdfxml(triples, namespaces(base))
    context = json.loads(rebase(json.dumps(read_context(folder("ontology"))), base))
    return jsonld(triples, context)
