"""The numbers of a release: twins, countries, distances, dates, sources, what checks and resolution reported.

Counted from the network in memory (`world`) and from the reports in the folder of the release; what graph
`statistics` publishes is the same (tests/server/test_statistics_release.py).
"""

from __future__ import annotations

import csv
import functools
import json
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from twinld.errors import NotFound, nearest
from twinld.queries import query
from twinld.site.about import about
from twinld.site.ask import Asker, once, term_of
from twinld.site.networks import network_counts
from twinld.site.tables import Cell, Column, Names, Table
from twinld.site.things import LANGUAGE, Named
from twinld.site.world import Bond, Pair, World, namer_of_places, pair_of, world
from twinld.store import Store
from twinld.vocab import BASE, ID, rebase

STEPS_KM: Final = (0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_010)
"""The bounds of the steps in which distances are counted; no two places are farther apart than half the Earth."""
MATRIX: Final = 20
ENDS: Final = 10
"""So many of the nearest and of the farthest pairs are listed."""


@dataclass(frozen=True)
class Numbers:
    """All tables by their key, and the few numbers that sentences tell.

    `pairs` are pairs of twins, now or formerly; `located` those of them whose distance is known, `median_km` far
    apart in the middle; `abroad` those that are known to lie in two countries.
    """

    tables: dict[str, Table]
    agreements: int
    dated: int
    started: int
    pairs: int
    located: int
    abroad: int
    median_km: float | None
    told: int
    """Agreements of which it is told whether both sides state them."""
    matrix: tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]
    """The countries with most pairs of twins, and the number of pairs of each two of them, row by row."""

    def table(self, key: str) -> Table:
        """A table by its key; NotFound, with the nearest, for another key."""
        if key not in self.tables:
            raise NotFound(f"there is no table {key[:40]!r}; {nearest(key[:40], self.tables, 'tables')}")
        return self.tables[key]


def numbers(store: Store, folder: Path | None = None, *, base: str = BASE) -> Numbers:
    """The numbers of a store, and of the release in `folder`; counted once for a store that cannot change."""
    asker = Asker(store, base)
    return once(store, ("numbers", base, folder), lambda: _numbers(asker, folder))


def _numbers(asker: Asker, folder: Path | None) -> Numbers:
    here = world(asker)
    bonds = list(here.bonds.values())
    km = sorted((here.km[pair], pair) for pair in here.pairs if pair in here.km)
    made: Iterable[Table] = (
        _places(here), _country_pairs(here), _countries(here), _distances([far for far, _ in km]),
        _ends("farthest", sorted(km, key=lambda item: (-item[0], item[1]))), _ends("nearest", km),
        _decades(bonds), _reciprocity(bonds), _kinds(bonds), _sources(here), _networks(asker), *reports(folder),
    )  # fmt: skip
    return Numbers(
        tables={table.key: table for table in made},
        agreements=len(bonds),
        dated=sum(bond.dated for bond in bonds),
        started=sum(bool(bond.start) for bond in bonds),
        pairs=len(here.pairs),
        located=len(km),
        abroad=sum(number for (one, other), number in here.country_pairs.items() if one != other),
        median_km=round(statistics.median(far for far, _ in km), 1) if km else None,
        told=sum(bool(bond.reciprocity) for bond in bonds),
        matrix=_matrix(here),
    )


def _counted(key: str, name: str, kind: str, counts: Counter[Any], query: str, shown: int = 20) -> Table:
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Table(key, (Column(name, kind), Column("agreements")), tuple(rows), shown, query)


def _places(here: World) -> Table:
    rows = [(place, here.country.get(place), len(twins)) for place, twins in here.twins_now.items()]
    rows.sort(key=lambda row: (-row[2], row[0]))
    columns = (Column("place", "place"), Column("country", "place"), Column("twins"))
    return Table("places", columns, tuple(rows), query="places_by_twins")


def _country_pairs(here: World) -> Table:
    rows = sorted(((one, other, number) for (one, other), number in here.country_pairs.items()), key=_most)
    columns = (Column("one", "place"), Column("other", "place"), Column("pairs"))
    return Table("country-pairs", columns, tuple(rows), query="cq04")


def _most(row: tuple[str, str, int]) -> tuple[int, str, str]:
    return -row[2], row[0], row[1]


