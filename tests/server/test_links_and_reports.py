"""What points to a thing, reports of mistakes, tables beside charts, the history of an agreement; and hostile input."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, browsing
from twinld import site
from twinld.errors import NotFound
from twinld.store import Store, open_store

HOSTILE = "=1+<script>alert(1)</script>\u202etxet"
"""A formula, markup and a character that turns the text around."""
DATA = """
@prefix tw: <https://w3id.org/twinld/ns#> .
@prefix twv: <https://w3id.org/twinld/vocab/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@base <https://w3id.org/twinld/id/> .
<../graph/curated> {
<place/country-se> a tw:Place , tw:Country ; tw:isoCode "SE" ; rdfs:label "Sweden"@en .
<place/a> a tw:Place ; rdfs:label "HOSTILE"@en ; tw:country <place/country-se> ;
  tw:wikidataItem <http://www.wikidata.org/entity/Q1> .
<place/b> a tw:Place ; rdfs:label "B"@en ; tw:country <place/country-se> .
<place/c> a tw:Place .
<agreement/a--b> a tw:Agreement ; tw:kind twv:kind-unspecified ; tw:party <place/a> , <place/b> ;
  tw:start "1991"^^edtf:EDTF-level1 ;
  tw:startYear 1991 ; tw:startDecade 1990 .
<agreement/a--c> a tw:Agreement ; tw:kind twv:kind-unspecified ; tw:party <place/a> , <place/c> ;
  tw:status twv:status-active .
<network/n> a tw:CityNetwork ; rdfs:label "HOSTILE"@en .
<network/n#a> a tw:Membership ; tw:network <network/n> ; tw:member <place/a> ; tw:start "2001"^^edtf:EDTF-level1 .
<network/n#b> a tw:Membership ; tw:network <network/n> ; tw:member <place/b> ; tw:start "2004"^^edtf:EDTF-level1 .
<source/late> a tw:Source ; rdfs:label "Late"@en ; tw:extracted "2020-02"^^edtf:EDTF-level1 .
<source/page> a tw:Source ; rdfs:label "Page"@en .
<source/early> a tw:Source ; rdfs:label "Early"@en ; tw:extracted "2010-01-01"^^edtf:EDTF-level1 .
}
<../graph/source/late> {
<record/late/1> a tw:SourceRecord ; tw:statedIn <source/late> ; tw:recordOf <agreement/a--b> ; tw:locator "x" .
<record/late/1#start> tw:claimSubject <agreement/a--b> ; tw:claimPredicate tw:start ;
  tw:claimValue "1991"^^edtf:EDTF-level1 ; tw:fromRecord <record/late/1> .
<record/page/1> a tw:SourceRecord ; tw:statedIn <source/page> ; tw:recordOf <agreement/a--b> ;
  tw:readOn "2015-05-05"^^edtf:EDTF-level1 .
<record/page/1#start> tw:claimSubject <agreement/a--b> ; tw:claimPredicate tw:start ;
  tw:claimValue "1990"^^edtf:EDTF-level1 ; tw:fromRecord <record/page/1> .
<record/early/1> a tw:SourceRecord ; tw:statedIn <source/early> ; tw:recordOf <agreement/a--b> .
}
""".replace("HOSTILE", HOSTILE.replace("\u202e", "\\u202e"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("links") / "made.trig"
    path.write_text(DATA, encoding="utf-8")
    opened = open_store(path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def web(made: Store) -> Iterator[FlaskClient]:
    with browsing(made, workers=1) as client:
        yield client


def html(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (status, "text/html"), path
    return answer.get_data(as_text=True)


def words(client: FlaskClient, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html(client, path))).split())


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv"), path
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


# --------------------------------------------------------------------------------------------------- what points here


def test_everything_that_points_to_a_thing_is_counted_and_named(made: Store) -> None:
    found = site.links_to(made, "/place/a", "tw:party", "curated")

    assert [(way.short, way.graph, way.number) for way in found.ways] == [
        ("tw:member", "curated", 1), ("tw:party", "curated", 2),
    ]  # fmt: skip
    assert found.thing.label == HOSTILE
    names = site.Namer(site.Asker(made)).all(found.subjects)
    assert [thing.label for thing in names] == [f"{HOSTILE} – B", f"{HOSTILE} – c"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("to=/place/none", "Nothing is known of '/place/none'"),
        ("to=/place/../../etc", "is the path of nothing here"),
        ("to=/place/a%23no-part", "Nothing is known of '/place/a#no-part'"),
        ("to=//evil.example/x", "is the path of nothing here"),
        ("to=javascript:alert(1)", "is the path of nothing here"),
        ("to=/place/a&by=tw:parti", "nothing points here by 'tw:parti'; did you mean tw:party?"),
        ("to=/place/a&by=tw:party&in=curate", "in graph 'curate'; did you mean curated?"),
    ],
)
def test_links_to_nothing_are_not_found(web: FlaskClient, query: str, said: str) -> None:
    assert said.lower() in unescape(html(web, f"/links?{query}", 404)).lower()


def test_a_page_that_needs_a_thing_says_how_it_is_named(web: FlaskClient) -> None:
    assert "to=/place/boston" in html(web, "/links", 400)
    assert "of=/place/boston" in html(web, "/report", 400)
    assert "there is no page '2' here" in unescape(html(web, "/links?to=/place/a&by=tw:party&page=2", 400)).lower()


def test_a_thing_to_which_nothing_points_has_a_page(web: FlaskClient) -> None:
    assert "0 links lead to" in words(web, "/links?to=/agreement/a--c")


def test_pages_of_things_count_what_points_to_them(web: FlaskClient) -> None:
    text = html(web, "/agreement/a--b")

    assert 'href="/links?to=%2Fagreement%2Fa--b&amp;by=tw%3ArecordOf&amp;in=source%2Flate">3<span' in text
    for path in ("/place/a", "/place/country-se", "/network/n", "/source/late"):
        assert f'href="/links?to={path.replace("/", "%2F")}">What points here' in html(web, path), path


# ----------------------------------------------------------------------------------------------- reports of mistakes


def test_a_report_names_thing_field_value_and_source(made: Store) -> None:
    found = site.mistake(made, "/place/a", field="name", value=HOSTILE, source="late", release="r", contact="")

    assert found.text == (
        "About: =1+<script>alert(1)</script>txet, https://w3id.org/twinld/id/place/a\nRelease: r\n"
        "What is wrong: name\nIt says: =1+<script>alert(1)</script>txet\nStated by: Late\n"
        "What would be right: \nWho says so (address of the source): \n"
    )
    assert (found.address, found.items) == ("", ("http://www.wikidata.org/entity/Q1",))
    assert site.mistake(made, "/agreement/a--b").items == ("http://www.wikidata.org/entity/Q1",)
    assert site.mistake(made, "/place/a#a-part").items == ("http://www.wikidata.org/entity/Q1",), "of the whole"
    with pytest.raises(NotFound, match="there is no source 'none'"):
        site.mistake(made, "/place/a", source="none")
    with pytest.raises(NotFound, match="nothing is known of '/place/none'"):
        site.mistake(made, "/place/none")


@pytest.mark.parametrize(
    ("contact", "start"),
    [
        (
            "someone@example.org",
            "mailto:someone@example.org?subject=Mistake%3A%20B&body=About%3A%20B%2C%20https%3A//w3id",
        ),
        ("https://example.org/issues/new", "https://example.org/issues/new?title=Mistake%3A+B&body=About%3A+B%2C"),
        ("https://example.org/contact", "https://example.org/contact"),
        ("", ""),
    ],
)
def test_a_report_goes_to_who_publishes(made: Store, contact: str, start: str) -> None:
    found = site.mistake(made, "/place/b", field="a\nBcc: x@example.org", contact=contact)

    assert found.address.startswith(start)
    assert bool(found.address) == bool(start)
    assert "\nBcc" not in found.text


def test_the_links_of_a_page_fill_a_report_in(web: FlaskClient) -> None:
    links = [unescape(link) for link in re.findall(r'href="(/report\?[^"]+)"', html(web, "/agreement/a--b"))]
    asked = [parse_qs(urlsplit(link).query) for link in links]

    assert {"of": ["/agreement/a--b"], "field": ["start"], "value": ["1990"], "source": ["page"]} in asked
    for link in links:
        assert "Report a mistake" in html(web, link)
    shown = words(web, links[[query.get("value") for query in asked].index(["1990"])])
    assert "start, which says “ 1990 ”, stated by Page" in shown


def test_hostile_parameters_are_text(web: FlaskClient) -> None:
    text = html(web, "/report?of=/place/a&field=%3Cscript%3E1&value=%22%3E%3Cimg+src=x%3E%E2%80%AEx")

    assert "<script>1" not in text
    assert "<img" not in text
    assert "\u202ex" not in text


# -------------------------------------------------------------------------------------------------------------- tables


def test_what_explore_shows_is_a_file_under_the_same_filters(web: FlaskClient) -> None:
    rows = table(web, "/explore.csv?year=1995&undated=no")

    assert rows == [{
        "agreement": "a--b", "parties": "a b", "names": f"'{HOSTILE}; B", "countries": "se se", "start_year": "1991",
        "end_year": "", "on_map": "no", "sources": "early late page",
    }]  # fmt: skip
    assert [row["agreement"] for row in table(web, "/explore.csv")] == ["a--b", "a--c"]
    answer = json.loads(web.get("/explore.json?place=c").get_data())
    assert (answer["of"], answer["rows"][0]["countries"], answer["rows"][0]["start_year"]) == (1, "se -", None)
    assert 'href="/explore.csv?year=1995&amp;undated=no"' in html(web, "/explore?year=1995&undated=no")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/explore.csv?year=19x", 400), ("/explore.csv?undated=maybe", 400), ("/explore.json?country=zz", 404),
        ("/explore.xlsx", 404), ("/country/zz/partners.csv", 404), ("/country/se/partner.csv", 404),
        ("/country/se/decades.xls", 404), ("/network/none/members.csv", 404), ("/network/n/twins.csv", 404),
    ],
)  # fmt: skip
def test_files_of_nothing_say_what_there_is(web: FlaskClient, path: str, status: int) -> None:
    answer = web.get(path)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_the_charts_of_a_country_have_files(web: FlaskClient) -> None:
    text = html(web, "/place/country-se")

    assert table(web, "/country/se/decades.csv") == [{"decade": "1990", "agreements": "1"}]
    assert table(web, "/country/SE/places.csv") == [
        {"place": "a", "place_name": f"'{HOSTILE}", "twins": "2"}, {"place": "b", "place_name": "B", "twins": "1"},
    ]  # fmt: skip
    assert json.loads(web.get("/country/se/partners.json").get_data())["rows"] == []
    assert 'href="/country/se/decades.csv"' in text
    assert 'href="/country/se/places.json"' in text


def test_the_members_of_a_network_and_their_number_have_files(web: FlaskClient) -> None:
    text = html(web, "/network/n")

    rows = [(row["member"], row["name"], row["country"], row["start"]) for row in table(web, "/network/n/members.csv")]
    assert rows == [("place/a", f"'{HOSTILE}", "Sweden", "2001"), ("place/b", "B", "Sweden", "2004")]
    assert table(web, "/network/n/growth.csv") == [{"year": "2001", "members": "1"}, {"year": "2004", "members": "2"}]
    assert 'href="/network/n/members.csv"' in text
    assert 'href="/network/n/growth.json"' in text


def test_an_agreement_tells_what_was_said_in_the_order_in_which_it_was_read(made: Store, web: FlaskClient) -> None:
    found = site.agreement(made, "a--b").history

    assert [(told.read, told.source.title) for told in found] == [
        ("2010-01-01", "Early"), ("2015-05-05", "Page"), ("2020-02", "Late"),
    ]  # fmt: skip
    assert [[(title, value.text, shown) for title, value, shown in told.values] for told in found] == [
        [], [("start", "1990", False)], [("start", "1991", True)],
    ]  # fmt: skip
    assert "5 May 2015 Page start 1990 not shown record February 2020 Late start 1991 record" in (
        words(web, "/agreement/a--b")
    )
    assert 'id="history"' not in html(web, "/agreement/a--c")
