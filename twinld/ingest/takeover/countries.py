"""The countries and territories of ISO 3166-1 with their Wikidata items (Our World in Data, November 2022)."""

from __future__ import annotations

from pathlib import Path

from twinld.ingest.takeover.named import Problems
from twinld.ingest.takeover.raw import dicts
from twinld.layout import write_file


def take_over(raw: Path, out: Path) -> None:
    """`crosswalk/countries_owid.csv` -> places.csv, labels.csv: rows with an item and an alpha-2 code."""
    places, labels = [], []
    noted = Problems()
    for _, row in dicts(raw / "crosswalk" / "countries_owid.csv", noted):
        if not row["wikidata_uri"] or len(row["iso_alpha2"]) != 2:  # PS-GZA is a part of PS
            continue
        item = row["wikidata_uri"].rpartition("/")[2]
        places.append((item, "", "", "", "", "", "", row["iso_alpha2"]))
        labels.append((item, "", "en", row["name"].strip()))
        if row["wikidata_label"].strip() and row["wikidata_label"] != row["name"]:
            labels.append((item, "wikidata", "en", row["wikidata_label"].strip()))
            places.append((item, "wikidata", "", "", "", "", "", row["iso_alpha2"]))
    write_file(out, "places.csv", places)
    write_file(out, "labels.csv", labels)
    noted.write(out)
