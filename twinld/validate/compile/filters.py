"""The part of a SELECT that leaves out values which surely conform; what is left is judged one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twinld.store.as_written import marked
from twinld.store.binding import to_text
from twinld.terms import Term
from twinld.validate.compile.judge import LANG_STRING, LEXICAL
from twinld.validate.compile.shapes import Constraint
from twinld.vocab import SH, XSD

_NUMBERS: Final = ("integer", "decimal", "double", "float")
_YEARS: Final = ("date", "dateTime")


def term_in_query(term: Term) -> str:
    """A term as it stands in a query: a literal with the mark that it has in the store."""
    return to_text(marked(term))


def suspects(constraint: Constraint, variable: str) -> str:
    """A SPARQL expression that is true of every value that may break a constraint, for some that don't as well."""
    return f"!COALESCE({_SURE[constraint.kind](constraint, f'?{variable}')}, false)"


def _datatype(constraint: Constraint, value: str) -> str:
    datatype = constraint.value.value
    if datatype == LANG_STRING:
        return f'LANG({value}) != ""'
    same = f"DATATYPE({value}) = {to_text(constraint.value)}"
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name in _NUMBERS:
        return f"{same} && isNumeric({value})"
    if name in _YEARS:  # of what is no date the engine knows no year
        return f"{same} && YEAR({value}) < 100000"
    if name in LEXICAL:
        return f"{same} && REGEX(STR({value}), {to_text(Term('literal', f'^(?:{LEXICAL[name]})$'))})"
    return same if name not in _SHORTER else f"{same} && false"


_SHORTER: Final = {
    "byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
    "positiveInteger", "nonNegativeInteger", "negativeInteger", "nonPositiveInteger",
}  # fmt: skip
"""Types that the store gives up for xsd:integer: their literals are marked, and all judged."""


def _node_kind(constraint: Constraint, value: str) -> str:
    tests = {"IRI": "isIRI", "BlankNode": "isBLANK", "Literal": "isLITERAL"}
    kinds = constraint.value.value.removeprefix(SH).split("Or")
    return " || ".join(f"{tests[kind]}({value})" for kind in kinds)


def _range(constraint: Constraint, value: str) -> str:
    sign = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}[constraint.kind]
    return f"{value} {sign} {to_text(constraint.value)}"


def _length(constraint: Constraint, value: str) -> str:
    sign = ">=" if constraint.kind == "minLength" else "<="
    return f"STRLEN(STR({value})) {sign} {int(constraint.value.value)}"


def _pattern(constraint: Constraint, value: str) -> str:
    flags = constraint.more.get("flags")
    options = "" if flags is None else f", {to_text(flags)}"
    return f"REGEX(STR({value}), {to_text(constraint.value)}{options})"


def _language_in(constraint: Constraint, value: str) -> str:
    ranges = " || ".join(f"LANGMATCHES(LANG({value}), {to_text(term)})" for term in constraint.terms)
    return ranges or "false"


def _in(constraint: Constraint, value: str) -> str:
    iris = [term for term in constraint.terms if term.kind == "iri"]
    literals = [term for term in constraint.terms if term.kind == "literal"]
    parts = [f"{value} IN ({', '.join(map(to_text, iris))})"] if iris else []
    parts += [f"sameTerm({value}, {term_in_query(term)})" for term in literals]
    return " || ".join(parts) or "false"


_SURE: Final[dict[str, Callable[[Constraint, str], str]]] = {
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": _range,
    "minInclusive": _range,
    "maxExclusive": _range,
    "maxInclusive": _range,
    "minLength": _length,
    "maxLength": _length,
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
"""For each constraint of single values, a SPARQL expression that is true only of values that conform."""
