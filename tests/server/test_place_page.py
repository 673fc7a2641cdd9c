"""The place page: map, timeline, what every source says, another time, files; and what bad data does to it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import geojson
import pytest
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from tests.server.conftest import BROWSER, browsing
from tests.server.reading import html
from twinld import site
from twinld.publish.tables import AGREEMENTS
from twinld.settings import Settings
from twinld.store import Store

HOSTILE = "<script>alert(1)</script>\"'{{7*7}}\u202etxet"
"""Markup, quotes, a template and a character that turns the text around."""
EMPTY_TAGS = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "path", "rect", "image",
}  # fmt: skip


class Nesting(HTMLParser):
    """Reads a page and keeps what is not closed, or closed without being open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY_TAGS:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def nesting(text: str) -> tuple[list[str], list[str]]:
    reader = Nesting()
    reader.feed(text)
    return reader.open, reader.wrong


# ------------------------------------------------------------------------------------------- the small release


def test_the_map_has_a_dot_for_each_partner_and_a_line_to_it(client: FlaskClient) -> None:
    text = html(client, "/place/boston")

    assert re.findall(r'<path class="dot (\w+)" d="M[0-9.]+ [0-9.]+h0"/></a>', text) == ["active"] * 2
    assert re.findall(r'<path class="line (\w+)" d="M', text)[0] == "active"
    assert 'role="group" aria-labelledby="world-title"' in text
    assert "Boston and 2 of 3 partners on the map" in text
    assert text.count('class="dot here"') == 1
    assert "No coordinates are known of 1 of 3 places: " in text
    assert text.count("<image ") == 1


def test_the_picture_under_the_maps_is_a_file_of_its_own(client: FlaskClient) -> None:
    found = re.search(r'<image href="(/world\.svg\?v=[^"]+)"', html(client, "/place/boston"))

    assert found is not None
    answer = client.get(found[1])
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.get_data(as_text=True).startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 500"')


