"""Which of several values of an agreement is shown, and by which rule; all of them stay as claims.

A date: placeholder years never count; of the source of lowest rank the finest; a finer one that lies within it, whoever
states it, is shown in its place; of two of one rank the one that was read later. A kind: that of the source of lowest
rank that states one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from twinld.dates import PartialDate, day_key
from twinld.model import Source, Statement

FINENESS: Final = {"day": 0, "month": 1, "season": 2, "year": 3, "decade": 4, "century": 5, "interval": 6}
RULES: Final = {
    "only": "only one value is stated",
    "finer": "the finest date that lies within the one of the source of lowest rank",
    "rank": "the source of lowest rank",
    "later": "of sources of one rank the one that was read later",
    "order": "the first in order: nothing tells the sources apart",
    "licence": "a value under another licence never takes the place of a free one",
    "filling": "a source that fills gaps never takes the place of another's value",
}
"""The rules by which a value is chosen, as reports name them."""
RESULTS: Final = {
    "finer": "Finer than the value shown, and within it.",
    "coarser": "Coarser than the value shown, and not against it.",
    "conflict": "Another value is shown.",
    "placeholder": "A year that this source writes where it knows none.",
}
"""What a stated value is to the one that is shown, in words."""
FEW: Final = 50
"""A year that fewer rows of a source give is taken at its word."""

Placeholders = Set[tuple[str, str]]
"""(source, EDTF) of years that a source writes where it knows none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, the rule that chose it (a key of RULES), and the statement that gives it."""

    value: PartialDate
    rule: str
    statement: Statement


def placeholders(statements: Iterable[Statement]) -> Placeholders:
    """The years that sources write for an unknown one: round, and more than twice as frequent as any other."""
    by_source: dict[str, Counter[str]] = {}
    for statement in statements:
        if statement.start is not None:
            by_source.setdefault(statement.source, Counter())[statement.start.edtf] += 1
    found = set()
    for source, counted in by_source.items():
        (first, often), *rest = counted.most_common(2)
        second = rest[0][1] if rest else 0
        year = PartialDate(first).year
        if often >= FEW and often > 2 * second and year is not None and year % 10 == 0 and first.rstrip("?").isdigit():
            found.add((source, first))
    return found


def choose_date(
    found: Iterable[Statement],
    sources: Mapping[str, Source],
    read: Callable[[Statement], PartialDate | None],
    doubtful: Placeholders = frozenset(),
) -> Choice | None:
    """The date to show of those that `read` gives; None when there is none but placeholders."""
    dated = [
        (_order(statement, date, sources), date, statement)
        for statement in found
        if (date := read(statement)) is not None and (statement.source, date.edtf) not in doubtful
    ]
    if not dated:
        return None
    dated.sort(key=lambda row: row[0])
    first, best, statement = dated[0]
    within = [row for row in dated if row[1] != best and is_within(row[1], best)]
    if within:
        _, finest, of = min(within, key=lambda row: (FINENESS[row[1].precision], row[0]))
        return Choice(finest, "finer", of)
    others = [order for order, date, _ in dated if date != best]
    rule = "only"
    if others:
        other = others[0]
        rule = (
            "rank"
            if other[0] > first[0]
            else "finer"
            if other[1] > first[1]
            else "later"
            if other[2] > first[2]
            else ""
        )
    return Choice(best, rule or "order", statement)


def _order(statement: Statement, date: PartialDate, sources: Mapping[str, Source]) -> tuple[int, int, int, str, str]:
    source = sources[statement.source]
    read_on = source.extracted.latest
    recency = -int("".join(filter(str.isdigit, read_on))) if read_on is not None else 0
    return source.rank, FINENESS[date.precision], recency, date.edtf, statement.key


def is_within(one: PartialDate, other: PartialDate) -> bool:
    """Whether every day that `one` can mean is one that `other` can mean too.

    >>> is_within(PartialDate("1983-06-03"), PartialDate("1983"))
    True
    >>> is_within(PartialDate("1983"), PartialDate("1983-06"))
    False
    """
    if None in {one.earliest, one.latest, other.earliest, other.latest}:
        return False
    low, high = day_key(other.earliest or ""), day_key(other.latest or "")
    return low <= day_key(one.earliest or "") and day_key(one.latest or "") <= high


def choose_kind(found: Iterable[Statement], sources: Mapping[str, Source]) -> tuple[str, str]:
    """The kind to show and the rule that chose it; unspecified when none is stated."""
    stated = sorted((sources[s.source].rank, s.source, s.key, s.kind) for s in found if s.kind != "unspecified")
    if not stated:
        return "unspecified", "only"
    kinds = {kind for *_, kind in stated}
    if len(kinds) == 1:
        return stated[0][3], "only"
    other = next(row for row in stated if row[3] != stated[0][3])
    return stated[0][3], "rank" if other[0] > stated[0][0] else "order"
