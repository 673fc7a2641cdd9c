"""Malmö is two items of Wikidata: enriched, reconciled and decided, its settlement leads to its municipality (P190)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from twinld.cli import main
from twinld.files import folder
from twinld.pipeline import BuildOptions, build
from twinld.store import Store, open_store
from twinld.vocab import TW, WD

from .front import Front, of_store
from .wikidata import SOURCES, Wikidata, add_partners, add_places, add_twinnings, rows

MALMO, MUNICIPALITY = "Q2211", "Q503361"


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, str]]:
    """What the crawl of 2016 says of either item."""
    return [
        row for row in rows("wikidata-crawl/statements.csv") if {row["subject"], row["object"]} & {MALMO, MUNICIPALITY}
    ]


@pytest.fixture(scope="module")
def items(pairs: list[dict[str, str]]) -> set[str]:
    return {item for row in pairs for item in (row["subject"], row["object"])}


@pytest.fixture(scope="module")
def front(items: set[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Those items with the twinnings between them, and what public data knows of them."""
    wikidata = Wikidata()
    add_twinnings(wikidata, only=items)
    add_partners(wikidata)
    add_places(wikidata)
    store = open_store(wikidata.write(tmp_path_factory.mktemp("malmo") / "wikidata.nt"))
    with Front(of_store(store)) as serving:
        yield serving
    store.close()


def crawl_of(pairs: list[dict[str, str]], items: set[str], data: Path) -> Path:
    """A data folder of the countries and of these rows of the crawl."""
    place = data / "sources" / "wikidata-crawl"
    place.mkdir(parents=True)
    (data / "sources" / "countries").symlink_to(folder("data") / "sources" / "countries")
    (place / "source.toml").write_bytes((SOURCES / "wikidata-crawl" / "source.toml").read_bytes())
    labels = [row for row in rows("wikidata-crawl/labels.csv") if row["item"] in items]
    for name, found in (("statements.csv", pairs), ("labels.csv", labels)):
        with (place / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, found[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
    return data


def of_malmo(store: Store) -> list[tuple[str, str, int]]:
    """Item, item that carries the twinnings, and partners of each place called Malmö."""
    found = store.select(
        f"""SELECT ?item ?carries (COUNT(DISTINCT ?agreement) AS ?n) WHERE {{
          ?place <{TW}wikidataItem> ?item ; <{TW}p190Item> ?carries . ?agreement <{TW}party> ?place
          FILTER(?item IN (<{WD}{MALMO}>, <{WD}{MUNICIPALITY}>)) }} GROUP BY ?item ?carries ORDER BY ?item"""
    )
    return [(row["item"].value[len(WD) :], row["carries"].value[len(WD) :], int(row["n"].value)) for row in found]


def test_malmo_resolves_p190_to_its_municipality(
    pairs: list[dict[str, str]], items: set[str], front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, out = crawl_of(pairs, items, tmp_path / "data"), tmp_path / "build"
    monkeypatch.setenv("TWINLD_CONTACT", "test@example.org")
    monkeypatch.setenv("TWINLD_WIKIDATA_ENDPOINT", front.url)
    base = open_store(build(BuildOptions(data=data, out=out)).folder)
    apart = of_malmo(base)
    base.close()
    assert main(["enrich", "--data", str(data), "--out", str(out)]) == 0
    listed = tmp_path / "places.csv"
    listed.write_text("id,name,country,latitude,longitude,population,qid,geonames\nm,Malmö,SE,55.6,13.03,,,\n")
    assert main(["reconcile", str(listed), "--out", str(out)]) == 0
    (proposed,) = csv.DictReader((out / "reconcile" / "p190.csv").read_text().splitlines())
    with (data / "reconciliation.csv").open("w", encoding="utf-8", newline="") as file:  # as a person takes it over
        writer = csv.DictWriter(file, proposed, lineterminator="\n")
        writer.writeheader()
        writer.writerow({**proposed, "decided_on": "2026-11-22"})
    enriched = open_store(build(BuildOptions(data=data, out=out)).folder)
    together = of_malmo(enriched)
    enriched.close()

    assert apart == [(MALMO, MALMO, 1), (MUNICIPALITY, MUNICIPALITY, 12)]
    assert (proposed["item"], proposed["place"], proposed["role"]) == (MUNICIPALITY, MALMO, "p190")
    assert together == [(MALMO, MUNICIPALITY, 13)]
