"""Checks places and agreements node by node, with pySHACL: the reference for `twinld.validate.compiled`.

pySHACL holds its data in rdflib, 25 times slower to fill than the store. So it gets the nodes in batches, with
the few properties that the shapes name, in a graph that keeps just the two indexes that pySHACL asks.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import rdflib
from rdflib.namespace import RDF, SH
from rdflib.store import Store as RdflibStore

from twinld import terms
from twinld.model import Finding
from twinld.store import Store
from twinld.store.scan import Scan, scan_of
from twinld.terms import Term
from twinld.validate.rules import Rules

if TYPE_CHECKING:
    from pyshacl import Shape

_TYPE: Final = RDF.type
"""Looked up once: rdflib's namespaces look a term up anew each time."""
Progress = Callable[[str, int, int], None]
"""Called with what is being checked, how much of it is done, and how much there is."""
BATCH: Final = 2_000
"""Focus nodes at a time: some 12,000 triples."""


@dataclass(frozen=True)
class Layer:
    """Graphs whose nodes are checked together; the graphs `beside` them only complete what is said of a node.

    The CC0 graphs are one layer and must be whole without the others.
    """

    graphs: tuple[str, ...]
    beside: tuple[str, ...] = ()


def check_nodes(
    store: Store,
    layer: Layer,
    rules: Rules,
    source_of: Callable[[str], str],
    progress: Progress | None = None,
    scan: Scan | None = None,
) -> Iterator[Finding]:
    """What breaks a shape in a layer; `source_of` gives the name of a graph for the findings."""
    from pyshacl import ShapesGraph
    from pyshacl.pytypes import SHACLExecutor

    shapes = [shape for shape in ShapesGraph(rules.shapes).shapes if _id(shape) in rules.by_id]
    shapes.sort(key=_id)
    executor = SHACLExecutor()
    focus = _focus_nodes(scan or scan_of(store), layer, rules)
    done, total = 0, len(focus)
    with _quiet():
        for batch in _batches(store, layer, rules, focus):
            for shape in shapes:
                _, results = shape.validate(executor, batch.graph)
                rule = rules.by_id[_id(shape)]
                for _, _, triples in results:
                    node, value = batch.about(*_focus_and_value(triples))
                    graph = batch.graph_of(node, value)
                    yield Finding(rule.id, rule.severity, source_of(graph), shown(node), rule.message, "", shown(value))
            done = min(done + BATCH, total)
            if progress is not None:
                progress("nodes", done, total)


def shown(term: Term | None) -> str:
    """A term as it stands in a finding: an IRI or the text of a literal; a blank node as `_:` and its label."""
    if term is None:
        return ""
    return f"_:{term.value}" if term.kind == "bnode" else term.value


def _id(shape: Shape) -> str:
    return str(shape.node).rpartition("#")[2]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the traceback that rdflib logs for every literal that its datatype refuses: here it is a finding."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


# ------------------------------------------------------------------------------------------ from the store

Said = tuple[str, str, Term]
"""What a graph says of a node: the graph, the property and the value."""


def _focus_nodes(scan: Scan, layer: Layer, rules: Rules) -> dict[Term, list[Said]]:
    """What the layer says of every node that some shape has as a target, as far as the shapes need it.

    One scan a graph: reading all of a node's properties to choose among them took 3 times as long. Sorted by node.
    """
    type_ = terms.iri(str(RDF.type))
    classes = set(map(terms.iri, rules.classes))
    known: dict[str, Term] = {}
    said: dict[Term, list[Said]] = defaultdict(list)
    focus: set[Term] = set()
    for graph in layer.graphs:
        for s, p, o in scan(graph, (str(RDF.type), *rules.predicates)):
            if p == type_ and o not in classes:
                continue
            subject = known.get(s) or known.setdefault(s, terms.parse(s))
            predicate = p[1:-1]
            said[subject].append((graph, predicate, known.get(o) or known.setdefault(o, terms.parse(o))))
            if p == type_ or predicate in rules.targets:
                focus.add(subject)
    if layer.beside:  # a node's class may stand there only
        focus = set(said)
    return {node: said[node] for node in sorted(focus, key=lambda term: (term.kind, term.value))}


def _beside(store: Store, layer: Layer, rules: Rules, nodes: list[Term]) -> Iterator[tuple[Term, Said]]:
    """What the graphs beside the layer say of some nodes."""
    iris = [terms.iri(node.value) for node in nodes if node.kind == "iri"]
    needed = ", ".join(terms.iri(name) for name in (str(RDF.type), *rules.predicates))
    for graph in layer.beside:
        for row in store.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {' '.join(iris)} }} "
            f"GRAPH {terms.iri(graph)} {{ ?s ?p ?o FILTER(?p IN ({needed})) }} }}"
        ):
            yield row["s"], (graph, row["p"].value, row["o"])


