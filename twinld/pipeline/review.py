"""Report `review.csv`: places that a source names without an item and that a person is to decide; and what was decided.

The report has one column to fill in: `decision`, an item (the place is that one), `new` (a place that no source of ours
has) or `none` (no place, or nobody can tell). `twinld decide` takes the rows over into `data/reconciliation.csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from twinld.errors import SourceError
from twinld.files import BadRow, read_rows
from twinld.model import PlaceFacts, Record
from twinld.resolve import Resolution
from twinld.resolve.decisions import RECONCILIATION

COLUMNS: Final = (
    "item", "source", "name", "country", "latitude", "longitude", "population", "candidates", "decision", "reason",
)  # fmt: skip
_ITEM: Final = re.compile(r"Q[1-9]\d*", re.ASCII)


def write_review(path: Path, resolution: Resolution, records: Iterable[Record]) -> int:
    """Write the undecided places, best scores first, each with its candidates; returns how many there are.

    Nothing is written when there are none.
    """
    waiting = {local: match for local, match in resolution.matches.items() if match.state == "review"}
    if not waiting:
        return 0
    wanted = {candidate.key for match in waiting.values() for candidate in match.candidates}
    first: dict[str, PlaceFacts] = {}
    names: dict[str, str] = {}
    for row in records:
        if not isinstance(row, PlaceFacts):
            continue
        if row.item in waiting:
            first.setdefault(row.item, row)
        key = resolution.identity.key(row.item)
        if key in wanted and row.labels:
            names.setdefault(key, dict(row.labels).get("en", row.labels[0][1]))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for local, match in sorted(waiting.items(), key=lambda item: (-item[1].score, item[0])):
            row = first[local]
            candidates = "; ".join(
                f"{found.key} {names.get(found.key, '')} {found.score:g} ({found.why})" for found in match.candidates
            )
            facts = (row.country, row.latitude, row.longitude, row.population)
            name = row.labels[0][1] if row.labels else ""
            writer.writerow((local, row.source, name, *("" if v is None else v for v in facts), candidates, "", ""))
    return len(waiting)


def read_review(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """The decisions of a review as (item, place, role, reason); SourceError at the first that is none."""
    for row in read_rows(path, ("item", "decision", "reason")):
        if isinstance(row, BadRow):
            raise SourceError(str(row))
        where, cells = row
        decision = cells["decision"].strip()
        if not decision:
            continue
        if decision in {"new", "none"}:
            yield cells["item"], "", decision, cells["reason"]
        elif _ITEM.fullmatch(decision):
            yield cells["item"], decision, "same", cells["reason"]
        else:
            raise SourceError(f"{where}: decision {decision!r} is none; write an item such as Q100, new or none")


def decide(review: Path, reconciliation: Path, day: str) -> int:
    """Take the decisions of a review over into `reconciliation.csv`; returns how many rows are new or changed.

    A later decision on an item takes the place of the earlier one; the other rows stay as they are, the file is sorted.
    """
    rows: dict[str, Mapping[str, str]] = {}
    if reconciliation.exists():
        for row in read_rows(reconciliation, RECONCILIATION):
            if isinstance(row, BadRow):
                raise SourceError(str(row))
            rows[row[1]["item"]] = row[1]
    changed = 0
    for item, place, role, reason in read_review(review):
        old = rows.get(item)
        if old is not None and (old["place"], old["role"]) == (place, role):
            continue
        decided = {
            "item": item,
            "place": place,
            "role": role,
            "decided_on": day,
            "reason": reason or "decided in review",
        }
        rows[item] = decided
        changed += 1
    if changed:
        with reconciliation.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(RECONCILIATION)
            writer.writerows(tuple(row[column] for column in RECONCILIATION) for _, row in sorted(rows.items()))
    return changed
