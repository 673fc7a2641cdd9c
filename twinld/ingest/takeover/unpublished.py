"""Files that may not be published: read by path into an unpublished build, never into `data/` or a dump.

Nobody names the origin of the German directory, the member lists have no licence, and the ODbL of the Countries States
Cities Database would bind what it is mixed with. An unpublished build shows what they would say beside the rest.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from twinld.errors import SourceError
from twinld.ingest.takeover.named import Named, Row, globe, on_globe
from twinld.ingest.takeover.raw import dicts
from twinld.layout import row_hash, write_file, write_inventory

UNDETERMINED: Final = "http://rightsstatements.org/vocab/UND/1.0/"
ODBL: Final = "https://opendatacommons.org/licenses/odbl/1-0/"
_QID: Final = re.compile(r"Q[1-9]\d*", re.ASCII)
_FORMS: Final = {"p": "twinning", "f": "friendship", "k": "cooperation", "": ""}
"""The form of a partnership in the directory: apparently Partnerschaft, Freundschaft, Kontakt."""
_PLACEHOLDER: Final = 2.5
"""A year that stands so many times as often as the next one is what the directory writes where it knows none."""
_GERMANY: Final = ((47.2, 55.1), (5.8, 15.1))
"""Latitudes and longitudes of Germany: some municipalities of the directory lie in Ohio there."""
_BRACKETS: Final = re.compile(r"\s*\((?P<word>[^()]*)\)")
_DISTRICT: Final = re.compile(r"(?:Bezirk|Stadtbezirk|Stadtteil|Ortsteil)\s+(?!v(?:on|\.)\s)(?P<name>.+)")
"""What stands in brackets behind a city where one of its districts is meant."""
_NAME: Final = re.compile(r"(?!.*(?:ezirk|[Kk]reis|gemeinde|teil\b))[^\W\d_a-z][^\d()]{2,}")
"""Another name of the place, as it stands in brackets behind the first."""


@dataclass(frozen=True)
class Unpublished:
    """One such file: how it is read, and what its `source.toml` says."""

    take_over: Callable[[Path, Path], None]
    title: str
    homepage: str
    licence: str
    extracted: str
    rank: int


def germany(path: Path, out: Path) -> None:
    """The directory of German municipal partnerships of 2015 -> agreements.csv, places.csv, labels.csv, levels.csv."""
    named = Named("germany-2015")
    table = list(dicts(path, named, ("gemeindename", "plz", "partnergemeinde", "land", "seit", "form")))
    years = Counter(row["seit"] for _, row in table if row["seit"]).most_common(2)
    placeholder = years[0][0] if len(years) == 2 and years[0][1] > _PLACEHOLDER * years[1][1] else ""
    countries: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, row in table:
        countries[row["latitude_partner"], row["longitude_partner"]].add(row["land"])
    agreements: dict[Row, Row] = {}
    for line, row in table:
        where = f"{path.name}:{line}"
        here, there = (row["latitude"], row["longitude"]), (row["latitude_partner"], row["longitude_partner"])
        if on_globe(*here) and not _in_germany(*here):
            named.problem("", "point", where, " ".join(here), "write a point in Germany")
            here = "", ""
        if on_globe(*there) and len(countries[there]) > 1:
            right = f"it is given for places of {len(countries[there])} countries; write the point of this one"
            named.problem("", "point", where, " ".join(there), right)
            there = "", ""
        one = _municipality(named, row["gemeindename"], "Deutschland", *here, where)
        other = _municipality(named, row["partnergemeinde"], row["land"], *there, where)
        year = row["seit"]
        if year and not re.fullmatch(r"[12]\d{3}", year):
            named.problem(one, "seit", where, year, "write a year of four digits")
            year = ""
        form = row["form"]
        if form not in _FORMS:
            named.problem(one, "form", where, form, "write p, f or k")
            form = ""
        start = f"{year}?" if year and year == placeholder else year
        quote = " ".join(cell for cell in (row["form"], row["seit"]) if cell)
        if one != other:
            key = one, other, row_hash(*row.values())  # some rows stand twice
            agreements.setdefault(key, (*key, _FORMS[form], start, "", "", "", "", "", "", where, quote))
        else:
            named.problem(
                one, "parties", where, row["partnergemeinde"], "a place is not its own twin; name the other one"
            )
    named.write(out)
    write_file(out, "agreements.csv", agreements.values())


def _in_germany(latitude: str, longitude: str) -> bool:
    return all(low <= float(value) <= high for value, (low, high) in zip((latitude, longitude), _GERMANY, strict=True))


def _municipality(named: Named, printed: str, country: str, latitude: str, longitude: str, where: str) -> str:
    words = [match["word"] for match in _BRACKETS.finditer(printed)]
    level = "county" if "Kreis" in words or printed.endswith(", Kreis") else ""
    level = "municipality" if "Verbandsgemeinde" in words else level
    label = _BRACKETS.sub("", printed) or printed
    for word in words:  # Berlin (Bezirk Mitte), Barnet (Stadtbezirk v. London), Paris (12. Bezirk)
        district = _DISTRICT.fullmatch(word)
        if district is not None or "ezirk" in word:
            level = "district"
            label = district["name"] if district is not None else printed if re.search(r"\d", word) else label
    item = named.place(
        printed, country, label=label, language="und", latitude=latitude,
        longitude=longitude, level=level, where=where,
    )  # fmt: skip
    if not level:  # Temeswar (Timisoara)
        named.labels |= {(item, "", "und-x-other", word) for word in words[:1] if _NAME.fullmatch(word)}
    return item


def eurocities(path: Path, out: Path) -> None:
    """Members of Eurocities with items -> places.csv, labels.csv."""
    try:
        members: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["members"]
    except (OSError, ValueError, KeyError) as error:
        raise SourceError(f"{path}: {error}") from None
    named = Named("eurocities-2025")
    for number, member in enumerate(members, 1):
        item, population = member.get("wikidata_id") or "", member.get("population")
        label = member.get("wikidata_name") or member["name_on_website"]
        point = [str(member[key]) if member.get(key) is not None else "" for key in ("latitude", "longitude")]
        count = str(int(population)) if population is not None else ""
        _known(named, item, label, "en", point, member.get("country") or "", count, f"{path.name}:{number}")
    named.write(out)


def parliament(path: Path, out: Path) -> None:
    """Cities that signed for the Global Parliament of Mayors -> places.csv, labels.csv."""
    named = Named("parliament-2025")
    for line, row in dicts(path, named, ("city_name", "country", "wikidata_id")):
        country = row["country"].removeprefix("the ")
        _known(named, row["wikidata_id"], row["city_name"], "en", ["", ""], country, "", f"{path.name}:{line}")
    named.write(out)


def cities(path: Path, out: Path) -> None:
    """Cities of the Countries States Cities Database with items (ODbL) -> places.csv, labels.csv."""
    named = Named("csc-2026")
    columns = ("wikiDataId", "name", "country_code", "latitude", "longitude", "population")
    for line, row in dicts(path, named, columns):
        point = [row["latitude"], row["longitude"]]
        count = row["population"] if row["population"] not in {"", "0"} else ""
        _known(named, row["wikiDataId"], row["name"], "und", point, row["country_code"], count, f"{path.name}:{line}")
    named.write(out)


def _known(
    named: Named, item: str, label: str, language: str, point: list[str], country: str, population: str, where: str
) -> None:
    """A place with its item, where the row names one; a second row of an item is told apart by its hash."""
    label, country = (named.plain(text, "name", where) for text in (label, country))
    if any(point) and not on_globe(*point):
        named.problem(item, "point", where, " ".join(point), globe(*point))
    latitude, longitude = (f"{Decimal(number):f}" for number in point) if on_globe(*point) else ("", "")
    if not _QID.fullmatch(item):
        if item:
            named.problem("", "item", where, item, "write one item, such as Q100")
        named.place(label, country, language=language, latitude=latitude, longitude=longitude, where=where)
        return
    row = row_hash(label, latitude, longitude, country, population) if item in named.places else ""
    key = f"{item}#{row}" if row else item
    named.places[key] = (item, row, latitude, longitude, country, population, "", "")
    named.labels.add((item, row, language, label.strip()))


UNPUBLISHED: Final[dict[str, Unpublished]] = {
    "germany-2015": Unpublished(
        germany, "Directory of German municipal partnerships, 2015", "https://github.com/muenchdo/TwinTowns",
        UNDETERMINED, "2015", 70,
    ),
    "eurocities-2025": Unpublished(
        eurocities, "Members of Eurocities, 2025", "https://github.com/c-riq/city-vote", UNDETERMINED, "2025", 71
    ),
    "parliament-2025": Unpublished(
        parliament, "Signatures of the Global Parliament of Mayors, 2025", "https://github.com/c-riq/city-vote",
        UNDETERMINED, "2025", 72,
    ),
    "csc-2026": Unpublished(
        cities, "Countries States Cities Database, 2026",
        "https://github.com/dr5hn/countries-states-cities-database", ODBL, "2026", 73,
    ),
}  # fmt: skip
"""By the name that `twinld build --source NAME=PATH` is given."""


def read_unpublished(name: str, path: Path, out: Path) -> Path:
    """Read one such file into the folder `out`/`name` in our layout, and return it; its facts are under its licence.

    Raises SourceError when the file is not what it should be.
    """
    source, folder = UNPUBLISHED[name], out / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        source.take_over(path, folder)
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path}: not in the form of {name} ({type(error).__name__} {error})") from None
    facts = {
        "name": name, "title": source.title, "publisher": "unknown", "homepage": source.homepage,
        "licence": source.licence, "attribution": source.title, "extracted": source.extracted,
        "description": "Read for a build that is not published.", "rank": source.rank, "directed": False,
        "lists_all": False, "dates": False,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items()]
    (folder / "source.toml").write_text("".join(lines), encoding="utf-8")
    write_inventory(folder)
    return folder
