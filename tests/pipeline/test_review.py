"""The review of places that matching leaves to a person: written, filled in, read back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.test_matching import WORLD, resolved, row
from twinld.cli.decide import command
from twinld.errors import SourceError
from twinld.pipeline.review import decide, read_review, write_review
from twinld.resolve import Decisions


def reviewed(tmp_path: Path, decision: str) -> Path:
    """The review of a Boston that may be either of two, with a decision filled in."""
    records = [*WORLD, row(country="US")]
    path = tmp_path / "review.csv"
    assert write_review(path, resolved(*records), records) == 1
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",,\n", f",{decision},\n"), encoding="utf-8")
    return path


def test_the_review_names_the_candidates_and_leaves_one_column_to_fill_in(tmp_path: Path) -> None:
    with reviewed(tmp_path, "").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [(r["item"], r["name"], r["country"], r["candidates"], r["decision"]) for r in rows] == [
        ("b:place", "Boston", "US", "Q100 Boston 5.5 (name +4, country +1.5)", "")
    ]


@pytest.mark.parametrize(
    ("decision", "line"),
    [
        ("Q311975", "b:place,Q311975,same,2026-11-22,decided in review"),
        ("new", "b:place,,new,2026-11-22,decided in review"),
        ("none", "b:place,,none,2026-11-22,decided in review"),
    ],
)
def test_a_decision_is_taken_over_and_read_by_the_next_build(tmp_path: Path, decision: str, line: str) -> None:
    path, data = reviewed(tmp_path, decision), tmp_path / "data"
    data.mkdir()
    (data / "reconciliation.csv").write_text(
        "item,place,role,decided_on,reason\nQ503361,Q2211,p190,2026-11-21,its municipality\n", encoding="utf-8"
    )

    result = CliRunner().invoke(command, [str(path), "--data", str(data), "--date", "2026-11-22"])

    assert (result.exit_code, result.output.startswith("1 decisions taken over into")) == (0, True), result.output
    assert (data / "reconciliation.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "Q503361,Q2211,p190,2026-11-21,its municipality",
        line,
    ]
    assert "b:place" in Decisions.read(data).places
    assert decide(path, data / "reconciliation.csv", "2026-11-23") == 0, "nothing new the second time"


def test_a_decision_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"review.csv:2: decision 'yes' is none; write an item such as Q100, new or"):
        list(read_review(reviewed(tmp_path, "yes")))


def test_no_review_is_written_when_everything_is_decided(tmp_path: Path) -> None:
    assert write_review(tmp_path / "review.csv", resolved(*WORLD), WORLD) == 0
    assert not (tmp_path / "review.csv").exists()
