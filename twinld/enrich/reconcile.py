"""Places of a list to Wikidata items: by id, by GeoNames number, else by name, country, distance, type and population.

A match is automatic only when its score is high and no other candidate comes near; the rest is for a person. Settlement
and municipality are two items: where the twinnings stand on another item than the place's own, that is proposed too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from geographiclib.geodesic import Geodesic

from twinld.enrich.answer import Row
from twinld.enrich.client import Service, in_parts
from twinld.enrich.extract import Rows, extract
from twinld.enrich.questions import BATCH, LEAST, about, is_item, named, with_geonames
from twinld.enrich.store_extract import HUMAN
from twinld.iris import fold
from twinld.vocab import WD

T = TypeVar("T")

ACCEPT: Final = 0.85
MARGIN: Final = 0.15
REVIEW: Final = 0.5
VETO_KM: Final = 100.0
NAMES: Final = 50
"""Names asked for at once."""
PLACE_TYPES: Final = frozenset({"Q515", "Q3957", "Q532", "Q1549591", "Q486972", "Q15284", "Q56061", "Q1093829"})
"""Types (P31) of places: city, town, village, big city, settlement, municipality, administrative unit, city of the
United States. An item with a population counts as well."""


@dataclass(frozen=True)
class Wanted:
    """One row of a list: `country` is the item of its country, `qid` and `geonames` are "" when unknown."""

    id: str
    name: str
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    qid: str = ""
    geonames: str = ""


@dataclass(frozen=True)
class Candidate:
    """An item that may be meant, its score, and what the score is made of."""

    item: str
    score: float
    why: str


@dataclass(frozen=True)
class Match:
    """What became of a row: `state` is matched, review or unmatched, `how` the reason of a match. `p190` is another
    item that carries the twinnings, to be reviewed.
    """

    wanted: Wanted
    state: str
    item: str = ""
    how: str = ""
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    p190: str = ""


@dataclass
class _Facts:
    names: dict[str, str]
    country: set[str]
    points: list[tuple[float, float]]
    population: list[int]
    placed: bool
    twinnings: int
    units: set[str]
    person: bool


@dataclass(frozen=True)
class _Asking:
    """Whom to ask, in which languages; answers of the same `tag` may be older ones ("" for never)."""

    service: Service
    languages: Sequence[str]
    tag: str

    def rows(self, text: str) -> list[Row]:
        return self.service.select(text, self.tag)


def reconcile(rows: Sequence[Wanted], service: Service, languages: Sequence[str], tag: str = "") -> list[Match]:
    """What every row means, in their order. Answers that the service keeps under `tag` are not asked for again.

    Raises ServiceFailed when the service gives no answer.
    """
    asking = _Asking(service, languages, tag)
    found: dict[str, Match] = {}
    for row in rows:
        if is_item(row.qid):
            found[row.id] = Match(row, "matched", row.qid, "given", 1.0)
    by_number = _by_geonames([row for row in rows if row.id not in found and row.geonames.isdigit()], asking)
    for row in rows:
        items = by_number.get(row.geonames, set())
        if row.id not in found and len(items) == 1:
            found[row.id] = Match(row, "matched", min(items), "GeoNames id", 1.0)
    rest = [row for row in rows if row.id not in found]
    for part in _parts(rest, NAMES):
        items_of = _by_name(part, asking)
        facts = _facts(sorted({item for items in items_of.values() for item in items}), asking)
        for row in part:
            found[row.id] = _decided(row, [_scored(row, item, facts[item]) for item in items_of.get(row.name, ())])
    return _with_p190([found[row.id] for row in rows], asking)


def _decided(row: Wanted, candidates: Iterable[Candidate | None]) -> Match:
    ranked = sorted((c for c in candidates if c is not None), key=lambda c: (-c.score, int(c.item[1:])))
    best = tuple(ranked[:5])
    if not ranked or ranked[0].score < REVIEW:
        return Match(row, "unmatched", candidates=best)
    margin = ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0)
    state = "matched" if ranked[0].score >= ACCEPT - 1e-9 and margin >= MARGIN - 1e-9 else "review"
    return Match(row, state, ranked[0].item, ranked[0].why, ranked[0].score, best)


def _scored(row: Wanted, item: str, facts: _Facts) -> Candidate | None:
    """A candidate with its score; None when it lies in another country or too far away."""
    if row.country and facts.country and row.country not in facts.country:
        return None
    parts = {"label": 0.35} if facts.names.get(row.name) == "label" else {"alias": 0.25}
    if row.name not in facts.names:
        parts = {"name alike": 0.15}
    if row.latitude is not None and row.longitude is not None and facts.points:
        distance = min(distance_km(row.latitude, row.longitude, *point) for point in facts.points)
        if distance > VETO_KM:
            return None
        if distance <= 25:
            parts[f"{distance:.1f} km"] = 0.35 if distance <= 5 else 0.2
    if facts.placed:
        parts["type"] = 0.2
    if row.population and any(1 / 3 <= number / row.population <= 3 for number in facts.population if number):
        parts["population"] = 0.1
    return Candidate(item, round(sum(parts.values()), 2), ", ".join(parts))


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The WGS 84 geodesic between two points."""
    metres: float = Geodesic.WGS84.Inverse(latitude, longitude, other_latitude, other_longitude)["s12"]
    return metres / 1000


