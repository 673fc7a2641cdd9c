"""The service description lists the example queries, so that query editors can offer them."""

from __future__ import annotations

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, Literal, URIRef

from twinld.queries import query
from twinld.site.executables import executables, questions_for_people
from twinld.vocab import PREFIXES, rebase

ENDPOINT = "http://data.example/sparql"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = rdflib.Namespace("https://schema.org/")


def described(base: str) -> rdflib.Graph:
    text = "".join(f"{s} {p} {o} .\n" for s, p, o, _ in executables(ENDPOINT, base=base))
    return rdflib.Graph().parse(data=text, format="nt")


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return described("https://w3id.org/twinld/")


def test_every_question_for_people_is_an_executable(graph: rdflib.Graph) -> None:
    found = {str(one).removeprefix(f"{ENDPOINT}#") for one in graph.subjects(RDF.type, SH.SPARQLExecutable)}

    assert found == set(questions_for_people())
    assert {"cq01", "cq47", "best_connected"} <= found
    assert not any(name.startswith("page_") for name in found)


def test_an_executable_has_its_question_text_target_keywords_and_audience(graph: rdflib.Graph) -> None:
    one, ask = URIRef(f"{ENDPOINT}#cq01"), URIRef(f"{ENDPOINT}#cq09")

    assert graph.value(one, RDFS.comment) == Literal("Which places are twinned with Boston, and since when?", lang="en")
    assert str(graph.value(one, SH.select)) == query("cq01")
    assert graph.value(one, SCHEMA.target) == URIRef(ENDPOINT)
    assert {str(word) for word in graph.objects(one, SCHEMA.keywords)} == {"twins", "start", "one place"}
    assert [str(who) for who in graph.objects(one, SCHEMA.audience / SCHEMA.audienceType)] == ["researchers"]
    assert (ask, RDF.type, SH.SPARQLAskExecutable) in graph
    assert str(graph.value(ask, SH.ask)) == query("cq09")


def test_the_prefixes_of_all_queries_are_declared_with_the_base_in_use() -> None:
    graph = described("http://data.example/")
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    declared = {
        str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
        for node in graph.objects(ontology, SH.declare)
    }

    assert declared == {prefix: rebase(iri, "http://data.example/") for prefix, iri in PREFIXES.items()}
    assert "https://w3id.org/twinld/" not in graph.serialize(format="nt")
