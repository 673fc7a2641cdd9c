"""What a stranger hands in: every bad file is one line and exit code 2, never a good report over nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinld.cli import main

GOOD = "<http://example.org/a> a <https://w3id.org/twinld/ns#Country> .\n"
SHAPES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://example.org/> .\n"
NESTED = '{"http://a/b": ' * 20_000 + "1" + "}" * 20_000

BAD = [
    ("broken.ttl", GOOD + "<http://example.org/a> <http://example.org/b> ; .\n", "broken.ttl:2: "),
    ("empty.ttl", "", "there are no triples in it, so nothing was validated"),
    ("other.ttl", "<http://a/b> <http://a/c> 1 .", "nothing that a rule is about, so nothing was validated"),
    ("deep.jsonld", NESTED, "deep.jsonld"),
    ("remote.jsonld", '{"@context": "http://127.0.0.1:9/c.jsonld", "a": 1}', "remote.jsonld"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "told"), BAD, ids=[case[0] for case in BAD])
def test_a_bad_file_is_one_line_and_exit_code_2(
    name: str, text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWINLD_WORKER_MEMORY_MIB", "512")
    (tmp_path / name).write_text(text)

    assert main(["validate", str(tmp_path / name)]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert told in err


def test_a_broken_file_tells_line_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.ttl").write_text(GOOD + "<http://example.org/a> ; .\n")

    assert main(["validate", str(tmp_path / "x.ttl")]) == 2
    assert "x.ttl:2: Parser error at line 2 column 24" in capsys.readouterr().err


def test_a_file_of_1_gb_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "large.nt"
    with path.open("wb") as file:
        file.truncate(1 << 30)

    assert main(["validate", str(path)]) == 2
    assert "large.nt: 1,024 MiB, and 512 are allowed; set TWINLD_VALIDATE_MAX_MIB" in capsys.readouterr().err


BAD_SHAPES = [
    ("broken", "ex:S a sh:NodeShape ; ; sh:targetClass .", "shapes.ttl:3"),
    ("no target", "ex:S a sh:PropertyShape ; sh:path ex:p .", "no shape has a target"),
    ("nothing to check", "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:nodeKind sh:IRI .", "nothing was validated"),
    ("count", "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:minCount 'one' .", "sh:minCount is 'one'; write a whole"),
    ("path", "ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path 'p' .", "p is no path; write an IRI"),
    ("no path", "ex:S a sh:PropertyShape ; sh:targetNode ex:a .", "a sh:PropertyShape without sh:path"),
    ("pattern", "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:pattern '(' .", "is no regular expression"),
    ("kind", "ex:S sh:targetNode ex:a ; sh:nodeKind ex:IRI .", "write sh:IRI, sh:Literal or sh:BlankNode"),
]


@pytest.mark.parametrize(("shapes", "told"), [case[1:] for case in BAD_SHAPES], ids=[case[0] for case in BAD_SHAPES])
def test_a_bad_shapes_file_is_told(shapes: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.ttl").write_text(GOOD)
    (tmp_path / "shapes.ttl").write_text(SHAPES + shapes)

    assert main(["validate", str(tmp_path / "x.ttl"), "--shapes", str(tmp_path / "shapes.ttl")]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert told in err


@pytest.mark.parametrize("options", [(["--strict"], 1), ([], 0)], ids=["strict", "not strict"])
def test_a_warning_counts_for_contributors_only(
    options: tuple[list[str], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.ttl").write_text(GOOD.replace("Country", "Place"))

    assert main(["validate", str(tmp_path / "x.ttl"), *options[0]]) == options[1]
    assert "L01w Warning" in capsys.readouterr().out
