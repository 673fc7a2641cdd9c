"""Quads as text, in every graph and dataset format of FORMATS: equal quads give equal bytes.

Turtle, TriG, JSON-LD and RDF/XML are written as in the dumps. The quads of one description are few (a page), so all
writers work on text in memory.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, Final

from twinld.errors import UsageError
from twinld.files import folder
from twinld.formats import Format
from twinld.publish.jsonld import jsonld
from twinld.publish.rdfxml import namespaces, rdfxml
from twinld.publish.turtle import Shortener, blocks
from twinld.store import Quad
from twinld.terms import Triple
from twinld.vocab import BASE, rebase

_Row = tuple[str, str, str, str]
"""Graph ("" for the default graph), subject, predicate, object: in the order in which they are written."""


def write(quads: Iterable[Quad], format: Format, base: str = BASE) -> bytes:  # noqa: A002  our word for it
    """`quads` in a graph or dataset format, sorted, each once; graph formats leave the graph names out.

    Raises UsageError for a format of results.
    """
    if format.name not in WRITERS:
        raise UsageError(f"{format.title} is for rows; a description is written as {', '.join(WRITERS)}")
    ordered = sorted({(graph or "", s, p, o) for s, p, o, graph in quads})
    return WRITERS[format.name](ordered, base).encode()


def _triples(rows: Iterable[_Row]) -> list[Triple]:
    return sorted({row[1:] for row in rows})


def _ntriples(rows: list[_Row], _: str) -> str:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in _triples(rows))


def _nquads(rows: list[_Row], _: str) -> str:
    return "".join(f"{s} {p} {o}{f' <{graph}>' if graph else ''} .\n" for graph, s, p, o in rows)


def _turtle(rows: list[_Row], base: str) -> str:
    shortener = Shortener(base)
    return _with_header("\n".join(blocks(_triples(rows), shortener)), shortener)


def _trig(rows: list[_Row], base: str) -> str:
    shortener = Shortener(base)
    parts = []
    for graph, members in groupby(rows, key=lambda row: row[0]):
        triples = [row[1:] for row in members]
        if graph:
            body = "\n".join(blocks(triples, shortener, "  "))
            parts.append(f"{shortener.term(f'<{graph}>')} {{\n{body}}}\n")
        else:
            parts.append("\n".join(blocks(triples, shortener)))
    return _with_header("\n".join(parts), shortener)


def _with_header(body: str, shortener: Shortener) -> str:
    """The text after the @prefix lines that it uses (and, at worst, some that a literal seems to use)."""
    used = set(re.findall(r"(?<![\w:])(\w+):", body))
    lines = [f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(shortener.prefixes.items()) if name in used]
    return "".join(lines) + ("\n" if lines else "") + body


def _jsonld(rows: list[_Row], base: str) -> str:
    return "".join(jsonld(_triples(rows), _context(base)))


@functools.cache
def _context(base: str) -> dict[str, Any]:
    text = (folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(rebase(text, base))
    return document


def _rdfxml(rows: list[_Row], base: str) -> str:
    triples = _triples(rows)
    return "".join(rdfxml(triples, namespaces(base, (predicate for _, predicate, _ in triples))))


WRITERS: Final[dict[str, Callable[[list[_Row], str], str]]] = {
    "turtle": _turtle,
    "jsonld": _jsonld,
    "ntriples": _ntriples,
    "rdfxml": _rdfxml,
    "trig": _trig,
    "nquads": _nquads,
}
