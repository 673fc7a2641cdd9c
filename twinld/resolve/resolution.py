"""What resolving gives: things by graph, and what became of every record."""

from __future__ import annotations

from dataclasses import dataclass, field

from twinld.model import Agreement, Claim, Finding, Place, SourceRecord, Verdict
from twinld.resolve.differences import Difference
from twinld.resolve.gaps import Comparison
from twinld.resolve.identity import Identity
from twinld.resolve.matching import Match
from twinld.resolve.places import Countries


@dataclass
class Facts:
    """The things of one graph, by slug."""

    places: dict[str, Place]
    agreements: dict[str, Agreement]


@dataclass
class Resolution:
    """All of it.

    `curated` are the things of graph curated; `shown` are the same with their gaps filled, and things that only a
    filling source names: what they have more stands in graph wikidata. `slugs` maps a place's key to its slug.
    `records`, `claims` are by source. `stated_by` says for each agreement which sources state it on which side:
    {agreement slug: {(source, slug of the side or None)}}. `unresolved` are refuted statements: (source, record key)
    -> (slug of the side, slug of the other place). `comparisons` are values of filling sources beside those shown.
    `unused` and `unmatched` count, by source, rows about items that are no place of the release, and records of places
    that no item is known for. `differences` are values of the other sources that are not
    shown. `matches` are what became of the identifiers of sources' own.
    """

    curated: Facts
    shown: Facts
    licensed: dict[str, Facts]
    slugs: dict[str, str]
    identity: Identity
    countries: Countries
    records: dict[str, list[SourceRecord]] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    stated_by: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)
    unresolved: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unused: dict[str, int] = field(default_factory=dict)
    unmatched: dict[str, int] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    matches: dict[str, Match] = field(default_factory=dict)
