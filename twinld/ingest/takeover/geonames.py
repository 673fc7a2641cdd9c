"""GeoNames (CC BY 4.0): names, positions, countries and populations of places whose GeoNames id is known.

Only rows that serve: features that Natural Earth gives for an item which a statement or link of Wikidata names. The
alternate names are not taken over: they come without their languages, and matching rests on CC0 sources.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Final

from twinld.errors import SourceError
from twinld.ingest.takeover.named import Named
from twinld.ingest.takeover.raw import dicts, rows

SOURCE: Final = "geonames"


def take_over(raw: Path, out: Path) -> None:
    """`geonames/cities15000.tsv.gz`, by `crosswalk/natural_earth_populated_places.csv` -> places.csv, labels.csv."""
    statements = raw / "wikidata" / "p190-2016-09" / "relations.tsv"
    twins = {item for row in rows(statements, "\t", 2) for item in row}
    crosswalk = dicts(raw / "crosswalk" / "natural_earth_populated_places.csv")
    wanted = {row["GEONAMEID"] for row in crosswalk if row["wikidataid"] in twins}
    path = raw / "geonames" / "cities15000.tsv.gz"
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: {error}") from None
    named = Named(SOURCE)
    table = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    for line, row in enumerate(table, 2):
        if row["geonameid"] in wanted:
            population = row["population"] if row["population"] != "0" else ""
            named.place(
                row["geonameid"], label=row["name"], latitude=row["latitude"], longitude=row["longitude"],
                country_name=row["countrycode"], population=population, geonames=row["geonameid"],
                where=f"{path.name}:{line}",
            )  # fmt: skip
    named.write(out)
