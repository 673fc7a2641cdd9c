"""Adding one agreement: find its places, show what is known of the pair, and write the row (docs/curated.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from twinld import ingest
from twinld.dates import PartialDate, is_before, partial_date
from twinld.errors import UsageError
from twinld.files import folder
from twinld.ingest.curated import TABLES, PlaceNames, agreement_of, read_curated
from twinld.iris import Ledger, item_number
from twinld.model import PlaceFacts, Redirect, Source, Statement
from twinld.resolve import Decisions
from twinld.resolve.identity import Identity, is_local
from twinld.resolve.places import Countries

COLUMNS: Final = TABLES["agreements.csv"]
MOST: Final = 9
"""How many candidates a name shows."""


@dataclass(frozen=True)
class Candidate:
    """A place that a name may mean: what tells namesakes apart."""

    item: str
    slug: str
    label: str
    country: str
    population: int | None

    def __str__(self) -> str:
        people = f", {self.population:,} inhabitants" if self.population is not None else ""
        return f"{self.label} ({self.country or 'country unknown'}{people}) {self.item} {self.slug}".rstrip()


@dataclass(frozen=True)
class Known:
    """What one source says of a pair: its kind and dates."""

    source: str
    where: str
    kind: str
    start: PartialDate | None
    end: PartialDate | None

    def __str__(self) -> str:
        dates = f"since {self.start}" if self.start else "no start"
        dates += f", until {self.end}" if self.end else ""
        return f"{self.source}: {self.kind}, {dates} ({self.where})"


@dataclass
class _Place:
    labels: dict[str, str] = field(default_factory=dict)
    country: str | None = None
    population: int | None = None


class Adding:
    """All that is known before a row is added: places by name, statements by pair. Reads `data` once."""

    def __init__(self, data: Path | None = None) -> None:
        self.data = data or folder("data")
        self.ledger = Ledger.read(self.data / "ids.csv")
        self._places: dict[str, _Place] = {}
        self._rows: list[PlaceFacts] = []
        self._names: dict[str, set[str]] = {}
        statements: list[Statement] = []
        redirects: list[Redirect] = []
        self._sources: dict[str, Source] = {}
        for name, path in ingest.source_folders(self.data).items():
            self._sources[name] = ingest.describe(path)
            for item in ingest.read(path, self._sources[name]):
                if isinstance(item, PlaceFacts) and not is_local(item.item):  # others have no place of their own
                    self._rows.append(item)
                elif isinstance(item, Statement):
                    statements.append(item)
                elif isinstance(item, Redirect):
                    redirects.append(item)
        self._typed = typed = read_curated(self.data, self.ledger, lambda: self._rows)
        self._sources.update(typed.sources)
        decisions = Decisions.read(self.data)
        self._identity = Identity(redirects, decisions)
        self._countries = Countries(self._rows, self._identity, decisions)
        for row in sorted(self._rows, key=lambda row: self._sources[row.source].rank):
            self._take(row)
        self._known: dict[frozenset[str], list[Statement]] = {}
        for statement in (*typed.statements, *statements):
            pair = frozenset((self._identity.key(statement.subject), self._identity.key(statement.obj)))
            self._known.setdefault(pair, []).append(statement)

    def _take(self, row: PlaceFacts) -> None:
        item = self._identity.key(row.item)
        place = self._places.setdefault(item, _Place())
        for tag, label in row.labels:
            place.labels.setdefault(tag, label)
            self._names.setdefault(label.casefold(), set()).add(item)
        if place.country is None and row.country is not None:
            place.country = self._countries.key(row.country)
        if place.population is None:
            place.population = row.population

    def candidates(self, name: str) -> list[Candidate]:
        """The places that a name, an item or a slug means: the most populous first; near names when it is none's."""
        row = self.ledger.row("place", name)
        if row is not None and row.state == "active":
            return [self._candidate(row.key)]
        if name in self._places:
            return [self._candidate(self._identity.key(name))]
        items = self._names.get(name.casefold(), set())
        found = [self._candidate(item) for item in items]
        return sorted(found, key=lambda place: (-(place.population or 0), item_number(place.item)))

    def _candidate(self, item: str) -> Candidate:
        place = self._places.get(item, _Place())
        label = place.labels.get("en") or next(iter(place.labels.values()), item)
        country = self._places.get(place.country or "", _Place()).labels.get("en", "")
        return Candidate(item, self.ledger.slug("place", item) or "", label, country, place.population)

    def known(self, one: str, other: str) -> list[Known]:
        """What the sources say of a pair of items, each different saying once."""
        found = self._known.get(frozenset((self._identity.key(one), self._identity.key(other))), [])
        said = {
            (s.source, s.kind, str(s.start), str(s.end)): Known(
                self._sources[s.source].title, s.where, s.kind, s.start, s.end
            )
            for s in found
        }
        return [said[key] for key in sorted(said)]

    def conflicts(self, row: Mapping[str, str], known: Iterable[Known]) -> list[str]:
        """Where a new row says something else than a source: other kind, other start or end."""
        found = []
        for other in known:
            if "unspecified" not in {row["kind"], other.kind} and row["kind"] != other.kind:
                found.append(f"kind: {row['kind']} here, {other.kind} in {other.source}")
            for column, stated in (("start", other.start), ("end", other.end)):
                if row[column] and stated is not None and not _agree(partial_date(row[column]), stated):
                    found.append(f"{column}: {row[column]} here, {stated} in {other.source}")
        return found

    def append(self, row: Mapping[str, str]) -> str:
        """Write a row to `data/curated/agreements.csv`; its file and line.

        Raises UsageError for a row that a build would refuse, or that stands there already.
        """
        table = self.data / "curated" / "agreements.csv"
        text = table.read_text(encoding="utf-8") if table.exists() else ",".join(COLUMNS) + "\n"
        text += "" if text.endswith("\n") else "\n"
        line = line_of(row)
        if line in text.splitlines(keepends=True):
            raise UsageError(f"{table}: this row stands there already")
        names = PlaceNames(lambda: self._rows, self.ledger)
        try:
            agreement_of("new row", dict(row), self._typed.passages, self._typed.by_url, names, self._typed.terms)
        except ValueError as error:
            raise UsageError(str(error)) from None
        table.parent.mkdir(exist_ok=True)
        table.write_text(text + line, encoding="utf-8")
        return f"{table}:{text.count(chr(10)) + 1}"


