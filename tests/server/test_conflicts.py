"""The page /conflicts shows the report of the release, by field, and sends it whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.unit.resolve_data import SOURCES, resolved
from tests.unit.test_choices import says
from twinld.pipeline.conflicts import COLUMNS, write_conflicts

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def report(release_folder: Path) -> Iterator[Path]:
    folder = release_folder / "reports"
    there = folder.is_dir()
    folder.mkdir(exist_ok=True)
    write_conflicts(
        folder, resolved(says("a", "1983"), says("b", "1982"), says("by", "1979", kind="friendship")), SOURCES
    )
    yield folder
    for name in ("conflicts.csv", "conflicts.json"):
        (folder / name).unlink()
    if not there:
        folder.rmdir()


def test_values_stand_side_by_side_with_the_rule(released: FlaskClient, report: Path) -> None:
    page = released.get("/conflicts", headers=BROWSER)
    text = page.get_data(as_text=True)

    assert page.status_code == 200
    assert "2 values that a source states are not the ones shown" in text
    assert '<td>start</td><td>1983</td><td><a href="/record/a/a-1983">a</a></td><td>1982</td>' in text
    assert "the source of lowest rank" in text


def test_a_field_is_chosen_and_an_unknown_one_is_not_there(released: FlaskClient, report: Path) -> None:
    assert released.get("/conflicts?field=start", headers=BROWSER).status_code == 200
    assert released.get("/conflicts?field=colour", headers=BROWSER).status_code == 404


def test_the_whole_report_is_sent_as_csv_and_json(released: FlaskClient, report: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(released.get("/conflicts.csv").get_data(as_text=True))))

    assert tuple(rows[0]) == COLUMNS
    assert [(row["stated"], row["rule"], row["licence"]) for row in rows] == [
        ("1979", "licence", SOURCES["by"].licence),
        ("1982", "rank", SOURCES["b"].licence),
    ]
    answer = released.get("/conflicts.json").get_json()
    assert {(row["one"], row["other"], row["field"], row["count"]) for row in answer["pairs"]} == {
        ("a", "b", "start", 1), ("a", "by", "start", 1),
    }  # fmt: skip
    assert released.get("/conflicts.xml").status_code == 404


def test_a_store_without_reports_says_so(client: FlaskClient) -> None:
    assert "There is no report of conflicts here" in client.get("/conflicts", headers=BROWSER).get_data(as_text=True)
    assert client.get("/conflicts.csv").status_code == 404
