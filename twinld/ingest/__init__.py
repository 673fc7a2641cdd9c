"""Reading what sources say: every row of `data/sources/` as a record, every bad row as a finding.

`SOURCES` of a data folder are its folders with a `source.toml`; `read` gives the records of one, in the source's
own identifiers. A bad row never stops the rest; a file that is missing, cut, without a column or not UTF-8 does,
since nobody knows what it lacks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

from twinld.dates import partial_date
from twinld.errors import NotFound, SourceError, nearest
from twinld.files import BadRow, read_rows
from twinld.ingest.live import problems, with_provenance
from twinld.ingest.rows import (
    Cells,
    date,
    is_street,
    item_of,
    kept,
    number,
    one_item,
    pair_key,
    place_key,
    side_of,
)
from twinld.ingest.stated import network_items, one_of_levels, stated_agreements
from twinld.iris import record_key
from twinld.layout import (
    FACTS,
    FILES,
    INVENTORY,
    LABELS,
    LEVELS,
    PLACES,
    REDIRECTS,
    STATEMENTS,
    count_rows,
    row_hash,
    sha256,
)
from twinld.model import Finding, PlaceFacts, Record, Redirect, Source, Statement
from twinld.vocab import CC0

_PROPERTY: Final = re.compile(r"P[1-9]\d{0,8}", re.ASCII)
_TAG: Final = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
_GUID: Final = re.compile(r"[A-Za-z]\d+\$[0-9A-Fa-f-]+", re.ASCII)
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RANKS: Final = {"": "normal", "preferred": "preferred", "normal": "normal", "deprecated": "deprecated"}
_KEYS: Final = (
    "name", "title", "publisher", "homepage", "licence", "attribution",
    "extracted", "description", "rank", "directed", "lists_all",
)  # fmt: skip

_KINDS: Final[dict[str, type]] = {
    **dict.fromkeys(_KEYS, str), "rank": int,
    **dict.fromkeys(("directed", "lists_all", "fills", "dates", "undated"), bool),
}  # fmt: skip
_EXAMPLES: Final[dict[type, str]] = {str: "a text in quotes", int: "a whole number", bool: "true or false"}


def source_folders(data: Path) -> dict[str, Path]:
    """The folders of the sources under `data`, by name; SourceError when there are none."""
    found = {path.parent.name: path.parent for path in sorted((data / "sources").glob("*/source.toml"))}
    if not found:
        raise SourceError(f"{data}/sources: no source here; a source is a folder with a source.toml")
    return found


def choose_sources(data: Path, chosen: list[str]) -> dict[str, Path]:
    """The folders of `chosen` ("NAME" or "NAME=PATH"), all of `data` when nothing is chosen (see `unpublished_files`
    for files that may not be published).

    Raises NotFound, naming the nearest, for a source that does not exist.
    """
    known = source_folders(data)
    if not chosen:
        return known
    folders: dict[str, Path] = {}
    for entry in chosen:
        name, _, path = entry.partition("=")
        if path:
            if not (Path(path) / "source.toml").is_file():
                raise NotFound(f"{path}: no source.toml in this folder; see docs/sources.md")
            folders[name] = Path(path)
        elif name in known:
            folders[name] = known[name]
        else:
            raise NotFound(f"{name!r} is not a source; {nearest(name, known, 'sources')}")
    return folders


def describe(folder: Path) -> Source:
    """The source of a folder, from its `source.toml`; SourceError for a key that is missing or wrong."""
    path = folder / "source.toml"
    where = f"{folder.name}/source.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"{where}: {error}") from None
    missing = [key for key in _KEYS if key not in table]
    if missing:
        raise SourceError(f"{where}: {', '.join(missing)} is missing; it needs {', '.join(_KEYS)}")
    unknown = sorted(set(table) - set(_KINDS))
    if unknown:
        raise SourceError(f"{where}: {unknown[0]!r} is not a key; {nearest(unknown[0], _KINDS, 'keys')}")
    for key, kind in _KINDS.items():
        if key in table and type(table[key]) is not kind:
            raise SourceError(f"{where}: {key} is {table[key]!r}; write {_EXAMPLES[kind]}")
    if not _NAME.fullmatch(table["name"]):
        raise SourceError(f"{where}: name {table['name']!r} is no name; write small letters, digits and single hyphens")
    for key in ("homepage", "licence"):
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", table[key]):
            raise SourceError(f"{where}: {key} {table[key]!r} is no IRI; write one such as {CC0}")
    try:
        return Source(**{**table, "extracted": partial_date(str(table["extracted"]))})
    except ValueError as error:
        raise SourceError(f"{where}: extracted: {error}") from None


def read(folder: Path, source: Source) -> Iterator[Record | Finding]:
    """The records of one source, and a Finding for each row that is none.

    Raises SourceError for a file that cannot be trusted: missing, cut, not UTF-8, or without a column.
    """
    yield from _check_inventory(folder, source)
    readers: dict[str, Callable[[Path, Source], Iterator[Record | Finding]]] = {
        "statements.csv": _statements,
        "places.csv": _places,
        "redirects.csv": _redirects,
        "facts.csv": _facts,
        "agreements.csv": stated_agreements,
        "problems.csv": problems,
    }
    found = (
        record
        for name, reader in readers.items()
        if (folder / name).exists() or (name == "places.csv" and (folder / "labels.csv").exists())
        if name != "problems.csv" or not (folder / "revisions.csv").exists()  # else they are read with the rest of it
        for record in reader(folder, source)
    )
    yield from with_provenance(found, folder, source) if (folder / "revisions.csv").exists() else found


# ------------------------------------------------------------------------------------------------- inventory


def _check_inventory(folder: Path, source: Source) -> Iterator[Finding]:
    """Compare the files with `files.csv`; a source without one (a folder of one's own) is taken as it is."""
    if not (folder / "files.csv").exists():
        return
    for item in read_rows(folder / "files.csv", INVENTORY):
        if isinstance(item, BadRow):
            raise SourceError(str(item))
        where, cells = item
        name = cells["file"]
        path = folder / name
        if name not in FILES:
            raise SourceError(f"{where}: {name!r} is not a file of the layout; {nearest(name, FILES, 'files')}")
        if not path.exists():
            raise SourceError(f"{folder.name}/{name}: there is no such file; files.csv lists {cells['rows']} rows")
        if sha256(path) == cells["sha256"]:
            continue
        next(read_rows(path, FILES[name]), None)  # a missing column or another encoding is the better thing to say
        rows = count_rows(path)
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - 1, 0))
            whole = file.read() == b"\n"
        if str(rows) != cells["rows"] or not whole:
            raise SourceError(
                f"{folder.name}/{name}:{rows + 1}: the file ends after {rows} rows{'' if whole else ', in a row'}; "
                f"files.csv says {cells['rows']}: get the whole file, or take it over again (make sources)"
            )
        message = "the file is not the one that was taken over (sha256); take it over again (make sources)"
        yield Finding("S02", "Warning", source.name, name, message, f"{folder.name}/{name}")


