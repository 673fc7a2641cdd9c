"""Dates, numbers, lists and concepts in plain words, of English or of the language of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from twinld.texts import ENGLISH, Texts, later

SEASONS: Final = {"21": later("spring"), "22": later("summer"), "23": later("autumn"), "24": later("winter")}
NUMBERS: Final = (
    later("no"), later("one"), later("two"), later("three"), later("four"), later("five"), later("six"),
    later("seven"), later("eight"), later("nine"), later("ten"),
)  # fmt: skip
CONCEPTS: Final = {
    "kind": (
        later("twinning"), later("friendship"), later("cooperation"), later("economic exchange"), later("trade"),
        later("historic bond"), later("unspecified"),
    ),
    "status": (
        later("active"), later("presumed active"), later("dormant"), later("suspended"), later("ended"),
        later("planned"), later("unknown"),
    ),
    "reciprocity": (later("mutual"), later("one sided"), later("unknown")),
    "verdict": (later("accepted"), later("disputed"), later("refuted"), later("opinion"), later("unverified")),
    "bound": (later("exact"), later("more than"), later("approximately")),
}  # fmt: skip
"""The concepts that stand as words in pages, by their scheme."""
TYPES: Final = {
    later("place"): later("places"),
    later("country"): later("countries"),
    later("agreement"): later("agreements"),
    later("pair"): later("pairs"),
    later("network"): later("networks"),
    later("organisation"): later("organisations"),
    later("person"): later("persons"),
    later("event"): later("events"),
    later("instrument"): later("instruments"),
    later("source"): later("sources"),
    later("record"): later("records"),
}
"""Types of ids, one and many; both stand alone, or after their number."""
BECAME: Final = (later("added"), later("changed"), later("merged"), later("removed"))
"""What became of a thing from one release to the next."""
REPORTED: Final = (later("geonames"), later("point"), later("conflict"), later("coarser"), later("finer"))
"""Words of the report of conflicts that are nowhere else: fields, and how values differ."""
FIELDS: Final = (
    later("coordinates"), later("parties"), later("code"), later("status"), later("a missing agreement"),
)  # fmt: skip
"""Fields that a mistake can be reported in, beside those that sources state."""
SIZES: Final = (later("Byte"), later("Bytes"))
_DATE: Final = re.compile(r"(Y?-?[0-9]+X{0,2})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?([?~%]?)")
_BARE: Final = ""
_MARKS: Final = {"~": later("about %(date)s"), "?": later("perhaps %(date)s"), "%": later("perhaps about %(date)s")}
_CASES: Final = {
    "since": later("since %(date)s"),
    "until": later("until %(date)s"),
    "from": later("from %(date)s"),
    "on": later("in %(date)s"),
}
"""What stands before a date in a sentence."""
_DAY: Final = {
    "": later("%(day)s %(month)s %(year)s"),
    "since": later("since %(day)s %(month)s %(year)s"),
    "until": later("until %(day)s %(month)s %(year)s"),
    "from": later("from %(day)s %(month)s %(year)s"),
    "on": later("on %(day)s %(month)s %(year)s"),
}
_MONTH: Final = {"": later("%(month)s %(year)s"), "on": later("in %(month)s %(year)s")}
_DECADE: Final = {
    "": later("the %(year)ss"),
    "since": later("since the %(year)ss"),
    "until": later("until the %(year)ss"),
    "from": later("from the %(year)ss"),
    "on": later("in the %(year)ss"),
}
_YEAR: Final = {"": "%(year)s"}
_BEFORE: Final = {"": later("%(year)s BC")}
_CENTURY: Final = {
    "": later("the years %(first)s to %(last)s"),
    "since": later("since the years %(first)s to %(last)s"),
    "until": later("until the years %(first)s to %(last)s"),
    "from": later("from the years %(first)s to %(last)s"),
    "on": later("in the years %(first)s to %(last)s"),
}


def date_words(edtf: str, texts: Texts = ENGLISH, case: str = "") -> str:
    """A partial date (EDTF level 1) as one would say it; text that is no such date as it is.

    `case` is "since", "until", "from" or "on", for a date in a sentence with what stands before it.

    >>> [date_words(text) for text in ("1989-11-17", "1989-11", "0836", "198X", "1960~", "2001-21")]
    ['17 November 1989', 'November 1989', '836', 'the 1980s', 'about 1960', 'spring 2001']
    >>> date_words("-0043"), date_words("1960/1991"), date_words("1960/.."), date_words("1985-04-XX")
    ('44 BC', '1960 to 1991', '1960 or later', 'April 1985')
    >>> date_words("1989-11-17", case="since"), date_words("1989~", case="until"), date_words("198X", case="on")
    ('since 17 November 1989', 'until about 1989', 'in the 1980s')
    """
    match = _DATE.fullmatch(edtf)
    if match is not None and not match[4]:
        return _said(match[1], match[2], match[3], texts, case)
    if match is not None:
        said = texts.gettext(_MARKS[match[4]]) % {"date": _said(match[1], match[2], match[3], texts, _BARE)}
    elif "/" in edtf:
        said = _interval(edtf, texts)
    else:
        said = edtf
    return texts.gettext(_CASES[case]) % {"date": said} if case else said


def _interval(edtf: str, texts: Texts) -> str:
    first, _, last = edtf.partition("/")
    if last == "..":
        return texts.gettext("%(date)s or later") % {"date": date_words(first, texts)}
    if first == "..":
        return texts.gettext("%(date)s or earlier") % {"date": date_words(last, texts)}
    both = {"first": date_words(first, texts), "last": date_words(last, texts)}
    return texts.gettext("%(first)s to %(last)s") % both


def _said(year: str, month: str | None, day: str | None, texts: Texts, case: str) -> str:
    """A date without a mark; the form of its kind for the case, else the form of any date for it."""
    forms, told = _shape(year, month, day, texts)
    if case in forms:
        return texts.gettext(forms[case]) % told
    return texts.gettext(_CASES[case]) % {"date": texts.gettext(forms[_BARE]) % told}


def _shape(year: str, month: str | None, day: str | None, texts: Texts) -> tuple[dict[str, str], dict[str, str]]:
    """The forms of a date of this kind, and what fills them."""
    forms, told = _year(year)
    if month in SEASONS:
        return _MONTH, {"month": texts.gettext(SEASONS[month]), "year": texts.gettext(forms[_BARE]) % told}
    if month is None or not month.isdigit() or not 1 <= int(month) <= 12:
        return forms, told
    shown, names = texts.gettext(forms[_BARE]) % told, texts.locale.months
    if day is None or not day.isdigit():
        return _MONTH, {"month": names["stand-alone"]["wide"][int(month)], "year": shown}
    return _DAY, {"day": str(int(day)), "month": names["format"]["wide"][int(month)], "year": shown}


def _year(year: str) -> tuple[dict[str, str], dict[str, str]]:
    if year.endswith("XX"):
        return _CENTURY, {"first": f"{year[:-2]}00", "last": f"{year[:-2]}99"}
    if year.endswith("X"):
        return _DECADE, {"year": f"{year[:-1]}0"}
    number = int(year.removeprefix("Y"))
    return (_BEFORE, {"year": str(1 - number)}) if number < 1 else (_YEAR, {"year": str(number)})


def decade_words(year: int, texts: Texts = ENGLISH) -> str:
    """A decade by its first year, as a heading: "1980s"."""
    return texts.gettext("%(year)ss") % {"year": year}


def in_words(edtf: str, texts: Texts = ENGLISH) -> str:
    """A date with its preposition: "on 17 November 1989", "in 1989".

    >>> in_words("1989-11-17"), in_words("1989")
    ('on 17 November 1989', 'in 1989')
    """
    return date_words(edtf, texts, "on")


def listing(parts: Sequence[str], texts: Texts = ENGLISH) -> str:
    """Parts as a list in a sentence.

    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return texts.listing(parts)


def number_words(number: int, texts: Texts = ENGLISH) -> str:
    """A number as a sentence has it: words up to ten, digits beyond.

    >>> number_words(3), number_words(1234)
    ('three', '1,234')
    """
    return texts.gettext(NUMBERS[number]) if number < len(NUMBERS) else texts.number(number)


def counted(text: str, number: int, texts: Texts = ENGLISH) -> str:
    """A text with its %(number)s in words.

    >>> counted("%(number)s places", 3)
    'three places'
    """
    return text % {"number": number_words(number, texts)}


def concept(iri: str, scheme: str) -> str:
    """The words of a concept of ours, from its IRI; in another language `Texts.gettext` has them.

    >>> concept("https://w3id.org/twinld/vocab/status-presumed-active", "status")
    'presumed active'
    """
    return iri.rsplit("/", 1)[-1].removeprefix(f"{scheme}-").replace("-", " ")
