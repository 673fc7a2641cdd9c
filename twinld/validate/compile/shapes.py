"""A shapes graph, read: shapes with their targets and constraints (SHACL 1.0, sections 2 to 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from twinld.errors import SourceError
from twinld.store import Store
from twinld.store.as_written import plain
from twinld.terms import Term
from twinld.vocab import RDF, RDFS, SH

TYPE: Final = Term("iri", RDF + "type")
SUBCLASS: Final = Term("iri", RDFS + "subClassOf")
_FIRST, _REST, _NIL = (Term("iri", RDF + name) for name in ("first", "rest", "nil"))
_CLASS: Final = Term("iri", RDFS + "Class")


def sh(name: str) -> Term:
    """A term of SHACL."""
    return Term("iri", SH + name)


SIMPLE: Final = (
    "class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive",
    "maxInclusive", "minLength", "maxLength", "pattern", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan",
    "lessThanOrEquals", "not", "and", "or", "xone", "node", "property", "closed", "hasValue", "in",
    "qualifiedValueShape", "sparql",
)  # fmt: skip
"""The parameters that start a constraint, one constraint a value; the others only complete one."""
_SHAPES_IN: Final = ("node", "property", "not", "qualifiedValueShape")
_SHAPE_LISTS_IN: Final = ("and", "or", "xone")
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_KNOWN: Final = {
    *SIMPLE, *_TARGETS, "path", "name", "description", "order", "group", "defaultValue", "severity", "message",
    "deactivated", "flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount",
    "qualifiedValueShapesDisjoint",
}  # fmt: skip
"""What a shape may say here; whatever else of SHACL it says is left to the other engine, and never passed over."""
_ONLY_PROPERTY: Final = (
    "minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape",
)  # fmt: skip
_NUMBERS: Final = ("minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount")


class Triples:
    """A shapes graph to look things up in."""

    def __init__(self, triples: Iterable[tuple[Term, Term, Term]]) -> None:
        self._predicates: dict[Term, set[Term]] = defaultdict(set)
        self._of: dict[tuple[Term, Term], list[Term]] = defaultdict(list)
        self._with: dict[tuple[Term, Term], list[Term]] = defaultdict(list)
        self._all = tuple(triples)
        for subject, predicate, value in self._all:
            self._predicates[subject].add(predicate)
            self._of[subject, predicate].append(value)
            self._with[predicate, value].append(subject)

    @classmethod
    def of_store(cls, store: Store, graph: str) -> Triples:
        """The triples of a named graph."""
        rows = store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return cls((row["s"], row["p"], plain(row["o"])) for row in rows)

    def __iter__(self) -> Iterator[tuple[Term, Term, Term]]:
        return iter(self._all)

    def values(self, subject: Term, predicate: Term) -> list[Term]:
        """The values of a property, sorted."""
        return sorted(set(self._of.get((subject, predicate), ())), key=str)

    def value(self, subject: Term, predicate: Term) -> Term | None:
        """The one value of a property; SourceError when there are several."""
        values = self.values(subject, predicate)
        if len(values) > 1:
            raise SourceError(f"shape {name_of(subject)}: {len(values)} values of {name_of(predicate)}; write one")
        return values[0] if values else None

    def predicates(self, subject: Term) -> list[Term]:
        """The properties of a node, sorted."""
        return sorted(self._predicates.get(subject, ()), key=str)

    def subjects(self, predicate: Term, value: Term | None = None) -> list[Term]:
        """What has a property, with this value or any, sorted."""
        if value is not None:
            return sorted(set(self._with.get((predicate, value), ())), key=str)
        return sorted({subject for subject, known in self._of if known == predicate}, key=str)

    def list(self, head: Term) -> list[Term]:
        """The members of an RDF list; SourceError when it isn't whole."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            first, rest = self.value(head, _FIRST), self.value(head, _REST)
            if first is None or rest is None or head in seen:
                raise SourceError(f"shapes: {name_of(head)} is no list that ends; write one in round brackets")
            seen.add(head)
            members.append(first)
            head = rest
        return members


def name_of(term: Term) -> str:
    """A term as a message names it."""
    if term.kind == "bnode":
        return "without a name"
    return f"sh:{term.value.removeprefix(SH)}" if term.value.startswith(SH) else term.value


@dataclass(frozen=True)
class Constraint:
    """One constraint: `kind` is the parameter that starts it, such as "minCount"; `value` that parameter's value.

    `terms` are the members of a list, `shapes` the shapes that it names, `more` the other parameters.
    """

    kind: str
    value: Term
    terms: tuple[Term, ...] = ()
    shapes: tuple[Term, ...] = ()
    more: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """One shape; `path` is the node of its path (None: a node shape), `targets` are pairs of parameter and value."""

    node: Term
    path: Term | None
    targets: tuple[tuple[str, Term], ...]
    constraints: tuple[Constraint, ...]
    severity: str
    messages: tuple[str, ...]
    deactivated: bool
    strange: tuple[str, ...] = ()
    """Properties of SHACL, or parameters of components that the shapes define, which aren't read here."""