# ------------------------------------------------------------------------------------------------- rows


def _statements(folder: Path, source: Source) -> Iterator[Record | Finding]:
    seen: set[str] = set()

    def statement(cells: dict[str, str], wrong: Cells) -> Statement:
        subject, obj = (side_of(cells, column, source, wrong) for column in ("subject", "object"))
        rank = _RANKS.get(cells["rank"])
        if rank is None:
            raise ValueError(f"rank {cells['rank']!r} is not a rank; {nearest(cells['rank'], _RANKS, 'ranks')}")
        if cells["statement"] and not _GUID.fullmatch(cells["statement"]):
            raise ValueError(f"statement {cells['statement']!r} is no id; write it as Wikidata does, q64$7E37-...")
        start, end, point = (wrong.of(partial(date, cells[name], name)) for name in ("start", "end", "point_in_time"))
        bare = not any(cells[name] for name in STATEMENTS[2:])
        more = "" if bare else row_hash(*cells.values())
        key = record_key(cells["statement"]) or pair_key(source, subject, obj, more)
        if key in seen:
            raise ValueError(f"{subject} {obj} stands twice; write each row once")
        seen.add(key)
        unknown_end = "P582=somevalue" in cells["qualifiers"].split(";")
        return Statement(
            source.name, key, subject, obj, "", rank, start, end, point, cells["statement"] or None,
            status="ended" if unknown_end and end is None else None,
        )  # fmt: skip

    for item in kept(folder, source, "statements.csv", STATEMENTS, statement):
        yield item if isinstance(item, Finding) else replace(item[1], where=item[0])


