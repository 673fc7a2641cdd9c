import re

import pytest
import rdflib.namespace as given

from twinld import vocab

OURS = {
    *("tw", "twv", "graph"),
    *("place", "agreement", "pair", "network", "organisation", "person", "event", "instrument", "source", "record"),
}
FROM_RDFLIB = [
    ("rdf", given.RDF),
    ("rdfs", given.RDFS),
    ("owl", given.OWL),
    ("xsd", given.XSD),
    ("skos", given.SKOS),
    ("dcterms", given.DCTERMS),
    ("prov", given.PROV),
    ("org", given.ORG),
    ("qb", given.QB),
    ("geo", given.GEO),
    ("schema", given.SDO),
    ("void", given.VOID),
    ("vann", given.VANN),
]


@pytest.mark.parametrize(("prefix", "namespace"), FROM_RDFLIB, ids=[row[0] for row in FROM_RDFLIB])
def test_a_foreign_prefix_is_the_one_rdflib_knows(prefix, namespace):
    assert vocab.PREFIXES[prefix] == str(namespace)


def test_shacl_is_the_namespace_rdflib_knows():
    assert str(given.SH) == vocab.SH


def test_every_prefix_stands_for_another_namespace():
    assert len(set(vocab.PREFIXES.values())) == len(vocab.PREFIXES)


def test_every_namespace_is_an_iri_that_a_name_can_follow():
    wrong = [iri for iri in vocab.PREFIXES.values() if not re.fullmatch(r"https?://[^\s<>\"]+[/#]", iri)]

    assert wrong == []


def test_the_prefixes_of_our_base_are_exactly_ours():
    assert {prefix for prefix, iri in vocab.PREFIXES.items() if iri.startswith(vocab.BASE)} == OURS


GRAPHS = [
    (vocab.source_graph("wd50k"), "https://w3id.org/twinld/graph/source/wd50k"),
    (vocab.facts_graph("wd50k"), "https://w3id.org/twinld/graph/facts/wd50k"),
    (vocab.inferred_graph("wd50k"), "https://w3id.org/twinld/graph/inferred/wd50k"),
    (vocab.CURATED, "https://w3id.org/twinld/graph/curated"),
    (vocab.INFERRED, "https://w3id.org/twinld/graph/inferred"),
    (vocab.REVIEW, "https://w3id.org/twinld/graph/review"),
]


@pytest.mark.parametrize(("actual", "expected"), GRAPHS, ids=[row[1].split("graph/")[1] for row in GRAPHS])
def test_a_graph_has_its_iri(actual, expected):
    assert actual == expected


def test_no_graph_under_another_licence_is_in_the_default_graph():
    assert vocab.DEFAULT_GRAPHS == (
        vocab.CURATED,
        vocab.WIKIDATA,
        vocab.INFERRED,
        vocab.STATISTICS,
        vocab.ONTOLOGY,
    )


REBASED = [
    ("<https://w3id.org/twinld/id/place/boston>", "<http://localhost/id/place/boston>"),
    ("PREFIX tw: <https://w3id.org/twinld/ns#>", "PREFIX tw: <http://localhost/ns#>"),
    ("<http://www.wikidata.org/entity/Q64>", "<http://www.wikidata.org/entity/Q64>"),
    ("<https://w3id.org/other/id>", "<https://w3id.org/other/id>"),
]


@pytest.mark.parametrize(("text", "expected"), REBASED)
def test_another_base_replaces_ours_and_nothing_else(text, expected):
    assert vocab.rebase(text, "http://localhost/") == expected
    assert vocab.rebase(text, vocab.BASE) == text
