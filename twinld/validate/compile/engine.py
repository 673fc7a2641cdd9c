"""Asks the store what breaks each shape: a few SELECTs a shape, however many nodes it has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from twinld.store import Row, Store
from twinld.store.as_written import plain
from twinld.terms import Term, iri
from twinld.validate.compile.filters import suspects, term_in_query
from twinld.validate.compile.judge import TESTERS, compare, tester
from twinld.validate.compile.paths import sparql_path
from twinld.validate.compile.shapes import Constraint, Shape, Triples, name_of, read_shapes, sh
from twinld.validate.compile.sparql import set_based
from twinld.validate.results import Result
from twinld.vocab import RDF, RDFS, SH

_TYPE: Final = iri(RDF + "type")
_SUBCLASS: Final = iri(RDFS + "subClassOf")
_MANY: Final = 2_000
"""From so many focus nodes on, a property is read as a whole and its subjects tested: a third of the time."""
_FEW: Final = 500
"""So many values are named in a query; more are looked for among all."""


class NotCompiled(Exception):  # noqa: N818  no error: another engine takes the shape
    """A shape that has no SELECT; the message says why."""


@dataclass(frozen=True)
class Focus:
    """Focus nodes: a group of a query that binds them to `variable`, each once.

    `test` is one triple pattern that says the same of a node already bound; it is given where there are many nodes.
    """

    pattern: str
    variable: str
    depth: int = 0
    test: str = ""


def component(kind: str) -> str:
    """The IRI of the constraint component that a parameter starts."""
    return f"{SH}{kind[0].upper()}{kind[1:]}ConstraintComponent"


class Engine:
    """The shapes of a shapes graph, and the store with the data that they are asked of.

    `graphs` are the named graphs that hold the data, together; none means the default graph.
    """

    def __init__(self, store: Store, triples: Triples, graphs: Sequence[str] = ()) -> None:
        self._store = store
        self._triples = triples
        self.shapes = read_shapes(triples)
        self._from = "".join(f"FROM {iri(graph)} " for graph in graphs)
        self._single = len(graphs) <= 1
        self._classes: dict[Term, list[Term]] = {}
        self._large: dict[str, bool] = {}

    def with_targets(self) -> list[Shape]:
        """The shapes that have focus nodes of their own, in the order of their names."""
        return [shape for shape in self.shapes.values() if shape.targets and not shape.deactivated]

    def has_focus(self, shape: Shape) -> bool:
        """Whether a shape has a focus node in the data."""
        return bool(self._select("?f0", f"{self._targets(shape).pattern}", "LIMIT 1"))

    def results(self, shape: Shape) -> list[Result]:
        """What breaks a shape; NotCompiled when it, or one that it names, has no SELECT."""
        self._refuse(shape, ())
        return [result for _, result in self._validate(shape, self._targets(shape))]

    # ---------------------------------------------------------------------------------------- the queries

    def _select(self, variables: str, where: str, rest: str = "") -> list[Row]:
        rows = self._store.select(f"SELECT {variables} {self._from}WHERE {{ {where} }} {rest}")
        return [{name: plain(value) for name, value in row.items()} for row in rows]

    def _refuse(self, shape: Shape, above: tuple[Term, ...]) -> None:
        """NotCompiled for a shape that leads to itself, or to a query that can't be asked of all nodes at once."""
        if shape.node in above:
            raise NotCompiled(f"{name_of(shape.node)} leads to itself")
        for name, value in shape.targets:
            if value.kind == "bnode" and name == "targetNode":
                raise NotCompiled(f"{name_of(shape.node)} has a blank node as its target")
        for constraint in shape.constraints:
            if constraint.kind == "sparql" and set_based(self._triples, constraint, "?this { }") is None:
                raise NotCompiled(f"the sh:sparql of {name_of(shape.node)} is only answered node by node")
            if (
                constraint.kind in {"in", "hasValue"}
                and any(
                    term.kind == "bnode"
                    for term in (*constraint.terms, *(() if constraint.terms else (constraint.value,)))
                )
                and constraint.kind == "hasValue"
            ):
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
            rows = self._select("(COUNT(*) AS ?n)", f"{{ SELECT ?f0 WHERE {{ {group} }} LIMIT {_MANY} }}")
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
        return self._instances("f0", value)

    def _instances(self, variable: str, class_: Term) -> tuple[str, bool]:
        """A group that binds the instances of a class and of its subclasses in the data (SHACL, section 1.1)."""
        if class_ not in self._classes:
            rows = self._select("DISTINCT ?c", f"?c {_SUBCLASS}* {term_in_query(class_)}")
            known = {row["c"] for row in rows if row["c"].kind == "iri"} | {class_}
            self._classes[class_] = sorted(known, key=str)
        classes = self._classes[class_]
        if len(classes) == 1:
            return f"?{variable} {_TYPE} {term_in_query(class_)}", self._single
        names = " ".join(map(term_in_query, classes))
        return f"VALUES ?{variable}_class {{ {names} }} ?{variable} {_TYPE} ?{variable}_class", False

    # ---------------------------------------------------------------------------------------- one shape

    def _validate(self, shape: Shape, focus: Focus) -> Iterator[tuple[Term, Result]]:
        """What breaks a shape, each result with the focus node of `focus` that it follows from.

        A result below a property of a property is about another node, and is there once for each that leads to it.
        """
        if shape.deactivated:
            return
        check = _Check(self, shape, focus)
        alone = [constraint for constraint in shape.constraints if constraint.kind in TESTERS]
        if alone:
            yield from ((result.focus, result) for result in check.values(alone))
        for constraint in shape.constraints:
            if constraint.kind == "property":
                yield from check.below(self.shapes[constraint.value])
            elif constraint.kind not in TESTERS:
                yield from ((result.focus, result) for result in _CHECKS[constraint.kind](check, constraint))

    def failing(self, node: Term, focus: Focus) -> set[Term]:
        """The focus nodes that don't conform to a shape."""
        return {origin for origin, _ in self._validate(self.shapes[node], focus)}


