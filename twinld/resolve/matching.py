"""Records of places without an item to the places that are known: by identifier, else by name, country, position,
population, level and partners, with a score.

A match is automatic only when its score is high and no other candidate comes near; one that is neither is for a
person (`reports/review.csv`). A name alone decides nothing, and no place is minted from one. Only facts of CC0
sources, and of the record's own, are compared: docs/decisions/0010-matching.md says why.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from twinld.model import PlaceFacts
from twinld.resolve.known import Described, Known, describe, distance_km
from twinld.resolve.names import likeness

ACCEPT: Final = 6.0
MARGIN: Final = 2.0
REVIEW: Final = 4.0
ROUNDS: Final = 3
"""How often partners that were matched help to match further ones."""
VETO_KM: Final = 50.0
VETO_WIDE_KM: Final = 400.0
"""Farther away lies another place; a province is told by another point of it."""
JUST_THERE_KM: Final = 1.5
"""So near, a point says more than a country, which sources give as of other times or borders, or wrong."""
NEARNESS: Final = ((0.5, 5.0), (1.5, 4.0), (5.0, 3.0), (15.0, 1.5), (25.0, 0.0))
"""Points for a distance of up to so many km."""
KNOWN_BY: Final = 2.0
"""So many shared partners tell a place of which only a name is known from its namesakes that share half as many."""
SAME_SIZE: Final = 1.25
"""Populations of one place differ by no more than this, from one count to the next."""
WIDE: Final = frozenset({"country", "state", "oblast", "province", "region", "prefecture", "county"})
_KM_A_DEGREE: Final = 111.0
"""Of latitude, at least."""
KEPT: Final = 5
"""Candidates that a match keeps."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be meant, its score, and what the score is made of."""

    key: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a record's place: `state` is matched, review or unmatched; `key` is that of the best candidate
    ("" for none), `how` what decided.
    """

    local: str
    state: str
    key: str = ""
    score: float = 0.0
    how: str = ""
    candidates: tuple[Candidate, ...] = ()


def match(
    rows: Iterable[PlaceFacts],
    known: Known,
    *,
    links: Iterable[tuple[str, str]] = (),
    country: Callable[[str], str | None] = lambda _: None,
    decided: Mapping[str, str] | None = None,
) -> dict[str, Match]:
    """What every local identifier of `rows` means, in their order.

    `rows` are those of one source; `links` are its pairs of identifiers, local or not, that are partners; `country`
    gives the key of a country in a source's words; `decided` holds what a person decided: the key of a place, the
    identifier itself for a new one, "" for none.
    """
    records = describe(rows, lambda item: item, country)
    partners: dict[str, set[str]] = defaultdict(set)
    for one, other in links:
        partners[one].add(other)
        partners[other].add(one)
    decided = decided or {}
    found = {local: _by_hand(local, decided[local]) for local in records if local in decided}
    meant = {local: result.key for local, result in found.items() if result.key}
    called: dict[str, set[str]] = {}

    def company(local: str) -> Company:
        sure: set[str] = set()
        named: list[set[str]] = []
        for other in partners.get(local, ()):
            if (key := meant.get(other, other)) in known.places:
                sure.add(key)
            elif other in records:
                if other not in called:
                    called[other] = known.same_name(records[other])
                if called[other]:
                    named.append(called[other])
        return Company(sure, named)

    waiting = [local for local in records if local not in found]
    near: dict[str, set[str]] = {}
    for _ in range(ROUNDS):
        fresh: dict[str, str] = {}
        for local in waiting:
            if local not in near:
                near[local] = known.named(records[local]) | known.near(records[local])
            result = found[local] = _decide(records[local], known, near[local], company(local))
            if result.state == "matched":
                fresh[local] = result.key
        meant |= fresh
        waiting = [local for local in waiting if local not in fresh and partners.get(local)]
        if not fresh:
            break
    _part_partners(found, partners)
    return {local: found[local] for local in records}


def _part_partners(found: dict[str, Match], partners: Mapping[str, set[str]]) -> None:
    """Two identifiers that a source names as partners are two places: the match of lower score is for a person."""
    for local in sorted(found):
        for other in sorted(partners.get(local, ())):
            one, two = found[local], found.get(other)
            if two is None or "decided" in {one.how, two.how} or one.key != two.key or one.state != "matched":
                continue
            if two.state == "matched" and local != other and one.score <= two.score:
                found[local] = replace(one, state="review")


def _by_hand(local: str, place: str) -> Match:
    return Match(local, "matched" if place else "unmatched", place, how="decided")


@dataclass(frozen=True, slots=True)
class Company:
    """The partners that a record names: `sure` ones by their keys, others by the places that their names can mean."""

    sure: set[str]
    named: list[set[str]]

    def shared_with(self, partners: set[str]) -> float:
        """How many of them are among `partners`; one known by name only counts for three quarters."""
        return len(self.sure & partners) + 0.75 * sum(not keys.isdisjoint(partners) for keys in self.named)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate and what the rules look at beside its score.

    How well it is `named` (3: the same name, 2: the same but for its level or its sound, 1: alike, 0: another, -1: its
    name is unknown), how far it is (None: unknown), how many partners it shares, whether its level is another one or
    the same (both False: unknown), and whether it is a stranger: it has partners, none that the record names, and does
    not lie just there. It is `known_for` its partners when the release has any; the `same_spot` is one within 0.5 km,
    with as many inhabitants.
    """

    candidate: Candidate
    named: int
    distance_km: float | None
    shared: float
    other_level: bool
    stranger: bool
    known_for: bool
    same_spot: bool
    foreign: bool
    same_level: bool


