"""The data set as Croissant 1.0 (MLCommons): its files, and the tables among them as record sets.

A record set is a table, a field a column: its type, the column that it is read from, and the field of another table
that it names. So a program reads rows without knowing our tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from twinld.publish.tables import TABLES, Column, Table
from twinld.vocab import BASE, rebase

CROISSANT: Final = "http://mlcommons.org/croissant/1.0"
CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that Croissant 1.0 prescribes."""
_TYPES: Final = {"integer": "sc:Integer", "decimal": "sc:Float", "date": "sc:Date", "anyURI": "sc:URL"}
"""Croissant's type of a column by ours; any other is text, partial dates too."""


def record_sets(files: Iterable[str], base: str = BASE) -> list[dict[str, Any]]:
    """A record set for each of our tables that is among the files (names), in the order of the tables."""
    known = set(files)
    return [_record_set(table, known, base) for table in TABLES if table.file in known]


def _record_set(table: Table, known: set[str], base: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": {"@id": f"{table.name}/{table.key}"},
        "field": [_field(table, column, known, base) for column in table.columns],
    }


def _field(table: Table, column: Column, known: set[str], base: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES.get(column.datatype, "sc:Text"),
        "source": {"fileObject": {"@id": table.file}, "extract": {"column": column.name}},
    }
    if column.property is not None:
        found["equivalentProperty"] = rebase(column.property, base)
    if column.many:
        found["repeated"] = True
        found["source"]["transform"] = {"separator": " "}
    named = next((other for other in TABLES if other.name == column.refers and other.file in known), None)
    if named is not None and named is not table and not column.many:  # readers join tables, none with itself
        found["references"] = {"field": {"@id": f"{named.name}/{named.key}"}}
    return found
