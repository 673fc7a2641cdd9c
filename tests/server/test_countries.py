"""The slice of a country: its agreements as a table for people, its places and agreements as a map."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path

import geojson
import pytest
from flask.testing import FlaskClient

from tests.server.conftest import browsing
from twinld.publish.tables import AGREEMENTS
from twinld.site import country_slice
from twinld.store import Store, open_store
from twinld.vocab import ID


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).get_data(as_text=True))))


def test_the_agreements_of_a_country_are_a_table(client: FlaskClient) -> None:
    answer = client.get("/country/se.csv", headers={"Accept": "text/html"})
    rows = table(client, "/country/SE.csv")

    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in answer.headers["Link"]
    assert list(rows[0]) == [column.name for column in AGREEMENTS.columns]
    assert rows
    assert all("SE" in (row["country_a"], row["country_b"]) for row in rows)


def test_the_places_and_agreements_of_a_country_are_a_map(client: FlaskClient) -> None:
    answer = client.get("/country/us.geojson")
    read = geojson.loads(answer.get_data(as_text=True))

    assert (answer.status_code, answer.content_type, read.is_valid) == (200, "application/geo+json", True)
    assert {"place/boston", "place/kyoto", "agreement/boston--kyoto"} <= {
        feature["id"].removeprefix(ID) for feature in read["features"]
    }


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/csv", "/country/us.csv"),
        ("application/geo+json, text/html;q=0.5", "/country/us.geojson"),
        ("text/html, text/csv;q=0.9", "/place/country-us"),
        ("text/turtle", "/place/country-us"),
        ("*/*", "/place/country-us"),
        ("application/x-nothing", "/place/country-us"),
    ],
)
def test_a_code_leads_to_the_file_that_is_wanted_or_to_the_page(client: FlaskClient, accept: str, target: str) -> None:
    answer = client.get("/country/US", headers={"Accept": accept})

    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    assert answer.headers["Vary"] == "Accept"


def test_a_slice_is_not_sent_twice(client: FlaskClient) -> None:
    tag = client.get("/country/us.csv").headers.get("ETag")

    assert tag is not None
    assert client.get("/country/us.csv", headers={"If-None-Match": tag}).status_code == 304


def test_a_slice_holds_no_fact_of_another_licence(client: FlaskClient) -> None:
    sources = " ".join(row["sources"] for row in table(client, "/country/de.csv"))

    assert sources
    assert "wd50k" not in sources


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (
            "/country/sf.csv",
            "'sf' is the code of no country in this release; codes: au, de, dk, fr, ir, jp, ru, se, tr, ua, us",
        ),
        ("/country/sweden.csv", "'sweden' is no code of a country; write two letters such as se"),
        ("/country/se.ttl", "'se.ttl' is no code of a country"),
    ],
)
def test_a_code_of_no_country_is_told(client: FlaskClient, path: str, detail: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["detail"].startswith(detail)


def test_a_name_that_is_a_formula_is_not_run_and_stays_itself_on_the_map(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "hostile.ttl"
    path.write_text(
        """@prefix tw: <https://w3id.org/twinld/ns#> . @prefix place: <https://w3id.org/twinld/id/place/> .
        @prefix agreement: <https://w3id.org/twinld/id/agreement/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
        place:country-xx a tw:Place , tw:Country ; tw:isoCode "XX" .
        place:a a tw:Place ; tw:country place:country-xx ; rdfs:label "=cmd|' /C calc'!A0"@en ;
          wgs:lat -1.5 ; wgs:long 2.5 .
        place:b a tw:Place ; tw:country place:country-xx ; rdfs:label "\\n+1"@en .
        agreement:a--b tw:party place:a , place:b .""",
        encoding="utf-8",
    )
    store: Store = open_store(path)
    found = country_slice(store, "xx")
    store.close()
    row = next(csv.DictReader(io.StringIO(found.csv(), newline="")))

    assert (row["label_a"], row["label_b"], row["latitude_a"]) == ("'=cmd|' /C calc'!A0", "'\n+1", "-1.5")
    assert json.loads(found.geojson())["features"][0]["properties"]["label"] == "=cmd|' /C calc'!A0"


def test_a_country_that_is_itself_a_party_has_its_agreements_in_its_slice(tmp_path: Path) -> None:
    path = tmp_path / "territory.trig"
    path.write_text(
        """@prefix tw: <https://w3id.org/twinld/ns#> . @prefix place: <https://w3id.org/twinld/id/place/> .
        @prefix agreement: <https://w3id.org/twinld/id/agreement/> . @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix graph: <https://w3id.org/twinld/graph/> . @prefix source: <https://w3id.org/twinld/id/source/> .
        @prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
        graph:curated {
          place:country-gu a tw:Place , tw:Country ; tw:isoCode "GU" ; wgs:lat 13.5 ; wgs:long 144.8 .
          place:country-ph a tw:Place , tw:Country ; tw:isoCode "PH" .
          place:manila a tw:Place ; tw:country place:country-ph ; wgs:lat 14.6 ; wgs:long 121 .
          place:olongapo a tw:Place ; tw:country place:country-ph .
          agreement:country-gu--manila tw:party place:country-gu , place:manila .
          agreement:manila--olongapo tw:party place:manila , place:olongapo .
          source:crawl dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
        }
        graph:crawl { <https://w3id.org/twinld/id/record/crawl/1> tw:recordOf agreement:country-gu--manila ;
          tw:statedIn source:crawl . }""",
        encoding="utf-8",
    )
    store: Store = open_store(path)
    guam, philippines = country_slice(store, "gu"), country_slice(store, "ph")
    store.close()
    rows = list(csv.DictReader(io.StringIO(guam.csv(), newline="")))
    ids = [feature["id"].removeprefix(ID) for feature in json.loads(guam.geojson())["features"]]

    assert [(row["agreement"], row["country_a"], row["country_b"], row["sources"]) for row in rows] == [
        ("country-gu--manila", "GU", "PH", "crawl")
    ]
    assert ids == ["place/country-gu", "place/manila", "agreement/country-gu--manila"]
    assert [row.agreement for row, _ in philippines.agreements] == ["country-gu--manila", "manila--olongapo"]


def test_the_slice_of_a_country_has_the_rows_of_the_dump_with_a_party_of_its_code(release: Path) -> None:
    """Of every country that is a party itself and of every tenth other; a third party has no column for its country."""
    tables = {}
    for name in ("places", "agreements"):
        with (release / "dumps" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    code = {row["place"]: row["country_code"] for row in tables["places"]}
    countries = sorted(row["country_code"] for row in tables["places"] if row["type"] == "country")
    expected: dict[str, list[tuple[str, str]]] = defaultdict(list)
    chosen = set(countries[::10])
    for row in tables["agreements"]:
        parties = [row["place_a"], row["place_b"], *row["further_places"].split()]
        chosen |= {code[place] for place in parties if place.startswith("country-")}
        for each in {code[place] for place in parties if place}:
            expected[each].append((row["agreement"], row["sources"]))
    with browsing(release, workers=1) as web:
        slices = {each: table(web, f"/country/{each.lower()}.csv") for each in sorted(chosen)}

    assert (len(countries), len(slices)) == (249, 43)
    assert [len(expected[each]) for each in ("GU", "GI", "PS")] == [5, 3, 175]
    for each, rows in slices.items():
        assert [(row["agreement"], row["sources"]) for row in rows] == sorted(expected[each]), each
