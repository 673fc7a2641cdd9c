"""Adding an agreement: namesakes are told apart, what is known is shown, and the build makes the rest."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twinld.cli import main
from twinld.errors import UsageError
from twinld.files import folder
from twinld.pipeline import BuildOptions, build
from twinld.pipeline.adding import COLUMNS, Adding, drafts, line_of, partner_list
from twinld.store import open_store

ROW = {
    **dict.fromkeys(COLUMNS, ""),
    "place_a": "Q203308",
    "place_b": "Q170322",
    "kind": "twinning",
    "start": "1979",
    "source_url": "https://example.org/page",
    "quote": "sisterly relations",
    "read_on": "2026-11-22",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data of this checkout."""
    copy = tmp_path_factory.mktemp("checkout") / "data"
    shutil.copytree(folder("data"), copy)
    return copy


@pytest.fixture(scope="module")
def adding(data: Path) -> Adding:
    return Adding(data)


def test_namesakes_are_shown_with_country_and_inhabitants(adding: Adding) -> None:
    assert [str(place) for place in adding.candidates("toledo")] == [
        "Toledo (United States, 287,208 inhabitants) Q49239 toledo-us",
        "Toledo (Spain, 85,449 inhabitants) Q5836 toledo-es",
    ]
    assert [place.slug for place in adding.candidates("Q100")] == ["boston"]
    assert [place.slug for place in adding.candidates("malmo")] == ["malmo"]
    assert [place.slug for place in adding.candidates("大连")] == ["dalian"]
    assert adding.candidates("Nowhere at all") == []


def test_what_is_known_of_a_pair_is_shown_and_conflicts_are_told(adding: Adding) -> None:
    known = adding.known("Q100", "Q34600")
    row = {**ROW, "kind": "friendship", "start": "1960"}

    assert {(saying.source, saying.kind, str(saying.start)) for saying in known} == {
        ("City of Boston, sister cities", "twinning", "1959"),
        ("WD50K, statements of August 2019", "unspecified", "None"),
        ("Wikidata, cities of January 2022", "unspecified", "None"),
        ("Wikidata, crawl of September 2016", "unspecified", "None"),
    }
    assert adding.conflicts(row, known) == [
        "kind: friendship here, twinning in City of Boston, sister cities",
        "start: 1960 here, 1959 in City of Boston, sister cities",
    ]
    assert adding.conflicts({**ROW, "start": "1959-06"}, known) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "twining"}, "kind 'twining' is not one; did you mean twinning?"),
        ({"start": "1979-13"}, "start '1979-13'"),
        ({"place_b": "Q203308"}, "Q203308 is its own partner"),
        ({"source_url": "a page"}, "source_url 'a page' is neither an address nor a passage"),
        ({"read_on": "yesterday"}, "read_on 'yesterday' is wrong; write it as 2026-01-31"),
        ({"relation": "two"}, "relation 'two' is not a number"),
        ({"local_term": "sistercity"}, "local_term 'sistercity' is not one; did you mean sister-city?"),
    ],
)
def test_a_row_that_is_wrong_is_not_written(adding: Adding, data: Path, change: dict[str, str], said: str) -> None:
    table = data / "curated" / "agreements.csv"
    before = table.read_bytes()

    with pytest.raises(UsageError, match=re.escape(said)):
        adding.append({**ROW, **change})

    assert table.read_bytes() == before


def test_a_row_is_written_once(tmp_path: Path, data: Path, adding: Adding) -> None:
    table = data / "curated" / "agreements.csv"
    before = table.read_text("utf-8")
    line = before.count("\n") + 1

    assert adding.append(ROW) == f"{table}:{line}"
    with pytest.raises(UsageError, match="this row stands there already"):
        adding.append(ROW)
    assert table.read_text("utf-8") == before + line_of(ROW)
    table.write_text(before, "utf-8")


PASTED = [
    (
        "an HTML table",
        "<table><tr><th>City<th>Since<tr><td>Kyoto</td><td>1959</td></tr><tr><td> New<br>Port</td></tr></table>",
        [["City", "Since"], ["Kyoto", "1959"], ["New Port"]],
    ),
    ("an HTML list", "<ul><li>Kyoto (1959)</li><li><b>Padua</b></li></ul>", [["Kyoto (1959)"], ["Padua"]]),
    ("semicolons", "Kyoto;1959\nPadua;1983\n", [["Kyoto", "1959"], ["Padua", "1983"]]),
    ("tabs", "Kyoto\t1959\n", [["Kyoto", "1959"]]),
    ("names in a line each", "Kyoto\n\nPadua\n", [["Kyoto"], ["Padua"]]),
]


