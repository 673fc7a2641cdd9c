"""The mutants of a rule: all small changes to how it is written that an example should notice.

A shape is changed as a graph, a query as text. A change that makes a query unreadable is no mutant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, XSD

from twinld.files import folder
from twinld.store import open_store
from twinld.validate.rules import SEVERITIES, Rule
from twinld.vocab import BASE

TWS: Final = f"{BASE}shapes#"
BOUNDS: Final = {
    SH.minCount: -1, SH.maxCount: 1, SH.minInclusive: -1, SH.maxInclusive: 1, SH.minExclusive: -1, SH.maxExclusive: 1,
}  # fmt: skip
"""Constraints with a number, and in which direction it grows weaker."""
CONSTRAINTS: Final = (
    SH.datatype, SH.nodeKind, SH.pattern, SH.uniqueLang, SH["class"], SH.hasValue, SH.equals, SH.disjoint,
    SH.lessThan, SH.lessThanOrEquals, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH["not"], SH["in"],
)  # fmt: skip
TARGETS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
LISTS: Final = (SH["in"], SH.alternativePath, SH["or"], SH["and"], SH.xone)
OPERATORS: Final = {
    " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " != ": " = ", " = ": " != ", " && ": " || ",
    " || ": " && ", "MIN(": "MAX(", "MAX(": "MIN(", "NOT EXISTS": "EXISTS", " NOT IN ": " IN ", " IN ": " NOT IN ",
}  # fmt: skip
_ITEM: Final = re.compile(r"(?:\btw|twv|wgs|rdfs|skos|org):[A-Za-z-]+,? ?|\(tw:\S+ twv?:\S+(?: tw:\S+)*\) ?")
_NUMBER: Final = re.compile(r"(?<![\w.?\"{,\[/-])\d+(?:\.\d+)?(?![\w.\]}])")


@dataclass(frozen=True)
class Mutant:
    """A rule after one change: `what` was changed, the Turtle of the rule, and its query if it has one."""

    rule: str
    what: str
    turtle: str
    query: str | None = None


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Every mutant of a rule, in the same order each time."""
    graph = graph_of(rule)
    turtle = graph.serialize(format="turtle")
    yield Mutant(rule.id, "the rule is gone", "")
    for severity in SEVERITIES:
        if severity != rule.severity:
            changed = _copy(graph)
            changed.set((rdflib.URIRef(TWS + rule.id), SH.severity, SH[severity]))
            yield Mutant(rule.id, f"severity {severity}", changed.serialize(format="turtle"), rule.query)
    if rule.is_shape:
        yield from _of_a_shape(rule, graph)
    if rule.query is not None:
        seen = {rule.query}
        for what, query in _of_a_query(rule.query):
            if query not in seen and _readable(query):
                seen.add(query)
                yield Mutant(rule.id, what, turtle, query)


def graph_of(rule: Rule) -> rdflib.Graph:
    """The triples of one rule, with the blank nodes that hang from it."""
    whole = rdflib.Graph().parse(folder("shapes") / Path(rule.file).name)
    graph = rdflib.Graph()
    todo: list[rdflib.term.Node] = [rdflib.URIRef(TWS + rule.id)]
    while todo:
        node = todo.pop()
        for triple in whole.triples((node, None, None)):
            graph.add(triple)
            if isinstance(triple[2], rdflib.BNode):
                todo.append(triple[2])
    return graph


def _copy(graph: rdflib.Graph) -> rdflib.Graph:
    copy = rdflib.Graph()
    for triple in graph:
        copy.add(triple)
    return copy


def _of_a_shape(rule: Rule, graph: rdflib.Graph) -> Iterator[Mutant]:
    for what, changed in (*_bounds(graph), *_without(graph), *_shorter_lists(graph)):
        yield Mutant(rule.id, what, changed.serialize(format="turtle"))


def _key(triple: tuple[rdflib.term.Node, ...]) -> tuple[str, ...]:
    return tuple(str(node) for node in triple[1:])