class _Check:
    """One shape on its focus nodes."""

    def __init__(self, engine: Engine, shape: Shape, focus: Focus) -> None:
        self.engine = engine
        self.shape = shape
        self.focus = focus
        self.triples = engine._triples
        self.select = engine._select
        self.path = sparql_path(self.triples, shape.path) if shape.path is not None else ""
        self.f = focus.variable
        self.v = f"v{focus.depth}" if self.path else self.f
        self.pairs = f"{focus.pattern} ?{self.f} {self.path} ?{self.v} ." if self.path else focus.pattern
        plain_path = self.path.startswith("<") or not self.path
        self.once = plain_path and engine._single
        self.both = f"?{self.f}" if self.v == self.f else f"?{self.f} ?{self.v}"
        self.distinct = "" if self.once else "DISTINCT "
        self.test = focus.test if self.path.startswith("<") else ""

    def inner(self) -> Focus:
        """The value nodes as focus nodes."""
        if not self.path:
            return self.focus
        variable = f"f{self.focus.depth + 1}"
        query = f"SELECT DISTINCT (?{self.v} AS ?{variable}) WHERE {{ {self.pairs} }}"
        return Focus(f"{{ {query} }} .", variable, self.focus.depth + 1)

    def result(self, name: str, focus: Term, value: Term | None, path: str | None = None) -> Result:
        """A result of this shape."""
        return Result(
            focus,
            self.path if path is None else path,
            value,
            name,
            self.shape.severity,
            self.shape.node,
            self.shape.messages,
        )

    def rows(self, more: str = "", group: str = "") -> Iterator[tuple[Term, Term]]:
        """Focus and value nodes."""
        for row in self.select(self.distinct + self.both, f"{self.pairs} {more}", group):
            yield row[self.f], row[self.v]

    def values(self, constraints: Sequence[Constraint]) -> Iterator[Result]:
        """All constraints that look at one value alone, by one query."""
        where = f"shape {name_of(self.shape.node)}"
        tests = [(component(constraint.kind), tester(constraint, where)) for constraint in constraints]
        filters = " || ".join(suspects(constraint, self.v) for constraint in constraints)
        if self.test:
            few = f"SELECT {self.distinct}{self.both} WHERE {{ ?{self.f} {self.path} ?{self.v} FILTER({filters}) }}"
            found = self.select(self.both, f"{{ {few} }} FILTER EXISTS {{ {self.test} }}")
        else:
            found = self.select(self.distinct + self.both, f"{self.pairs} FILTER({filters})")
        for row in found:
            focus, value = row[self.f], row[self.v]
            for name, conforms in tests:
                if not conforms(value):
                    yield self.result(name, focus, value)

    def grouped(self, variables: str, more: str, rest: str) -> list[Row]:
        """The groups of focus and value nodes that `rest` lets through."""
        if not self.test:
            return self.select(variables, f"{self.pairs} {more}", rest)
        few = f"SELECT {variables} WHERE {{ ?{self.f} {self.path} ?{self.v} {'.' if more else ''} {more} }} {rest}"
        return self.select(variables, f"{{ {few} }} FILTER EXISTS {{ {self.test} }}")

    def below(self, shape: Shape) -> Iterator[tuple[Term, Result]]:
        """What breaks a shape that the values must have, with the focus node here."""
        found: dict[Term, list[Result]] = defaultdict(list)
        for origin, result in self.engine._validate(shape, self.inner()):
            found[origin].append(result)
        for focus, value in self.having(set(found)):
            for result in found[value]:
                yield focus, result

    def among(self, name: str, bad: set[Term]) -> Iterator[Result]:
        """A result for each pair whose value is one of `bad`."""
        for focus, value in self.having(bad):
            yield self.result(name, focus, value)

    def having(self, bad: set[Term]) -> Iterator[tuple[Term, Term]]:
        """Focus and value nodes whose value is one of `bad`."""
        if not bad or not self.path:
            yield from ((node, node) for node in bad)
            return
        few = len(bad) <= _FEW and not any(term.kind == "bnode" for term in bad)
        named = f"VALUES ?{self.v} {{ {' '.join(map(term_in_query, sorted(bad, key=str)))} }}" if few else ""
        for focus, value in self.rows(named):
            if value in bad:
                yield focus, value

    def all_values(self) -> set[Term]:
        """The value nodes of all focus nodes."""
        inner = self.inner()
        return {row[inner.variable] for row in self.select(f"?{inner.variable}", inner.pattern)}


