"""Reading raw extracts: lines and rows that name their file and line when they are not what they should be."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from twinld.errors import SourceError


def rows(path: Path, separator: str, cells: int | None = None) -> Iterator[list[str]]:
    """The rows of a raw table; SourceError for a missing file or a row of another width."""
    try:
        lines = path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from None
    with lines:
        if separator == "\t":
            table = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        else:
            table = csv.reader(lines, delimiter=separator)
        for line, row in enumerate(table, 1):
            if cells is not None and len(row) != cells:
                raise SourceError(f"{path}:{line}: {len(row)} cells; expected {cells}")
            yield row


def dicts(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a raw CSV file with a header, by column."""
    table = rows(path, ",")
    header = next(table, [])
    for row in table:
        yield dict(zip(header, row, strict=True))
