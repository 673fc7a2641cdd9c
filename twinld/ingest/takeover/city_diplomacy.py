"""The maps of the city diplomacy of Montréal and Mexico City (CC BY-SA 4.0): partners, with free French text.

A text lists papers and their dates, "Jumelage (1999), Déclaration d'intention (2017)": each is an agreement of its
own row. A paper whose text says Jumelage is a twinning, and its date the start unless the text names a second paper
beside it; other papers are cooperation or friendship and are signed on their date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from twinld.errors import SourceError
from twinld.ingest.printed_dates import printed_date
from twinld.ingest.takeover.named import Named
from twinld.layout import row_hash, write_file

SOURCE: Final = "city-diplomacy"
_CITIES: Final = (
    ("city_diplomacy_mexico_2024.json", "Mexico", "Mexico"),
    ("city_diplomacy_montreal_2024.json", "Montréal", "Canada"),
)
_PAPERS: Final = re.compile(r"(?<=\))\s*(?:,|\bet\b)\s*(?=[A-ZÉ])|(?<=\))\s*,\s*")
_DATED: Final = re.compile(r"^(?P<words>[^()]*?)\s*\((?P<date>[^()]*)\)$")
_KINDS: Final = (
    ("jumelage ou partenariat", "", ""),
    ("jumelage", "twinning", "jumelage"),
    ("déclaration d'amitié", "friendship", "declaration-d-amitie"),
    ("amitié", "friendship", ""),
    ("entente de collaboration", "cooperation", "entente-de-collaboration"),
    ("coopération", "cooperation", ""),
    ("collaboration", "cooperation", ""),
    ("échange", "cooperation", ""),
    ("mémorandum", "cooperation", ""),
    ("protocole", "cooperation", ""),
    ("déclaration", "cooperation", ""),
    ("lettre d'intention", "cooperation", ""),
)
"""What a paper is by what stands in its words: the first that fits; kind and local term."""
_LEVELS: Final = (
    ("Province de ", "province"), (" (province)", "province"), ("Wilaya d'", "province"), (" (État)", "state"),
)  # fmt: skip


def take_over(raw: Path, out: Path) -> None:
    """`directory/city_diplomacy_*_2024.json` -> agreements.csv, places.csv, labels.csv, problems.csv."""
    named = Named(SOURCE)
    agreements: list[tuple[str, ...]] = []
    for file, city, country in _CITIES:
        path = raw / "directory" / file
        try:
            partners: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SourceError(f"{path}: {error}") from None
        one = named.place(city, country, language="fr", level="city")
        for number, partner in enumerate(partners, 1):
            agreements += _agreements(one, partner, f"{file}:{number}", named)
    named.write(out)
    write_file(out, "agreements.csv", agreements)


def _agreements(one: str, partner: dict[str, Any], where: str, named: Named) -> Iterator[tuple[str, ...]]:
    name, text = str(partner["name"]), str(partner["description"])
    level = next((level for words, level in _LEVELS if words in name), "")
    label = re.sub(r"^(?:Province de |Wilaya d')|\s*\([^)]*\)$", "", name)
    point = str(partner["lat"]), str(partner["lng"])
    other = named.place(
        name, label=label, language="fr", latitude=point[0], longitude=point[1], level=level, where=where
    )
    for paper in _PAPERS.split(text):
        words, start, point_in_time = paper, "", ""
        if (match := _DATED.match(paper)) and match["date"] != "formel ou informel":
            words, date = match["words"], _date(match["date"], where, other, named)
            several = " et " in words and "jumelage" in words.casefold()
            start, point_in_time = ("", date) if several or "jumelage" not in words.casefold() else (date, "")
        kind, term = next(((kind, term) for word, kind, term in _KINDS if word in words.casefold()), ("", ""))
        yield (
            one, other, row_hash(paper), kind, start, "", point_in_time, "", term, "", "",
            f"{where} ({partner['url']})", paper,
        )  # fmt: skip


def _date(text: str, where: str, item: str, named: Named) -> str:
    try:
        return printed_date(text.partition(" renouvelable")[0].partition(" jusqu'à")[0]).edtf
    except ValueError as error:
        found, _, right = str(error).partition("; ")
        named.problem(item, "date", where, found, right or "correct the date")
        return ""
