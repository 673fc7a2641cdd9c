"""GeoNames (CC BY 4.0): names, positions, countries and populations of places whose GeoNames id is known.

Only rows that serve: features that Natural Earth gives for an item which a statement or link of Wikidata names. The
alternate names are not taken over: they come without their languages, and matching rests on CC0 sources.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from twinld.ingest.takeover.named import Named, Problems
from twinld.ingest.takeover.raw import dicts, rows

SOURCE: Final = "geonames"


def take_over(raw: Path, out: Path) -> None:
    """`geonames/cities15000.tsv.gz`, by `crosswalk/natural_earth_populated_places.csv` -> places.csv, labels.csv."""
    statements = raw / "wikidata" / "p190-2016-09" / "relations.tsv"
    elsewhere = Problems()  # told of by the sources whose files these are
    twins = {item for _, row in rows(statements, "\t", ("subject", "object"), elsewhere) for item in row}
    crosswalk = dicts(raw / "crosswalk" / "natural_earth_populated_places.csv", elsewhere)
    wanted = {row["GEONAMEID"] for _, row in crosswalk if row["wikidataid"] in twins}
    path = raw / "geonames" / "cities15000.tsv.gz"
    named = Named(SOURCE)
    for line, row in dicts(path, named, separator="\t"):
        if row["geonameid"] in wanted:
            population = row["population"] if row["population"] != "0" else ""
            named.place(
                row["geonameid"], label=row["name"], latitude=row["latitude"], longitude=row["longitude"],
                country_name=row["countrycode"], population=population, geonames=row["geonameid"],
                where=f"{path.name}:{line}",
            )  # fmt: skip
    named.write(out)