def _decide(record: Described, known: Known, nearby: set[str], company: Company) -> Match:
    by_number = {key for number in record.geonames for key in known.by_geonames.get(number, ())}
    linked = known.linked({*company.sure, *(key for keys in company.named for key in keys)})
    scored = (_scored(record, known, key, company, key in by_number) for key in nearby | by_number | linked)
    ranked = sorted((c for c in scored if c is not None), key=lambda c: (-c.candidate.score, c.candidate.key))
    kept = tuple(found.candidate for found in ranked[:KEPT])
    if not kept or kept[0].score < REVIEW:
        return Match(record.key, "unmatched", candidates=kept)
    best, *others = ranked
    clear = kept[0].score >= ACCEPT and (len(kept) < 2 or kept[0].score - kept[1].score >= MARGIN)
    sure = clear and _trusted(best) and not _scattered(record) and not any(_rivals(best, other) for other in others)
    return Match(record.key, "matched" if sure else "review", kept[0].key, kept[0].score, kept[0].why, kept)


def _trusted(best: _Scored) -> bool:
    """Whether a high score may decide alone: not for a place of another level; nor of
    another country without a shared partner; nor of another name unless three
    partners are shared or it is the same spot; nor for one with other partners, unless it lies just there.
    """
    if best.foreign and best.shared < 1:
        return False
    return not best.other_level and not best.stranger and (best.named > 0 or best.shared >= 3 or best.same_spot)


def _rivals(best: _Scored, other: _Scored) -> bool:
    """Whether another candidate may be meant all the same: nobody knows its name, and it shares about as many partners;
    or it is named as well, and shares more; or where one of the two lies nobody knows, so that the score tells
    little, nor do partners tell them apart; or both lie there, as a town and its municipality do, and it lies nearer.
    """
    if other.named < 0:
        return other.shared >= max(best.shared / 2, 2)
    if best.same_level and other.other_level:
        return False
    if other.named < min(best.named, 2) or other.named == 0:
        return False
    if other.shared > best.shared:
        return True
    near = other.distance_km is not None and other.distance_km <= 5
    if near and best.distance_km is not None and other.distance_km is not None:  # a town and its municipality
        return best.distance_km > other.distance_km or best.shared < other.shared
    if other.named < best.named:
        return False
    if best.distance_km is None:
        if best.shared >= KNOWN_BY and best.shared >= 2 * other.shared:
            return False
        return near or other.shared > 0 or best.shared == 0
    if best.same_level and best.same_spot and other.distance_km is None and best.shared >= other.shared:
        return False
    there = best.named == 3 and best.distance_km <= JUST_THERE_KM
    return (
        other.distance_km is None
        and (other.shared > 0 or best.shared == 0)
        and not (there and 2 * other.shared <= best.shared and best.known_for)
    )


def _scattered(record: Described) -> bool:
    """Whether one identifier of a source stands for points so far apart that they are several places."""
    return any(distance_km(record.points[0], point) > VETO_KM for point in record.points[1:])


