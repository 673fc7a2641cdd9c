"""Natural Earth's populated places (4.0, November 2017; public domain), those that name a Wikidata item.

Ten items stand on two rows, and at least one row names the wrong item (Q92381: Baicheng and Bose); each row keeps
a hash of itself, so that the two are told apart. Labels are in seven languages.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from twinld.ingest.takeover.named import Problems
from twinld.ingest.takeover.raw import dicts
from twinld.layout import row_hash, write_file

_LANGUAGES = ("en", "de", "es", "fr", "pt", "ru", "zh")


def take_over(raw: Path, out: Path) -> None:
    """`crosswalk/natural_earth_populated_places.csv` -> places.csv, labels.csv."""
    path = raw / "crosswalk" / "natural_earth_populated_places.csv"
    noted = Problems()
    table = [row for _, row in dicts(path, noted) if row["wikidataid"].startswith("Q")]
    seen = Counter(row["wikidataid"] for row in table)
    places, labels = [], []
    for row in table:
        item = row["wikidataid"]
        key = row_hash(*row.values()) if seen[item] > 1 else ""
        country = row["ISO_A2"] if row["ISO_A2"] != "-99" else row["ADM0NAME"]
        population = row["POP_MAX"] if row["POP_MAX"].isdigit() and row["POP_MAX"] != "0" else ""
        geonames = row["GEONAMEID"] if row["GEONAMEID"].isdigit() and row["GEONAMEID"] != "0" else ""
        places.append((item, key, row["LATITUDE"], row["LONGITUDE"], country, population, geonames, ""))
        for language in _LANGUAGES:
            label = row[f"NAME_{language.upper()}"].strip()
            if label:
                labels.append((item, key, language, label))
    write_file(out, "places.csv", places)
    write_file(out, "labels.csv", labels)
    noted.write(out)
