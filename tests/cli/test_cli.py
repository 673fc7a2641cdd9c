"""The command line: what is printed, where, and the exit codes."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.conftest import STAGES
from twinld.cli import COMMANDS, main
from twinld.store.oxigraph import bulk_load

NS = "https://w3id.org/twinld/ns#"
BOSTON = "https://w3id.org/twinld/id/place/boston"


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a pipe."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TWINLD_")}
    return subprocess.run(
        [sys.executable, "-m", "twinld", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
    )


def test_help_lists_every_command() -> None:
    done = run("--help")

    assert done.returncode == 0
    for name, text in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert text in " ".join(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_an_example(name: str) -> None:
    done = run(name, "--help")

    assert done.returncode == 0
    assert "Example: twinld " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["biuld"], 2, "'biuld' is not a command; did you mean build?"),
        (["build", "--sorce", "x"], 2, "'--sorce'"),
        (["build", "--source", "wikidata-crowl"], 2, "'wikidata-crowl' is not a source; did you mean wikidata-crawl"),
        (["build", "--date", "2022-13-01"], 2, "--date '2022-13-01' is not a day; write it as 2026-01-31"),
        (["build", "--date", "2022"], 2, "--date '2022' is not a day"),
        (["build", "--base", "twins"], 2, "--base='twins': expected an http(s) IRI that ends with /"),
        (["query"], 2, "QUERY"),
        (["query", "best_conected"], 2, "'best_conected' is no query of ours; did you mean best_connected?"),
        (["query", "nowhere.rq"], 2, "nowhere.rq: there is no such file"),
        (["query", "SELECT * { ?s ?p ?o", "--store", "STORE"], 2, "line 1"),
        (["query", "ASK {}", "--format", "cvs", "--store", "STORE"], 2, "'cvs' is not a format here; did you mean csv"),
        (["query", "SELECT * { ?s ?p ?o }", "--store", "nowhere.nq"], 2, "nowhere.nq"),
        (["show", "bostn", "--store", "STORE"], 2, "there is no place 'bostn' in this release; did you mean boston?"),
        (["show", "boston", "--format", "tetx", "--store", "STORE"], 2, "did you mean text?"),
        (["validate", "nowhere.ttl"], 2, "nowhere.ttl: there is no such file"),
        (["validate", ".", "--format", "pdf"], 2, "'pdf' is not a format here"),
        (["dump", "--format", "turtel"], 2, "'turtel' is not a format here; did you mean turtle?"),
        (["dump"], 2, "--format"),
        (["serve", "--port", "x"], 2, "--port"),
        (["serve", "--release", "1999-01-01"], 2, "release '1999-01-01' is not here"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], code: int, said: str, small: Path, tmp_path: Path
) -> None:
    done = run(*[str(small) if word == "STORE" else word for word in arguments], cwd=tmp_path)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("twinld: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


@pytest.fixture
def small() -> Path:
    return Path(__file__).resolve().parents[1] / "data" / "small.trig"


def test_a_query_gives_tsv_in_a_pipe(small: Path) -> None:
    done = run("query", "SELECT ?p { ?p tw:isoCode 'US' }", "--store", str(small))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "?p\n<https://w3id.org/twinld/id/place/country-us>\n"


def test_a_query_gives_a_table_on_a_terminal(small: Path) -> None:
    output = on_terminal("query", "SELECT ?l { place:kyoto rdfs:label ?l } ORDER BY ?l", "--store", str(small))

    assert "Kyoto" in output
    assert "┃" in output
    assert " rows" in output


@pytest.mark.parametrize(
    ("query", "answer"), [("ASK { place:boston a tw:Place }", "true"), ("ASK { place:x a tw:Place }", "false")]
)
def test_an_ask_gives_json_in_a_pipe(small: Path, query: str, answer: str) -> None:
    done = run("query", query, "--store", str(small))

    assert json.loads(done.stdout)["boolean"] is (answer == "true")


def test_a_construct_gives_turtle(small: Path) -> None:
    done = run("query", "CONSTRUCT { ?p a tw:Country } { ?p tw:isoCode 'US' }", "--store", str(small))

    assert done.stdout.endswith("a tw:Country .\n") or f"<{NS}Country>" in done.stdout


def test_a_query_file_is_asked(small: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("# mine\nSELECT ?p { ?p tw:isoCode 'JP' }", encoding="utf-8")
    done = run("query", "mine.rq", "--store", str(small), "--format", "csv", cwd=tmp_path)

    assert done.stdout.split() == ["p", "https://w3id.org/twinld/id/place/country-jp"]


@pytest.mark.parametrize("thing", ["boston", "Q100", "q100", "place/boston", BOSTON, "id/place/boston"])
def test_show_finds_a_place_by_any_of_its_names(small: Path, thing: str) -> None:
    done = run("show", thing, "--store", str(small))

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Boston (United States) has ")
    assert "Kyoto\tJapan" in done.stdout


def test_show_gives_an_agreement_a_source_and_rdf(small: Path) -> None:
    agreement = run("show", "boston--kyoto", "--store", str(small))
    source = run("show", "source/wikidata-crawl", "--store", str(small))
    turtle = run("show", "boston", "--store", str(small), "--format", "turtle")

    assert agreement.stdout.startswith("Boston (United States) and Kyoto (Japan) ")
    assert "crawl" in source.stdout
    assert "place:boston a " in turtle.stdout


def test_show_follows_an_id_to_what_it_was_merged_into(small: Path, tmp_path: Path) -> None:
    bulk_load(tmp_path / "store", [(small, None)])
    (tmp_path / "ids.csv").write_text(
        "type,slug,key,minted_in,state,replaced_by\n"
        "place,boston,Q100,2022-01-01,active,\n"
        "place,boston-us,Q100,2021-01-01,merged,boston\n"
        "place,atlantis,Q33442,2021-01-01,gone,\n"
    )
    merged, gone = (run("show", name, "--store", str(tmp_path / "store")) for name in ("boston-us", "atlantis"))

    assert merged.stdout.startswith("Boston (United States) has ")
    assert merged.stderr == "place/boston-us is now place/boston\n"
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "place/atlantis was an id of ours and is no longer in use" in gone.stderr


def test_show_gives_json(small: Path) -> None:
    page = json.loads(run("show", "boston", "--store", str(small), "--format", "json").stdout)

    assert page["place"]["label"] == "Boston"


def test_a_reader_that_goes_away_is_no_error(small: Path) -> None:
    command = f"{sys.executable} -m twinld show boston --store {small} --format ntriples | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)

    assert done.stderr == ""


def test_a_reader_that_goes_away_before_the_first_line_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe", text)

    monkeypatch.setattr(sys, "stdout", Gone())

    assert main(["--version"]) == 0


def test_validate_ends_with_1_for_a_violation_and_2_for_a_broken_file(tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / f"{name}.ttl" for name in ("good", "bad", "broken"))
    head = (
        f"@prefix tw: <{NS}> . @prefix place: <https://w3id.org/twinld/id/place/> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    )
    good.write_text(
        head + 'place:country-us a tw:Place , tw:Country ; tw:isoCode "US" ; rdfs:label "United States"@en .\n'
    )
    bad.write_text(
        head + 'place:country-us a tw:Place , tw:Country ; tw:isoCode "usa" ; rdfs:label "United States"@en .\n'
    )
    broken.write_text(head + "place:boston a tw:Place ; .. \n")

    results = [run("validate", str(path)) for path in (good, bad, broken)]

    assert [done.returncode for done in results] == [0, 1, 2]
    assert "I04" in results[1].stdout
    assert "broken.ttl:2" in results[2].stderr


def test_build_prints_one_line_a_stage_in_a_pipe_and_bars_on_a_terminal(tmp_path: Path) -> None:
    arguments = ("build", "--source", "countries", "--source", "wikidata-mmkb", "--out", str(tmp_path / "out"))
    done = run(*arguments)
    shown = on_terminal(*arguments, "--force")

    *lines, notice = done.stderr.splitlines()
    assert notice.startswith("TWINLD_PUBLISHER and TWINLD_CONTACT: not set")
    assert [line.split("\t")[0] for line in lines[: len(STAGES)]] == STAGES
    assert [line.split("\t") for line in lines[len(STAGES) :]] == [
        ["source", "rows", "records", "findings", "matched", "merged", "new", "unused", "unmatched"],
        ["countries", "552", "276", "0", "276", "0", "249", "0", "0"],
        ["wikidata-mmkb", "3", "3", "0", "3", "0", "3", "0", "0"],
    ]
    assert done.stdout.startswith("release 2022-11-30-part (made): 6 places, 3 agreements (3 of them dated)")
    assert "ingest" in shown
    assert "countries 552 276 0" in " ".join(shown.split())
    assert "279 records" in " ".join(shown.split())
    assert run(*arguments).stdout.startswith("release 2022-11-30-part (nothing to do: unchanged)")


def test_dump_writes_the_release_and_one_graph(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert run("build", "--source", "countries", "--source", "wikidata-mmkb", "--out", out).returncode == 0
    whole = run("dump", "--format", "turtle", "--out", out)
    graph = run("dump", "--format", "nquads", "--graph", "source/wikidata-mmkb", "--out", out)
    wrong = run("dump", "--format", "nquads", "--graph", "source/wikidata-mkb", "--out", out)

    assert whole.stdout == (tmp_path / "out" / "current" / "dumps" / "twinld.ttl").read_text()
    assert {line.rsplit(" ", 2)[1] for line in graph.stdout.splitlines()} == {
        "<https://w3id.org/twinld/graph/source/wikidata-mmkb>"
    }
    assert "did you mean source/wikidata-mmkb" in wrong.stderr


@pytest.mark.parametrize("format_name", ["turtle", "trig", "nquads", "ntriples", "jsonld"])
def test_a_graph_is_dumped_alike_in_every_format(tmp_path: Path, format_name: str) -> None:
    import pyoxigraph as ox

    formats = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS,
               "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}  # fmt: skip
    out = str(tmp_path / "out")
    run("build", "--source", "countries", "--source", "wikidata-mmkb", "--out", out)
    texts = {
        name: run("dump", "--format", name, "--graph", "curated", "--out", out).stdout
        for name in ("ntriples", format_name)
    }
    one, other = ({str(q.triple) for q in ox.parse(texts[n].encode(), formats[n])} for n in ("ntriples", format_name))

    assert one == other
    assert len(one) > 500


def test_an_unknown_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TWINLD_PROT", "80")

    assert main(["show", "boston"]) == 2
    assert "TWINLD_PROT: there is no setting PROT; did you mean PORT?" in capsys.readouterr().err


def on_terminal(*arguments: str) -> str:
    """What the command prints on a terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "twinld", *arguments],
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(child)
    parts = []
    while True:
        try:
            part = os.read(parent, 4096)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    process.wait()
    os.close(parent)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(parts).decode())
