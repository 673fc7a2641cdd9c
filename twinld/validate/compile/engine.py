"""Asks the store what breaks each shape: a few SELECTs a shape, however many nodes it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from twinld.store import Row, Store
from twinld.store.as_written import plain
from twinld.terms import Term, iri
from twinld.validate.compile.check import Check, Focus
from twinld.validate.compile.components import COMPONENTS
from twinld.validate.compile.filters import term_in_query
from twinld.validate.compile.judge import TESTERS
from twinld.validate.compile.shapes import Shape, Triples, name_of, read_shapes
from twinld.validate.compile.sparql import set_based
from twinld.validate.results import Result
from twinld.vocab import RDF, RDFS

_TYPE: Final = iri(RDF + "type")
_SUBCLASS: Final = iri(RDFS + "subClassOf")
_MANY: Final = 2_000
"""From so many focus nodes on, a property is read as a whole and its subjects tested: a third of the time."""


class NotCompiled(Exception):  # noqa: N818  no error: another engine takes the shape
    """A shape that has no SELECT; the message says why."""


class Engine:
    """The shapes of a shapes graph, and the store with the data that they are asked of.

    `graphs` are the named graphs that hold the data, together; none means the default graph.
    """

    def __init__(self, store: Store, triples: Triples, graphs: Sequence[str] = ()) -> None:
        self.store = store
        self.triples = triples
        self.shapes = read_shapes(triples)
        self.dataset = "".join(f"FROM {iri(graph)} " for graph in graphs)
        self.single = len(graphs) <= 1
        self._classes: dict[Term, list[Term]] = {}
        self._large: dict[str, bool] = {}

    def with_targets(self) -> list[Shape]:
        """The shapes that have focus nodes of their own, in the order of their names."""
        return [
            shape
            for shape in self.shapes.values()
            if (shape.targets or "sh:target" in shape.strange) and not shape.deactivated
        ]

    def has_focus(self, shape: Shape) -> bool:
        """Whether a shape has a focus node in the data, as far as its targets tell."""
        if not shape.targets:
            return True
        return bool(self.select("?f0", f"{self._targets(shape).pattern}", "LIMIT 1"))

    def results(self, shape: Shape) -> list[Result]:
        """What breaks a shape; NotCompiled when it, or one that it names, has no SELECT."""
        self._refuse(shape, ())
        return [result for _, result in self.validate(shape, self._targets(shape))]

    # ---------------------------------------------------------------------------------------- the queries

    def select(self, variables: str, where: str, rest: str = "") -> list[Row]:
        """The rows of a SELECT on the data, with every literal as it was written."""
        rows = self.store.select(f"SELECT {variables} {self.dataset}WHERE {{ {where} }} {rest}")
        return [{name: plain(value) for name, value in row.items()} for row in rows]

    def _refuse(self, shape: Shape, above: tuple[Term, ...]) -> None:
        """NotCompiled for a shape that leads to itself, or to a query that can't be asked of all nodes at once."""
        if shape.node in above:
            raise NotCompiled(f"{name_of(shape.node)} leads to itself")
        if shape.strange:
            raise NotCompiled(f"{name_of(shape.node)} has {', '.join(shape.strange)}, which has no query")
        for name, value in shape.targets:
            if value.kind == "bnode" and name == "targetNode":
                raise NotCompiled(f"{name_of(shape.node)} has a blank node as its target")
        for constraint in shape.constraints:
            if constraint.kind == "sparql" and set_based(self.triples, constraint, "?this { }") is None:
                raise NotCompiled(f"the sh:sparql of {name_of(shape.node)} is only answered node by node")
            if constraint.kind == "hasValue" and constraint.value.kind == "bnode":
                raise NotCompiled(f"{name_of(shape.node)} names a blank node as a value")
            for inner in constraint.shapes:
                self._refuse(self.shapes[inner], (*above, shape.node))

    def _targets(self, shape: Shape) -> Focus:
        groups = [self._target(name, value) for name, value in shape.targets]
        (group, once), *others = groups
        test = "" if others or "VALUES" in group or not self._is_large(group) else group
        if once and not others:
            return Focus(f"{group} .", "f0", 0, test)
        union = " UNION ".join(f"{{ {group} }}" for group, _ in groups)
        return Focus(f"{{ SELECT DISTINCT ?f0 WHERE {{ {union} }} }} .", "f0", 0, test)

    def _is_large(self, group: str) -> bool:
        if group not in self._large:
            rows = self.select("(COUNT(*) AS ?n)", f"{{ SELECT ?f0 WHERE {{ {group} }} LIMIT {_MANY} }}")
            self._large[group] = int(rows[0]["n"].value) == _MANY
        return self._large[group]

    def _target(self, name: str, value: Term) -> tuple[str, bool]:
        """The group of one target, and whether it gives each node once."""
        if name == "targetNode":
            return f"VALUES ?f0 {{ {term_in_query(value)} }}", True
        if name == "targetSubjectsOf":
            return f"?f0 {term_in_query(value)} ?o", False
        if name == "targetObjectsOf":
            return f"?s {term_in_query(value)} ?f0", False
        return self.instances("f0", value)

    def instances(self, variable: str, class_: Term) -> tuple[str, bool]:
        """A group that binds the instances of a class and of its subclasses in the data (SHACL, section 1.1)."""
        if class_ not in self._classes:
            rows = self.select("DISTINCT ?c", f"?c {_SUBCLASS}* {term_in_query(class_)}")
            known = {row["c"] for row in rows if row["c"].kind == "iri"} | {class_}
            self._classes[class_] = sorted(known, key=str)
        classes = self._classes[class_]
        if len(classes) == 1:
            return f"?{variable} {_TYPE} {term_in_query(class_)}", self.single
        names = " ".join(map(term_in_query, classes))
        return f"VALUES ?{variable}_class {{ {names} }} ?{variable} {_TYPE} ?{variable}_class", False

    # ---------------------------------------------------------------------------------------- one shape

    def validate(self, shape: Shape, focus: Focus) -> Iterator[tuple[Term, Result]]:
        """What breaks a shape, each result with the focus node of `focus` that it follows from.

        A result below a property of a property is about another node, and is there once for each that leads to it.
        """
        if shape.deactivated:
            return
        check = Check(self, shape, focus)
        alone = [constraint for constraint in shape.constraints if constraint.kind in TESTERS]
        if alone:
            yield from ((result.focus, result) for result in check.values(alone))
        for constraint in shape.constraints:
            if constraint.kind == "property":
                yield from check.below(self.shapes[constraint.value])
            elif constraint.kind not in TESTERS:
                yield from ((result.focus, result) for result in COMPONENTS[constraint.kind](check, constraint))

    def failing(self, node: Term, focus: Focus) -> set[Term]:
        """The focus nodes that don't conform to a shape."""
        return {origin for origin, _ in self.validate(self.shapes[node], focus)}
