"""Where the files that come with twinld are, in a checkout or an installed wheel, and how rows are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from twinld.errors import SourceError, nearest

_PACKAGE: Final = Path(__file__).resolve().parent
FOLDERS: Final = ("ontology", "shapes", "data")


def checkout() -> Path | None:
    """The folder of the checkout this code runs from, or None when twinld is installed from a wheel."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "ontology").is_dir() else None


def folder(name: str) -> Path:
    """The folder `name` ("ontology", "shapes" or "data"): in the package, else beside it.

    Raises SourceError when neither is there: the installation is not whole.
    """
    for place in (_PACKAGE / "_files" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise SourceError(f"{name}/: not found in or beside {_PACKAGE}; install twinld again")


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used as it is: `where` is "file:line", `found` what stands there, `right` what should.

    `cells` are those of a row that has more of them than `columns`: something of it can be used.
    """

    where: str
    found: str
    right: str
    cells: tuple[str, ...] = field(default=(), compare=False)
    columns: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.found}; {self.right}"


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]] | BadRow]:
    """The rows of a CSV file as `("file:line", {column: text})`; a row that is not whole as a BadRow.

    The file is UTF-8 with a header line that names at least `columns` (RFC 4180). Raises SourceError, naming
    the file and line 1, when the file is missing, is not text, or lacks a column or has it twice: then no row
    can be trusted. The line of a row that goes over several is its first.
    """
    where = f"{path.parent.name}/{path.name}".removeprefix("/")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{where}: there is no such file; it needs {', '.join(columns)}") from None
    except OSError as error:
        raise SourceError(f"{where}: cannot be read ({error.strerror})") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:4096]:
        raise SourceError(f"{where}:1: this is not UTF-8 text (UTF-16 or binary); save it as UTF-8")
    if not raw.strip():
        raise SourceError(f"{where}:1: the file is empty; it needs the header {','.join(columns)}")
    header_line, _, body = raw.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    if b"\r" in header_line.removesuffix(b"\r"):
        raise SourceError(f"{where}:1: a line ends in CR alone; save the file with LF or CRLF")
    try:
        header = next(csv.reader([header_line.decode("utf-8").rstrip("\r")], strict=True), [])
    except csv.Error as error:
        raise SourceError(f"{where}:1: {error}; write a header line of CSV (RFC 4180)") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{where}:1: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from None
    missing = [column for column in columns if column not in header]
    if missing:
        hints = "; ".join(f"{column}: {nearest(column, header, 'columns found')}" for column in missing)
        raise SourceError(f"{where}:1: column {', '.join(missing)} is missing ({hints})")
    twice = [column for column in columns if header.count(column) > 1]
    if twice:
        raise SourceError(f"{where}:1: column {', '.join(twice)} stands there twice; keep one")
    reader = csv.reader(_lines(body), strict=True)  # else a quote that never closes swallows rows silently
    while True:
        line = f"{where}:{reader.line_num + 2}"
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield BadRow(line, str(error), "write a CSV row (RFC 4180)")
            continue
        if row is None:
            return
        if not row:
            continue
        if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
            yield BadRow(line, f"{_around_bad_byte(row)!r} is not UTF-8", "save the row as UTF-8")
        elif len(row) != len(header):
            wide = (tuple(row), tuple(header)) if len(row) > len(header) else ((), ())
            yield BadRow(line, f"{len(row)} cells", f"write {len(header)}: {','.join(header)}", *wide)
        else:
            yield line, dict(zip(header, row, strict=True))


def _around_bad_byte(row: list[str]) -> bytes:
    """The first byte of a row that is not UTF-8, with up to 30 on each side."""
    text = ",".join(row)
    at = len(text[: next(i for i, c in enumerate(text) if "\udc80" <= c <= "\udcff")].encode())
    return text.encode("utf-8", "surrogateescape")[max(0, at - 30) : at + 31]


def _lines(body: bytes) -> Iterator[str]:
    """Lines of text in which a byte that is not UTF-8 stays visible (as a surrogate)."""
    return iter(io.TextIOWrapper(io.BytesIO(body), "utf-8", errors="surrogateescape", newline=""))
