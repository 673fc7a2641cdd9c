"""Data in our own terms with planted faults: copies of the examples in tests/shapes under other names.

Every rule of `shapes/` has examples, so every id is planted, also one that was added today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from twinld.store import open_store
from twinld.vocab import GRAPH

EXAMPLES = ROOT / "tests" / "shapes"
_OURS = re.compile(r"(<https://w3id\.org/twinld/(?:(?:id|record)/[^/>]+/[^>#]*|dataset|service|dumps/[^>#]*))([>#])")
_ITEM = re.compile(r"(<http://www\.wikidata\.org/entity/Q[1-9][0-9]*)>")
_NODE = re.compile(r"_:([A-Za-z0-9]+)")


def lines_of(path: Path) -> list[str]:
    """The quads of an example; triples in no graph are in `graph/curated`."""
    lines = []
    store = open_store(path)
    for subject, predicate, value in store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"):
        lines.append(f"{subject} {predicate} {value} <{GRAPH}curated> .\n")
    if not lines or path.suffix == ".trig":
        lines = []
        for graph in store.graphs():
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
            lines += [f"{s} {p} {o} <{graph}> .\n" for s, p, o in store.construct(query)]
    return lines


def copy_of(lines: list[str], number: int) -> Iterator[str]:
    """The same quads about other places, agreements, records and items."""
    for line in lines:
        line = _OURS.sub(rf"\1-c{number}\2", line)
        line = _ITEM.sub(rf"\g<1>{number:07d}>", line)
        yield _NODE.sub(rf"_:\1c{number}", line)


def examples(kind: str) -> list[Path]:
    """The examples of a kind ("valid" or "invalid"), sorted."""
    found = sorted(path for path in EXAMPLES.glob(f"*/{kind}-*") if path.suffix in {".ttl", ".trig"})
    assert found, f"no {kind} examples in {EXAMPLES}"
    return found


def planted(valid_copies: int, invalid_copies: int) -> tuple[bytes, set[str]]:
    """N-Quads of so many copies of every example, and the ids of the rules that they break."""
    out: list[str] = []
    ids: set[str] = set()
    number = 0
    for kind, copies in (("valid", valid_copies), ("invalid", invalid_copies)):
        for path in examples(kind):
            lines = lines_of(path)
            if kind == "invalid":
                ids |= set(path.read_text("utf-8").split("\n", 1)[0].partition(":")[2].split())
            for _ in range(copies):
                number += 1
                out += copy_of(lines, number)
    return "".join(out).encode(), ids
