"""Pairs of places that a source names by label, country and position: P190 answers of 2017, pairs of Wikipedia.

A place is told from others by its label and country; where these are shared, by the position, to a tenth of a degree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.errors import SourceError
from twinld.ingest.takeover.named import Named, on_globe
from twinld.ingest.takeover.raw import dicts, rows
from twinld.layout import write_file

_QID: Final = re.compile(r"Q[1-9]\d*", re.ASCII)
_ANSWER: Final = (
    "origincityLabel", "origincountry", "originlat", "originlong", "originpopulation", "sistercityLabel",
    "destinationlat", "destinationlong", "destinationpopulation", "destination_countryLabel", "dist", "eu",
)  # fmt: skip
"""The columns of the tables of 2017."""
_APART_DEGREES: Final = 0.3
"""Two positions of one label and country that lie further apart in latitude or longitude are two places."""
_IN_BRACKETS: Final = {
    "district": "county", "county": "county", "rural gmina": "municipality", "urban gmina": "municipality",
    "municipality": "municipality", "city": "city", "town": "town", "province": "province", "state": "state",
    "region": "region", "oblast": "oblast", "prefecture": "prefecture", "borough": "district",
}  # fmt: skip
"""What a word in brackets behind a name says of the level."""
_LAST_WORD: Final = {
    "Municipality": "municipality", "Prefecture": "prefecture", "Oblast": "oblast", "Province": "province",
    "County": "county", "District": "district", "Voivodeship": "province",
}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side of a pair as the source gives it; latitude and longitude are texts, empty when it gives none."""

    label: str
    country: str
    latitude: str = ""
    longitude: str = ""
    population: str = ""


@dataclass(frozen=True)
class Pair:
    """One row of a source, and where it stands."""

    one: Side
    other: Side
    where: str


def take_over_2017(raw: Path, out: Path) -> None:
    """`wikidata/wdqs-eu-2017/*.tsv` -> statements.csv, places.csv, labels.csv, levels.csv, problems.csv.

    Distances and the flag of the European Union are not taken over: both follow from the rest.
    """
    paths = sorted((raw / "wikidata" / "wdqs-eu-2017").glob("*.tsv"))
    if not paths:
        raise SourceError(f"{raw}/wikidata/wdqs-eu-2017: no tables")
    named = Named("wdqs-2017")
    pairs = [
        Pair(Side(*row[:5]), Side(row[5], row[9], *row[6:9]), f"{path.name}:{line}")
        for path in paths
        for line, row in rows(path, "\t", _ANSWER, named, header=1)
    ]
    _write(out, named, "en", pairs)


def take_over_wikipedia(raw: Path, out: Path) -> None:
    """`wikipedia/twin_cities_{raw,geocoded}-2026-02.csv.gz` -> statements.csv, places.csv, labels.csv, levels.csv.

    The pairs are those of the raw file; positions come from the geocoded one, which lacks some pairs.
    """
    folder = raw / "wikipedia"
    named = Named("wikipedia")
    points: dict[tuple[str, str], tuple[str, str]] = {}
    for _, row in dicts(folder / "twin_cities_geocoded-2026-02.csv.gz", named):
        points[row["city1"], row["country1"]] = row["lat1"], row["lng1"]
        points[row["city2"], row["country2"]] = row["lat2"], row["lng2"]
    name = "twin_cities_raw-2026-02.csv.gz"
    pairs = [
        Pair(
            _geocoded(row["city1"], row["country1"], points), _geocoded(row["city2"], row["country2"], points),
            f"{name}:{line}",
        )
        for line, row in dicts(folder / name, named)
    ]  # fmt: skip
    _write(out, named, "en", pairs)


def _geocoded(label: str, country: str, points: dict[tuple[str, str], tuple[str, str]]) -> Side:
    return Side(label, country, *points.get((label, country), ("", "")))


def _write(out: Path, named: Named, language: str, pairs: list[Pair]) -> None:
    apart = _apart(side for pair in pairs for side in (pair.one, pair.other))
    statements = []
    for pair in pairs:
        sides = [_item(named, side, language, pair.where, apart) for side in (pair.one, pair.other)]
        if not all(sides):
            continue
        if sides[0] == sides[1]:
            right = "a place is not its own twin; name the other one"
            named.problem(sides[0], "parties", pair.where, f"{pair.one.label} / {pair.other.label}", right)
            continue
        statements.append((*sides, "", "", "", "", "", ""))
    named.write(out)
    write_file(out, "statements.csv", statements)


def _item(named: Named, side: Side, language: str, where: str, apart: set[tuple[str, str]]) -> str:
    """The item of a side; an empty text, and a problem, for one without a name."""
    label = " ".join(side.label.split())
    if _QID.fullmatch(label):
        return label  # the query service writes the item where there is no label
    if not label:
        named.problem("", "label", where, "(nothing)", "write the name of the place")
        return ""
    if "{{" in label or "[[" in label:
        bare = " ".join(re.sub(r"[\[\]{}]", " ", label).split())
        named.problem("", "label", where, label, f"write {bare!r}, which is taken")
        label = bare
    label = named.plain(label, "label", where)
    shared = (side.label, side.country) in apart and on_globe(side.latitude, side.longitude)
    more = f" {float(side.latitude):.1f} {float(side.longitude):.1f}" if shared else ""
    shown, level = _level(label)
    return named.place(
        label + more, side.country, label=shown, language=language, latitude=side.latitude, longitude=side.longitude,
        population=side.population if side.population.isdigit() else "", level=level, where=where,
        country_name=side.country.removesuffix(" (country)").rpartition(", ")[2],
    )  # fmt: skip


def _level(label: str) -> tuple[str, str]:
    """The name and the level of a place as labelled: "Wolfenbüttel (district)" is a county."""
    match = re.fullmatch(r"(.+?)\s*\(([^()]*)\)", label)
    if match is not None:
        level = _IN_BRACKETS.get(match[2].casefold(), "")
        return match[1], level
    return label, _LAST_WORD.get(label.rpartition(" ")[2], "")


def _apart(sides: Iterable[Side]) -> set[tuple[str, str]]:
    """The labels with countries that stand for several places, by their positions."""
    first: dict[tuple[str, str], tuple[float, float]] = {}
    found: set[tuple[str, str]] = set()
    for side in sides:
        if not on_globe(side.latitude, side.longitude):
            continue
        name, point = (side.label, side.country), (float(side.latitude), float(side.longitude))
        known = first.setdefault(name, point)
        if max(abs(known[0] - point[0]), abs(known[1] - point[1])) > _APART_DEGREES:
            found.add(name)
    return found
