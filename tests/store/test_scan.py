"""What is read of the files of a release is what is read of its store, only sooner."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinld.enrich.evidence import known_of
from twinld.publish.lines import GraphFile, scan_files, write_graph
from twinld.search import material_of
from twinld.store import Store, open_store
from twinld.store.scan import scan_of
from twinld.vocab import BASE, CC0, GRAPH, RDF, RDFS, TW

SMALL = Path(__file__).resolve().parents[1] / "data" / "small.trig"


@pytest.fixture
def store() -> Store:
    return open_store(SMALL)


@pytest.fixture
def files(store: Store, tmp_path: Path) -> list[GraphFile]:
    return [
        write_graph(
            tmp_path / f"{number}.nt",
            graph,
            store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"),
            CC0,
            BASE,
        )
        for number, graph in enumerate(store.graphs())
    ]


def test_files_and_store_have_the_same_triples(store: Store, files: list[GraphFile]) -> None:
    wanted = (f"{RDF}type", f"{RDFS}label", f"{TW}party", f"{TW}start", f"{TW}locator")
    from_files, from_store = scan_files(files), scan_of(store)

    for file in files:
        assert file.iri is not None
        found = sorted(from_files(file.iri, wanted))
        assert found == sorted(from_store(file.iri, wanted))
        assert found == [triple for triple in file.triples() if triple[1][1:-1] in wanted]
    assert sum(len(list(from_files(file.iri or "", wanted))) for file in files) > 100


def test_a_graph_or_a_property_that_is_not_there_has_no_triples(store: Store, files: list[GraphFile]) -> None:
    for scan in (scan_files(files), scan_of(store)):
        assert list(scan(f"{GRAPH}nothing", (f"{RDFS}label",))) == []
        assert list(scan(f"{GRAPH}curated", (f"{TW}nothing",))) == []


def test_what_is_found_by_name_is_the_same_of_files(store: Store, files: list[GraphFile]) -> None:
    material = material_of(store)

    assert material_of(store, BASE, scan_files(files)) == material
    assert (len(material.bonds), {thing.path for thing in material.things} >= {"place/malmo"}) == (10, True)


def test_what_bears_on_contributions_is_the_same_of_files(store: Store, files: list[GraphFile]) -> None:
    known = known_of(store, BASE)

    assert known_of(store, BASE, scan_files(files)) == known
    assert known.said
