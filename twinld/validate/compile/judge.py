"""Whether one value conforms: what SHACL 1.0 says of terms, decided in Python (section 4)."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from twinld.errors import SourceError
from twinld.terms import Term
from twinld.validate.compile.shapes import Constraint
from twinld.vocab import RDF, SH, XSD

LANG_STRING: Final = RDF + "langString"
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE: Final = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_YEAR: Final = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_INTEGER: Final = r"[+-]?[0-9]+"
_FLOAT: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_DURATION: Final = (
    r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
LEXICAL: Final[dict[str, str]] = {
    "integer": _INTEGER,
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "double": _FLOAT,
    "float": _FLOAT,
    "boolean": "true|false|1|0",
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_DATE}T{_TIME}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})",
    "date": f"{_DATE}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}",
    "gMonth": f"--(?:0[1-9]|1[0-2]){_ZONE}",
    "gMonthDay": f"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "gDay": f"---(?:0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "duration": _DURATION,
    "hexBinary": "(?:[0-9a-fA-F]{2})*",
    "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
}
"""How the values of XSD types are written (XSD 1.1 part 2, section 3), as regular expressions for a whole text."""
_RANGES: Final[dict[str, tuple[int | None, int | None]]] = {
    "byte": (-128, 127),
    "short": (-32768, 32767),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 255),
    "unsignedShort": (0, 65535),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "positiveInteger": (1, None),
    "nonNegativeInteger": (0, None),
    "negativeInteger": (None, -1),
    "nonPositiveInteger": (None, 0),
}
"""The types of whole numbers below xsd:integer, with their least and greatest value."""
_NUMERIC: Final = {"integer", "decimal", "double", "float", *_RANGES}
_DAYS: Final = {"date", "dateTime", "dateTimeStamp"}
_DAYS_OF: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def datatype_of(term: Term) -> str | None:
    """The datatype of a literal as RDF 1.1 has it; None for other terms."""
    if term.kind != "literal":
        return None
    return LANG_STRING if term.language else term.datatype or XSD + "string"


@functools.lru_cache(maxsize=1 << 14)
def is_well_formed(text: str, datatype: str) -> bool:
    """Whether a text is of its datatype's lexical space; of types that we don't know, every text is."""
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name in _RANGES:
        if not re.fullmatch(_INTEGER, text):
            return False
        least, greatest = _RANGES[name]
        number = int(text) if len(text) < 40 else 10**40 * (-1 if text.startswith("-") else 1)
        return (least is None or number >= least) and (greatest is None or number <= greatest)
    if name not in LEXICAL:
        return True
    if not re.fullmatch(LEXICAL[name], text):
        return False
    return name not in _DAYS or _is_day(text)


def _is_day(text: str) -> bool:
    year, month, day = text.lstrip("-").split("T")[0].split("-")[:3]
    if int(day[:2]) > _DAYS_OF[int(month) - 1]:
        return False
    leap = int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0)
    return leap or (month, day[:2]) != ("02", "29")


# ---------------------------------------------------------------------------------------------- comparing


def comparable(term: Term) -> tuple[str, Any] | None:
    """What a literal is compared by: a kind of value and the value; None when it can't be compared."""
    datatype = datatype_of(term)
    if datatype is None or not datatype.startswith(XSD) or not is_well_formed(term.value, datatype):
        return None
    name = datatype.removeprefix(XSD)
    try:
        if name in _NUMERIC:
            value: Any = Decimal(term.value) if name not in {"double", "float"} else float(term.value)
            return "number", value
        if name == "string":
            return "string", term.value
        if name == "boolean":
            return "boolean", term.value in {"true", "1"}
        if name in {"dateTime", "dateTimeStamp"}:
            return "dateTime", _moment(term.value)
        if name == "date":
            ends = _date_ends(term.value)
            return "date", _moment(f"{term.value[:ends]}T00:00:00{term.value[ends:]}")
        if name == "time":
            return "time", time.fromisoformat(term.value)
        if name == "gYear":
            return "gYear", int(re.match(_YEAR, term.value)[0])  # type: ignore[index]
    except (ValueError, OverflowError):
        return None
    return None


def _date_ends(text: str) -> int:
    match = re.match(_DATE, text)
    return match.end() if match else len(text)


def _moment(text: str) -> tuple[int, datetime]:
    """A moment as whole years outside Python's calendar, and a datetime inside it."""
    match = re.fullmatch(rf"(-?[0-9]+)(-[0-9]{{2}}-[0-9]{{2}}T)([0-9:]+)(\.[0-9]+)?({_ZONE})", text)
    if match is None:
        raise ValueError(text)
    year = int(match[1])
    shift, within = divmod(year - 1, 400)  # the calendar repeats every 400 years
    fraction = (match[4] or "")[:7].ljust(7, "0") if match[4] else ""
    next_day = match[3] == "24:00:00"
    clock = "00:00:00" if next_day else match[3]
    moment = datetime.fromisoformat(f"{within + 1601:04d}{match[2]}{clock}{fraction}{match[5]}")
    return shift, moment + timedelta(days=1) if next_day else moment


