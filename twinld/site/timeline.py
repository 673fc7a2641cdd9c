"""The dated agreements of a place on a scale of years, for a page to draw as SVG; undated ones are counted.

A date is never drawn more exact than it is known: 1980 is the span of a year, 198X that of a decade.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from twinld.dates import PartialDate, day_key
from twinld.site.partners import Partner

WIDTH: Final = 960
NAMES: Final = 220
"""Units of the width that the names have."""
ROW: Final = 22
TOP: Final = 24
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_TICKS: Final = 10
_LEAST: Final = 2.0
"""A span is at least so wide, so that a day can be seen."""
_LETTERS: Final = 30


@dataclass(frozen=True)
class Span:
    """A part of a bar, from `x` on, in units of the width. `sure` is the time in which the agreement held for certain.

    Other kinds: "begin" and "end" (it began or ended at some time in it), "maybe" (it has ended, by a day that is not
    known, or began by one), "point" (a date that is neither start nor end).
    """

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One agreement: its name as shown (cut when long), its spans from left to right, and its row's top."""

    agreement: str
    name: str
    language: str | None
    row: Partner
    spans: tuple[Span, ...]
    y: int


@dataclass(frozen=True)
class Timeline:
    """The bars, earliest first, and the years under which lines stand, each with its place."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]
    of: int
    width: int = WIDTH

    @property
    def height(self) -> int:
        """The height in units of the width."""
        return TOP + ROW * len(self.bars) + 4

    @property
    def dated(self) -> int:
        """How many agreements have a date."""
        return len(self.bars)


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int

    def at(self, years: float) -> float:
        share = (years - self.first) / (self.last - self.first)
        return round(NAMES + min(max(share, 0.0), 1.0) * (WIDTH - NAMES - 8), 1)


def timeline(rows: Sequence[Partner], until: str) -> Timeline | None:
    """The dated ones of `rows` up to the day `until` (xsd:date, that of the release); None when none is dated."""
    dated = [row for row in rows if _dates(row)]
    if not dated:
        return None
    now = years(until, late=True) if until else max(_known(dated))
    scale, step = _scale([*_known(dated), now])
    dated.sort(key=lambda row: (min(_known([row])), _name(row).casefold(), row.agreement))
    bars = []
    for number, row in enumerate(dated):
        name = _name(row)
        shown = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
        language = row.partners[0].language if len(row.partners) == 1 else None
        bars.append(Bar(row.agreement, shown, language, row, _spans(row, scale, now), TOP + ROW * number))
    marks = range(-(-scale.first // step) * step, scale.last + 1, step)
    return Timeline(tuple(bars), tuple((year, scale.at(year)) for year in marks), len(rows))


def years(day: str, *, late: bool = False) -> float:
    """An xsd:date as a number of years: 1 July 1989 is about 1989.5; `late` is the end of that day.

    >>> years("1989-01-01"), years("1989-12-31", late=True), years("-0043-01-01")
    (1989.0, 1990.0, -43.0)
    """
    year, rest = day_key(day)
    month, number = map(int, rest.split("-"))
    return year + (month - 1) / 12 + (number - 1 + late) / 372


def _dates(row: Partner) -> list[PartialDate]:
    return [PartialDate(text) for text in (row.since, row.until, row.date) if text]


def _known(rows: Iterable[Partner]) -> list[float]:
    """All first and last days that the dates of `rows` can mean, as years."""
    found = [date for row in rows for date in _dates(row)]
    return [
        *(years(date.earliest) for date in found if date.earliest is not None),
        *(years(date.latest, late=True) for date in found if date.latest is not None),
    ]


def _scale(known: Sequence[float]) -> tuple[_Scale, int]:
    first, last = int(min(known) // 1), int(-(-max(known) // 1))
    step = next((step for step in _STEPS if (last - first) / step <= _TICKS), _STEPS[-1])
    first = first // step * step
    return _Scale(first, max(last, first + 1)), step


def _name(row: Partner) -> str:
    return ", ".join(partner.label for partner in row.partners)


def _spans(row: Partner, scale: _Scale, now: float) -> tuple[Span, ...]:
    """The bar of one agreement. An open end goes on to `now`; one that nobody dates fades there."""
    if not row.since and not row.until:
        first, last = _bounds(row.date, scale, now)
        return (_span("point", first, last, scale),)
    begun, ended = scale.first + 0.0, now
    found = []
    if row.since:
        first, begun = _bounds(row.since, scale, now)
        found.append(_span("begin", first, begun, scale))
    if row.until:
        ended, last = _bounds(row.until, scale, now)
        kind = "sure" if row.since else "maybe"
        found += [_span(kind, begun, ended, scale)] if ended > begun else []
        found.append(_span("end", max(ended, begun) if row.since else ended, last, scale))
    elif ended > begun:
        found.append(_span("maybe" if row.status == "ended" else "sure", begun, ended, scale))
    return tuple(found)


def _bounds(edtf: str, scale: _Scale, now: float) -> tuple[float, float]:
    date = PartialDate(edtf)
    first = years(date.earliest) if date.earliest is not None else float(scale.first)
    last = years(date.latest, late=True) if date.latest is not None else max(first, now)
    return first, last


def _span(kind: str, first: float, last: float, scale: _Scale) -> Span:
    x = scale.at(first)
    return Span(kind, x, max(round(scale.at(last) - x, 1), _LEAST))