def _matrix(here: World) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    whole: Counter[str] = Counter()
    for (one, other), number in here.country_pairs.items():
        whole.update({one: number, other: number})
    top = [country for country, _ in sorted(whole.items(), key=lambda item: (-item[1], item[0]))[:MATRIX]]
    return tuple(top), tuple(tuple(here.country_pairs.get(pair_of(one, other), 0) for other in top) for one in top)


COUNTRY_COLUMNS: Final = (
    Column("country", "place"), Column("code", "text"), Column("places"), Column("agreements"), Column("dated"),
    Column("both_sides"), Column("one_sided"), Column("several_sources"), Column("partner_countries"),
)  # fmt: skip


def _countries(here: World) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for country, places in here.places_of.items():
        bonds = here.of_country[country]
        sides = Counter(bond.reciprocity for bond in bonds)
        rows.append((
            country, here.code.get(country, ""), len(places), len(bonds), sum(bond.dated for bond in bonds),
            sides["mutual"], sides["one-sided"], sum(here.sources.get(bond.slug, 0) > 1 for bond in bonds),
            len(here.partners_of.get(country, ())),
        ))  # fmt: skip
    rows.sort(key=lambda row: (-_whole(row[3]), str(row[0])))
    return Table("countries", COUNTRY_COLUMNS, tuple(rows), query="agreements_by_country")


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _distances(km: list[float]) -> Table:
    rows = tuple((low, high, sum(low <= far < high for far in km)) for low, high in pairwise(STEPS_KM))
    return Table("distances", (Column("from_km"), Column("to_km"), Column("pairs")), rows, query="cq05")


def _ends(key: str, pairs: list[tuple[float, Pair]]) -> Table:
    rows = tuple((one, other, far) for far, (one, other) in pairs[:ENDS])
    columns = (Column("one", "place"), Column("other", "place"), Column("km", "km"))
    return Table(key, columns, rows, query=f"{key}_twins")


def decades_of(bonds: Iterable[Bond]) -> tuple[tuple[int, int], ...]:
    """How many agreements began in each decade, from the first to the last; decades between are there with 0,
    but for a gap of more than a century.
    """
    counts = Counter(bond.decade for bond in bonds if bond.decade is not None)
    found: list[tuple[int, int]] = []
    for decade in sorted(counts):
        last = found[-1][0] if found else decade
        if decade - last <= 100:
            found += [(between, 0) for between in range(last + 10, decade, 10)]
        found.append((decade, counts[decade]))
    return tuple(found)


def _decades(bonds: list[Bond]) -> Table:
    return Table("decades", (Column("decade", "decade"), Column("agreements")), decades_of(bonds), 100, "decades")


def _reciprocity(bonds: list[Bond]) -> Table:
    counts = Counter(bond.reciprocity for bond in bonds if bond.reciprocity)
    return _counted("reciprocity", "reciprocity", "text", counts, "agreements_by_reciprocity")


def _kinds(bonds: list[Bond]) -> Table:
    return _counted("kinds", "kind", "text", Counter(bond.kind for bond in bonds if bond.kind), "agreements_by_kind")


def _sources(here: World) -> Table:
    counts = Counter(here.sources.get(slug, 0) for slug in here.bonds)
    columns = (Column("sources"), Column("agreements"))
    return Table("sources", columns, tuple(sorted(counts.items())), query="agreements_by_sources")


def _networks(asker: Asker) -> Table:
    rows = tuple((row.slug, row.members, row.pairs) for row in network_counts(asker) if row.members is not None)
    columns = (Column("network", "network"), Column("members"), Column("pairs"))
    return Table("networks", columns, rows, query="network_pairs")


# ------------------------------------------------------------------------------------------- reports of the release


RELEASE_COLUMNS: Final = (
    Column("name", "text"), Column("date", "text"), Column("places"), Column("agreements"), Column("dated"),
    Column("share_dated", "share"), Column("both_sides"), Column("told"), Column("share_both_sides", "share"),
    Column("with_source"), Column("several_sources"), Column("share_several_sources", "share"),
)  # fmt: skip
"""`told` are agreements of which it is told whether both sides state them: the whole that `both_sides` is part of."""


def reports(folder: Path | None) -> list[Table]:
    """What the folders of the releases tell: counts of each release, findings by rule, conflicts by sources."""
    conflicts = _read_report(folder, "reports/conflicts.json", _conflicts)
    findings = _read_report(folder, "manifest.json", _findings)
    return [
        Table("releases", RELEASE_COLUMNS, _releases(folder), 100),
        Table(
            "findings",
            (Column("rule", "text"), Column("severity", "text"), Column("findings")),
            findings,
        ),
        Table(
            "conflicts",
            (Column("one", "source"), Column("other", "source"), Column("field", "text"), Column("result", "text"),
             Column("times")),
            conflicts,
        ),
    ]  # fmt: skip