def test_land_is_drawn_where_the_parts_for_browsers_were_built(store: Store, tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    paths = {"land": "M1 2L3 4Z", "borders": 'M0 0"/><script>', "width": 960, "height": 500}
    (tmp_path / "vendor" / "world.json").write_text(json.dumps(paths))
    app = create_app(Settings(), store)
    app.static_folder = str(tmp_path)
    text = app.test_client().get("/world.svg").get_data(as_text=True)
    close_app(app)

    assert 'd="M1 2L3 4Z"' in text
    assert "script" not in text, "what is no path is left out"


def test_an_agreement_has_a_map_of_its_parties(client: FlaskClient) -> None:
    text = html(client, "/agreement/berlin--istanbul")

    assert len(re.findall(r'<path class="dot active" d="[^"]*"/></a>', text)) == 2
    assert re.findall(r'<path class="line (\w+)" d="(M[^M"]*)"/>\n<', text)[0][0] == "active"
    assert "@misc{twinld-2022-11-30-berlin-istanbul," in text
    assert "<figure" not in html(client, "/agreement/q35581--q771"), "neither party has coordinates"


def test_the_timeline_counts_what_is_dated(client: FlaskClient) -> None:
    berlin, boston = html(client, "/place/berlin"), html(client, "/place/boston")

    assert "2 of 3 are dated." in berlin
    assert re.findall(r'<text class="name"[^>]*>([^<]*)<', berlin) == ["Istanbul", "Moscow"]
    assert "Moscow: since 28 August 1991" in berlin
    assert "0 of 3 are dated." in boston
    assert '<svg class="timeline"' not in boston


def test_every_value_of_every_source_opens_in_the_row(client: FlaskClient) -> None:
    text = html(client, "/place/berlin")
    row = next(row for row in text.split("<tr>") if 'href="/agreement/berlin--moscow">details' in row)

    assert re.findall(r'<time datetime="([^"]+)"', row) == ["1991-08-28", "1991-08-28", "1991"]
    assert "sources differ" in row
    assert '<a href="/record/wikidata-entities/q64-0fb996e2-aaf5-44aa-8187-9f1ab7391822">' in row
    assert "entity documents of 2014 to 2018</a> on this side<" in row


def test_statements_name_their_side_and_verdict(store: Store) -> None:
    (moscow,) = (row for row in site.place(store, "berlin").partners if str(row.partners[0]) == "Moscow")

    assert {(one.source.of, str(one.side or "")) for one in moscow.statements} >= {("Wikidata", "Berlin")}
    assert [group.title for group in moscow.values] == ["start"]
    assert moscow.disagree


@pytest.mark.parametrize(
    ("asked", "counts", "istanbul"),
    [
        ("1989", (1, 0, 1, 1), "certain"),
        ("1989-11-17", (1, 0, 1, 1), "certain"),
        ("1989-11", (1, 0, 1, 1), "certain"),
        ("1980", (0, 0, 2, 1), "no"),
        ("2020", (2, 0, 0, 1), "certain"),
    ],
)
def test_what_held_at_another_time(store: Store, asked: str, counts: tuple[int, ...], istanbul: str) -> None:
    page = site.place(store, "berlin")
    then = site.partners_on(page.partners, asked, page.elsewhere)

    found = then.counts
    assert (found.certain, found.possible, found.no, found.unknown) == counts
    assert then.answers["https://w3id.org/twinld/id/agreement/berlin--istanbul"] == istanbul
    assert then.answers["https://w3id.org/twinld/id/agreement/berlin--tehran"] == "unknown"
    assert then.counts.all == 3, "those of another licence are told and not counted"


def test_the_page_at_another_time_says_what_held(client: FlaskClient) -> None:
    text = html(client, "/place/berlin?as-of=1990")

    assert "On 31 December 1990, of 3: 1 held, 0 may have held, 1 did not hold, of 1 no date says." in text
    assert text.count('<span class="then certain">held</span>') == 1
    assert 'value="1990"' in text


@pytest.mark.parametrize("asked", ["soon", "1990~", "198X", "1990-13", "1990/1991", "<script>", "9" * 500])
def test_a_time_that_is_none_is_refused(client: FlaskClient, asked: str) -> None:
    answer = client.get("/place/berlin", query_string={"as-of": asked}, headers=BROWSER)

    assert answer.status_code == 400
    assert "As-of: " in answer.get_data(as_text=True)
    assert "<script>" not in answer.get_data(as_text=True)


def test_a_one_sided_agreement_leads_to_the_worklists(client: FlaskClient) -> None:
    assert '<a class="onesided" href="/contribute">only' in html(client, "/place/adelaide")


def test_a_page_can_be_cited_asked_and_corrected(client: FlaskClient, store: Store) -> None:
    text = unescape(html(client, "/place/boston"))

    assert "Boston. In twinld: twin cities of the world as linked open data, release 2022-11-30." in text
    assert "@misc{twinld-2022-11-30-boston,\n" in text
    link = re.search(r'href="(/sparql\?query=[^"]+)">Ask this in SPARQL', text)
    assert link is not None
    answer = client.get(link[1], headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert sorted(row["twin"] for row in csv.DictReader(io.StringIO(answer.get_data(as_text=True)))) == [
        "Boston", "Kyoto", "Strasbourg",
    ]  # fmt: skip
    assert '<a rel="nofollow" href="/report?of=%2Fplace%2Fboston">Report a mistake</a>' in text
    assert 'href="/report?of=%2Fplace%2Fboston&field=population&value=692600">population</a>' in text


def test_all_statements_and_what_points_here_are_folded_at_the_end(client: FlaskClient) -> None:
    text = html(client, "/place/boston")
    end = text[text.index('id="all"') :]

    assert "<details open" not in text
    assert 'href="/ontology#geonamesFeature"' in end
    assert re.search(r'<a href="/ontology#party"[^>]*><bdi[^>]*>party', end)
    assert 'href="/links?to=%2Fplace%2Fboston&amp;by=tw%3Aparty&amp;in=curated">3<span' in end


def test_the_agreements_of_a_place_are_a_table(client: FlaskClient) -> None:
    answer = client.get("/place/berlin.csv", headers=BROWSER)
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))

    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in answer.headers["Link"]
    assert list(rows[0]) == [column.name for column in AGREEMENTS.columns]
    assert [(row["agreement"], row["start"]) for row in rows] == [
        ("berlin--copenhagen", ""),
        ("berlin--istanbul", "1989-11-17"),
        ("berlin--moscow", "1991-08-28"),
    ]
    assert not any("wd50k" in row["sources"] for row in rows), "only what is CC0"


def test_the_agreements_of_a_place_are_a_map(client: FlaskClient) -> None:
    answer = client.get("/place/adelaide.geojson")
    read = geojson.loads(answer.get_data(as_text=True))

    assert (answer.content_type, read.is_valid) == ("application/geo+json", True)
    assert [feature["id"].rsplit("/", 2)[1:] for feature in read["features"]] == [
        ["place", "adelaide"],
        ["place", "malmo"],
        ["agreement", "adelaide--malmo"],
    ]


def test_a_file_of_a_place_is_not_sent_twice_and_follows_merged_ids(released: FlaskClient) -> None:
    tag = released.get("/place/boston.csv").headers["ETag"]

    assert released.get("/place/boston.csv", headers={"If-None-Match": tag}).status_code == 304
    moved = released.get("/place/boston-us.geojson")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/place/boston.geojson")
    assert released.get("/place/atlantis.csv").status_code == 410


