"""Tables as CSV (RFC 4180), and what describes them: CSV on the Web metadata and a data package.

In the dumps a cell is exactly the value. In a table that people open in a spreadsheet (`guarded`) a text that a
spreadsheet would run as a formula is written after an apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from twinld.publish.tables import TABLES, Column, Table
from twinld.vocab import EDTF, rebase

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_SPECIFICATION: Final = "http://www.w3.org/ns/csvw"
_FIELD_TYPES: Final = {"integer": "integer", "decimal": "number", "date": "date"}


def lines(table: Table, rows: Iterable[Sequence[str]], *, guarded: bool = False) -> Iterator[str]:
    r"""The CSV text of rows, header first, in pieces; line ends are `\n`."""
    guard = guard_of(table) if guarded else None
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in rows:
        writer.writerow(guard(row) if guard is not None else row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def guard_of(table: Table) -> Callable[[Sequence[str]], list[str]]:
    """A function that makes a row of a table harmless in a spreadsheet; numbers stay numbers.

    >>> from twinld.publish.tables import MEMBERSHIPS
    >>> guard_of(MEMBERSHIPS)(["=1+1", "@x", "a=b"])
    ["'=1+1", "'@x", 'a=b']
    """
    texts = [column.datatype not in _FIELD_TYPES for column in table.columns]
    return lambda row: [harmless(cell) if text else cell for cell, text in zip(row, texts, strict=False)]


def harmless(cell: str) -> str:
    """A text as a cell that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csvw(files: Sequence[Any], licence: str, base: str) -> str:
    """The CSV on the Web metadata of all tables, as it stands beside them (csv-metadata.json), as JSON."""
    written = {file.name for file in files}
    tables = [_csvw_table(table, base) for table in TABLES if table.file in written]
    document = {
        "@context": [_SPECIFICATION, {"@language": "en"}],
        "dc:title": "twinld",
        "dc:license": {"@id": licence},
        "tables": tables,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _csvw_table(table: Table, base: str) -> dict[str, Any]:
    keys = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{column.refers}.csv", "columnReference": _key(column)},
        }
        for column in _references(table)
        if column.required  # a key that is null refers to no row, which validators refuse (Tabular Data, 6.6)
    ]
    return {
        "url": table.file,
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": {
            "aboutUrl": rebase(table.about, base),
            "primaryKey": table.key,
            "columns": [_csvw_column(column, base) for column in table.columns],
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _csvw_column(column: Column, base: str) -> dict[str, Any]:
    datatype: Any = {"base": "string", "@id": EDTF} if column.datatype == EDTF else column.datatype
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.title,
        "dc:description": column.description,
        "datatype": datatype,
        "required": column.required,
    }
    if column.property is not None:
        found["propertyUrl"] = rebase(column.property, base)
    else:
        found["suppressOutput"] = True
    if column.value_url is not None:
        found["valueUrl"] = rebase(column.value_url, base)
    if column.many:
        found["separator"] = " "
    return found


def _references(table: Table) -> list[Column]:
    return [column for column in table.columns if column.refers is not None and not column.many]


def _key(column: Column) -> str:
    return next(table.key for table in TABLES if table.name == column.refers)


def datapackage(files: Sequence[Any], licence: str, base: str, identifier: str, day: str) -> str:
    """The data package of all tables (Frictionless Data Package 1), as JSON, with size and hash of each."""
    by_name = {file.name: file for file in files}
    licences = [{"path": licence, "title": "CC0 1.0", "name": "CC0-1.0"}]
    document = {
        "profile": "tabular-data-package",
        "name": "twinld",
        "id": f"{base}dataset",
        "title": "twinld",
        "version": identifier,
        "created": f"{day}T00:00:00Z",
        "homepage": base,
        "licenses": licences,
        "resources": [_resource(table, by_name[table.file], licences) for table in TABLES if table.file in by_name],
    }
    return rebase(json.dumps(document, ensure_ascii=False, indent=1), base) + "\n"


def _resource(table: Table, file: Any, licences: list[dict[str, str]]) -> dict[str, Any]:
    keys = [
        {"fields": column.name, "reference": {"resource": column.refers, "fields": _key(column)}}
        for column in _references(table)
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "licenses": licences,
        "dialect": {"lineTerminator": "\n"},
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": table.key,
            "missingValues": [""],
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "title": column.title,
        "description": column.description,
        "type": _FIELD_TYPES.get(column.datatype, "string"),
        **({"rdfType": column.property} if column.property is not None else {}),
        **({"constraints": {"required": True}} if column.required else {}),
    }
