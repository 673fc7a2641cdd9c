"""The page of the ontology, its diagram, and a concept: in the language asked for."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from flask.testing import FlaskClient

from tests.server.conftest import BROWSER
from tests.server.reading import html, words
from twinld import site
from twinld.site.ask import Facts
from twinld.site.diagram import LETTERS, diagram
from twinld.store import Store, open_store
from twinld.vocab import OWL, RDF, RDFS, TW


def test_the_ontology_is_in_the_language_that_is_asked_for(documented: FlaskClient) -> None:
    for path, accepted, language in (
        ("/ontology", "", "en"),
        ("/ontology", "de-AT, en;q=0.5", "de"),
        ("/ontology", "fr", "en"),
        ("/ontology?lang=de", "en", "de"),
        ("/ontology?lang=fr", "de", "de"),
    ):
        answer = documented.get(path, headers={**BROWSER, "Accept-Language": accepted})
        text = answer.get_data(as_text=True)
        assert text.startswith(f'<!doctype html>\n<html lang="{language}"'), (path, accepted)
        assert answer.headers["Content-Language"] == language
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].replace(" ", "").split(","))
    assert documented.get("/ontology.ttl", headers={"Accept-Language": "de"}).headers.get("Content-Language") is None


def test_a_text_in_another_language_is_marked(documented: FlaskClient) -> None:
    section = html(documented, "/ontology?lang=de").split('id="Agreement"', 1)[1].split("</section>", 1)[0]

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


def test_the_diagram_is_laid_out_from_the_ontology(documents_store: Store, documented: FlaskClient) -> None:
    drawing = site.ontology(documents_store).diagram

    assert [(box.name, box.x, box.y, box.height, box.kinds) for box in drawing.boxes] == [
        ("Agreement", 24, 24, 82, ("twinning agreement",)),
        ("Place", 400, 24, 34, ()),
    ]
    assert [(link.name, [target.text for target in link.targets]) for link in drawing.boxes[0].links] == [
        ("party", ["place"])
    ]
    assert drawing.paths == ("M324 88C362 88 362 41 400 41",)
    text = html(documented, "/ontology")
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


def test_a_concept_has_its_labels_and_its_place_in_the_vocabulary(
    documents_store: Store, documented: FlaskClient
) -> None:
    concept = site.concept_info(documents_store, "kind-cooperation")

    assert concept is not None
    assert (concept.name, [below.name for below in concept.narrower], concept.broader) == (
        "kind-cooperation",
        ["kind-trade"],
        (),
    )
    assert "narrower trade" in words(documented, "/vocab/kind-cooperation")
    assert "broader cooperation" in words(documented, "/vocab/kind-trade")
    assert '<dt>de</dt><dd><span lang="de" dir="ltr">Städtepartnerschaft</span></dd>' in html(
        documented, "/vocab/kind-twinning"
    )
    assert site.concept_info(documents_store, "kind") is None
    assert documented.get("/vocab/colour", headers=BROWSER).status_code == 404
