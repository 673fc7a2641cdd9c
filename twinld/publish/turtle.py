"""Turtle and TriG from sorted triples: prefixes, one block a subject, `a` first, streamed.

Terms keep their lexical form; numbers and booleans are written bare where Turtle reads them back as the same
term (Turtle 1.1, 2.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from twinld.terms import Triple
from twinld.vocab import PREFIXES, RDF, XSD, rebase

_MOST: Final = 8_000
"""How many terms are remembered."""
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-.]*[A-Za-z0-9_\-])?")
"""What is written after a prefix; neither # nor / is in it, so a namespace reaches to the last of these."""
_TYPE: Final = f"<{RDF}type>"
_BARE: Final = {
    f"^^<{XSD}integer>": re.compile(r"-?\d+"),
    f"^^<{XSD}decimal>": re.compile(r"-?\d+\.\d+"),
    f"^^<{XSD}boolean>": re.compile(r"true|false"),
}


class Shortener:
    """Terms as Turtle writes them with our prefixes; remembers what it has shortened."""

    def __init__(self, base: str) -> None:
        self.prefixes = {prefix: rebase(namespace, base) for prefix, namespace in PREFIXES.items()}
        self._prefix_of = {f"<{namespace}": prefix for prefix, namespace in self.prefixes.items()}
        self._known: dict[str, str] = {}

    def header(self) -> str:
        """The @prefix lines."""
        return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in self.prefixes.items())

    def term(self, term: str) -> str:
        """One term, shortened."""
        known = self._known.get(term)
        if known is not None:
            return known
        if len(self._known) >= _MOST:
            self._known.clear()  # so that memory does not grow with the data
        if term[0] == "<":
            known = self._known[term] = self._iri(term)
            return known
        if term[-1] != ">":
            return term
        known = self._known[term] = self._typed(term)
        return known

    def _typed(self, term: str) -> str:
        cut = term.rindex('"') + 1
        lexical, datatype = term[1 : cut - 1], term[cut:]
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(lexical):
            return lexical
        return f"{term[:cut]}^^{self.term(datatype[2:])}"

    def _iri(self, term: str) -> str:
        cut = max(term.rfind("#"), term.rfind("/")) + 1
        prefix = self._prefix_of.get(term[:cut])
        if prefix is not None and _LOCAL.fullmatch(term, cut, len(term) - 1):
            return f"{prefix}:{term[cut:-1]}"
        return term


def blocks(triples: Iterable[Triple], shortener: Shortener, indent: str = "") -> Iterator[str]:
    """One block of Turtle a subject, from triples sorted by subject and predicate; its types come first."""
    term = shortener.term
    between = f" ;\n{indent}  "
    subject = last = ""
    types: list[str] = []
    parts = types
    others: list[str] = []
    for s, p, o in triples:
        if s != subject:
            if subject:
                yield f"{indent}{term(subject)} {between.join(types + others)} .\n"
            subject, last, types, others = s, "", [], []
        if p == last:
            parts[-1] += f" , {term(o)}"
        else:
            last = p
            parts = types if p == _TYPE else others
            parts.append(f"{'a' if p == _TYPE else term(p)} {term(o)}")  # Turtle reads `a` as a predicate only
    if subject:
        yield f"{indent}{term(subject)} {between.join(types + others)} .\n"


def turtle(triples: Iterable[Triple], base: str) -> Iterator[str]:
    """A Turtle document, in pieces."""
    shortener = Shortener(base)
    yield shortener.header()
    for block in blocks(triples, shortener):
        yield "\n" + block


def trig(graphs: Iterable[tuple[str, Iterable[Triple]]], base: str) -> Iterator[str]:
    """A TriG document of named graphs, in pieces."""
    shortener = Shortener(base)
    yield shortener.header()
    for iri, triples in graphs:
        yield f"\n{shortener.term(f'<{iri}>')} {{\n"
        yield from blocks(triples, shortener, "  ")
        yield "}\n"
