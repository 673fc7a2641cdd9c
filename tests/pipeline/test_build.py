"""A build makes a whole release or none; the same input gives the same bytes; the last release stays."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard

from twinld.errors import FindingsError, LockedError, NotFound, ReleaseError, SourceError, UsageError
from twinld.layout import write_inventory
from twinld.pipeline import BuildOptions, Stage, build, open_release
from twinld.publish.release import builder_lock, find_release, in_use, release_names
from twinld.store import open_store
from twinld.vocab import BASE, CURATED, DEFAULT_GRAPHS, ID, INFERRED, TW, source_graph

from .conftest import CC0, CC_BY, STAGES, write_source


def made(data: Path, out: Path, **more: object) -> Path:
    return build(BuildOptions(data=data, out=out, **more)).folder  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, str]:
    """Every file of a release but the store's, which the engine numbers as it likes, and the seal, by its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "store" not in path.relative_to(folder).parts and path.name != "checksums.csv"
    }


def unpacked(path: Path) -> bytes:
    packed = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(packed)
    return zstandard.ZstdDecompressor().decompressobj().decompress(packed) if path.suffix == ".zst" else packed


def quads(path: Path) -> set[str]:
    return {str(quad) for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)}


def test_a_release_has_a_store_dumps_reports_and_a_manifest(data: Path, tmp_path: Path) -> None:
    folder = made(data, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())

    assert folder == tmp_path / "out" / "releases" / "2019-08-01"
    assert (tmp_path / "out" / "current").resolve() == folder
    assert {path.name for path in folder.iterdir()} == {
        *("store", "dumps", "reports", "contribute", "manifest.json", "ids.csv", "checksums.csv"),
        *("search.sqlite", "pages.txt"),
        *("CITATION.cff", "citation.bib", "zenodo.json"),
    }
    assert manifest["id"] == "2019-08-01"
    assert {k: manifest["counts"][k] for k in ("places", "countries", "agreements", "dated")} == {
        "places": 4, "countries": 2, "agreements": 3, "dated": 1,
    }  # fmt: skip
    for file in manifest["files"]:
        content = (folder / "dumps" / file["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])


def test_every_graph_of_the_store_equals_its_nquads_term_by_term(data: Path, tmp_path: Path) -> None:
    folder = made(data, tmp_path / "out")
    dumped = quads(folder / "dumps" / "twinld.nq") | quads(folder / "dumps" / "sample.nq")
    store = ox.Store.read_only(str(folder / "store"))
    stored = {str(quad) for quad in store if not isinstance(quad.graph_name, ox.DefaultGraph)}
    default = {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}

    assert stored == dumped
    assert default == {
        str(quad.triple)
        for graph in DEFAULT_GRAPHS
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    }
    assert default == {str(q.triple) for q in ox.parse(path=str(folder / "dumps" / "twinld.nt"))}


def test_two_builds_of_the_same_input_are_byte_identical(data: Path, tmp_path: Path) -> None:
    assert contents(made(data, tmp_path / "one")) == contents(made(data, tmp_path / "two"))


def test_an_unchanged_input_is_not_built_again(data: Path, tmp_path: Path) -> None:
    first = build(BuildOptions(data=data, out=tmp_path / "out"))
    second = build(BuildOptions(data=data, out=tmp_path / "out"))
    forced = build(BuildOptions(data=data, out=tmp_path / "out", force=True))

    assert (first.fresh, second.fresh, forced.fresh) == (True, False, True)
    assert first.folder == second.folder == forced.folder


def test_a_changed_input_of_the_same_date_stands_beside_the_first(data: Path, tmp_path: Path) -> None:
    first = made(data, tmp_path / "out")
    write_source(data, "more", ["Q100,Q1,,,,,,"], rank=3)
    second = made(data, tmp_path / "out")

    assert (first.name, second.name) == ("2019-08-01", "2019-08-01+2")
    assert first.is_dir()
    assert find_release(tmp_path / "out") == second
    assert release_names(tmp_path / "out") == ["2019-08-01+2", "2019-08-01"]


def test_only_the_newest_three_releases_are_kept(data: Path, tmp_path: Path) -> None:
    for number in range(1, 6):
        made(data, tmp_path / "out", date=f"2020-01-0{number}")

    assert release_names(tmp_path / "out") == ["2020-01-05", "2020-01-04", "2020-01-03"]


def test_a_second_builder_is_told_who_holds_the_lock(data: Path, tmp_path: Path) -> None:
    with builder_lock(tmp_path / "out"), pytest.raises(LockedError, match=rf"process {os.getpid()}") as raised:
        made(data, tmp_path / "out")

    assert raised.value.exit_code == 75


def test_the_lock_is_free_after_a_build(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "out")
    with builder_lock(tmp_path / "out"):
        pass


def test_leftovers_of_a_killed_build_are_cleared(data: Path, tmp_path: Path) -> None:
    left = tmp_path / "out" / "releases" / ".tmp.1"
    left.mkdir(parents=True)
    (left / "half").write_text("x")
    made(data, tmp_path / "out")

    assert [path.name for path in (tmp_path / "out" / "releases").iterdir()] == ["2019-08-01"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "statements.csv").write_text("subject,object\n"), "statements.csv:1: column"),
        (
            lambda f: (f / "statements.csv").write_bytes((f / "statements.csv").read_bytes()[:-20]),
            "the file ends after",
        ),
        (lambda f: (f / "source.toml").write_text("name ="), "source.toml"),
        (
            lambda f: (f / "labels.csv").write_text("item,row,language,label\nQ1,,en,x\n", encoding="utf-16"),
            "not UTF-8",
        ),
    ],
)
def test_input_that_cannot_be_used_leaves_the_last_release_current(
    data: Path, tmp_path: Path, spoil: object, said: str
) -> None:
    first = made(data, tmp_path / "out")
    spoil(data / "sources" / "crawl")  # type: ignore[operator]

    with pytest.raises(SourceError, match=said):
        made(data, tmp_path / "out")
    assert find_release(tmp_path / "out") == first
    assert [p.name for p in (tmp_path / "out" / "releases").iterdir()] == [first.name]


