"""Dates, numbers, lists and concepts in plain English words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SEASONS: Final = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DATE: Final = re.compile(r"(Y?-?[0-9]+X{0,2})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?([?~%]?)")
_MARKS: Final = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}


def date_words(edtf: str) -> str:
    """A partial date (EDTF level 1) as one would say it; text that is no such date as it is.

    >>> [date_words(text) for text in ("1989-11-17", "1989-11", "0836", "198X", "1960~", "2001-21")]
    ['17 November 1989', 'November 1989', '836', 'the 1980s', 'about 1960', 'spring 2001']
    >>> date_words("-0043"), date_words("1960/1991"), date_words("1960/.."), date_words("1985-04-XX")
    ('44 BC', '1960 to 1991', '1960 or later', 'April 1985')
    """
    if "/" in edtf:
        first, _, last = edtf.partition("/")
        if last == "..":
            return f"{date_words(first)} or later"
        return f"{date_words(last)} or earlier" if first == ".." else f"{date_words(first)} to {date_words(last)}"
    match = _DATE.fullmatch(edtf)
    if match is None:
        return edtf
    year, month, day, mark = match.groups()
    text = _year(year)
    if month in SEASONS:
        text = f"{SEASONS[month]} {text}"
    elif month is not None and month.isdigit() and 1 <= int(month) <= 12:
        text = f"{MONTHS[int(month) - 1]} {text}"
        if day is not None and day.isdigit():
            text = f"{int(day)} {text}"
    return _MARKS[mark] + text


def _year(year: str) -> str:
    if year.endswith("XX"):
        return f"the years {year[:-2]}00 to {year[:-2]}99"
    if year.endswith("X"):
        return f"the {year[:-1]}0s"
    number = int(year.removeprefix("Y"))
    return f"{1 - number} BC" if number < 1 else str(number)


def in_words(edtf: str) -> str:
    """A date with its preposition: "on 17 November 1989", "in 1989".

    >>> in_words("1989-11-17"), in_words("1989")
    ('on 17 November 1989', 'in 1989')
    """
    return f"{'on' if re.fullmatch(r'-?[0-9]+-[0-9]{2}-[0-9]{2}', edtf) else 'in'} {date_words(edtf)}"


def listing(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence.

    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def count_words(number: int, one: str, many: str) -> str:
    """A number with its noun: words up to ten, digits beyond.

    >>> count_words(1, "twin city", "twin cities"), count_words(12, "twin city", "twin cities")
    ('one twin city', '12 twin cities')
    """
    shown = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{shown} {one if number == 1 else many}"


def concept(iri: str, scheme: str) -> str:
    """The words of a concept of ours, from its IRI.

    >>> concept("https://w3id.org/twinld/vocab/status-presumed-active", "status")
    'presumed active'
    """
    return iri.rsplit("/", 1)[-1].removeprefix(f"{scheme}-").replace("-", " ")
