"""What the rules are given: the facts of one graph, and what they may look up beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

from twinld.dates import PartialDate
from twinld.model import Agreement, Place, Source
from twinld.terms import Triple

Side = tuple[str, str | None]
"""A source, and the slug of the place on whose side it states an agreement (None: undirected)."""


@dataclass(frozen=True)
class Given:
    """Facts that rules conclude from.

    `agreements` and `places` are those of the graph in question, by slug; `all_places` also holds the CC0 places
    that an agreement of another licence names. `stated_by` tells who states which agreement (of all licences, for
    the CC0 graph only CC0 sources). `unresolved` are refuted statements by record IRI: (side, other). `crawled`
    are the places with a statement of their own in a source that lists all. `answered_elsewhere` are
    (agreement, place) that only this licence's source answers. `release_date` is an xsd:date. `named` are things
    and the records that name them, as terms; `bare_pairs` are pairs of places that are there without an agreement;
    `dated` are the starts and ends of other things: (thing as a term, "start" or "end", date); `typed` are all facts
    that people typed.
    """

    release_date: str
    sources: Mapping[str, Source]
    places: Mapping[str, Place]
    agreements: Mapping[str, Agreement]
    all_places: Mapping[str, Place]
    stated_by: Mapping[str, Set[Side]] = field(default_factory=dict)
    unresolved: Mapping[str, tuple[str, tuple[str, str]]] = field(default_factory=dict)
    crawled: Set[str] = frozenset()
    answered_elsewhere: Set[tuple[str, str]] = frozenset()
    named: Collection[tuple[str, str]] = ()
    bare_pairs: Collection[tuple[str, str]] = ()
    dated: Collection[tuple[str, str, PartialDate]] = ()
    typed: Collection[Triple] = ()
