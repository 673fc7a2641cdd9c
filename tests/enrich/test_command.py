"""`twinld enrich` ends with one line and the right exit code, and goes nowhere without a contact."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from twinld.cli import main

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
