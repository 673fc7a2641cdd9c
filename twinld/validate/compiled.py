"""Checks the shapes of the catalogue, and any other, with SELECTs; what has no SELECT goes to pySHACL."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import rdflib

from twinld import terms
from twinld.errors import UsageError, nearest
from twinld.formats import find_format
from twinld.model import Finding
from twinld.store import Store, open_store
from twinld.store.as_written import canonical, marked, plain
from twinld.store.binding import to_text
from twinld.terms import Term
from twinld.validate.compile.engine import Engine, NotCompiled
from twinld.validate.compile.shapes import Triples
from twinld.validate.nodes import Layer, Progress, shown
from twinld.validate.reference import as_written, reference_results, term_of
from twinld.validate.results import Result
from twinld.validate.rules import Rules

ENGINES: Final = ("compiled", "pyshacl")
"""The default engine, and the reference; both find the same."""
_FEW: Final = 500
_LINES: Final = find_format("ntriples")
_BLANK: Final = re.compile(rb"^_:| _:\S+ \.$", re.MULTILINE)
"""A blank node in lines of N-Triples, as subject or as object; in a literal it does not end a line so."""


@dataclass(frozen=True)
class Outcome:
    """The results of some shapes, and which shapes pySHACL had to check, each with the reason."""

    results: tuple[Result, ...]
    fallbacks: tuple[str, ...] = ()


def run_shapes(
    store: Store,
    graphs: Sequence[str],
    shapes: Triples,
    engine: str = "compiled",
    only: Sequence[Term] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """What breaks the shapes of a shapes graph in some graphs of a store, sorted; with `only`, these shapes alone.

    Raises SourceError for shapes that are no good, UsageError for an engine that we don't have.
    """
    if engine not in ENGINES:
        raise UsageError(f"{engine!r} is no engine; {nearest(engine, ENGINES, 'engines')}")
    asked = Engine(store, shapes, graphs)
    wanted = [shape for shape in asked.with_targets() if only is None or shape.node in only]
    left = {shape.node: "" for shape in wanted} if engine == "pyshacl" else {}
    found: list[Result] = []
    for done, shape in enumerate(wanted, 1):
        if engine == "compiled":
            try:
                found += asked.results(shape)
            except NotCompiled as reason:
                left[shape.node] = str(reason)
        if progress is not None:
            progress("shapes", done, len(wanted))
    if left:
        found += _by_pyshacl(asked, rdflib_graph(store, graphs), shapes, set(left))
    reasons = tuple(reason for reason in left.values() if reason)
    return Outcome(tuple(sorted(found, key=lambda result: (result.key, str(result)))), reasons)


def _by_pyshacl(asked: Engine, data: rdflib.Graph, shapes: Triples, left: set[Term]) -> Iterator[Result]:
    """What pySHACL finds of some shapes; one without a name can't be asked for, so then all are."""
    named = [node.value for node in left if node.kind == "iri"]
    some = len(named) == len(left) < len(asked.with_targets())
    for result in reference_results(data, rdflib_shapes(shapes), sorted(named) if some else None):
        if owners(asked, result.shape) & left:
            yield result


def owners(asked: Engine, shape: Term) -> set[Term]:
    """A shape and those that lead to it by sh:property: a result names the last of them."""
    known = {shape}
    while True:
        above = {
            one.node
            for one in asked.shapes.values()
            for constraint in one.constraints
            if constraint.kind == "property" and constraint.value in known
        }
        if above <= known:
            return known
        known |= above


def rdflib_graph(store: Store, graphs: Sequence[str]) -> rdflib.Graph:
    """Some graphs of a store together, for pySHACL, with every literal as it was written."""
    graph = rdflib.Graph()
    with as_written():
        for name in graphs:
            for row in store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {terms.iri(name)} {{ ?s ?p ?o }} }}"):
                graph.add((_node(row["s"]), _node(row["p"]), _node(plain(row["o"]))))
    return graph


def rdflib_shapes(shapes: Triples) -> rdflib.Graph:
    """A shapes graph for pySHACL."""
    graph = rdflib.Graph()
    with as_written():
        for subject, predicate, value in shapes:
            graph.add((_node(subject), _node(predicate), _node(value)))
    return graph


def _node(term: Term) -> rdflib.term.Node:
    if term.kind == "iri":
        return rdflib.URIRef(term.value)
    if term.kind == "bnode":
        return rdflib.BNode(term.value)
    datatype = None if term.datatype is None else rdflib.URIRef(term.datatype)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


# ------------------------------------------------------------------------------------------ our catalogue