def compare(one: Term, other: Term) -> int | None:
    """-1, 0 or 1 as `one` is less than, equal to or greater than `other` (SPARQL 1.1, 17.3); None: not comparable."""
    first, second = comparable(one), comparable(other)
    if first is None or second is None or first[0] != second[0]:
        return None
    a, b = first[1], second[1]
    if first[0] in {"dateTime", "date"} and (a[1].tzinfo is None) != (b[1].tzinfo is None):
        return _compare_across(a, b)
    if isinstance(a, time) and (a.tzinfo is None) != (b.tzinfo is None):
        return None
    if a != a or b != b:  # NaN
        return None
    return int(a > b) - int(a < b)


def _compare_across(a: tuple[int, datetime], b: tuple[int, datetime]) -> int | None:
    """A moment with a time zone and one without are in order only when 14 hours or more lie between (XSD 1.1)."""
    if a[0] != b[0]:
        return (a[0] > b[0]) - (a[0] < b[0])
    distance = a[1].replace(tzinfo=None) - b[1].replace(tzinfo=None)
    for moment, sign in ((a[1], -1), (b[1], 1)):
        offset = moment.utcoffset()
        if offset is not None:
            distance += sign * offset
    if abs(distance) <= timedelta(hours=14):
        return None
    return 1 if distance > timedelta(0) else -1


# ------------------------------------------------------------------------------------------------ the tests


def tester(constraint: Constraint, where: str) -> Callable[[Term], bool]:
    """Whether a value conforms to a constraint of values; SourceError for a constraint that is no good."""
    make = TESTERS[constraint.kind]
    return make(constraint, where)


def _datatype(constraint: Constraint, _where: str) -> Callable[[Term], bool]:
    wanted = constraint.value.value

    def test(term: Term) -> bool:
        return datatype_of(term) == wanted and is_well_formed(term.value, wanted)

    return test


def _node_kind(constraint: Constraint, _where: str) -> Callable[[Term], bool]:
    wanted = constraint.value.value.removeprefix(SH)
    kinds = {"iri": "IRI", "bnode": "BlankNode", "literal": "Literal"}
    return lambda term: kinds.get(term.kind, "Triple") in wanted.split("Or")


def _range(constraint: Constraint, _where: str) -> Callable[[Term], bool]:
    good = {"minExclusive": (1,), "minInclusive": (0, 1), "maxExclusive": (-1,), "maxInclusive": (-1, 0)}
    return lambda term: compare(term, constraint.value) in good[constraint.kind]


def _length(constraint: Constraint, _where: str) -> Callable[[Term], bool]:
    number = int(constraint.value.value)
    if constraint.kind == "minLength":
        return lambda term: term.kind != "bnode" and len(term.value) >= number
    return lambda term: term.kind != "bnode" and len(term.value) <= number


def _pattern(constraint: Constraint, where: str) -> Callable[[Term], bool]:
    flags = 0
    letters = constraint.more["flags"].value if "flags" in constraint.more else ""
    for letter in letters:
        if letter not in _FLAGS:
            raise SourceError(f"{where}: sh:flags {letters!r}; write letters of {''.join(_FLAGS)}")
        flags |= _FLAGS[letter]
    text = re.escape(constraint.value.value) if "q" in letters else constraint.value.value
    try:
        # a dollar sign is the very end of the text (XPath), in Python also before a last line feed
        pattern = re.compile(text if "m" in letters else _DOLLAR.sub(_at_the_end, text), flags)
    except re.error as error:
        raise SourceError(f"{where}: sh:pattern {text!r} is no regular expression ({error}); correct it") from None
    return lambda term: term.kind != "bnode" and pattern.search(term.value) is not None


_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE, "q": re.RegexFlag(0)}
_DOLLAR: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def _at_the_end(match: re.Match[str]) -> str:
    return r"\Z" if match[0] == "$" else match[0]


def _language_in(constraint: Constraint, _where: str) -> Callable[[Term], bool]:
    ranges = [term.value.lower() for term in constraint.terms]

    def test(term: Term) -> bool:
        tag = (term.language or "").lower()
        return bool(tag) and any(known == "*" or tag == known or tag.startswith(f"{known}-") for known in ranges)

    return test


def _in(constraint: Constraint, _where: str) -> Callable[[Term], bool]:
    return set(constraint.terms).__contains__


TESTERS: Final[dict[str, Callable[[Constraint, str], Callable[[Term], bool]]]] = {
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": _range,
    "minInclusive": _range,
    "maxExclusive": _range,
    "maxInclusive": _range,
    "minLength": _length,
    "maxLength": _length,
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
}
"""The constraints that look at one value alone."""
