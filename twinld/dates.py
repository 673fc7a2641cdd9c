"""Partial dates: what a source says about a time, never more exact than the source.

The form is EDTF level 1 (Library of Congress, 2019-02-04; ISO 8601-2:2019, annex A): `1962`, `1962-01`,
`1962-01-22`, `0836`, `-0044`, `Y17000`, `198X`, `19XX`, `1985-04-XX`, seasons `2001-21`, `1960~`, `1984?`,
`2004-06-11%`, and intervals `1960/1991`, `../1960`, `1960/..`. An unknown date is no date: there is no value
for it. Whoever needs exactness compares `earliest` and `latest`, both days of the proleptic Gregorian
calendar as the source wrote them; Julian dates of year precision are not converted.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import Final

_SINGLE: Final = re.compile(
    r"""(?P<year>-?\d{4}|Y-?[1-9]\d{4,}|-?\d{3}X|-?\d{2}XX)
        (?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?
        (?P<mark>[?~%])?""",
    re.VERBOSE | re.ASCII,
)
_SEASONS: Final = ("21", "22", "23", "24")
OPEN: Final = ".."


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date of any precision; `edtf` is its one lexical form.

    >>> PartialDate("1989-11").earliest, PartialDate("1989-11").latest
    ('1989-11-01', '1989-11-30')
    >>> PartialDate("0836").year
    836
    """

    edtf: str

    def __post_init__(self) -> None:
        _bounds(self.edtf)

    @property
    def earliest(self) -> str | None:
        """The first day this can mean, as xsd:date; None when the beginning is open."""
        return _bounds(self.edtf)[0]

    @property
    def latest(self) -> str | None:
        """The last day this can mean, as xsd:date; None when the end is open."""
        return _bounds(self.edtf)[1]

    @property
    def year(self) -> int | None:
        """The year, when it is known exactly (precision year or finer); None for `198X` and for intervals."""
        match = _SINGLE.fullmatch(self.edtf)
        if match is None or "X" in match["year"]:
            return None
        return int(match["year"].removeprefix("Y"))

    @property
    def decade(self) -> int | None:
        """The first year of the decade, when the decade is known; None for `19XX` and for intervals.

        >>> PartialDate("198X").decade, PartialDate("1962-01-22").decade, PartialDate("19XX").decade
        (1980, 1960, None)

        Before year 0 too it is the first: `-0044` and `-004X` are of the decade that begins in -49.
        """
        match = _SINGLE.fullmatch(self.edtf)
        if match is None or match["year"].endswith("XX"):
            return None
        text = match["year"].removeprefix("Y")
        return int(text[:-1] + ("9" if text.startswith("-") else "0"))

    @property
    def approximate(self) -> bool:
        """Whether the source marks it as uncertain or approximate."""
        return any(mark in self.edtf for mark in "?~%")

    @property
    def precision(self) -> str:
        """One of "interval", "century", "decade", "year", "season", "month", "day"."""
        match = _SINGLE.fullmatch(self.edtf)
        if match is None:
            return "interval"
        if match["day"] not in {None, "XX"}:
            return "day"
        if match["month"] not in {None, "XX"}:
            return "season" if match["month"] in _SEASONS else "month"
        return "century" if match["year"].endswith("XX") else "decade" if "X" in match["year"] else "year"

    def __str__(self) -> str:
        return self.edtf


def partial_date(text: str) -> PartialDate:
    """`text` as a PartialDate; a year of one to three digits is padded, blanks around it are dropped.

    Raises ValueError, saying what would be right, for anything else.

    >>> partial_date(" 836 ").edtf
    '0836'
    """
    text = text.strip()
    if re.fullmatch(r"\d{1,3}", text, re.ASCII):
        text = text.zfill(4)
    return PartialDate(text)


def _bounds(edtf: str) -> tuple[str | None, str | None]:
    if "/" in edtf:
        return _interval_bounds(edtf)
    match = _SINGLE.fullmatch(edtf)
    if match is None:
        raise ValueError(f"{edtf!r} is not a date; write 1962-01-22, 1962-01, 1962, 196X, 19XX or 1960~")
    year, month, day = match["year"], match["month"], match["day"]
    if year == "-0000":
        raise ValueError(f"{edtf!r}: the year before 0001 is 0000, without a sign")
    if year.startswith("Y") and month is not None:
        raise ValueError(f"{edtf!r} names a month of a year of more than four digits; write {year}")
    if "X" in year:
        if month is not None:
            raise ValueError(f"{edtf!r} names a month of an unknown year; write {year}")
        low, high = year.replace("X", "0"), year.replace("X", "9")
        if year.startswith("-"):
            low, high = high, low
        return f"{_xsd_year(low)}-01-01", f"{_xsd_year(high)}-12-31"
    text = _xsd_year(year)
    if month is None or month == "XX":
        if day not in {None, "XX"}:
            raise ValueError(f"{edtf!r} names a day of an unknown month; write {year}")
        return f"{text}-01-01", f"{text}-12-31"
    if month in _SEASONS:
        if day is not None:
            raise ValueError(f"{edtf!r} names a day of a season; write {year}-{month}")
        return f"{text}-01-01", f"{text}-12-31"  # which months depends on the hemisphere: the year is sure
    if not 1 <= int(month) <= 12:
        raise ValueError(f"{edtf!r}: there is no month {month}; write 01 to 12 (or 21 to 24 for a season)")
    length = _days(int(year.removeprefix("Y")), int(month))
    if day is None or day == "XX":
        return f"{text}-{month}-01", f"{text}-{month}-{length}"
    if not 1 <= int(day) <= length:
        raise ValueError(f"{edtf!r}: {year}-{month} has {length} days")
    return f"{text}-{month}-{day}", f"{text}-{month}-{day}"


def _interval_bounds(edtf: str) -> tuple[str | None, str | None]:
    parts = edtf.split("/")
    if len(parts) != 2 or not all(parts) or parts == [OPEN, OPEN]:
        raise ValueError(f"{edtf!r} is not an interval; write 1960/1991, ../1960 or 1960/..")
    first, last = parts
    earliest = None if first == OPEN else _bounds(first)[0]
    latest = None if last == OPEN else _bounds(last)[1]
    if earliest is not None and latest is not None and day_key(earliest) > day_key(latest):
        raise ValueError(f"{edtf!r} ends before it starts")
    return earliest, latest


def _xsd_year(year: str) -> str:
    """The year as xsd:date writes it: at least four digits (XSD 1.1 part 2, 3.3.9)."""
    number = int(year.removeprefix("Y"))
    return f"-{-number:04d}" if number < 0 else f"{number:04d}"


def _days(year: int, month: int) -> int:
    if month == 2 and calendar.isleap(year):
        return 29
    return (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def day_key(xsd_date: str) -> tuple[int, str]:
    """Something that sorts as the days do, years before 0 included."""
    year, month, day = xsd_date.rsplit("-", 2)
    return int(year), f"{month}-{day}"


def is_before(one: PartialDate, other: PartialDate) -> bool:
    """Whether every day that `one` can mean comes before every day that `other` can mean.

    >>> is_before(PartialDate("1958"), PartialDate("1959-05")), is_before(PartialDate("1959"), PartialDate("1959-05"))
    (True, False)
    """
    return one.latest is not None and other.earliest is not None and day_key(one.latest) < day_key(other.earliest)


def years_before(xsd_date: str, years: int) -> str:
    """The day `years` before an xsd:date (29 February becomes 28).

    >>> years_before("2024-02-29", 3)
    '2021-02-28'
    """
    year, month, day = xsd_date.rsplit("-", 2)
    earlier = int(year) - years
    return f"{_xsd_year(str(earlier))}-{month}-{min(int(day), _days(earlier, int(month))):02d}"
