"""All agreements of a release at once, as the map and the table of /explore need them: where, when, who says so.

The CC0 graphs are read once of a store that cannot change; narrowing is then a walk over some ten thousand rows.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from twinld.errors import NotFound, nearest
from twinld.site.about import about, named
from twinld.site.ask import Asker, Facts, once, rebase_back, tw
from twinld.site.partners import countries
from twinld.site.things import LANGUAGE, Named
from twinld.store import Row, Store
from twinld.terms import Term
from twinld.texts import read_texts
from twinld.vocab import BASE, ID, RDFS

ROWS: Final = 50
"""Agreements on one page of the table."""
FIRST_YEAR, LAST_YEAR = -9_999, 9_999
_PLACE: Final = f"{ID}place/"
_COUNTRY: Final = f"{_PLACE}country-"
_READING: Final = threading.Lock()
_LABEL: Final = Term("iri", f"{RDFS}label")
_DIGITS: Final = 2
"""Of a degree on the map: about a kilometre."""


@dataclass(frozen=True)
class Spot:
    """A party of an agreement: a place, where it lies (None when nobody says), and the code of its country or ""."""

    thing: Named
    latitude: float | None
    longitude: float | None
    country: str

    @property
    def slug(self) -> str:
        """The id of the place without its type; of another party, with it."""
        return self.thing.iri.removeprefix(_PLACE).removeprefix(ID)

    @property
    def located(self) -> bool:
        """Whether its coordinates are known."""
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True)
class Tie:
    """An agreement: its IRI, its parties and sources by their number, and the years in which it began and ended."""

    iri: str
    parties: tuple[int, ...]
    start: int | None
    end: int | None
    sources: frozenset[int]


@dataclass(frozen=True)
class MapView:
    """What is to be seen; "" and None leave a thing open. `undated` says whether those without a start count.

    With `year`, what had begun by then and had not ended before.
    """

    country: str = ""
    network: str = ""
    source: str = ""
    place: str = ""
    year: int | None = None
    undated: bool = True

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return self != MapView()


@dataclass(frozen=True)
class Everything:
    """All agreements with their parties, sources and networks; numbers in one are places in another."""

    spots: tuple[Spot, ...]
    ties: tuple[Tie, ...]
    sources: tuple[Named, ...]
    networks: tuple[tuple[Named, frozenset[int]], ...]
    countries: tuple[Named, ...]
    """Those that have a place here, by name; a code stands at the end of the IRI."""

    @cached_property
    def by_slug(self) -> dict[str, int]:
        """The number of a party by its slug."""
        return {spot.slug: number for number, spot in enumerate(self.spots)}

    @cached_property
    def located(self) -> frozenset[int]:
        """The numbers of the agreements that a map can show: two parties at least have coordinates."""
        return frozenset(
            number
            for number, tie in enumerate(self.ties)
            if sum(self.spots[party].located for party in tie.parties) > 1
        )

    @cached_property
    def years(self) -> tuple[int, int]:
        """The first and the last year in which an agreement began or ended; (0, 0) when none is dated."""
        found = [year for tie in self.ties for year in (tie.start, tie.end) if year is not None]
        return (min(found), max(found)) if found else (0, 0)

    def chosen(self, wish: MapView) -> list[int]:
        """The numbers of the agreements that a wish leaves; NotFound, with the nearest, for an unknown word."""
        source = _number(wish.source, [slug_of(thing) for thing in self.sources], "sources")
        network = _number(wish.network, [slug_of(thing) for thing, _ in self.networks], "networks")
        country = _number(wish.country, [code_of(thing) for thing in self.countries], "countries")
        code = code_of(self.countries[country]) if country is not None else ""
        if wish.place and wish.place not in self.by_slug:
            near = [other for other in self.by_slug if other[:1] == wish.place[:1].lower()]  # all would take a second
            raise NotFound(f"no place {wish.place!r} is a party here; {nearest(wish.place, near, 'places')}")
        place = self.by_slug.get(wish.place)
        members = self.networks[network][1] if network is not None else frozenset[int]()
        return [
            number
            for number, tie in enumerate(self.ties)
            if (place is None or place in tie.parties)
            and (source is None or source in tie.sources)
            and (not code or any(self.spots[party].country == code for party in tie.parties))
            and (network is None or sum(party in members for party in tie.parties) > 1)
            and in_year(tie, wish.year, undated=wish.undated)
        ]


def in_year(tie: Tie, year: int | None, *, undated: bool) -> bool:
    """Whether an agreement had begun by a year and not ended before it; without a start, whether those count.

    >>> [in_year(Tie("", (), start, 1990, frozenset()), 1980, undated=False) for start in (1979, 1981, None)]
    [True, False, False]
    """
    if tie.start is None and not undated:
        return False
    return year is None or ((tie.start is None or tie.start <= year) and (tie.end is None or tie.end >= year))


def everything(store: Store, *, language: str = LANGUAGE, base: str = BASE) -> Everything:
    """All agreements under CC0; asked once of a store that cannot change, since reading them takes seconds.

    So are their names in a language that pages are written in, as far as they have one; else they stay in English.
    """
    asker = Asker(store, base)
    with _READING:  # else a visitor who comes while the server warms up would read them again
        found = once(store, ("explore", base), lambda: _read(asker))
    if language == LANGUAGE:
        return found
    if language not in read_texts():  # anybody may ask for any tag: too many to keep
        return _called(asker, found, language)
    return once(store, ("explore", base, language), lambda: _called(asker, found, language))


def explore_data(found: Everything) -> str:
    """What the map of the browser reads, as JSON: columns of places and agreements, shortest way around.

    `places`: `slug`, `name`, `language`, `at` (longitude and latitude, null when not known) and `country` (a number
    of `countries`, -1 for none). `agreements`: `parties` (numbers of places), `start` and `end` (a year or null),
    `sources` (a number of `sourceSets`, which hold numbers of `sources`).
    """
    codes = {code_of(thing): number for number, thing in enumerate(found.countries)}
    sets = list(dict.fromkeys(tuple(sorted(tie.sources)) for tie in found.ties))
    numbers = {each: number for number, each in enumerate(sets)}
    document: dict[str, Any] = {
        "years": found.years,
        "countries": [{"code": code_of(thing), "name": thing.label} for thing in found.countries],
        "sources": [{"code": slug_of(thing), "name": thing.label} for thing in found.sources],
        "networks": [
            {"code": slug_of(thing), "name": thing.label, "members": sorted(members)}
            for thing, members in found.networks
        ],
        "sourceSets": sets,
        "places": {
            "slug": [spot.slug for spot in found.spots],
            "name": [spot.thing.label for spot in found.spots],
            "language": [spot.thing.language or "" for spot in found.spots],
            "at": [_at(spot) for spot in found.spots],
            "country": [codes.get(spot.country, -1) for spot in found.spots],
        },
        "agreements": {
            "parties": [tie.parties for tie in found.ties],
            "start": [tie.start for tie in found.ties],
            "end": [tie.end for tie in found.ties],
            "sources": [numbers[tuple(sorted(tie.sources))] for tie in found.ties],
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def code_of(country: Named) -> str:
    """The code of a country from its IRI, in small letters.

    >>> code_of(Named("https://w3id.org/twinld/id/place/country-se", "Sweden"))
    'se'
    """
    return country.iri.rsplit("/", 1)[-1].removeprefix("country-")


def slug_of(thing: Named) -> str:
    """The id of a thing without its type."""
    return thing.iri.rsplit("/", 1)[-1]


def _number(word: str, known: Sequence[str], what: str) -> int | None:
    if not word:
        return None
    if word not in known:
        raise NotFound(f"{word[:40]!r} is not one of the {what} here; {nearest(word[:40], known, what)}")
    return known.index(word)


def _at(spot: Spot) -> list[float] | None:
    if spot.latitude is None or spot.longitude is None:
        return None
    return [round(spot.longitude, _DIGITS), round(spot.latitude, _DIGITS)]


def _read(asker: Asker) -> Everything:
    of_agreement = _lists(asker, "page_explore_agreements", "parties")
    stated = _lists(asker, "page_explore_sources", "sources")
    years = asker.facts("page_explore_years")
    where = {row["s"].value: row for row in asker.rows("page_explore_places")}
    parties = sorted({party for found in of_agreement.values() for party in found})
    sources = sorted({source for iri in of_agreement for source in stated.get(iri, ())})
    numbers = {iri: number for number, iri in enumerate(parties)}
    source_numbers = {iri: number for number, iri in enumerate(sources)}
    names = Facts((row["s"], _LABEL, row["o"], None) for row in asker.rows("page_explore_names"))
    known = about(asker)
    ties = tuple(
        Tie(
            iri,
            tuple(sorted(numbers[party] for party in of_agreement[iri])),
            _year(years, iri, "startYear"),
            _year(years, iri, "endYear"),
            frozenset(source_numbers[source] for source in stated.get(iri, ())),
        )
        for iri in sorted(of_agreement)
    )
    spots = tuple(_spot(iri, names, where) for iri in parties)
    return Everything(
        spots=spots,
        ties=ties,
        sources=tuple(Named(iri, known.source(iri).title) for iri in sources),
        networks=_networks(asker.facts("page_explore_networks"), numbers),
        countries=_countries(countries(asker), {spot.country for spot in spots}),
    )


def _called(asker: Asker, found: Everything, language: str) -> Everything:
    """The same with its places, networks and countries as a language calls them, where it does."""
    rows = asker.rows_in("page_explore_names_in", language.partition("-")[0])
    names = Facts((row["s"], _LABEL, row["o"], None) for row in rows)
    called = {iri: named(names, iri, language) for iri in names.subjects()}
    said = asker.facts("page_explore_networks")
    return replace(
        found,
        spots=tuple(replace(spot, thing=called.get(spot.thing.iri, spot.thing)) for spot in found.spots),
        networks=_by_name((named(said, thing.iri, language), members) for thing, members in found.networks),
        countries=_countries(countries(asker), {spot.country for spot in found.spots}, language),
    )


def _lists(asker: Asker, name: str, variable: str) -> dict[str, set[str]]:
    """The IRIs that a query gives with blanks between, by what they belong to."""
    rows = ((row["s"].value, row[variable].value.split()) for row in asker.rows(name) if "s" in row)
    return {iri: {rebase_back(other, asker.base) for other in others} for iri, others in rows}


def _spot(iri: str, names: Facts, where: dict[str, Row]) -> Spot:
    row = where.get(iri, {})
    country = row["country"].value if "country" in row else iri  # a country may be a party itself
    code = country.removeprefix(_COUNTRY) if country.startswith(_COUNTRY) else ""
    located = "lat" in row and "long" in row
    return Spot(
        named(names, iri, LANGUAGE),
        float(row["lat"].value) if located else None,
        float(row["long"].value) if located else None,
        code,
    )


def _year(said: Facts, iri: str, name: str) -> int | None:
    text = said.value(iri, tw(name)) if said.has(iri) else None
    try:
        year = int(text) if text is not None else None
    except ValueError:
        return None
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


def _networks(said: Facts, numbers: dict[str, int]) -> tuple[tuple[Named, frozenset[int]], ...]:
    """Networks that have two members at least which are a party of something."""
    found = []
    for iri in said.subjects():
        members = frozenset(numbers[term.value] for term in said.all(iri, tw("member")) if term.value in numbers)
        if len(members) > 1:
            found.append((named(said, iri, LANGUAGE), members))
    return _by_name(found)


def _by_name(networks: Iterable[tuple[Named, frozenset[int]]]) -> tuple[tuple[Named, frozenset[int]], ...]:
    return tuple(sorted(networks, key=lambda pair: (pair[0].label.casefold(), pair[0].iri)))


def _countries(labels: Facts, codes: Iterable[str], language: str = LANGUAGE) -> tuple[Named, ...]:
    found = (named(labels, f"{_COUNTRY}{code}", language) for code in codes if code)
    return tuple(sorted(found, key=lambda thing: (thing.label.casefold(), thing.iri)))
