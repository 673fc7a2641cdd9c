"""From answers of Wikidata to rows of our layout, item by item; what cannot be used is a problem and no data.

Values are read from value nodes, since the simple value of a year is its first of January. Statements of every rank
are kept; which of them is shown is decided when the extract is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from twinld.dates import PartialDate
from twinld.enrich.answer import Row
from twinld.enrich.questions import is_item
from twinld.layout import in_order
from twinld.terms import Term, iri
from twinld.vocab import WD, WDS

Rows = dict[str, list[tuple[str, ...]]]
"""Rows of one item by file of the layout."""

EARTH: Final = "Q2"
MOST_PEOPLE: Final = 2_000_000_000
"""No place has more inhabitants; the largest country has 1.4 thousand million."""
UNKNOWN: Final = "somevalue"
NONE: Final = "novalue"
RANKS: Final = {"PreferredRank": "preferred", "NormalRank": "", "DeprecatedRank": "deprecated"}
ITEM_VALUED: Final = ("P190", "P17", "P31", "P131", "P463", "P1366", "P1382")

_GENID: Final = "/.well-known/genid/"
_NOVALUE: Final = "/prop/novalue/"
_GUID: Final = re.compile(r"[Qq][1-9]\d{0,11}-[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
_TIME: Final = re.compile(r"([+-]?)0*(\d{4,})-(\d\d)-(\d\d)(?:T.*)?", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_JULIAN: Final = "Q1985786"


class _Item:
    """What is gathered of one item."""

    def __init__(self, item: str) -> None:
        self.item = item
        self.rows: Rows = defaultdict(list)
        self.met: dict[str, tuple[str, Row]] = {}
        self.nodes: dict[str, Row] = {}
        self.qualifiers: dict[str, list[Row]] = defaultdict(list)
        self.labels: dict[str, set[str]] = defaultdict(set)
        self.aliases: dict[str, set[str]] = defaultdict(set)

    def problem(self, prop: str, statement: str, rule: str, found: str, right: str) -> None:
        """Keep what was found and is not taken over."""
        shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", found)[:200]
        self.rows["problems.csv"].append((self.item, prop, statement, rule, shown, right))


def extract(answers: Mapping[str, Iterable[Row]], items: Iterable[str]) -> dict[str, Rows]:
    """The rows of each of `items` from the answers to `CONTENT`; each file's rows in the order of the layout."""
    gathered = {item: _Item(item) for item in items}
    for name, put in (
        ("statements", _put_statement),
        ("nodes", _put_node),
        ("qualifiers", _put_qualifier),
        ("references", _put_reference),
        ("names", _put_name),
    ):
        for row in answers.get(name, ()):
            item = gathered.get(row["item"].value.removeprefix(WD)) if "item" in row else None
            if item is not None:
                put(item, row)
    for item in gathered.values():
        for guid, (prop, row) in sorted(item.met.items()):
            _take_statement(item, guid, prop, row)
        _take_names(item)
    return {qid: {name: in_order(name, rows) for name, rows in item.rows.items()} for qid, item in gathered.items()}


# ------------------------------------------------------------------------------------------- one row at a time


def _put_statement(item: _Item, row: Row) -> None:
    guid, prop = _guid(row), row["p"].value.rpartition("/")[2]
    if guid is None:
        item.problem(prop, "", "W01", row["statement"].value, "the IRI of a statement, wds:Q64-...")
        return
    if _NOVALUE in row["value"].value and not row["value"].value.endswith(f"/{prop}"):
        return  # of a qualifier
    item.met.setdefault(guid, (prop, row))


def _put_node(item: _Item, row: Row) -> None:
    guid = _guid(row)
    if guid is not None:
        item.nodes.setdefault(guid, row)


def _put_qualifier(item: _Item, row: Row) -> None:
    guid = _guid(row)
    if guid is not None:
        item.qualifiers[guid].append(row)


