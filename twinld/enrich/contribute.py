"""Giving back: worklists for people who edit Wikidata, and edits that are ready to be read and run.

Everything is written to one folder: a CSV a worklist, all lists by country, batches of QuickStatements with a report
beside each, contradictions for the Mismatch Finder, and `index.json`, which the page /contribute shows.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from twinld.enrich.evidence import Extract, Known, Live, Pair
from twinld.enrich.offers import Offer, offer_of, read_offers, text_of, updated
from twinld.enrich.onesided import CLASSES, Case, classified, live_query
from twinld.enrich.quickstatements import Edit, batches, contradict, line, proposed, report, table

LISTS: Final = {
    "one-sided": "Agreements that one side does not state: each with a class and its evidence",
    "missing-start": "Statements without a start, where the other side or another source gives one",
    "missing-end": "Statements without an end, where the other side or another source gives one",
    "missing-reference": "Statements without a reference, where the other side gives one",
    "missing-pair": "Agreements that no statement of Wikidata says",
    "dates-in-conflict": "Agreements whose sources give dates that exclude each other",
    "moved-items": "Items of ours that redirect or were deleted",
    "settlement-or-municipality": "Places whose twinnings stand on another item of the same name",
}
"""Every worklist with its title."""
_COLUMNS: Final = ("list", "country", "item", "about", "field", "found", "evidence", "extract", "query")
ONE_SIDED: Final = (
    "class", "country", "item", "name", "about", "about_name", "evidence", "statements_of_other_side", "sister",
    "merged",
    "referenced", "bulk_list", "thing", "extract", "query",
)  # fmt: skip
MISMATCH: Final = (
    "item_id", "statement_guid", "property_id", "wikidata_value", "meta_wikidata_value", "external_value",
    "external_url", "type",
)  # fmt: skip
MIX_N_MATCH: Final = ("id", "name", "desc", "url", "type", "q")
"""The columns that Mix'n'match imports: id and name are given, `q` is what its users find."""
ASK: Final = "ask the live service"


@dataclass(frozen=True, order=True)
class Row:
    """One row of a worklist other than the one-sided ones."""

    list: str
    country: str
    item: str
    about: str
    field: str
    found: str
    evidence: str
    query: str = ""


@dataclass(frozen=True)
class Worklists:
    """The lists as written: the one-sided cases, rows by list, and what index.json says of each file."""

    cases: list[Case]
    counts: dict[str, int]
    extract_day: str
    files: list[dict[str, object]]

    @property
    def classes(self) -> dict[str, int]:
        """How many one-sided cases each class has."""
        return {kind: sum(case.kind == kind for case in self.cases) for kind in CLASSES}


@dataclass(frozen=True)
class Contribution:
    """What was written: rows by list, classes of the one-sided ones, edits offered now, and offers by state."""

    lists: dict[str, int]
    classes: dict[str, int]
    offered: int
    states: dict[str, int]
    extract_day: str


def contribute(
    known: Known, extract: Extract, exclusive: dict[str, tuple[str, str]], ledger: Path, out: Path, today: date,
    pages: str = "https://w3id.org/twinld/",
) -> Contribution:  # fmt: skip
    """Write all worklists and batches to `out`, and the ledger. Nothing that stands in the ledger is offered again."""
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    lists = worklists(known, extract, exclusive, new, pages)
    offers = updated(read_offers(ledger), extract, today.isoformat())
    offered = {offer.key for offer in offers}
    plausible = {case.pair for case in lists.cases if case.kind == "plausible"}
    edits = [edit for edit in proposed(extract, plausible, today) if edit.key not in offered]
    lists.files.extend(_write_batches(new, known, extract, edits, offers, today))
    states = dict(Counter(offer.state for offer in offers))
    write_index(new, lists, today.isoformat(), states)
    if offers:  # first the ledger: an edit is never offered without being in it
        ledger.parent.mkdir(parents=True, exist_ok=True)
        beside = ledger.with_name(f".{ledger.name}.new")
        beside.write_text(text_of(offers), encoding="utf-8")
        beside.replace(ledger)
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
    return Contribution(lists.counts, lists.classes, len(edits), states, extract.day)


def worklists(
    known: Known, extract: Extract, exclusive: dict[str, tuple[str, str]], out: Path,
    pages: str = "https://w3id.org/twinld/",
) -> Worklists:  # fmt: skip
    """Write the lists to the new folder `out`: what is missing or contradicted. Edits are proposed by `contribute`."""
    cases = classified(known, extract, exclusive)
    rows = _rows(known, extract, cases)
    files = _write_lists(out, extract, cases, rows)
    mismatches = _mismatches(known, extract, pages)
    _write(out / "mismatches.csv", MISMATCH, mismatches)
    files.append(_entry("mismatches.csv", "Contradictions, for the Mismatch Finder", len(mismatches)))
    _write(out / "mix-n-match.csv", MIX_N_MATCH, _unmatched(known, pages))
    files.append(_entry("mix-n-match.csv", "Places that no item is known for, for Mix'n'match", len(known.unmatched)))
    counted = Counter(row.list for row in rows)
    counts = {name: counted[name] for name in LISTS} | {"one-sided": len(cases)}
    return Worklists(cases, counts, extract.day, files)


def write_index(out: Path, lists: Worklists, day: str, states: dict[str, int]) -> None:
    """Write index.json, which the page /contribute reads; `day` is when the lists were made, `states` of the offers."""
    index = {
        "made": day,
        "extract": lists.extract_day,
        "classes": lists.classes,
        "offers": states,
        "files": lists.files,
    }
    (out / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _rows(known: Known, extract: Extract, cases: Sequence[Case]) -> list[Row]:
    found = [
        *_from_extract(known, extract),
        *_from_sources(known, extract),
        *_conflicts(known),
        *_moved(known, extract),
    ]
    found += _doubts(known, extract, cases)
    stated = {said.of for said in known.said}
    pairs = {frozenset(said.pair) for said in known.said}
    for thing in sorted(known.twinnings - stated - known.worded):
        pair = known.pair(thing)
        if all(pair) and frozenset(pair) not in pairs:
            code = known.codes.get(pair[0], "")
            found.append(Row("missing-pair", code, *pair, "P190", "no statement", thing, live_query(pair)))
    return sorted(set(found))


def _from_extract(known: Known, extract: Extract) -> list[Row]:
    """What one side of the stored extract has and the other lacks."""
    found = []
    for pair, rows in extract.statements.items():
        back = [row for row in extract.statements.get((pair[1], pair[0]), ()) if row.rank != "deprecated"]
        for row in rows:
            if row.rank == "deprecated" or not back:
                continue
            other = back[0]
            code = known.codes.get(pair[1], "")
            shown = _references(row)
            for name, prop, has, lacks in (
                ("missing-start", "P580", row.start, not other.start and "P580" not in other.qualifiers),
                ("missing-end", "P582", row.end, not other.end and "P582" not in other.qualifiers),
                ("missing-reference", "P854", shown if row.referenced else "", not other.referenced),
            ):
                if has and lacks:
                    why = f"{row.guid} {shown}".strip()
                    found.append(Row(name, code, pair[1], pair[0], prop, has, why, live_query(pair)))
    return found


def _from_sources(known: Known, extract: Extract) -> list[Row]:
    """Starts and ends that some source gives, beside each statement of the pair that is not known to have one.

    A statement that stands in the extract is known; of any other the service has to be asked.
    """
    found = []
    pairs = {said.record: said.pair for said in known.said if said.side and said.source.startswith("wikidata")}
    for said in known.said:
        if not said.side or said.refuted:
            continue
        rows = [row for row in extract.statements.get(said.pair, ()) if row.rank != "deprecated"]
        if extract.exists and not rows:
            continue
        for name, field, prop in (("missing-start", "start", "P580"), ("missing-end", "end", "P582")):
            dates = known.dates.get((said.of.removeprefix("agreement/"), field), {})
            if not dates or any(said.pair == pairs.get(record) for records in dates.values() for record in records):
                continue
            if any((row.start if prop == "P580" else row.end) or prop in row.qualifiers for row in rows):
                continue
            why = "; ".join(f"{value}: {', '.join(sorted(dates[value]))}" for value in sorted(dates))
            code = known.codes.get(said.pair[0], "")
            found.append(Row(name, code, *said.pair, prop, " ".join(sorted(dates)), why, live_query(said.pair)))
    return found


def _references(row: Live) -> str:
    return " ".join(url for url, _ in row.references)


def _conflicts(known: Known) -> list[Row]:
    """Dates of one agreement that exclude each other, with the records that claim them."""
    found = []
    for (slug, field), dates in known.dates.items():
        values = sorted(dates)
        if any(contradict(one, other) for one in values for other in values):
            evidence = "; ".join(f"{value}: {', '.join(sorted(dates[value]))}" for value in values)
            pair = known.pair(f"agreement/{slug}")
            code = known.codes.get(pair[0], "")
            query = live_query(pair) if all(pair) else ""
            why = f"agreement/{slug}; {evidence}"
            found.append(Row("dates-in-conflict", code, *pair, field, " ".join(values), why, query))
    return found


def _moved(known: Known, extract: Extract) -> list[Row]:
    ours = {*known.places.values(), *known.carries.values()}
    rows = [
        Row("moved-items", known.codes.get(old, ""), old, new, "redirect", f"redirects to {new}", "")
        for old, new in extract.redirects.items()
    ]
    rows += [
        Row("moved-items", known.codes.get(item, ""), item, "", "deleted", "deleted", "")
        for item in extract.deleted & ours
    ]
    return rows


def _doubts(known: Known, extract: Extract, cases: Sequence[Case]) -> list[Row]:
    """Items without statements beside one of the same name, or containing it, that has them."""
    stated: dict[str, int] = Counter(said.pair[0] for said in known.said if said.side)
    stated.update(Counter(one for one, _ in extract.statements))
    named: dict[str, set[str]] = defaultdict(set)
    for item, name in known.names.items():
        named[name].add(item)
    found = set()
    for case in cases:
        other = case.pair[1]
        if case.kind == "sister-item" and not stated[other]:
            found.add((other, case.sister.split(" ")[0], f"{case.pair[0]} P190 {other}, but {case.sister}"))
    for item, units in extract.units.items():
        for unit in units:
            same = known.names.get(unit) == known.names.get(item) is not None
            if same and not stated[item] and stated[unit]:
                found.add((item, unit, f"{unit} contains {item} and has {stated[unit]} statements"))
    for slug, item in known.places.items():
        carries = known.carries.get(slug, item)
        if carries != item:
            found.add((item, carries, "decided in data/reconciliation.csv"))
    return [
        Row("settlement-or-municipality", known.codes.get(item, ""), item, other, "P190", "stands on another item", why)
        for item, other, why in found
    ]


def _mismatches(known: Known, extract: Extract, pages: str) -> list[tuple[str, ...]]:
    """Dates of the stored extract that exclude what another source says of the agreement, as the Mismatch Finder
    takes them: the qualifier of a statement, beside the value of ours and its page.
    """
    of_pair: dict[Pair, str] = {said.pair: said.of for said in known.said if said.of.startswith("agreement/")}
    found: list[tuple[str, ...]] = []
    for pair, rows in sorted(extract.statements.items()):
        slug = of_pair.get(pair, "").removeprefix("agreement/")
        for row in rows:
            for field, prop, value in (("start", "P580", row.start), ("end", "P582", row.end)):
                others = [
                    date for date, records in known.dates.get((slug, field), {}).items()
                    if any(not record.startswith("wikidata-live/") for record in records)
                ]  # fmt: skip
                for other in sorted(others):
                    if row.rank != "deprecated" and value and contradict(value, other):
                        url = f"{pages}id/agreement/{slug}"
                        found.append((pair[0], row.guid, prop, value, "", other, url, "qualifier"))
    return found


def _unmatched(known: Known, pages: str) -> list[tuple[str, ...]]:
    """Places and names without an item, each with its country and source, and its page here."""
    return [
        (thing, name, ", ".join(part for part in (country, source) if part), f"{pages}id/{thing}", "", "")
        for thing, name, country, source in known.unmatched
    ]


# ------------------------------------------------------------------------------------------------------- files


def _write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _entry(name: str, title: str, rows: int, group: str = "") -> dict[str, object]:
    return {"name": name, "title": title, "rows": rows, "group": group}


def _write_lists(out: Path, extract: Extract, cases: Sequence[Case], rows: Sequence[Row]) -> list[dict[str, object]]:
    """Every worklist, then the same by country."""
    day = extract.day or "none"
    one_sided = [
        (
            case.kind, case.country, case.pair[0], case.names[0], case.pair[1], case.names[1], case.evidence,
            case.object_statements, case.sister, case.merged, case.referenced, ASK, case.thing, day, case.query,
        )
        for case in cases
    ]  # fmt: skip
    _write(out / "one-sided.csv", ONE_SIDED, one_sided)
    files = [_entry("one-sided.csv", LISTS["one-sided"], len(cases), "list")]
    for name in LISTS:
        if name == "one-sided":
            continue
        of_list = [_cells(row, day) for row in rows if row.list == name]
        _write(out / f"{name}.csv", _COLUMNS, of_list)
        files.append(_entry(f"{name}.csv", LISTS[name], len(of_list), "list"))
    by_country: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for case in cases:
        row = Row("one-sided", case.country, case.pair[0], case.pair[1], "P190", case.kind, case.evidence, case.query)
        by_country[case.country].append(_cells(row, day))
    for row in rows:
        by_country[row.country].append(_cells(row, day))
    for code, found in sorted(by_country.items()):
        name = f"country-{code.lower() or 'unknown'}.csv"
        _write(out / name, _COLUMNS, found)
        files.append(_entry(name, f"All lists, items of {code or 'an unknown country'}", len(found), "country"))
    return files


def _cells(row: Row, day: str) -> tuple[str, ...]:
    return (row.list, row.country, row.item, row.about, row.field, row.found, row.evidence, day, row.query)


def _write_batches(
    out: Path, known: Known, extract: Extract, edits: Sequence[Edit], offers: list[Offer], today: date
) -> list[dict[str, object]]:
    """Batches with their reports; the ledger `offers` gets a row for every edit."""
    files = []
    (out / "quickstatements").mkdir(parents=True, exist_ok=True)
    for batch, found in batches(edits):
        name = f"quickstatements/{today.isoformat()}-{batch}"
        (out / f"{name}.qs").write_text("".join(f"{line(edit)}\n" for edit in found), encoding="utf-8")
        (out / f"{name}.csv").write_text(table(found), encoding="utf-8")
        (out / f"{name}.md").write_text(report(found, batch, known.names, extract.day), encoding="utf-8")
        offers.extend(offer_of(edit, today.isoformat(), f"{name}.qs") for edit in found)
        title = f"Proposed edits: {batch}"
        files += [_entry(f"{name}.{suffix}", title, len(found), "edits") for suffix in ("md", "qs", "csv")]
    return files
