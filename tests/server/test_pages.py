"""The pages: every one answers, every IRI of ours leads to one, and what stands on them."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
import rdflib
from flask.testing import FlaskClient

from server.pages import PAGES
from tests.server.conftest import BROWSER
from twinld.store import Store
from twinld.vocab import BASE

PATHS = [
    "/",
    "/search",
    "/search?q=b",
    "/place/berlin",
    "/place/q771",
    "/place/country-se",
    "/agreement/berlin--istanbul",
    "/agreement/berlin--copenhagen",
    "/agreement/adelaide--malmo",
    "/agreement/kyiv--moscow",
    "/pair/boston--kyoto",
    "/statistics",
    "/countries",
    "/networks",
    "/chain",
    "/chain?from=kyoto&to=strasbourg",
    "/source/wd50k",
    "/record/wikidata-crawl/q2861-q52502",
    "/graph/facts/wd50k",
    "/vocab/kind",
    "/vocab/kind-unspecified",
    "/dataset",
    "/ontology",
    "/shapes",
    "/sparql",
    "/examples",
    "/examples/cq04",
    "/explore",
    "/explore?country=de&year=1990",
    "/dumps/",
    "/dumps",
]


def ours(store: Store) -> list[str]:
    """Every IRI of our namespace in the small release, in code point order."""
    out = io.BytesIO()
    store.dump(out)
    return sorted(set(re.findall(rf"<({re.escape(BASE)}[^>]*)>", out.getvalue().decode())))


def test_there_are_iris_of_every_kind(store: Store) -> None:
    kinds = {re.match(r"id/\w+|\w+", iri.removeprefix(BASE))[0] for iri in ours(store)}  # type: ignore[index]

    assert kinds == {
        *(f"id/{name}" for name in ("agreement", "pair", "place", "record", "source")),
        "dataset",
        "graph",
        "ns",
        "vocab",
    }


def test_every_iri_of_ours_leads_to_a_page_and_to_data_that_name_it(store: Store, client: FlaskClient) -> None:
    missing = []
    graphs: dict[str, set[rdflib.term.Node]] = {}
    pages: dict[str, str] = {}
    for iri in ours(store):
        document, _, fragment = iri.partition("#")
        path = "/" + document.removeprefix(BASE)
        if path not in graphs:
            answer = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
            assert (answer.status_code, answer.mimetype) == (200, "text/turtle"), path
            graph = rdflib.Graph().parse(data=answer.data, format="turtle")
            graphs[path] = {node for triple in graph for node in triple}
            page = client.get(path, headers=BROWSER, follow_redirects=True)
            assert (page.status_code, page.mimetype) == (200, "text/html"), path
            pages[path] = unescape(page.get_data(as_text=True))
        if rdflib.URIRef(iri) not in graphs[path]:
            missing.append(f"{iri} in Turtle")
        shown = f'id="{fragment}"' if fragment else iri.removeprefix(f"{BASE}ns/")
        if shown not in pages[path]:
            missing.append(f"{iri} in HTML")

    assert missing == []


@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_in_html(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    text = answer.get_data(as_text=True)

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert text.startswith('<!doctype html>\n<html lang="en"')
    assert len(re.findall(r"<h1>", text)) == 1
    assert 'class="sentence"' in text


@pytest.mark.parametrize("path", PATHS)
def test_no_page_asks_another_host_or_holds_a_script(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers=BROWSER).get_data(as_text=True)

    loaded = re.findall(
        r'(?:src|action)="([^"]*)"|<link(?! rel="canonical"| rel="alternate" hreflang)[^>]* href="([^"]*)"', text
    )
    assert loaded
    assert [one or other for one, other in loaded if not (one or other).startswith("/")] == []
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == text.count("<script")
    ours = r' (?:type="module" src="/static/[^"]+"|src="/static/search\.js" defer)'
    assert [one for one in scripts if not re.fullmatch(ours, one[0]) or one[1]] == []
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)


@pytest.mark.parametrize("path", PATHS)
def test_links_within_the_site_lead_somewhere(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers=BROWSER).get_data(as_text=True)

    targets = sorted({unescape(link) for link in re.findall(r'<a[^>]* href="(/[^"#]*)', text)})
    assert targets
    broken = [
        target
        for target in targets
        if not target.startswith("/sparql?")
        and client.get(target, headers=BROWSER, follow_redirects=True).status_code != 200
    ]
    assert broken == []


@pytest.mark.parametrize("path", PATHS)
def test_ids_on_a_page_are_there_once(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers=BROWSER).get_data(as_text=True)

    ids = re.findall(r'\sid="([^"]*)"', text)
    assert sorted(ids) == sorted(set(ids))
    named = re.findall(r'(?:aria-labelledby|for)="([^"]*)"', text)
    assert set(named) <= set(ids)


def test_the_menu_has_the_pages_of_the_table(client: FlaskClient) -> None:
    text = client.get("/", headers=BROWSER).get_data(as_text=True)

    menu = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', text.split("<nav", 1)[1].split("</nav>", 1)[0])
    shown, folded = (
        [(page.path, page.title) for page in PAGES if page.title and page.aside == side] for side in (False, True)
    )
    assert menu == shown + folded
    assert text.index("<summary>More</summary>") < text.index(f'"{folded[0][0]}"')


def test_names_carry_language_and_direction(client: FlaskClient) -> None:
    text = client.get("/place/berlin", headers=BROWSER).get_data(as_text=True)

    assert '<span lang="ar" dir="rtl">برلين</span>' in text
    assert '<span lang="he" dir="rtl">ברלין</span>' in text
    assert '<span lang="ja" dir="ltr">ベルリン</span>' in text
    assert '<span lang="und" dir="auto">Berlin</span>' in text


def test_another_language_can_be_asked_for(client: FlaskClient) -> None:
    text = client.get("/place/berlin?lang=ru", headers=BROWSER).get_data(as_text=True)

    assert '<h1><bdi lang="ru" dir="ltr">Берлин</bdi></h1>' in text
    assert client.get("/place/berlin?lang=%3Cb%3E", headers=BROWSER).status_code == 200


def test_what_is_under_another_licence_stands_apart(client: FlaskClient) -> None:
    text = client.get("/place/berlin", headers=BROWSER).get_data(as_text=True)

    own, apart = text.split('<h2 id="elsewhere">')
    assert "/place/tehran" not in own
    assert "/place/tehran" in apart
    assert "CC BY 4.0" in apart


def test_the_page_of_an_agreement_names_the_side_that_is_silent(client: FlaskClient) -> None:
    answered = client.get("/agreement/berlin--copenhagen", headers=BROWSER).get_data(as_text=True)
    open_ = client.get("/agreement/adelaide--malmo", headers=BROWSER).get_data(as_text=True)

    assert "does not, except in" in re.sub(r"<[^>]+>", "", answered)
    assert "Malmö does not." in re.sub(r"<[^>]+>", "", open_)


def test_the_ontology_has_definition_and_example_of_each_term(client: FlaskClient) -> None:
    text = client.get("/ontology", headers=BROWSER).get_data(as_text=True)

    section = text.split('id="Country"', 1)[1].split("</section>", 1)[0]
    assert "A place that ISO 3166-1 lists as a country." in section
    assert "Sweden, the country of Malmö." in section
    assert '<a href="#Place"><code>tw:Place</code></a>' in section


def test_a_search_leads_to_the_place_or_lists_what_is_called_so(client: FlaskClient) -> None:
    assert client.get("/search?q=Kyoto").headers["Location"] == "/place/kyoto"
    assert client.get("/search?q=Q503361").headers["Location"] == "/place/malmo"
    found = client.get("/search?q=Boston", headers=BROWSER).get_data(as_text=True)
    assert re.findall(r'<li><a href="(/place/[^"]+)"', found) == ["/place/boston", "/place/q311975"]
    found = client.get("/search?q=ma", headers=BROWSER).get_data(as_text=True)
    assert re.findall(r'<li><a href="(/place/[^"]+)"', found) == ["/place/malmo"]
    assert "Nothing here has a name like this" in client.get("/search?q=xyzzy").get_data(as_text=True)
