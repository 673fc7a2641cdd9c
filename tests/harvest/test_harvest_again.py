"""One harvest after another, as a portal compares them; and what the command says of a harvest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harvest.serving import TWO, Change, catalogue_only, failures, replaced
from twinld.cli import main
from twinld.harvest import CHECKS, check_harvest


def again(url: str, state: Path) -> tuple[bool | None, str]:
    outcome = check_harvest(url, state=state)[-1]
    return outcome.ok, outcome.found


def with_same_address(url: str, state: Path) -> None:
    """Put the address of a server where that of the one before stood: a public address stays the same."""
    text = state.read_text()
    old = json.loads(text)["datasets"][0]["files"][0]["access"][0].partition("/dumps/")[0]
    state.write_text(text.replace(old, url.removesuffix("/catalog")))


def test_two_releases_in_a_row_are_one_update(server, next_server, tmp_path):
    state = tmp_path / "harvest.json"

    assert again(server.url, state) == (None, "not checked: this is the first harvest; give --state or --against")
    assert again(server.url, state) == (True, "0 new, 0 removed, 0 updated")
    with_same_address(next_server.url, state)
    assert again(next_server.url, state) == (True, "0 new, 0 removed, 1 updated")
    assert again(next_server.url, state) == (True, "0 new, 0 removed, 0 updated")


def test_the_catalogue_of_another_release_can_be_compared_with(server, next_server):
    outcome = check_harvest(next_server.url, against=server.url)[-1]

    assert (outcome.check.name, outcome.ok, outcome.found) == ("again", True, "0 new, 0 removed, 1 updated")


AGAIN: list[tuple[str, Change, str]] = [
    (
        "a moved data set",
        replaced("w3id.org/twinld/dataset", "w3id.org/twinld/data"),
        "a new data set https://w3id.org/twinld/data",
    ),
    (
        "a moved IRI under the same identifier",
        replaced("<https://w3id.org/twinld/dataset>", "<https://w3id.org/twinld/d>"),
        "the data set <https://w3id.org/twinld/dataset> is now <https://w3id.org/twinld/d>",
    ),
    (
        "a lost distribution",
        replaced("dataset#places.csv>", "dataset#cities.csv>"),
        "the distribution <https://w3id.org/twinld/dataset#places.csv> is removed",
    ),
    (
        "a change within a release",
        catalogue_only(lambda text: text.replace('"2023-01-31"', '"2022-11-30"').replace("-01-31", "-11-30")),
        "it changed and the release is still 2022-11-30",
    ),
]


@pytest.mark.parametrize(("claim", "change", "reason"), AGAIN, ids=[row[0] for row in AGAIN])
def test_what_a_portal_would_delete_is_named(server, next_server, tmp_path, claim, change, reason):
    state = tmp_path / "harvest.json"
    check_harvest(server.url, state=state)
    before = state.read_text()
    with next_server.by(change) as url:
        found = failures(url, state=state)

    assert reason in found["again"]
    assert state.read_text() == before, "a failed harvest is not kept"


# ------------------------------------------------------------------------------------------- the command


def test_the_command_prints_a_row_a_check(server, capsys):
    assert main(["check-harvest", server.url]) == 0
    out, err = capsys.readouterr()

    assert [line.split("\t")[0] for line in out.splitlines()] == [check.name for check in CHECKS]
    assert err == f"{server.url}: 17 checks, 0 failed\n"


def test_the_command_gives_reason_and_remedy_and_fails(server, capsys):
    with server.by(catalogue_only(lambda text: text + TWO)) as url:
        assert main(["check-harvest", url]) == 1
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    row = next(row for row in rows if row[0] == "one dataset")

    assert row[1] == "FAILED"
    assert row[2].startswith("2 data sets: https://w3id.org/twinld/dataset")
    assert row[3].startswith("list old releases and series elsewhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "this is no state of a harvest"), ("no json", "this is no state of a harvest")],
)
def test_a_file_that_is_no_state_is_refused(tmp_path, capsys, text, message):
    state = tmp_path / "state.json"
    state.write_text(text)

    assert main(["check-harvest", "http://127.0.0.1:1/catalog", "--state", str(state)]) == 2
    assert message in capsys.readouterr().err


def test_a_server_that_is_not_there_is_a_failed_check(capsys):
    assert main(["check-harvest", "http://127.0.0.1:1/catalog"]) == 1
    out, err = capsys.readouterr()
    first, *rest = [line.split("\t") for line in out.splitlines()]

    assert first[:2] == ["get", "FAILED"]
    assert "cannot be asked" in first[2]
    assert {tuple(row[1:3]) for row in rest} == {("-", "not checked: get failed")}
    assert err.endswith("1 check, 1 failed\n")


def test_published_shapes_can_be_given(shared, server):
    shapes = [shared / "standards/dcat-ap-3.0.1/shacl/dcat-ap-SHACL.ttl"]
    outcomes = check_harvest(server.url, shapes=shapes)

    assert {outcome.check.name: outcome.ok for outcome in outcomes}["shapes"] is True
