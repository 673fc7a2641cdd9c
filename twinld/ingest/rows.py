"""Reading the rows of a source file: cells as items, numbers and dates; a row or a cell that is none as a finding.

A row without its identifiers cannot be used and is refused (S01). A value that is wrong is left out with a Warning
(S08), and the rest of its row is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any, Final, TypeVar

from twinld.dates import PartialDate, partial_date
from twinld.files import BadRow, read_rows
from twinld.ingest.wide import narrowed
from twinld.iris import record_key
from twinld.layout import row_hash
from twinld.model import Finding, Source

T = TypeVar("T")
QID: Final = re.compile(r"Q[1-9]\d{0,11}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_TAGS: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY: Final = re.compile(r"&(?:#\d+|#[Xx][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]+);", re.ASCII)
_STREET: Final = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|platz|gasse|allee|weg)\s*\d+\s?[a-z]?$"
    r"|^\d+[a-z]?,?\s.*\b(?:street|road|avenue|lane|boulevard|square)$"
    r"|^\d+[a-z]?,?\s(?:rue|avenue|boulevard|place)\s"
    r"|^(?:rue|via|viale|calle|avenida|rua|ulica|ul\.|улица|ул\.)\s.*\d+\s?[a-z]?$",
    re.I,
)
REFUSED: Final = "S01"
CELL: Final = "S08"
"""The rules of a row that is refused, and of a cell that is left out."""


def plain(text: str) -> str:
    """A text without HTML tags and entities; one that has none is left as it is.

    >>> plain("<b>Cura&ccedil;ao</b>"), plain("Brighton & Hove")
    ('Curaçao', 'Brighton & Hove')
    """
    if not _TAGS.search(text) and not _ENTITY.search(text):
        return text
    return " ".join(unescape(_TAGS.sub(" ", text)).split())


def is_street(name: str) -> bool:
    """Whether a name is an address with a house number.

    >>> [is_street(name) for name in ("Hauptstraße 5", "12 High Street", "Neustadt an der Weinstraße")]
    [True, True, False]
    """
    return _STREET.search(name) is not None


class Cells:
    """What is wrong with single cells of one row, so that the rest of it can be used."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def of(self, value: Callable[[], T]) -> T | None:
        """What `value` makes; None, and its ValueError kept, when it makes nothing."""
        try:
            return value()
        except ValueError as error:
            self.wrong.append(str(error))
            return None

    def plain(self, cells: dict[str, str]) -> dict[str, str]:
        """The cells without HTML in them, which is noted; addresses are left alone."""
        if not any("<" in text or "&" in text for text in cells.values()):
            return cells
        found = {name: text if name == "locator" else plain(text) for name, text in cells.items()}
        for name, bare in found.items():
            if bare != cells[name]:
                self.wrong.append(f"{name} {cells[name]!r} has HTML in it; write {bare!r}, which is taken")
        return found


def refused(source: Source, bad: BadRow) -> Finding:
    """The finding of a row that cannot be used."""
    return Finding(REFUSED, "Violation", source.name, bad.found, f"{bad.found}; {bad.right}", bad.where)


def item_of(cells: dict[str, str], column: str, source: Source) -> str:
    """A Wikidata item, or an identifier of the source's own (`name:key`); ValueError for anything else."""
    text = cells[column]
    if QID.fullmatch(text) or (text.startswith(f"{source.name}:") and len(text) > len(source.name) + 1):
        return text
    raise ValueError(f"{column} {text!r} is not a Wikidata item; write it as Q100")


def side_of(cells: dict[str, str], column: str, source: Source, wrong: Cells) -> str:
    """The item of a cell. One that names several is noted, and is an identifier of the source's own: a person may
    decide what it means, and what else the row says is kept.
    """
    found = QID.findall(cells[column])
    if len(found) < 2 or cells[column].startswith(f"{source.name}:"):
        return item_of(cells, column, source)
    wrong.wrong.append(f"{column} {cells[column]!r} names {len(found)} items; write one row for each")
    return f"{source.name}:{' '.join(found)}"


def one_item(text: str, column: str) -> bool:
    """Whether a cell says something; ValueError when it names two Wikidata items."""
    if len(found := QID.findall(text)) > 1:
        raise ValueError(f"{column} {text!r} names {len(found)} items; write the one that is right")
    return bool(text)


def place_key(source: Source, item: str, row: str) -> str:
    """The key of a place's record: its item, with what tells several rows of it apart.

    An identifier of the source's own may be in any script: a hash stands for what an IRI cannot show.
    """
    text = f"{item}-{row}" if row else item
    return record_key(text) if QID.fullmatch(item) else _local_key(source, text)


def pair_key(source: Source, subject: str, obj: str, more: str = "") -> str:
    """The key of a statement's record: its two items, with a hash of whatever else its row says."""
    text = f"{subject}-{obj}" + (f"-{more}" if more else "")
    return record_key(text) if QID.fullmatch(subject) and QID.fullmatch(obj) else _local_key(source, text)


def _local_key(source: Source, text: str) -> str:
    return record_key(f"{record_key(text.replace(f'{source.name}:', ''))}-{row_hash(text)}")


def number(text: str, column: str, kind: Callable[[str], Any]) -> Any:
    """A number by `kind`, None for an empty cell; ValueError when it is none."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or (kind is int and "." in text):
        raise ValueError(f"{column} {text!r} is not a number; write it as {'42' if kind is int else '42.358'}")
    return kind(text)


def date(text: str, column: str) -> PartialDate | None:
    """A partial date, None for an empty cell; ValueError when it is none."""
    try:
        return partial_date(text) if text else None
    except ValueError as error:
        raise ValueError(f"{column} {error}") from None


def kept(
    folder: Path,
    source: Source,
    name: str,
    columns: tuple[str, ...],
    read: Callable[[dict[str, str], Cells], T],
) -> Iterator[tuple[str, T] | Finding]:
    """What `read` makes of each row of a file, with "file:line"; a Finding for a row that it refuses (ValueError),
    and for each cell that it leaves out.
    """
    for row in read_rows(folder / name, columns):
        doubtful = Cells()
        if isinstance(row, BadRow):
            usable, message = narrowed(row.cells, row.columns) if row.cells else (None, f"{row.found}; {row.right}")
            if usable is None:
                yield refused(source, row)
                continue
            doubtful.wrong.append(message)
            where, cells = row.where, usable
        else:
            where, cells = row
        try:
            value = read(doubtful.plain(cells), doubtful)
        except ValueError as error:
            found, _, right = (doubtful.wrong[0] if isinstance(row, BadRow) else str(error)).partition("; ")
            yield refused(source, BadRow(where, found, right or "correct the row"))
            continue
        for message in doubtful.wrong:
            yield Finding(CELL, "Warning", source.name, next(iter(cells.values())), message, where)
        yield where, value
