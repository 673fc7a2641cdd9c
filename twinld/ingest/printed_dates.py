"""Dates as people print them, in many languages and scripts: a partial date, or a finding; never a guess.

Read are years, months, days, decades and centuries as they stand on pages: "1983년 6월 3일", "2007年9月13日",
"17 ноября 2022", "février 1991", "October 10, 1957", "2016.09.07[註 1]", "In the 1970s", "since 1913". Words around
a date that say nothing of its precision are dropped; words that do ("about", "before") are kept in it or refuse it.
A date of three numbers without a word is read only when the year comes first, since 3/6/1983 is two days.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from twinld.dates import PartialDate

_MONTHS: Final = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru-nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
_NUMBER_OF: Final = {name: n for names in _MONTHS.values() for n, name in enumerate(names.split(), 1)}
_SHORT: Final = {
    name[:3]: number for number, name in enumerate(_MONTHS["en"].split(), 1)
} | {"sept": 9}  # fmt: skip

_NOTE: Final = re.compile(r"\[[^\]]*\]|\s+\((?:page date|n\.? ?\d+)\)$")
_BEFORE: Final = re.compile(
    r"^(?:since|from|in|on|the|seit|im|am|depuis(?: le)?|le|en|desde|dal|с|в|from the|since the|in the|der|den)\s+",
    re.I,
)
_ABOUT: Final = re.compile(r"^(?:about|around|circa|ca\.?|c\.|um|etwa|vers|около)\s+", re.I)
_AFTER: Final = re.compile(r"\s*(?:г(?:ода|оду|\.)?|年から|년부터)$", re.I)
_YEAR: Final = r"(?P<y>\d{3,4})"
_FORMS: Final = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_YEAR}\s*[年년](?:\s*(?P<m>\d{{1,2}})\s*[月월](?:\s*(?P<d>\d{{1,2}})\s*[日일])?)?",
        r"(?P<y>\d{4})(?P<sep>[./-])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2}))?\.?",
        rf"(?P<word>[^\W\d_]{{3,}})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)\(?{_YEAR}\)?",
        rf"(?:(?P<d>\d{{1,2}})(?:\.|er|st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?)?(?P<word>[^\W\d_]{{3,}})\.?,?\s+(?:de[l]?\s+)?{_YEAR}",
        rf"{_YEAR}(?:th)?",
    )
)
_DECADE: Final = re.compile(r"(?P<y>\d{3})0(?:s|’s|'s|er|er Jahren?|-е|-х|年代|년대)", re.I)
_CENTURY: Final = re.compile(r"(?P<n>\d{1,2})(?:th|st|nd|rd|\.)\s+(?:century|Jahrhundert)", re.I)


def printed_date(text: str) -> PartialDate:
    """A printed date as a partial date. ValueError, with what would be right, for anything that is not surely one.

    >>> [printed_date(text).edtf for text in ("1983년 6월 3일", "февраль 1991", "In the 1970s", "from the 2009th")]
    ['1983-06-03', '1991-02', '197X', '2009']
    >>> printed_date("June 19 (2024)").edtf, printed_date("2016.09.07[註 1]").edtf, printed_date("ca. 1920").edtf
    ('2024-06-19', '2016-09-07', '1920~')
    """
    bare = " ".join(_NOTE.sub("", unicodedata.normalize("NFKC", text)).split())
    bare, about = _without(_ABOUT, _prefixes(bare))
    bare = _AFTER.sub("", _prefixes(bare)) if not re.fullmatch(r"\d+年", bare) else bare
    mark = "~" if about else ""
    if match := _DECADE.fullmatch(bare):
        return _made(f"{match['y']}X{mark}", text)
    if match := _CENTURY.fullmatch(bare):
        return _made(f"{int(match['n']) - 1:02d}XX{mark}", text)
    for form in _FORMS:
        match = form.fullmatch(bare)
        if match is None:
            continue
        cells = match.groupdict()
        month = int(cells["m"]) if cells.get("m") else None
        if cells.get("word"):
            month = _month(cells["word"])
            if month is None:
                break
        parts = [cells["y"].zfill(4)]
        if month is not None:
            parts.append(f"{month:02d}")
        if cells.get("d"):
            parts.append(f"{int(cells['d']):02d}")
        return _made("-".join(parts) + mark, text)
    raise ValueError(f"{text!r} is no date that can be read for sure; write it as 1962-01-22, 1962-01, 1962 or 196X")


def _prefixes(text: str) -> str:
    while (shorter := _BEFORE.sub("", text)) != text:
        text = shorter
    return text


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    bare = pattern.sub("", text)
    return bare, bare != text


def _month(word: str) -> int | None:
    name = word.casefold()
    return _NUMBER_OF.get(name) or _SHORT.get(name)


def _made(edtf: str, printed: str) -> PartialDate:
    try:
        return PartialDate(edtf)
    except ValueError as error:
        raise ValueError(f"{printed!r}: {error}") from None
