"""Fills a store of any engine with a release, graph by graph, and counts what has arrived.

What is there already is left alone: a graph of the remote store, `graph/pushed`, notes the hash of every graph
that was put there and counted. So a push that broke off goes on where it stood, and the next release sends only
the graphs that are new (and those with blank nodes, whose names change with every build). The graph that names the
release goes last: until then the store names none.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from twinld.errors import OutsideError, ReleaseError
from twinld.publish.release import MANIFEST, read_manifest
from twinld.store.graph_store import GraphStore, as_ntriples
from twinld.store.oxigraph import OxigraphStore, open_location
from twinld.terms import iri, parse, text
from twinld.vocab import BASE, DCTERMS, PUSHED, RELEASE, rebase

PIECE: Final = 50_000
"""So many triples are sent in one request, unless a graph has blank nodes: those mean nothing across requests."""
_SPOOL_BYTES: Final = 32 << 20
_HASH: Final = DCTERMS + "identifier"
_START: Final = "sha256:"


@dataclass(frozen=True)
class Step:
    """What was done about one graph: "pushed", "already there" or "removed"; `triples` it has now."""

    graph: str
    triples: int
    done: str


def push(
    release: Path,
    target: GraphStore,
    count: Callable[[str], int],
    report: Callable[[Step], None] = lambda _step: None,
    *,
    piece: int = PIECE,
) -> list[Step]:
    """Put every graph of a release into a graph store; what was done, in order.

    `count` tells how many triples a graph of the remote store has. Raises ReleaseError when the release is not
    whole, OutsideError when the store refuses a graph or has another number of triples afterwards; everything
    that was counted before stays noted, so that the next push goes on from there.
    """
    manifest = read_manifest(release)
    base = str(manifest.get("base", BASE))
    sizes, last = _sizes(manifest, release), rebase(RELEASE, base)
    notes = _Notes(target, rebase(PUSHED, base))
    steps: list[Step] = []

    def say(step: Step) -> None:
        steps.append(step)
        report(step)

    def change() -> None:
        """The store is of no release from here on, until its last graph says so."""
        if notes.forget(last):
            target.delete(last)

    store = open_location(str(release))
    assert isinstance(store, OxigraphStore)
    try:
        for graph in (*sorted(sizes.keys() - {last}), *notes.others(sizes), last):
            if graph not in sizes:
                change()
                target.delete(graph)
                notes.forget(graph)
                say(Step(graph, 0, "removed"))
                continue
            lines, sha256 = _content(store, graph, sizes[graph], release)
            if notes.has(graph, sha256) and count(graph) == len(lines):
                say(Step(graph, len(lines), "already there"))
                continue
            change()
            _send(target, graph, lines, piece)
            _check(graph, len(lines), count(graph))
            notes.add(graph, sha256)
            say(Step(graph, len(lines), "pushed"))
    finally:
        store.close()
    return steps


def _sizes(manifest: dict[str, Any], release: Path) -> dict[str, int]:
    """How many triples each graph of a release has, as its manifest says."""
    sizes = {str(row["iri"]): int(row["triples"]) for row in manifest.get("graphs", [])}
    last = rebase(RELEASE, str(manifest.get("base", BASE)))
    if last not in sizes:
        raise ReleaseError(f"{release / MANIFEST} lists no graph {last}; build the release again")
    return sizes


def _content(store: OxigraphStore, graph: str, size: int, release: Path) -> tuple[list[bytes], str]:
    """The sorted lines of a graph, and their SHA-256; ReleaseError when they are not as many as `size`."""
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES) as out:
        store.inner.dump(out, ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
        out.seek(0)
        lines = sorted(out)
    if len(lines) != size:
        raise ReleaseError(
            f"{release}: {graph} has {len(lines):,} triples and the manifest says {size:,}; build the release again"
        )
    return lines, hashlib.sha256(b"".join(lines)).hexdigest()


def _send(target: GraphStore, graph: str, lines: list[bytes], piece: int) -> None:
    """The first piece replaces the graph, the others are added; a graph with blank nodes goes in one."""
    if any(line.startswith(b"_:") or b" _:" in line for line in lines):
        piece = len(lines)
    target.put(graph, b"".join(lines[:piece]))
    for start in range(piece, len(lines), piece):
        target.post(graph, b"".join(lines[start : start + piece]))


def _check(graph: str, sent: int, there: int) -> None:
    if sent != there:
        raise OutsideError(
            f"{graph}: {sent:,} triples were sent and {there:,} are there; the store has dropped or merged some. "
            "Nothing names this release there yet; push again, or use another store"
        )


class _Notes:
    """What is known to be in the remote store: the hash of every graph that arrived whole."""

    def __init__(self, target: GraphStore, graph: str) -> None:
        self._target = target
        self._graph = graph
        self._hashes = {
            s[1:-1]: parse(o).value
            for s, p, o in target.get(graph) or ()
            if p == iri(_HASH) and parse(o).value.startswith(_START)
        }

    def has(self, graph: str, sha256: str) -> bool:
        """Whether this very content was put there."""
        return self._hashes.get(graph) == _START + sha256

    def others(self, known: Container[str]) -> list[str]:
        """Graphs that were put there and are not among `known`."""
        return sorted(graph for graph in self._hashes if graph not in known)

    def add(self, graph: str, sha256: str) -> None:
        """Note a graph, at once: the process may end before the next one."""
        self._hashes[graph] = _START + sha256
        self._write()

    def forget(self, graph: str) -> bool:
        """Drop a note; whether there was one."""
        if self._hashes.pop(graph, None) is None:
            return False
        self._write()
        return True

    def _write(self) -> None:
        triples = [(iri(graph), iri(_HASH), text(value)) for graph, value in sorted(self._hashes.items())]
        if triples:
            self._target.put(self._graph, as_ntriples(triples))
        else:
            self._target.delete(self._graph)
