"""Releases on disk: which stay, which is current, and what happens to a damaged one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.crash.builder import Builder
from twinld.cli import main
from twinld.errors import NotFound, ReleaseError
from twinld.pipeline import BuildOptions, build
from twinld.pipeline.finish import recover
from twinld.publish.history import keep_history, read_history
from twinld.publish.release import find_release, settle, switch_in, write_manifest
from twinld.publish.seal import check_sizes, faults

DATES = ("2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01")


@pytest.mark.parametrize("keep", [1, 3])
@pytest.mark.parametrize("where", ["relative", "absolute", "by a symbolic link"])
def test_the_newest_releases_stay_wherever_the_folder_is_named_from(tmp_path, monkeypatch, where, keep):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    out = {"relative": Path("real"), "absolute": tmp_path / "real", "by a symbolic link": tmp_path / "link"}[where]
    for age, date in enumerate(reversed(DATES)):
        folder = tmp_path / "real" / "releases" / date
        folder.mkdir(parents=True)
        write_manifest(folder, {"id": date})
        os.utime(folder, (1_600_000_000 - age, 1_600_000_000 - age))
    switch_in(out, DATES[-1])
    settle(out, keep)

    assert sorted(path.name for path in (out / "releases").iterdir()) == list(DATES[-keep:])
    assert find_release(out).name == DATES[-1]


def test_a_build_keeps_the_release_that_it_made(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for date in DATES[:2]:
        assert build(BuildOptions(data, Path("out"), date=date, keep=1)).folder.is_dir()

    assert [path.name for path in Path("out", "releases").iterdir()] == [DATES[1]]


def test_a_damaged_release_that_was_never_current_does_not_become_it(data, tmp_path, caplog):
    out = tmp_path / "out"
    with Builder(data, out, tmp_path / "log", keep=3) as builder:
        assert builder.build("", "--date", DATES[0])[0] == 0
        builder.build("publish.named=kill", "--date", DATES[1])
    broken = out / "releases" / DATES[1] / "dumps" / "twinld.nt"
    size = broken.stat().st_size
    broken.write_bytes(broken.read_bytes()[:-20])
    recover(out, 3)

    assert find_release(out).name == DATES[0]
    assert [path.name for path in (out / "releases").iterdir()] == [DATES[0]]
    assert [changes.release for changes in read_history(out)] == [DATES[0]]
    fault = f"{broken}: has {size - 20:,} bytes and should have {size:,}"
    assert caplog.messages == [f"{fault}; the build was killed before this release was current, so it is removed"]
    assert build(BuildOptions(data, out, date=DATES[1])).folder.name == DATES[1], "its name is free again"


def test_a_changed_manifest_is_found_before_it_is_believed(data, tmp_path, capsys):
    out = tmp_path / "out"
    folder = build(BuildOptions(data, out)).folder
    path = folder / "manifest.json"
    right = json.loads(path.read_text(encoding="utf-8"))["files"][0]["sha256"]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")

    with pytest.raises(ReleaseError, match=r"manifest\.json: has the SHA-256 [0-9a-f]{64} and should have"):
        check_sizes(folder)
    assert [fault.partition(":")[0] for fault in faults(folder)] == [str(path)]
    assert main(["serve", "--out", str(out), "--port", "0"]) == 2
    assert "manifest.json: has the SHA-256" in capsys.readouterr().err
    again = build(BuildOptions(data, out))
    assert (again.fresh, again.folder.name) == (True, f"{folder.name}+2")
    check_sizes(again.folder)


def test_half_a_list_of_changes_is_not_kept_for_ever(data, tmp_path, caplog):
    out = tmp_path / "out"
    build(BuildOptions(data, out, date=DATES[0]))
    second = build(BuildOptions(data, out, date=DATES[1])).folder
    (out / "history" / f"{DATES[1]}.json").unlink()
    told = second / "reports" / "changes.json"
    whole = told.read_bytes()
    told.write_bytes(whole[:20])
    keep_history(out)

    assert [path.stem for path in (out / "history").iterdir()] == [DATES[0]]
    assert caplog.messages == [f"{told}: is no whole list of changes, so the history lacks it; run twinld verify"]
    told.write_bytes(whole)
    keep_history(out)
    assert [changes.release for changes in read_history(out)] == [DATES[1], DATES[0]]


def test_a_pointer_to_nowhere_is_told_with_where_it_leads(data, tmp_path):
    out = tmp_path / "out"
    (out / "releases").mkdir(parents=True)
    with pytest.raises(NotFound, match="no release yet; run twinld build"):
        find_release(out)
    (out / "current").symlink_to("releases/2020-01-01")

    with pytest.raises(NotFound, match="current: leads to releases/2020-01-01, which is no release; run twinld build"):
        find_release(out)
    build(BuildOptions(data, out, date=DATES[1]))
    assert find_release(out).name == DATES[1]


def test_a_folder_that_cannot_be_written_to_is_told_as_a_release_that_was_not_made(data, tmp_path):
    (tmp_path / "out").write_text("a file in the place of the folder", encoding="utf-8")

    with pytest.raises(ReleaseError, match=r"out: File exists .*; the release was not made, the last one stays"):
        build(BuildOptions(data, tmp_path / "out"))
