"""The graph of a catalogue from elsewhere: read, judged by shapes and compared, each with an end."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import rdflib
from rdflib.namespace import XSD
from rdflib.term import Node

from twinld.errors import SourceError
from twinld.store.apart import call_apart
from twinld.store.foreign import MEMORY_MIB, Row, foreign_triples
from twinld.validate.catalogue import check_catalogue

PARSE_S: Final = 60.0
SHAPES_S: Final = 300.0
_STEPS: Final = 500_000
"""What a comparison may take: looks at triples with blank nodes."""
_FAR: Final = re.compile(r"\s*-|\s*\d{5}")
"""Years before 1 and after 9999, which XML Schema has and rdflib can't read."""


def parse(text: bytes, media_type: str, url: str, timeout_s: float = PARSE_S) -> rdflib.Graph | str:
    """The catalogue as a graph; a sentence where it can't be read. Nothing is opened or fetched for it."""
    try:
        return graph_of(foreign_triples(text, media_type, url, min(timeout_s, PARSE_S)))
    except (SourceError, ValueError) as error:  # a language tag that rdflib does not take
        return str(error)


def graph_of(rows: Iterable[Row]) -> rdflib.Graph:
    """The graph of some triples; literals stay as they are written."""
    graph, nodes = rdflib.Graph(), dict[str, Node]()
    with _silent():
        for s, p, o in rows:
            graph.add((_node(s, nodes), rdflib.URIRef(p), _node(o, nodes) if isinstance(o, str) else _literal(*o)))
    return graph


def rows_of(graph: rdflib.Graph) -> Iterator[Row]:
    """The triples of a graph, for `graph_of`."""
    for s, p, o in graph:
        if isinstance(o, rdflib.Literal):
            yield _name(s), str(p), (str(o), o.language or "", str(o.datatype or XSD.string))
        else:
            yield _name(s), str(p), _name(o)


def _node(name: str, nodes: dict[str, Node]) -> Node:
    if name not in nodes:
        nodes[name] = rdflib.BNode() if name.startswith("_:") else rdflib.URIRef(name)
    return nodes[name]


def _name(node: Node) -> str:
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)


def _literal(text: str, language: str, datatype: str) -> rdflib.Literal:
    if language:
        return rdflib.Literal(text, lang=language)
    return rdflib.Literal(text, datatype=None if datatype == str(XSD.string) else datatype, normalize=False)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep rdflib from printing a traceback for every literal that is not of its type: `ill_typed` tells of them."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def ill_typed(graph: rdflib.Graph) -> list[str]:
    """The literals that are not of the type that they name, such as "2020-13-45"^^xsd:date; sorted."""
    found = {o for o in graph.objects() if isinstance(o, rdflib.Literal) and o.ill_typed and not _FAR.match(o)}
    return sorted(f"{str(o)[:80]!r} is no {_short(o.datatype)}" for o in found)


def _short(datatype: rdflib.URIRef | None) -> str:
    name = str(datatype)
    return name.replace(str(XSD), "xsd:") if name.startswith(str(XSD)) else f"<{name}>"


def broken_shapes(graph: rdflib.Graph, shapes: Sequence[Path], timeout_s: float = SHAPES_S) -> list[str]:
    """What `check_catalogue` finds; SourceError, too, when that takes too much time or memory."""
    lines: list[str] = call_apart(
        f"{__name__}:lines_of",
        list(rows_of(graph)),
        [str(path) for path in shapes],
        what="the catalogue",
        memory_mib=MEMORY_MIB,
        timeout_s=min(timeout_s, SHAPES_S),
        quiet=True,
    )
    return lines


def lines_of(rows: list[Any], shapes: list[str]) -> list[str]:
    """What of some triples breaks the shapes: to be called apart."""
    return check_catalogue(graph_of(rows), [Path(path) for path in shapes])


def likeness(one: rdflib.Graph, other: rdflib.Graph) -> str:
    """How two graphs are the same, in words; empty when they are not.

    Blank nodes are told apart by what is said with them, and with those that are told apart (colour refinement, as
    in the first part of RDFC-1.0). Where that leaves some alike, no further search is made, which could take for
    ever, and the words say so.
    """
    if one is other:
        return "the same"
    if len(one) != len(other):
        return ""
    sides = [_Side(one), _Side(other)]
    rounds = max(1, _STEPS // (1 + sum(len(side.blank) for side in sides)))
    for _ in range(rounds):
        counts = [len(set(side.colours.values())) for side in sides]
        for side in sides:
            side.refine()
        if [len(set(side.colours.values())) for side in sides] == counts:
            break
    if sides[0].coloured() != sides[1].coloured():
        return ""
    alike = sum(number for number in Counter(sides[0].colours.values()).values() if number > 1)
    return f"the same, as far as {alike:,} blank nodes that look alike can be told apart" if alike else "the same"


class _Side:
    """A graph whose blank nodes are being told apart, by numbers that mean the same in another graph."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self.plain = {row for row in graph if not any(isinstance(term, rdflib.BNode) for term in row)}
        self.blank = [row for row in graph if row not in self.plain]
        nodes = {term for row in self.blank for term in row if isinstance(term, rdflib.BNode)}
        self.colours: dict[Node, int] = dict.fromkeys(nodes, 0)

    def refine(self) -> None:
        """Tell apart what the neighbours tell apart."""
        around: dict[Node, list[int]] = {node: [] for node in self.colours}
        for s, p, o in self.blank:
            if s in around:
                around[s].append(hash(("to", p, o == s, self.colours.get(o, o))))
            if o in around:
                around[o].append(hash(("from", p, o == s, self.colours.get(s, s))))
        self.colours = {node: hash((self.colours[node], *sorted(said))) for node, said in around.items()}

    def coloured(self) -> tuple[set[tuple[Node, Node, Node]], Counter[tuple[Any, ...]]]:
        """The triples without blank nodes, and the others with colours in the place of those."""
        rows = ((self.colours.get(s, s), p, self.colours.get(o, o)) for s, p, o in self.blank)
        return self.plain, Counter(rows)