@pytest.mark.parametrize("path", ["/place/bostn.csv", "/place/bostn.geojson"])
def test_a_file_of_no_place_names_near_ones(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["near"] == ["/place/boston", "/place/q311975"]


def test_a_place_that_only_another_licence_knows_has_an_empty_table(client: FlaskClient) -> None:
    answer = client.get("/place/q771.csv")

    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("\n") == 1


# ------------------------------------------------------------------------------------------------- bad data


def made() -> str:
    """TriG with places that have every fault: no name, no point, no partner, many partners, many names."""
    prefixes = """@prefix tw: <https://w3id.org/twinld/ns#> . @prefix place: <https://w3id.org/twinld/id/place/> .
        @prefix agreement: <https://w3id.org/twinld/id/agreement/> . @prefix twv: <https://w3id.org/twinld/vocab/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix wd: <http://www.wikidata.org/entity/> .
        @prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
        @prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
        <https://w3id.org/twinld/graph/curated> {
        place:none a tw:Place ; tw:wikidataItem wd:Q1 .
        place:lonely a tw:Place ; rdfs:label "Lonely"@en .
        place:off a tw:Place ; rdfs:label "Off"@en ; wgs:lat 95.0 ; wgs:long 10.0 .
        place:rtl a tw:Place ; rdfs:label "القدس"@ar ; wgs:lat 31.8 ; wgs:long 35.2 .
        agreement:none--off a tw:Agreement ; tw:party place:none , place:off .
        agreement:none--rtl a tw:Agreement ; tw:party place:none , place:rtl ;
          tw:start "1990"^^edtf:EDTF-level1 ; tw:status twv:status-ended .
        """
    hostile = json.dumps(HOSTILE)
    formula = json.dumps("=1+1")
    parts = [
        prefixes,
        f"place:bad a tw:Place ; rdfs:label {hostile}@en ; wgs:lat 1.0 ; wgs:long 2.0 .",
        f"place:sum a tw:Place ; rdfs:label {formula}@en ; wgs:lat 3.0 ; wgs:long 4.0 .",
        'agreement:bad--sum a tw:Agreement ; tw:party place:bad , place:sum ; tw:start "1990"^^edtf:EDTF-level1 .',
        'place:big a tw:Place ; rdfs:label "Big"@en ; wgs:lat 0.0 ; wgs:long 179.0 .',
    ]
    for number in range(200):
        tag = f"x-{chr(97 + number // 26)}{chr(97 + number % 26)}"
        parts.append(f'place:big rdfs:label "Name {number}"@{tag} .')
    for number in range(150):
        parts.append(f'place:p{number} a tw:Place ; rdfs:label "Partner {number}"@en ;')
        parts.append(f"  wgs:lat {number % 80}.5 ; wgs:long {number * 2 - 150}.5 .")
        parts.append(f"agreement:big--p{number} a tw:Agreement ; tw:party place:big , place:p{number} ;")
        parts.append(f'  tw:start "{1870 + number}"^^edtf:EDTF-level1 .')
    parts.append("}")
    return "\n".join(parts)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = tmp_path_factory.mktemp("bad") / "bad.trig"
    path.write_text(made(), encoding="utf-8")
    with browsing(path) as client:
        yield client


SLUGS = ("none", "lonely", "off", "rtl", "bad", "sum", "big")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_of_bad_data_is_whole(bad: FlaskClient, slug: str) -> None:
    text = html(bad, f"/place/{slug}")

    assert nesting(text) == ([], [])
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:aria-labelledby|for)="([^"]*)"', text)) <= set(ids)
    assert "None" not in re.sub(r"<[^>]*>", " ", text)
    for suffix in ("csv", "geojson"):
        assert bad.get(f"/place/{slug}.{suffix}").status_code == 200


def test_a_place_without_a_name_is_called_by_its_item(bad: FlaskClient) -> None:
    text = html(bad, "/place/none")

    assert '<h1><bdi dir="auto">Q1</bdi></h1>' in text
    assert "No coordinates are known of" in text
    assert 'class="dot here"' not in text


def test_a_place_off_the_globe_is_on_no_map(bad: FlaskClient) -> None:
    text = html(bad, "/place/off")

    assert "<figure" not in text
    assert "so no lines are drawn" in text


def test_a_place_without_partners_says_so(bad: FlaskClient) -> None:
    assert "is in this release. If you know one" in html(bad, "/place/lonely")


def test_a_name_from_right_to_left_is_marked_everywhere(bad: FlaskClient) -> None:
    text = html(bad, "/place/rtl")

    assert '<h1><bdi lang="ar" dir="rtl">القدس</bdi></h1>' in text


def test_a_hostile_name_stays_text(bad: FlaskClient) -> None:
    for slug in ("bad", "sum"):
        text = html(bad, f"/place/{slug}")
        assert "<script>" not in text
        assert "{{7*7}}" in unescape(text)
        assert not re.search(r'="[^"]*<', text), "no attribute ends early"
        bibtex = re.search(r"(?s)<pre[^>]*>(.*?)</pre>", text)
        assert bibtex is not None
        assert "\u202e" not in bibtex[1]


def test_a_formula_in_a_name_is_not_run_by_a_spreadsheet(bad: FlaskClient) -> None:
    (row,) = csv.DictReader(io.StringIO(bad.get("/place/bad.csv").get_data(as_text=True)))

    assert (row["label_a"], row["label_b"]) == (HOSTILE, "'=1+1")


def test_many_partners_and_names_are_folded_and_the_page_stays_small(bad: FlaskClient) -> None:
    text = html(bad, "/place/big")

    assert "<summary>90 more</summary>" in text
    assert "<summary>201 names</summary>" in text
    assert text.count(">details<") == 150
    assert len(gzip.compress(text.encode(), 6)) < 100_000
