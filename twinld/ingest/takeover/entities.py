"""Entity documents of Wikidata, in all their JSON forms: dump line, wbgetentities, redirect, and the form of 2014.

Of each document: every P190 statement with its id, rank and dates; labels in all languages; and of P625, P17,
P1082 and P1566 the value of best rank (P17: without an end; P1082: of the newest date), as a reader of Wikidata
would see it (Wikibase JSON data model; times with their precision, never more).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from twinld.errors import SourceError
from twinld.layout import write_file

Document = dict[str, Any]
_TAGS = {
    "als": "gsw", "bat-smg": "sgs", "be-x-old": "be-tarask", "bh": "bho", "cbk-zam": "cbk-x-zam", "fiu-vro": "vro",
    "map-bms": "jv-x-bms", "nrm": "nrf", "roa-rup": "rup", "roa-tara": "nap-x-tara", "simple": "en-simple",
    "zh-classical": "lzh", "zh-min-nan": "nan", "zh-yue": "yue",
}  # fmt: skip
"""Wikimedia's codes that are no BCP 47 tags, or mean another language there."""
_RANKS = {"preferred": 0, "normal": 1, "deprecated": 2}


def take_over(raw: Path, out: Path) -> None:
    """`wikidata/entities/**/*.json` -> statements.csv, places.csv, labels.csv, redirects.csv."""
    statements: list[tuple[str, ...]] = []
    places: list[tuple[str, ...]] = []
    labels: list[tuple[str, ...]] = []
    redirects: list[tuple[str, ...]] = []
    paths = sorted((raw / "wikidata" / "entities").rglob("*.json"))
    if not paths:
        raise SourceError(f"{raw}/wikidata/entities: no JSON documents")
    for path in paths:
        for asked, document in documents(path):
            item = document["id"]
            if asked != item:
                redirects.append((asked, item))
            statements.extend(p190_rows(item, document))
            places.append(place_row(item, document))
            labels.extend((item, "", tag, label) for tag, label in label_texts(document).items())
    write_file(out, "statements.csv", statements)
    write_file(out, "places.csv", places)
    write_file(out, "labels.csv", labels)
    write_file(out, "redirects.csv", redirects)


def documents(path: Path) -> list[tuple[str, Document]]:
    """The documents of a file as (id that was asked for, document)."""
    try:
        answer = json.loads(path.read_text(encoding="utf-8").rstrip().rstrip(","), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: {error}") from None
    if "entities" in answer:
        return list(answer["entities"].items())
    return [(answer["id"], answer)]


def p190_rows(item: str, document: Document) -> list[tuple[str, ...]]:
    """The P190 statements of one document that have a value, as rows of statements.csv."""
    rows = []
    for statement in document.get("claims", {}).get("P190", []):
        value = statement["mainsnak"].get("datavalue", {}).get("value")
        if value is None:
            continue
        rank = statement.get("rank", "normal")
        dates = [_date(statement, name) for name in ("P580", "P582", "P585")]
        rows.append((item, qid(value), statement["id"], "" if rank == "normal" else rank, *dates, ""))
    return rows


def label_texts(document: Document) -> dict[str, str]:
    """The labels of one document by BCP 47 tag in lower case; the proper code wins over an old one."""
    found: dict[str, str] = {}
    for code, label in sorted(document.get("labels", {}).items(), key=lambda pair: (pair[0] in _TAGS, pair[0])):
        found.setdefault(_TAGS.get(code, code).lower(), label["value"].strip())
    return found


def place_row(item: str, document: Document) -> tuple[str, ...]:
    """Coordinates, country, population and GeoNames id of one document, as a row of places.csv."""
    point = _best(document, "P625") or {}
    country = _best(document, "P17", current=True)
    population = _best(document, "P1082", newest=True)
    return (
        item,
        "",
        str(point.get("latitude", "")),
        str(point.get("longitude", "")),
        qid(country) if country else "",
        str(population["amount"]).lstrip("+") if population else "",
        str(_best(document, "P1566") or ""),
        "",
    )


def qid(value: Document) -> str:
    """The id of an item value, also in the form of 2014 that had only the number."""
    return str(value.get("id") or f"Q{value['numeric-id']}")


def edtf_time(value: Document) -> str:
    """A Wikibase time as a partial date of its precision; empty when it is coarser than a century.

    Precision 11 is a day, 10 a month, 9 a year, 8 a decade, 7 a century (Wikibase data model, time).
    """
    match = re.fullmatch(r"([+-])0*(\d{4,})-(\d\d)-(\d\d)T.*", value["time"])
    if match is None:
        return ""
    sign, year, month, day = match.groups()
    year = ("-" if sign == "-" else "") + year
    forms = {
        11: f"{year}-{month}-{day}",
        10: f"{year}-{month}",
        9: year,
        8: f"{year[:-1]}X",
        7: f"{year[:-2]}XX",
    }
    return forms.get(value["precision"], "")


def _date(statement: Document, name: str) -> str:
    for snak in statement.get("qualifiers", {}).get(name, []):
        if "datavalue" in snak:
            return edtf_time(snak["datavalue"]["value"])
    return ""


def _best(document: Document, name: str, *, current: bool = False, newest: bool = False) -> Any:
    """The value of best rank of a property, None when there is none that is not deprecated."""
    found = []
    for order, statement in enumerate(document.get("claims", {}).get(name, [])):
        value = statement["mainsnak"].get("datavalue", {}).get("value")
        rank = _RANKS.get(statement.get("rank", "normal"), 1)
        if value is None or rank == 2 or (current and _date(statement, "P582")):
            continue
        age = _date(statement, "P585") if newest else ""
        found.append(((rank, [-ord(c) for c in age] if age else [0], order), value))
    return min(found, key=lambda pair: pair[0])[1] if found else None
