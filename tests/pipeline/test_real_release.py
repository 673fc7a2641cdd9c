"""The release of the real data: its numbers, its one id, and a store that holds just what the dumps say."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from twinld.store import Store
from twinld.vocab import BASE, DCAT, RELEASE


def test_the_release_id_is_one_string_in_rdf_manifest_and_citation(store: Store, release: Path, root: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text())
    version = re.search(r'^version: "(.+)"$', (root / "CITATION.cff").read_text(), re.MULTILINE)
    rows = store.select(f"SELECT ?id {{ GRAPH <{RELEASE}> {{ <{BASE}dataset> <{DCAT}version> ?id }} }}")

    assert version is not None
    assert [manifest["id"], version[1], *(row["id"].value for row in rows)] == ["2026-07-31"] * 3


def test_the_release_has_the_numbers_that_the_documents_name(release: Path) -> None:
    counts = json.loads((release / "manifest.json").read_text())["counts"]

    assert {name: counts[name] for name in ("places", "countries", "agreements", "dated", "directed")} == {
        "places": 10746, "countries": 249, "agreements": 19118, "dated": 202, "directed": 34200,
    }  # fmt: skip


def test_no_source_has_a_bad_row_and_no_rule_is_violated(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text())

    assert [row for row in manifest["findings"] if row["severity"] == "Violation"] == []
    assert {(row["refused"], row["quarantined"]) for row in manifest["sources"]} == {(0, 0)}


LARGE = {"twinld.nq", "wikipedia.nq"}


def test_every_graph_of_the_store_holds_the_quads_of_its_dump(release: Path) -> None:
    check_graphs(release, [path for path in (release / "dumps").glob("*.nq") if path.name not in LARGE])


@pytest.mark.long
def test_every_large_graph_of_the_store_holds_the_quads_of_its_dump(release: Path) -> None:
    check_graphs(release, [release / "dumps" / name for name in sorted(LARGE)])


def check_graphs(release: Path, dumps: list[Path]) -> None:
    """The graphs of these dumps have the same quads in the store: their sums of hashes are the same."""
    dumped, stored = Counter[ox.NamedNode](), Counter[ox.NamedNode]()
    for path in dumps:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
            dumped[quad.graph_name] += hash(str(quad))
    store = ox.Store.read_only(str(release / "store"))
    for graph in dumped:
        stored[graph] += sum(hash(str(quad)) for quad in store.quads_for_pattern(None, None, None, graph))

    assert len(dumped) >= len(dumps)
    assert stored == dumped


def test_the_dumps_hold_all_graphs(store: Store, release: Path) -> None:
    dumps = sorted((release / "dumps").glob("*.nq"))
    counted = store.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    manifest = json.loads((release / "manifest.json").read_text())

    assert [path.name for path in dumps] == [
        "city-diplomacy.nq", "geonames.nq", "mikhailova-2013.nq", "quotations.nq", "sister-cities-compilation.nq",
        "transcribed-wikipedia.nq", "twin-cities-blog.nq", "twinld.nq", "wd50k.nq", "wikipedia.nq",
    ]  # fmt: skip
    assert (
        sum(row["triples"] for row in manifest["files"] if row["format"] == "nquads" and not row["of"])
        == manifest["counts"]["quads"]
    )
    assert [int(row["n"].value) for row in counted] == [manifest["counts"]["quads"]]
