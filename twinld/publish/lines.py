"""Graphs as sorted N-Triples files: what every dump and the store are made of.

One triple a line, `subject predicate object .`, sorted by code point, each once, UTF-8. Nothing is rewritten on
the way to a dump (the store would rewrite literals).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from twinld.terms import Triple
from twinld.vocab import BASE, rebase


@dataclass(frozen=True)
class GraphFile:
    """One graph of a release, as a file: `iri` is None for the default graph."""

    iri: str | None
    path: Path
    count: int
    licence: str

    def lines(self) -> Iterator[str]:
        """The lines, each with its line end."""
        with self.path.open(encoding="utf-8", newline="\n") as file:
            yield from file

    def triples(self) -> Iterator[Triple]:
        """The triples in the order of the file."""
        for line in self.lines():
            subject, predicate, rest = line.split(" ", 2)
            yield subject, predicate, rest[:-3]


def write_graph(path: Path, iri: str | None, triples: Iterable[Triple], licence: str, base: str) -> GraphFile:
    """Write triples to a file, sorted, each once, with IRIs of ours under `base`."""
    lines = (f"{s} {p} {o} .\n" for s, p, o in triples)
    ordered = sorted(set(lines) if base == BASE else {rebase(line, base) for line in lines})
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("".join(ordered))
    return GraphFile(None if iri is None else rebase(iri, base), path, len(ordered), licence)


def merge_graphs(path: Path, parts: Iterable[GraphFile], licence: str) -> GraphFile:
    """Write the union of sorted graph files, sorted, each triple once."""
    count = 0
    last = None
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in heapq.merge(*(part.lines() for part in parts)):
            if line != last:
                file.write(line)
                count += 1
                last = line
    return GraphFile(None, path, count, licence)


def scan_files(graphs: Iterable[GraphFile]) -> Callable[[str, Sequence[str]], Iterator[Triple]]:
    """A function that reads the triples of a graph (its IRI) with one of some properties (IRIs)."""
    by_iri = {graph.iri: graph for graph in graphs}

    def scan(graph: str, properties: Sequence[str]) -> Iterator[Triple]:
        if graph not in by_iri:
            return iter(())
        return _of_properties(by_iri[graph], {f"<{name}>" for name in properties})

    return scan


def _of_properties(graph: GraphFile, wanted: set[str]) -> Iterator[Triple]:
    for line in graph.lines():
        subject, predicate, rest = line.split(" ", 2)
        if predicate in wanted:
            yield subject, predicate, rest[:-3]
