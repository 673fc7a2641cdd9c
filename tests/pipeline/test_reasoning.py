"""What people typed into data/curated, as a reasoner sees it: no contradiction, and nothing equal that is not.

All of the release is too much for rules in Python, so it is the things that documents name (networks, people,
activities, instruments), the graphs of the documents, and the places, pairs and agreements that these lead to.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from rdflib import OWL, RDF, Graph, Literal, URIRef

from twinld.vocab import GRAPH, ID, TW

SOURCE_GRAPHS = GRAPH + "source/"
NAMED = re.compile(rf"<{ID}(network|organisation|person|event|instrument)/")
LED_TO = re.compile(rf"<{ID}(?:agreement|pair|place)/[^>]*>")
EXTRACTS = (
    "wikidata", "wdqs", "wd50k", "natural-earth", "countries", "geonames", "wikipedia", "transcribed", "city-diplomacy",
)  # fmt: skip
"""What starts the name of a source that is no document."""


def is_of_a_document(graph: str) -> bool:
    return graph.startswith(SOURCE_GRAPHS) and not graph.removeprefix(SOURCE_GRAPHS).startswith(EXTRACTS)


def named_things(folder: Path) -> Graph:
    """The triples of the dumps that are about what documents name, with the ontology and its axioms."""
    lines = {line for path in folder.glob("dumps/*.nq") for line in path.read_text("utf-8").splitlines()}
    quads = [(line, *line.rsplit(" ", 2)[:2]) for line in lines]
    chosen = {triple for line, triple, graph in quads if NAMED.match(line) or is_of_a_document(graph[1:-1])}
    things = {thing for triple in chosen for thing in LED_TO.findall(triple)}
    chosen |= {
        triple
        for line, triple, graph in quads
        if line.split(" ", 1)[0] in things and not graph[1:-1].startswith(SOURCE_GRAPHS)
    }
    return Graph().parse(data="".join(f"{triple} .\n" for triple in sorted(chosen)), format="nt")


def ontology(root: Path) -> Graph:
    """The ontology without its texts, from which nothing follows."""
    graph = Graph()
    names = ("twinld.ttl", "axioms.ttl", "align/foreign-declarations.ttl")
    for path in (*(root / "ontology" / name for name in names), *(root / "ontology" / "vocab").glob("*.ttl")):
        graph.parse(path)
    for triple in [triple for triple in graph if isinstance(triple[2], Literal)]:
        graph.remove(triple)
    return graph


@pytest.fixture(scope="module")
def data(release: Path) -> Graph:
    return named_things(release)


def test_every_term_of_ours_is_declared(data: Graph, root: Path) -> None:
    used = {term for _, p, o in data for term in (p, *([o] if p == RDF.type else [])) if term.startswith(TW)}
    declared = set(Graph().parse(root / "ontology" / "twinld.ttl").subjects())
    assert len(used) > 60

    assert used - declared == set()


def test_nothing_contradicts_and_nothing_is_the_same_as_another_thing(data: Graph, root: Path) -> None:
    assert len(data) > 3000
    graph = data + ontology(root)

    DeductiveClosure(OWLRL_Semantics).expand(graph)

    same = {pair for pair in graph.subject_objects(OWL.sameAs) if pair[0] != pair[1]}
    assert list(graph.objects(None, ERRNS.error)) == []
    assert {pair for pair in same if any(isinstance(node, URIRef) for node in pair)} == set()
