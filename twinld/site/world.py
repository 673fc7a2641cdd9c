"""The agreements and places of a release as numbers need them, in memory: read once, counted often.

Only what is CC0 (the default graph). Places, countries and networks are named by their slugs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Final

from twinld.model import NOT_IN_FORCE, TWINNED
from twinld.site.about import named
from twinld.site.ask import Asker, Facts, once, tw
from twinld.site.partners import place_names
from twinld.site.things import LANGUAGE, Named
from twinld.store import Row
from twinld.vocab import ID, TWV, WGS

_PLACE: Final = f"{ID}place/"
_AGREEMENT: Final = f"{ID}agreement/"
_PAIR: Final = f"{ID}pair/"
_NETWORK: Final = f"{ID}network/"

Pair = tuple[str, str]
"""Two slugs of places in code point order."""


def pair_of(one: str, other: str) -> Pair:
    """Two places as an unordered pair."""
    return (one, other) if one < other else (other, one)


@dataclass(slots=True)
class Bond:
    """One agreement: its places, and what is counted of it; dates are EDTF text, "" for none."""

    slug: str
    parties: tuple[str, ...] = ()
    kind: str = ""
    status: str = ""
    reciprocity: str = ""
    start: str = ""
    end: str = ""
    date: str = ""
    decade: int | None = None

    @property
    def dated(self) -> bool:
        """Whether any date is known."""
        return bool(self.start or self.end or self.date)

    @property
    def twins(self) -> bool:
        """Whether it makes its places twins."""
        return self.kind in TWINNED

    @property
    def in_force(self) -> bool:
        """Whether no source says that it has ended or has not begun."""
        return not self.end and self.status not in NOT_IN_FORCE


@dataclass
class World:
    """All agreements by slug, and what is known of their places; `sources` counts the CC0 sources of each.

    `km` has the distance of every pair that is known; `networks` those that a place is a member of now.
    """

    bonds: dict[str, Bond] = field(default_factory=dict)
    country: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    point: dict[str, tuple[float, float]] = field(default_factory=dict)
    networks: dict[str, set[str]] = field(default_factory=dict)
    km: dict[Pair, float] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)

    @cached_property
    def of_place(self) -> dict[str, list[str]]:
        """The agreements of each place, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for slug in sorted(self.bonds):
            for party in self.bonds[slug].parties:
                found[party].append(slug)
        return dict(found)

    @cached_property
    def pairs(self) -> dict[Pair, list[str]]:
        """Every pair of places that are or were twins, with the agreements that make them so."""
        found: dict[Pair, list[str]] = defaultdict(list)
        for slug in sorted(self.bonds):
            bond = self.bonds[slug]
            if bond.twins:
                for one, other in combinations(bond.parties, 2):
                    found[one, other].append(slug)
        return dict(found)

    @cached_property
    def twins(self) -> dict[str, tuple[str, ...]]:
        """The places that each place is or was twinned with, sorted."""
        return _neighbours(list(self.pairs))

    @cached_property
    def twins_now(self) -> dict[str, tuple[str, ...]]:
        """The places that each place is twinned with now, sorted."""
        return _neighbours(
            [pair for pair, slugs in self.pairs.items() if any(self.bonds[slug].in_force for slug in slugs)]
        )

    @cached_property
    def of_country(self) -> dict[str, list[Bond]]:
        """The agreements of the places of each country, sorted by slug; one between two countries is in both."""
        found: dict[str, list[Bond]] = defaultdict(list)
        for slug in sorted(self.bonds):
            bond = self.bonds[slug]
            for country in {self.country[party] for party in bond.parties if party in self.country}:
                found[country].append(bond)
        return dict(found)

    @cached_property
    def places_of(self) -> dict[str, list[str]]:
        """The places of each country that have an agreement, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for place in sorted(self.of_place):
            if place in self.country:
                found[self.country[place]].append(place)
        return dict(found)

    @cached_property
    def between(self) -> dict[Pair, list[Pair]]:
        """The pairs of twins, now or formerly, that two countries share, or one country has within it."""
        found: dict[Pair, list[Pair]] = defaultdict(list)
        for one, other in self.pairs:
            if one in self.country and other in self.country:
                found[pair_of(self.country[one], self.country[other])].append((one, other))
        return dict(found)

    @cached_property
    def country_pairs(self) -> dict[Pair, int]:
        """How many pairs of twins two countries share, or one country has within it."""
        return {countries: len(pairs) for countries, pairs in self.between.items()}

    @cached_property
    def partners_of(self) -> dict[str, dict[str, int]]:
        """With how many pairs of twins each country is linked to each other one."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for (one, other), number in self.country_pairs.items():
            if one != other:
                found[one][other] = number
                found[other][one] = number
        return dict(found)


