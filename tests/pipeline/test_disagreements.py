"""Where sources differ, from their files to the pages: the values side by side, and by which rule one is shown.

The cases are real (Berlin, Karlsruhe and Weimar, and a year that stands for an unknown one); the rows of the
directory are made here in its form, since it may not be published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from tests.pipeline.conftest import write_source
from twinld.cli.show import command as show
from twinld.pipeline import BuildOptions, build
from twinld.queries import with_prefixes
from twinld.settings import Settings
from twinld.store import Store, open_store

STATED = {
    ("Q64", "Q406"): "1989-11-17", ("Q64", "Q649"): "1991-08-28", ("Q64", "Q60"): "", ("Q1040", "Q83404"): "1992",
    ("Q3955", "Q202158"): "1970-09-06",
}  # fmt: skip
"""What Wikidata states of five pairs."""
PLACES = {
    "Q64": ("Berlin", "DE", "52.5167", "13.3833"), "Q1040": ("Karlsruhe", "DE", "49.0092", "8.4040"),
    "Q3955": ("Weimar", "DE", "50.9833", "11.3167"), "Q406": ("Istanbul", "TR", "41.0100", "28.9603"),
    "Q649": ("Moskau", "RU", "55.7558", "37.6178"), "Q83404": ("Timișoara", "RO", "45.7597", "21.2300"),
    "Q202158": ("Hämeenlinna", "FI", "60.9967", "24.4644"), "Q60": ("New York", "US", "40.7128", "-74.0060"),
}  # fmt: skip
COUNTRIES = {
    "Q183": ("DE", "Deutschland"), "Q43": ("TR", "Türkei"), "Q159": ("RU", "Rußland"), "Q218": ("RO", "Rumänien"),
    "Q33": ("FI", "Finnland"), "Q30": ("US", "USA"),
}  # fmt: skip
HEADER = (
    "gemeindename,plz,bundesland,latitude,longitude,partnergemeinde,land,kontinent,seit,form,latitude_partner,"
    "longitude_partner"
)
SAID = (
    "Berlin,1,Berlin,40.1,-80.2,Istanbul,Türkei,Asien,1998,p,41.02,28.95",
    "Berlin,1,Berlin,40.1,-80.2,Istanbul (Bezirk Kadiköy),Türkei,Asien,1996,p,41.02,28.95",
    "Berlin,1,Berlin,40.1,-80.2,Moskau,Rußland,Europa,1990,p,55.76,37.61",
    "Berlin,1,Berlin,40.1,-80.2,New York,USA,Amerika,2000,p,40.71,-74.01",
    "Karlsruhe,2,Baden-Württemberg,49.01,8.40,Temeswar (Timisoara),Rumänien,Europa,1997,p,45.75,21.23",
    "Weimar,3,Thüringen,50.98,11.33,Hämeenlinna,Finnland,Europa,1971,p,47.9,16.2",
    "Ort,4,Bayern,48.10,11.50,Elsewhere,USA,Amerika,1971,p,47.9,16.2",
)
"""The first point of Berlin is in America, and one is given to places of two countries."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpublished release of what Wikidata states and what a directory does."""
    place = tmp_path_factory.mktemp("differing")
    write_source(
        place / "data",
        "crawl",
        [f"{one},{other},,,{start},,," for (one, other), start in STATED.items()],
        [f"{item},,{lat},{long},{code},,," for item, (_, code, lat, long) in PLACES.items()]
        + [f"{item},,,,,,,{code}" for item, (code, _) in COUNTRIES.items()],
        [f"{item},,de,{name}" for item, (name, *_) in PLACES.items()]
        + [f"{item},,de,{name}" for item, (_, name) in COUNTRIES.items()],
    )
    unknown = (f"Dorf {n},5,Bayern,48.{n},11.5,Village {n},USA,Amerika,2000,p,," for n in range(10, 70))
    directory = place / "directory.csv"
    directory.write_text("\n".join([HEADER, *SAID, *unknown]) + "\n", encoding="utf-8")
    options = BuildOptions(data=place / "data", out=place / "out", sources=(f"germany-2015={directory}",))
    return build(options).folder


@pytest.fixture(scope="module")
def store(built: Path) -> Iterator[Store]:
    opened = open_store(built / "store")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[FlaskClient]:
    app = create_app(Settings(), store)
    yield app.test_client()
    close_app(app)


