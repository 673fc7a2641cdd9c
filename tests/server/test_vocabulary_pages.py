"""The pages of vocabularies and concepts: hierarchy, definitions, and labels in the language asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, browsing
from twinld import site
from twinld.pipeline.graphs import ontology_triples
from twinld.site.things import Label
from twinld.store import Store, open_store
from twinld.vocab import BASE, ONTOLOGY, TWV, rebase

FOLDER = Path(__file__).parents[2] / "ontology"
OTHER_BASE = "http://localhost:8000/"


def written(path: Path, base: str = BASE) -> Path:
    """Graph ontology as N-Quads."""
    quads = "".join(f"{s} {p} {o} <{ONTOLOGY}> .\n" for s, p, o in ontology_triples(FOLDER))
    path.write_text(rebase(quads, base), "utf-8")
    return path


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(written(tmp_path_factory.mktemp("ontology") / "ontology.nq"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def web(vocabularies: Store) -> Iterator[FlaskClient]:
    with browsing(vocabularies, workers=1) as client:
        yield client


def tree(store: Store, scheme: str) -> list[str]:
    """The concepts as the page has them: indented, by the end of their IRIs."""
    page = site.vocabulary(store, TWV + scheme)
    assert page is not None
    return ["  " * entry.depth + entry.term.name.removeprefix(f"{scheme}-") for entry in page.entries]


def main_of(web: FlaskClient, path: str) -> str:
    answer = web.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
    return unescape(re.sub(r"\s+", " ", answer.get_data(as_text=True).partition("<main")[2]))


def test_a_concept_comes_before_those_below_it(vocabularies: Store) -> None:
    assert tree(vocabularies, "office") == [
        "acting-mayor",
        "deputy-governor",
        "governor",
        "highest-elected-representative",
        "mayor",
        "  executive-mayor",
        "  lord-mayor",
        "party-secretary",
        "representative",
    ]


def test_levels_are_in_the_order_of_their_rank(vocabularies: Store) -> None:
    assert tree(vocabularies, "level") == [
        "country",
        *("oblast", "prefecture", "province", "region", "state"),
        "county",
        *("city", "municipality", "town"),
        "district",
    ]


def test_every_scheme_has_a_page_with_all_its_concepts(vocabularies: Store, web: FlaskClient) -> None:
    schemes = sorted(path.stem for path in (FOLDER / "vocab").glob("*.ttl"))
    assert len(schemes) == 21

    for scheme in schemes:
        turtle = (FOLDER / "vocab" / f"{scheme}.ttl").read_text("utf-8")
        concepts = re.findall(r"^twv:(\S+) a skos:Concept ;", turtle, re.MULTILINE)
        text = main_of(web, f"/vocab/{scheme}")
        assert sorted(concepts) == sorted(re.findall(r'<section class="term" id="([^"]+)"', text))


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/vocab/theme", '<span lang="en" dir="ltr">theme</span>'),
        ("/vocab/theme?lang=ja", '<span lang="ja" dir="ltr">テーマ</span>'),
        ("/vocab/theme?lang=sv", '<span lang="en" dir="ltr">theme</span>'),
        ("/vocab/theme-music?lang=de", '<span lang="de" dir="ltr">Musik</span>'),
        ("/vocab/theme-music?lang=ru", '<span lang="ru" dir="ltr">музыка</span>'),
        ("/vocab/theme-music?lang=sv", '<span lang="en" dir="ltr">music</span>'),
        ("/vocab/term-jamae-dosi?lang=ko", '<span lang="ko" dir="ltr">자매도시</span>'),
        ("/vocab/term-jamae-dosi?lang=fr", '<span lang="fr" dir="ltr">jamae dosi (coréen)</span>'),
        ("/vocab/labels-fr", '<span lang="en" dir="ltr">Labels of the vocabularies in French</span>'),
    ],
)
def test_a_page_has_the_label_in_the_language_asked_for_else_in_english(
    web: FlaskClient, path: str, heading: str
) -> None:
    assert f"<h1>{heading}</h1>" in main_of(web, path)


def test_a_definition_that_is_not_in_the_language_is_marked_as_english(web: FlaskClient) -> None:
    french, german = main_of(web, "/vocab/theme?lang=fr"), main_of(web, "/vocab/theme?lang=de")

    assert '<span lang="fr" dir="ltr">musique</span>' in french
    assert '<span lang="en" dir="ltr">Choirs, orchestras, bands and what they play.</span>' in french
    assert '<span lang="de" dir="ltr">Chöre, Orchester, Kapellen und was sie spielen.</span>' in german


@pytest.mark.parametrize(("tag", "says"), [("fr", True), ("zh", True), ("en", False), ("de", False), ("sv", False)])
def test_a_page_says_that_its_labels_are_unreviewed(web: FlaskClient, tag: str, says: bool) -> None:
    note = f"Nobody has reviewed the labels in the language <code>{tag}</code> yet."

    assert (note in main_of(web, f"/vocab/bound?lang={tag}")) is says


def test_a_local_term_shows_its_other_forms_and_the_kind_that_it_stands_for(web: FlaskClient) -> None:
    section = main_of(web, "/vocab/term").split('id="term-shimai-toshi"')[1].split("</section>")[0]

    assert '<dd><a href="/vocab/kind-twinning"><bdi lang="en" dir="ltr">twinning</bdi></a></dd>' in section
    assert '<span lang="ja-latn" dir="ltr">shimai toshi</span>' in section
    assert '<dt>ja</dt><dd><span lang="ja" dir="ltr">姉妹都市</span></dd>' in section


def test_the_page_of_the_ontology_names_the_concepts(web: FlaskClient) -> None:
    text = main_of(web, "/ontology?lang=de")

    assert '<a href="/vocab/theme?lang=de"><span lang="de" dir="ltr">Thema</span></a>' in text
    assert '<a href="/vocab/theme-music?lang=de"><bdi lang="de" dir="ltr">Musik</bdi></a>' in text


def test_what_is_no_vocabulary_has_none(vocabularies: Store, web: FlaskClient) -> None:
    assert site.vocabulary(vocabularies, TWV + "theme-music") is None
    assert site.vocabulary(vocabularies, TWV + "labels-fr") is None
    assert web.get("/vocab/them", headers=BROWSER).status_code == 404


def test_the_data_of_a_vocabulary_has_its_labels_in_all_languages(web: FlaskClient) -> None:
    turtle = web.get("/vocab/bound.ttl").get_data(as_text=True)

    for label in ('"exact"@en', '"genau"@de', '"exacto"@es', '"正確"@ja', '"точно"@ru', '"精确"@zh'):
        assert label in turtle
    assert "unreviewed" not in turtle


def test_a_store_with_another_base_has_the_same_pages(tmp_path: Path) -> None:
    opened = open_store(written(tmp_path / "ontology.nq", OTHER_BASE))

    page = site.vocabulary(opened, TWV + "office", language="fr", base=OTHER_BASE)
    assert page is not None
    assert (page.label, page.unreviewed) == (Label("fonction", "fr"), True)
    assert [entry.depth for entry in page.entries] == [0, 0, 0, 0, 0, 1, 1, 0, 0]
    opened.close()
