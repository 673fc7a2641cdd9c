"""The pages of what passages name: sources, records, agreements, places and whoever else takes part."""

from __future__ import annotations

import re
from html import unescape

import pytest
import rdflib
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER
from tests.server.reading import html, turtle, words
from twinld import site
from twinld.site.ask import Facts
from twinld.site.claims import Claim, claims_of
from twinld.site.things import About
from twinld.store import Store
from twinld.terms import Term
from twinld.vocab import BASE, ID, TW

PAGES = [
    "/claims",
    "/claims?source=essay&verdict=disputed",
    "/source/essay",
    "/source/page",
    "/record/essay/p-1",
    "/record/page/q-1",
    "/network/circle",
    "/organisation/chamber-a",
    "/person/ann",
    "/event/visit",
    "/place/amur",
    "/place/boston",
    "/agreement/boston--kyoto",
    "/agreement/trade",
    "/ontology",
    "/ontology?lang=de",
    "/vocab/kind",
    "/vocab/kind-cooperation",
]


def test_a_source_says_what_came_from_it(documents_store: Store, documented: FlaskClient) -> None:
    page = site.source_page(documents_store, "essay")

    assert (page.records, page.claims, page.agreeing) == (2, 2, 1), "the kind is claimed by the page too"
    assert [(choice.word, choice.number) for choice in page.verdicts] == [("accepted", 1), ("disputed", 1)]
    text = words(documented, "/source/essay")
    assert "Rights in it copyright undetermined Records 2 Values stated 2 1 of them also by another source" in text
    assert "SHA-256 of the document 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" in text
    assert "Short passages are quoted." in text


def test_a_record_says_what_it_was_resolved_to(documented: FlaskClient) -> None:
    text = words(documented, "/record/page/q-1")

    assert "京都市 1959年 page/q-1 · A page · https://example.org/page · read on 30 November 2022 · accepted" in text
    assert "Contradicts Boston and <Kyoto> since 1958 (An essay, on twins)" in text
    assert "Resolved to Boston – Kyoto." in text
    assert '<a href="https://example.org/page">https://example.org/page</a>' in html(documented, "/record/page/q-1")
    assert re.findall(r'id="(kind|start)"', html(documented, "/record/page/q-1")) == ["kind", "start"]


def test_an_agreement_shows_the_words_of_its_records_and_what_differs(documented: FlaskClient) -> None:
    text = words(documented, "/agreement/boston--kyoto")

    assert "character 12 Boston and <Kyoto> since 1958 disputed: The page names another year." in text
    assert (
        "start 1959 shown A page record wrong? Report a mistake in start "
        "1958 An essay, on twins copyright undetermined record wrong? Report a mistake in start" in text
    )
    assert "kind twinning shown" in text
    assert "theme sport" in text
    assert "activities under it Visit of Kyoto" in text


def test_two_themes_are_no_disagreement() -> None:
    facts = Facts()
    claims = [
        Claim("a", f"{TW}{name}", Term("literal", value), "record", "source")
        for name, value in (("theme", "sport"), ("theme", "trade"), ("start", "1958"), ("start", "1959"))
    ]

    groups = claims_of(claims, "a", facts, About())
    assert [(group.title, len(group.values), group.disagree) for group in groups] == [
        ("start", 2, True),
        ("theme", 2, False),
    ]
    assert [group.title for group in claims_of(claims, "a", facts, About(), only_disagreements=True)] == ["start"]


def test_an_agreement_of_organisations_names_them(documented: FlaskClient) -> None:
    text = words(documented, "/agreement/trade")

    assert "Trade agreement of two chambers Chamber A and Chamber B are partners (trade); the release" in text
    assert "Parties Chamber A Chamber B Kind trade" in text
    assert "the chambers agreed" in text


def test_a_place_lists_activities_people_and_networks(documents_store: Store) -> None:
    rows = {row.title: [str(thing) for thing in row.values] for row in site.place(documents_store, "boston").more}

    assert rows == {
        "core city of": ["Amur"],
        "hosted": ["Visit of Kyoto"],
        "lies here": ["Chamber A"],
        "member of": ["Circle"],
        "people who spoke for it": ["Ann"],
    }


def test_a_place_that_is_no_party_has_a_page(documented: FlaskClient) -> None:
    assert documented.get("/id/place/amur").headers["Location"] == "/place/amur"
    assert "Amur is a tw:Borderland" in words(documented, "/place/amur")
    assert documented.get("/place/atlantis", headers=BROWSER).status_code == 404


@pytest.mark.parametrize("thing", ["network/circle", "organisation/chamber-a", "person/ann", "event/visit"])
def test_ids_of_all_types_lead_to_a_page_and_to_data(documented: FlaskClient, thing: str) -> None:
    answer = documented.get(f"/id/{thing}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/{thing}")
    assert f"{BASE}id/{thing}" in html(documented, f"/{thing}")
    assert rdflib.URIRef(f"{ID}{thing}") in set(turtle(documented, f"/{thing}").subjects())


def test_the_page_of_a_network_has_its_members(documented: FlaskClient) -> None:
    text = html(documented, "/network/circle")

    assert '<h3 id="boston">#boston</h3>' in text
    assert '<a href="/place/boston"><bdi lang="en" dir="ltr">Boston</bdi></a>' in text


def test_what_is_known_of_a_person_stands_before_what_each_graph_says(documented: FlaskClient) -> None:
    text = html(documented, "/person/ann")
    known = text[text.index('id="core"') : text.index('id="all"')]

    assert '<h3 id="mayor">Mayor</h3>' in known
    assert 'href="/place/boston"' in known
    assert 'href="/person/ann"' not in known, "a part does not lead back to its whole"
    assert text.count('id="mayor"') == 1
    assert "<summary>What each graph says, with its licence</summary>" in text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole(documented: FlaskClient, path: str) -> None:
    text = html(documented, path)

    ids = re.findall(r'\sid="([^"]*)"', text)
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'(?:aria-labelledby|aria-describedby|for)="([^"]*)"', text)) <= set(ids)
    assert len(re.findall("<h1>", text)) == 1
    assert "<script>" not in text
    assert " style=" not in text
    own = {unescape(target) for target in re.findall(r'<a[^>]* href="(/[^"#]*)', text)}
    assert [
        target
        for target in sorted(own)
        if target not in {"/dumps/", "/dataset"} and not target.startswith("/ontology")
        if documented.get(target, headers=BROWSER, follow_redirects=True).status_code != 200
    ] == []
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
