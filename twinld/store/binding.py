"""Binds terms to the variables of a query, as values, so that no term can change what is asked.

Oxigraph's own substitution knows only the variables that a SELECT returns, and plans a query before it knows
their values. So the terms are put in here, token by token: each is taken apart and written anew as exactly
one token of SPARQL.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from twinld.errors import QueryError, nearest
from twinld.store.query_text import significant, tokens
from twinld.terms import Term, iri, lang, parse, text, typed

_MARK: Final = "\0"


def bind(query: str, terms: Mapping[str, str]) -> str:
    """The query with `terms` (N-Triples text by variable) in the place of these variables.

    A bound variable can still be returned, grouped by and sorted by. Lines stay lines. Raises QueryError for
    text that is no IRI or literal, and for a name that is no variable of the query.

    >>> bind("SELECT ?a { ?a ?b ?c }", {"a": "<http://x/>"})
    'SELECT ?a { <http://x/> ?b ?c BIND(<http://x/> AS ?a) }'
    """
    if not terms:
        return query
    values = {name: _value(name, term) for name, term in terms.items()}
    if _MARK in query:
        raise QueryError("the query holds a NUL character; remove it")
    parts = _prepared(query, frozenset(values))
    return "".join(values[part] if index % 2 else part for index, part in enumerate(parts))


@functools.lru_cache(maxsize=256)
def _prepared(query: str, names: frozenset[str]) -> tuple[str, ...]:
    """The query in parts, every second one the name of a value to put there: our own queries come again and again."""
    known = {token["variable"] for token in significant(query) if token.lastgroup == "var"}
    for name in sorted(names):
        if name not in known:
            raise QueryError(f"the query has no variable ?{name}; {nearest(name, known, 'variables')}")
    return tuple(_Binder({name: f"{_MARK}{name}{_MARK}" for name in names}).rewritten(query).split(_MARK))


def to_text(term: Term) -> str:
    """A term as canonical N-Triples text.

    >>> to_text(Term("literal", "Malmö", "sv"))
    '"Malmö"@sv'
    """
    if term.kind == "iri":
        return iri(term.value)
    if term.kind == "bnode":
        return f"_:{term.value}"
    if term.language is not None:
        return lang(term.value, term.language)
    return typed(term.value, term.datatype) if term.datatype is not None else text(term.value)


def _value(name: str, term: str) -> str:
    try:
        parsed = parse(term)
        if parsed.kind == "bnode":
            raise ValueError(f"{term!r} is a blank node, which means nothing in a query")
        return to_text(parsed)
    except ValueError as error:
        raise QueryError(f"?{name}: {error}; give <http://...> or a quoted literal") from None


@dataclass
class _Select:
    """One SELECT: its columns and its tail (GROUP BY ...) keep the variable, as its name and `suffix`."""

    suffix: str
    used: set[str] = field(default_factory=set)
    end: int | None = None


@dataclass(frozen=True)
class _Place:
    """Where a token stands: in a "pattern", in the "head" of a SELECT (its columns) or in its "tail"."""

    part: str
    select: _Select | None = None
    depth: int = 0


class _Binder:
    """Walks over the tokens: variables in patterns become values, those around a pattern get a BIND in it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.out: list[str] = []
        self.selects: list[_Select] = []
        self.outer: list[_Place] = []
        self.here = _Place("pattern")

    def rewritten(self, query: str) -> str:
        previous = [0, 0]
        for token in tokens(query):
            kind, word = token.lastgroup, token.group()
            if kind == "var" and token["variable"] in self.values:
                word = self._variable(token["variable"], previous)
            elif kind == "word":
                self._keyword(word.upper())
            elif kind == "mark":
                self._mark(word)
            self.out.append(word)
            if kind not in {"space", "comment"}:
                previous = [previous[1], len(self.out) - 1]
        for select in self.selects:
            if select.end is not None:
                self.out[select.end] = "".join(
                    f"BIND({self.values[name]} AS ?{name}{select.suffix}) " for name in sorted(select.used)
                )
        return "".join(self.out)

    def _variable(self, name: str, previous: list[int]) -> str:
        if self.here.part == "pattern":
            if [self.out[index].upper() for index in previous] == ["BOUND", "("]:
                self.out[previous[0]] = ""
                return "true"
            return self.values[name]
        if self.here.select is None:
            return f"?{name}"
        self.here.select.used.add(name)
        return f"?{name}{self.here.select.suffix}"

    def _keyword(self, word: str) -> None:
        if word == "SELECT":
            self.selects.append(_Select(f"_bound{len(self.selects)}" if self.selects else ""))
            self.here = _Place("head", self.selects[-1])
        elif word in {"ORDER", "GROUP", "HAVING"} and self.here.part == "pattern" and not self.outer:
            self.here = _Place("tail")  # of a CONSTRUCT or DESCRIBE

    def _mark(self, mark: str) -> None:
        here = self.here
        if mark in "()" and here.part == "head":
            self.here = replace(here, depth=here.depth + (1 if mark == "(" else -1))
        elif mark == "*" and here.part == "head" and here.depth == 0 and here.select is self.selects[0]:
            self.selects[0].used.update(self.values)
        elif mark == "{":
            self.outer.append(here)
            self.here = _Place("pattern")
        elif mark == "}" and self.outer:
            here = self.outer.pop()
            if here.part == "head" and here.depth == 0 and here.select is not None:
                here.select.end = len(self.out)
                self.out.append("")
                here = _Place("tail", here.select)
            self.here = here
