"""A Store on Oxigraph, the engine that runs inside our process: in memory or in a folder on disk.

A query's result is made, read and written in the call that asked, so in one thread: the engine ends the whole
process when another thread touches it.
"""

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import pyoxigraph as ox

from twinld.errors import QueryError, ReleaseError
from twinld.formats import Format, find_format
from twinld.store import Quad, Row
from twinld.store.binding import bind
from twinld.store.engine import (
    RDF_FORMATS,
    RESULT_FORMATS,
    Value,
    named_node,
    opened,
    reading,
    term,
    term_text,
    used_prefixes,
)
from twinld.store.explain import query_error
from twinld.store.query_text import named_star, refuse_service
from twinld.terms import Triple
from twinld.vocab import BASE, PREFIXES

if TYPE_CHECKING:
    import rdflib

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_BULK_BYTES: Final = 4 << 20
"""From this size on a folder is loaded faster by writing files of its own (measured: 2.5 times)."""
_PREFIX_SAMPLE: Final = 10_000
"""An answer of fewer triples gets only the prefixes that it uses."""
_HUB: Final = 1_000
"""What so many triples point to is a class or a country: its fragments are found by what it points to."""


class OxigraphStore:
    """A Store (see `twinld.store`) on pyoxigraph. `path` is its folder, None when it is in memory."""

    def __init__(self, inner: ox.Store, path: Path | None = None, *, writable: bool = False) -> None:
        self._inner: ox.Store | None = inner
        self._path = path
        self._writable = writable

    @classmethod
    def in_memory(cls, *, writable: bool = True) -> OxigraphStore:
        """An empty store in memory."""
        return cls(ox.Store(), writable=writable)

    @property
    def path(self) -> Path | None:
        """The folder that other processes can open read-only; None for a store in memory."""
        return self._path

    @property
    def writable(self) -> bool:
        """Whether `load` works."""
        return self._writable

    @property
    def inner(self) -> ox.Store:
        """The engine's store; ValueError when this one is closed."""
        if self._inner is None:
            raise ValueError("the store is closed")
        return self._inner

    def load(
        self, source: Path | bytes | BinaryIO, format: Format, graph: str | None = None, *, checked: bool = False
    ) -> int:
        """Add the quads of a file, all or nothing; see `Store.load`."""
        if not self._writable:
            raise ReleaseError(f"{self._path or 'this store'} is read-only; open it with writable=True")
        target = named_node(graph) if graph is not None else ox.DefaultGraph()
        before = len(self.inner)
        if isinstance(source, Path):
            where = f"{source.parent.name}/{source.name}"
            with reading(where), opened(source, where) as stream:
                packed = source.suffix.lower() == ".gz"  # the engine reads a plain file itself, a third faster
                self._load(stream if packed else source, source.stat().st_size, format, target, checked)
        else:
            where = str(getattr(source, "name", "input"))
            size = len(source) if isinstance(source, bytes) else _BULK_BYTES
            with reading(where):
                self._load(source, size, format, target, checked)
        return len(self.inner) - before

    def _load(
        self,
        source: bytes | BinaryIO | Path,
        size: int,
        format: Format,
        target: ox.NamedNode | ox.DefaultGraph,
        checked: bool,
    ) -> None:
        rdf = RDF_FORMATS.get(format.name)
        if rdf is None:
            raise QueryError(f"{format.title} holds no RDF; give {', '.join(RDF_FORMATS)}")
        in_bulk = self._path is not None and size >= _BULK_BYTES
        load = self.inner.bulk_load if in_bulk else self.inner.load
        if isinstance(source, Path):
            load(path=source, format=rdf, to_graph=target, lenient=checked)
        else:
            load(source, rdf, to_graph=target, lenient=checked)

    def select(self, query: str, **terms: str) -> list[Row]:
        """The rows of a SELECT, with `terms` bound; see `Store.select`."""
        solutions = self._run(query, terms)
        if not isinstance(solutions, ox.QuerySolutions):
            raise QueryError("this is not a SELECT query; write SELECT ... { ... }")
        names = [variable.value for variable in solutions.variables]
        return [
            {name: term(value) for name, value in zip(names, solution, strict=True) if value is not None}
            for solution in solutions
        ]

    def ask(self, query: str, **terms: str) -> bool:
        """The answer of an ASK, with `terms` bound."""
        answer = self._run(query, terms)
        if not isinstance(answer, ox.QueryBoolean):
            raise QueryError("this is not an ASK query; write ASK { ... }")
        return bool(answer)

    def construct(self, query: str, **terms: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, sorted, each once."""
        triples = self._run(query, terms)
        if not isinstance(triples, ox.QueryTriples):
            raise QueryError("this is not a CONSTRUCT or DESCRIBE; write CONSTRUCT { ... } WHERE { ... }")
        return sorted({(term_text(s), term_text(p), term_text(o)) for s, p, o in triples})

    def describe(self, iri: str) -> list[Quad]:
        """Every quad about `iri` and its fragments; see `Store.describe`."""
        start = f"{iri}#"
        quads: set[Quad] = set()
        waiting = [named_node(iri)]
        found = set(waiting)
        while waiting:
            node = waiting.pop()
            near = self._pointing_to(node)
            for subject, predicate, object_, graph in self.inner.quads_for_pattern(node, None, None):
                name = graph.value if isinstance(graph, ox.NamedNode) else None
                quads.add((term_text(subject), term_text(predicate), term_text(object_), name))
                near.append(object_)
            for other in {value for value in near if isinstance(value, ox.NamedNode)} - found:
                if other.value.startswith(start):
                    found.add(other)
                    waiting.append(other)
        named = {quad[:3] for quad in quads if quad[3] is not None}
        return sorted(
            (quad for quad in quads if quad[3] is not None or quad[:3] not in named),
            key=lambda quad: (*quad[:3], quad[3] or ""),
        )

    def _pointing_to(self, node: ox.NamedNode) -> list[Value]:
        """The subjects that have `node` as object; none of a hub, such as a class, where they are too many."""
        quads = self.inner.quads_for_pattern(None, None, node)
        subjects: list[Value] = [quad.subject for quad in itertools.islice(quads, _HUB)]
        return subjects if len(subjects) < _HUB else []

    def write(
        self,
        query: str,
        format: Format | None,
        out: BinaryIO,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Format:
        """Run any query and write its answer to `out`; see `Store.write`."""
        results = self._run(query, {}, default_graphs, named_graphs, name_star=True)
        if isinstance(results, ox.QueryTriples):
            chosen = format or find_format("turtle")
            if chosen.name not in RDF_FORMATS:
                raise QueryError(f"{chosen.title} holds rows, this query makes a graph; ask for Turtle")
            _write_triples(results, chosen, out)
        else:
            chosen = format or find_format("json")
            if chosen.name not in RESULT_FORMATS:
                raise QueryError(f"{chosen.title} holds a graph, this query makes rows; ask for JSON")
            results.serialize(out, RESULT_FORMATS[chosen.name])
        return chosen

    def _run(
        self,
        query: str,
        terms: dict[str, str],
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        *,
        name_star: bool = False,
    ) -> Results:
        """The result of a query; only for the thread that asked."""
        refuse_service(query)
        bound = bind(query, terms)
        dataset: dict[str, list[ox.NamedNode]] = {}
        if default_graphs or named_graphs:
            dataset = {
                "default_graph": [named_node(graph) for graph in default_graphs or ()],
                "named_graphs": [named_node(graph) for graph in named_graphs or ()],
            }
        try:
            if name_star and "*" in bound:
                empty = ox.Store().query(bound, base_iri=BASE)
                if isinstance(empty, ox.QuerySolutions):
                    bound = named_star(bound, {variable.value for variable in empty.variables})
            return self.inner.query(bound, base_iri=BASE, **dataset)  # type: ignore[arg-type]
        except SyntaxError as error:
            raise query_error(error, bound) from None
        except UnicodeEncodeError as error:
            raise QueryError(f"the query is not Unicode text: {error.reason}; send UTF-8") from None

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self.inner.named_graphs() if isinstance(graph, ox.NamedNode))

    def count(self, graph: str | None = None) -> int:
        """How many triples a named graph has (None: the default graph); 0 when there is no such graph."""
        pattern = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH {named_node(graph)} {{ ?s ?p ?o }} }}"
        (row,) = self.select(f"SELECT (COUNT(*) AS ?n) {pattern}")
        return int(row["n"].value)

    def graph(self, iri: str | None = None) -> rdflib.Graph:
        """One graph as an rdflib Graph of its own: for small ones."""
        from twinld.store.rdflib_graph import to_rdflib

        name = named_node(iri) if iri is not None else ox.DefaultGraph()
        return to_rdflib(self.inner.quads_for_pattern(None, None, None, name))

    def dump(self, out: BinaryIO) -> None:
        """Write every quad as N-Quads, in no order."""
        self.inner.dump(out, ox.RdfFormat.N_QUADS)

    def close(self) -> None:
        """Let go of files; closing twice is fine."""
        if self._inner is not None and self._writable and self._path is not None:
            self._inner.flush()
        self._inner = None


def _write_triples(triples: ox.QueryTriples, format: Format, out: BinaryIO) -> None:
    """Turtle is also right TriG, and N-Triples right N-Quads, for triples of the default graph."""
    if format.name not in {"turtle", "trig", "rdfxml"}:
        triples.serialize(out, RDF_FORMATS[format.name])
        return
    first = list(itertools.islice(triples, _PREFIX_SAMPLE))
    prefixes = used_prefixes(first) if len(first) < _PREFIX_SAMPLE else PREFIXES
    syntax = RDF_FORMATS["turtle" if format.name == "trig" else format.name]
    ox.serialize(itertools.chain(first, triples), out, syntax, prefixes=dict(prefixes))
