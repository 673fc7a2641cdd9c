"""`twinld enrich` ends with one line and the right exit code, and goes nowhere without a contact."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from twinld.cli import main
from twinld.enrich import Offline, Run, enrich
from twinld.enrich.clock import Clock
from twinld.settings import LANGUAGES
from twinld.store import open_store

from .front import Front


@pytest.fixture
def run(front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("TWINLD_CONTACT", "test@example.org")
    (tmp_path / "data").mkdir()
    folders = ["--data", str(tmp_path / "data"), "--out", str(tmp_path / "build")]
    return ["enrich", "--endpoint", front.url, "--item", "Q64", "--item", "Q1040", *folders]


def test_it_reads_and_stores_an_extract(run: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(run) == 0
    said = capsys.readouterr().out
    with (tmp_path / "data" / "sources" / "wikidata-live" / "statements.csv").open(newline="") as file:
        berlin = [row for row in csv.DictReader(file) if row["subject"] == "Q64"]
    assert len(berlin) == 18
    assert "0 deleted" in said
    assert main(run) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_a_service_that_refuses_ends_it_with_3_and_one_line(
    run: list[str], front: Front, capsys: pytest.CaptureFixture[str]
) -> None:
    front.faults.extend(["ok", "status:403"])

    assert main(run) == 3
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(f"twinld: {front.url}: refuses us (status 403")
    assert "go on with --resume. There is no older extract." in line
    assert main([*run, "--resume"]) == 0


LASTING = [
    "status:500", "status:502", "status:503", "html200", "htmljson", "truncated", "truncjson", "error", "reset",
    "empty", "notatable", "boolean", "deep", "badgzip", "halfgzip", "429:7", "429:9999",
    "429date:2099-01-01T00:00:00+00:00",
    "503:120", "slow", "drip", "dripheaders", "huge", "bomb", "trace", "timeout500", "status:504", "status:413",
    "status:403", "ban:429", "400", "status:404", "redirectout", "redirect:302",
]  # fmt: skip


@pytest.fixture(scope="module")
def good(documents_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stored extract of two items and of their partners."""
    place = tmp_path_factory.mktemp("good")
    service = Offline(open_store(documents_file), "a file")
    enrich(Run(("Q1040", "Q64"), place / "wikidata-live", place / "work", LANGUAGES.split(",")), service)
    service.close()
    return place / "wikidata-live"


@pytest.mark.parametrize("fault", LASTING)
def test_a_fault_that_lasts_keeps_what_was_read_and_the_last_good_extract(
    run: list[str],
    front: Front,
    good: Path,
    tmp_path: Path,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Clock, "sleep", lambda *_: None)
    monkeypatch.setenv("TWINLD_WIKIDATA_TIMEOUT_S", "1")
    monkeypatch.setenv("TWINLD_WIKIDATA_MAX_MIB", "1")
    extract = tmp_path / "data" / "sources" / "wikidata-live"
    shutil.copytree(good, extract)
    before = {path.name: path.read_bytes() for path in extract.iterdir()}
    day = before["source.toml"].decode().split('extracted = "')[1][:10]
    front.faults.extend([fault] * 50)
    failed = main([*run, "--item", "Q84"])
    line = capsys.readouterr().err.splitlines()[-1]
    front.faults.clear()

    assert failed == 3
    assert line.startswith(f"twinld: {front.url}: ")
    assert "items are kept in " in line
    assert line.endswith(f"go on with --resume. The extract of {day} stays in use.")
    assert {path.name: path.read_bytes() for path in extract.iterdir()} == before
    assert main([*run, "--resume"]) == 0
    assert "Q84,read," in (extract / "revisions.csv").read_text()


def test_without_a_contact_nothing_is_asked(
    run: list[str], front: Front, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TWINLD_CONTACT")

    assert main(run) == 2
    assert "TWINLD_CONTACT is empty; say who asks" in capsys.readouterr().err
    assert front.requests == 0


def test_a_file_needs_no_contact(
    run: list[str], documents_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TWINLD_CONTACT")

    assert main([*run, "--extract", str(documents_file)]) == 0
    assert "0 problems" in capsys.readouterr().out