def read_shapes(triples: Triples) -> dict[Term, Shape]:
    """Every shape of a shapes graph by its node; SourceError for one that is no good, with its name."""
    waiting = [*_roots(triples)]
    found: dict[Term, Shape] = {}
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        shape = _shape(triples, node)
        found[node] = shape
        waiting += (inner for constraint in shape.constraints for inner in constraint.shapes)
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


def _roots(triples: Triples) -> Sequence[Term]:
    roots = {*triples.subjects(TYPE, sh("NodeShape")), *triples.subjects(TYPE, sh("PropertyShape"))}
    for name in (*_TARGETS, *SIMPLE):
        if name not in {"class", "in", "sparql"}:
            roots |= set(triples.subjects(sh(name)))
    return sorted(roots, key=str)


def _shape(triples: Triples, node: Term) -> Shape:
    path = triples.value(node, sh("path"))
    where = f"shape {name_of(node)}"
    if path is None and sh("PropertyShape") in triples.values(node, TYPE):
        raise SourceError(f"{where}: a sh:PropertyShape without sh:path; write one")
    targets = [(name, value) for name in _TARGETS for value in triples.values(node, sh(name))]
    kinds = triples.values(node, TYPE)
    if any(kind == _CLASS or _CLASS in triples.values(kind, SUBCLASS) for kind in kinds):
        targets.append(("targetClass", node))
    severity = triples.value(node, sh("severity"))
    deactivated = triples.value(node, sh("deactivated"))
    messages = tuple(value.value for value in triples.values(node, sh("message")))
    constraints = tuple(_constraints(triples, node, path, where))
    return Shape(
        node,
        path,
        tuple(targets),
        constraints,
        SH + "Violation" if severity is None else severity.value,
        messages,
        deactivated is not None and deactivated.value == "true",
        tuple(_strange(triples, node)),
    )


def _strange(triples: Triples, node: Term) -> Iterable[str]:
    declared = {path for one in triples.subjects(sh("path")) if triples.subjects(sh("parameter"), one)
                for path in triples.values(one, sh("path"))}  # fmt: skip
    for predicate in triples.predicates(node):
        ours = predicate.value.startswith(SH) and predicate.value.removeprefix(SH) in _KNOWN
        if not ours and (predicate.value.startswith(SH) or predicate in declared):
            yield name_of(predicate)


def _constraints(triples: Triples, node: Term, path: Term | None, where: str) -> Iterable[Constraint]:
    for kind in SIMPLE:
        for value in triples.values(node, sh(kind)):
            if path is None and kind in _ONLY_PROPERTY:
                raise SourceError(f"{where}: sh:{kind} on a node shape; put it on a shape with sh:path")
            if kind in _NUMBERS and not (value.kind == "literal" and value.value.lstrip("+").isdecimal()):
                raise SourceError(f"{where}: sh:{kind} is {value.value!r}; write a whole number")
            if kind == "nodeKind" and value not in _NODE_KINDS:
                raise SourceError(f"{where}: sh:nodeKind is {name_of(value)}; write sh:IRI, sh:Literal or sh:BlankNode")
            if kind in {"closed", "uniqueLang"} and value.value != "true":
                continue  # only this literal says so, not "1"^^xsd:boolean
            terms: tuple[Term, ...] = ()
            shapes: tuple[Term, ...] = ()
            if kind in {"in", "languageIn"}:
                terms = tuple(triples.list(value))
            elif kind in _SHAPE_LISTS_IN:
                shapes = tuple(triples.list(value))
            elif kind in _SHAPES_IN:
                shapes = (value,)
            yield Constraint(kind, value, terms, shapes, _more(triples, node, kind, value, where))


_NODE_KINDS: Final = tuple(
    map(sh, ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"))
)


def _more(triples: Triples, node: Term, kind: str, value: Term, where: str) -> dict[str, Term]:
    names = {
        "pattern": ("flags",),
        "closed": ("ignoredProperties",),
        "qualifiedValueShape": ("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
    }.get(kind, ())
    found = {name: triples.value(node, sh(name)) for name in names}
    if kind == "sparql":
        found = {name: triples.value(value, sh(name)) for name in ("select", "message", "deactivated")}
    if kind == "qualifiedValueShape" and found["qualifiedMinCount"] is None and found["qualifiedMaxCount"] is None:
        raise SourceError(f"{where}: sh:qualifiedValueShape without a count; add sh:qualifiedMinCount or Max")
    return {name: term for name, term in found.items() if term is not None}