def _places(folder: Path, source: Source) -> Iterator[Record | Finding]:
    """Place rows with their labels; a source that has only labels gives one record an item."""
    facts: dict[tuple[str, str], dict[str, Any]] = {}
    labels: dict[tuple[str, str], dict[str, str]] = {}

    def place(cells: dict[str, str], wrong: Cells) -> tuple[str, str]:
        key = side_of(cells, "item", source, wrong), cells["row"]
        if key in facts:
            raise ValueError(f"{cells['item']} stands twice; write each place once, or tell rows apart in row")
        country = cells["country"]
        latitude, longitude = (wrong.of(partial(number, cells[n], n, Decimal)) for n in ("latitude", "longitude"))
        facts[key] = {
            "latitude": latitude if longitude is not None or not cells["longitude"] else None,
            "longitude": longitude if latitude is not None or not cells["latitude"] else None,
            "country": country if wrong.of(partial(one_item, country, "country")) else None,
            "population": wrong.of(partial(number, cells["population"], "population", int)),
            "geonames": wrong.of(partial(number, cells["geonames"], "geonames", int)),
            "iso_code": cells["iso_code"] or None,
        }
        return key

    def label(cells: dict[str, str], wrong: Cells) -> tuple[str, str]:
        key = side_of(cells, "item", source, wrong), cells["row"]
        language, text = cells["language"], cells["label"]
        if not _TAG.fullmatch(language):
            raise ValueError(f"language {language!r} is not a tag; write it as en, zh-hant or und")
        if language in labels.get(key, ()):
            raise ValueError(f"{cells['item']} has two labels in {language}; write one")
        if not text or text != text.strip():
            raise ValueError(f"label {text!r} is empty or has blanks around it; write the bare label")
        if is_street(text):
            wrong.wrong.append(f"label {text!r} looks like a street; write the municipality")
        labels.setdefault(key, {})[language] = text
        return key

    def level(cells: dict[str, str], wrong: Cells) -> tuple[str, str]:
        key = side_of(cells, "item", source, wrong), cells["row"]
        if key not in facts:
            raise ValueError(f"{cells['item']} has no row in places.csv; write one, or remove this")
        facts[key]["level"] = one_of_levels(cells["level"])
        return key

    for name, columns, read_cells in (
        ("places.csv", PLACES, place), ("labels.csv", LABELS, label), ("levels.csv", LEVELS, level),
    ):  # fmt: skip
        if not (folder / name).exists():
            continue
        for item in kept(folder, source, name, columns, read_cells):
            if isinstance(item, Finding):
                yield item
            else:
                facts.setdefault(item[1], {}).setdefault("where", item[0])
    for (item_id, row), values in facts.items():
        key_text = place_key(source, item_id, row)
        named = tuple(sorted(labels.get((item_id, row), {}).items()))
        yield PlaceFacts(source.name, key_text, item_id, labels=named, **values)


def _redirects(folder: Path, source: Source) -> Iterator[Record | Finding]:
    seen: set[str] = set()

    def redirect(cells: dict[str, str], _: Cells) -> tuple[str, str]:
        old, new = item_of(cells, "item", source), item_of(cells, "target", source)
        if old in seen:
            raise ValueError(f"{old} redirects twice; write one target")
        seen.add(old)
        return old, new

    for item in kept(folder, source, "redirects.csv", REDIRECTS, redirect):
        if isinstance(item, Finding):
            yield item
        else:
            where, (old, new) = item
            yield Redirect(source.name, record_key(f"{old}-redirect"), old, new, where)


def _facts(folder: Path, source: Source) -> Iterator[Record | Finding]:
    """From statements between items: countries (P17), one record an item, only when all agree on one value, and
    memberships (P463), one record each, of what `curated/network-items.csv` calls a city network.
    """
    countries: dict[str, dict[str, str]] = {}
    networks = network_items(folder.parent.parent / "curated")

    def fact(cells: dict[str, str], _: Cells) -> dict[str, str]:
        for column in ("subject", "object"):
            item_of(cells, column, source)
        if not _PROPERTY.fullmatch(cells["property"]):
            raise ValueError(f"property {cells['property']!r} is not a Wikidata property; write it as P17")
        return cells

    for item in kept(folder, source, "facts.csv", FACTS, fact):
        if isinstance(item, Finding):
            yield item
            continue
        where, cells = item
        subject, prop, value = cells["subject"], cells["property"], cells["object"]
        if prop == "P17":
            countries.setdefault(subject, {})[value] = where
        elif prop == "P463" and value in networks:
            yield PlaceFacts(source.name, record_key(f"{subject}-P463-{value}"), subject, where, more=((prop, value),))
    for subject, values in countries.items():
        if len(values) == 1:
            ((country, where),) = values.items()
            yield PlaceFacts(source.name, record_key(f"{subject}-P17"), subject, where, country=country)
        else:
            shown = ", ".join(sorted(values))
            message = f"{subject} has several countries ({shown}) and no dates to choose by; none is taken"
            yield Finding("S03", "Info", source.name, subject, message, min(values.values()), shown)
