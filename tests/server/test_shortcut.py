"""An answer that is kept is given again as it was, without the request being read as a whole; else it is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from server.context import Shared
from server.shortcut import Shortcut
from tests.server.conftest import Client
from twinld.settings import Settings
from twinld.store import open_store

SELECT = "SELECT ?s { ?s a <https://w3id.org/twinld/ns#Country> } ORDER BY ?s"


class Counting:
    """An application that counts how often it is asked."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.asked = inner, 0

    def __call__(self, *arguments: Any) -> Any:
        self.asked += 1
        return self.inner(*arguments)


class Served:
    """A client, the parts of its application, and how often the application behind the shortcut was asked."""

    def __init__(self, client: FlaskClient, shared: Shared, behind: Counting) -> None:
        self.client, self.shared, self.behind = client, shared, behind

    def ask(self, query: str = SELECT, accept: str = "text/csv", **headers: str) -> Any:
        return self.client.get("/sparql", query_string={"query": query}, headers={"Accept": accept, **headers})

    def asked_by(self, query: str = SELECT, accept: str = "text/csv", **headers: str) -> int:
        """How often the application behind is asked by one request."""
        before = self.behind.asked
        self.ask(query, accept, **headers)
        return self.behind.asked - before


@pytest.fixture
def served(release_folder: Path) -> Iterator[Served]:
    store = open_store(release_folder)
    app = create_app(Settings(workers=1), store)
    app.test_client_class = Client
    shortcut = app.wsgi_app
    assert isinstance(shortcut, Shortcut)
    behind = Counting(shortcut._app)
    shortcut._app = behind
    yield Served(app.test_client(), app.extensions["twinld"], behind)
    close_app(app)
    store.close()


def test_it_is_given_again_with_the_same_head_and_body(served: Served) -> None:
    answers = [served.ask() for _ in range(4)]

    assert served.behind.asked == 2, "the worker's answer and the kept one; then it is known"
    assert len({(a.status, a.data, tuple(sorted(a.headers))) for a in answers}) == 1
    assert answers[0].headers["X-Twinld-Release"] == "2022-11-30"
    assert served.shared.journal.outcomes == {"ok": 1, "cached": 3}
    assert served.shared.journal.bytes == 4 * len(answers[0].data)


def test_every_other_request_is_read(served: Served) -> None:
    for _ in range(3):
        served.ask()
    tag = served.ask().headers["ETag"]

    assert served.asked_by() == 0
    assert served.asked_by(accept="application/json") == 1
    assert served.asked_by(SELECT + " LIMIT 1") == 1
    assert served.asked_by(**{"Accept-Encoding": "gzip"}) == 1
    assert served.asked_by(**{"If-None-Match": tag}) == 1
    assert served.ask(**{"If-None-Match": tag}).status_code == 304
    for method in ("head", "options"):
        before = served.behind.asked
        getattr(served.client, method)("/sparql", query_string={"query": SELECT}, headers={"Accept": "text/csv"})
        assert served.behind.asked == before + 1


@pytest.mark.parametrize("query", ["SELECT (RAND() AS ?x) {}", "SELECT {", "ASK { SERVICE <http://x/> {} }"])
def test_what_is_not_kept_is_never_known(served: Served, query: str) -> None:
    assert [served.asked_by(query) for _ in range(4)] == [1, 1, 1, 1]


def test_a_page_is_never_known(served: Served) -> None:
    assert [served.asked_by(accept="text/html") for _ in range(3)] == [1, 1, 1]


def test_what_is_no_longer_kept_or_of_another_release_is_asked_for_anew(served: Served) -> None:
    for _ in range(3):
        served.ask()
    served.shared.cache.clear()
    assert [served.asked_by() for _ in range(3)] == [1, 0, 0]

    served.shared.current.stamp = "another"
    assert [served.asked_by() for _ in range(3)] == [1, 1, 0]
    assert served.shared.journal.outcomes["ok"] == 3
