"""Plain queries are answered before the framework reads them, and just as the framework would answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client as WsgiClient

from server import create_app, question
from server.app import close_app
from server.context import Shared
from server.direct import Direct
from tests.server.conftest import Client
from twinld.settings import Settings
from twinld.store import open_store

SELECT = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?p ?o LIMIT 40"
GRAPH = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {SELECT} }} }}"
CSV = {"Accept": "text/csv"}


class Counting:
    """An application that counts how often it is asked."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.asked = inner, 0

    def __call__(self, *arguments: Any) -> Any:
        self.asked += 1
        return self.inner(*arguments)


class Served:
    """A client, the parts of its application, and how often the application behind was asked."""

    def __init__(self, client: FlaskClient, shared: Shared, behind: Counting) -> None:
        self.client, self.shared, self.behind = client, shared, behind

    def ask(self, query: str = SELECT, path: str = "/sparql", method: str = "GET", **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()} or CSV
        return self.client.open(path, method=method, query_string={"query": query}, headers=given)

    def left(self, *arguments: Any, **headers: str) -> int:
        """How often the application behind is asked by one request."""
        before = self.behind.asked
        self.ask(*arguments, **headers)
        return self.behind.asked - before


@pytest.fixture
def served(release_folder: Path) -> Iterator[Served]:
    store = open_store(release_folder)
    app = create_app(Settings(workers=1), store)
    app.test_client_class = Client
    direct = app.wsgi_app
    assert isinstance(direct, Direct)
    behind = Counting(direct._app)
    direct._app = behind
    yield Served(app.test_client(), app.extensions["twinld"], behind)
    close_app(app)
    store.close()


@pytest.mark.parametrize(
    ("query", "path", "headers"),
    [
        (SELECT, "/sparql", {}),
        (SELECT, "/sparql", CSV),
        (SELECT, "/sparql.tsv", {"Accept": "text/html"}),
        (SELECT, "/sparql", {"Accept": "application/sparql-results+xml;q=0.5, text/html;q=0.1"}),
        (SELECT, "/sparql", {"Accept": "*/*", "Accept-Encoding": "br, gzip;q=0.3"}),
        (SELECT, "/sparql", {"Accept-Encoding": "gzip;q=0"}),
        (GRAPH, "/sparql", {"Accept-Encoding": "gzip"}),
        (GRAPH, "/sparql.nt", {}),
        ("ASK {}", "/sparql.json", {}),
        ("SELECT ('as it ever was' AS ?n) (RAND() * 0 AS ?x) {}", "/sparql", CSV),
    ],
)
def test_what_is_sent_is_the_same(served: Served, query: str, path: str, headers: dict[str, str]) -> None:
    behind = WsgiClient(served.behind.inner)
    theirs = behind.get(path, query_string={"query": query}, headers=headers)
    served.shared.cache.clear()
    made, kept = (served.client.get(path, query_string={"query": query}, headers=headers) for _ in range(2))

    assert served.behind.asked == 0
    for ours in (made, kept):
        assert (ours.status, ours.data, sorted(ours.headers)) == (theirs.status, theirs.data, sorted(theirs.headers))
    assert (theirs.status_code, len(theirs.data) > 20) == (200, True)
    assert theirs.headers["X-Twinld-Release"] == "2022-11-30"
    assert served.shared.journal.bytes == 3 * len(theirs.data)


def test_a_long_answer_is_sent_from_its_file(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    short = [served.ask(Accept_Encoding=coding) for coding in ("", "gzip")]
    assert [answer.headers.get("Content-Encoding") for answer in short] == [None, "gzip"]
    served.shared.cache.clear()
    monkeypatch.setattr(question, "IN_MEMORY_BYTES", 10)
    long = [served.ask(Accept_Encoding=coding) for coding in ("", "gzip")]

    assert [answer.data for answer in long] == [answer.data for answer in short]
    assert [sorted(answer.headers) for answer in long] == [sorted(answer.headers) for answer in short]
    assert served.behind.asked == 0
    assert served.shared.journal.outcomes == {"ok": 4}, "what is sent from a file is not kept"


def test_all_that_is_not_plain_is_left_to_the_application(served: Served) -> None:
    tag = served.ask().headers["ETag"]

    assert served.left(Accept="text/csv") == 0
    assert served.left(Accept="text/html") == 1
    assert served.left(Accept="image/png") == 1
    assert served.left(If_None_Match=tag, **CSV) == 1
    assert served.ask(If_None_Match=tag, **CSV).status_code == 304
    assert [
        served.left(SELECT, path) for path in ("/sparql.html", "/sparql.xls", "/sparqls", "/sparql/editor.json")
    ] == [1] * 4
    assert [served.left(SELECT, "/sparql", method) for method in ("HEAD", "OPTIONS", "POST", "PUT")] == [1] * 4
    before = served.behind.asked
    assert served.client.get("/sparql?query=ASK{}&query=ASK{}").status_code == 400
    assert served.client.get("/sparql", headers={"Accept": "text/turtle"}).status_code == 200
    assert served.behind.asked == before + 2


@pytest.mark.parametrize(("query", "status"), [("SELECT {", 400), ("ASK { SERVICE <http://x/> {} }", 403)])
def test_what_went_wrong_is_told_by_the_application_and_not_asked_again(
    served: Served, monkeypatch: pytest.MonkeyPatch, query: str, status: int
) -> None:
    pool = served.shared.current.pool
    run = Counting(pool.run)

    def counted(*arguments: Any, **options: Any) -> Any:
        run.asked += 1
        return run.inner(*arguments, **options)

    monkeypatch.setattr(pool, "run", counted)
    answer = served.ask(query)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (run.asked, served.behind.asked) == (1, 1)
    assert served.shared.journal.outcomes == {"Refused": 1}


def test_who_has_spent_all_query_time_is_told_so(served: Served) -> None:
    served.shared.budget.spend("127.0.0.1", 10_000)
    answer = served.ask()

    assert (answer.status_code, served.behind.asked) == (429, 1)
    assert int(answer.headers["Retry-After"]) > 9_000


def test_another_release_and_what_is_forgotten_are_asked_for_anew(served: Served) -> None:
    for _ in range(3):
        served.ask()
    assert served.shared.journal.outcomes == {"ok": 1, "cached": 2}

    served.shared.cache.clear()
    first = served.ask()
    served.shared.current.stamp = "another"
    second = served.ask()

    assert served.shared.journal.outcomes == {"ok": 3, "cached": 2}
    assert first.headers["ETag"] != second.headers["ETag"]
