"""How many agreements held on a day, as far as their dates tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from twinld.dates import PartialDate
from twinld.errors import InputError
from twinld.infer.as_of import ANSWERS, held
from twinld.queries import query
from twinld.site.partners import Partner
from twinld.store import Store
from twinld.terms import date
from twinld.vocab import BASE


@dataclass(frozen=True)
class AsOf:
    """Counts of agreements on one day (xsd:date); the four add up to all."""

    day: str
    certain: int
    possible: int
    no: int
    unknown: int

    @property
    def all(self) -> int:
        """How many agreements there are."""
        return self.certain + self.possible + self.no + self.unknown


def as_of(store: Store, day: str, *, base: str = BASE) -> AsOf:
    """The agreements of the CC0 graphs on a day; ValueError when `day` is none (write it as 2016-06-30)."""
    if PartialDate(day).precision != "day":
        raise ValueError(f"{day!r} is not a day; write it as 2016-06-30")
    rows = store.select(query("page_as_of", base), day=date(day))
    counts = {row["answer"].value: int(row["agreements"].value) for row in rows}
    return AsOf(day, *(counts.get(answer, 0) for answer in ANSWERS))


def day_asked(text: str) -> str:
    """The day that somebody asks about, "" for none; InputError for what is none."""
    try:
        good = not text or PartialDate(text).precision == "day"
    except ValueError:
        good = False
    if not good:
        raise InputError(f"as-of {text[:40]!r} is not a day; write it as 2016-06-30")
    return text


def held_on(since: str, until: str, point: str, status: str, day: str) -> str:
    """What `held` says of dates as pages carry them: EDTF text, "" for none, and of a status."""
    start, end, at = (PartialDate(text) if text else None for text in (since, until, point))
    return held(start, end, at, day, over=status == "ended")


@dataclass(frozen=True)
class Then:
    """What held on a day: `asked` is the date as somebody wrote it, `answers` are by the IRI of the agreement.

    `counts` are of the agreements that are shown first; `answers` are of all.
    """

    asked: str
    answers: dict[str, str]
    counts: AsOf


def day_of(text: str) -> str:
    """The day that a year, a month or a day stands for: its last one; ValueError for anything else.

    >>> day_of("1990"), day_of("1990-02"), day_of("2016-06-30")
    ('1990-12-31', '1990-02-28', '2016-06-30')
    """
    date = PartialDate(text)
    if date.approximate or date.precision not in {"year", "month", "day"} or date.latest is None:
        raise ValueError(f"{text!r} is no year, month or day; write 1990, 1990-06 or 1990-06-30")
    return date.latest


def partners_on(rows: Iterable[Partner], asked: str, others: Iterable[Partner] = ()) -> Then:
    """Which agreements of a place held at the end of `asked`; `others` are not counted. ValueError as `day_of`."""
    day = day_of(asked)

    def on(those: Iterable[Partner]) -> dict[str, str]:
        return {row.agreement: held_on(row.since, row.until, row.date, row.status, day) for row in those}

    counted = on(rows)
    counts = Counter(counted.values())
    answers = on(others) | counted
    return Then(asked, answers, AsOf(day, *(counts[answer] for answer in ANSWERS)))
