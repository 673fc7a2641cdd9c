"""The pages of a release: its file says what its store says, and nothing that has no page."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinld.pipeline import BuildOptions, build
from twinld.publish.addresses import ADDRESSES, read_addresses, write_addresses
from twinld.publish.lines import write_graph
from twinld.site import crawl
from twinld.store import open_store
from twinld.vocab import BASE, CC0, CURATED, GRAPH, ID, RDF, RELEASE, TWV

TYPED = f"<{RDF}type>"
SAID = [
    (f"<{ID}place/suva>", TYPED, "<http://x/Place>"),
    (f"<{ID}place/suva>", TYPED, "<http://x/Capital>"),
    (f"<{ID}place/suva#point>", TYPED, "<http://x/Point>"),
    (f"<{ID}place/named>", "<http://x/label>", f'"is {TYPED} <http://x/Place>"'),
    ("<http://elsewhere.example/id/place/x>", TYPED, "<http://x/Place>"),
    (f"<{ID}agreement/a>", TYPED, "<http://x/Agreement>"),
    (f"<{TWV}kind-twinning>", TYPED, "<http://x/Concept>"),
]  # fmt: skip


@pytest.mark.parametrize("base", [BASE, "https://twins.example/"])
def test_a_page_has_what_has_a_class_and_is_no_fragment(tmp_path: Path, base: str) -> None:
    graphs = [
        write_graph(tmp_path / "a.nt", CURATED, SAID, CC0, base),
        write_graph(tmp_path / "b.nt", RELEASE, [*SAID[:1], (f"<{GRAPH}curated>", TYPED, "<http://x/G>")], CC0, base),
    ]

    assert write_addresses(tmp_path, graphs, base) == 4
    assert read_addresses(tmp_path) == ("agreement/a", "graph/curated", "place/suva", "vocab/kind-twinning")


def test_the_file_of_a_build_says_what_its_store_says(data: Path, tmp_path: Path) -> None:
    folder = build(BuildOptions(data=data, out=tmp_path / "out")).folder
    store = open_store(folder)
    asked = crawl.paths(store)
    store.close()

    assert "place/boston" in asked
    assert read_addresses(folder) == asked
    assert f"\n{ADDRESSES}," in (folder / "checksums.csv").read_text(), "it is sealed as every file"


def test_a_release_with_the_file_is_not_asked_and_one_without_is(tmp_path: Path) -> None:
    graph = write_graph(tmp_path / "a.nt", CURATED, SAID, CC0, BASE)
    nothing = open_store("memory:")
    assert read_addresses(tmp_path) is None
    assert crawl.paths(nothing, folder=tmp_path) == ()
    nothing.close()
    write_addresses(tmp_path, [graph], BASE)
    other = open_store("memory:")

    assert crawl.paths(other, folder=tmp_path) == ("agreement/a", "place/suva", "vocab/kind-twinning")
    other.close()
