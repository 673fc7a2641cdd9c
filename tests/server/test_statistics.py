"""The numbers: exactly what the small releases hold, as pages, CSV and JSON, also when asked wrongly."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from tests.server.conftest import BROWSER, browsing
from twinld import site
from twinld.settings import Settings
from twinld.site.networks import growth
from twinld.site.numbers import decades_of
from twinld.site.world import Bond
from twinld.store import Store, open_store

MADE = Path(__file__).resolve().parents[1] / "data" / "network.trig"


@pytest.fixture(scope="module")
def made_store() -> Iterator[Store]:
    opened = open_store(MADE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(made_store: Store) -> Iterator[FlaskClient]:
    with browsing(made_store, workers=1) as client:
        yield client


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=BROWSER, follow_redirects=True)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    page = answer.get_data(as_text=True)
    body = re.sub(
        r"<(title|text)[^>]*>.*?</\1>", " ", page.split("<main", 1)[1].split("</main>", 1)[0], flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


# ------------------------------------------------------------------------------------------------------- numbers


def test_the_small_release_is_counted(store: Store) -> None:
    found = site.numbers(store)

    assert (found.agreements, found.dated, found.started, found.told) == (8, 3, 2, 7)
    assert (found.pairs, found.located, found.abroad, found.median_km) == (8, 7, 7, 1739.7)
    assert {key: len(table.rows) for key, table in found.tables.items()} == {
        "places": 10, "country-pairs": 7, "countries": 10, "distances": 9, "farthest": 7, "nearest": 7, "decades": 2,
        "reciprocity": 2, "kinds": 1, "sources": 3, "networks": 0, "releases": 0, "findings": 0, "conflicts": 0,
    }  # fmt: skip


TABLES = {
    "reciprocity": [("mutual", 5), ("one-sided", 2)],
    "kinds": [("unspecified", 8)],
    "decades": [(1980, 1), (1990, 1)],
    "distances": [
        (0, 50, 0), (50, 100, 0), (100, 200, 0), (200, 500, 1), (500, 1000, 1), (1000, 2000, 2), (2000, 5000, 0),
        (5000, 10000, 1), (10000, 20010, 2),
    ],
}  # fmt: skip


@pytest.mark.parametrize("key", TABLES)
def test_a_table_has_exactly_these_rows(store: Store, key: str) -> None:
    assert list(site.numbers(store).table(key).rows) == TABLES[key]


def test_places_countries_and_pairs_come_with_the_most_first(store: Store) -> None:
    found = site.numbers(store)

    assert found.table("places").rows[:3] == (
        ("berlin", "country-de", 3), ("boston", "country-us", 3), ("adelaide", "country-au", 1),
    )  # fmt: skip
    assert found.table("countries").rows[0] == ("country-de", "DE", 1, 3, 2, 2, 1, 2, 3)
    assert found.table("farthest").rows[0] == ("adelaide", "malmo", 15322.8)
    assert found.table("nearest").rows[0] == ("berlin", "copenhagen", 355.7)
    assert found.table("country-pairs").rows[:2] == (("country-au", "country-se", 1), ("country-de", "country-dk", 1))


def test_several_agreements_of_two_places_are_one_pair_and_bonds_that_make_no_twins_none(made_store: Store) -> None:
    found = site.numbers(made_store)

    assert (found.agreements, found.pairs, found.abroad, found.located) == (4, 5, 3, 1)
    assert found.table("places").rows == (
        ("beta", "country-yy", 3), ("delta", "country-xx", 2), ("gamma", "country-yy", 2), ("alpha", "country-xx", 1),
    )  # fmt: skip
    assert found.table("country-pairs").rows == (
        ("country-xx", "country-yy", 3), ("country-xx", "country-xx", 1), ("country-yy", "country-yy", 1),
    )  # fmt: skip
    assert found.matrix == (("country-xx", "country-yy"), ((1, 3), (3, 1)))
    assert found.table("networks").rows == (("ring", 3, 2),)
    assert found.table("sources").rows == ((0, 3), (1, 1))


def test_decades_between_are_there_but_not_centuries_of_nothing() -> None:
    bonds = [Bond("a", decade=830), Bond("b", decade=1950), Bond("c", decade=1980), Bond("d", decade=1980), Bond("e")]

    assert decades_of(bonds) == ((830, 1), (1950, 1), (1960, 0), (1970, 0), (1980, 2))
    assert decades_of([]) == ()


def test_a_store_without_any_agreement_has_no_numbers_and_a_page(tmp_path: Path) -> None:
    path = tmp_path / "empty.ttl"
    path.write_text("<http://example.org/a> <http://example.org/b> 1 .")
    empty = open_store(path)
    app = create_app(Settings(workers=1), empty)
    client = app.test_client()
    for page in ("/", "/statistics", "/countries", "/networks", "/chain", "/statistics.json", "/statistics/places.csv"):
        assert client.get(page, headers=BROWSER).status_code == 200, page
    assert site.numbers(empty).median_km is None
    close_app(app)
    empty.close()


# --------------------------------------------------------------------------------------------------------- pages


def test_the_page_says_of_how_many_a_count_is(client: FlaskClient) -> None:
    text = text_of(client, "/statistics")

    assert "8 agreements make 8 pairs of twins, 7 of which are known to lie in two countries; 3 agreements" in text
    assert "Of 8 agreements 2 have a known start (25.0 %), and 3 any date" in text
    assert "The distance of 7 of 8 pairs is known" in text
    assert "Of 7 agreements that a crawl of Wikidata read" in text


def test_every_chart_has_its_table_and_every_query_of_it_can_be_asked(client: FlaskClient) -> None:
    page = client.get("/statistics", headers=BROWSER).get_data(as_text=True)
    queries = re.findall(r'href="(/sparql\?query=[^"]*)"', page)

    assert page.count('<svg class="chart"') <= page.count('<details class="data"')
    assert page.count('<svg class="chart"') >= 7
    assert len(set(queries)) >= 9
    for query in set(queries):
        answer = client.get(unescape(query), headers={"Accept": "application/sparql-results+json"})
        assert answer.status_code == 200, query


def test_names_in_charts_and_tables_are_harmless(made: FlaskClient) -> None:
    for path in ("/statistics", "/network/ring", "/networks", "/pair/alpha--beta", "/place/country-yy", "/countries"):
        page = made.get(path, headers=BROWSER).get_data(as_text=True)
        assert "<script>" not in page, path
        assert " style=" not in page, path
    assert '<bdi lang="ar" dir="rtl">شهر</bdi>' in made.get("/statistics", headers=BROWSER).get_data(as_text=True)


def test_a_table_is_a_file_that_runs_nothing(made: FlaskClient) -> None:
    rows = rows_of(made, "/statistics/places.csv")

    assert rows[0] == ["place", "place_name", "country", "country_name", "twins"]
    assert rows[-1] == ["alpha", "'=cmd|' /C calc'!A0", "country-xx", "Exland", "1"]
    assert rows_of(made, "/networks.csv") == [
        ["network", "network_name", "kind", "members", "pairs"],
        ["ring", "Ring of towns", "", "3", "2"],
        ["silent", "'=HYPERLINK(1)", "", "", ""],
    ]


def test_tables_are_json_with_names_beside_ids(made: FlaskClient) -> None:
    whole = json.loads(made.get("/statistics.json").data)
    one = made.get("/statistics/country-pairs.json")

    assert (whole["agreements"], whole["pairs"], len(whole["tables"])) == (4, 5, 14)
    assert one.mimetype == "application/json"
    assert json.loads(one.data) == {
        "table": "country-pairs",
        "columns": ["one", "one_name", "other", "other_name", "pairs"],
        "of": 3,
        "rows": [
            {"one": "country-xx", "one_name": "Exland", "other": "country-yy", "other_name": "Yland", "pairs": 3},
            {"one": "country-xx", "one_name": "Exland", "other": "country-xx", "other_name": "Exland", "pairs": 1},
            {"one": "country-yy", "one_name": "Yland", "other": "country-yy", "other_name": "Yland", "pairs": 1},
        ],
    }


WRONG = [
    ("/statistics/place.csv", 404, "there is no table 'place'; did you mean places?"),
    ("/statistics/places.xlsx", 404, "tables are not offered as .xlsx; suffixes: csv, json"),
    ("/countries.ttl", 404, "tables are not offered as .ttl; suffixes: csv, json"),
    ("/networks.ttl", 404, "networks are not offered as .ttl; suffixes: csv, json"),
    ("/chain?from=boston&to=nowhere-at-all", 404, "'nowhere-at-all' is no place of this release;"),
    ("/chain?from=boston&to=boston", 404, "a chain is between two places, and 'boston' is one"),
    ("/chain.json?from=boston", 400, "a chain needs two places; write /chain.json?from=boston&to=moscow"),
    ("/chain?from=%E2%80%AE%00&to=boston", 404, "is no place of this release"),
    ("/place/country-de.html?page=2", 400, "there is no page '2' here; write a number from 1 to 1"),
    ("/place/country-de.html?page=-1", 400, "there is no page '-1' here; write a number from 1 to 1"),
    ("/pair/boston", 404, "there is no pair 'boston'"),
    ("/pair/boston--boston", 404, "there is no pair 'boston--boston'"),
    ("/pair/boston--atlantis", 404, "there is no pair 'boston--atlantis'"),
    ("/pair/boston--kyoto--berlin", 404, "there is no pair 'boston--kyoto--berlin'"),
    ("/network/nothing", 404, "there is no network 'nothing'"),
    ("/place/country-zz", 404, "there is no place 'country-zz'"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status", "said"), WRONG, ids=[case[0] for case in WRONG])
def test_what_is_asked_wrongly_is_told(client: FlaskClient, path: str, status: int, said: str) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json is not None
    assert said in answer.json["detail"]


# ------------------------------------------------------------------------------------------------------ countries


def test_a_country_tells_partners_places_dates_and_sides(client: FlaskClient) -> None:
    text = text_of(client, "/place/country-de")

    assert "Germany is a country; this release knows two places in it." in text
    assert "1 of them has 3 agreements under CC0, with places of 3 other countries." in text
    assert "Dated, of all agreements 2 of 3" in text
    assert "Stated by one side only, of those told 1 of 3 33.3 %" in text
    assert "2 of 3 agreements have a known start." in text
    assert "Berlin 3" in text


def test_a_country_is_counted_within_and_across(made_store: Store) -> None:
    found = site.country_numbers(made_store, "country-yy")

    counts = found.counts
    assert (counts.agreements, counts.places, counts.within, counts.dated, counts.told) == (3, 2, 1, 1, 0)
    assert [(row.country.label, row.pairs, row.pair) for row in found.partners] == [
        ("Exland", 3, "country-xx--country-yy")
    ]
    assert [(place.label, number) for place, number in found.hubs] == [("<script>alert(1)</script>", 3), ("شهر", 2)]


def test_a_country_without_agreements_has_a_page(client: FlaskClient) -> None:
    assert site.country_numbers(open_store(), "country-xx").counts.agreements == 0
    assert "no agreement" not in text_of(client, "/place/country-ir")


def test_all_countries_are_listed(client: FlaskClient) -> None:
    text = text_of(client, "/countries")

    assert "10 countries have places with agreements." in text
    assert rows_of(client, "/countries.csv")[1] == ["country-de", "Germany", "DE", "1", "3", "2", "2", "1", "2", "3"]


# --------------------------------------------------------------------------------------------------- pairs, chains


def test_a_pair_has_all_relations_of_two_places(made: FlaskClient) -> None:
    text = text_of(made, "/pair/alpha--beta")

    assert "have 2 agreements in this release" in text
    assert "111.3 km apart" in text
    assert "alpha--beta--2 friendship" in text
    assert "Networks of both Ring of towns" in text
    assert "No place is a twin of both." not in text, "Delta is"


def test_a_pair_of_two_countries_lists_its_twins(made_store: Store) -> None:
    found = site.pair(made_store, "country-xx--country-yy")

    assert [slug for _, _, slug in found.between] == ["alpha--beta", "beta--delta--gamma", "beta--delta--gamma"]


def test_a_pair_in_the_wrong_order_leads_to_the_right_one(client: FlaskClient) -> None:
    answers = {
        path: (client.get(path, headers=headers).status_code, client.get(path, headers=headers).headers.get("Location"))
        for path, headers in (
            ("/pair/kyoto--boston", BROWSER), ("/pair/kyoto--boston.ttl", {}), ("/pair/kyoto--strasbourg", BROWSER),
            ("/pair/kyoto--strasbourg.ttl", {}),
        )
    }  # fmt: skip

    assert answers == {
        "/pair/kyoto--boston": (303, "/pair/boston--kyoto"),
        "/pair/kyoto--boston.ttl": (303, "/pair/boston--kyoto.ttl"),
        "/pair/kyoto--strasbourg": (303, "/chain?from=kyoto&to=strasbourg"),
        "/pair/kyoto--strasbourg.ttl": (404, None),
    }


CHAINS = [
    ("boston", "kyoto", [], 11013.6),
    ("kyoto", "strasbourg", ["Boston"], None),
    ("kyiv", "istanbul", ["Moscow", "Berlin"], None),
]


@pytest.mark.parametrize(("one", "other", "between", "km"), CHAINS, ids=[f"{c[0]}-{c[1]}" for c in CHAINS])
def test_the_shortest_chain(store: Store, one: str, other: str, between: list[str], km: float | None) -> None:
    found = site.chain(store, one, other)
    back = site.chain(store, other, one)

    assert [place.label for place in found.between] == between
    assert len(back.links) == len(found.links)
    assert km is None or found.km == km
    assert found.km == back.km


def test_there_may_be_no_chain_and_no_distance(client: FlaskClient, made: FlaskClient) -> None:
    assert "No chain of twins leads from Adelaide to Boston ." in text_of(client, "/chain?from=adelaide&to=Q100")
    assert "a place has no coordinates" in text_of(made, "/chain?from=alpha&to=gamma")
    assert "No chain of twins" in text_of(made, "/chain?from=alpha&to=alone")


def test_a_distance_that_is_not_published_is_computed(made: FlaskClient) -> None:
    found = json.loads(made.get("/chain.json?from=alpha&to=delta").data)

    assert (found["km"], found["steps"]) == (1565.1, 1), "Karney's inverse of (0, 0) and (10, 10): 1565109 m"
    assert [row["place"] for row in found["common_twins"]] == ["beta"]


# -------------------------------------------------------------------------------------------------------- networks


def test_a_network_has_members_over_time_and_figures_side_by_side(made_store: Store) -> None:
    found = site.network(made_store, "ring")

    assert [(row.member.label, row.since, row.until) for row in found.members] == [
        ("<script>alert(1)</script>", "2003", ""),
        ("=cmd|' /C calc'!A0", "2001-05", ""),
        ("Delta", "", ""),
        ("شهر", "2003", "2010"),
    ]
    assert (found.dated, found.growth) == (3, ((2001, 1), (2003, 3), (2010, 2)))
    assert [slug for _, _, slug in found.twins] == ["alpha--beta", "beta--delta"]
    assert [(f.value, f.bound, f.year, f.source.title) for group in found.figures for f in group.values] == [
        ("1200", "exact", "", "A paper"),
        ("1000", "more than", "2019", "page"),
    ]
    assert [group.differ for group in found.figures] == [True]
    assert [label.text for label in found.notes] == ["Its list is printed."]
    assert [source.title for source, _ in found.members[1].by] == ["A paper"]


def test_members_without_a_year_are_not_drawn() -> None:
    assert growth([]) == ()


def test_the_page_of_a_network_says_what_is_not_known(made: FlaskClient) -> None:
    ring, silent, both = (text_of(made, path) for path in ("/network/ring", "/network/silent", "/networks"))

    assert "this release knows 4 members of it, 3 with a start" in ring
    assert "2 of 3 pairs of members are twins now." in ring
    assert "of the 3 of 4 whose start is known" in ring
    assert "no source of this release lists its members" in silent
    assert "This release knows 2 networks, forums and umbrella organisations, and members of 1 of them." in both


# ------------------------------------------------------------------------------------------------------------ home


def test_the_first_page_says_for_whom_it_is_and_three_facts(client: FlaskClient) -> None:
    text = text_of(client, "/")

    assert [title in text for title in ("For researchers", "For Wikidata contributors", "For portals")] == [True] * 3
    assert "Berlin has the most twins: 3 ." in text
    assert "The twins farthest apart are Adelaide and Malmö : 15,323 km ." in text
    assert "Australia and Sweden share the most pairs of twins: 1 ." in text