def _class(check: _Check, constraint: Constraint) -> Iterator[Result]:
    group, _ = check.engine._instances(check.v, constraint.value)
    for focus, value in check.rows(f"MINUS {{ {group} }}"):
        yield check.result(component("class"), focus, value)


def _min_count(check: _Check, constraint: Constraint) -> Iterator[Result]:
    number = int(constraint.value.value)
    f, v = check.f, check.v
    if number == 1:
        where, rest = f"{check.focus.pattern} MINUS {{ {_bound(check)} }}", ""
    else:
        counted = f"COUNT({check.distinct}?{v})"
        where = f"{check.focus.pattern} OPTIONAL {{ ?{f} {check.path} ?{v} }}"
        rest = f"GROUP BY ?{f} HAVING({counted} < {number})"
    if number:
        for row in check.select(f"?{f}", where, rest):
            yield check.result(component("minCount"), row[f], None)


def _bound(check: _Check) -> str:
    """A group with the focus nodes that have a value."""
    return f"?{check.f} {check.path} ?{check.v}" if check.path.startswith("<") else check.pairs


def _max_count(check: _Check, constraint: Constraint) -> Iterator[Result]:
    counted = f"COUNT({check.distinct}?{check.v})"
    rest = f"GROUP BY ?{check.f} HAVING({counted} > {int(constraint.value.value)})"
    for row in check.grouped(f"?{check.f}", "", rest):
        yield check.result(component("maxCount"), row[check.f], None)


