"""What a release and the stored extract of Wikidata know that bears on a contribution: statements, names, dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

from twinld.enrich.checkpoint import stored_rows
from twinld.enrich.client import Service, in_parts
from twinld.enrich.questions import BATCH, LEAST, about
from twinld.errors import SourceError
from twinld.files import BadRow, read_rows
from twinld.model import TWINNED
from twinld.queries import query
from twinld.store import Store
from twinld.store.scan import Scan, scan_of
from twinld.terms import iri, parse
from twinld.vocab import BASE, ID, TW, WD, rebase

_P190: Final = re.compile(r"(Q\d+) P190 (Q\d+)")
_CIRCULAR: Final = re.compile(r"https?://([^/:]+\.)?(wikipedia|wikidata|dbpedia)\.org([/:]|$)", re.IGNORECASE)
"""Addresses that Wikidata takes for no source, as it does P143: they may say what it says itself."""
_NOBODY: Final = "<>"
Pair = tuple[str, str]
"""The items of a statement: whose it is, and what it names."""


class Said(NamedTuple):
    """One statement or link of a source about two items; `side` is "" for a link without direction."""

    record: str
    source: str
    pair: Pair
    of: str
    side: str
    refuted: bool


@dataclass
class Known:
    """What the release says. `names` are those that a crawl gives an item; `dates` are by agreement and field, each
    with the records that claim it; `places` maps a place to its item, `codes` an item to its country's code,
    `agreements` each to the slugs of its parties, sorted; `twinnings` are those of which P190 can tell,
    `worded` those that a statement of Wikidata says of which only the names of the two places are known. `unmatched`
    are places without an item, or names that a record gives one: (place or record, name, country in the record's
    words, source), sorted.
    """

    said: list[Said] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    dates: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    carries: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    unanswered: list[tuple[str, str]] = field(default_factory=list)
    agreements: dict[str, list[str]] = field(default_factory=dict)
    twinnings: set[str] = field(default_factory=set)
    worded: set[str] = field(default_factory=set)
    unmatched: list[tuple[str, str, str, str]] = field(default_factory=list)

    def pair(self, agreement: str) -> Pair:
        """The items that carry the twinnings of the first two parties of an agreement; "" for one without item."""
        parties = self.agreements.get(agreement, [])
        items = [self.carries.get(slug) or self.places.get(slug, "") for slug in parties[:2]]
        return (*items, "", "")[0], (*items, "", "")[1]


@dataclass(frozen=True)
class Live:
    """One P190 statement of the stored extract, with its usable references (address, day it was read)."""

    pair: Pair
    guid: str
    rank: str
    start: str
    end: str
    qualifiers: str
    references: tuple[tuple[str, str], ...]
    referenced: bool


@dataclass
class Extract:
    """The stored extract: statements by pair, and of each item when it was read, where it redirects, if it is gone."""

    day: str = ""
    statements: dict[Pair, list[Live]] = field(default_factory=dict)
    retrieved: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    units: dict[str, set[str]] = field(default_factory=dict)
    types: dict[str, set[str]] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        return bool(self.retrieved)


def known_of(store: Store, base: str, scan: Scan | None = None) -> Known:
    """What a release says that bears on contributions; `scan` reads its graphs faster, where they are files."""
    known = Known()

    def ask(name: str) -> list[dict[str, str]]:
        rows = store.select(query(f"contribute_{name}" if name != "one_sided" else name, base))
        return [{key: term.value.replace(base, "", 1) for key, term in row.items()} for row in rows]

    id_, place = ID.removeprefix(BASE), "place/"
    refuted = {row["record"].removeprefix(f"{id_}record/") for row in ask("refuted")}
    of_wikidata = {row["source"].removeprefix(f"{id_}source/") for row in ask("wikidata")}
    for record, source, locator, of, side in _statements(scan or scan_of(store), store.graphs(), base):
        items = _P190.fullmatch(locator)
        if items is not None:
            one, other = items.groups()
            known.said.append(Said(record, source, (one, other), of, side, record in refuted))
        elif source in of_wikidata:  # read without its items: which one to edit is not known
            known.worded.add(of)
    known.said.sort()
    for row in ask("names"):
        known.names.setdefault(row["locator"], row["name"])
    for row in ask("dates"):
        key = row["agreement"].removeprefix(f"{id_}agreement/"), row["field"].rpartition("#")[2]
        known.dates.setdefault(key, defaultdict(list))[row["date"]].append(row["record"].removeprefix(f"{id_}record/"))
    for row in ask("places"):
        slug, item = row["place"].removeprefix(id_ + place), row["item"].removeprefix(WD)
        known.places[slug] = item
        if "carries" in row:
            known.carries[slug] = row["carries"].removeprefix(WD)
        if "code" in row:
            known.codes[item] = row["code"]
        if "own" in row:
            known.countries.add(item)
            known.codes[item] = row["own"]
    for row in sorted(ask("agreements"), key=lambda row: (row["agreement"], row["party"])):
        name = row["agreement"].removeprefix(id_)
        known.agreements.setdefault(name, []).append(row["party"].removeprefix(id_ + place))
        if row["kind"].rpartition("kind-")[2] in TWINNED:
            known.twinnings.add(name)
    for row in ask("unmatched"):
        name, _, country = row["name"].partition("|")
        source = row.get("source", "").removeprefix(f"{id_}source/")
        known.unmatched.append((row["thing"].removeprefix(id_), name, country, source))
    known.unmatched.sort()
    known.unanswered = sorted(
        (row["agreement"].removeprefix(id_), row["unanswered"].removeprefix(id_ + place))
        for row in ask("one_sided")
        if row["answered"] == "false"
    )
    return known


def _statements(scan: Scan, graphs: Iterable[str], base: str) -> Iterator[tuple[str, str, str, str, str]]:
    """The statements of P190 that sources make: record, source, locator, and what it is of and whose, "" for neither.

    Ids are without their type, but for what a record is of. Read from the graphs and not asked for: the strings of
    each row cost an engine 5 times as much.
    """
    names = [f"{rebase(TW, base)}{name}" for name in ("statedIn", "locator", "recordOf", "statedBySide")]
    stated_in, locator_of, record_of, side_of = map(iri, names)
    ids = rebase(ID, base)
    for graph in graphs:
        said: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for subject, predicate, value in scan(graph, names):
            said[subject].setdefault(predicate, []).append(value)
        for record, values in said.items():
            for locator in values.get(locator_of, ()):
                if " P190 " not in locator:
                    continue
                text, id_ = parse(locator).value, record[1:-1].removeprefix(f"{ids}record/")
                ofs, sides = values.get(record_of, [_NOBODY]), values.get(side_of, [_NOBODY])
                for source, of, side in product(values.get(stated_in, ()), ofs, sides):
                    yield (
                        id_,
                        source[1:-1].removeprefix(f"{ids}source/"),
                        text,
                        of[1:-1].removeprefix(ids),
                        side[1:-1].removeprefix(f"{ids}place/"),
                    )


def extract_of(folder: Path) -> Extract:
    """The stored extract of a folder; an empty one when there is none."""
    found = Extract()
    for item, rows in stored_rows(folder):
        for _, state, revision, _, retrieved, _ in rows.get("revisions.csv", ()):
            if state == "deleted":
                found.deleted.add(item)
            elif state == "read":
                found.retrieved[item] = retrieved
                found.revisions[item] = int(revision or 0)
        for _, target in rows.get("redirects.csv", ()):
            found.redirects[item] = target
        parts: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for _, guid, reference, prop, value in rows.get("references.csv", ()):
            parts[guid, reference][prop] = value
        for row in rows.get("values.csv", ()):
            if row[4] != "deprecated":
                if row[1] in {"P131", "P1382"}:
                    found.units.setdefault(item, set()).add(row[2])
                elif row[1] == "P31":
                    found.types.setdefault(item, set()).add(row[2])
        for subject, obj, guid, rank, start, end, _, qualifiers in rows.get("statements.csv", ()):
            own = [snaks for (of, _), snaks in sorted(parts.items()) if of == guid]
            usable = tuple(
                (s["P854"], s["P813"])
                for s in own
                if "P854" in s and len(s.get("P813", "")) == 10 and not _CIRCULAR.match(s["P854"])
            )
            live = Live(
                (subject, obj), guid, rank, start, end, qualifiers, usable, any("P854" in s or "P248" in s for s in own)
            )
            found.statements.setdefault(live.pair, []).append(live)
    toml = folder / "source.toml"
    if toml.exists():
        line = next(x for x in toml.read_text(encoding="utf-8").splitlines() if x.startswith("extracted"))
        found.day = line.partition("=")[2].strip().strip('"')
    return found


def confirm(extract: Extract, service: Service, moment: str) -> int:
    """Ask a service which items with statements are still at the revision that was read: those count as read now.

    Returns how many they are. One request per 200 items; an item that has changed is left as it was.
    """
    items = sorted({item for pair in extract.statements for item in pair if item in extract.revisions})
    confirmed: set[str] = set()
    for row in in_parts(items, lambda part: service.select(about("revisions", part)), BATCH, LEAST):
        item = row["item"].value.removeprefix(WD)
        if "revision" in row and row["revision"].value == str(extract.revisions.get(item)):
            extract.retrieved[item] = moment
            confirmed.add(item)
    return len(confirmed)


def exclusive_items(path: Path) -> dict[str, tuple[str, str]]:
    """Places that call one partner their only one: item -> (partner, note). A bad row is a SourceError."""
    found = {}
    if path.exists():
        for row in read_rows(path, ("item", "partner", "source_url", "note")):
            if isinstance(row, BadRow):
                raise SourceError(str(row))
            _, cells = row
            found[cells["item"]] = (cells["partner"], f"{cells['note']} ({cells['source_url']})")
    return found