def _put_reference(item: _Item, row: Row) -> None:
    guid = _guid(row)
    if guid is None:
        return
    prop, value = row["property"].value, row["value"]
    text = value.value
    if prop == "P854":
        if not _is_address(text):
            item.problem(prop, guid, "W07", text, "an http(s) address without blanks and quotes")
            return
    elif prop == "P813":
        date = edtf_of(text, row["precision"].value)
        if date is None:
            shown = f"{text} of precision {row['precision'].value}"
            item.problem(prop, guid, "W06", shown, "a date from century to day")
            return
        text = date
    elif _qid(value) is None:
        return  # unknown or no value: says nothing
    else:
        text = str(_qid(value))
    reference = row["reference"].value.rpartition("/")[2][:40]
    item.rows["references.csv"].append((item.item, guid, reference, prop, text))


def _put_name(item: _Item, row: Row) -> None:
    text, kind = row["text"], row["kind"].value
    tag = (text.language or "und").lower()
    words = text.value.strip()
    if not words or _CONTROL.search(text.value):
        item.problem(kind, "", "W05", text.value, "a name of visible letters")
        return
    (item.labels if kind == "label" else item.aliases)[tag].add(words)


# ---------------------------------------------------------------------------------------------- whole items


def _take_names(item: _Item) -> None:
    for tag, labels in item.labels.items():
        label = min(labels)  # Wikidata has one a language
        item.rows["labels.csv"].append((item.item, "", tag, label))
        item.aliases[tag].discard(label)
    for tag, aliases in item.aliases.items():
        item.rows["aliases.csv"].extend((item.item, tag, alias) for alias in aliases)


def _take_statement(item: _Item, guid: str, prop: str, row: Row) -> None:
    start, end, point, more = _times(item, guid, prop)
    rank = RANKS.get(row["rank"].value.rpartition("#")[2])
    if rank is None:
        item.problem(prop, guid, "W01", row["rank"].value, "a rank of Wikibase")
        return
    if any(part.startswith("P2241=") for part in more):
        rank = "deprecated"
    value = _value(item, guid, prop, row)
    if value is None:
        return
    if prop == "P190" and value not in {UNKNOWN, NONE}:
        if start and start == end:  # a point in time, not a twinning of no length
            start, end, point = "", "", point or start
        item.rows["statements.csv"].append((item.item, value, guid, rank, start, end, point, ";".join(more)))
    else:
        item.rows["values.csv"].append((item.item, prop, value, guid, rank, start, end, point))


