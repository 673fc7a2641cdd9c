"""What follows from the facts: graph inferred (from CC0 facts), inferred/<source> (with another licence's), statistics.

Each rule is a function of `Given` that yields triples of its own; `RULES` lists them all. The input is left
alone, and every graph is made anew as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from twinld.infer.given import Given
from twinld.infer.links import foreign_types_and_links, wikidata_edges
from twinld.infer.pairs import evidence, pairs
from twinld.infer.relations import kinds_and_parties, shortcuts
from twinld.infer.sides import answered_by, reciprocity
from twinld.infer.statistics import statistics
from twinld.infer.time import companions, phases_and_status
from twinld.infer.typed import border_pairs, containment, members, ordinals
from twinld.terms import Triple

RULES = (
    kinds_and_parties,
    phases_and_status,
    companions,
    pairs,
    evidence,
    members,
    containment,
    border_pairs,
    ordinals,
    shortcuts,
    reciprocity,
    answered_by,
    foreign_types_and_links,
    wikidata_edges,
)

__all__ = ["RULES", "Given", "infer", "statistics"]


def infer(given: Given) -> Iterator[Triple]:
    """All triples that follow by all rules; one may come twice."""
    for rule in RULES:
        yield from rule(given)
