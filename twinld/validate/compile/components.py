"""The constraint components that need more than one value, or other shapes: each asks its own SELECTs.

SHACL 1.0, section 4 and 5; those that look at one value alone are in `judge.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from twinld.store import Row
from twinld.store.as_written import plain
from twinld.terms import Term, iri
from twinld.validate.compile.check import FEW, Check, component
from twinld.validate.compile.filters import term_in_query
from twinld.validate.compile.judge import compare
from twinld.validate.compile.shapes import Constraint, sh
from twinld.validate.compile.sparql import set_based
from twinld.validate.results import Result


def _class(check: Check, constraint: Constraint) -> Iterator[Result]:
    group, _ = check.engine.instances(check.v, constraint.value)
    for focus, value in check.rows(f"MINUS {{ {group} }}"):
        yield check.result(component("class"), focus, value)


def _min_count(check: Check, constraint: Constraint) -> Iterator[Result]:
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


def _bound(check: Check) -> str:
    """A group with the focus nodes that have a value."""
    return f"?{check.f} {check.path} ?{check.v}" if check.path.startswith("<") else check.pairs


def _max_count(check: Check, constraint: Constraint) -> Iterator[Result]:
    counted = f"COUNT({check.distinct}?{check.v})"
    rest = f"GROUP BY ?{check.f} HAVING({counted} > {int(constraint.value.value)})"
    for row in check.grouped(f"?{check.f}", "", rest):
        yield check.result(component("maxCount"), row[check.f], None)


def _unique_lang(check: Check, _constraint: Constraint) -> Iterator[Result]:
    more = f'BIND(LCASE(LANG(?{check.v})) AS ?tag) FILTER(?tag != "")'
    rest = f"GROUP BY ?{check.f} ?tag HAVING(COUNT({check.distinct}?{check.v}) > 1)"
    for row in check.grouped(f"?{check.f} ?tag", more, rest):
        yield check.result(component("uniqueLang"), row[check.f], None)


def _has_value(check: Check, constraint: Constraint) -> Iterator[Result]:
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


def _equals(check: Check, constraint: Constraint) -> Iterator[Result]:
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


def _disjoint(check: Check, constraint: Constraint) -> Iterator[Result]:
    for focus, value in check.rows(f"?{check.f} {term_in_query(constraint.value)} ?{check.v} ."):
        yield check.result(component("disjoint"), focus, value)


def _less_than(check: Check, constraint: Constraint) -> Iterator[Result]:
    sign, good = ("<", (-1,)) if constraint.kind == "lessThan" else ("<=", (-1, 0))
    f, v = check.f, check.v
    where = f"{check.pairs} ?{f} {term_in_query(constraint.value)} ?other FILTER(!COALESCE(?{v} {sign} ?other, false))"
    for row in check.select(f"DISTINCT ?{f} ?{v} ?other", where):
        if compare(row[v], row["other"]) not in good:
            yield check.result(component(constraint.kind), row[f], row[v])


def _closed(check: Check, constraint: Constraint) -> Iterator[Result]:
    beside = [check.engine.shapes[one.value] for one in check.shape.constraints if one.kind == "property"]
    allowed = {shape.path for shape in beside}
    ignored = constraint.more.get("ignoredProperties")
    names = {term for term in allowed if term is not None and term.kind == "iri"}
    names |= set(check.triples.list(ignored)) if ignored is not None else set()
    keep = f"FILTER(?p NOT IN ({', '.join(map(term_in_query, sorted(names, key=str)))}))" if names else ""
    for row in check.select(f"DISTINCT ?{check.f} ?p ?value", f"{check.pairs} ?{check.v} ?p ?value {keep}"):
        yield check.result(component("closed"), row[check.f], row["value"], iri(row["p"].value))


def _node(check: Check, constraint: Constraint) -> Iterator[Result]:
    yield from check.among(component("node"), check.engine.failing(constraint.value, check.inner()))


def _not(check: Check, constraint: Constraint) -> Iterator[Result]:
    inner = check.inner()
    good = check.all_values() - check.engine.failing(constraint.value, inner)
    yield from check.among(component("not"), good)


def _logic(check: Check, constraint: Constraint) -> Iterator[Result]:
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


def _qualified(check: Check, constraint: Constraint) -> Iterator[Result]:
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


def _counts(check: Check, out: set[Term]) -> Iterator[tuple[Term, int]]:
    """Each focus node with the number of its values that aren't `out`."""
    f, v = check.f, check.v
    if len(out) <= FEW and all(term.kind == "iri" for term in out):
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


def _siblings(check: Check, constraint: Constraint) -> Iterator[Term]:
    """The shapes that a qualified value must not have as well (SHACL, section 4.7.3)."""
    shapes = {
        shape
        for parent in check.triples.subjects(sh("property"), check.shape.node)
        for beside in check.triples.values(parent, sh("property"))
        for shape in check.triples.values(beside, sh("qualifiedValueShape"))
    }
    yield from sorted(shapes - {constraint.value}, key=str)


def _sparql(check: Check, constraint: Constraint) -> Iterator[Result]:
    if constraint.more.get("deactivated", Term("literal", "false")).value == "true":
        return
    focus = check.focus.pattern.replace(f"?{check.f}", "?this")
    query = set_based(check.triples, constraint, focus, check.engine.dataset)
    for row in check.engine.store.select(query or ""):
        found = {name: plain(value) for name, value in row.items()}
        path = iri(found["path"].value) if "path" in found else check.path
        value = found.get("value", found["this"] if not check.path else None)
        result = check.result(component("sPARQL"), found["this"], value, path)
        own = constraint.more.get("message")
        messages = result.messages if own is None else (own.value,)
        yield result._replace(messages=tuple(_filled(message, found) for message in messages))


def _filled(message: str, row: Row) -> str:
    """A message with the values of a solution in place of `{?name}` (SHACL, section 5.2.2)."""
    return re.sub(r"\{[?$](\w+)\}", lambda match: row[match[1]].value if match[1] in row else match[0], message)


COMPONENTS: Final[dict[str, Callable[[Check, Constraint], Iterator[Result]]]] = {
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
