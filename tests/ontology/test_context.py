"""The JSON-LD context: one document, read to the same triples by three independent readers."""

import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyld import jsonld

from twinld.vocab import PREFIXES, TW, TWV

ROOT = Path(__file__).parents[2]
CONTEXT = json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))["@context"]
SAMPLE = json.loads((Path(__file__).parent / "sample.jsonld").read_text("utf-8"))
DOCUMENT = {"@context": CONTEXT, **SAMPLE}
EXPECTED = Path(__file__).parent / "sample.ttl"

IRIS = {
    name: term["@id"] if isinstance(term, dict) else term for name, term in CONTEXT.items() if not name.startswith("@")
}
"""What each name stands for: prefixes, classes, keys and the two keywords that are renamed."""
IS_KEY = {name for name, term in CONTEXT.items() if isinstance(term, dict)}
IS_PREFIX = {name for name, iri in IRIS.items() if iri.startswith("http")}
SCHEMES = {
    **{name: name for name in ("kind", "status", "reciprocity", "verdict")},
    **{name: name for name in ("level", "continent", "bindingness", "theme", "motivation", "benefit", "intensity")},
    **{name: name for name in ("office", "frequency", "indicator", "bound", "method", "rank")},
    "localTerm": "term",
    "eventKind": "event-kind",
    "resultingStatus": "status",
    "participationMode": "participation-mode",
    **dict.fromkeys(("selfDescription", "promotes", "recognisesTerm"), "concept"),
}
"""Keys whose values are notations of concepts, and the scheme of each."""
OWN_NAMES = {"level": {"country"}, "status": {"planned"}, "resultingStatus": {"planned"}}
"""Notations that are keys too: under these the context of the key says which concept they stand for."""
IS_PREFIX_TOO = {"agreement", "instrument", "network"}
"""Properties named like a prefix of our IRIs: the key is the compact IRI (`"tw:network": "network:oeaed"`)."""


def by_rdflib(document: dict) -> set[str]:
    rdflib.NORMALIZE_LITERALS, before = False, rdflib.NORMALIZE_LITERALS  # it would write Z as +00:00
    try:
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    finally:
        rdflib.NORMALIZE_LITERALS = before
    return set(graph.serialize(format="nt").splitlines()) - {""}


def by_pyoxigraph(document: dict) -> set[str]:
    quads = pyoxigraph.parse(json.dumps(document), format=pyoxigraph.RdfFormat.JSON_LD)
    return {f"{quad.triple} ." for quad in quads}


def by_pyld(document: dict) -> set[str]:
    def refuse(url: str, options: dict) -> dict:
        raise AssertionError(f"{url} is fetched")

    options = {"format": "application/n-quads", "documentLoader": refuse}
    return set(jsonld.to_rdf(document, options).splitlines())


READERS = [by_rdflib, by_pyoxigraph, by_pyld]


def keys_of(node: object) -> set[str]:
    """Every key of the objects in `node`, at any depth, but for the languages of a text."""
    if isinstance(node, list):
        return set().union(*map(keys_of, node))
    if not isinstance(node, dict):
        return set()
    found = set(node)
    for key, value in node.items():
        if "@container" not in CONTEXT.get(key, {}):
            found |= keys_of(value)
    return found


@pytest.mark.parametrize("read", READERS)
def test_every_reader_finds_the_same_triples(read):
    triples = pyoxigraph.parse(EXPECTED.read_bytes(), format=pyoxigraph.RdfFormat.TURTLE)
    expected = {f"{quad.triple} ." for quad in triples}
    assert len(expected) > 200

    assert expected == read(DOCUMENT)


def test_the_sample_uses_every_key():
    assert len(IS_KEY) > 130
    assert IS_KEY - keys_of(SAMPLE) == set()


def test_every_term_of_ours_has_a_key_of_its_name():
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "twinld.ttl")
    names = {term.removeprefix(TW) for term in ontology.subjects() if term.startswith(TW)}
    assert len(names) > 160

    given = {name: iri for name, iri in IRIS.items() if iri.startswith("tw:")}

    assert {f"tw:{name}" if name in IS_PREFIX_TOO else name: f"tw:{name}" for name in names} == given
    assert IS_PREFIX_TOO <= IS_PREFIX


def test_prefixes_are_those_of_the_turtle_files():
    assert len(IS_PREFIX) > 15
    assert {name: PREFIXES.get(name) for name in IS_PREFIX} == {name: CONTEXT[name] for name in IS_PREFIX}


@pytest.mark.parametrize("name", sorted(IS_PREFIX))
def test_a_prefix_ends_where_a_compact_iri_can_go_on(name):
    assert CONTEXT[name][-1] in "/#"


def test_every_key_of_concepts_is_tried():
    scoped = {name: CONTEXT[name]["@context"]["@vocab"] for name in IS_KEY if "@context" in CONTEXT[name]}

    assert {name: f"{TWV}{scheme}-" for name, scheme in SCHEMES.items()} == scoped


@pytest.mark.parametrize("name", SCHEMES)
def test_a_concept_is_its_notation(name):
    path = ROOT / "ontology" / "vocab" / f"{SCHEMES[name]}.ttl"
    vocabulary = rdflib.Graph().parse(path)
    concepts = {str(notation): str(concept) for concept, notation in vocabulary.subject_objects(rdflib.SKOS.notation)}
    assert concepts

    own = CONTEXT[name]["@context"].keys() - {"@vocab"}
    assert concepts.keys() & CONTEXT.keys() == own, "a term of the context would win over the concept"
    assert own == OWN_NAMES.get(name, set())
    for notation, concept in concepts.items():
        document = {"@context": CONTEXT, "id": "place:x", name: notation}
        expected = {f"<https://w3id.org/twinld/id/place/x> <{TW}{name}> <{concept}> ."}
        for read in READERS:
            assert expected == read(document)
