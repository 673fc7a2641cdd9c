"""The labelled sample of place records, and how well matching does on it.

`tests/data/matching/pairs.csv` names records and the place that each means; `tests/data/matching/README.md` says how it
was made. A record is matched as if its identifier were not known: to the release without its own source
(`wikidata-cities`, `natural-earth`), or to all of it (`wdqs-2017`, whose rows name no items).
"""

from __future__ import annotations

import csv
import math
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from twinld import ingest
from twinld.model import Finding, PlaceFacts, Record, Redirect, Source, Statement
from twinld.resolve import Decisions
from twinld.resolve.identity import Identity, is_local
from twinld.resolve.known import Known, describe
from twinld.resolve.local import country_of
from twinld.resolve.matching import Match, match
from twinld.resolve.places import Countries

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "matching"
STRATA = ("plain", "exonym", "homonym", "municipality", "non-Latin", "absent")
HIDDEN = ("wikidata-cities", "natural-earth")
"""Sources whose records are matched to the release without them."""
WITHIN = ("wikidata-crawl", "wikidata-cities", "wikidata-dated", "wikidata-mmkb", "wikidata-entities", "natural-earth",
          "countries")  # fmt: skip
"""The sources that the sample was labelled with: what is added to the release later changes no figure."""


@dataclass
class Tally:
    """`automatic` matches, how many of them are `right`, and `pairs`: how many records have a place in the release."""

    automatic: int = 0
    right: int = 0
    pairs: int = 0
    wrong: list[str] = field(default_factory=list)


def wilson(good: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, without continuity correction)."""
    if total == 0:
        return 0.0, 1.0
    z, share = 1.959964, good / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


class World:
    """The records of the committed CC0 sources, and what is known without one of them."""

    def __init__(self) -> None:
        records: list[Record] = []
        self.sources: dict[str, Source] = {}
        folders = ingest.source_folders(ROOT / "data")
        for name in WITHIN:
            source = self.sources[name] = ingest.describe(folders[name])
            records += [item for item in ingest.read(folders[name], source) if not isinstance(item, Finding)]
        decisions = Decisions(country_names=Decisions.read(ROOT / "data").country_names)
        self.identity = Identity([item for item in records if isinstance(item, Redirect)], decisions)
        self.rows = [item for item in records if isinstance(item, PlaceFacts) and not is_local(item.item)]
        self.statements = [item for item in records if isinstance(item, Statement)]
        self.country = country_of(Countries(self.rows, self.identity, decisions))

    def known(self, without: str) -> Known:
        """What is known without one source."""
        rows = [row for row in self.rows if row.source != without]
        links = {
            (self.identity.key(s.subject), self.identity.key(s.obj)) for s in self.statements if s.source != without
        }
        return Known(describe(rows, self.identity.key, self.country), links)

    def hidden(self, source: str) -> dict[str, Match]:
        """The records of a source matched to the rest, by the item that was hidden."""

        def local(item: str) -> str:
            return f"{source}:{item}"

        rows = [replace(row, item=local(row.item), geonames=None) for row in self.rows if row.source == source]
        if source == "natural-earth":  # as a Russian and a Chinese list would give them
            foreign = frozenset({"ru", "zh"})
            rows = [replace(row, labels=tuple(label for label in row.labels if label[0] in foreign)) for row in rows]
        links = {(local(s.subject), local(s.obj)) for s in self.statements if s.source == source}
        found = match(rows, self.known(source), links=links, country=self.country)
        return {identifier.partition(":")[2]: result for identifier, result in found.items()}


def query_rows() -> tuple[list[PlaceFacts], set[tuple[str, str]]]:
    """The rows of `wdqs-2017.csv` as records of places without items, and which of them are partners."""
    places: dict[str, PlaceFacts] = {}
    links = set()
    with (SAMPLE / "wdqs-2017.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    for row in rows:
        sides = []
        for name, country, latitude, longitude, population in (row[:5], row[5:]):
            if not latitude or not longitude:
                continue
            item = f"wdqs-2017:{name}|{country}|{latitude}|{longitude}"
            places[item] = PlaceFacts(
                "wdqs-2017", item, item, "", (("und", name),), Decimal(latitude), Decimal(longitude), country or None,
                int(float(population)) if population else None,
            )  # fmt: skip
            sides.append(item)
        if len(sides) == 2:
            links.add((sides[0], sides[1]))
    return list(places.values()), links


@cache
def tallies() -> dict[str, Tally]:
    """The figures of every stratum."""
    world = World()
    found = {source: world.hidden(source) for source in HIDDEN}
    rows, links = query_rows()
    found["wdqs-2017"] = match(rows, world.known("wdqs-2017"), links=links, country=world.country)
    result = {stratum: Tally() for stratum in STRATA}
    with (SAMPLE / "pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tally = result[row["stratum"]]
            tally.pairs += bool(row["place"])
            decided = found[row["source"]][row["record"]]
            if decided.state == "matched":
                tally.automatic += 1
                tally.right += decided.key == row["place"]
                if decided.key != row["place"]:
                    tally.wrong.append(f"{row['record']}: {decided.key}, not {row['place'] or 'any'} ({decided.how})")
    return result


def total(parts: Iterable[Tally]) -> Tally:
    """All strata together."""
    whole = Tally()
    for part in parts:
        whole.automatic += part.automatic
        whole.right += part.right
        whole.pairs += part.pairs
        whole.wrong += part.wrong
    return whole


def copies(world: World, times: int) -> tuple[list[PlaceFacts], Known, set[tuple[str, str]]]:
    """The cities and what is known without them, so many times over: elsewhere, and under names of their own."""
    rng = random.Random(1)
    known, rows, links, mine = [], [], set(), set()
    for number in range(times):
        shift = Decimal(number * 37 % 100) / 50 if number else Decimal(0)
        ending = "".join(rng.choice("bdfglmnprst") + rng.choice("aeiou") for _ in range(2)) if number else ""

        def moved(row: PlaceFacts, item: str, shift: Decimal = shift, ending: str = ending) -> PlaceFacts:
            return replace(
                row, item=item, geonames=None, labels=tuple((tag, f"{label}{ending}") for tag, label in row.labels),
                latitude=None if row.latitude is None else row.latitude * (1 - shift / 100) - shift,
            )  # fmt: skip

        for row in world.rows:
            if row.source == "wikidata-cities":
                rows.append(moved(row, f"cities:{number}-{row.item}"))
            else:
                known.append(moved(row, f"{number}-{row.item}"))
        for s in world.statements:
            if s.source == "wikidata-cities":
                mine.add((f"cities:{number}-{s.subject}", f"cities:{number}-{s.obj}"))
            else:
                links.add((f"{number}-{s.subject}", f"{number}-{s.obj}"))

    def country(stated: str) -> str | None:
        return world.country(stated)

    return rows, Known(describe(known, lambda item: item, country), links), mine


def scaling() -> dict[int, tuple[int, float]]:
    """Records and CPU seconds of matching the cities once, 4 times and 16 times over, indexes made."""
    world = World()
    found = {}
    for times in (1, 4, 16):
        rows, known, links = copies(world, times)
        started = time.process_time()
        match(rows, known, links=links, country=world.country)
        found[times] = len(rows), time.process_time() - started
    return found
