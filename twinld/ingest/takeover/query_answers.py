"""Answers of the Wikidata Query Service in SPARQL JSON: European and German cities with their articles, August 2023.

The answers name no items: a city is told from others by its article in the German Wikipedia, else by its label. States,
pictures, heights and postcodes are not taken over.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from twinld.errors import SourceError
from twinld.ingest.takeover.named import Named

SOURCE: Final = "wdqs-2023"
_POINT: Final = re.compile(r"Point\((-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)\)", re.I)
_QID: Final = re.compile(r"Q[1-9]\d*", re.ASCII)


def take_over(raw: Path, out: Path) -> None:
    """`wikidata/wdqs-json/body.{eu,de}.srj.json` -> places.csv, labels.csv, problems.csv."""
    named = Named(SOURCE)
    for name in ("body.eu.srj.json", "body.de.srj.json"):
        path = raw / "wikidata" / "wdqs-json" / name
        try:
            bindings: list[dict[str, dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))["results"][
                "bindings"
            ]
        except (OSError, ValueError) as error:
            raise SourceError(f"{path}: {error}") from None
        for number, binding in enumerate(bindings, 1):
            _city(named, {key: str(cell["value"]) for key, cell in binding.items()}, f"{name}:{number}")
    named.write(out)


def _city(named: Named, city: dict[str, str], where: str) -> None:
    """One city; its point is well-known text, longitude first (OGC 06-103r4, 7.2)."""
    match = _POINT.fullmatch(city.get("location", ""))
    if match is None and city.get("location"):
        named.problem("", "point", where, city["location"], "write Point(16.37 48.21), longitude first")
    longitude, latitude = match.groups() if match else ("", "")
    label = city["cityLabel"]
    population = city.get("inhabitants", "")
    if not population.isdigit():
        if population:
            named.problem("", "population", where, population, "write a whole number")
        population = ""
    if _QID.fullmatch(label):  # the service writes the item where there is no label
        named.places[label] = (label, "", latitude, longitude, city.get("countryLabel", ""), population, "", "")
        return
    article = unquote(city.get("article", "").rpartition("/")[2]).replace("_", " ")
    country = city.get("countryLabel", "")
    named.place(
        article or label, country, label=label, language="de", latitude=latitude, longitude=longitude,
        population=population, where=where,
    )  # fmt: skip
