"""The tables of `data/curated/`: their columns, and their rows with every bad one as a finding.

Nobody but us writes these tables, so one bad row stops a build; all of them are named first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from twinld.errors import SourceError, nearest
from twinld.files import BadRow, read_rows
from twinld.model import Finding

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "sources.csv": (
        "name", "class", "title", "publisher", "url", "language", "issued", "licence", "rights", "read_on", "file",
        "sha256", "rank",
    ),
    "passages.csv": ("id", "source", "offset", "quote", "verdict", "reason", "names"),
    "agreements.csv": (
        "place_a", "place_b", "kind", "start", "end", "source_url", "quote", "read_on", "relation", "local_term",
    ),
    "things.csv": ("id", "class", "labels", "alt_labels", "wikidata_item", "note"),
    "claims.csv": ("passage", "subject", "property", "value", "fact"),
    "statistics.csv": ("about", "indicator", "value", "bound", "ref_year", "area", "passage"),
    "memberships.csv": ("member", "network", "start", "end", "passage"),
    "offices.csv": ("person", "office", "on_behalf_of", "start", "end", "passage"),
    "contradictions.csv": ("one", "relation", "other", "id", "note"),
}  # fmt: skip
"""Every table and its columns (docs/curated.md)."""

RULE: Final = "C01"
"""The rule of a row of a curated table that cannot be used."""
NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
URL: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
QID: Final = re.compile(r"Q[1-9]\d{0,11}", re.ASCII)


@dataclass
class Rows:
    """Reads the tables of one folder, and keeps what is wrong with them."""

    folder: Path
    findings: list[Finding] = field(default_factory=list)

    def read(self, table: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The rows of a table as ("file:line", cells); none when there is no such file. A row that is the same as
        one before it is refused.
        """
        if not (self.folder / table).exists():
            return
        seen: dict[tuple[str, ...], str] = {}
        try:
            for item in read_rows(self.folder / table, TABLES[table]):
                if isinstance(item, BadRow):
                    self.refuse(item.where, f"{item.found}; {item.right}")
                    continue
                where, cells = item
                row = tuple(cells.values())
                if row in seen:
                    self.refuse(where, f"this row stands already at line {seen[row].rpartition(':')[2]}; keep one")
                    continue
                seen[row] = where
                yield where, {name: cell.strip() for name, cell in cells.items()}
        except SourceError as error:
            where, _, message = str(error).partition(": ")
            self.refuse(where, message)

    def refuse(self, where: str, message: str, focus: str = "") -> None:
        """Keep what is wrong with a row."""
        self.findings.append(Finding(RULE, "Violation", "curated", focus or where, message, where))


def one_of(column: str, value: str, choices: Collection[str]) -> str:
    """`value` when it is one of `choices`; ValueError with the nearest."""
    if value not in choices:
        raise ValueError(f"{column} {value!r} is not one; {nearest(value, choices, column + 's')}")
    return value


def like(column: str, value: str, pattern: re.Pattern[str], shown: str) -> str:
    """`value` when it is whole; ValueError that shows a right one."""
    if not pattern.fullmatch(value):
        raise ValueError(f"{column} {value!r} is wrong; write it as {shown}")
    return value