@pytest.mark.parametrize(("claim", "text", "rows"), PASTED, ids=[row[0] for row in PASTED])
def test_a_pasted_list_has_rows(claim: str, text: str, rows: list[list[str]]) -> None:
    assert partner_list(text) == rows


def test_text_without_a_list_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no list in this text"):
        partner_list("<p></p>")


def test_a_list_gives_draft_rows(adding: Adding) -> None:
    rows = [["Kyoto", "1959"], ["Toledo", "1931"], ["Atlantis", ""]]
    found = list(drafts(adding, "Q100", rows, {"kind": "twinning"}))

    assert [(row["place_b"], row["start"], len(places), said) for row, places, said in found] == [
        ("Q34600", "1959", 1, "Kyoto | 1959"),
        ("", "1931", len(adding.candidates("toledo")), "Toledo | 1931"),
        ("", "", 0, "Atlantis | "),
    ]


def test_the_command_drafts_and_says_what_it_leaves_out(data: Path, tmp_path: Path) -> None:
    pasted = tmp_path / "list.csv"
    pasted.write_text("Kyoto,1959\nToledo,1931\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "twinld", "add", "--place-a", "Q100", "--list", str(pasted), "--data", str(data),
         "--source-url", "https://example.org/p", "--read-on", "2026-11-22"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip

    assert done.stdout == ",".join(COLUMNS) + "\nQ100,Q34600,twinning,1959,,https://example.org/p,,2026-11-22,,\n"
    assert "left out: Toledo | 1931: fits " in done.stderr


def test_a_name_of_several_places_lists_them(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "--place-a", "Toledo", "--data", str(data)]) == 2

    said = capsys.readouterr().err
    assert "'Toledo' fits" in said
    assert "Q5836 toledo-es" in said


@pytest.mark.long
def test_the_walk_of_contributing_adds_one_agreement(root: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "build"
    few = ("countries", "natural-earth", "wikidata-cities", "wikidata-entities")  # enough to find the places in
    shutil.copytree(folder("data"), data, ignore=shutil.ignore_patterns("sources"))
    for name in few:
        shutil.copytree(folder("data") / "sources" / name, data / "sources" / name)
    (data / "curated" / "verdicts.csv").unlink()  # its one row is about a statement that is not among these
    page = (root / "CONTRIBUTING.md").read_text("utf-8")
    walk = re.search(r"\$ \.venv/bin/twinld (add .*)\n((?:.*\n)*?)\$ make check-data", page)
    assert walk is not None
    done = subprocess.run(
        [sys.executable, "-m", "twinld", *shlex.split(walk[1]), "--data", str(data)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    printed = f"{done.stderr}{done.stdout}".replace(f"{data.parent}/", "")

    assert printed == walk[2]
    release = build(BuildOptions(data=data, out=out, date="2026-07-31")).folder
    store = open_store(release)
    rows = store.select(
        "PREFIX tw: <https://w3id.org/twinld/ns#> PREFIX a: <https://w3id.org/twinld/id/agreement/> "
        "SELECT ?start ?kind ?claim ?record { a:qingdao--shimonoseki tw:start ?start ; tw:kind ?kind "
        "GRAPH <https://w3id.org/twinld/graph/source/pages> { ?claim tw:claimSubject a:qingdao--shimonoseki ; "
        "tw:claimPredicate tw:start ; tw:claimValue ?start ; tw:fromRecord ?record } }"
    )
    quotes = store.select(
        "PREFIX tw: <https://w3id.org/twinld/ns#> SELECT ?words { GRAPH <https://w3id.org/twinld/graph/quotations> "
        "{ <https://w3id.org/twinld/id/record/contributed/q203308-q170322> tw:quote ?words } }"
    )
    store.close()

    assert [row["start"].value for row in rows] == ["1979"]
    assert rows[0]["kind"].value.endswith("/kind-twinning")
    assert rows[0]["record"].value == "https://w3id.org/twinld/id/record/contributed/q203308-q170322"
    assert [row["words"].value for row in quotes] == ["sisterly relations"]
    with (out / "ids.csv").open(encoding="utf-8", newline="") as file:
        minted = {(row["type"], row["slug"]) for row in csv.DictReader(file)}
    assert minted == {("source", "contributed")}, "the agreement has its id already, and keeps it"
