"""What engines do in their own way, one row each: how their answers are read, and what they cut off unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Engine:
    """An engine behind an endpoint, known by how its `Server` header starts.

    `results` is the format in which it writes rows right; `graphs` are IRIs of graphs that hold its own affairs;
    `bnode` is what it puts before the label of a blank node and must not. `cuts` tells that it stops at a number
    of rows and of triples which it does not name, so that graphs it makes have to be counted. `union` tells that
    its default graph is all it has, its own affairs included, so that graphs have to be named.
    """

    name: str
    server: str
    results: str = "json"
    graphs: tuple[str, ...] = ()
    bnode: bytes = b""
    cuts: bool = False
    union: bool = False


ENGINES: Final = (
    Engine(
        "Virtuoso",
        "Virtuoso/",
        results="xml",  # its JSON has "1" for "true"
        graphs=(
            "http://www.openlinksw.com/schemas/virtrdf#",
            "http://www.w3.org/ns/ldp#",
            "http://localuriqaserver/sparql",
            "urn:activitystreams-owl:map",
            "http://www.w3.org/2002/07/owl#",
        ),
        bnode=b"nodeID://",
        cuts=True,
        union=True,
    ),
    Engine("a SPARQL 1.1 endpoint", ""),
)
"""The first row whose `server` fits counts; the last one fits all."""


def engine_of(server: str) -> Engine:
    """The engine that writes this `Server` header."""
    return next(row for row in ENGINES if server.startswith(row.server))
