"""The page of the rules: each at its anchor, with its source and its examples; in Turtle the shapes themselves."""

from __future__ import annotations

import re
from html import unescape

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import SH

from tests.server.conftest import BROWSER
from tests.shapes.test_shapes import EXAMPLES
from twinld.site import shapes
from twinld.validate import load_rules
from twinld.vocab import BASE

RULES = load_rules().by_id


@pytest.fixture
def text(client: FlaskClient) -> str:
    return client.get("/shapes", headers=BROWSER).get_data(as_text=True)


def test_every_rule_stands_at_its_anchor_with_severity_and_advice(text: str) -> None:
    sections = dict(re.findall(r'<section class="term" id="([A-Z]\d\d[a-z]?)">(.*?)</section>', text, re.DOTALL))

    assert set(sections) == set(RULES)
    for id_, section in sections.items():
        advice = RULES[id_].message.removeprefix(f"{id_}: ")
        assert f"<strong>{RULES[id_].severity}.</strong> {advice[0].upper()}{advice[1:]}</p>" in unescape(section), id_


def test_every_example_is_shown_with_its_reason(text: str) -> None:
    page = shapes.shapes_page()
    parts = {part.rule.id: part for _, group in page.groups for part in group}

    assert page.examples == len(EXAMPLES)
    assert sum(number for _, number in page.counts) == len(RULES)
    for path in EXAMPLES:
        _, why, rest = path.read_text("utf-8").split("\n", 2)
        part = parts[path.parent.name]
        found = part.bad if path.name.startswith("invalid-") else part.good
        (example,) = (item for item in found if item.why == why.removeprefix("# ") and item.text in rest)
        assert unescape(text).count(example.text) >= 1, path


def test_every_rule_shows_how_it_is_written() -> None:
    for _, group in shapes.shapes_page().groups:
        for part in group:
            start = "# " if part.rule.query else f"tws:{part.rule.id} a "
            assert start in part.code, part.rule.id
            assert part.rule.query or part.code.endswith(" ."), part.rule.id


def test_the_shapes_are_offered_in_turtle(client: FlaskClient) -> None:
    answer = client.get("/shapes", headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.data, format="turtle")

    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    assert client.get("/shapes.ttl").data == answer.data
    assert {str(node) for node in graph.subjects(SH.severity)} == {f"{BASE}shapes#{id_}" for id_ in RULES}


def test_tws_query_leads_to_the_query(client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/shapes.ttl").data, format="turtle")
    queries = [str(query) for query in graph.objects(None, rdflib.URIRef(f"{BASE}shapes#query"))]

    assert len(queries) == sum(rule.query is not None for rule in RULES.values())
    for query in queries:
        answer = client.get("/" + query.removeprefix(BASE))
        assert (answer.status_code, answer.mimetype) == (200, "application/sparql-query")
        assert answer.get_data(as_text=True) == RULES[query.rpartition("/")[2].removesuffix(".rq")].query


def test_an_unknown_query_is_not_found(client: FlaskClient) -> None:
    assert client.get("/shapes/cross-record/A01.rq").status_code == 404


def test_shapes_of_another_base_name_it() -> None:
    base = "http://localhost:8000/"

    assert BASE not in shapes.shapes_turtle(base)
    for _, group in shapes.shapes_page(base).groups:
        for part in group:
            assert BASE not in "".join([part.code, *(item.text for item in (*part.good, *part.bad))]), part.rule.id
