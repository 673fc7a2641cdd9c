"""The dump files of a release: one table, streamed from the sorted graph files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from twinld.publish.jsonld import jsonld
from twinld.publish.lines import GraphFile
from twinld.publish.turtle import trig, turtle

_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class DumpFile:
    """One dump as the manifest lists it: `name` of the file, format's name, bytes, sha256, licence IRI."""

    name: str
    title: str
    format: str
    licence: str
    triples: int
    bytes: int
    sha256: str

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def write_dumps(
    folder: Path,
    default: GraphFile,
    graphs: list[GraphFile],
    open_licence: str,
    context: dict[str, Any],
    base: str,
) -> Iterator[DumpFile]:
    """Write all dumps: the default graph, all CC0 graphs with their names, and each other source's graphs.

    `default` and `graphs` are sorted graph files; equal input gives equal bytes.
    """
    title = "Places and agreements (the default graph of the endpoint)"

    def facts(name: str, format_name: str, pieces: Iterable[str]) -> DumpFile:
        return _write(folder / name, title, format_name, open_licence, default.count, pieces)

    yield facts("twinld.nt", "ntriples", default.lines())
    yield facts("twinld.ttl", "turtle", turtle(default.triples(), base))
    yield facts("twinld.jsonld", "jsonld", jsonld(default.triples(), context))
    yield from _datasets(folder, "twinld", "All CC0 graphs, with what each source says", open_licence,
                         [graph for graph in graphs if graph.licence == open_licence], base)  # fmt: skip
    others = sorted({(_owner(graph), graph.licence) for graph in graphs if graph.licence != open_licence})
    for owner, licence in others:
        own = [graph for graph in graphs if graph.licence != open_licence and _owner(graph) == owner]
        yield from _datasets(folder, owner, f"Graphs of {owner}, under its own licence", licence, own, base)


def _owner(graph: GraphFile) -> str:
    return (graph.iri or "").rpartition("/")[2]


def _datasets(
    folder: Path, stem: str, title: str, licence: str, graphs: list[GraphFile], base: str
) -> Iterator[DumpFile]:
    count = sum(graph.count for graph in graphs)
    quads = (f"{line[:-3]} <{graph.iri}> .\n" for graph in graphs for line in graph.lines())
    yield _write(folder / f"{stem}.nq", title, "nquads", licence, count, quads)
    named = ((graph.iri or "", graph.triples()) for graph in graphs)
    yield _write(folder / f"{stem}.trig", title, "trig", licence, count, trig(named, base))


def _write(path: Path, title: str, format_name: str, licence: str, count: int, pieces: Iterable[str]) -> DumpFile:
    digest = hashlib.sha256()
    size = 0
    with path.open("wb") as file:
        for chunk in _chunks(pieces):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return DumpFile(path.name, title, format_name, licence, count, size, digest.hexdigest())


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Pieces of text as chunks of about a MiB of UTF-8."""
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= _CHUNK:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting).encode()


def read_context(folder: Path) -> dict[str, Any]:
    """The JSON-LD context of the ontology folder."""
    document: dict[str, Any] = json.loads((folder / "context.jsonld").read_text(encoding="utf-8"))
    return document


def copy_out(pieces: Iterable[str], out: BinaryIO) -> None:
    """Write pieces of text to a binary file."""
    for chunk in _chunks(pieces):
        out.write(chunk)
