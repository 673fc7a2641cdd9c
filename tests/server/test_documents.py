"""Passages of documents and web pages: the list, its filters, and its data."""

from __future__ import annotations

import re

import pytest
import rdflib
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER
from tests.server.reading import html, turtle
from twinld import site
from twinld.errors import NotFound
from twinld.site import documents
from twinld.site.place import sentence
from twinld.site.things import Named
from twinld.store import Store
from twinld.vocab import BASE, ID


def test_a_passage_has_words_place_verdict_reason_and_what_it_names(documents_store: Store) -> None:
    page = site.claims(documents_store)

    first = page.passages[0]
    assert (first.key, first.words.text if first.words else "", first.offset) == (
        "essay/p-1",
        "Boston and <Kyoto> since 1958",
        12,
    )
    assert (first.verdict, [note.text for note in first.notes]) == ("disputed", ["The page names another year."])
    assert [str(thing) for thing in first.about] == ["Boston – Kyoto", "Kyoto"]
    assert [(str(said.subject), str(said.predicate), said.value.text, str(said.target)) for said in first.claims] == [
        ("Boston – Kyoto", "start", "1958", "None"),
        ("Boston – Kyoto", "tw:kind", f"{BASE}vocab/kind-twinning", "twinning"),
    ]
    assert [(other.words.text if other.words else "", other.source.title) for other in first.contradicts] == [
        ("京都市 1959年", "A page")
    ]
    assert [passage.key for passage in page.passages] == ["essay/p-1", "essay/p-2", "page/q-1"]


def test_things_of_one_name_are_told_apart(documents_store: Store) -> None:
    assert [str(thing) for thing in site.claims(documents_store).passages[1].about] == [
        "Kyoto (kyoto)",
        "Kyoto (kyoto-2)",
        "Trade agreement of two chambers (agreement)",
        "Trade agreement of two chambers (network)",
    ]


def test_a_disputed_statement_is_not_called_refuted() -> None:
    said = sentence(Named("", "Malmö"), None, (), (), ["disputed", "refuted", "refuted"])

    assert str(said) == (
        "Malmö has no twin cities in this release; two statements were refuted; one statement was disputed."
    )


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["essay/p-1", "essay/p-2", "page/q-1"]),
        ("?source=page", ["page/q-1"]),
        ("?verdict=accepted", ["essay/p-2", "page/q-1"]),
        ("?source=essay&verdict=disputed", ["essay/p-1"]),
        ("?source=page&verdict=disputed", []),
    ],
)
def test_passages_are_narrowed_on_the_page_and_as_data(documented: FlaskClient, query: str, keys: list[str]) -> None:
    shown = re.findall(r'<p class="where"><a href="/record/([^"]+)">', html(documented, f"/claims{query}"))
    quotes = turtle(documented, f"/claims{query}").subjects(rdflib.URIRef(f"{BASE}ns#quote"))

    assert shown == keys
    assert sorted(str(subject) for subject in quotes) == [f"{ID}record/{key}" for key in keys]


def test_the_form_offers_each_source_and_verdict_with_its_number(documented: FlaskClient) -> None:
    options = re.findall(
        r'<option value="([^"]*)"( selected)?>([^<]*)</option>', html(documented, "/claims?verdict=disputed")
    )

    assert options == [
        ("", "", "all"),
        ("essay", "", "An essay, on twins (1)"),
        ("page", "", "A page (0)"),
        ("", "", "all"),
        ("accepted", "", "accepted (2)"),
        ("disputed", " selected", "disputed (1)"),
    ]


def test_the_data_of_what_is_chosen_is_linked(documented: FlaskClient) -> None:
    links = documented.get("/claims?verdict=disputed&page=1", headers=BROWSER).headers["Link"]

    assert '</claims.ttl?verdict=disputed>; rel="alternate"; type="text/turtle"' in links


def test_a_long_list_has_pages(
    documents_store: Store, documented: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "PAGE", 2)

    second = site.claims(documents_store, page=2)
    assert ([passage.key for passage in second.passages], second.total, second.pages) == (["page/q-1"], 3, 2)
    text = html(documented, "/claims?page=2")
    assert '<a rel="prev" href="/claims?page=1">' in text
    assert 'rel="next"' not in text
    with pytest.raises(NotFound, match="no page 3 of these passages; the last one is 2"):
        site.claims(documents_store, page=3)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?source=esay", "no document or page 'esay' is quoted here; did you mean essay?"),
        ("?verdict=wrong", "no passage has the verdict 'wrong'; verdicts: accepted, disputed"),
        ("?page=0", "'0' is no number of a page; write a number such as 2"),
    ],
)
def test_what_cannot_be_chosen_is_not_found(documented: FlaskClient, query: str, detail: str) -> None:
    accept = "text/html;q=0.5, application/problem+json" if "page" in query else "text/turtle"
    answer = documented.get(f"/claims{query}", headers={"Accept": accept})

    assert (answer.status_code, answer.json["detail"]) == (404, detail)  # type: ignore[index]


@pytest.mark.parametrize(("path", "said"), [("/claims.tll", "passages are"), ("/ontology.tll", "the ontology is")])
def test_an_unknown_suffix_is_answered_with_the_nearest(documented: FlaskClient, path: str, said: str) -> None:
    answer = documented.get(path, headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert answer.get_json()["detail"].startswith(f"{said} not offered as .tll; did you mean ttl")


def test_words_are_text_and_never_markup(documented: FlaskClient) -> None:
    text = html(documented, "/claims")

    assert "<p>Boston and &lt;Kyoto&gt; since 1958</p>" in text
    assert '<blockquote lang="ja" dir="ltr"><p>京都市 1959年</p></blockquote>' in text


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "rdf", "nt", "trig", "nq"])
def test_passages_are_the_same_graph_in_every_format(documented: FlaskClient, extension: str) -> None:
    answer = documented.get(f"/claims.{extension}")
    formats = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt", "trig": "trig", "nq": "nquads"}
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=answer.data, format=formats[extension])

    assert set(graph.triples((None, None, None))) == set(turtle(documented, "/claims"))