def _neighbours(pairs: list[Pair]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return {place: tuple(sorted(others)) for place, others in found.items()}


def world(asker: Asker) -> World:
    """What is in the store; read once from a store that cannot change, with four questions."""
    return once(asker.store, ("world", asker.base), lambda: _world(asker))


def names_of_places(asker: Asker) -> Facts:
    """How all places are called; asked once of a store that cannot change."""
    return place_names(asker)


def namer_of_places(asker: Asker, language: str = LANGUAGE) -> Callable[[str], Named]:
    """A function that gives the name of a place by its slug; a name in English is found once."""
    facts = names_of_places(asker)
    nothing: dict[str, Named] = {}
    known = once(asker.store, ("named places", asker.base), lambda: nothing) if language == LANGUAGE else nothing

    def name(slug: str) -> Named:
        found = known.get(slug)
        if found is None:
            found = known[slug] = named(facts, _PLACE + slug, language)
        return found

    return name


def _world(asker: Asker) -> World:
    found = World(_bonds(asker.rows("page_world_agreements")))
    _places(found, asker.rows("page_world_places"))
    for row in asker.rows("page_world_distances"):
        one, _, other = row["s"].value.removeprefix(_PAIR).partition("--")
        found.km[one, other] = float(row["o"].value)
    for row in asker.rows("page_world_sources"):
        found.sources[row["s"].value.removeprefix(_AGREEMENT)] = int(row["n"].value)
    return found


def _bonds(rows: list[Row]) -> dict[str, Bond]:
    bonds: dict[str, Bond] = {}
    parties: dict[str, set[str]] = {}
    texts = {tw(name): name for name in ("start", "end", "date")}
    concepts = {tw(name): (name, len(f"{TWV}{name}-")) for name in ("kind", "status", "reciprocity")}
    party, decade = tw("party"), tw("startDecade")
    cut = len(_AGREEMENT)
    for row in rows:
        iri, predicate, value = row["s"].value, row["p"].value, row["o"].value
        if not iri.startswith(_AGREEMENT) or "#" in iri:
            continue
        slug = iri[cut:]
        bond = bonds.get(slug)
        if bond is None:
            bond = bonds[slug] = Bond(slug)
            parties[slug] = set()
        if predicate == party:
            if value.startswith(_PLACE):
                parties[slug].add(value[len(_PLACE) :])
        elif predicate in concepts:
            name, start = concepts[predicate]
            setattr(bond, name, value[start:])
        elif predicate == decade:
            bond.decade = int(value)
        else:
            name = texts[predicate]
            setattr(bond, name, min(filter(None, (getattr(bond, name), value))))
    for slug, places in parties.items():
        bonds[slug].parties = tuple(sorted(places))
    return bonds


def _places(found: World, rows: list[Row]) -> None:
    angles: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        iri, predicate, value = row["s"].value, row["p"].value, row["o"].value
        if not iri.startswith(_PLACE) or "#" in iri:
            continue
        slug = iri.removeprefix(_PLACE)
        if predicate == tw("country"):
            country = value.removeprefix(_PLACE)
            found.country[slug] = min(country, found.country.get(slug, country))
        elif predicate == tw("isoCode"):
            found.code[slug] = value
        elif predicate == tw("memberOf"):
            found.networks.setdefault(slug, set()).add(value.removeprefix(_NETWORK))
        else:
            angles[slug]["lat" if predicate == f"{WGS}lat" else "long"] = float(value)
    found.point = {slug: (at["lat"], at["long"]) for slug, at in angles.items() if len(at) == 2}
