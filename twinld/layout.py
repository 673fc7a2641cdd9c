r"""The column layout of `data/sources/<name>/`: which files there are, their columns, their inventory.

Every file is UTF-8 CSV with a header, `\n` line ends, rows sorted and each once. `files.csv` is the inventory
(file, rows, sha256): with it a file that was cut, even at a line end, is told from a whole one.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from twinld.iris import item_number

# An item is a Wikidata item, or where the source names none, an identifier of its own: `<source>:<key>`, such as
# `wdqs-2017:graz|austria`; which place that is, is decided when records are resolved.

STATEMENTS: Final = ("subject", "object", "statement", "rank", "start", "end", "point_in_time", "qualifiers")
"""statements.csv: one P190 statement or link a row. `statement` is Wikidata's id of it; `rank` is empty for
normal; dates are EDTF; `qualifiers` are further item-valued ones as `P2241=Q21655367`, `;` between;
`P580=somevalue` is a start that exists and is unknown, `P580.calendar=Q1985786` one of the Julian calendar."""

PLACES: Final = ("item", "row", "latitude", "longitude", "country", "population", "geonames", "iso_code")
"""places.csv: facts about one place a row. `row` tells several rows of one item apart (a hash of the raw row),
else it is empty; `country` is in the source's own words: a QID, an ISO 3166-1 code or a name."""

LABELS: Final = ("item", "row", "language", "label")
"""labels.csv: one label a row; language `und` where the source does not say it."""

LEVELS: Final = ("item", "row", "level")
"""levels.csv: the administrative level of a row of places.csv, the short name of a concept of twv:level."""

AGREEMENTS: Final = (
    "subject", "object", "row", "kind", "start", "end", "point_in_time", "relation", "local_term", "themes", "status",
    "locator", "quote",
)  # fmt: skip
"""agreements.csv: one agreement that a source tells of in words a row. `row` tells it from others; `kind`,
`local_term`, `themes` (`;` between) and `status` are short names of concepts; `relation` is empty for the first of the
pair; `locator` says where it stands, `quote` with which words."""

REDIRECTS: Final = ("item", "target")
"""redirects.csv: an item that redirects to another."""

FACTS: Final = ("subject", "property", "object")
"""facts.csv: other statements between items (P17 country is read; the rest is kept for later)."""

VALUES: Final = ("item", "property", "value", "statement", "rank", "start", "end", "point_in_time")
"""values.csv: one statement of Wikidata about a place a row, of any rank. `value` is an item, a text, an EDTF date,
a number, `latitude longitude`, or `somevalue` (it exists and is unknown) or `novalue` (there is none)."""

ALIASES: Final = ("item", "language", "alias")
"""aliases.csv: one further name a row."""

REFERENCES: Final = ("item", "statement", "reference", "property", "value")
"""references.csv: one part of a reference that Wikidata gives for a statement a row: P854 an address, P248 the item
it is stated in, P143 the item it was imported from (weak), P813 the day it was read. `reference` is its hash."""

REVISIONS: Final = ("item", "state", "revision", "modified", "retrieved", "wave")
"""revisions.csv: one item that was asked for a row. `state` is `read`, `redirect` or `deleted`; `retrieved` is when it
was read (UTC); `wave` is 0 for an item of ours and 1 for a partner that we did not know."""

PROBLEMS: Final = ("item", "property", "statement", "rule", "found", "right")
"""problems.csv: what was found and not taken over, and what would be right."""

INVENTORY: Final = ("file", "rows", "sha256")

FILES: Final = {
    "statements.csv": STATEMENTS,
    "places.csv": PLACES,
    "labels.csv": LABELS,
    "levels.csv": LEVELS,
    "agreements.csv": AGREEMENTS,
    "redirects.csv": REDIRECTS,
    "facts.csv": FACTS,
    "values.csv": VALUES,
    "aliases.csv": ALIASES,
    "references.csv": REFERENCES,
    "revisions.csv": REVISIONS,
    "problems.csv": PROBLEMS,
}


def in_order(name: str, rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows of a file as they stand in it: sorted by their leading items, each once."""
    items = 2 if name in {"statements.csv", "agreements.csv", "redirects.csv"} else 1
    return sorted(set(rows), key=lambda row: (*(item_number(cell) for cell in row[:items]), row[items:]))


def write_file(folder: Path, name: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write one file of the layout: sorted by its leading items, each row once."""
    columns = FILES[name]
    unique = in_order(name, rows)
    with (folder / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(unique)


def row_hash(*cells: str) -> str:
    """Eight hexadecimal digits that stand for the content of a raw row."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:8]


def count_rows(path: Path) -> int:
    """How many rows a CSV file has below its header (a line break inside quotes is no new row)."""
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = 0
        try:
            for row in csv.reader(lines):
                rows += bool(row)
        except csv.Error:  # an open quote: what follows is no rows
            pass
        return max(rows - 1, 0)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_inventory(folder: Path) -> dict[str, int]:
    """Write `files.csv` for the files of the layout that stand in `folder`; returns the rows of each."""
    present = [name for name in FILES if (folder / name).exists()]
    counts = {name: count_rows(folder / name) for name in present}
    with (folder / "files.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(INVENTORY)
        writer.writerows((name, str(counts[name]), sha256(folder / name)) for name in sorted(present))
    return counts
