"""One shape on its focus nodes: the pieces of queries that its constraints share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twinld.store import Row
from twinld.terms import Term
from twinld.validate.compile.filters import suspects, term_in_query
from twinld.validate.compile.judge import tester
from twinld.validate.compile.paths import sparql_path
from twinld.validate.compile.shapes import Constraint, Shape, name_of
from twinld.validate.results import Result
from twinld.vocab import SH

if TYPE_CHECKING:
    from twinld.validate.compile.engine import Engine

FEW: Final = 500
"""So many values are named in a query; more are looked for among all."""


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


class Check:
    """One shape on its focus nodes."""

    def __init__(self, engine: Engine, shape: Shape, focus: Focus) -> None:
        self.engine = engine
        self.shape = shape
        self.focus = focus
        self.triples = engine.triples
        self.select = engine.select
        self.path = sparql_path(self.triples, shape.path) if shape.path is not None else ""
        self.f = focus.variable
        self.v = f"v{focus.depth}" if self.path else self.f
        self.pairs = f"{focus.pattern} ?{self.f} {self.path} ?{self.v} ." if self.path else focus.pattern
        plain_path = self.path.startswith("<") or not self.path
        self.once = plain_path and engine.single
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
        for origin, result in self.engine.validate(shape, self.inner()):
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
        few = len(bad) <= FEW and not any(term.kind == "bnode" for term in bad)
        named = f"VALUES ?{self.v} {{ {' '.join(map(term_in_query, sorted(bad, key=str)))} }}" if few else ""
        for focus, value in self.rows(named):
            if value in bad:
                yield focus, value

    def all_values(self) -> set[Term]:
        """The value nodes of all focus nodes."""
        inner = self.inner()
        return {row[inner.variable] for row in self.select(f"?{inner.variable}", inner.pattern)}
