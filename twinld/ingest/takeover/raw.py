"""Reading raw extracts: lines and rows that name their file and line when they are not what they should be."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TextIO

from twinld.errors import SourceError
from twinld.ingest.wide import Form, is_item, is_number, like, narrowed


class Noted(Protocol):
    """Whatever keeps what is wrong with rows (twinld.ingest.takeover.named)."""

    def problem(self, item: str, field: str, where: str, found: str, right: str) -> None:
        """Note what was found at `where` and is left out."""


_ISO: Final = like(r"[A-Z]{2}|-99|")
FORMS: Final[Mapping[str, Form]] = {
    **dict.fromkeys(
        (
            "latitude", "longitude", "latitude_partner", "longitude_partner", "lat1", "lng1", "lat2", "lng2",
            "population", "originlat", "originlong", "originpopulation", "destinationlat", "destinationlong",
            "destinationpopulation",
            "dist", "LATITUDE", "LONGITUDE", "POP_MAX", "POP_MIN", "GEONAMEID", "geonameid", "plz", "seit", "id",
        ),
        is_number,
    ),
    **dict.fromkeys(("item", "subject", "object", "target"), is_item),
    **dict.fromkeys(("wikidataid", "wikidata_id", "wikiDataId"), like(r"Q\d+|-99|")),
    **dict.fromkeys(("first", "last", "year"), like(r"[\d#-]*")), "when": like(r"[A-Za-z]*"),
    **dict.fromkeys(("ISO_A2", "iso_alpha2", "countrycode", "country_code"), _ISO),
    "property": like(r"P\d+"), "form": like(r"[pfk]?"), "eu": like(r"[A-Za-z-]*"),
    "source_url": like(r"https?://[^\s,]+"), "source_key": like(r"[a-z0-9-]+"), "wikidata_uri": like(r"(https?://[^\s,]+)?"),
}  # fmt: skip
"""What the cells of raw columns look like; a column that is not here holds text."""


def rows(
    path: Path, separator: str, columns: Sequence[str], noted: Noted, header: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a raw table below its `header` lines, with their lines, each with a cell for each of `columns`.

    A row of another width is noted; of one with more cells what is sure is kept (`twinld.ingest.wide`). Raises
    SourceError for a file that cannot be read as a table.
    """
    for line, row in enumerate(any_rows(path, separator), 1):
        if line > header and (whole := fitted(row, columns, f"{path.name}:{line}", noted, separator)) is not None:
            yield line, whole


def any_rows(path: Path, separator: str) -> Iterator[list[str]]:
    """The rows of a raw table whose rows may be of any width; also of one packed by gzip.

    Raises SourceError for a file that is missing, cut, not UTF-8, or no table.
    """
    try:
        with _opened(path) as lines:
            if separator == "\t":
                yield from csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
            else:
                yield from csv.reader(lines, delimiter=separator)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def dicts(
    path: Path, noted: Noted, columns: Sequence[str] = (), separator: str = ","
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a raw table with a header, by column, with their lines.

    Raises SourceError for a file that cannot be read as a table or is without one of `columns`.
    """
    table = any_rows(path, separator)
    header = next(table, [])
    missing = [column for column in columns if column not in header]
    if missing:
        raise SourceError(f"{path}:1: column {', '.join(missing)} is missing; it needs {', '.join(columns)}")
    for line, row in enumerate(table, 2):
        if (whole := fitted(row, header, f"{path.name}:{line}", noted, separator)) is not None:
            yield line, dict(zip(header, whole, strict=True))


def fitted(row: list[str], columns: Sequence[str], where: str, noted: Noted, separator: str) -> list[str] | None:
    """A row with one cell a column; None, and a problem, for one of another width that cannot be read."""
    if len(row) == len(columns):
        return row
    if not row:
        return None
    right = f"write {len(columns)}: {','.join(columns)}"
    if len(row) < len(columns):
        noted.problem("", "row", where, f"{len(row)} cells", right)
        return None
    kept, message = narrowed(row, columns, FORMS, separator)
    found, _, right = message.partition("; ")
    noted.problem("", "row", where, found, right)
    return list(kept.values()) if kept is not None else None


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
