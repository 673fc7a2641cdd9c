"""A release that is cut off, changed or added to is found: by sizes at every start, by contents with verify."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from twinld.cli import main
from twinld.errors import ReleaseError
from twinld.layout import write_inventory
from twinld.pipeline import BuildOptions, build, finish
from twinld.publish.history import history_names, read_history
from twinld.publish.release import find_release, release_names
from twinld.publish.seal import check_sizes, faults, held, read_back


@pytest.fixture
def whole(data: Path, tmp_path: Path) -> Path:
    return build(BuildOptions(data=data, out=tmp_path / "out")).folder


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_a_whole_release_has_no_fault(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(faults(whole)) == []
    assert main(["verify", "--out", str(whole.parents[1])]) == 0
    assert capsys.readouterr().out.startswith("2019-08-01: whole, ")


@pytest.mark.parametrize("name", ["dumps/twinld.nq", "reports/changes.json", "manifest.json", "store/CURRENT"])
def test_a_file_that_was_cut_is_refused_at_the_start(whole: Path, name: str) -> None:
    cut(whole / name)

    with pytest.raises(ReleaseError, match=rf"{name}: (has [\d,]+ bytes and should have|Expecting|Unterminated|Extra)"):
        check_sizes(whole)


def test_a_file_that_is_missing_is_named(whole: Path) -> None:
    (whole / "ids.csv").unlink()

    with pytest.raises(ReleaseError, match=r"ids.csv: is missing; it has 611 bytes"), held(whole):
        pass


def test_a_seal_that_was_cut_is_itself_a_fault(whole: Path) -> None:
    cut(whole / "checksums.csv")

    with pytest.raises(ReleaseError, match="this is no whole list of file, bytes, sha256"):
        check_sizes(whole)


def test_other_bytes_of_the_same_size_are_found_by_verify(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(whole / "dumps" / "twinld.ttl")
    (whole / "dumps" / "mine.txt").write_text("not ours")
    check_sizes(whole)

    assert main(["verify", "2019-08-01", "--out", str(whole.parents[1])]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert "dumps/twinld.ttl: has the SHA-256 " in first
    assert second.endswith("dumps/mine.txt: was not published with this release; remove it")


def test_a_store_that_lost_quads_is_found(whole: Path) -> None:
    path = whole / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["graphs"][0]["triples"] += 1
    sums = whole / "checksums.csv"
    before = sums.read_text()
    line = "manifest.json,{0.bytes},{0.sha256}".format
    old = line(read_back(whole, "manifest.json"))
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    sums.write_text(before.replace(old, line(read_back(whole, "manifest.json"))))

    assert [fault.endswith(" triples") for fault in faults(whole) if "/store: " in fault] == [True]


def test_a_damaged_release_is_built_anew_under_another_name(whole: Path, data: Path) -> None:
    cut(whole / "dumps" / "twinld.nq")
    out = whole.parents[1]
    result = build(BuildOptions(data=data, out=out))

    assert (result.fresh, result.folder.name) == (True, "2019-08-01+2")
    assert list(faults(find_release(out))) == []
    assert "what changed is not known: " in result.manifest["changes"]["note"]
    assert "twinld.nq:" in result.manifest["changes"]["note"]


def test_a_release_tells_what_it_changed_and_history_keeps_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    path = data / "sources" / "crawl" / "places.csv"
    given = path.read_text()
    for day in range(1, 6):
        path.write_text(given.replace("692600", f"69260{day}"))
        write_inventory(path.parent)
        build(BuildOptions(data=data, out=out, date=f"2020-01-0{day}", keep=2))
    last, *_, first = history = read_history(out)

    assert release_names(out) == ["2020-01-05", "2020-01-04"]
    assert [changes.release for changes in history] == [f"2020-01-0{day}" for day in (5, 4, 3, 2, 1)]
    assert (first.previous, first.counts, last.previous, last.counts) == (
        "", {}, "2020-01-04", {"place": {"changed": 1}},
    )  # fmt: skip
    (change_,) = tuple(last.changes)
    assert (change_.iri.rpartition("/")[2], change_.fields[0].old[0][:8], change_.fields[0].new[0][:8]) == (
        "boston", '"692604"', '"692605"',
    )  # fmt: skip


def test_the_name_of_a_release_that_is_gone_is_not_used_again(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build(BuildOptions(data=data, out=out)).folder
    build(BuildOptions(data=data, out=out, date="2020-01-01"))
    shutil.rmtree(first)
    again = build(BuildOptions(data=data, out=out)).folder

    assert (first.name, again.name) == ("2019-08-01", "2019-08-01+2")
    assert history_names(out) == ["2019-08-01", "2019-08-01+2", "2020-01-01"]


def test_a_forced_build_of_the_same_input_is_the_same_release(whole: Path, data: Path) -> None:
    result = build(BuildOptions(data=data, out=whole.parents[1], force=True))

    assert (result.folder, result.manifest["name"]) == (whole, "2019-08-01")


def test_a_release_is_cited_as_the_repository_is(root: Path) -> None:
    from twinld.publish.citation import citation_texts

    texts = citation_texts("2026-07-31", "2026-07-31")

    assert texts["CITATION.cff"] == (root / "CITATION.cff").read_text(encoding="utf-8")
    assert texts["zenodo.json"] == (root / ".zenodo.json").read_text(encoding="utf-8")
    assert texts["citation.bib"].startswith("@misc{twinld-2026-07-31,\n  author  = {{The twinld developers}},\n")


def test_the_id_of_a_release_is_one_string(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text())
    told = (whole / "dumps" / "twinld.nq").read_text(encoding="utf-8")

    assert (whole.name, manifest["name"], manifest["id"]) == ("2019-08-01",) * 3
    assert re.findall(r'/dataset> <http://www.w3.org/ns/dcat#version> "(.*?)" <', told) == ["2019-08-01"]
    assert "/dataset> <http://purl.org/dc/terms/identifier> " not in told, "the catalogue's, the same in every release"
    assert 'version: "2019-08-01"\n' in (whole / "CITATION.cff").read_text()
    assert json.loads((whole / "zenodo.json").read_text())["version"] == "2019-08-01"


def test_what_reads_back_as_other_bytes_is_never_published(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(point: str) -> None:
        if point == "build.manifest":
            (place,) = (tmp_path / "out" / "releases").glob(".tmp.*")
            change(place / "dumps" / "twinld.nq")

    monkeypatch.setattr(finish.faults, "hit", broken)

    with pytest.raises(ReleaseError, match=r"twinld.nq: reads back as other bytes than were written; check the disk"):
        build(BuildOptions(data=data, out=tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out" / "releases").iterdir()] == []
    assert not (tmp_path / "out" / "current").exists()