def _times(item: _Item, guid: str, prop: str) -> tuple[str, str, str, list[str]]:
    """Start, end and point in time of a statement, and its other qualifiers as `P2241=Q...`, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    more: set[str] = set()
    for row in item.qualifiers.get(guid, ()):
        name = row["qualifier"].value
        if "time" in row:
            date = edtf_of(row["time"].value, row["precision"].value)
            if date is None:
                shown = f"{row['time'].value} of precision {row['precision'].value}"
                item.problem(f"{prop} {name}", guid, "W06", shown, "a date from century to day")
                continue
            found[name].add(date)
            if row["calendar"].value.endswith(_JULIAN):
                more.add(f"{name}.calendar={_JULIAN}")
        elif name == "P2241":
            more.add(f"{name}={_qid(row['raw']) or UNKNOWN}")
        else:
            more.add(f"{name}={UNKNOWN}")
    for name, dates in found.items():
        if len(dates) > 1:
            shown = ", ".join(sorted(dates))
            item.problem(f"{prop} {name}", guid, "W08", shown, "one date; the first is taken")
    start, end, point = (min(found[name]) if found[name] else "" for name in ("P580", "P582", "P585"))
    return start, end, point, sorted(more)


def _value(item: _Item, guid: str, prop: str, row: Row) -> str | None:
    """A value as values.csv has it; None when it is a problem."""
    value = row["value"]
    if _NOVALUE in value.value:
        return NONE
    if value.kind == "bnode" or _GENID in value.value:
        return UNKNOWN
    read = _READERS.get(prop, _text_value)
    return read(item, guid, prop, value)


def _item_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    qid = _qid(value)
    if qid is None:
        item.problem(prop, guid, "W01", value.value, "a Wikidata item, Q100")
    return qid


def _point_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    node = item.nodes.get(guid)
    if node is None or "latitude" not in node:
        item.problem(prop, guid, "W03", value.value, "a point with latitude and longitude")
        return None
    globe = node["globe"].value.removeprefix(WD) if "globe" in node else EARTH
    if globe != EARTH:
        item.problem(prop, guid, "W03", f"a point on {globe}", "a point on Earth (Q2)")
        return None
    try:
        latitude, longitude = Decimal(node["latitude"].value), Decimal(node["longitude"].value)
    except InvalidOperation:
        latitude = longitude = Decimal("NaN")
    if not (latitude.is_finite() and longitude.is_finite() and abs(latitude) <= 90 and abs(longitude) <= 180):
        shown = f"{node['latitude'].value} {node['longitude'].value}"
        item.problem(prop, guid, "W03", shown, "a latitude up to 90 and a longitude up to 180 degrees")
        return None
    return f"{latitude:f} {longitude:f}"


def _population_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number <= MOST_PEOPLE:
        item.problem(prop, guid, "W04", value.value, f"a whole number from 0 to {MOST_PEOPLE}")
        return None
    return str(int(number))


def _date_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    node = item.nodes.get(guid)
    date = edtf_of(node["time"].value, node["precision"].value) if node is not None and "time" in node else None
    if date is None:
        item.problem(prop, guid, "W06", value.value, "a date from century to day, with its precision")
    return date


def _address_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    if not _is_address(value.value):
        item.problem(prop, guid, "W07", value.value, "an http(s) address without blanks and quotes")
        return None
    return value.value


def _number_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    if not re.fullmatch(r"[1-9]\d{0,10}", value.value, re.ASCII):
        item.problem(prop, guid, "W01", value.value, "a GeoNames number")
        return None
    return value.value


def _text_value(item: _Item, guid: str, prop: str, value: Term) -> str | None:
    text = value.value.strip()
    if not text or _CONTROL.search(text):
        item.problem(prop, guid, "W05", value.value, "a text of visible letters")
        return None
    return text


_READERS: Final = {
    **dict.fromkeys(ITEM_VALUED, _item_value),
    "P625": _point_value,
    "P1082": _population_value,
    "P571": _date_value,
    "P576": _date_value,
    "P856": _address_value,
    "P1566": _number_value,
}


# --------------------------------------------------------------------------------------------------- terms


def _guid(row: Row) -> str | None:
    """The id of a statement as Wikidata's pages show it (`$` after the item), from its IRI (`-` there)."""
    name = row["statement"].value.removeprefix(WDS) if "statement" in row else ""
    return name.replace("-", "$", 1) if _GUID.fullmatch(name) else None


def _qid(value: Term) -> str | None:
    name = value.value.removeprefix(WD)
    return name if value.kind == "iri" and name != value.value and is_item(name) else None


def _is_address(text: str) -> bool:
    try:
        iri(text)
    except ValueError:
        return False
    return re.match(r"https?://[^/]", text) is not None and not _CONTROL.search(text)


def edtf_of(time: str, precision: str) -> str | None:
    """A time of Wikibase as a partial date of its precision (7 century, 8 decade, 9 year, 10 month, 11 day).

    None for a coarser one and for a day that no calendar has.

    >>> edtf_of("1989-11-17T00:00:00Z", "11"), edtf_of("1955-01-01T00:00:00Z", "9")
    ('1989-11-17', '1955')
    """
    match = _TIME.fullmatch(time)
    if match is None:
        return None
    sign, year, month, day = match.groups()
    year = ("-" if sign == "-" else "") + year
    forms = {"11": f"{year}-{month}-{day}", "10": f"{year}-{month}", "9": year, "8": f"{year[:-1]}X"}
    forms |= {"14": forms["11"], "13": forms["11"], "12": forms["11"], "7": f"{year[:-2]}XX"}
    try:
        return PartialDate(forms[precision]).edtf
    except (KeyError, ValueError):
        return None