def test_a_bad_row_is_counted_and_reported_and_the_rest_is_published(data: Path, tmp_path: Path) -> None:
    path = data / "sources" / "crawl" / "statements.csv"
    path.write_text(path.read_text() + "Q1,Berlin,,,,,,\n")
    write_inventory(path.parent)
    folder = made(data, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    crawl = next(row for row in manifest["sources"] if row["name"] == "crawl")
    findings = list(csv.DictReader(io.StringIO((folder / "reports" / "findings.csv").read_text())))

    assert (crawl["records"], crawl["refused"]) == (10, 1)
    assert manifest["counts"]["agreements"] == 3
    assert [(f["rule"], f["where"]) for f in findings if f["severity"] == "Violation"] == [
        ("S01", "crawl/statements.csv:7")
    ]


def test_a_bad_record_is_quarantined_and_the_rest_is_published(data: Path, tmp_path: Path) -> None:
    path = data / "sources" / "crawl" / "statements.csv"
    path.write_text(path.read_text() + "Q7,Q7,,,,,,\nQ8,Q9,,,2000,1990,,\n")
    write_inventory(path.parent)
    folder = made(data, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())

    assert [(f["rule"], f["count"]) for f in manifest["findings"] if f["severity"] == "Violation"] == [
        ("D05", 1),
        ("X02", 1),
    ]
    assert manifest["counts"]["agreements"] == 3


def test_records_behind_a_violation_across_records_are_quarantined(data: Path, tmp_path: Path) -> None:
    write_source(data, "late", ["Q100,Q34600,,,,1900,,"], rank=5, lists_all=False)  # ends before 1959, when it starts
    folder = made(data, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())

    assert {row["name"]: row["quarantined"] for row in manifest["sources"]} == {"crawl": 0, "late": 1, "sample": 0}
    assert manifest["counts"]["agreements"] == 3
    assert "D05" in {f["rule"] for f in manifest["findings"]}


def test_a_bad_row_edited_by_hand_stops_the_build(data: Path, tmp_path: Path) -> None:
    (data / "reconciliation.csv").write_text("item,place,role,decided_on,reason\nQ1,Q2,p91,2026-01-01,x\n")

    with pytest.raises(SourceError, match=r"reconciliation.csv:2: role 'p91' is not one; roles: new, none, p190, same"):
        made(data, tmp_path / "out")


def test_a_violation_with_no_record_behind_it_stops_the_build(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twinld.model import Finding
    from twinld.pipeline import build as module
    from twinld.validate import Report

    finding = Finding("A01", "Violation", "curated", f"{ID}agreement/nobody--nowhere", "A01: name two parties")
    monkeypatch.setattr(sys.modules[module.__module__], "check_store", lambda store, scan: Report((finding,)))

    with pytest.raises(FindingsError, match="edited by hand"):
        made(data, tmp_path / "out")
    with pytest.raises(NotFound, match="no release yet"):
        find_release(tmp_path / "out")


def test_a_full_disk_leaves_no_half_release(data: Path, tmp_path: Path) -> None:
    first = made(data, tmp_path / "out")
    write_source(data, "more", [f"Q100,Q{n},,,,,," for n in range(1000, 9000)], rank=3)
    program = (
        "import resource, sys\n"
        "from twinld.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"sys.exit(main(['build', '--data', {str(data)!r}, '--out', {str(tmp_path / 'out')!r}]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    message = ended.stderr.strip().splitlines()[-1]

    assert ended.returncode == 2, ended.stderr
    assert message.startswith("twinld: ")
    assert "the release was not made, the last one stays" in message
    assert find_release(tmp_path / "out") == first
    assert [p.name for p in (tmp_path / "out" / "releases").iterdir()] == [first.name]


def test_ids_are_read_before_minting_and_only_appended(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made(data, out)
    before = (out / "ids.csv").read_text()
    write_source(data, "more", ["Q100,Q1,,,,,,"], ["Q1,,,,US,,,"], ["Q1,,en,Boston"], rank=3)
    folder = made(data, out)
    after = (out / "ids.csv").read_text()

    assert after.startswith(before)
    assert after.removeprefix(before) == (
        "agreement,boston--boston-us,Q1+Q100,2019-08-01,active,\n"
        "place,boston-us,Q1,2019-08-01,active,\n"
        "source,more,more,2019-08-01,active,\n"
    )
    assert "place,boston,Q100,2019-08-01,active," in (folder / "ids.csv").read_text().splitlines()


def test_part_of_the_sources_is_built_without_them_being_missed(data: Path, tmp_path: Path) -> None:
    folder = made(data, tmp_path / "out", sources=("crawl",))
    manifest = json.loads((folder / "manifest.json").read_text())

    assert [row["name"] for row in manifest["sources"]] == ["crawl"]
    with pytest.raises(NotFound, match="'crowl' is not a source; did you mean crawl"):
        made(data, tmp_path / "out", sources=("crowl",))


def test_an_unpublished_source_is_read_from_its_path(data: Path, tmp_path: Path) -> None:
    write_source(tmp_path / "else", "mine", ["Q100,Q5,,,,,,"], rank=4)
    path = tmp_path / "else" / "sources" / "mine"
    folder = made(data, tmp_path / "out", sources=("crawl", f"mine={path}"))

    assert json.loads((folder / "manifest.json").read_text())["counts"]["agreements"] == 4
    with pytest.raises(UsageError, match="the source is called 'mine'"):
        made(data, tmp_path / "out", sources=(f"other={path}",))


def test_another_base_leaves_no_iri_of_the_usual_one(data: Path, tmp_path: Path) -> None:
    folder = made(data, tmp_path / "out", base="http://twins.example/")

    files = sorted(path for path in (folder / "dumps").iterdir() if path.suffix not in {".gz", ".zst"})
    assert len(files) == 21
    for path in files:
        left = {line for line in path.read_text().splitlines() if "w3id.org/twinld" in line and "ns/0.1.0" not in line}
        assert not left, (path.name, sorted(left)[:3])
    store = open_store(folder)
    assert store.ask("ASK { <http://twins.example/id/place/boston> a <http://twins.example/ns#Place> }")
    store.close()


def test_facts_of_another_licence_stand_in_their_own_graphs_and_dumps(data: Path, tmp_path: Path) -> None:
    folder = made(data, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    sentinel = "q424242"

    licences = {row["iri"].removeprefix(BASE): row["licence"] for row in manifest["graphs"]}
    assert {name for name, licence in licences.items() if licence != CC0} == {
        "graph/facts/sample", "graph/inferred/sample", "graph/source/sample",
    }  # fmt: skip
    for file in manifest["files"]:
        text = unpacked(folder / "dumps" / file["name"]).decode()
        assert (sentinel in text.lower()) == (file["licence"] == CC_BY), file["name"]


def test_one_sidedness_is_said_and_its_answer_in_another_licence_apart(data: Path, tmp_path: Path) -> None:
    store = open_store(made(data, tmp_path / "out"))
    unanswered = store.select(f"SELECT ?a ?p {{ GRAPH <{INFERRED}> {{ ?a <{TW}unansweredBy> ?p }} }}")
    answered = store.select(f"SELECT ?g ?a ?p {{ GRAPH ?g {{ ?a <{TW}answeredBy> ?p }} }}")
    store.close()

    assert [(r["a"].value, r["p"].value) for r in unanswered] == [(f"{ID}agreement/boston--q5112", f"{ID}place/boston")]
    assert [(r["g"].value, r["a"].value) for r in answered] == [
        (f"{BASE}graph/inferred/sample", f"{ID}agreement/boston--q5112")
    ]


def test_a_release_opens_for_questions(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "out")
    store = open_release(out=tmp_path / "out")

    assert store.count(CURATED) > 20
    assert source_graph("crawl") in store.graphs()
    store.close()
    with pytest.raises(NotFound, match="release '2019-08-02' is not here; did you mean 2019-08-01"):
        open_release("2019-08-02", tmp_path / "out")


def test_the_watcher_is_told_of_every_stage_in_order(data: Path, tmp_path: Path) -> None:
    told: list[Stage] = []
    build(BuildOptions(data=data, out=tmp_path / "out"), told.append)

    done = [stage.name for stage in told if stage.seconds is not None]
    assert done == STAGES
    assert [stage.name for stage in told if stage.seconds is None] == done


def test_a_release_that_lost_its_manifest_is_none(data: Path, tmp_path: Path) -> None:
    folder = made(data, tmp_path / "out")
    (folder / "manifest.json").write_text("{")

    from twinld.publish.release import read_manifest

    with pytest.raises(ReleaseError, match=r"manifest.json: "):
        read_manifest(folder)


def test_a_release_that_is_served_is_not_forgotten(data: Path, tmp_path: Path) -> None:
    first = made(data, tmp_path / "out", date="2020-01-01")
    with in_use(first):
        for number in range(2, 6):
            made(data, tmp_path / "out", date=f"2020-01-0{number}")
        held = release_names(tmp_path / "out")
    made(data, tmp_path / "out", date="2020-01-06")

    assert held == ["2020-01-05", "2020-01-04", "2020-01-03", "2020-01-01"]
    assert first.name not in release_names(tmp_path / "out")
