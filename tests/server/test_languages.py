"""Pages in several languages: which one a request gets, what caches are told, and that no text is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from server.languages import best
from tests.server.conftest import BROWSER, Client
from tests.texts.pseudo import TAG, Page, wrapped
from twinld.settings import Settings
from twinld.store import Store
from twinld.texts import ENGLISH, Texts, read_texts

PATHS = (
    "/", "/place/boston", "/place/berlin", "/place/country-us", "/agreement/boston--kyoto", "/pair/boston--kyoto",
    "/ontology", "/statistics", "/countries", "/networks", "/chain", "/chain?from=boston&to=kyoto", "/claims",
    "/search", "/search?q=b", "/search?q=nothinglikeit", "/search?type=agreement", "/explore", "/sparql",
    "/sparql?query=ASK+%7B%7D", "/examples", "/examples/best_connected", "/shapes", "/quality", "/conflicts",
    "/links?to=/place/boston", "/report?of=/place/boston&field=population&value=5", "/contribute", "/dumps/",
    "/changes", "/harvest", "/dataset", "/vocab/kind", "/vocab/kind-twinning",
    "/source/wd50k", "/record/wikidata-crawl/q2861-q52502", "/graph/facts/wd50k", "/nothing", "/place/bostonn",
    "/chain?from=atlantis&to=kyoto",
)  # fmt: skip
"""A page of every kind that the small release has."""
RELEASED = ("/dumps/", "/dumps/2022-11-30/", "/dataset", "/catalog", "/changes", "/", "/quality")
NAMES = re.compile(
    r"\b(?:twinld|CC0|CC BY(?:-SA)?|CSV|JSON|JSON-LD|GeoJSON|Turtle|TriG|RDF/XML|N-Triples|N-Quads|SPARQL|XML|TSV|IRI|"
    r"SHA-256|HTTP|Atom|DCAT-AP|AP|VoID|manifest\.json|Wikidata|GeoNames|Natural Earth|WD50K|km|gzip|zstd|DCAT|"
    r"MiB|KiB|ms|Q\d+|Violations?|Warnings?|Infos?|BibTeX|Python|JavaScript|curl|YASGUI|SPARQLWrapper|rdflib|pandas)\b"
)
"""Proper names and names of formats, which are the same in every language."""
DATA = re.compile(
    r"https?://\S+|[\w.-]*[/:#][\w./#:+-]+|\b[0-9a-f]{64}\b|\b[\w-]+--[\w-]+\b|\b[a-z0-9]+(?:-[a-z0-9]+)+\b|\b[\w.-]+\.[a-z]{2,4}\b"
    r"|^[a-z]{2,3}$|\b[A-Z]{2}\b"
)
"""Addresses, short names of IRIs, ids, files, and codes of languages and countries."""


@pytest.fixture(scope="module")
def german(store: Store) -> Iterator[FlaskClient]:
    yield from client_of(store, None)


@pytest.fixture(scope="module")
def made(store: Store) -> Iterator[FlaskClient]:
    yield from client_of(store, {"en": ENGLISH, TAG: wrapped(), "ar": wrapped("ar", "ar")})


def client_of(store: Store, texts: dict[str, Texts] | None) -> Iterator[FlaskClient]:
    app = create_app(Settings(query_timeout_s=10, workers=1), store, texts=texts)
    app.test_client_class = Client
    yield app.test_client()
    close_app(app)


def page(client: FlaskClient, path: str, accepted: str = "") -> str:
    return client.get(path, headers={**BROWSER, "Accept-Language": accepted}).get_data(as_text=True)


# ---------------------------------------------------------------------------------------------- which language


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", [], "en"),
        ("", [("de", 1.0)], "de"),
        ("", [("de-AT", 1.0)], "de"),
        ("", [("DE-ch-1996", 0.3)], "de"),
        ("", [("fr", 1.0)], "en"),
        ("", [("fr", 1.0), ("de", 0.5)], "de"),
        ("", [("de", 0.4), ("en", 0.6)], "en"),
        ("", [("en", 0.5), ("de", 0.5)], "en"),
        ("", [("*", 1.0)], "en"),
        ("", [("*", 1.0), ("en", 0.0)], "de"),
        ("", [("de", 0.0), ("*", 0.5)], "en"),
        ("", [("de", 0.0)], "en"),
        ("", [("de", 0.0), ("en", 0.0)], "en"),
        ("de", [("en", 1.0)], "de"),
        ("de-AT", [], "de"),
        ("en", [("de", 1.0)], "en"),
        ("fr", [("de", 1.0)], "de"),
        ("fr", [], "en"),
    ],
)
def test_the_language_that_fits_best(asked: str, accepted: list[tuple[str, float]], language: str) -> None:
    assert best(asked, accepted, ("en", "de")) == language


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "de-AT, en;q=0.5", "de"),
        ("", "en-GB,en;q=0.9,de;q=0.8", "en"),
        ("", "de;q=zero", "en"),
        ("", ";;q=,,de-;*q", "de"),
        ("", "\x7f\xff", "en"),
        ("?lang=de", "en", "de"),
        ("?lang=%3Cb%3E", "de", "de"),
        ("?lang=" + "d" * 400, "", "en"),
        ("?lang=fr", "", "en"),
        ("?lang=", "de", "de"),
    ],
)
def test_a_page_is_in_the_language_of_the_request(
    german: FlaskClient, query: str, accepted: str, language: str
) -> None:
    answer = german.get(f"/place/boston{query}", headers={**BROWSER, "Accept-Language": accepted})

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="ltr">' in answer.get_data(as_text=True)


def test_names_are_in_the_language_of_the_page_else_in_english(german: FlaskClient) -> None:
    text = page(german, "/agreement/boston--strasbourg", "de")

    assert '<bdi lang="de" dir="ltr">Straßburg</bdi>' in text
    assert '<bdi lang="en" dir="ltr">United States</bdi>' in text
    assert '<bdi lang="ru" dir="ltr">Бостон</bdi>' in page(german, "/agreement/boston--strasbourg?lang=ru", "de")


# ---------------------------------------------------------------------------------------------- caches


def test_caches_are_told_that_a_page_depends_on_the_language(german: FlaskClient) -> None:
    answers = [
        german.get("/place/boston", headers={**BROWSER, "Accept-Language": tag}) for tag in ("en", "de", "de-AT")
    ]

    assert [answer.headers["Vary"] for answer in answers] == ["Accept, Accept-Encoding, Accept-Language"] * 3
    tags = [answer.headers["ETag"] for answer in answers]
    assert (tags[0] != tags[1], tags[1] == tags[2]) == (True, True)
    again = german.get("/place/boston", headers={**BROWSER, "Accept-Language": "de", "If-None-Match": tags[1]})
    assert (again.status_code, again.headers["Vary"]) == (304, "Accept, Accept-Encoding, Accept-Language")
    other = german.get("/place/boston", headers={**BROWSER, "Accept-Language": "en", "If-None-Match": tags[1]})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/place/boston.ttl", "/search.json?q=kyoto", "/statistics.json", "/countries.csv"])
def test_data_is_the_same_in_every_language(german: FlaskClient, path: str) -> None:
    english, other = (german.get(path, headers={"Accept-Language": tag}) for tag in ("en", "de"))

    assert english.data == other.data
    assert english.headers["ETag"] == other.headers["ETag"]
    assert "Accept-Language" not in english.headers["Vary"]
    assert "Content-Language" not in english.headers


def test_an_answer_of_the_endpoint_is_the_same_and_its_page_is_not(german: FlaskClient) -> None:
    query = "/sparql?query=ASK+%7B%7D"
    english, other = (german.get(query, headers={"Accept-Language": tag}) for tag in ("en", "de"))
    pages = [german.get(query, headers={**BROWSER, "Accept-Language": tag}) for tag in ("en", "de")]

    assert (english.data, english.headers["ETag"]) == (other.data, other.headers["ETag"])
    assert pages[0].headers["ETag"] != pages[1].headers["ETag"]
    assert ["Ja." in answer.get_data(as_text=True) for answer in pages] == [False, True]
    assert pages[1].headers["Content-Language"] == "de"


@pytest.mark.parametrize("path", ["/statistics", "/countries", "/ontology"])
def test_a_page_that_is_kept_is_kept_by_language(german: FlaskClient, path: str) -> None:
    heads = [re.findall(r"<h2[^>]*>(.*?)</h2>", page(german, path, tag))[:2] for tag in ("en", "de", "en", "de")]
    asked = page(german, f"{path}?lang=de", "en")

    assert heads[0] == heads[2]
    assert heads[1] == heads[3]
    assert heads[0] != heads[1] or path == "/countries"
    assert '<html lang="de"' in asked


# ---------------------------------------------------------------------------------------------- links


def test_a_page_offers_its_other_languages(german: FlaskClient) -> None:
    text = page(german, "/search?q=b%26c&lang=de")

    assert '<strong lang="de" aria-current="true">Deutsch</strong>' in text
    assert '<a href="/search?q=b%26c&amp;lang=en" hreflang="en" lang="en">English</a>' in text
    assert '<link rel="alternate" hreflang="de" href="http://127.0.0.1:8000/search?q=b%26c&amp;lang=de">' in text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/search?q=b%26c">' in text
    assert '<link rel="canonical"' not in page(german, "/nothing")


def test_links_keep_the_language_that_was_asked_for(german: FlaskClient) -> None:
    text = page(german, "/place/boston?lang=de", "en")

    assert 'href="/place/kyoto?lang=de"' in text
    assert 'href="/dumps/?lang=de"' in text
    assert '<a href="/place/boston.ttl" type="text/turtle">' in text
    assert 'href="#main"' in text
    assert re.search(r'<form class="search"[^>]*action="/search"><input type="hidden" name="lang" value="de">', text)
    assert re.search(r'href="/sparql\?query=[^"]*&amp;lang=de"', text)
    assert "https://creativecommons.org/publicdomain/zero/1.0/?" not in text


@pytest.mark.parametrize(
    ("path", "target"),
    [("/id/place/boston", "/place/boston"), ("/search?q=kyoto", "/place/kyoto"), ("/country/us", "/place/country-us")],
)
def test_a_redirect_keeps_the_language_that_was_asked_for(german: FlaskClient, path: str, target: str) -> None:
    mark = "&" if "?" in path else "?"

    assert german.get(path, headers=BROWSER).headers["Location"] == target
    assert german.get(f"{path}{mark}lang=de", headers=BROWSER).headers["Location"] == f"{target}?lang=de"
    assert german.get(f"{path}{mark}lang=%26", headers=BROWSER).headers["Location"] == target


def test_links_are_plain_where_the_browser_chose(german: FlaskClient) -> None:
    text = page(german, "/place/boston", "de")

    assert set(re.findall(r'href="([^"]*lang=[^"]*)"', text)) == {
        "/place/boston?lang=en",
        "http://127.0.0.1:8000/place/boston?lang=en",
        "http://127.0.0.1:8000/place/boston?lang=de",
    }


def test_a_mistake_is_told_in_the_language_with_the_detail_in_english(german: FlaskClient) -> None:
    answer = german.get("/place/bostonn", headers={**BROWSER, "Accept-Language": "de"})
    text = answer.get_data(as_text=True)

    assert (answer.status_code, answer.headers["Content-Language"]) == (404, "de")
    assert "<h1>Nicht gefunden <small>404</small></h1>" in text
    assert "Unter dieser Adresse gibt es in dieser Ausgabe nichts." in text
    assert '<p class="muted" lang="en" dir="ltr">There is no place' in text
    told = german.get("/place/bostonn", headers={"Accept": "application/json", "Accept-Language": "de"}).json
    assert told is not None
    assert told["title"] == "Not Found"


# ---------------------------------------------------------------------------------------------- texts


def test_sentences_numbers_and_dates_are_german(german: FlaskClient) -> None:
    boston, agreement = page(german, "/place/boston", "de"), page(german, "/agreement/berlin--istanbul", "de")

    assert "hat in dieser Ausgabe drei Partnerstädte, belegt durch Wikidata (" in boston
    assert "<dd>692.600</dd>" in boston
    assert re.search(r"sind seit dem 17\. November 1989 verschwistert, laut ", agreement)
    assert "<dd>1.73" in agreement
    assert "status presumed-active" in boston
    assert ">vermutlich aktiv</span>" in boston


@pytest.mark.parametrize("path", PATHS)
def test_no_text_of_a_page_is_forgotten(made: FlaskClient, path: str) -> None:
    assert forgotten(page(made, path, TAG)) == []


@pytest.mark.parametrize("path", RELEASED)
def test_no_text_of_a_page_of_a_release_is_forgotten(released: FlaskClient, path: str) -> None:
    known = released.application.extensions["twinld.texts"]
    released.application.extensions["twinld.texts"] = {"en": ENGLISH, TAG: wrapped()}
    try:
        assert forgotten(page(released, path, TAG)) == []
    finally:
        released.application.extensions["twinld.texts"] = known


def forgotten(text: str) -> list[str]:
    """What a reader sees on a page of the made language that no catalogue can translate."""
    assert f'<html lang="{TAG}"' in text
    read = Page(text)
    assert read.texts > 10
    left = {found: NAMES.sub("", DATA.sub("", found.partition(": ")[2])) for found in read.left}
    return [found for found, rest in left.items() if re.search(r"[^\W\d_]{2}", rest)]


def test_a_forgotten_text_is_found() -> None:
    start = f'<html lang="{TAG}"><body>' + "<p>⟦x⟧</p>" * 11

    assert forgotten(f'{start}<p title="⟦a⟧">⟦See <a href="/">all</a>⟧ CSV, Q42 <bdi>Malmö</bdi></p>') == []
    assert forgotten(f"{start}<p>⟦See⟧ all of it</p>") == ["p: all of it"]
    assert forgotten(f'{start}<p title="all of it">⟦See⟧</p>') == ["title of p: all of it"]
    assert forgotten(f'{start}<p lang="en">all of it</p><p>then</p>') == ["p: then"]


def test_a_language_that_is_written_from_right_to_left_turns_the_page(made: FlaskClient) -> None:
    text = page(made, "/place/boston", "ar")

    assert '<html lang="ar" dir="rtl">' in text
    assert '<h1><bdi lang="en" dir="ltr">Boston</bdi></h1>' in text


def test_every_language_has_its_own_name() -> None:
    assert {tag: texts.name for tag, texts in read_texts().items()} == {"en": "English", "de": "Deutsch"}
    assert replace(ENGLISH, language="en").is_rtl is False
