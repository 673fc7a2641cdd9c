"""The numbers of the real release, against counts of its own queries and of its published statistics."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, browsing
from twinld import site
from twinld.queries import query, with_prefixes
from twinld.store import Store, open_store
from twinld.vocab import ID


@pytest.fixture(scope="module")
def store(release: Path) -> Iterator[Store]:
    opened = open_store(release)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def found(store: Store, release: Path) -> site.Numbers:
    return site.numbers(store, release.resolve())


@pytest.fixture(scope="module")
def web(store: Store) -> Iterator[FlaskClient]:
    with browsing(store, workers=1) as client:
        yield client


def asked(store: Store, text: str) -> list[dict[str, str]]:
    rows = store.select(with_prefixes(text))
    return [{key: term.value.removeprefix(f"{ID}place/") for key, term in row.items()} for row in rows]


def test_what_is_counted_is_what_is_published(store: Store, found: site.Numbers) -> None:
    twins = {row["x"]: int(row["n"]) for row in asked(store, "SELECT * { ?x tw:twinCount ?n }")}
    decades = {
        int(row["x"]): int(row["n"]) for row in asked(store, "SELECT * { ?d tw:decade ?x ; tw:agreementCount ?n }")
    }
    pairs = asked(
        store, "SELECT * { ?p tw:pairCount ?n ; tw:pairMember ?a , ?b FILTER(STR(?a) < STR(?b)) ?a a tw:Country }"
    )
    scheme = "SELECT * {{ ?x skos:inScheme twv:{0} ; tw:agreementCount ?n }}"

    assert {row[0]: row[2] for row in found.table("places").rows} == twins
    assert {row[0]: row[1] for row in found.table("decades").rows if row[1]} == decades
    assert {row[:2]: row[2] for row in found.table("country-pairs").rows if row[0] != row[1]} == {
        (row["a"], row["b"]): int(row["n"]) for row in pairs
    }
    for key, name in (("kinds", "kind"), ("reciprocity", "reciprocity")):
        published = {row["x"].rsplit(f"{name}-", 1)[1]: int(row["n"]) for row in asked(store, scheme.format(name))}
        assert dict(found.table(key).rows) == published


def test_agreements_dates_and_pairs_are_what_counting_gives(store: Store, found: site.Numbers) -> None:
    count = "SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {0} }}"
    agreements, dated, started = (
        int(asked(store, count.format(f"?x a tw:Agreement . {more}"))[0]["n"])
        for more in ("", "?x tw:start|tw:end|tw:date ?d", "?x tw:start ?d")
    )
    ever = asked(store, "SELECT ?a ?b { ?a tw:hasBeenTwinnedWith ?b FILTER(STR(?a) < STR(?b)) }")
    km = {
        (row["a"], row["b"]): float(row["km"])
        for row in asked(
            store, "SELECT ?a ?b ?km { ?p tw:distanceKm ?km ; tw:pairMember ?a , ?b FILTER(STR(?a) < STR(?b)) }"
        )
    }
    known = [km[row["a"], row["b"]] for row in ever if (row["a"], row["b"]) in km]

    assert (found.agreements, found.dated, found.started) == (agreements, dated, started)
    assert (found.pairs, found.located) == (len(ever), len(known))
    assert found.median_km == round(statistics.median(known), 1)
    assert sum(int(row[2] or 0) for row in found.table("distances").rows) == found.located


QUERIES = {
    "countries": ("agreements_by_country", lambda row: (row[1], row[3], row[4], row[6])),
    "farthest": ("farthest_twins", lambda row: row),
    "nearest": ("nearest_twins", lambda row: row),
    "places": ("places_by_twins", lambda row: (row[0], row[2])),
    "sources": ("agreements_by_sources", lambda row: row),
    "decades": ("decades", lambda row: (row[0], row[1])),
}
"""By table: the query that its page links, and which cells of a row this gives."""
CELLS = {
    "countries": ("country", "agreements", "dated", "oneSided"),
    "farthest": ("one", "other", "km"),
    "nearest": ("one", "other", "km"),
    "places": ("place", "twins"),
    "sources": ("sources", "agreements"),
    "decades": ("decade", "started"),
}


@pytest.mark.parametrize("key", QUERIES)
def test_the_query_of_a_table_gives_its_rows(store: Store, found: site.Numbers, key: str) -> None:
    name, cells = QUERIES[key]
    rows = [
        tuple(row[cell].value.removeprefix(f"{ID}place/") for cell in CELLS[key]) for row in store.select(query(name))
    ]
    shown = [tuple(_text(cell) for cell in cells(row)) for row in found.table(key).rows if key != "decades" or row[1]]
    if key == "sources":  # the query cannot count those that no CC0 source states
        shown = [row for row in shown if row[0] != "0"]

    assert sorted(rows) == sorted(shown)


def _text(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) and cell == int(cell) else str(cell)


def test_the_chain_of_boston_and_moscow_is_the_one_of_the_example(store: Store, web: FlaskClient) -> None:
    found = site.chain(store, "boston", "moscow")

    assert [place.iri.rsplit("/", 1)[1] for place in found.between] == ["athens-gr"]
    assert len(site.chain(store, "sekondi-takoradi", "kyoto").links) == 2, "over Boston"


PAGES = [
    "/", "/statistics", "/countries", "/networks", "/place/country-de", "/place/country-fr", "/place/country-us",
    "/place/country-cn", "/pair/boston--kyoto", "/pair/country-de--country-fr", "/network/oeaed",
    "/network/sister-cities-international", "/chain?from=boston&to=moscow",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_and_asks_few_questions(
    web: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    web.get(path, headers=BROWSER)
    asked: list[str] = []
    select = store.select
    monkeypatch.setattr(store, "select", lambda text, **terms: asked.append(text) or select(text, **terms))
    answer = web.get(path, headers={**BROWSER, "Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert len(answer.data) < 100_000
    assert len(asked) <= 5


def test_the_east_asian_network_has_eleven_members_and_one_figure_a_country(store: Store) -> None:
    found = site.network(store, "oeaed")

    assert len(found.members) == 11
    assert found.growth == ((2004, 10), (2014, 11))
    assert len(found.twins) == 5
    figures = [(group.area.label if group.area else "", row.value) for group in found.figures for row in group.values]
    assert figures == [("China", "4"), ("Japan", "3"), ("South Korea", "3")]


def test_figures_that_differ_stand_side_by_side(store: Store) -> None:
    found = site.network(store, "sister-cities-international")

    figures = {group.title: {row.value for row in group.values} for group in found.figures}
    assert {"1200", "545"} <= figures["members in the United States"]
    assert {"2000", "2100", "2121"} <= figures["partners"]
    assert {"125", "140", "145"} <= figures["partner countries"]
    assert all(group.differ for group in found.figures)
    assert found.members == ()


def test_a_country_has_its_worklist_and_its_slices(web: FlaskClient) -> None:
    page = web.get("/place/country-de", headers=BROWSER).get_data(as_text=True)
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))

    assert {"/contribute/country-de.csv", "/country/de.csv", "/country/de.geojson", "/country/de/changes.atom",
            "/pair/country-de--country-fr"} <= set(re.findall(r'href="([^"]*)"', page))  # fmt: skip
    assert "Partner countries" in text
