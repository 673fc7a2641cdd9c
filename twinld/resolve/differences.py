"""Where sources differ: every value that is not the one shown, beside it, with the rule that chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from twinld.dates import PartialDate
from twinld.model import Agreement, Place, PlaceFacts, Source, Statement
from twinld.resolve.choices import Placeholders, choose_date, choose_kind
from twinld.resolve.gaps import NEAR_KM, compare_dates


@dataclass(frozen=True, order=True, slots=True)
class Difference:
    """A value that a source states and that is not shown: `result` is finer, coarser, conflict or placeholder.

    `thing` is the type and slug of a place or agreement; `by` and `by_key` are source and key of a record that states
    the value that is shown ("" when none is shown); `rule` is a key of `twinld.resolve.choices.RULES`.
    """

    thing: tuple[str, str]
    field: str
    result: str
    shown: str
    by: str
    by_key: str
    stated: str
    source: str
    key: str
    rule: str


DATES: tuple[tuple[str, Callable[[Statement], PartialDate | None]], ...] = (
    ("start", lambda statement: statement.start),
    ("end", lambda statement: statement.end),
    ("date", lambda statement: statement.point),
)


def agreement_differences(
    agreement: Agreement,
    usable: list[Statement],
    found: Iterable[Statement],
    sources: Mapping[str, Source],
    doubtful: Placeholders,
) -> Iterator[Difference]:
    """The values of `found` that an agreement, shown as `usable` statements give it, does not show."""
    thing = "agreement", agreement.slug
    found = list(found)
    for field, read in DATES:
        choice = choose_date(usable, sources, read, doubtful)
        shown = str(choice.value) if choice is not None else ""
        by, by_key = (choice.statement.source, record_of(choice.statement)) if choice is not None else ("", "")
        for statement in found:
            date = read(statement)
            if date is None or (choice is not None and date == choice.value):
                continue
            key = record_of(statement)
            if (statement.source, date.edtf) in doubtful:
                rule = choice.rule if choice is not None else "only"
                yield Difference(thing, field, "placeholder", shown, by, by_key, str(date), statement.source, key, rule)
            elif choice is not None:
                result = compare_dates(choice.value, date)
                rule = choice.rule if statement in usable else "licence"
                yield Difference(thing, field, result, shown, by, by_key, str(date), statement.source, key, rule)
    kind, rule = choose_kind(usable, sources)
    if kind == "unspecified":
        return
    by_kind = next(statement for statement in usable if statement.kind == kind)
    for statement in found:
        if statement.kind not in {"unspecified", kind}:
            yield Difference(
                thing, "kind", "conflict", kind, by_kind.source, record_of(by_kind), statement.kind, statement.source,
                record_of(statement), rule if statement in usable else "licence",
            )  # fmt: skip


def place_differences(
    place: Place, rows: list[PlaceFacts], country: Callable[[str], str | None],
    distance_km: Callable[[Place, PlaceFacts], float],
) -> Iterator[Difference]:  # fmt: skip
    """The countries, points and GeoNames numbers of a place that differ from those shown.

    Populations are of different years and names of different languages: they differ without contradicting.
    """
    thing = "place", place.slug

    def first(has: Callable[[PlaceFacts], bool]) -> PlaceFacts | None:
        return next((row for row in rows if has(row)), None)

    if place.country is not None:
        shown = first(lambda row: row.country is not None and country(row.country) == place.country)
        for row in rows:
            stated = country(row.country) if row.country is not None else None
            if shown is not None and stated is not None and stated != place.country:
                yield _of(thing, "country", place.country, shown, stated, row)
    if place.latitude is not None:
        shown = first(lambda row: (row.latitude, row.longitude) == (place.latitude, place.longitude))
        for row in rows:
            if shown is not None and row.latitude is not None and row.longitude is not None:
                distance = distance_km(place, row)
                if distance > NEAR_KM:
                    where = f"{row.latitude} {row.longitude} ({distance:.0f} km away)"
                    yield _of(thing, "point", f"{place.latitude} {place.longitude}", shown, where, row)
    if place.geonames is not None:
        shown = first(lambda row: row.geonames == place.geonames)
        for row in rows:
            if shown is not None and row.geonames not in {None, place.geonames}:
                yield _of(thing, "geonames", str(place.geonames), shown, str(row.geonames), row)


def _of(thing: tuple[str, str], field: str, value: str, shown: PlaceFacts, stated: str, row: PlaceFacts) -> Difference:
    rule = "rank" if row.source != shown.source else "order"
    return Difference(thing, field, "conflict", value, shown.source, shown.key, stated, row.source, row.key, rule)


def record_of(statement: Statement) -> str:
    """The key of the record that a statement stands in."""
    return statement.record or statement.key
