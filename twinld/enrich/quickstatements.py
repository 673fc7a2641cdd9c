"""Proposed edits of Wikidata as QuickStatements, for a person to read and run (format 1, and CSV).

Only additions, each with a reference that says where it is stated and when that was read, only to items that were read
from the service within seven days, and nothing that the extract has, contradicts, or was offered before.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from twinld.dates import PartialDate, day_key, is_before
from twinld.enrich.evidence import Extract, Live, Pair

MOST: Final = 50
"""Edits of one batch."""
FRESH_DAYS: Final = 7
BOT_POLICY: Final = "https://www.wikidata.org/wiki/Wikidata:Bots"
FIRST_GREGORIAN: Final = (1584, "01-01")
"""Earlier dates may be of the Julian calendar, which an extract does not always say: they are never exported."""
_PRECISION: Final = {"year": (9, "{}-00-00"), "month": (10, "{}-00"), "day": (11, "{}")}


@dataclass(frozen=True, order=True)
class Edit:
    """One edit: the statement `item` P190 `value` (new for kind `reciprocal` and `pair`, else the one that stands
    there), qualifiers as (property, EDTF date), references as (address, day it was read).
    """

    kind: str
    item: str
    value: str
    qualifiers: tuple[tuple[str, str], ...]
    references: tuple[tuple[str, str], ...]
    why: str = ""

    @property
    def key(self) -> str:
        """What says that two edits are one: the kind, the statement and the dates, not the references."""
        dates = "/".join(f"{prop}={value}" for prop, value in self.qualifiers)
        return " ".join(part for part in (self.kind, self.item, "P190", self.value, dates) if part)


def proposed(extract: Extract, plausible: set[Pair], today: date) -> list[Edit]:
    """Every edit that the stored extract itself gives reason for, sorted; see the top of this file.

    `plausible` are one-sided statements (item that states it, item that does not) that nothing speaks against.
    """
    edits: list[Edit] = []
    for pair, rows in sorted(extract.statements.items()):
        back = extract.statements.get((pair[1], pair[0]), [])
        standing = [row for row in rows if row.rank != "deprecated"]
        if not standing or any(row.rank == "deprecated" for row in (*rows, *back)):
            continue
        if not all(_fresh(item, extract, today) for item in pair):
            continue
        edits.extend(_from_the_other_side(pair, standing, back, plausible))
    return sorted(set(edits))


def _from_the_other_side(pair: Pair, rows: list[Live], back: list[Live], plausible: set[Pair]) -> Iterable[Edit]:
    """What the statement on one side and its reference give the other side."""
    row = next((row for row in rows if row.references), None)
    if row is None:
        return
    item, value = pair[1], pair[0]
    why = f"{pair[0]} P190 {pair[1]} ({row.guid}) says so, with this reference"
    start, end = exportable(row.start, row, "P580"), exportable(row.end, row, "P582")
    if not back:
        if pair in plausible and not row.end and "P582" not in row.qualifiers:
            yield Edit("reciprocal", item, value, (("P580", start),) if start else (), row.references, why)
        return
    other = back[0]
    if len(back) > 1 or contradict(row.start, other.start) or contradict(row.end, other.end):
        return
    added = []
    if start and not other.start and "P580" not in other.qualifiers and not _before(other.end, start):
        added.append(("start", "P580", start))
    if end and not other.end and "P582" not in other.qualifiers and not _before(end, other.start):
        added.append(("end", "P582", end))
    for kind, prop, day in added:
        yield Edit(kind, item, value, ((prop, day),), row.references, why)
    if not added and not other.referenced:
        yield Edit("reference", item, value, (), row.references, why)


def exportable(text: str, row: Live, prop: str) -> str:
    """A date that QuickStatements can carry: a year, a month or a day of the Gregorian calendar; else "".

    >>> row = Live(("Q1", "Q2"), "", "", "", "", "", (), False)
    >>> exportable("1989-11", row, "P580"), exportable("0836", row, "P580"), exportable("198X", row, "P580")
    ('1989-11', '', '')
    """
    if not text or f"{prop}.calendar" in row.qualifiers or not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return ""
    earliest = PartialDate(text).earliest
    return text if earliest is not None and day_key(earliest) >= FIRST_GREGORIAN else ""


def _fresh(item: str, extract: Extract, today: date) -> bool:
    read = extract.retrieved.get(item, "")
    return bool(read) and timedelta(0) <= today - date.fromisoformat(read[:10]) <= timedelta(days=FRESH_DAYS)


def contradict(one: str, other: str) -> bool:
    """Whether two dates exclude each other; the more exact one of two that agree is no contradiction."""
    return _before(one, other) or _before(other, one)


def _before(text: str, other: str) -> bool:
    return bool(text and other) and is_before(PartialDate(text), PartialDate(other))


# -------------------------------------------------------------------------------------------------------- text


def time(text: str) -> str:
    """A date as QuickStatements writes it, always with its precision.

    >>> time("1983"), time("1967-01"), time("1989-11-17")
    ('+1983-00-00T00:00:00Z/9', '+1967-01-00T00:00:00Z/10', '+1989-11-17T00:00:00Z/11')
    """
    precision, form = _PRECISION[PartialDate(text).precision]
    return f"+{form.format(text)}T00:00:00Z/{precision}"


def address(url: str) -> str:
    """An address in quotes; what would end the value or the column there is percent-encoded (RFC 3986, 2.1).

    >>> address("https://a.example/?b=1|2")
    '"https://a.example/?b=1%7C2"'
    """
    return '"' + re.sub(r'["|\s]', lambda match: f"%{ord(match[0]):02X}", url) + '"'


def line(edit: Edit) -> str:
    """One line of format 1: cells with tabs between, a second reference begun by `!S`."""
    cells = [edit.item, "P190", edit.value]
    for prop, value in edit.qualifiers:
        cells += [prop, time(value)]
    for number, (url, read) in enumerate(edit.references):
        cells += ["!S854" if number else "S854", address(url), "S813", time(read)]
    return "\t".join(cells)


def table(edits: Sequence[Edit]) -> str:
    """Edits as CSV: one row a reference, since a column can stand there once."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("qid", "P190", "qal580", "qal582", "S854", "s813"))
    for edit in edits:
        dates = dict(edit.qualifiers)
        for number, (url, read) in enumerate(edit.references):
            start, end = ("", "") if number else (dates.get("P580", ""), dates.get("P582", ""))
            cells = [time(text) if text else "" for text in (start, end)]
            writer.writerow((edit.item, edit.value, *cells, address(url), time(read)))
    return out.getvalue()