# ------------------------------------------------------------------------------------------------ asking


def _parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _by_geonames(rows: Sequence[Wanted], asking: _Asking) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    numbers = [int(wanted.geonames) for wanted in rows]
    for row in in_parts(numbers, lambda part: asking.rows(with_geonames(part)), BATCH, LEAST):
        found[row["number"].value].add(row["item"].value.removeprefix(WD))
    return found


def _by_name(rows: Sequence[Wanted], asking: _Asking) -> dict[str, set[str]]:
    names = list(dict.fromkeys(row.name for row in rows))

    def ask(part: Sequence[str]) -> list[Row]:
        return asking.rows(named((name, tag) for name in part for tag in asking.languages))

    found: dict[str, set[str]] = defaultdict(set)
    for row in in_parts(names, ask, NAMES, 1):
        item = row["item"].value.removeprefix(WD)
        if is_item(item):
            found[row["name"].value].add(item)
    return found


def _facts(items: Sequence[str], asking: _Asking) -> dict[str, _Facts]:
    def ask(name: str, part: Sequence[str]) -> list[Row]:
        return asking.rows(about(name, part, asking.languages))

    found: dict[str, _Facts] = {}
    for batch in _parts(items, BATCH):
        answers = {
            name: list(in_parts(batch, partial(ask, name), BATCH, LEAST))
            for name in ("statements", "nodes", "qualifiers", "names")
        }
        found |= {item: _facts_of(rows) for item, rows in extract(answers, batch).items()}
    return found


def _facts_of(rows: Rows) -> _Facts:
    values: dict[str, list[str]] = defaultdict(list)
    for _, prop, value, _, rank, _, end, _ in rows.get("values.csv", ()):
        if rank != "deprecated" and value not in {"somevalue", "novalue"} and not (end and prop in {"P17", "P131"}):
            values[prop].append(value)
    names = {row[2]: "alias" for row in rows.get("aliases.csv", ())}
    names |= {row[3]: "label" for row in rows.get("labels.csv", ())}
    points = [(float(a), float(b)) for a, b in (value.split(" ") for value in values["P625"])]
    population = [int(value) for value in values["P1082"]]
    placed = bool(population) or not PLACE_TYPES.isdisjoint(values["P31"])
    twinnings = sum(row[3] != "deprecated" for row in rows.get("statements.csv", ()))
    units = {*values["P131"], *values["P1382"]}
    person = any(row[1] == "P31" and row[2] == HUMAN for row in rows.get("values.csv", ()))
    return _Facts(names, set(values["P17"]), points, population, placed, twinnings, units, person)


def _with_p190(matches: list[Match], asking: _Asking) -> list[Match]:
    """Matches whose own item has no twinnings, with the item that contains it or shares its name nearby and has.

    One that a row gives and that is a person is for review.
    """
    items = sorted({match.item for match in matches if match.state == "matched"})
    facts = _facts(items, asking)
    matches = [
        replace(match, state="review", candidates=(Candidate(match.item, match.score, f"{match.how}, but a person"),))
        if match.state == "matched" and facts[match.item].person
        else match
        for match in matches
    ]
    bare = [match for match in matches if match.state == "matched" and not facts[match.item].twinnings]
    names = [replace(match.wanted, name=name) for match in bare for name in _names_of(match, facts[match.item])]
    alike: dict[str, set[str]] = defaultdict(set)
    for part in _parts(names, NAMES):
        for name, items_of in _by_name(part, asking).items():
            alike[name] |= items_of
    near = {item for match in bare for item in facts[match.item].units}
    near |= {item for items_of in alike.values() for item in items_of}
    others = _facts(sorted(near - facts.keys()), asking) | facts
    carrying: dict[str, str] = {}
    for match in bare:
        own = facts[match.item]
        same_name = {item for name in _names_of(match, own) for item in alike[name]}
        found = [
            item
            for item in sorted((same_name | own.units) - {match.item}, key=lambda item: int(item[1:]))
            if item in others and others[item].twinnings and _carries(own, others[item], item)
        ]
        if len(found) == 1:
            carrying[match.wanted.id] = found[0]
    return [replace(match, p190=carrying.get(match.wanted.id, "")) for match in matches]


def _names_of(match: Match, own: _Facts) -> list[str]:
    """The names of a match, and what the municipality of its name is called in English."""
    return [*dict.fromkeys((*own.names, f"{match.wanted.name} Municipality"))]


def _carries(own: _Facts, other: _Facts, item: str) -> bool:
    """Whether an item is the municipality of another: it contains it under its name, or lies within 5 km under it."""
    names = {fold(name) for name in own.names}
    alike = any(fold(name) == mine or fold(name).startswith(f"{mine}-") for name in other.names for mine in names)
    near = any(distance_km(*one, *two) <= 5 for one in own.points for two in other.points)
    return alike and (item in own.units or near)
