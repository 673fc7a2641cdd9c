"""All agreements at once: what is located and dated, how the table is narrowed, what the map reads, bad parameters."""

from __future__ import annotations

import csv
import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.context import NAME
from tests.server.conftest import BROWSER, Client
from twinld import site
from twinld.settings import Settings
from twinld.site import MapView
from twinld.store import Store, open_store
from twinld.vocab import BASE, rebase

ALL = [
    "adelaide--malmo", "berlin--copenhagen", "berlin--istanbul", "berlin--moscow", "boston--kyoto",
    "boston--q311975", "boston--strasbourg", "kyiv--moscow",
]  # fmt: skip
NETWORK = """
@prefix tw: <https://w3id.org/twinld/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/twinld/id/> .
<../graph/curated> {
<agreement/a--b> a tw:Agreement ; tw:party <place/a> , <place/b> ; tw:startYear 1990 ; tw:endYear 2000 .
<agreement/a--b--c> a tw:Agreement ; tw:party <place/a> , <place/b> , <place/c> .
<agreement/c--d> a tw:Agreement ; tw:party <place/c> , <organisation/d> ; tw:startYear 2001 .
<place/a> a tw:Place ; rdfs:label "<b>A</b> \\u202E"@en ; wgs:lat 10.0 ; wgs:long 170.0 .
<place/b> a tw:Place ; wgs:lat -10.5 ; wgs:long -170.25 .
<place/c> a tw:Place ; rdfs:label "C"@en , "Zeh"@de , "Tse"@de-AT .
<network/n> rdfs:label "Net"@en , "Netz"@de .
<network/n#a> tw:network <network/n> ; tw:member <place/a> .
<network/n#b> tw:network <network/n> ; tw:member <place/b> .
}
"""


def slugs(found: site.Everything, **wish: object) -> list[str]:
    return [found.ties[number].iri.rsplit("/", 1)[-1] for number in found.chosen(MapView(**wish))]  # type: ignore[arg-type]


@pytest.fixture
def small(store: Store) -> site.Everything:
    return site.everything(store)


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("explore") / "network.trig"
    path.write_text(NETWORK, encoding="utf-8")
    return open_store(path)


def test_every_agreement_under_cc0_is_there_with_parties_and_sources(small: site.Everything) -> None:
    assert slugs(small) == ALL
    berlin = next(tie for tie in small.ties if tie.iri.endswith("berlin--istanbul"))
    assert [small.spots[party].slug for party in berlin.parties] == ["berlin", "istanbul"]
    assert (berlin.start, berlin.end) == (1989, None)
    assert {site.slug_of(small.sources[number]) for number in berlin.sources} == {
        "wd50k", "wikidata-crawl", "wikidata-entities",
    }  # fmt: skip


def test_what_can_be_drawn_needs_two_places_with_coordinates(small: site.Everything) -> None:
    without = {spot.slug for spot in small.spots if not spot.located}

    drawn = [small.ties[number].iri.rsplit("/", 1)[-1] for number in sorted(small.located)]
    assert without == {"q311975"}
    assert drawn == [slug for slug in ALL if slug != "boston--q311975"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"country": "de"}, ["berlin--copenhagen", "berlin--istanbul", "berlin--moscow"]),
        ({"country": "de", "place": "moscow"}, ["berlin--moscow"]),
        ({"place": "boston"}, ["boston--kyoto", "boston--q311975", "boston--strasbourg"]),
        ({"undated": False}, ["berlin--istanbul", "berlin--moscow"]),
        ({"year": 1990, "undated": False}, ["berlin--istanbul"]),
        ({"year": 1990}, [slug for slug in ALL if slug != "berlin--moscow"]),
        ({"source": "wikidata-dated", "country": "ua"}, ["kyiv--moscow"]),
        ({"country": "de", "place": "kyoto"}, []),
    ],
    ids=str,
)
def test_a_wish_leaves_these(small: site.Everything, wish: dict[str, object], expected: list[str]) -> None:
    assert slugs(small, **wish) == expected


