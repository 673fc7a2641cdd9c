"""Gaps: what a source that only fills them adds to the facts of the others, and where it agrees or differs.

A gap is a field of a place or agreement for which no other CC0 source has a value (labels: one a language). What
fills it stands in graph wikidata; nothing that others say is touched. A value for a field that has one already is
compared: the same (corroboration), finer, or a conflict, which goes to a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from twinld.dates import PartialDate, day_key
from twinld.model import Agreement, Place, PlaceFacts, Statement

NEAR_KM: Final = 5.0
"""Positions of one place that lie no further apart say the same."""


@dataclass(frozen=True, order=True)
class Comparison:
    """One value of a filling source beside the one that is shown: `result` is same, finer, coarser or conflict.

    `thing` is the type and slug of a place or agreement.
    """

    thing: tuple[str, str]
    field: str
    result: str
    shown: str
    stated: str
    source: str
    key: str


def filled_place(base: Place, more: Place) -> Place:
    """`base` with the fields of `more` that it lacks."""
    languages = {tag for tag, _ in base.labels}
    labels = (*base.labels, *((tag, label) for tag, label in more.labels if tag not in languages))
    located = base.latitude is not None and base.longitude is not None
    known = {predicate for predicate, _ in base.more}
    return replace(
        base,
        item=base.item or more.item,
        p190_item=base.p190_item or more.p190_item,
        labels=tuple(sorted(labels)),
        latitude=base.latitude if located else more.latitude,
        longitude=base.longitude if located else more.longitude,
        country=base.country or more.country,
        population=base.population if base.population is not None else more.population,
        geonames=base.geonames if base.geonames is not None else more.geonames,
        aliases=tuple(sorted({*base.aliases, *(alias for alias in more.aliases if alias not in labels)})),
        more=tuple(sorted({*base.more, *(pair for pair in more.more if pair[0] not in known)})),
    )


def filled_agreement(base: Agreement, more: Agreement) -> Agreement:
    """`base` with the dates and the status of `more` that it lacks; a point in time only when it has no date at all,
    an end of which nobody knows the day only when it has none.
    """
    dated = base.start is not None or base.end is not None or base.date is not None
    return replace(
        base,
        start=base.start or more.start,
        end=base.end or more.end,
        date=base.date if dated else more.date,
        status=base.status or (more.status if base.end is None else None),
    )


def compare_place(slug: str, base: Place, rows: Iterable[PlaceFacts], country: Callable[[str], str | None],
                  distance_km: Callable[[Place, PlaceFacts], float],
                  further: Callable[[PlaceFacts], Iterable[tuple[str, str]]]) -> Iterable[Comparison]:  # fmt: skip
    """The values of filling rows beside those of a place without them; `further` are those of a row as terms."""
    labels = dict(base.labels)
    others: dict[str, list[str]] = {}
    for predicate, value in base.more:
        others.setdefault(predicate, []).append(value)
    for row in rows:
        found: list[tuple[str, str, str, bool]] = []
        for tag, label in row.labels:
            if tag in labels:
                found.append((f"label-{tag}", labels[tag], label, labels[tag] == label))
        if row.latitude is not None and base.latitude is not None:
            shown, stated = f"{base.latitude} {base.longitude}", f"{row.latitude} {row.longitude}"
            found.append(("point", shown, stated, distance_km(base, row) <= NEAR_KM))
        if row.country is not None and base.country is not None:
            found.append(("country", base.country, row.country, country(row.country) == base.country))
        if row.population is not None and base.population is not None:
            found.append(("population", str(base.population), str(row.population), row.population == base.population))
        if row.geonames is not None and base.geonames is not None:
            found.append(("geonames", str(base.geonames), str(row.geonames), row.geonames == base.geonames))
        for predicate, value in further(row):
            if predicate in others:
                name = predicate.strip("<>").replace("#", "/").rpartition("/")[2]
                found.append((name, " ".join(others[predicate]), value, value in others[predicate]))
        for field, shown, stated, same in found:
            result = "same" if same else "conflict"
            yield Comparison(("place", slug), field, result, shown, stated, row.source, row.key)


def compare_agreement(base: Agreement, statements: Iterable[Statement]) -> Iterable[Comparison]:
    """The dates of filling statements beside those of an agreement without them."""
    for statement in statements:
        for field, shown, stated in (
            ("start", base.start, statement.start),
            ("end", base.end, statement.end),
            ("date", base.date, statement.point),
        ):
            if shown is not None and stated is not None:
                result = compare_dates(shown, stated)
                thing = "agreement", base.slug
                yield Comparison(thing, field, result, str(shown), str(stated), statement.source, statement.key)
        if base.status is not None and statement.status is not None:
            result = "same" if base.status == statement.status else "conflict"
            thing = "agreement", base.slug
            yield Comparison(thing, "status", result, base.status, statement.status, statement.source, statement.key)


def compare_dates(shown: PartialDate, stated: PartialDate) -> str:
    """What a stated date is to the one that is shown.

    >>> from twinld.dates import PartialDate
    >>> [compare_dates(PartialDate("1989"), PartialDate(date)) for date in ("1989", "1989-11-17", "198X", "1990")]
    ['same', 'finer', 'coarser', 'conflict']
    """
    if shown.edtf == stated.edtf:
        return "same"
    one, other = _bounds(shown), _bounds(stated)
    if one[0] <= other[0] and other[1] <= one[1]:
        return "finer"
    if other[0] <= one[0] and one[1] <= other[1]:
        return "coarser"
    return "conflict"


def _bounds(date: PartialDate) -> tuple[tuple[int, str], tuple[int, str]]:
    low = day_key(date.earliest) if date.earliest is not None else (-(1 << 30), "")
    high = day_key(date.latest) if date.latest is not None else (1 << 30, "")
    return low, high


def merged(base: Mapping[str, Place], more: Mapping[str, Place]) -> dict[str, Place]:
    """The places of both, those of `base` with their gaps filled."""
    return {
        **more,
        **{slug: filled_place(place, more[slug]) if slug in more else place for slug, place in base.items()},
    }
