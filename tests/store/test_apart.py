"""Files of strangers are read in a process that can do no harm."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from twinld.cli import main
from twinld.errors import NotFound, SourceError
from twinld.settings import Settings
from twinld.store.apart import call_apart
from twinld.validate import check_graph
from twinld.validate.apart import check_file_apart

pytestmark = pytest.mark.alone

LIMITS: dict[str, Any] = {"what": "x.ttl", "memory_mib": 512, "timeout_s": 20}
HERE = "tests.store.test_apart"


def connect(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port)):
        return "connected"


def write(path: str) -> str:
    try:
        Path(path).write_text("x" * 10_000)
    except OSError as error:
        return type(error).__name__
    return "written"


def try_to_connect(port: int) -> str:
    try:
        return connect(port)
    except PermissionError:
        return "refused"


def raise_ours(name: str) -> None:
    raise NotFound(f"there is no {name}")


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def crash() -> None:
    os.abort()


def hunger() -> int:
    return len(bytearray(1 << 30))


def add(one: int, other: int) -> int:
    print("this does not get into the result")
    return one + other


@pytest.fixture(autouse=True)
def _importable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root))


def test_a_function_returns_what_it_returns() -> None:
    assert call_apart(f"{HERE}:add", 2, 3, **LIMITS) == 5


def test_an_error_of_ours_comes_back() -> None:
    with pytest.raises(NotFound, match=r"^there is no place$"):
        call_apart(f"{HERE}:raise_ours", "place", **LIMITS)


def test_there_is_no_network_and_no_file_is_written(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert call_apart(f"{HERE}:try_to_connect", listener.getsockname()[1], **LIMITS) == "refused"
    assert call_apart(f"{HERE}:write", str(tmp_path / "x"), **LIMITS) == "OSError"
    assert (tmp_path / "x").read_text() == ""


ENDS = [
    ("crash", [], {}, r"^x\.ttl: it brought the process that reads it down \(SIGABRT\): it is nested too deep or"),
    ("hunger", [], {}, r"^x\.ttl: .*\(exit code 71\): .* more than 512 MiB of memory; give a simpler or smaller file$"),
    ("sleep", [30], {"timeout_s": 1.0}, r"^x\.ttl: stopped after 1 s; give a smaller file$"),
]


@pytest.mark.parametrize(("name", "given", "limits", "message"), ENDS, ids=[case[0] for case in ENDS])
def test_what_goes_wrong_is_one_line(name: str, given: list[Any], limits: dict[str, Any], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        call_apart(f"{HERE}:{name}", *given, **{**LIMITS, **limits})


def test_a_file_is_judged_apart_as_it_is_here(root: Path) -> None:
    files = sorted((root / "tests" / "shapes").glob("*/invalid-*.ttl"))[:3]

    assert len(files) == 3
    for file in files:
        expected = check_graph(file)
        assert expected.findings
        assert check_file_apart(file, Settings()) == expected


def entities(levels: int) -> str:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return (
        f'<!DOCTYPE x [<!ENTITY e0 "lol">{names}]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:a="http://a/"><rdf:Description rdf:about="http://a/"><a:b>&e{levels - 1};</a:b></rdf:Description>'
        "</rdf:RDF>"
    )


HOSTILE = [
    ("bomb.rdf", entities(11)),
    ("deep.jsonld", '{"http://a/b": ' * 100_000 + "1" + "}" * 100_000),
    ("remote.jsonld", '{"@context": "http://127.0.0.1:9/context.jsonld", "a": 1}'),
    ("file.jsonld", '{"@context": "file:///etc/passwd", "a": 1}'),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_is_one_line_and_exit_code_2(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text)
    monkeypatch.setenv("TWINLD_WORKER_MEMORY_MIB", "512")
    monkeypatch.setenv("TWINLD_QUERY_TIMEOUT_S", "2")

    assert main(["validate", str(tmp_path / name)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert name in told