def report(built: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((built / "reports" / "conflicts.json").read_text("utf-8"))
    return found


def text_of(client: FlaskClient, path: str) -> str:
    page = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
    return " ".join(re.sub(r"<[^<>]*>", " ", page).split())


def test_the_directory_and_wikidata_differ_where_they_are_known_to(built: Path) -> None:
    found = {(d["slug"], d["result"], d["shown"], d["stated"], d["rule"]) for d in report(built)["differences"]}

    assert found == {
        ("berlin--istanbul", "conflict", "1989-11-17", "1998", "licence"),
        ("berlin--moskau", "conflict", "1991-08-28", "1990", "licence"),
        ("berlin--new-york", "placeholder", "", "2000?", "only"),
        ("karlsruhe--timisoara", "conflict", "1992", "1997", "licence"),
        ("hameenlinna--weimar", "conflict", "1970-09-06", "1971", "licence"),
    }
    assert {(pair["one"], pair["other"], pair["result"], pair["count"]) for pair in report(built)["pairs"]} == {
        ("crawl", "germany-2015", "conflict", 4)
    }


def test_a_district_is_not_taken_for_its_city(store: Store) -> None:
    rows = store.select(
        with_prefixes("""SELECT ?locator ?thing {
          GRAPH ?g { ?record tw:statedIn source:germany-2015 ; tw:locator ?locator }
          FILTER(CONTAINS(?locator, "directory.csv"))
          OPTIONAL { GRAPH ?g { ?record tw:recordOf ?thing } }
        }""")
    )
    of = {row["locator"].value.rpartition(":")[2]: "thing" in row for row in rows}

    assert (of["2"], of["3"]) == (True, False), "line 3 is Kadıköy, of which nothing else is known"


def test_a_claim_that_is_not_shown_says_why_in_the_graph_of_its_licence(store: Store) -> None:
    rows = store.select(
        with_prefixes("""SELECT ?graph ?value ?note {
          GRAPH ?graph { ?claim tw:rank twv:rank-kept ; tw:reviewNote ?note }
          GRAPH ?said { ?claim tw:claimValue ?value }
        } ORDER BY ?value""")
    )
    graph = "https://w3id.org/twinld/graph/inferred/germany-2015"
    other = "Another value is shown. Rule: a value under another licence never takes the place of a free one."

    assert [(row["graph"].value, row["value"].value, row["note"].value) for row in rows] == [
        (graph, "1971", other),
        (graph, "1990", other),
        (graph, "1997", other),
        (graph, "1998", other),
        (graph, "2000?", "A year that this source writes where it knows none."),
    ]


def test_the_page_of_an_agreement_has_both_values_and_the_rule(client: FlaskClient) -> None:
    text = text_of(client, "/agreement/berlin--istanbul")
    unknown = text_of(client, "/agreement/berlin--new-york")

    assert "beside each value that is not shown stands why" in text
    assert (
        "17 November 1989 1989-11-17 shown Source crawl record wrong? Report a mistake in start "
        "1998 Another value is shown. Rule: a value under another licence never takes the place of a free one."
    ) in text
    assert "A year that this source writes where it knows none." in unknown
    assert "does not know since when" in unknown


def test_twinld_show_has_each_value_with_its_source_and_licence(built: Path) -> None:
    result = CliRunner().invoke(show, ["berlin--istanbul", "--store", str(built)])

    assert result.exit_code == 0, result.output
    assert "start\t1989-11-17 (shown)\tSource crawl\tCC0" in result.output
    assert "start\t1998\tDirectory of German municipal partnerships, 2015\t" in result.output


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1989-11-18", "On 18 November 1989 it held."),
        ("1989-11-16", "On 16 November 1989 it did not hold."),
    ],
)
def test_the_page_of_an_agreement_says_whether_it_held_on_a_day(client: FlaskClient, day: str, said: str) -> None:
    assert said in text_of(client, f"/agreement/berlin--istanbul?as-of={day}")
    assert f"Whether it held on {said.split()[1]} {said.split()[2]} 1989 is not known: no date says." in text_of(
        client, f"/agreement/berlin--new-york?as-of={day}"
    )


def test_a_day_that_is_none_is_refused(client: FlaskClient) -> None:
    answer = client.get("/agreement/berlin--istanbul?as-of=1989-13-01", headers={"Accept": "text/html"})

    assert answer.status_code == 400
    assert "As-of &#39;1989-13-01&#39; is not a day; write it as 2016-06-30" in answer.get_data(as_text=True)
