"""Pages of real places: the release as its readers meet it."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, browsing
from tests.server.reading import html
from tests.server.test_place_page import nesting

PLACES = (
    "boston", "malmo", "paderborn", "heihe", "kaliningrad", "shimonoseki", "saint-petersburg", "berlin", "country-se",
)  # fmt: skip


@pytest.fixture(scope="module")
def web(release: Path) -> Iterator[FlaskClient]:
    with browsing(release) as client:
        yield client


@pytest.mark.parametrize("slug", PLACES)
def test_a_page_is_whole_and_small(web: FlaskClient, slug: str) -> None:
    text = html(web, f"/place/{slug}")

    assert nesting(text) == ([], [])
    assert len(gzip.compress(text.encode(), 6)) < 100_000
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("slug", ["boston", "paderborn", "heihe", "saint-petersburg"])
def test_map_table_and_file_have_the_same_partners(web: FlaskClient, slug: str) -> None:
    text = html(web, f"/place/{slug}")
    said = re.search(r"and (\d+) of (\d+) partners on the map", text)
    table = re.findall(r'href="/agreement/([^"]+)">details<', text)
    rows = list(csv.DictReader(io.StringIO(web.get(f"/place/{slug}.csv").get_data(as_text=True))))

    assert said is not None
    drawn, partners = map(int, said.groups())
    assert len(re.findall(r'<path class="dot \w+" d="[^"]*"/></a>', text)) == drawn
    assert drawn > partners * 0.9
    assert {row["agreement"] for row in rows} <= set(table)
    assert rows


@pytest.mark.parametrize(
    ("path", "query", "fragment"),
    [
        ("/links", "to=%2Fplace%2Fcountry-de&by=tw%3Acountry&in=curated&", "things"), ("/explore", "", "table"),
        ("/place/country-de", "", "places"), ("/pair/country-de--country-fr", "", "between"),
    ],
)  # fmt: skip
def test_leaves_of_a_long_list_lead_to_each_other(web: FlaskClient, path: str, query: str, fragment: str) -> None:
    first, second = (unescape(html(web, f"{path}?{query}page={number}")) for number in (1, 2))

    assert f'<a rel="next" href="{path}?{query}page=2#{fragment}">Further</a>' in first
    assert 'rel="prev"' not in first
    assert re.search(rf'<a rel="prev" href="[^"]*#{fragment}">Earlier</a> Page 2 of \d+ <a rel="next"', second)


def test_boston_is_drawn_with_its_dates(web: FlaskClient) -> None:
    text = html(web, "/place/boston?as-of=1970")

    assert "Boston and 16 of 16 partners on the map" in text
    assert "Kyoto: since 1959" in text
    assert re.search(r"On 31 December 1970, of \d+: 2 held", text)


def test_the_bond_of_paderborn_begins_in_836_on_the_timeline(web: FlaskClient) -> None:
    text = html(web, "/place/paderborn")

    assert '<text class="year" x="220.0" y="14">800</text>' in text


def test_a_place_without_a_name_has_a_page(web: FlaskClient) -> None:
    answer = web.get("/id/place/Q643919", headers=BROWSER, follow_redirects=True)

    assert answer.status_code == 200
    assert "Q643919" in answer.get_data(as_text=True)


def test_a_value_says_by_which_rule_it_was_chosen(web: FlaskClient) -> None:
    rows = html(web, "/place/berlin").split("<tr>")
    (budapest,) = (row for row in rows if 'href="/agreement/berlin--budapest">details' in row)

    assert re.findall(r'<time datetime="([^"]+)"', budapest) == ["1992-08-28", "1992-08-28", "1992"]
    assert '<span class="muted">shown: the source of lowest rank</span>' in budapest
    assert "the source of lowest rank" in html(web, "/agreement/berlin--budapest")