@pytest.mark.parametrize(
    ("year", "undated", "expected"),
    [
        (1989, True, ["a--b--c"]),
        (1990, True, ["a--b", "a--b--c"]),
        (2000, False, ["a--b"]),
        (2001, False, ["c--d"]),
        (None, False, ["a--b", "c--d"]),
    ],
)
def test_a_year_leaves_what_had_begun_and_not_ended(
    made: Store, year: int | None, undated: bool, expected: list[str]
) -> None:
    assert slugs(site.everything(made), year=year, undated=undated) == expected


def test_a_network_leaves_agreements_between_its_members(made: Store) -> None:
    found = site.everything(made)

    assert slugs(found, network="n") == ["a--b", "a--b--c"]
    assert found.years == (1990, 2001)
    assert sorted(found.located) == [0, 1]


def test_the_map_reads_columns(made: Store) -> None:
    data = json.loads(site.explore_data(site.everything(made)))

    assert data["places"] == {
        "slug": ["organisation/d", "a", "b", "c"],
        "name": ["d", "<b>A</b> \u202e", "b", "C"],
        "language": ["", "en", "", "en"],
        "at": [None, [170, 10], [-170.25, -10.5], None],
        "country": [-1, -1, -1, -1],
    }
    assert data["agreements"] == {
        "parties": [[1, 2], [1, 2, 3], [0, 3]],
        "start": [1990, None, 2001],
        "end": [2000, None, None],
        "sources": [0, 0, 0],
    }
    assert data["sourceSets"] == [[]]
    assert data["networks"] == [{"code": "n", "name": "Net", "members": [1, 2]}]


@pytest.mark.parametrize(
    ("tag", "name", "language", "network"),
    [
        ("de", "Zeh", "de", "Netz"),
        ("de-AT", "Tse", "de-at", "Netz"),
        ("de-CH", "Zeh", "de", "Netz"),
        ("fr", "C", "en", "Net"),
        ("en", "C", "en", "Net"),
    ],
)
def test_names_are_in_the_language_that_is_asked_for_where_they_are_known(
    made: Store, tag: str, name: str, language: str, network: str
) -> None:
    data = json.loads(site.explore_data(site.everything(made, language=tag)))

    assert data["places"]["name"] == ["d", "<b>A</b> \u202e", "b", name]
    assert data["places"]["language"] == ["", "en", "", language]
    assert [row["name"] for row in data["networks"]] == [network]
    assert slugs(site.everything(made, language=tag), network="n") == ["a--b", "a--b--c"]


def test_a_store_of_another_base_has_the_same_names(made: Store, tmp_path: Path) -> None:
    base = "https://example.org/"
    path = tmp_path / "network.trig"
    path.write_text(rebase(NETWORK, base), encoding="utf-8")
    other = open_store(path)

    found, expected = (site.explore_data(site.everything(store, language="de", base=base_)) for store, base_ in
                       ((other, base), (made, BASE)))  # fmt: skip

    assert found == expected
    assert "Zeh" in found


def test_only_the_languages_of_pages_are_kept(made: Store) -> None:
    german, french = ([site.everything(made, language=tag) for _ in range(2)] for tag in ("de", "fr"))

    assert german[0] is german[1]
    assert french[0] is not french[1]
    assert french[0] == french[1]


def test_the_page_and_its_data_speak_one_language(made: Store) -> None:
    app = create_app(Settings(workers=1), made)
    app.test_client_class = Client
    client = app.test_client()

    text = client.get("/explore?lang=de", headers=BROWSER).get_data(as_text=True)
    accepted = client.get("/explore", headers=BROWSER | {"Accept-Language": "de"}).get_data(as_text=True)
    names = [
        client.get(f"/explore/data.json{query}").json["places"]["name"][3] for query in ("?lang=de", "", "?lang=de")
    ]  # type: ignore[index]

    assert '<bdi lang="de" dir="ltr">Zeh</bdi>' in text
    assert '<option value="n" lang="de" dir="ltr">Netz</option>' in text
    assert all('data-data="/explore/data.json?lang=de"' in page for page in (text, accepted))
    assert names == ["Zeh", "C", "Zeh"]


def test_a_hostile_name_is_text_on_the_page(made: Store) -> None:
    app = create_app(Settings(workers=1), made)
    app.test_client_class = Client

    text = app.test_client().get("/explore", headers=BROWSER).get_data(as_text=True)

    assert "<b>A</b>" not in text
    assert '<bdi lang="en" dir="ltr">&lt;b&gt;A&lt;/b&gt; \u202e</bdi>' in text