def check_nodes_compiled(
    store: Store,
    layer: Layer,
    rules: Rules,
    source_of: Callable[[str], str],
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """What `twinld.validate.nodes.check_nodes` finds in a layer, by SELECTs."""
    graphs = (*layer.graphs, *layer.beside)
    if layer.beside:
        store = _apart(store, layer) or store
    shapes = Triples((term_of(s), term_of(p), canonical(term_of(o))) for s, p, o in rules.shapes)
    asked = Engine(store, shapes, graphs)
    ids = {shape: shape.value.rpartition("#")[2] for shape in asked.shapes if shape.kind == "iri"}
    ids = {shape: name for shape, name in ids.items() if name in rules.by_id}
    found: dict[tuple[Term, Term | None, str], None] = {}
    for result in run_shapes(store, graphs, shapes, only=list(ids), progress=progress).results:
        for shape in sorted(owners(asked, result.shape) & set(ids)):
            found[result.focus, result.value, ids[shape]] = None
    about = _About(store, layer, [(focus, value) for focus, value, _ in found])
    for focus, value, name in found:
        node, other = about.node(focus, value)
        graph = about.graph_of(node, other)
        rule = rules.by_id[name]
        yield Finding(rule.id, rule.severity, source_of(graph), shown(node), rule.message, "", shown(other))


def _apart(store: Store, layer: Layer) -> Store | None:
    """A store of the graphs of a layer and what those beside it say of their nodes: all that the layer is checked by.

    The CC0 graphs would else be asked anew for every licence. None when there are blank nodes, which two loads name
    differently.
    """
    named = " ".join(map(terms.iri, layer.graphs))
    nodes = f"{{ SELECT DISTINCT ?s WHERE {{ VALUES ?g {{ {named} }} GRAPH ?g {{ ?s ?q ?v }} }} }}"
    held = open_store("memory:", writable=True)
    for graph in (*layer.graphs, *layer.beside):
        out = io.BytesIO()
        said = f"GRAPH {terms.iri(graph)} {{ ?s ?p ?o }}"
        where = f"{nodes} {said}" if graph in layer.beside else said
        store.write(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", _LINES, out)
        if _BLANK.search(out.getvalue()):
            return None
        held.load(out.getvalue(), _LINES, graph, checked=True)
    return held


class _About:
    """Which node of ours a result is about, and which graph says it: asked of the few nodes with results."""

    def __init__(self, store: Store, layer: Layer, found: Sequence[tuple[Term, Term | None]]) -> None:
        self._held: dict[tuple[Term, Term | None], str] = {}
        self._users: dict[Term, Term] = {}
        self._first = layer.graphs[0]
        nodes = {term for pair in found for term in pair if term is not None}
        graphs = (*layer.graphs, *layer.beside)
        order = {graph: number for number, graph in enumerate(graphs)}
        named = sorted((term for term in nodes if term.kind != "bnode"), key=str)
        rows = []
        for start in range(0, len(named), _FEW):
            values = " ".join(to_text(marked(term)) for term in named[start : start + _FEW])
            for variable in ("s", "o"):
                rows += self._rows(store, graphs, f"VALUES ?{variable} {{ {values} }}")
        if len(named) < len(nodes):
            rows += self._rows(store, graphs, "", "FILTER(isBLANK(?s) || isBLANK(?o))")
        rows.sort(key=lambda row: (order[row[0]], str(row[1]), str(row[2])))
        for graph, subject, value in rows:
            self._held.setdefault((subject, None), graph)
            self._held.setdefault((subject, value), graph)
            self._users.setdefault(value, subject)

    @staticmethod
    def _rows(store: Store, graphs: Sequence[str], before: str, after: str = "") -> list[tuple[str, Term, Term]]:
        return [
            (graph, plain(row["s"]), plain(row["o"]))
            for graph in graphs
            for row in store.select(
                f"SELECT ?s ?o WHERE {{ {before} GRAPH {terms.iri(graph)} {{ ?s ?p ?o {after} }} }}"
            )
        ]

    def node(self, focus: Term, value: Term | None) -> tuple[Term, Term | None]:
        """The node of ours, and the value that breaks the rule; see `twinld.validate.nodes`."""
        if (focus, None) in self._held:
            return focus, None if value == focus else value
        if value is not None and (value, None) in self._held:
            return value, focus
        return self._users.get(focus, focus), focus

    def graph_of(self, node: Term, value: Term | None) -> str:
        """The graph that says `value` of `node`; where none does, the first that says anything of the node."""
        return self._held.get((node, value)) or self._held.get((node, None)) or self._first
