"""What can be told from the text of a query, without running it.

A query is cut into tokens as SPARQL 1.1 (section 19.8) does it, so that a word inside a string, an IRI, a
comment or a name is never taken for a keyword. The time this takes grows with the length of the text and no
faster, whatever a stranger wrote: a quote that isn't closed is a token too, and prefixes have 256 letters at most.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from twinld.errors import QueryError, ServiceRefused

_TOKEN: Final = re.compile(
    r'''(?P<comment>\#[^\r\n]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*"""|\'\'\'(?:'{0,2}(?:[^'\\]|\\.))*\'\'\'
        |(?!"""|\'\'\')(?:"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+'))
    |(?P<open>(?:"""|\'\'\').*|"(?:[^"\\\r\n]|\\.)*+|'(?:[^'\\\r\n]|\\.)*+)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<var>[?$](?P<variable>[\w\u00b7\u0300-\u036f\u203f\u2040]+))
    |(?P<name>(?P<prefix>(?:[^\W\d_][\w.\-]{0,255}+(?<!\.))?|_):
        (?:[\w:%\u00b7\u0300-\u036f\-.]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
    |(?P<word>[^\W\d]\w*)
    |(?P<number>\d+)
    |(?P<space>\s+)
    |(?P<mark>.)''',
    re.VERBOSE | re.DOTALL,
)
_PROLOGUE: Final = {"PREFIX", "BASE", "VERSION"}
_UPDATES: Final = {"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}


_VOLATILE: Final = {"RAND", "NOW", "UUID", "STRUUID"}
_SHORT: Final = 8_192
_MOST: Final = 100_000


@dataclass(frozen=True)
class Look:
    """What one look at a query tells.

    `form` as by `form`; `normal` the text without comments, with one blank where blanks were: the same question
    asked in another layout has the same. `volatile`: it may have another answer each time (RAND, NOW, UUID).
    `tokens` counts words and signs, `depth` the brackets inside each other, the deepest of them at `deepest`.
    """

    form: str
    normal: str
    volatile: bool
    tokens: int
    depth: int
    deepest: int


def look(query: str) -> Look:
    """One look at a query; the last ones are remembered. Of one with far too many tokens only the start is seen.

    >>> look("ASK  { ?s ?p '#' } # all").normal
    "ASK { ?s ?p '#' }"
    """
    return (_short if len(query) <= _SHORT else _long)(query)


def _look(query: str) -> Look:
    first = ""
    parts: list[str] = []
    volatile = False
    count = depth = greatest = deepest = 0
    for token in _TOKEN.finditer(query):
        kind, text = token.lastgroup, token.group()
        if kind in {"space", "comment"}:
            if parts and parts[-1] != " ":
                parts.append(" ")
            continue
        parts.append(text)
        count += 1
        if count > _MOST:
            parts = [query]
            break
        if kind == "word":
            word = text.upper()
            volatile = volatile or word in _VOLATILE
            if not first and word not in _PROLOGUE:
                first = word
        elif text in "([{":
            depth += 1
            if depth > greatest:
                greatest, deepest = depth, token.start()
        elif text in ")]}":
            depth -= 1
    return Look(first, "".join(parts).rstrip(" "), volatile, count, greatest, deepest)


_short = lru_cache(maxsize=512)(_look)
_long = lru_cache(maxsize=32)(_look)


def refuse_unwieldy(query: str, max_depth: int, max_tokens: int) -> None:
    """Raise QueryError for a query nested deeper or with more words and signs than any sensible one.

    A courtesy: the answer comes at once and says what to change. What is as heavy and not found here meets the
    limits of its worker.
    """
    seen = look(query)
    if seen.depth > max_depth:
        line, column = position(query, seen.deepest)
        raise QueryError(
            f"line {line}, column {column}: {seen.depth:,} brackets stand inside each other here; "
            f"{max_depth:,} are the limit: write it flatter, with VALUES or a path such as tw:partOf*",
            line,
            column,
        )
    if seen.tokens > max_tokens:
        raise QueryError(f"the query has {seen.tokens:,} words and signs; {max_tokens:,} are the limit: ask in parts")


def tokens(query: str) -> Iterator[re.Match[str]]:
    """The tokens of a query, blanks and comments included; `lastgroup` tells the kind of each."""
    return _TOKEN.finditer(query)


def significant(query: str) -> Iterator[re.Match[str]]:
    """The tokens of a query without blanks and comments."""
    return (token for token in tokens(query) if token.lastgroup not in {"space", "comment"})


def form(query: str) -> str:
    r"""The keyword that tells what kind of request this is, in capitals: the first after the prologue.

    Empty when there is none.

    >>> form("PREFIX ask: <http://x/> # INSERT\nselect * {}")
    'SELECT'
    """
    return look(query).form


def is_update(query: str) -> bool:
    """Whether the text is a SPARQL Update (it can't be read as a query then)."""
    return form(query) in _UPDATES


def refuse_service(query: str) -> None:
    """Raise ServiceRefused, with line and column, when the query has a SERVICE clause.

    Engines read `SERVICEex:a` as SERVICE and `ex:a`; so a name that starts so counts when its prefix is not
    declared. What is missed here still meets the worker's sandbox.
    """
    if "service" not in query.lower():
        return
    declared: set[str] = set()
    last = ""
    for token in significant(query):
        text = token.group()
        if token.lastgroup == "name":
            prefix = token["prefix"]
            if last == "PREFIX":
                declared.add(prefix)
            found = prefix.upper().startswith("SERVICE") and prefix not in declared
        else:
            found = token.lastgroup in {"word", "open"} and "SERVICE" in text.upper()
        if found:
            line, column = position(query, token.start())
            raise ServiceRefused(
                f"line {line}, column {column}: SERVICE is not allowed: this endpoint asks no other one; "
                "ask that endpoint yourself and join the answers",
                line,
                column,
            )
        last = text.upper()


def named_star(query: str, variables: Container[str]) -> str:
    """`SELECT *` with its `variables` written out, in the order in which they first appear.

    Engines give the columns of `*` in an order of their own (here alphabetical); other queries are unchanged.

    >>> named_star("SELECT * { ?twin a ?Kind }", {"Kind", "twin"})
    'SELECT ?twin ?Kind { ?twin a ?Kind }'
    """
    star: re.Match[str] | None = None
    selected = False
    names: dict[str, None] = {}
    for token in significant(query):
        text = token.group()
        if star is not None:
            if token.lastgroup == "var" and token["variable"] in variables:
                names[token["variable"]] = None
        elif selected and text == "*":
            star = token
        elif selected and text.upper() not in {"DISTINCT", "REDUCED"}:
            return query
        elif token.lastgroup == "word" and text.upper() not in _PROLOGUE:
            if text.upper() != "SELECT":
                return query
            selected = True
    if star is None or not names:
        return query
    return query[: star.start()] + " ".join(f"?{name}" for name in names) + query[star.end() :]


def position(query: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset in a text."""
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def line_of(query: str, line: int) -> str:
    """One line of a query, by its number from 1; empty when there is none."""
    lines = query.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""