def _scored(record: Described, known: Known, key: str, company: Company, same_number: bool) -> _Scored | None:
    """A candidate with its score; None when it lies too far away, or in another country and not just there."""
    place = known.places[key]
    wide = not WIDE.isdisjoint(record.levels) or not WIDE.isdisjoint(place.levels)
    foreign = bool(record.countries and place.countries) and record.countries.isdisjoint(place.countries)
    most_km = JUST_THERE_KM if foreign else VETO_WIDE_KM if wide else VETO_KM
    distance = _distance_km(record, place, most_km)
    if distance is None and (foreign or (record.points and place.points)):
        return None  # most candidates end here: what follows costs more
    named, what, points = _name(record, place)
    parts = [(what, points)]
    if same_number:
        parts.append(("GeoNames id", 5.0))
    if distance is not None:
        parts.append((f"{distance:.1f} km", next((points for km, points in NEARNESS if distance <= km), -2.0)))
    if record.countries and place.countries:
        parts.append(("another country", -2.0) if foreign else ("country", 1.5))
    ratio = _ratio(record, place)
    if ratio is not None:
        score = 1.0 if ratio <= SAME_SIZE else 0.5 if ratio <= 2 else -1.5 if ratio > 10 else 0.0
        parts.append((f"population x{ratio:.2g}", score))
    apart = _levels_apart(record.levels, place.levels) or record.numbers != place.numbers
    if apart or (record.levels and place.levels):
        parts.append(("level", -3.0 if apart else 0.5 if not record.levels.isdisjoint(place.levels) else 0.0))
    shared, stranger = 0.0, False
    if company.sure or company.named:
        theirs = known.partners.get(key, set())
        shared = company.shared_with(theirs)
        there = distance is not None and distance <= (5 if ratio is not None and ratio <= SAME_SIZE else JUST_THERE_KM)
        stranger = bool(theirs) and not shared and not there
        score = min(3 * shared, 1 + 2 * shared, 6.0) if shared else -1.5 if theirs else -2.5
        parts.append((f"{shared:g} shared partners", score))
    unsure = named == 2 and wide and not (record.levels and place.levels) and shared < 2  # Aomori, or its prefecture
    why = ", ".join(f"{name} {score:+g}" for name, score in parts if score)
    candidate = Candidate(key, round(sum(score for _, score in parts), 2), why)
    same_level = not apart and not record.levels.isdisjoint(place.levels)
    same_spot = distance is not None and distance <= NEARNESS[0][0] and ratio is not None and ratio <= SAME_SIZE
    return _Scored(
        candidate,
        named,
        distance,
        shared,
        apart or unsure,
        stranger,
        bool(known.partners.get(key)),
        same_spot,
        foreign,
        same_level,
    )


def _distance_km(record: Described, place: Described, most_km: float) -> float | None:
    """The least distance of two of their points; None when all are farther apart, as mostly the latitude tells."""
    most_degrees = most_km / _KM_A_DEGREE
    near = (
        distance_km(one, other)
        for one in record.points
        for other in place.points
        if abs(one[0] - other[0]) <= most_degrees
    )
    least = min(near, default=math.inf)
    return least if least <= most_km else None


def _ratio(record: Described, place: Described) -> float | None:
    """How many times as many inhabitants the larger of the two has."""
    return min((max(a, b) / min(a, b) for a in record.populations for b in place.populations), default=None)


def _levels_apart(ours: set[str], theirs: set[str]) -> bool:
    """Whether two places of a name are of levels that never are one place: a city and its province or district.

    A municipality is not its town either: they are two items, and which of them carries the twinnings is for a person.
    """
    if not ours or not theirs or ours & theirs:
        return False
    kinds = [{_SIZE.get(level, level) for level in levels} for levels in (ours, theirs)]
    return kinds[0].isdisjoint(kinds[1])


_SIZE: Final = {"town": "city", **dict.fromkeys(WIDE, "wide")}


def _name(record: Described, place: Described) -> tuple[int, str, float]:
    if not record.exact.isdisjoint(place.exact):
        return 3, "name", 4.0
    if not record.base.isdisjoint(place.base):
        bare = not record.levels and not place.levels
        return 2, "name without its addition" if bare else "name without its level", 3.75 if bare else 2.5
    if not record.loose.isdisjoint(place.loose):
        return 2, "name as it sounds", 3.0
    if not place.loose:
        return -1, "no name", 0.0
    best = max((likeness(one, other) for one in record.loose for other in place.loose), default=0.0)
    if best >= 0.6:
        return 1, "name alike", 3.0 if best >= 0.75 else 2.0
    return (1, "name somewhat alike", 1.0) if best >= 0.45 else (0, "other name", -1.0)
