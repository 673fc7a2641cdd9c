"""Many sources in one release: what is under another licence stays apart, every source is counted and can leave."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

import twinld
from server import create_app
from tests.pipeline.conftest import write_source
from twinld.errors import SourceError, UsageError
from twinld.layout import AGREEMENTS, write_inventory
from twinld.pipeline import BuildOptions, build
from twinld.pipeline.inputs import folder_hash
from twinld.settings import Settings, build_folder
from twinld.site.graph import graph_of
from twinld.store import open_store

CC_BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
SENTINELS = ("Sentinelville", "12.3456789", "7654321", "0666-06-06", "Sentinel words", "sentinel-page", "friendship")


@pytest.fixture
def licensed(data: Path) -> Path:
    """The small data, and a source under CC BY-SA: more of Boston, of a pair that CC0 has, and of one that it lacks."""
    folder = write_source(
        data,
        "licensed",
        [],
        ["Q5112,,12.3456789,7.7654321,AU,7654321,,"],
        ["Q5112,,tlh,Sentinelville"],
        licence=CC_BY_SA,
        rank=60,
        lists_all=False,
    )
    rows = [
        "Q100,Q5112,1,friendship,0666-06-06,,,,friendship-city,music,ended,sentinel-page,Sentinel words",
        "Q6602,Q5112,2,friendship,0666-06-06,,,,,,,sentinel-page,Sentinel words",
    ]
    (folder / "agreements.csv").write_text("\n".join([",".join(AGREEMENTS), *rows]) + "\n", encoding="utf-8")
    write_inventory(folder)
    return data


def made(data: Path, out: Path, **more: Any) -> tuple[Path, dict[str, Any]]:
    result = build(BuildOptions(data=data, out=out, **more))
    return result.folder, result.manifest


def row(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in manifest["sources"] if row["name"] == name)


def test_no_fact_under_another_licence_is_in_a_graph_or_a_dump_that_is_cc0(licensed: Path, tmp_path: Path) -> None:
    folder, manifest = made(licensed, tmp_path / "out")
    licence = {graph["iri"]: graph["licence"] for graph in manifest["graphs"]}
    in_graph: dict[str, set[str]] = {graph: set() for graph in licence}
    for quad in quads(folder):
        said, _, graph = quad.removesuffix(" .").rpartition(" ")
        in_graph[graph[1:-1]] |= {word for word in SENTINELS if word in said}
    free = [graph for graph in licence if licence[graph] == CC0 and not graph.endswith(("/ontology", "/release"))]
    by_dump = {file["name"]: file for file in manifest["files"]}

    assert {graph: in_graph[graph] for graph in free if in_graph[graph]} == {}
    assert {word for graph, found in in_graph.items() if licence[graph] == CC_BY_SA for word in found} == {*SENTINELS}
    for name in ("twinld.nt", "twinld.nq", "twinld.ttl", "twinld.trig", "twinld.jsonld"):
        assert by_dump[name]["licence"] == CC0
        text = (folder / "dumps" / name).read_text(encoding="utf-8")
        assert [word for word in SENTINELS[:-1] if word in text] == []
    assert "Sentinelville" in (folder / "dumps" / "licensed.nq").read_text(encoding="utf-8")


def test_what_a_page_gives_to_download_names_the_licence_of_every_fact_in_it(licensed: Path, tmp_path: Path) -> None:
    folder, _ = made(licensed, tmp_path / "out")
    store = open_store(folder / "store")
    found = {}
    for slug in ("place/boston", "place/q5112", "agreement/boston--q5112", "agreement/q5112--q6602"):
        quads = graph_of(store, f"https://w3id.org/twinld/id/{slug}")
        text = "\n".join(" ".join(part or "" for part in quad) for quad in quads)
        licences = {o[1:-1] for _, p, o, g in quads if p.endswith("license>") and g is None}
        found[slug] = (any(word in text for word in SENTINELS), CC_BY_SA in licences)
    store.close()

    assert {slug for slug, (sentinel, named) in found.items() if sentinel and not named} == set()
    assert found["agreement/q5112--q6602"] == (True, True)


def test_no_file_that_a_page_offers_as_cc0_holds_a_fact_under_another_licence(licensed: Path, tmp_path: Path) -> None:
    folder, _ = made(licensed, tmp_path / "out")
    store = open_store(folder / "store")
    client = create_app(Settings(), store).test_client()
    offered = {}
    for path in ("/country/us.csv", "/country/us.geojson", "/country/jp.csv", "/country/jp.geojson"):
        answer = client.get(path)
        assert f'<{CC0}>; rel="license"' in answer.headers["Link"], path
        offered[path] = answer.get_data(as_text=True)
    store.close()
    offered |= {str(path): path.read_text("utf-8") for path in (folder / "contribute").rglob("*") if path.is_file()}
    themes = {
        quad.rsplit(" ", 2)[1]
        for quad in quads(folder)
        if "ns#theme> <https://w3id.org/twinld/vocab/theme-music" in quad
    }

    assert "boston--kyoto" in offered["/country/us.csv"]
    assert len(offered) > 4
    assert {path: [word for word in SENTINELS if word in text] for path, text in offered.items()} == {
        path: [] for path in offered
    }
    assert themes == set(), "the theme is a claim in words of its own graph; the pair is stated by CC0 sources"


def test_the_graph_of_a_source_tells_its_source_licence_input_and_software(licensed: Path, tmp_path: Path) -> None:
    folder, _ = made(licensed, tmp_path / "out")
    said = quads(folder)
    graph = "<https://w3id.org/twinld/graph/source/licensed>"
    names = (
        r"/(?:ns/prov#|terms/)(license|source|wasGeneratedBy|identifier)> (.+) <https://w3id.org/twinld/graph/release>"
    )
    found = dict(match.groups() for quad in said if quad.startswith(graph) and (match := re.search(names, quad)))
    source = "<https://w3id.org/twinld/id/source/licensed>"

    assert found == {
        "license": f"<{CC_BY_SA}>",
        "source": source,
        "wasGeneratedBy": "<https://w3id.org/twinld/dataset#build>",
        "identifier": f'"sha256:{folder_hash(licensed / "sources" / "licensed")}"',
    }
    assert any(quad.startswith(f"{source} <https://w3id.org/twinld/ns#extracted> ") for quad in said)
    assert any(f'dataset#build> <https://schema.org/softwareVersion> "{twinld.__version__}"' in quad for quad in said)


def test_every_source_is_counted(licensed: Path, tmp_path: Path) -> None:
    _, manifest = made(licensed, tmp_path / "out")

    names = ("rows", "records", "findings", "matched", "merged", "new", "unused", "unmatched", "claims")
    assert {name: row(manifest, "crawl")[name] for name in names} == {
        "rows": 15, "records": 10, "findings": 0, "matched": 10, "merged": 1, "new": 7, "unused": 0, "unmatched": 0,
        "claims": 18,
    }  # fmt: skip
    assert {name: row(manifest, "licensed")[name] for name in names} == {
        "rows": 4, "records": 3, "findings": 1, "matched": 3, "merged": 1, "new": 2, "unused": 0, "unmatched": 0,
        "claims": 12,
    }  # fmt: skip


def test_a_source_that_halves_is_a_finding(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "out")
    write_source(data, "sample", [], ["Q424242,,,,JP,,,"], rank=9, lists_all=False, extracted="2019-08-01")
    folder, _ = made(data, tmp_path / "out")

    with (folder / "reports" / "findings.csv").open(encoding="utf-8", newline="") as file:
        found = [(f["source"], f["message"]) for f in csv.DictReader(file) if f["rule"] == "S09"]
    assert [source for source, _ in found] == ["sample"]
    assert found[0][1].startswith("1 records, and 3 in release 2019-08-01")


def test_a_source_that_leaves_takes_only_what_it_alone_supported(licensed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before, _ = made(licensed, out)
    whole = quads(before)
    for path in sorted((licensed / "sources" / "licensed").iterdir()):
        path.unlink()
    (licensed / "sources" / "licensed").rmdir()
    after, manifest = made(licensed, out)
    with (after / "reports" / "lost.csv").open(encoding="utf-8", newline="") as file:
        lost = [tuple(cells.values()) for cells in csv.DictReader(file)]
    now = quads(after)

    assert lost == [("agreement", "q5112--q6602", "Q5112+Q6602"), ("source", "licensed", "licensed")]
    assert manifest["lost"] == 2
    assert len(whole - now) > 50
    assert {quad for quad in whole - now if not about("licensed", quad)} == set()
    assert {quad for quad in now - whole if not graph_of_release(quad)} == set()


def test_ids_that_are_gone_are_written_to_the_ledger_when_told_so(licensed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(licensed, out)
    (licensed / "sources" / "licensed" / "source.toml").unlink()
    folder, _ = made(licensed, out, retire=True)
    rows = [line.split(",") for line in (folder / "ids.csv").read_text(encoding="utf-8").splitlines()]

    assert [(cells[0], cells[1]) for cells in rows if cells[4] == "gone"] == [
        ("agreement", "q5112--q6602"),
        ("source", "licensed"),
    ]
    assert "lost" not in made(licensed, out, force=True)[1]


def quads(folder: Path) -> set[str]:
    """All quads of a release in named graphs, as N-Quads lines."""
    store, out = open_store(folder / "store"), io.BytesIO()
    store.dump(out)
    store.close()
    return {line for line in out.getvalue().decode().splitlines() if "/graph/" in line.rsplit(" ", 2)[1]}


def about(source: str, quad: str) -> bool:
    """Whether a quad is of a source: in a graph of its own, about the source, or of the release that lists it."""
    return f"/{source}> ." in quad or f"source/{source}>" in quad or graph_of_release(quad)


def graph_of_release(quad: str) -> bool:
    return "/graph/release> ." in quad


GERMANY = """\
"gemeindename","plz","bundesland","latitude","longitude","partnergemeinde","land","kontinent","seit","form","latitude_partner","longitude_partner"
"Boston","1","X","42.36","-71.06","Kyoto","Japan","Asien","1960","p","35.01","135.77"
"Boston","1","X","52.1","11.6","Hauptstraße 5","Japan","Asien","soon","q","135.77","35.01"
"""


def test_a_file_that_may_not_be_published_is_read_apart_and_the_release_says_so(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "germany.csv"
    path.write_text(GERMANY, encoding="utf-8")
    folder, manifest = made(data, tmp_path / "out", sources=(f"germany-2015={path}",))
    said = quads(folder)
    with (folder / "reports" / "findings.csv").open(encoding="utf-8", newline="") as file:
        messages = {f["message"] for f in csv.DictReader(file) if f["source"] == "germany-2015" and f["rule"] == "S08"}

    assert manifest["id"] == "2019-08-01-unpublished"
    assert (manifest["unpublished"], manifest["files"]) == (["germany-2015"], [])
    assert not (folder / "dumps").exists()
    assert [path.name for path in (tmp_path / "out").iterdir() if "unpublished" in path.name] == []
    assert not (data / "sources" / "germany-2015").exists()
    assert any("Not to be published: it holds facts of germany-2015." in quad for quad in said)
    assert {quad.rsplit(" ", 2)[1] for quad in said if "record/germany-2015" in quad} == {
        "<https://w3id.org/twinld/graph/source/germany-2015>",
        "<https://w3id.org/twinld/graph/inferred/germany-2015>",  # what it contradicts
    }
    assert {message.partition(": ")[2] or message for message in messages} == {
        "label 'Hauptstraße 5' looks like a street; write the municipality",
        "42.36 -71.06; write a point in Germany",
        "135.77 35.01; latitude and longitude are swapped; write the latitude first",
        "soon; write a year of four digits",
        "q; write p, f or k",
    }
    assert row(manifest, "germany-2015")["records"] == 5


def test_a_file_that_may_not_be_published_needs_a_folder_of_its_own(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "germany.csv"
    path.write_text(GERMANY, encoding="utf-8")

    with pytest.raises(UsageError, match="germany-2015 may not be published; give a folder of its own with --out"):
        made(data, build_folder(), sources=(f"germany-2015={path}",))
    with pytest.raises(UsageError, match="germany-2015 is read from its file; write germany-2015=path/to/the/file"):
        made(data, tmp_path / "out", sources=("germany-2015",))
    path.write_text(GERMANY.replace('"seit"', '"year"'), encoding="utf-8")
    with pytest.raises(SourceError, match=r"germany.csv:1: column seit is missing"):
        made(data, tmp_path / "out", sources=(f"germany-2015={path}",))


def test_the_page_of_a_source_tells_what_came_from_it_and_what_others_state_too(licensed: Path, tmp_path: Path) -> None:
    folder, manifest = made(licensed, tmp_path / "out")
    store = open_store(folder / "store")
    client = create_app(Settings(), store).test_client()
    page = client.get("/source/licensed", headers={"Accept": "text/html"}).get_data(as_text=True)
    text = " ".join(re.sub(r"<[^<>]*>", " ", page).split())
    store.close()

    assert (row(manifest, "licensed")["claims"], row(manifest, "licensed")["agreeing"]) == (12, 0)
    assert "Values stated 12 0 of them also by another source Rows read 4" in text
    assert "Records about a place or agreement here 3 1 of them about one that another source tells of too" in text
    assert "Places and agreements that only it tells of 2" in text