def _agree(one: PartialDate, other: PartialDate) -> bool:
    """Whether two partial dates can mean one day."""
    return not (is_before(one, other) or is_before(other, one))


def line_of(row: Mapping[str, str]) -> str:
    """A row of agreements.csv as CSV text with its line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([row.get(column, "") for column in COLUMNS])
    return out.getvalue()


# ------------------------------------------------------------------------------------------------- pasted lists


class _Cells(HTMLParser):
    """The rows of tables, and the items of lists as rows of one cell, of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A row, a cell or an item begins."""
        if tag in {"tr", "li"}:
            self.rows.append([])
        if tag in {"td", "th", "li"} and self.rows:
            self.rows[-1].append("")
            self._open.append(tag)
        if tag == "br" and self._open:
            self.rows[-1][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        """A cell or an item ends."""
        if self._open and tag == self._open[-1]:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._open and self.rows:
            self.rows[-1][-1] += data


def partner_list(text: str) -> list[list[str]]:
    """The rows of a pasted list: an HTML table or list, or CSV (comma, semicolon or tab); blanks made single.

    Raises UsageError when nothing in it is a row.
    """
    if "<" in text and ">" in text:
        parser = _Cells()
        parser.feed(text)
        rows = parser.rows
    else:
        lines = [line for line in text.splitlines() if line.strip()]
        divider = max(",;\t", key=lambda mark: sum(mark in line for line in lines)) if lines else ","
        rows = list(csv.reader(lines, delimiter=divider))
    tidy = [[" ".join(cell.split()) for cell in row] for row in rows]
    found = [row for row in tidy if any(row)]
    if not found:
        raise UsageError("there is no list in this text; paste an HTML table or list, or CSV with a partner a line")
    return found


def drafts(
    adding: Adding, place: str, rows: Iterable[list[str]], defaults: Mapping[str, str]
) -> Iterator[tuple[dict[str, str], list[Candidate], str]]:
    """Draft rows of a partner list: (row, the candidates for the partner, the text of the list's row).

    The first cell that names a place is the partner, the first later cell that is a date is the start; a partner
    that fits none or several places has place_b empty.
    """
    for cells in rows:
        partner = next((cell for cell in cells if adding.candidates(cell)), "")
        found = adding.candidates(partner) if partner else []
        start = next((date for cell in cells if cell != partner and (date := _start(cell))), "")
        row = {**dict.fromkeys(COLUMNS, ""), **defaults, "place_a": place, "start": start}
        row["place_b"] = found[0].item if len(found) == 1 else ""
        yield row, found[:MOST], " | ".join(cells)


def _start(cell: str) -> str:
    try:
        return partial_date(cell).edtf
    except ValueError:
        return ""
