"""The alignments: loaded on demand, true to both sides, and harmless to what is inferred."""

import re
from pathlib import Path

import pytest
import rdflib.namespace as given
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from rdflib import ORG, OWL, PROV, QB, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from twinld import vocab

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "ontology" / "align"
DECLARATIONS = FOLDER / "foreign-declarations.ttl"
FILES = sorted({*FOLDER.glob("*.ttl")} - {DECLARATIONS})
CORE = [ROOT / "ontology" / "twinld.ttl", ROOT / "ontology" / "axioms.ttl", DECLARATIONS]
SAMPLE = Path(__file__).parent / "sample.ttl"

TW = Namespace(vocab.TW)
TWV = Namespace(vocab.TWV)

VOCABULARIES = {
    "cube": ("http://purl.org/linked-data/cube#",),
    "dbpedia": ("http://dbpedia.org/ontology/",),
    "dcat": ("http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"),
    "geonames": ("http://www.geonames.org/ontology#",),
    "geosparql": ("http://www.opengis.net/ont/geosparql#", "http://www.opengis.net/def/function/geosparql/"),
    "locn": ("http://purl.org/dc/terms/", "http://data.europa.eu/m8g/", "http://www.w3.org/ns/locn#"),
    "org": ("http://www.w3.org/ns/org#",),
    "prov": ("http://www.w3.org/ns/prov#",),
    "schema": ("https://schema.org/",),
    "skos": ("http://www.w3.org/2004/02/skos/core#",),
    "time": ("http://www.w3.org/2006/time#",),
    "wikidata": ("http://www.wikidata.org/prop/direct/P", "http://www.wikidata.org/entity/Q"),
}
"""What each file leads to."""

KNOWN = (given.DCAT, given.DCTERMS, given.GEO, given.ORG, given.PROV, given.QB, given.SDO, given.SKOS, given.TIME)
"""Vocabularies of which rdflib has all terms."""
NEWER = {URIRef(vocab.SCHEMA + "observationAbout")}
"""Terms that are younger than rdflib's lists."""

NOTES = {SKOS.closeMatch, SKOS.relatedMatch}
PARENTS = {RDFS.subClassOf, RDFS.subPropertyOf}
CUBE = {RDF.type, RDFS.range, QB.codeList, QB.structure, QB.component, QB.componentRequired} | {
    *(QB.dimension, QB.measure, QB.attribute),
}

TRAPS = [
    (TW.Membership, ORG.Membership, "places would be agents"),
    (TW.Agreement, ORG.OrganizationalCollaboration, "an agreement would be an organisation"),
    (TW.evidence, PROV.wasDerivedFrom, "a visit would be an entity"),
    (TW.succeeds, PROV.wasRevisionOf, "the twinning of 1967 would be derived from the bond of 836"),
    (TW.retrievedAt, PROV.generatedAtTime, "what is fetched would have come into being then"),
    (TW.quote, URIRef("http://www.w3.org/ns/oa#exact"), "a quote could have no language"),
    (TW.hasBeenTwinnedWith, URIRef("http://dbpedia.org/ontology/twinTown"), "countries would be settlements"),
    (TW.Signing, URIRef(vocab.SCHEMA + "AgreeAction"), "a signing is no reaction to an opinion"),
    (TW.Place, PROV.Agent, "the territory does not act"),
]
"""Parents that our terms must not have, however near they look."""

DISJOINT = [(PROV.Entity, PROV.Activity), (ORG.Organization, ORG.Membership), (ORG.Organization, ORG.ChangeEvent)]
"""What these vocabularies themselves hold apart."""


def name(path: Path) -> str:
    return path.stem


def graph_of(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def closure() -> Graph:
    """All that follows from the sample with the ontology and every alignment, by OWL 2 RL."""
    graph = graph_of(*CORE, *FILES, SAMPLE)
    for one, other in DISJOINT:
        graph.add((one, OWL.disjointWith, other))
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def test_there_is_one_file_a_vocabulary():
    assert {path.stem for path in FILES} == set(VOCABULARIES)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_leads_from_our_terms_to_its_vocabulary(path):
    graph = graph_of(path)
    own = set(graph_of(CORE[0]).subjects())
    relations = [triple for triple in graph if triple[1] in NOTES | PARENTS]
    assert relations

    assert set(graph.predicates()) <= NOTES | PARENTS | (CUBE if path.stem == "cube" else set())
    for term, _, target in relations:
        assert term in own or term.startswith(vocab.TWV), term
        assert str(target).startswith(VOCABULARIES[path.stem]), target


@pytest.mark.parametrize("path", [*FILES, DECLARATIONS], ids=name)
def test_terms_of_others_exist(path):
    unknown = {
        term
        for triple in graph_of(path)
        for term in triple
        if isinstance(term, URIRef) and any(term.startswith(str(space)) and term not in space for space in KNOWN)
    }

    assert unknown - NEWER == set()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_has_no_blank_node_and_says_what_it_leads_to(path):
    text = path.read_text("utf-8")

    assert "_:" not in text
    assert not re.search(r"^\s*\[", re.sub(r"(?m)^#.*", "", text), re.MULTILINE)
    assert re.search(r"(?m)^\n# [A-Z]", text)
    assert SKOS.exactMatch not in set(graph_of(path).predicates())
    assert OWL.sameAs not in set(graph_of(path).predicates())


def test_alignments_are_not_part_of_what_is_published():
    from twinld.pipeline.graphs import ontology_triples

    published = {predicate for _, predicate, _ in ontology_triples(ROOT / "ontology")}
    assert f"<{SKOS.definition}>" in published

    assert f"<{SKOS.closeMatch}>" not in published
    assert f"<{OWL.members}>" not in published


def test_nothing_contradicts(closure):
    assert list(closure.objects(None, ERRNS.error)) == []


def test_nothing_is_the_same_as_another_thing(closure):
    same = {(one, other) for one, other in closure.subject_objects(OWL.sameAs) if one != other}

    assert {pair for pair in same if any(isinstance(node, URIRef) for node in pair)} == set()


@pytest.mark.parametrize(("term", "parent", "why"), TRAPS, ids=[f"{row[0].split('#')[1]}" for row in TRAPS])
def test_a_parent_that_says_too_much_is_not_there(term, parent, why, closure):
    assert (term, RDFS.subClassOf, parent) not in closure, why
    assert (term, RDFS.subPropertyOf, parent) not in closure, why


PARENTS_OF_SAMPLE = [
    ("event/strasbourg-boston", PROV.Activity),
    ("event/blagoveshchensk-heihe-annual", URIRef(vocab.SCHEMA + "EventSeries")),
    ("organisation/malmo-municipality", ORG.FormalOrganization),
    ("network/oeaed", PROV.Organization),
    ("place/malmo", PROV.Location),
    ("network/oeaed#members-cn", QB.Observation),
    ("person/marty-walsh", URIRef(vocab.SCHEMA + "Person")),
    ("source/boston-gov", URIRef(vocab.SCHEMA + "WebPage")),
]


@pytest.mark.parametrize(("thing", "cls"), PARENTS_OF_SAMPLE, ids=[row[0] for row in PARENTS_OF_SAMPLE])
def test_a_thing_is_found_by_users_of_the_other_vocabulary(thing, cls, closure):
    assert (URIRef(vocab.ID + thing), RDF.type, cls) in closure
