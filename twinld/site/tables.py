"""Tables of numbers: typed columns and rows, as a page shows them and as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from twinld.publish.csvs import harmless
from twinld.site.things import Named

Cell = str | int | float | None
THINGS: Final = ("place", "network", "source")
"""Kinds of columns whose cells are slugs of things; a file has their names beside them."""


@dataclass(frozen=True)
class Column:
    """A column: its name in files, and of which kind its cells are.

    Kinds are the types of THINGS, "number", "km", "share" (0 to 1), "year", "decade" and "text".
    """

    name: str
    kind: str = "number"

    @property
    def is_number(self) -> bool:
        """Whether it is set at the end of its cell."""
        return self.kind in {"number", "km", "share"}


@dataclass(frozen=True)
class Table:
    """Rows in the order in which they are shown; a page shows the first `shown`. `query` is the kept query that
    counts the same, "" when no query does (a report of the release tells it).
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: int = 20
    query: str = ""

    @property
    def head(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that a page shows."""
        return self.rows[: self.shown]


Names = Callable[[str, str], Named]
"""Gives the name of a thing by the type and the slug of its id."""


def to_csv(table: Table, name: Names) -> str:
    r"""All rows as CSV, header first; a thing has its slug, and its name in the next column. No cell is a formula.

    >>> table = Table("a", (Column("place", "place"), Column("twins")), (("boston", 16),))
    >>> to_csv(table, lambda kind, slug: Named(slug, "=Boston"))
    "place,place_name,twins\nboston,'=Boston,16\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([part for column in table.columns for part in _heads(column)])
    for row in table.rows:
        cells: list[Cell] = []
        for column, cell in zip(table.columns, row, strict=True):
            cells.append(harmless(cell) if isinstance(cell, str) else cell)
            if column.kind in THINGS:
                cells.append(harmless(name(column.kind, str(cell)).label) if cell else "")
        writer.writerow(["" if cell is None else cell for cell in cells])
    return out.getvalue()


def to_json(table: Table, name: Names, rows: Iterable[tuple[Cell, ...]] | None = None) -> dict[str, Any]:
    """The table as JSON: `columns`, and `rows` of which each is an object; a thing has its slug and its name."""
    found = []
    for row in table.rows if rows is None else rows:
        said: dict[str, Cell] = {}
        for column, cell in zip(table.columns, row, strict=True):
            said[column.name] = cell
            if column.kind in THINGS:
                said[f"{column.name}_name"] = name(column.kind, str(cell)).label if cell else None
        found.append(said)
    heads = [part for column in table.columns for part in _heads(column)]
    return {"table": table.key, "columns": heads, "of": len(table.rows), "rows": found}


def json_text(document: dict[str, Any]) -> str:
    """A document as JSON text, ended by a line end."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _heads(column: Column) -> list[str]:
    return [column.name, f"{column.name}_name"] if column.kind in THINGS else [column.name]
