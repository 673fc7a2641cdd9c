"""A local Wikidata: the entities that our extracts and documents know, as one N-Triples file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from twinld.ingest.takeover.entities import documents

from .rdf_model import Entity, Fact, Item, Number, Point, Special, Text, Time, Triple, entity_of, entity_triples

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "data" / "sources"
DEPRECATED = ("Q2861", "Q52502")
"""Rostock P190 Gothenburg: deprecated in Wikidata by 2019, as the qualifier P2241 in WD50K shows."""


def rows(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Wikidata:
    """Entities by id, written as one file."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}

    def entity(self, qid: str) -> Entity:
        return self.entities.setdefault(qid, Entity(qid))

    def add(self, fact: Fact) -> None:
        self.entity(fact.item).facts.append(fact)

    def write(self, path: Path) -> Path:
        with path.open("w", encoding="utf-8") as out:
            for qid in sorted(self.entities):
                out.writelines(f"{s} {p} {o} .\n" for s, p, o in self.triples(qid))
        return path

    def triples(self, qid: str) -> Iterable[Triple]:
        return entity_triples(self.entities[qid])


def add_documents(wikidata: Wikidata, shared: Path) -> None:
    """The entity documents with all their statements; Q32063953 redirects to Q1040."""
    paths = sorted((shared / "data" / "wikidata" / "entities").rglob("*.json"))
    assert len(paths) == 7
    for path in paths:
        for asked, document in documents(path):
            entity = entity_of(document)
            if asked != entity.qid:
                wikidata.entities[asked] = Entity(asked, target=entity.qid)
            wikidata.entities[entity.qid] = entity


def add_partners(wikidata: Wikidata) -> None:
    """An item for every partner that a statement names."""
    for entity in list(wikidata.entities.values()):
        for fact in entity.facts:
            if fact.prop == "P190" and isinstance(fact.value, Item):
                wikidata.entity(fact.value.qid)


def add_twinnings(wikidata: Wikidata, *, only: set[str] | None = None) -> None:
    """The P190 statements of the crawl of 2016 with the dates of 2018; items with a document keep its statements."""
    documented = set(wikidata.entities)
    dates = {(row["subject"], row["object"]): row for row in rows("wikidata-dated/statements.csv")}
    for row in rows("wikidata-crawl/statements.csv"):
        pair = row["subject"], row["object"]
        if only is not None and not only.issuperset(pair):
            continue
        for item in pair:
            wikidata.entity(item)
        if pair[0] in documented:
            continue
        dated = dates.get(pair, {})
        qualifiers = tuple(
            (prop, Time(f"{dated[name]}-00-00", 9))
            for prop, name in (("P580", "start"), ("P582", "end"), ("P585", "point_in_time"))
            if dated.get(name)
        )
        if pair == DEPRECATED:
            reason = (("P2241", Item("Q21655367")),)
            wikidata.add(Fact(pair[0], "P190", Item(pair[1]), rank="deprecated", qualifiers=reason))
        else:
            wikidata.add(Fact(pair[0], "P190", Item(pair[1]), qualifiers=qualifiers))


def add_places(wikidata: Wikidata, sources: tuple[str, ...] = ("wikidata-cities", "natural-earth")) -> None:
    """The cities of 2022, then what Natural Earth knows of other items; items with a document keep their own facts."""
    documented = {qid for qid, entity in wikidata.entities.items() if entity.revision > 1 or len(entity.labels) > 20}
    countries = {row["label"]: row["item"] for row in rows("countries/labels.csv")}
    codes = {row["iso_code"]: row["item"] for row in rows("countries/places.csv")}
    with (ROOT / "data" / "curated" / "country-names.csv").open(encoding="utf-8", newline="") as file:
        countries |= {row["name"]: codes[row["iso_code"]] for row in csv.DictReader(file) if row["iso_code"]}
    located: set[str] = set()
    for source in sources:
        for row in rows(f"{source}/places.csv"):
            qid = row["item"]
            if qid not in wikidata.entities or qid in documented or qid in located:
                continue
            located.add(qid)
            wikidata.add(Fact(qid, "P625", Point(row["latitude"], row["longitude"])))
            country = codes.get(row["country"]) or countries.get(row["country"])
            if country:
                wikidata.add(Fact(qid, "P17", Item(country)))
            if row["population"] and int(row["population"]) > 0:
                wikidata.add(Fact(qid, "P1082", Number(row["population"])))
            if source == "wikidata-cities":
                wikidata.add(Fact(qid, "P31", Item("Q515")))
        for row in rows(f"{source}/labels.csv"):
            if row["item"] in wikidata.entities and row["item"] not in documented:
                wikidata.entity(row["item"]).labels.setdefault(row["language"], row["label"])
    for row in rows("natural-earth/places.csv") if "natural-earth" in sources else ():
        if row["item"] in located and row["geonames"]:
            wikidata.add(Fact(row["item"], "P1566", Text(row["geonames"])))


def the_local_wikidata(shared: Path) -> Wikidata:
    """All of it: the items that the crawl of 2016 named, as far as public data knows them."""
    wikidata = Wikidata()
    add_documents(wikidata, shared)
    add_twinnings(wikidata)
    add_partners(wikidata)
    add_places(wikidata)
    return wikidata


__all__ = ["DEPRECATED", "Fact", "Item", "Number", "Point", "Special", "Text", "Time", "Wikidata"]
