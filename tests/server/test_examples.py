"""The service description lists the example queries with what they are about, so that editors can offer them."""

from __future__ import annotations

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, Literal, URIRef

from twinld.queries import competency_questions, query

ENDPOINT = "http://127.0.0.1:8000/sparql"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = rdflib.Namespace("https://schema.org/")


@pytest.fixture
def graph(client: FlaskClient) -> rdflib.Graph:
    answer = client.get("/sparql", headers={"Accept": "application/n-triples"})
    return rdflib.Graph().parse(data=answer.data, format="nt")


def test_every_competency_question_is_an_executable(graph: rdflib.Graph) -> None:
    found = {str(one).removeprefix(f"{ENDPOINT}#example-") for one in graph.subjects(RDF.type, SH.SPARQLExecutable)}

    assert {*competency_questions(), "best_connected"} <= found
    assert not any(name.startswith("page_") for name in found)


def test_a_competency_question_has_its_text_prefixes_keywords_and_audience(graph: rdflib.Graph) -> None:
    one, ask = URIRef(f"{ENDPOINT}#example-cq01"), URIRef(f"{ENDPOINT}#example-cq09")

    assert graph.value(one, RDFS.comment) == Literal("Which places are twinned with Boston, and since when?", lang="en")
    assert str(graph.value(one, SH.select)) == query("cq01")
    assert str(graph.value(ask, SH.ask)) == query("cq09")
    assert graph.value(one, SH.prefixes / SH.declare) is not None
    assert {str(word) for word in graph.objects(one, SCHEMA.keywords)} == {"twins", "start", "one place"}
    assert [str(who) for who in graph.objects(one, SCHEMA.audience / SCHEMA.audienceType)] == ["researchers"]
