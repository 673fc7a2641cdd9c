"""The places that a record may mean, found by name, by position and by their partners.

Each way gives a bounded number of candidates, so that matching n records among n places grows no worse than n log n.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from twinld.model import PlaceFacts
from twinld.resolve.names import base_and_level, loose, numbers
from twinld.spelling import exact

CELL: Final = 0.1
"""Degrees of a cell of the grid: about 11 km from south to north."""
NEAREST: Final = 12
"""Candidates by position."""
HOMONYMS: Final = 200
"""Places of one name; a name that more have is no help."""
HUB: Final = 200
"""Partners of one place; one with more tells little of who shares it."""
FEW: Final = 5
"""Places that a partner of a record may mean by its name alone."""
EARTH_KM: Final = 6371.0
SETTLEMENTS: Final = frozenset({"natural-earth"})
"""Sources all of whose rows are settlements, none a province of the same name."""


@dataclass
class Described:
    """What is known of one place, or said of one record: all its names and values. `points` are in degrees, latitude
    first; `countries` are keys of countries; `exact`, `base`, `loose` are names in the forms of `twinld.resolve.names`;
    `numbers` stand in names, as those of districts do.
    """

    key: str
    exact: set[str] = field(default_factory=set)
    base: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)
    points: list[tuple[float, float]] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)
    populations: list[int] = field(default_factory=list)
    geonames: set[int] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    labels: list[str] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)


def describe(
    rows: Iterable[PlaceFacts], key: Callable[[str], str], country: Callable[[str], str | None]
) -> dict[str, Described]:
    """The rows about each place, together; `key` gives the place of an item, `country` that of a country's name."""
    found: dict[str, Described] = {}
    for row in rows:
        name = key(row.item)
        place = found.get(name)
        if place is None:
            place = found[name] = Described(name)
        place.sources.add(row.source)
        for _, label in (*row.labels, *row.aliases):
            place.labels.append(label)
            base, level = base_and_level(label)
            place.exact.add(exact(label))
            place.base.add(base)
            place.loose.add(loose(label))
            place.numbers.update(numbers(label))
            if level is not None:
                place.levels.add(level)
        if row.level is not None:
            place.levels = {row.level}
        if row.source in SETTLEMENTS:
            place.levels.add("city")
        if row.latitude is not None and row.longitude is not None:
            place.points.append((float(row.latitude), float(row.longitude)))
        if row.country is not None and (stated := country(row.country)) is not None:
            place.countries.add(stated)
        if row.population:
            place.populations.append(row.population)
        if row.geonames is not None:
            place.geonames.add(row.geonames)
    for place in found.values():
        for forms in (place.exact, place.base, place.loose):
            forms.discard("")
    return found


class Known:
    """The known places with their indexes. `links` are pairs of keys that are partners; one of which nothing else is
    known becomes a place here too.
    """

    def __init__(self, places: dict[str, Described], links: Iterable[tuple[str, str]]) -> None:
        self.places = places
        self.partners: dict[str, set[str]] = defaultdict(set)
        for one, other in links:
            self.partners[one].add(other)
            self.partners[other].add(one)
        for key in self.partners:
            places.setdefault(key, Described(key))
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_cell: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
        self.by_geonames: dict[int, set[str]] = defaultdict(set)
        for key in sorted(places):
            place = places[key]
            for form in place.exact | place.base | place.loose:
                self._by_name[form].append(key)
            for latitude, longitude in place.points[:3]:
                self._by_cell[_cell(latitude, longitude)].append((latitude, longitude, key))
            for number in place.geonames:
                self.by_geonames[number].add(key)

    def named(self, record: Described) -> set[str]:
        """The places that share a form of a name."""
        found: set[str] = set()
        for form in record.exact | record.base | record.loose:
            keys = self._by_name.get(form, ())
            if len(keys) <= HOMONYMS:
                found.update(keys)
        return found

    def near(self, record: Described) -> set[str]:
        """The nearest places, not farther than a cell."""
        found: dict[str, float] = {}
        for latitude, longitude in record.points[:3]:
            row, column = _cell(latitude, longitude)
            for i in (-1, 0, 1):
                for j in (-1, 0, 1):
                    for other_latitude, other_longitude, key in self._by_cell.get((row + i, column + j), ()):
                        distance = distance_km((latitude, longitude), (other_latitude, other_longitude))
                        found[key] = min(distance, found.get(key, math.inf))
        return set(sorted(found, key=lambda key: (found[key], key))[:NEAREST])

    def same_name(self, record: Described) -> set[str]:
        """The places with exactly a name of a record, as long as they are few."""
        found = {key for form in record.exact for key in self._by_name.get(form, ()) if form in self.places[key].exact}
        return found if len(found) <= FEW else set()

    def linked(self, partners: Iterable[str]) -> set[str]:
        """The partners of these places; hubs are no way to a candidate."""
        found: set[str] = set()
        for partner in partners:
            others = self.partners.get(partner, set())
            if len(others) <= HUB:
                found |= others
        return found


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return math.floor(latitude / CELL), math.floor(longitude / CELL)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance of two points on a sphere, within half a per cent of the geodesic."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
