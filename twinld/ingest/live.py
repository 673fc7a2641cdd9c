"""What an extract of Wikidata says beyond the other sources: values by statement, references, revisions, aliases.

Of the statements about one field of a place the best is taken: never a deprecated one, a preferred one before others,
of countries and containers those without an end, of populations the newest. Each is a record of its own, so that a
value leads to its statement, its revision, and Wikidata's own references.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from twinld.dates import PartialDate
from twinld.errors import SourceError
from twinld.files import BadRow, read_rows
from twinld.iris import record_key
from twinld.layout import ALIASES, PROBLEMS, REFERENCES, REVISIONS, VALUES
from twinld.model import Finding, PlaceFacts, Provenance, Record, Reference, Source, Statement

CURRENT: Final = ("P17", "P131", "P463", "P281", "P856")
"""Fields of which only statements without an end are taken."""
SINGLE: Final = ("P17", "P625", "P1082", "P1566", "P571", "P576")
"""Fields of one value."""
MORE: Final = ("P131", "P281", "P463", "P571", "P576", "P856", "P1366")
_SPECIAL: Final = ("somevalue", "novalue")

Cells = dict[str, str]


def with_provenance(found: Iterable[Record | Finding], folder: Path, source: Source) -> Iterator[Record | Finding]:
    """The records of an extract, each with its revision, its time of reading and its references; then the values.

    Raises SourceError at the first bad row: an extract is written by a program, and must be whole.
    """
    revisions = {
        cells["item"]: (int(cells["revision"] or 0), cells["retrieved"])
        for cells in _rows(folder, "revisions.csv", REVISIONS)
        if cells["state"] == "read"
    }
    references = _references(folder)

    def provenance(item: str, statement: str | None) -> Provenance | None:
        if item not in revisions:
            return None
        revision, retrieved = revisions[item]
        return Provenance(revision, retrieved, references.get(statement or "", ()))

    aliases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for cells in _rows(folder, "aliases.csv", ALIASES):
        aliases[cells["item"]].append((cells["language"], cells["alias"]))
    for record in found:
        if isinstance(record, Statement):
            yield replace(record, provenance=provenance(record.subject, record.statement))
        elif isinstance(record, PlaceFacts):
            names = tuple(sorted(aliases.get(record.item, ())))
            yield replace(record, aliases=names, provenance=provenance(record.item, None))
        else:
            yield record
    for item, fields in _by_item(folder):
        for prop, rows in fields.items():
            for cells in best(prop, rows):
                yield _facts(source, item, prop, cells, provenance(item, cells["statement"]))
    yield from problems(folder, source)


def problems(folder: Path, source: Source) -> Iterator[Finding]:
    """What was found and not taken over when the source was read, as Warnings."""
    for cells in _rows(folder, "problems.csv", PROBLEMS):
        message = f"{cells['item']} {cells['property']}: {cells['found']}; {cells['right']}"
        focus = cells["statement"] or cells["item"]
        where = f"{folder.name}/problems.csv"
        yield Finding(cells["rule"], "Warning", source.name, focus, message, where, cells["found"])


def best(prop: str, rows: list[Cells]) -> list[Cells]:
    """The statements of one field of one place whose values count, by statement; see the top of this file."""
    usable = [row for row in rows if row["rank"] != "deprecated" and row["value"] not in _SPECIAL]
    if prop in CURRENT:
        usable = [row for row in usable if not row["end"]]
    if any(row["rank"] == "preferred" for row in usable):
        usable = [row for row in usable if row["rank"] == "preferred"]
    usable.sort(key=lambda row: row["statement"])
    if prop == "P1082":
        usable.sort(key=lambda row: row["point_in_time"], reverse=True)
    if prop == "P17" and len({row["value"] for row in usable}) > 1:
        return []  # several countries and nothing to choose by
    return usable[:1] if prop in SINGLE else usable


def _facts(source: Source, item: str, prop: str, cells: Cells, provenance: Provenance | None) -> PlaceFacts:
    value, guid = cells["value"], cells["statement"]
    where = f"{source.name}/values.csv"
    facts = PlaceFacts(source.name, record_key(guid), item, where, statement=guid, provenance=provenance)
    point = cells["point_in_time"]
    try:
        if point:
            facts = replace(facts, as_of=PartialDate(point))
        match prop:
            case "P17":
                return replace(facts, country=value)
            case "P625":
                latitude, longitude = map(Decimal, value.split(" "))
                return replace(facts, latitude=latitude, longitude=longitude)
            case "P1082":
                return replace(facts, population=int(value))
            case "P1566":
                return replace(facts, geonames=int(value))
            case _:
                return replace(facts, more=((prop, value),))
    except (ValueError, InvalidOperation):
        raise SourceError(f"{where}: {prop} {value!r} {point!r} of {guid} cannot be read; run enrich anew") from None


def _by_item(folder: Path) -> Iterator[tuple[str, dict[str, list[Cells]]]]:
    taken = {"P17", "P625", "P1082", "P1566", *MORE}
    current = ""
    fields: dict[str, list[Cells]] = defaultdict(list)
    for cells in _rows(folder, "values.csv", VALUES):
        if cells["item"] != current:
            if fields:
                yield current, fields
            current, fields = cells["item"], defaultdict(list)
        if cells["property"] in taken:
            fields[cells["property"]].append(cells)
    if fields:
        yield current, fields


def _references(folder: Path) -> dict[str, tuple[Reference, ...]]:
    parts: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for cells in _rows(folder, "references.csv", REFERENCES):
        parts[cells["statement"]][cells["reference"]].append((cells["property"], cells["value"]))
    return {
        statement: tuple(tuple(sorted(found)) for _, found in sorted(by_hash.items()))
        for statement, by_hash in parts.items()
    }


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[Cells]:
    if not (folder / name).exists():
        return
    try:
        for row in read_rows(folder / name, columns):
            if isinstance(row, BadRow):
                raise SourceError(str(row))
            yield row[1]
    except csv.Error as error:
        raise SourceError(f"{folder.name}/{name}: {error}; run enrich anew") from None
