"""What can be told from the text of a query, without running it.

A query is cut into tokens as SPARQL 1.1 (section 19.8) does it, so that a word inside a string, an IRI, a
comment or a name is never taken for a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final

from twinld.errors import ServiceRefused

_TOKEN: Final = re.compile(
    r'''(?P<comment>\#[^\r\n]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*"""|\'\'\'(?:'{0,2}(?:[^'\\]|\\.))*\'\'\'
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<var>[?$](?P<variable>[\w\u00b7\u0300-\u036f\u203f\u2040]+))
    |(?P<name>(?P<prefix>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?|_):
        (?:[\w:%\u00b7\u0300-\u036f\-.]|\\[_~.\-!$&'()*+,;=/?\#@%])*)
    |(?P<word>[^\W\d]\w*)
    |(?P<space>\s+)
    |(?P<mark>.)''',
    re.VERBOSE | re.DOTALL,
)
_PROLOGUE: Final = {"PREFIX", "BASE", "VERSION"}
_UPDATES: Final = {"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}


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
    for token in significant(query):
        if token.lastgroup == "word" and token.group().upper() not in _PROLOGUE:
            return token.group().upper()
    return ""


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
            found = token.lastgroup == "word" and "SERVICE" in text.upper()
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
