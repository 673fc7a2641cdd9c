"""Passages of documents and web pages: the list, its filters, and the pages of what they name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from tests.server.conftest import BROWSER, Client
from twinld import site
from twinld.errors import NotFound
from twinld.settings import Settings
from twinld.site import documents
from twinld.site.ask import Facts
from twinld.site.claims import Claim, claims_of
from twinld.site.diagram import LETTERS, diagram
from twinld.site.place import sentence
from twinld.site.things import About, Named
from twinld.store import Store, open_store
from twinld.terms import Term
from twinld.vocab import BASE, ID, OWL, RDF, RDFS, TW

DOCUMENTS = Path(__file__).resolve().parents[1] / "data" / "documents.trig"
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


@pytest.fixture(scope="module")
def documents_store() -> Iterator[Store]:
    opened = open_store(DOCUMENTS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def web(documents_store: Store) -> Iterator[FlaskClient]:
    app = create_app(Settings(workers=1), documents_store)
    app.test_client_class = Client
    yield app.test_client()
    close_app(app)


def html(web: FlaskClient, path: str) -> str:
    answer = web.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
    return answer.get_data(as_text=True)


def words(web: FlaskClient, path: str) -> str:
    """The words of a page: no markup, single spaces."""
    main = html(web, path).partition("<main")[2]
    return re.sub(r" ([.,;)])", r"\1", re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))))


def turtle(web: FlaskClient, path: str) -> rdflib.Graph:
    answer = web.get(path, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle"), path
    return rdflib.Graph().parse(data=answer.data, format="turtle")


# ------------------------------------------------------------------------------------------------- passages


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
def test_passages_are_narrowed_on_the_page_and_as_data(web: FlaskClient, query: str, keys: list[str]) -> None:
    shown = re.findall(r'<p class="where"><a href="/record/([^"]+)">', html(web, f"/claims{query}"))
    quotes = turtle(web, f"/claims{query}").subjects(rdflib.URIRef(f"{BASE}ns#quote"))

    assert shown == keys
    assert sorted(str(subject) for subject in quotes) == [f"{ID}record/{key}" for key in keys]


def test_the_form_offers_each_source_and_verdict_with_its_number(web: FlaskClient) -> None:
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', html(web, "/claims?verdict=disputed"))

    assert options == [
        ("", "", "all"),
        ("essay", "", "An essay, on twins (1)"),
        ("page", "", "A page (0)"),
        ("", "", "all"),
        ("accepted", "", "accepted (2)"),
        ("disputed", " selected", "disputed (1)"),
    ]


def test_the_data_of_what_is_chosen_is_linked(web: FlaskClient) -> None:
    links = web.get("/claims?verdict=disputed&page=1", headers=BROWSER).headers["Link"]

    assert '</claims.ttl?verdict=disputed>; rel="alternate"; type="text/turtle"' in links


def test_a_long_list_has_pages(documents_store: Store, web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PAGE", 2)

    second = site.claims(documents_store, page=2)
    assert ([passage.key for passage in second.passages], second.total, second.pages) == (["page/q-1"], 3, 2)
    text = html(web, "/claims?page=2")
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
def test_what_cannot_be_chosen_is_not_found(web: FlaskClient, query: str, detail: str) -> None:
    accept = "text/html;q=0.5, application/problem+json" if "page" in query else "text/turtle"
    answer = web.get(f"/claims{query}", headers={"Accept": accept})

    assert (answer.status_code, answer.json["detail"]) == (404, detail)  # type: ignore[index]


@pytest.mark.parametrize(("path", "said"), [("/claims.tll", "passages are"), ("/ontology.tll", "the ontology is")])
def test_an_unknown_suffix_is_answered_with_the_nearest(web: FlaskClient, path: str, said: str) -> None:
    answer = web.get(path, headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert answer.get_json()["detail"].startswith(f"{said} not offered as .tll; did you mean ttl")


def test_words_are_text_and_never_markup(web: FlaskClient) -> None:
    text = html(web, "/claims")

    assert "<p>Boston and &lt;Kyoto&gt; since 1958</p>" in text
    assert '<blockquote lang="ja" dir="ltr"><p>京都市 1959年</p></blockquote>' in text


# ------------------------------------------------------------------------------------- what passages concern


def test_a_source_says_what_came_from_it(documents_store: Store, web: FlaskClient) -> None:
    page = site.source_page(documents_store, "essay")

    assert (page.records, page.claims, page.agreeing) == (2, 2, 1), "the kind is claimed by the page too"
    assert [(choice.word, choice.number) for choice in page.verdicts] == [("accepted", 1), ("disputed", 1)]
    text = words(web, "/source/essay")
    assert "Rights in it copyright undetermined Records 2 Values stated 2 1 of them also by another source" in text
    assert "SHA-256 of the document 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" in text
    assert "Short passages are quoted." in text


def test_a_record_says_what_it_was_resolved_to(web: FlaskClient) -> None:
    text = words(web, "/record/page/q-1")

    assert "京都市 1959年 page/q-1 · A page · https://example.org/page · read on 30 November 2022 · accepted" in text
    assert "Contradicts Boston and <Kyoto> since 1958 (An essay, on twins)" in text
    assert "Resolved to Boston – Kyoto." in text
    assert '<a href="https://example.org/page">https://example.org/page</a>' in html(web, "/record/page/q-1")
    assert re.findall(r'id="(kind|start)"', html(web, "/record/page/q-1")) == ["kind", "start"]


def test_an_agreement_shows_the_words_of_its_records_and_what_differs(web: FlaskClient) -> None:
    text = words(web, "/agreement/boston--kyoto")

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


def test_an_agreement_of_organisations_names_them(web: FlaskClient) -> None:
    text = words(web, "/agreement/trade")

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


def test_a_place_that_is_no_party_has_a_page(web: FlaskClient) -> None:
    assert web.get("/id/place/amur").headers["Location"] == "/place/amur"
    assert "Amur is a tw:Borderland" in words(web, "/place/amur")
    assert web.get("/place/atlantis", headers=BROWSER).status_code == 404


@pytest.mark.parametrize("thing", ["network/circle", "organisation/chamber-a", "person/ann", "event/visit"])
def test_ids_of_all_types_lead_to_a_page_and_to_data(web: FlaskClient, thing: str) -> None:
    answer = web.get(f"/id/{thing}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/{thing}")
    assert f"{BASE}id/{thing}" in html(web, f"/{thing}")
    assert rdflib.URIRef(f"{ID}{thing}") in set(turtle(web, f"/{thing}").subjects())


def test_the_page_of_a_network_has_its_members(web: FlaskClient) -> None:
    text = html(web, "/network/circle")

    assert '<h3 id="boston">#boston</h3>' in text
    assert '<a href="/place/boston"><bdi lang="en" dir="ltr">Boston</bdi></a>' in text


# ---------------------------------------------------------------------------------- ontology and vocabularies


def test_the_ontology_is_in_the_language_that_is_asked_for(web: FlaskClient) -> None:
    for path, accepted, language in (
        ("/ontology", "", "en"),
        ("/ontology", "de-AT, en;q=0.5", "de"),
        ("/ontology", "fr", "en"),
        ("/ontology?lang=de", "en", "de"),
        ("/ontology?lang=fr", "de", "de"),
    ):
        answer = web.get(path, headers={**BROWSER, "Accept-Language": accepted})
        text = answer.get_data(as_text=True)
        assert text.startswith(f'<!doctype html>\n<html lang="{language}"'), (path, accepted)
        assert answer.headers["Content-Language"] == language
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].replace(" ", "").split(","))
    assert web.get("/ontology.ttl", headers={"Accept-Language": "de"}).headers.get("Content-Language") is None


def test_a_text_in_another_language_is_marked(web: FlaskClient) -> None:
    section = html(web, "/ontology?lang=de").split('id="Agreement"', 1)[1].split("</section>", 1)[0]

    assert '<span lang="de" dir="ltr">Abkommen</span>' in section
    assert '<p><span lang="en" dir="ltr">A relation.</span></p>' in section
    assert "<dt>hat</dt>" in section


def test_a_term_tells_its_use_and_who_refers_to_it(documents_store: Store) -> None:
    terms = {term.name: term for _, group in site.ontology(documents_store).groups for term in group}

    assert dict(terms["Agreement"].relations) == {"subclasses": ("tw:TwinningAgreement",), "has": ("tw:party",)}
    assert {name: term.used for name, term in terms.items()} == {
        "Agreement": 2,
        "Place": 3,
        "TwinningAgreement": 0,
        "party": 4,
        "start": 1,
    }


def test_the_diagram_is_laid_out_from_the_ontology(documents_store: Store, web: FlaskClient) -> None:
    drawing = site.ontology(documents_store).diagram

    assert [(box.name, box.x, box.y, box.height, box.kinds) for box in drawing.boxes] == [
        ("Agreement", 24, 24, 82, ("twinning agreement",)),
        ("Place", 400, 24, 34, ()),
    ]
    assert [(link.name, [target.text for target in link.targets]) for link in drawing.boxes[0].links] == [
        ("party", ["place"])
    ]
    assert drawing.paths == ("M324 88C362 88 362 41 400 41",)
    text = html(web, "/ontology")
    assert 'role="img" aria-labelledby="diagram-title" aria-describedby="diagram-text"' in text
    described = text.split('<details id="diagram-text">', 1)[1].split("</details>", 1)[0]
    assert "agreement (twinning agreement): party → place" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", described))


def test_every_class_and_link_of_the_real_ontology_is_drawn_within_its_box(root: Path) -> None:
    store = open_store(root / "ontology" / "twinld.ttl")
    facts = Facts((row["s"], row["p"], row["o"], None) for row in store.select("SELECT * { ?s ?p ?o }"))
    store.close()
    drawing = diagram(facts)

    classes = {iri for iri in facts.pointing(f"{RDF}type", f"{OWL}Class") if iri.startswith(TW)}
    drawn = {box.label.text for box in drawing.boxes}
    drawn |= {name for box in drawing.boxes for name in re.split(", ?", " ".join(box.kinds)) if name}
    assert len(classes) > 40
    assert drawn == {english(facts, iri) for iri in classes}
    for box in drawing.boxes:
        assert 0 < box.x < box.x + 300 < drawing.width
        assert 0 < box.y < box.y + box.height < drawing.height
        assert all(box.y < link.y + 20 * len(link.below) < box.y + box.height for link in box.links)
        assert all(len(line) <= LETTERS for link in box.links for line in (*box.kinds, *link.below))
    corners = sorted((box.x, box.y, box.y + box.height) for box in drawing.boxes)
    assert all(bottom <= y or x != other for (x, _, bottom), (other, y, _) in itertools.pairwise(corners))


def english(facts: Facts, iri: str) -> str:
    return next(term.value for term in facts.all(iri, f"{RDFS}label") if term.language == "en")


def test_a_concept_has_its_labels_and_its_place_in_the_vocabulary(documents_store: Store, web: FlaskClient) -> None:
    concept = site.concept_info(documents_store, "kind-cooperation")

    assert concept is not None
    assert (concept.name, [below.name for below in concept.narrower], concept.broader) == (
        "kind-cooperation",
        ["kind-trade"],
        (),
    )
    assert "narrower trade" in words(web, "/vocab/kind-cooperation")
    assert "broader cooperation" in words(web, "/vocab/kind-trade")
    assert '<dt>de</dt><dd><span lang="de" dir="ltr">Städtepartnerschaft</span></dd>' in html(
        web, "/vocab/kind-twinning"
    )
    assert site.concept_info(documents_store, "kind") is None
    assert web.get("/vocab/colour", headers=BROWSER).status_code == 404


# ----------------------------------------------------------------------------------------------- every page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole(web: FlaskClient, path: str) -> None:
    text = html(web, path)

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
        if web.get(target, headers=BROWSER, follow_redirects=True).status_code != 200
    ] == []
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "rdf", "nt", "trig", "nq"])
def test_passages_are_the_same_graph_in_every_format(web: FlaskClient, extension: str) -> None:
    answer = web.get(f"/claims.{extension}")
    formats = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt", "trig": "trig", "nq": "nquads"}
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=answer.data, format=formats[extension])

    assert set(graph.triples((None, None, None))) == set(turtle(web, "/claims"))


def test_what_is_known_of_a_person_stands_before_what_each_graph_says(web: FlaskClient) -> None:
    text = html(web, "/person/ann")
    known = text[text.index('id="core"') : text.index('id="all"')]

    assert '<h3 id="mayor">Mayor</h3>' in known
    assert 'href="/place/boston"' in known
    assert 'href="/person/ann"' not in known, "a part does not lead back to its whole"
    assert text.count('id="mayor"') == 1
    assert "<summary>What each graph says, with its licence</summary>" in text