def report(edits: Sequence[Edit], name: str, names: dict[str, str], day: str) -> str:
    """What a person reads before running a batch."""
    lines = [
        f"# {name}",
        "",
        f"{len(edits)} proposed edits of Wikidata, from an extract of {day}. Read each, open its reference, and run",
        "the file yourself in QuickStatements; twinld edits nothing. Many edits of one kind need the consent of the",
        f"community: see the bot policy, {BOT_POLICY}.",
        "",
        "| | item | says | about | dates | references | why |",
        "|---|---|---|---|---|---|---|",
    ]
    for number, edit in enumerate(edits, 1):
        dates = ", ".join(f"{prop} {value}" for prop, value in edit.qualifiers)
        sources = " ".join(f"<{address(url)[1:-1]}> (read {read})" for url, read in edit.references)
        who, whom = (f"{_cell(names.get(item, ''))} {item}".strip() for item in (edit.item, edit.value))
        lines.append(f"| {number} | {who} | P190, {edit.kind} | {whom} | {dates} | {sources} | {edit.why} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def batches(edits: Sequence[Edit]) -> list[tuple[str, list[Edit]]]:
    """Edits in batches of one kind and at most 50, each with a name."""
    found = []
    for kind in sorted({edit.kind for edit in edits}):
        of_kind = [edit for edit in edits if edit.kind == kind]
        for start in range(0, len(of_kind), MOST):
            found.append((f"{kind}-{start // MOST + 1:03d}", of_kind[start : start + MOST]))
    return found
