"""The server on a store of another engine: the same pages and the same answers as on our own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import rdflib
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from server.context import NAME, Shared
from server.swap import FollowStore, Watcher
from tests.backends import ENGINES, Backend
from tests.server.conftest import BROWSER, SMALL, Client
from tests.server.test_pages import PATHS
from tests.server.test_sparql import ASK, CONSTRUCT, ROWS, SELECT, ask, rows
from twinld.queries import names, query
from twinld.settings import Settings
from twinld.site.endpoint import INTERNAL
from twinld.store import Store, open_store
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore, as_ntriples

EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass
class Served:
    """An application on the small release in an engine, and that engine."""

    client: FlaskClient
    backend: Backend
    store: Store


@pytest.fixture(scope="module", params=ENGINES)
def served(request: pytest.FixtureRequest, engine: Callable[[str], Backend], store: Store) -> Iterator[Served]:
    backend = engine(request.param)
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    for graph in store.graphs():
        target.put(graph, as_ntriples(store.construct(EVERYTHING, g=f"<{graph}>")))
    remote = open_store(backend.location)
    app = create_app(Settings(query_timeout_s=10, workers=1), remote)  # as the one it is compared with
    app.test_client_class = Client
    yield Served(app.test_client(), backend, remote)
    close_app(app)
    remote.close()
    for graph in store.graphs():
        target.delete(graph)
    target.close()


def shown(client: FlaskClient, path: str) -> list[str]:
    """The status and the lines of a page, so that a difference is shown by its line."""
    answer = client.get(path, headers=BROWSER, follow_redirects=True)
    text = re.sub(r"it took \d+\.\d+ s", "it took a while", answer.get_data(as_text=True))
    return [answer.status, *text.splitlines()]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_the_same(served: Served, client: FlaskClient, path: str) -> None:
    assert shown(client, path) == shown(served.client, path)


@pytest.mark.parametrize("path", ["/place/berlin", "/agreement/adelaide--malmo", "/record/wikidata-crawl/q2861-q52502"])
def test_the_data_of_a_page_is_the_same(served: Served, client: FlaskClient, path: str) -> None:
    ours, theirs = (
        rdflib.Dataset().parse(data=each.get(f"{path}.nq").data, format="nquads") for each in (client, served.client)
    )

    assert len(ours) > 5
    assert set(ours) == set(theirs)


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith(INTERNAL)])
def test_an_example_query_has_the_same_rows(served: Served, client: FlaskClient, name: str) -> None:
    found = [rows_of(ask(each, query(name))) for each in (client, served.client)]

    assert sorted(found[0]) == sorted(found[1])


def rows_of(answer: rdflib.query.Result) -> list[str]:  # type: ignore[name-defined]
    assert answer.status_code == 200, answer.get_data(as_text=True)
    said = json.loads(answer.data)
    return (
        [json.dumps(row, sort_keys=True) for row in said["results"]["bindings"]]
        if "results" in said
        else [str(said["boolean"])]
    )


@pytest.mark.parametrize("kind", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"])
def test_rows_come_in_the_bytes_of_our_own_store(served: Served, client: FlaskClient, kind: str) -> None:
    assert ask(client, SELECT, kind).data == ask(served.client, SELECT, kind).data
    assert rows(ask(served.client, SELECT)) == ROWS
    if kind != "text/csv":
        assert ask(client, ASK, kind).data == ask(served.client, ASK, kind).data


def test_graphs_come_as_asked(served: Served) -> None:
    answer = ask(served.client, CONSTRUCT, "text/turtle")

    assert (answer.status_code, answer.content_type) == (200, "text/turtle; charset=utf-8")
    assert b'"Sweden"@en' in answer.data


def test_the_release_is_named_and_answers_are_not_sent_twice(served: Served, client: FlaskClient) -> None:
    first = ask(served.client, SELECT)
    again = served.client.get(
        "/sparql", query_string={"query": SELECT}, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["X-Twinld-Release"] == ask(client, SELECT).headers["X-Twinld-Release"]
    assert (again.status_code, again.data) == (304, b"")


REFUSED = [
    ("a slip", "SELECT * {\n ?s nix:y ?o }", 400, "line 2, column 5: the prefix nix: is not declared"),
    ("an update", "DROP ALL", 403, "only queries are answered here"),
    ("another endpoint", "ASK { SERVICE <http://127.0.0.1:9/> {} }", 403, "SERVICE is not allowed"),
    ("a command of the engine", "DEFINE get:soft 'soft' ASK {}", 400, "DEFINE is not a word of SPARQL"),
    ("brackets", "ASK " + "{" * 200 + "}" * 200, 400, "100 are the limit"),
    ("no query", "hello", 400, "hello is not a word of SPARQL"),
]


@pytest.mark.parametrize(("text", "status", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_asked_is_refused_as_everywhere(served: Served, text: str, status: int, said: str) -> None:
    answer = ask(served.client, text)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert said in answer.json["detail"]


def test_an_engine_that_is_gone_is_a_clean_error(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    with ENGINES["oxigraph"](tmp_path_factory.mktemp("gone")) as backend:
        target = GraphStore(backend.store_url)
        target.put("http://example.org/g", b"<http://a/> <http://b/> <http://c/> .\n")
        target.close()
        remote = open_store(backend.location)
        app = create_app(Settings(), remote)
        app.test_client_class = Client
        assert ask(app.test_client(), "ASK {}").status_code == 200
    answer = ask(app.test_client(), "ASK { ?s ?p ?o }")

    assert (answer.status_code, answer.mimetype) == (502, "application/problem+json")
    assert re.search(r"cannot be asked \(.*\); is it running\?$", answer.json["detail"])
    close_app(app)
    remote.close()


def test_the_command_serves_a_remote_store(served: Served) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWINLD_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "twinld", "serve", "--store", served.backend.location, "--port", "0"],
        cwd=SMALL.parents[2],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    address = said.rpartition(" at ")[2].strip()
    labels = rdflib.Graph().parse(f"{address}place/boston.ttl")
    process.send_signal(signal.SIGTERM)

    assert said.startswith(f"twinld serves {served.backend.location} at http://127.0.0.1:")
    assert rdflib.Literal("Boston", lang="en") in set(labels.objects(None, rdflib.RDFS.label))
    assert process.wait(20) == 0
    process.stdout.close()


def test_what_is_pushed_into_the_store_is_served_without_a_restart(
    store: Store, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    with ENGINES["oxigraph"](tmp_path_factory.mktemp("followed")) as backend:
        target = GraphStore(backend.store_url)
        for graph in store.graphs():
            target.put(graph, as_ntriples(store.construct(EVERYTHING, g=f"<{graph}>")))
        first = open_store(backend.location)
        app = create_app(Settings(workers=1), first)
        app.test_client_class = Client
        shared: Shared = app.extensions[NAME]
        closed: list[str] = []
        shared.current.on_close = lambda: closed.append("first")
        watcher = Watcher(shared, Settings(workers=1, reload_s=1000), FollowStore(backend.location))
        client = app.test_client()
        before = ask(client, SELECT)
        assert [watcher.look(), watcher.look()] == [False, False]

        release_graph = "https://w3id.org/twinld/graph/release"
        said = target.get(release_graph) or ()
        target.delete(release_graph)  # as in the middle of a push
        assert (watcher.look(), ask(client, SELECT).headers["ETag"]) == (False, before.headers["ETag"])
        changed = [(s, p, o.replace("2022-11-30", "2022-12-31")) for s, p, o in said]
        target.put(release_graph, as_ntriples(changed))

        assert (watcher.look(), watcher.look(), closed) == (True, False, ["first"])
        after = ask(client, SELECT)
        assert (before.headers["X-Twinld-Release"], after.headers["X-Twinld-Release"]) == ("2022-11-30", "2022-12-31")
        assert (after.data, after.headers["ETag"] == before.headers["ETag"]) == (before.data, False)
        first.close()
        target.close()
    assert [watcher.look(), watcher.look(), shared.current.release] == [False, False, "2022-12-31"]
    assert caplog.text.count("no look at the releases") == 1
    watcher.stop()
    close_app(app)
