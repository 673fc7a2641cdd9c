"""`twinld search`: rows, formats, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twinld.cli import main

SMALL = str(Path(__file__).resolve().parents[1] / "data" / "small.trig")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """Exit code, lines and what was said on the side."""
    code = main(["search", "--store", SMALL, *words])
    out, err = capsys.readouterr()
    return code, out.splitlines(), err


def test_rows_are_tsv_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "Kiew") == (
        0,
        [
            "id\tname\tcountry\ttype\ttwins\twikidata\tfound as\tlicence",
            "kyiv\tKyiv\tUA\tplace\t1\tQ1899\tKiew\tCC0 1.0",
        ],
        "",
    )


def test_several_words_are_one_name(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = run(capsys, "Boston,", "United", "States")

    assert (code, [line.split("\t")[0] for line in lines[1:]]) == (0, ["boston"])


def test_agreements_are_narrowed(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = run(capsys, "--status", "ended")

    assert (code, lines[1:]) == (0, ["kyiv--moscow\tKyiv – Moscow\t\t2016\tended\tunknown\tCC0 1.0"])


def test_json_is_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = run(capsys, "b", "--country", "de", "--format", "json")

    assert code == 0
    assert [row["label"] for row in json.loads("\n".join(lines))["results"]] == ["Berlin"]


def test_a_table_has_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    _, lines, _ = run(capsys, "bostn", "--format", "table")

    assert any("q311975" in line for line in lines)


def test_the_limit_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, err = run(capsys, "b", "--limit", "1")

    assert (code, len(lines), err) == (0, 2, "3 found; --limit shows more\n")


def test_nothing_found_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, err = run(capsys, "Strasburgstadt")

    assert (code, len(lines)) == (1, 1)
    assert err.startswith("nothing found; names that look alike: Strasbourg")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing to look for; write a name, such as twinld search boston"),
        (["a", "--format", "csv"], "'csv' is not a format here; did you mean tsv?"),
        (["a", "--limit", "0"], "--limit 0 is not possible; write a number from 1 to 1,000"),
        (["a", "--country", "dee"], "nothing here has the country 'dee'; did you mean de?"),
        (["--type", "place", "--status", "ended"], "status narrows agreements only; leave out type=place"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert run(capsys, *words) == (2, [], f"twinld: {said}\n")