def test_the_page_is_a_table_without_a_script(client: FlaskClient) -> None:
    text = client.get("/explore?country=de", headers=BROWSER).get_data(as_text=True)

    assert "All 8 agreements under CC0, on a map and as a table. 7 can be drawn" in text
    assert '<h2 id="table">3 agreements</h2>' in text
    assert "3 of them on the map, 2 with a known start" in text
    assert re.findall(r'<td><a href="/agreement/([^"]+)"', text) == [
        "berlin--copenhagen", "berlin--istanbul", "berlin--moscow",
    ]  # fmt: skip
    assert '<option value="de" selected lang="en" dir="ltr">Germany</option>' in text


def test_the_data_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/explore/data.json")
    again = client.get("/explore/data.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.content_type) == (200, "application/json")
    assert len(first.json["agreements"]["parties"]) == 8  # type: ignore[index]
    assert (again.status_code, again.data) == (304, b"")


def test_the_data_is_kept_as_it_is_sent_packed_or_not(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(site, "explore_data", lambda found: asked.append(found) or '{"a":1}' + " " * 2_000)
    cache = client.application.extensions[NAME].cache
    cache.clear()
    plain = [client.get("/explore/data.json", headers={"Accept-Encoding": "identity"}) for _ in range(2)]
    small = [client.get("/explore/data.json?x=1", headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
    cache.clear()

    assert len(asked) == 2, "once for each coding of a release that cannot change"
    assert [answer.headers.get("Content-Encoding") for answer in plain + small] == [None, None, "gzip", "gzip"]
    assert plain[0].data == plain[1].data == gzip.decompress(small[0].data) == gzip.decompress(small[1].data)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("year=soon", 400, "year='soon' is no year; write one such as year=1989"),
        ("year=99999", 400, "year='99999' is no year"),
        ("undated=maybe", 400, "undated='maybe' is not understood"),
        ("country=xx", 404, "'xx' is not one of the countries here"),
        ("source=wd50", 404, "did you mean wd50k?"),
        ("place=bostn", 404, "did you mean boston?"),
        ("place=%3Cscript%3E", 404, "no place '<script>' is a party here"),
        ("page=2", 404, "there is no page 2; the last one is 1"),
        ("page=0", 404, "'0' is no number of a page"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_told(client: FlaskClient, query: str, status: int, said: str) -> None:
    answer = client.get(f"/explore?{query}")

    assert answer.status_code == status
    assert said in answer.json["detail"]  # type: ignore[index]


def test_the_release_is_there_as_its_table_has_it(release: Path) -> None:
    store = open_store(release)
    found = site.everything(store)
    store.close()
    with (release / "dumps/agreements.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    two = {row["agreement"] for row in rows if row["latitude_a"] and row["latitude_b"]}
    more = {row["agreement"] for row in rows if row["further_places"]}
    drawn = {found.ties[number].iri.rsplit("/", 1)[-1] for number in found.located}

    assert {tie.iri.rsplit("/", 1)[-1] for tie in found.ties} == {row["agreement"] for row in rows}
    assert two <= drawn <= two | more
    with (release / "dumps/places.csv").open(encoding="utf-8", newline="") as lines:
        places = {row["place"]: row for row in csv.DictReader(lines)}
    spots = [spot for spot in found.spots if spot.slug in places]
    assert len(spots) > 10_000
    assert [s.slug for s in spots if s.country.upper() != places[s.slug]["country_code"]] == []
    assert [s.slug for s in spots if s.thing.label != (places[s.slug]["label"] or s.slug.upper())] == []
    german = {row["agreement"] for row in rows if "DE" in (row["country_a"], row["country_b"])}
    assert german <= set(slugs(found, country="de")) <= german | more
    dated = {row["agreement"]: row["start"][:4] for row in rows if row["start"][:4].isdigit()}
    assert {slug: str(found.ties[number].start) for slug, number in _numbers(found).items() if slug in dated} == {
        slug: str(int(year)) for slug, year in dated.items()
    }


def _numbers(found: site.Everything) -> dict[str, int]:
    return {tie.iri.rsplit("/", 1)[-1]: number for number, tie in enumerate(found.ties)}