def _read_report(
    folder: Path | None, name: str, rows: Callable[[dict[str, Any]], tuple[tuple[Cell, ...], ...]]
) -> tuple[tuple[Cell, ...], ...]:
    path = folder / name if folder is not None else None
    return rows(_json(path, path.stat().st_mtime_ns)) if path is not None and path.is_file() else ()


def _conflicts(report: dict[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    pairs = [(row["one"], row["other"], row["field"], row["result"], row["count"]) for row in report.get("pairs", ())]
    return tuple(sorted(pairs, key=lambda row: (-row[4], *row[:4])))


def _findings(manifest: dict[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in manifest.get("findings", ()):
        counts[row["rule"], row["severity"]] += row["count"]
    return tuple((rule, severity, number) for (rule, severity), number in sorted(counts.items(), key=_by_count))


def _by_count(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _releases(folder: Path | None) -> tuple[tuple[Cell, ...], ...]:
    """One row for each release on disk that is no newer than the one that is served, the oldest first."""
    if folder is None:
        return ()
    found: list[tuple[Cell, ...]] = []
    own = _age(folder / "manifest.json")
    for path in folder.parent.glob("*/manifest.json"):
        if path.parent.name.startswith(".") or _age(path) > own:
            continue
        manifest = _manifest(path)
        counts = manifest.get("counts", {})
        places, agreements, dated = (counts.get(name) for name in ("places", "agreements", "dated"))
        both, told, stated, several, of = _stated(path.parent / "dumps/agreements.csv")
        found.append((
            path.parent.name, str(manifest.get("date", "")), places, agreements, dated, _share(dated, agreements),
            both, told, _share(both, told), stated, several, _share(several, of),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda row: (str(row[1]), _number(str(row[0])))))


def _share(part: int | None, whole: int | None) -> float | None:
    return round(part / whole, 4) if part is not None and whole else None


def _stated(path: Path) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    """What the table of agreements of a release tells of them; None where it is not there or has no such columns.

    How many both sides state, of how many that is told, how many have a source, how many two or more, of how many.
    """
    try:
        return _counted_rows(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, csv.Error):
        return None, None, None, None, None


@functools.lru_cache(maxsize=32)
def _counted_rows(path: Path, _changed: int) -> tuple[int, int, int, int, int]:
    sides: Counter[str] = Counter()
    sources: Counter[int] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sides[row["reciprocity"] or ""] += 1
            sources[min(2, len((row["sources"] or "").split()))] += 1
    told = sum(number for side, number in sides.items() if side)
    return sides["mutual"], told, sources[1] + sources[2], sources[2], sources.total()


def _age(path: Path) -> tuple[str, tuple[str, int]]:
    return str(_manifest(path).get("date", "")), _number(path.parent.name)


def _manifest(path: Path) -> dict[str, Any]:
    """A manifest; one that cannot be read tells nothing."""
    try:
        return _json(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return {}


def _number(name: str) -> tuple[str, int]:
    """A release's name in the order of builds: 2022-11-30+9 before 2022-11-30+10."""
    day, _, build = name.partition("+")
    return day, int(build) if build.isdigit() else 0


@functools.lru_cache(maxsize=32)
def _json(path: Path, _changed: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def namer(store: Store, language: str = LANGUAGE, *, base: str = BASE) -> Names:
    """A function that gives the name of a place, a network or a source by the type and the slug of its id."""
    asker = Asker(store, base)
    place, info = namer_of_places(asker, language), about(asker)
    networks = {row.slug: row.network for row in network_counts(asker, language)}

    def name(kind: str, slug: str) -> Named:
        if kind == "source":
            return Named(f"{ID}source/{slug}", info.source(f"{ID}source/{slug}").title)
        if kind == "network" and slug in networks:
            return networks[slug]
        return place(slug)

    return name


def query_text(name: str, base: str = BASE, **iris: str) -> str:
    """The text of a query that counts what a table tells, as one would ask it; `iris` are put in for its variables."""
    text = query(name, base)
    for variable, value in iris.items():
        term = term_of(rebase(value, base))
        text = re.sub(rf"\?{variable}\b", term, text)
    return text