def _unique_lang(check: _Check, _constraint: Constraint) -> Iterator[Result]:
    more = f'BIND(LCASE(LANG(?{check.v})) AS ?tag) FILTER(?tag != "")'
    rest = f"GROUP BY ?{check.f} ?tag HAVING(COUNT({check.distinct}?{check.v}) > 1)"
    for row in check.grouped(f"?{check.f} ?tag", more, rest):
        yield check.result(component("uniqueLang"), row[check.f], None)


def _has_value(check: _Check, constraint: Constraint) -> Iterator[Result]:
    value = term_in_query(constraint.value)
    f = check.f
    if not check.path:
        where = f"{check.focus.pattern} FILTER(!sameTerm(?{f}, {value}))"
    else:
        having = f"?{f} {check.path} {value}"
        group = having if check.path.startswith("<") else f"{check.focus.pattern} {having}"
        where = f"{check.focus.pattern} MINUS {{ {group} }}"
    for row in check.select(f"?{f}", where):
        yield check.result(component("hasValue"), row[f], None)


def _equals(check: _Check, constraint: Constraint) -> Iterator[Result]:
    other = term_in_query(constraint.value)
    f, v = check.f, check.v
    if not check.path:
        for row in check.select(f"?{f}", f"{check.focus.pattern} MINUS {{ ?{f} {other} ?{f} }}"):
            yield check.result(component("equals"), row[f], row[f])
        where = f"{check.focus.pattern} ?{f} {other} ?other FILTER(!sameTerm(?{f}, ?other))"
        for row in check.select(f"DISTINCT ?{f} ?other", where):
            yield check.result(component("equals"), row[f], row["other"])
        return
    for focus, value in check.rows(f"MINUS {{ ?{f} {other} ?{v} }}"):
        yield check.result(component("equals"), focus, value)
    where = f"{check.focus.pattern} ?{f} {other} ?{v} MINUS {{ {check.pairs} }}"
    for row in check.select(f"DISTINCT ?{f} ?{v}", where):
        yield check.result(component("equals"), row[f], row[v])


def _disjoint(check: _Check, constraint: Constraint) -> Iterator[Result]:
    for focus, value in check.rows(f"?{check.f} {term_in_query(constraint.value)} ?{check.v} ."):
        yield check.result(component("disjoint"), focus, value)


def _less_than(check: _Check, constraint: Constraint) -> Iterator[Result]:
    sign, good = ("<", (-1,)) if constraint.kind == "lessThan" else ("<=", (-1, 0))
    f, v = check.f, check.v
    where = f"{check.pairs} ?{f} {term_in_query(constraint.value)} ?other FILTER(!COALESCE(?{v} {sign} ?other, false))"
    for row in check.select(f"DISTINCT ?{f} ?{v} ?other", where):
        if compare(row[v], row["other"]) not in good:
            yield check.result(component(constraint.kind), row[f], row[v])


def _closed(check: _Check, constraint: Constraint) -> Iterator[Result]:
    beside = [check.engine.shapes[one.value] for one in check.shape.constraints if one.kind == "property"]
    allowed = {shape.path for shape in beside}
    ignored = constraint.more.get("ignoredProperties")
    names = {term for term in allowed if term is not None and term.kind == "iri"}
    names |= set(check.triples.list(ignored)) if ignored is not None else set()
    keep = f"FILTER(?p NOT IN ({', '.join(map(term_in_query, sorted(names, key=str)))}))" if names else ""
    inner = check.inner()
    where = f"{inner.pattern} ?{inner.variable} ?p ?value {keep}"
    for row in check.select(f"DISTINCT ?{inner.variable} ?p ?value", where):
        yield check.result(component("closed"), row[inner.variable], row["value"], iri(row["p"].value))


def _node(check: _Check, constraint: Constraint) -> Iterator[Result]:
    yield from check.among(component("node"), check.engine.failing(constraint.value, check.inner()))