def _bounds(graph: rdflib.Graph) -> Iterator[tuple[str, rdflib.Graph]]:
    for constraint, step in BOUNDS.items():
        for s, p, o in sorted(graph.triples((None, constraint, None)), key=_key):
            if isinstance(o, rdflib.Literal) and o.datatype in (XSD.integer, XSD.decimal):
                for by in (step, -step):
                    if p in (SH.minCount, SH.maxCount) and int(o) + by < 0:
                        continue
                    changed = _copy(graph)
                    changed.remove((s, p, o))
                    changed.add((s, p, rdflib.Literal(o.toPython() + by)))
                    yield f"{_short(p)} {o} is {o.toPython() + by}", changed


def _without(graph: rdflib.Graph) -> Iterator[tuple[str, rdflib.Graph]]:
    for predicate in (*BOUNDS, *CONSTRAINTS, *TARGETS):
        for triple in sorted(graph.triples((None, predicate, None)), key=_key):
            changed = _copy(graph)
            changed.remove(triple)
            yield f"no {_short(predicate)} {_short(triple[2])}", changed


def _shorter_lists(graph: rdflib.Graph) -> Iterator[tuple[str, rdflib.Graph]]:
    for predicate in LISTS:
        for s, p, head in sorted(graph.triples((None, predicate, None)), key=_key):
            length = len(Collection(graph, head))
            for index in range(length):
                changed = _copy(graph)
                items = list(Collection(changed, head))
                Collection(changed, head).clear()
                changed.remove((s, p, head))
                new = rdflib.BNode()
                Collection(changed, new, items[:index] + items[index + 1 :])
                changed.add((s, p, new if length > 1 else RDF.nil))
                yield f"{_short(predicate)} without its item {index + 1} ({_short(items[index])})", changed


def _short(node: rdflib.term.Node) -> str:
    if isinstance(node, rdflib.Literal) and node.datatype is not None:
        return f"{node} ({_short(node.datatype)})"
    return "[...]" if isinstance(node, rdflib.BNode) else re.split(r"[#/]", str(node))[-1]


def _of_a_query(query: str) -> Iterator[tuple[str, str]]:
    lines = query.splitlines()
    body = next(number for number, line in enumerate(lines) if line.startswith("SELECT"))
    for number in range(body, len(lines)):
        line = lines[number]
        if line.strip().startswith("#"):
            continue
        rest = (lines[:number], lines[number + 1 :])
        yield f"without line {number + 1}: {line.strip()}", _join(rest[0], rest[1])
        for old, new in OPERATORS.items():
            for found in re.finditer(re.escape(old), line):
                changed = line[: found.start()] + new + line[found.end() :]
                yield (
                    f"line {number + 1}:{new.rstrip()} for{old.rstrip()} in {line.strip()}",
                    _join(rest[0], [changed, *rest[1]]),
                )
        for found in _NUMBER.finditer(line):
            for by in (1, -1):
                number_ = float(found[0]) + by if "." in found[0] else int(found[0]) + by
                changed = line[: found.start()] + str(number_) + line[found.end() :]
                yield (
                    f"line {number + 1}: {number_} for {found[0]} in {line.strip()}",
                    _join(rest[0], [changed, *rest[1]]),
                )
        if "VALUES" in line or " IN (" in line or line.strip().startswith(("(tw:", "tw:", "org:")):
            for found in _ITEM.finditer(line):
                changed = line[: found.start()] + line[found.end() :]
                yield f"line {number + 1}: no {found[0].strip()} in {line.strip()}", _join(rest[0], [changed, *rest[1]])
        for found in re.finditer(r"tw:\w+\|", line):
            changed = line[: found.start()] + line[found.end() :]
            yield f"line {number + 1}: no {found[0]} in {line.strip()}", _join(rest[0], [changed, *rest[1]])


def _join(before: list[str], after: list[str]) -> str:
    return "\n".join([*before, *after]) + "\n"


def _readable(query: str) -> bool:
    try:
        open_store("memory:").select(query)
    except Exception:
        return False
    return True
