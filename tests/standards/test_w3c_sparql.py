"""The W3C's query, syntax and result-format cases against the application, beside the engine itself in process.

Each set of data is a file `data.nq` that an application of its own serves; every case of that data is asked by
the protocol. What fails is listed in w3c-sparql11.toml, with the reason.
"""

from __future__ import annotations

import contextlib
import threading
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from tests.server.conftest import Client
from tests.standards.suite import MEDIA_TYPES, Ask, Case, Refused, cases, fault, in_process, quads, same_rows
from twinld.settings import Settings
from twinld.store import open_store

LISTED: dict[str, str] = tomllib.loads((Path(__file__).parent / "w3c-sparql11.toml").read_text("utf-8"))["fails"]
"""The cases that fail, and why."""
MAKING = threading.Lock()
"""Held while an application is made: werkzeug compiles its routes with `ast`, which CPython before 3.11.9 cannot do
in two threads at once."""


@dataclass
class Outcome:
    """What is wrong with the answer to each case, here and in process; nothing is an empty text."""

    here: dict[str, str] = field(default_factory=dict)
    engine: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def suite(shared: Path) -> list[Case]:
    folder = shared / "standards/w3c-sparql11"
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not in ../shared/standards")
    return cases(folder)


@pytest.fixture(scope="module")
def outcome(suite: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    by_data = [list(group) for _, group in groupby(sorted(suite, key=lambda case: case.dataset), lambda c: c.dataset)]
    places = [tmp_path_factory.mktemp("w3c") for _ in by_data]
    found = Outcome()
    with ThreadPoolExecutor(4) as threads:  # an application waits for its worker more than it works
        for part in threads.map(run, by_data, places):
            found.here |= part.here
            found.engine |= part.engine
    return found


def run(together: list[Case], folder: Path) -> Outcome:
    """The cases of one set of data."""
    found = Outcome()
    with served(together[0], folder) as client:
        for case in together:
            found.here[case.name] = fault(case, by_protocol(client))
            found.engine[case.name] = fault(case, in_process(case))
    return found


@contextlib.contextmanager
def served(case: Case, folder: Path) -> Iterator[FlaskClient]:
    """A client of an application that serves the data of a case from a file."""
    path = folder / "data.nq"
    path.write_bytes(ox.serialize(quads(case), format=ox.RdfFormat.N_QUADS) or b"")
    store = open_store(path)
    with MAKING:
        app = create_app(Settings(workers=1, query_timeout_s=10), store)
    app.test_client_class = Client
    yield app.test_client()
    close_app(app)
    store.close()


def by_protocol(client: FlaskClient) -> Ask:
    def ask(query: str, kind: str) -> bytes:
        answer = client.post("/sparql", data={"query": query}, headers={"Accept": MEDIA_TYPES[kind]})
        if answer.status_code == 400:
            raise Refused(answer.get_json()["detail"])
        assert (answer.status_code, answer.mimetype) == (200, MEDIA_TYPES[kind]), answer.get_data(as_text=True)
        return answer.data

    return ask


def test_the_cases_were_found(suite: list[Case]) -> None:
    assert len(suite) == len({case.name for case in suite}) == 338
    assert {case.kind for case in suite} == {
        "QueryEvaluationTest", "CSVResultFormatTest", "PositiveSyntaxTest11", "NegativeSyntaxTest11"
    }  # fmt: skip


def test_no_case_fails_that_the_engine_passes(outcome: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    passed = [sum(not what for what in one.values()) for one in (outcome.here, outcome.engine)]
    with capsys.disabled():
        print(f"\nW3C SPARQL 1.1: {passed[0]} of {len(outcome.here)} cases pass here, {passed[1]} in process")

    assert {name: what for name, what in outcome.here.items() if what and not outcome.engine[name]} == {}
    assert passed[0] >= 300


def test_what_fails_is_listed_with_its_reason(outcome: Outcome) -> None:
    assert sorted(LISTED) == sorted(name for name, what in outcome.here.items() if what)
    assert [name for name, reason in LISTED.items() if len(reason) < 20] == []


ROWS = [
    ("another order", [{"a": "1"}, {"a": "2"}], [{"a": "2"}, {"a": "1"}], True),
    ("a row twice", [{"a": "1"}, {"a": "1"}], [{"a": "1"}, {"a": "2"}], False),
    ("blank nodes of other names", [{"a": "_:x", "b": "_:y"}], [{"a": "_:p", "b": "_:q"}], True),
    ("two blank nodes for one", [{"a": "_:x", "b": "_:x"}], [{"a": "_:p", "b": "_:q"}], False),
    ("one blank node for two", [{"a": "_:x", "b": "_:y"}], [{"a": "_:p", "b": "_:p"}], False),
    ("alike in every row", [{"a": "_:x"}, {"a": "_:x"}], [{"a": "_:p"}, {"a": "_:q"}], False),
    ("a column unbound", [{"a": "1"}], [{}], False),
    ("a row too few", [{"a": "1"}], [], False),
]


@pytest.mark.parametrize(("one", "other", "same"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_rows_are_compared_by_what_they_say(one: list[dict[str, str]], other: list[dict[str, str]], same: bool) -> None:
    assert same_rows(one, other) is same  # type: ignore[arg-type]


def test_a_wrong_answer_is_found(suite: list[Case]) -> None:
    wrong = {"srx": b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head/><results/></sparql>"}
    case = next(case for case in suite if case.name == "aggregates/agg01")

    assert fault(case, lambda _query, kind: wrong[kind]).startswith("columns [] and not")
    negative = next(case for case in suite if case.kind.startswith("Negative"))
    assert fault(negative, lambda _query, _kind: b"") == "it was answered and is no query"