def _batches(store: Store, layer: Layer, rules: Rules, focus: dict[Term, list[Said]]) -> Iterator[_Batch]:
    nodes = list(focus)
    for start in range(0, len(nodes), BATCH):
        some = nodes[start : start + BATCH]
        own = [(node, said) for node in some for said in focus[node]]
        yield _Batch([*own, *_beside(store, layer, rules, some)])


class _Batch:
    """Some nodes with what is said of them: `graph` for pySHACL, and which graph of the store says what."""

    def __init__(self, said: list[tuple[Term, Said]]) -> None:
        self._said = said
        self._held: dict[tuple[Term, Term | None], str] = {}
        self._users: dict[Term, Term] = {}
        self.graph = rdflib.Graph(_Triples(), bind_namespaces="none")
        predicates: dict[str, rdflib.URIRef] = {}
        nodes: dict[Term, rdflib.term.Node] = {}
        add = self.graph.store.add
        for subject, (_, predicate, object_) in said:
            for term in (subject, object_):
                if term not in nodes:
                    nodes[term] = _node(term)
            if predicate not in predicates:
                predicates[predicate] = rdflib.URIRef(predicate)
            add((nodes[subject], predicates[predicate], nodes[object_]), self.graph)

    def about(self, focus: Term, value: Term | None) -> tuple[Term, Term | None]:
        """The node of ours that a result is about, and the value that breaks the rule (None: no single one).

        A shape may have the value as its focus node (the number 0, a Wikidata item): then the node that has
        this value is meant.
        """
        self._index()
        if (focus, None) in self._held:
            return focus, None if value == focus else value
        if value is not None and (value, None) in self._held:
            return value, focus
        return self._users.get(focus, focus), focus

    def graph_of(self, node: Term, value: Term | None) -> str:
        """The graph that says `value` of `node`; where none does, the first that says anything of the node."""
        self._index()
        return self._held.get((node, value)) or self._held.get((node, None)) or self._said[0][1][0]

    def _index(self) -> None:
        if self._held:
            return
        for subject, (graph, _, object_) in self._said:
            self._held.setdefault((subject, None), graph)
            self._held.setdefault((subject, object_), graph)
            self._users.setdefault(object_, subject)


# ------------------------------------------------------------------------------------------ for pySHACL


class _Triples(RdflibStore):
    """A store for rdflib that answers what pySHACL asks: the objects or the subjects of a known predicate.

    Three times faster to fill than rdflib's own, which also indexes objects and graphs.
    """

    def __init__(self) -> None:
        super().__init__()
        self._objects: dict[tuple[Any, Any], list[Any]] = {}
        self._subjects: dict[Any, dict[Any, None]] = {}
        self._of_class: dict[Any, dict[Any, None]] = {}

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ARG002
        """Keep a triple; what is added twice is there twice, which is the same to pySHACL."""
        subject, predicate, object_ = triple
        self._objects.setdefault((subject, predicate), []).append(object_)
        self._subjects.setdefault(predicate, {})[subject] = None
        if predicate == _TYPE:
            self._of_class.setdefault(object_, {})[subject] = None

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:  # noqa: ARG002
        """The triples of a pattern whose predicate is given."""
        subject, predicate, object_ = triple_pattern
        if subject is None and object_ is not None and predicate == _TYPE:
            yield from (((one, predicate, object_), iter(())) for one in self._of_class.get(object_, ()))
            return
        for one in self._subjects.get(predicate, ()) if subject is None else (subject,):
            for value in self._objects.get((one, predicate), ()):
                if object_ is None or value == object_:
                    yield (one, predicate, value), iter(())

    def __len__(self, context: Any = None) -> int:
        return sum(map(len, self._objects.values()))

    def bind(self, prefix: str, namespace: rdflib.URIRef, override: bool = True) -> None:
        """Prefixes are of no use here."""

    def namespace(self, prefix: str) -> None:
        """None: there are no prefixes."""

    def prefix(self, namespace: rdflib.URIRef) -> None:
        """None: there are no prefixes."""

    def namespaces(self) -> Iterator[tuple[str, rdflib.URIRef]]:
        """None: there are no prefixes."""
        return iter(())


def _node(term: Term) -> rdflib.term.Node:
    """A term for rdflib; a literal keeps its lexical form."""
    if term.kind == "iri":
        return rdflib.URIRef(term.value)
    if term.kind == "bnode":
        return rdflib.BNode(term.value)
    datatype = None if term.datatype is None else rdflib.URIRef(term.datatype)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def _term(node: rdflib.term.Node) -> Term:
    if isinstance(node, rdflib.Literal):
        datatype = None if node.datatype is None or node.language else str(node.datatype)
        return Term("literal", str(node), node.language, datatype)
    return Term("bnode" if isinstance(node, rdflib.BNode) else "iri", str(node))


def _focus_and_value(triples: list[tuple[Any, Any, Any]]) -> tuple[Term, Term | None]:
    """Focus node and value of one of pySHACL's results; its objects stand as they are or as (graph, node)."""
    found = {p: o[1] if isinstance(o, tuple) else o for _, p, o in triples}
    value = found.get(SH.value)
    return _term(found[SH.focusNode]), None if value is None else _term(value)
