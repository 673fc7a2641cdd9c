"""Ids, verdicts and the input of a build: what is appended, what is told, what stops it."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from twinld.errors import LockedError, ReleaseError, SourceError
from twinld.pipeline import BuildOptions, build
from twinld.publish.release import builder_lock, find_release, folder_lock

from .conftest import CC_BY, write_source


def made(data: Path, out: Path, **more: object) -> Path:
    return build(BuildOptions(data=data, out=out, **more)).folder  # type: ignore[arg-type]


@pytest.fixture
def checkout_data(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small data as if it were that of the checkout, whose ledger a whole build appends to."""
    module = sys.modules[build.__module__]
    monkeypatch.setattr(module, "checkout", lambda: data.parent)
    return data


def test_a_whole_build_of_the_checkout_appends_to_its_ledger(checkout_data: Path, tmp_path: Path) -> None:
    made(checkout_data, tmp_path / "out")
    before = (checkout_data / "ids.csv").read_text()
    made(checkout_data, tmp_path / "out", force=True)

    assert "place,boston,Q100,2019-08-01,active," in before
    assert (checkout_data / "ids.csv").read_text() == before
    assert not (tmp_path / "out" / "ids.csv").exists()


def test_an_id_that_stands_for_nothing_any_more_stops_the_build(checkout_data: Path, tmp_path: Path) -> None:
    first = made(checkout_data, tmp_path / "out")
    write_source(checkout_data, "sample", [], licence=CC_BY, rank=9, lists_all=False, extracted="2019-08-01")

    with pytest.raises(ReleaseError, match=r"ids.csv: 2 ids stand for nothing any more \(agreement/boston--q424242, "):
        made(checkout_data, tmp_path / "out")
    assert find_release(tmp_path / "out") == first


def test_an_id_whose_row_was_refused_is_told_and_the_rest_is_published(checkout_data: Path, tmp_path: Path) -> None:
    made(checkout_data, tmp_path / "out")
    path = checkout_data / "sources" / "crawl" / "statements.csv"
    path.write_text(path.read_text().replace("Q5112,Q100", "X5112,Q100"))
    folder = made(checkout_data, tmp_path / "out")
    findings = list(csv.DictReader(io.StringIO((folder / "reports" / "findings.csv").read_text())))

    assert [(f["rule"], f["where"]) for f in findings if f["severity"] == "Violation"] == [
        ("S01", "crawl/statements.csv:6")
    ]
    assert json.loads((folder / "manifest.json").read_text())["counts"]["agreements"] == 2


def test_a_ledger_that_was_changed_makes_a_new_build(checkout_data: Path, tmp_path: Path) -> None:
    made(checkout_data, tmp_path / "out")
    path = checkout_data / "ids.csv"
    unchanged = build(BuildOptions(data=checkout_data, out=tmp_path / "out")).fresh
    path.write_text(path.read_text() + "place,old-town,Q77,2010-01-01,gone,\n")

    assert not unchanged
    assert build(BuildOptions(data=checkout_data, out=tmp_path / "out")).fresh


def test_two_builds_of_one_data_folder_exclude_each_other(data: Path, tmp_path: Path) -> None:
    with folder_lock(data), pytest.raises(LockedError, match="another build reads or extends it"):
        made(data, tmp_path / "out")


def test_builds_that_extend_no_ledger_may_read_one_data_folder_together(data: Path, tmp_path: Path) -> None:
    with folder_lock(data, extend=False):
        assert made(data, tmp_path / "out").is_dir()


def test_what_is_there_already_needs_no_lock(data: Path, tmp_path: Path) -> None:
    made(data, tmp_path / "out")
    with folder_lock(data), builder_lock(tmp_path / "out"):
        assert not build(BuildOptions(data=data, out=tmp_path / "out")).fresh


def test_a_quarantined_record_is_told_with_its_file_and_line(data: Path, tmp_path: Path) -> None:
    write_source(data, "late", ["Q100,Q34600,,,,1900,,"], rank=5, lists_all=False)
    folder = made(data, tmp_path / "out")
    findings = list(csv.DictReader(io.StringIO((folder / "reports" / "findings.csv").read_text())))

    assert [(f["rule"], f["source"], f["where"]) for f in findings if f["severity"] == "Violation"] == [
        ("D05", "late", "late/statements.csv:2")
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("crawll,Q100,Q34600,refuted,crawl,2026-01-01,why", "source 'crawll' is not one; did you mean crawl"),
        ("crawl,Q100,Q34600,refuted,crawl,yesterday,why", "read_on 'yesterday' is wrong; write it as 2026-01-31"),
        ("crawl,Q100,Q99,refuted,crawl,2026-01-01,why", "crawl states no Q100 P190 Q99; correct the row"),
    ],
)
def test_a_verdict_that_meets_nothing_stops_the_build(data: Path, tmp_path: Path, row: str, said: str) -> None:
    (data / "curated").mkdir()
    (data / "curated" / "verdicts.csv").write_text(f"source,subject,object,verdict,according_to,read_on,note\n{row}\n")

    with pytest.raises(SourceError, match=said):
        made(data, tmp_path / "out")
