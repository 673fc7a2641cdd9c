"""What sources name without Wikidata items: places under identifiers of the source's own, and what was wrong.

A place is `<source>:<name>|<country>` in the words of the source, so that a reader of a row sees what it is about.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

from twinld.ingest.rows import plain
from twinld.layout import write_file

Row = tuple[str, ...]
REMEDY = "S08"
"""The rule of what is left out (docs/sources.md)."""


class Problems:
    """What was found in a raw extract and is left out."""

    def __init__(self) -> None:
        self.problems: set[Row] = set()

    def problem(self, item: str, field: str, where: str, found: str, right: str) -> None:
        """Note what was found at `where` of the raw extract and is left out, and what would be right."""
        self.problems.add((item, field, where, REMEDY, found, right))

    def plain(self, text: str, field: str, where: str) -> str:
        """A text without HTML in it, which is noted."""
        bare = plain(text)
        if bare != text:
            self.problem("", field, where, text, f"write {bare!r}, which is taken")
        return bare

    def write(self, out: Path) -> None:
        """Write the problems, when there are any."""
        if self.problems:
            write_file(out, "problems.csv", self.problems)


class Named(Problems):
    """The rows of one source while it is taken over; every method may be called again with the same."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.places: dict[str, Row] = {}
        self.labels: set[Row] = set()
        self.levels: set[Row] = set()

    def place(
        self, name: str, country: str = "", *, label: str = "", language: str = "und", latitude: str = "",
        longitude: str = "", population: str = "", level: str = "", geonames: str = "", where: str = "",
        country_name: str = "",
    ) -> str:  # fmt: skip
        """The identifier of a place, which is written with its label and what else is known of it.

        `country` is part of the identifier, `country_name` what is said of the country, where that is less.
        """
        name, country, label = (self.plain(text, "name", where) for text in (name, country, label))
        name, country = " ".join(name.split()), " ".join(country.split())
        item = f"{self.source}:{name}|{country}" if country else f"{self.source}:{name}"
        if latitude and not on_globe(latitude, longitude):
            self.problem(item, "point", where, f"{latitude} {longitude}", globe(latitude, longitude))
            latitude = longitude = ""
        if item not in self.places:
            self.places[item] = (item, "", latitude, longitude, country_name or country, population, geonames, "")
            self.labels.add((item, "", language, label or name))
            if level:
                self.levels.add((item, "", level))
        return item

    def write(self, out: Path) -> None:
        """Write the places, their labels and levels, and the problems; files that would be empty are not written."""
        write_file(out, "places.csv", self.places.values())
        write_file(out, "labels.csv", self.labels)
        if self.levels:
            write_file(out, "levels.csv", self.levels)
        super().write(out)


def on_globe(latitude: str, longitude: str) -> bool:
    """Whether two texts are a latitude and a longitude in degrees."""
    try:
        return abs(Decimal(latitude)) <= 90 and abs(Decimal(longitude)) <= 180
    except InvalidOperation:
        return False


def globe(latitude: str, longitude: str) -> str:
    """What would be right in place of two texts that are no point."""
    if on_globe(longitude, latitude):
        return "latitude and longitude are swapped; write the latitude first"
    return "write degrees, such as 48.2082 and 16.3738"