def _not(check: _Check, constraint: Constraint) -> Iterator[Result]:
    inner = check.inner()
    good = check.all_values() - check.engine.failing(constraint.value, inner)
    yield from check.among(component("not"), good)


def _logic(check: _Check, constraint: Constraint) -> Iterator[Result]:
    inner = check.inner()
    failing = [check.engine.failing(node, inner) for node in constraint.shapes]
    failures = Counter(term for some in failing for term in some)
    if constraint.kind == "and":
        bad = set(failures)
    elif constraint.kind == "or":
        bad = {term for term, number in failures.items() if number == len(failing)}
        bad = bad if failing else check.all_values()
    else:
        bad = {term for term in check.all_values() if len(failing) - failures[term] != 1}
    yield from check.among(component(constraint.kind), bad)


def _qualified(check: _Check, constraint: Constraint) -> Iterator[Result]:
    inner = check.inner()
    out = check.engine.failing(constraint.value, inner)
    disjoint = constraint.more.get("qualifiedValueShapesDisjoint")
    if disjoint is not None and disjoint.value == "true":
        values = check.all_values()
        for sibling in _siblings(check, constraint):
            out = out | (values - check.engine.failing(sibling, inner))
    least, most = (constraint.more.get(f"qualified{end}Count") for end in ("Min", "Max"))
    for focus, count in _counts(check, out):
        if least is not None and count < int(least.value):
            yield check.result(component("qualifiedMinCount"), focus, None)
        if most is not None and count > int(most.value):
            yield check.result(component("qualifiedMaxCount"), focus, None)


def _counts(check: _Check, out: set[Term]) -> Iterator[tuple[Term, int]]:
    """Each focus node with the number of its values that aren't `out`."""
    f, v = check.f, check.v
    if len(out) <= _FEW and all(term.kind == "iri" for term in out):
        names = ", ".join(map(term_in_query, sorted(out, key=str)))
        wanted = f"{check.pairs} FILTER(?{v} NOT IN ({names}))" if out else check.pairs
        number: dict[Term, int] = {
            row[f]: int(row["n"].value)
            for row in check.select(f"?{f} (COUNT({check.distinct}?{v}) AS ?n)", wanted, f"GROUP BY ?{f}")
        }
    else:
        number = Counter(focus for focus, value in check.rows() if value not in out)
    for row in check.select(f"?{f}", check.focus.pattern):
        yield row[f], number.get(row[f], 0)


def _siblings(check: _Check, constraint: Constraint) -> Iterator[Term]:
    """The shapes that a qualified value must not have as well (SHACL, section 4.7.3)."""
    shapes = {
        shape
        for parent in check.triples.subjects(sh("property"), check.shape.node)
        for beside in check.triples.values(parent, sh("property"))
        for shape in check.triples.values(beside, sh("qualifiedValueShape"))
    }
    yield from sorted(shapes - {constraint.value}, key=str)


def _sparql(check: _Check, constraint: Constraint) -> Iterator[Result]:
    if constraint.more.get("deactivated", Term("literal", "false")).value == "true":
        return
    focus = check.focus.pattern.replace(f"?{check.f}", "?this")
    query = set_based(check.triples, constraint, focus, check.engine._from)
    for row in check.engine._store.select(query or ""):
        found = {name: plain(value) for name, value in row.items()}
        path = iri(found["path"].value) if "path" in found else check.path
        value = found.get("value", found["this"] if not check.path else None)
        yield check.result(component("sPARQL"), found["this"], value, path)


_CHECKS: Final[dict[str, Callable[[_Check, Constraint], Iterator[Result]]]] = {
    "class": _class,
    "minCount": _min_count,
    "maxCount": _max_count,
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less_than,
    "lessThanOrEquals": _less_than,
    "closed": _closed,
    "hasValue": _has_value,
    "node": _node,
    "not": _not,
    "and": _logic,
    "or": _logic,
    "xone": _logic,
    "qualifiedValueShape": _qualified,
    "sparql": _sparql,
}
"""The constraints that need more than one value, or other shapes."""
