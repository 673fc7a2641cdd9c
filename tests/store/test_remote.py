"""What a store at an endpoint does beyond the contract: it makes silent cut-offs errors, and keeps queries in."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.backends import Backend, oxigraph
from tests.store.test_http import server
from twinld.errors import (
    OutsideError,
    PoolBusy,
    QueryError,
    QueryTimeout,
    ReleaseError,
    ResultTooBig,
    ServiceRefused,
    UpdateRefused,
    UsageError,
)
from twinld.formats import find_format
from twinld.settings import Settings
from twinld.store import open_store
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore, as_ntriples
from twinld.store.pool import open_pool
from twinld.store.remote import RemoteStore
from twinld.store.remote_pool import RemotePool
from twinld.store.remote_text import MAX_CHAIN, MAX_DEPTH, count_of_solutions, star_columns, without_dataset
from twinld.vocab import CURATED, GRAPH, PUSHED

pytestmark = pytest.mark.alone

WIDE = GRAPH + "source/wide"
ROWS = 12_000
"""More than the 10,000 rows at which Virtuoso stops."""
SETTINGS = Settings(workers=2, query_timeout_s=20, result_max_mib=8)
ALL = f"{{ GRAPH <{WIDE}> {{ ?s ?p ?o }} }}"


def fill(backend: Backend, graphs: dict[str, bytes]) -> None:
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    for graph, body in graphs.items():
        target.put(graph, body)
    target.close()


@pytest.fixture(scope="module")
def wide() -> dict[str, bytes]:
    rows = [(f"<http://example.org/{n}>", "<http://example.org/p>", f'"{n}"') for n in range(ROWS)]
    return {WIDE: as_ntriples(rows)}


@pytest.fixture(scope="module")
def virtuoso(engine: Callable[[str], Backend], wide: dict[str, bytes]) -> Iterator[RemoteStore]:
    backend = engine("virtuoso")
    fill(backend, wide)
    opened = open_store(backend.location)
    assert isinstance(opened, RemoteStore)
    yield opened
    opened.close()
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    target.delete(WIDE)
    target.close()


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory, wide: dict[str, bytes]) -> Iterator[RemoteStore]:
    """Oxigraph's server with a deadline of a second, behind which it writes a sentence with status 200."""
    with oxigraph(tmp_path_factory.mktemp("hurried"), "--timeout-s", "1") as backend:
        fill(backend, wide)
        opened = open_store(backend.location)
        assert isinstance(opened, RemoteStore)
        yield opened
        opened.close()


# ------------------------------------------------------------------------------------- silent cut-offs

CUT = [
    ("rows", f"SELECT * {ALL}"),
    ("rows, with a limit that is too high", f"SELECT * {ALL} LIMIT 11000"),
    ("a graph", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {ALL}"),
    ("a graph in short", f"CONSTRUCT FROM <{WIDE}> WHERE {{ ?s ?p ?o }}"),
    ("a graph of more triples than rows", f"CONSTRUCT {{ ?s ?p ?o , 1 }} WHERE {ALL} LIMIT 9000"),
    ("a description of many", f"DESCRIBE ?s WHERE {ALL}"),
    ("rows that are sorted", f"SELECT * {ALL} ORDER BY ?s LIMIT 9000 OFFSET 2000"),
    ("a graph of one triple, made of all rows", f"CONSTRUCT {{ <http://example.org/x> ?p 1 }} WHERE {ALL}"),
]


@pytest.mark.parametrize("query", [case[1] for case in CUT], ids=[case[0] for case in CUT])
def test_rows_that_virtuoso_would_leave_out_are_an_error(virtuoso: RemoteStore, query: str) -> None:
    with pytest.raises(ResultTooBig, match=r"stops at 10,000 rows or triples and would|sorts no more rows"):
        virtuoso.write(query, None, io.BytesIO())


def test_what_virtuoso_gives_whole_is_given(virtuoso: RemoteStore) -> None:
    rows = [len(virtuoso.select(f"SELECT * {ALL} LIMIT 7000 OFFSET {start}")) for start in (0, 7000)]
    small = virtuoso.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {ALL} LIMIT 9000")

    assert (rows, len(small)) == ([7000, 5000], 9000)
    grouped = f"CONSTRUCT {{ ?p <http://example.org/n> ?n }} WHERE {{ SELECT ?p (COUNT(*) AS ?n) {ALL} GROUP BY ?p }}"
    assert [o for _, _, o in virtuoso.construct(grouped)] == [f'"{ROWS}"^^<http://www.w3.org/2001/XMLSchema#integer>']
    out = io.BytesIO()
    virtuoso.write("DESCRIBE <http://example.org/5>", find_format("ntriples"), out)
    assert out.getvalue() == b'<http://example.org/5> <http://example.org/p> "5" .\n'
    assert virtuoso.count(WIDE) == ROWS


CANCELLED = [
    ("rows", "SELECT ?a ?d { GRAPH ?g { ?a ?b ?c . ?d ?e ?f } }"),
    ("a count", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?x ?y ?z } }"),
    ("a graph", "CONSTRUCT { ?a ?e ?d } WHERE { GRAPH ?g { ?a ?b ?c . ?d ?e ?f } }"),
]


@pytest.mark.parametrize("query", [case[1] for case in CANCELLED], ids=[case[0] for case in CANCELLED])
def test_a_sentence_behind_an_answer_is_an_error(hurried: RemoteStore, query: str) -> None:
    with pytest.raises((QueryTimeout, ResultTooBig), match=r"stopped the query; ask for less|more than 128 MiB"):
        hurried.write(query, None, io.BytesIO())


def test_the_deadline_is_ours_too(hurried: RemoteStore) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"did not answer in 0\.\d+ s; ask for less$"):
        hurried.write_unchecked(CANCELLED[1][1], None, io.BytesIO(), timeout_s=0.3)

    assert time.monotonic() - started < 0.9


HEAD = b"HTTP/1.1 %d %s\r\nServer: Some/1.0\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s"
JSON, NTRIPLES = b"application/sparql-results+json", b"application/n-triples"
GRAPHS = b'{"head":{"vars":["g"]},"results":{"bindings":[]}}'
LINE = b"<http://a/> <http://b/> <http://c/> .\n"
ANSWERS = [
    ("a page", 200, b"text/html", b"", b"<html>Log in</html>", OutsideError, "answered text/html where application/n"),
    ("no type", 200, b"", b"", LINE, OutsideError, "answered an answer without a type where"),
    ("broken", 200, NTRIPLES, b"", LINE + b"<http://a/> <http", OutsideError, "an answer that is not whole"),
    ("a sentence", 200, NTRIPLES, b"", LINE + b"Error: disk full", OutsideError, "an answer that is not whole"),
    ("a limit", 200, NTRIPLES, b"X-SPARQL-MaxRows: 500\r\n", LINE, ResultTooBig, "stops at 500 rows or triples"),
    ("half the time", 200, NTRIPLES, b"X-SQL-State: S1TAT\r\n", LINE, QueryTimeout, r"stopped the query \(S1TAT\)"),
    ("slow", 504, b"text/plain", b"", b"gateway", QueryTimeout, r"stopped the query \(gateway\)"),
    ("late", 500, b"text/plain", b"", b"Virtuoso S1T00 Error", QueryTimeout, "stopped the query"),
    ("busy", 503, b"text/plain", b"", b"", PoolBusy, r"is busy \(503\)"),
    ("too often", 429, b"text/plain", b"", b"", PoolBusy, r"is busy \(429\)"),
    ("not read", 400, b"text/plain", b"", b"no such word", QueryError, "cannot read the query: no such word"),
    ("broken down", 500, b"text/html", b"", b"<h1>oh</h1>", OutsideError, "/sparql answered 500: oh"),
]


@pytest.mark.parametrize(
    ("status", "kind", "more", "body", "error", "message"), [c[1:] for c in ANSWERS], ids=[c[0] for c in ANSWERS]
)
def test_what_is_no_right_answer_is_an_error(
    status: int, kind: bytes, more: bytes, body: bytes, error: type[Exception], message: str
) -> None:
    def behave(connection: socket.socket, request: bytes) -> None:
        if b"GROUP+BY" in request:
            connection.sendall(HEAD % (200, b"OK", JSON, b"", len(GRAPHS), GRAPHS))
        else:
            connection.sendall(HEAD % (status, b"X", kind, more, len(body), body))

    with server(behave) as (url, _):
        store = RemoteStore(url)
        with pytest.raises(error, match=message):
            store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
        store.close()


def test_where_nobody_answers_is_no_store() -> None:
    with pytest.raises(OutsideError, match=r"http://127\.0\.0\.1:9/sparql cannot be asked"):
        open_store("sparql+http://127.0.0.1:9/sparql")
    with pytest.raises(UsageError, match=r"'127\.0\.0\.1' is no http\(s\) address"):
        open_store("sparql+127.0.0.1")
    with pytest.raises(UsageError, match=r"a remote store is read-only; fill it with twinld push$"):
        open_store("sparql+http://127.0.0.1:9/sparql", writable=True)


def test_a_remote_store_is_not_loaded_into(hurried: RemoteStore) -> None:
    with pytest.raises(ReleaseError, match=r"never changed; fill it with twinld push$"):
        hurried.load(b"", find_format("turtle"))


def test_what_push_noted_is_no_graph_of_the_data(tmp_path, wide: dict[str, bytes]) -> None:  # type: ignore[no-untyped-def]
    with oxigraph(tmp_path) as backend:
        fill(backend, {**wide, PUSHED: b"<http://a/> <http://b/> <http://c/> .\n", CURATED: LINE})
        store = open_store(backend.location)
        assert store.graphs() == [CURATED, WIDE]
        assert (store.count(), store.count(WIDE)) == (1, ROWS)
        store.close()


# ------------------------------------------------------------------------------------------- query texts


def test_the_text_of_a_query_is_understood() -> None:
    assert star_columns("PREFIX a: <http://a/> select distinct * { ?z a:p ?a } order by ?q") == ["z", "a", "q"]
    assert star_columns("SELECT ?a { { SELECT * { ?b ?c ?d } } }") == []
    assert star_columns("ASK { ?a ?b ?c }") == []
    query = "PREFIX f: <http://f/>\nSELECT ?from FROM f:a # FROM <x>\nFROM NAMED <http://b/>\nWHERE { ?from a 'FROM' }"
    assert without_dataset(query) == "PREFIX f: <http://f/>\nSELECT ?from  # FROM <x>\n\nWHERE { ?from a 'FROM' }"


COUNT = "SELECT (COUNT(*) AS ?n)"
ROW = "SELECT (1 AS ?one_row)"
COUNTS = [
    ("CONSTRUCT { ?s a 1 } { ?s ?p ?o }", f"{COUNT} {{ {ROW} {{ ?s ?p ?o }}\n}}"),
    ("CONSTRUCT WHERE { ?s ?p ?o } # all", f"{COUNT} {{ {ROW} WHERE {{ ?s ?p ?o }} # all\n}}"),
    ("DESCRIBE ?s <x> { ?s ?p ?o }", f"{COUNT} {{ {ROW} {{ ?s ?p ?o }}\n}}"),
    ("DESCRIBE ?s FROM <x> WHERE { ?s ?p ?o }", f"{COUNT} FROM <x> {{ {ROW} WHERE {{ ?s ?p ?o }}\n}}"),
    ("DESCRIBE <x>", ""),
    ("CONSTRUCT { ?p a ?n } { ?s ?p ?n } GROUP BY ?p", f"{COUNT} {{ {ROW} {{ ?s ?p ?n }} GROUP BY ?p\n}}"),
    ("CONSTRUCT {} { { ?a ?b ?c } UNION {} }", f"{COUNT} {{ {ROW} {{ {{ ?a ?b ?c }} UNION {{}} }}\n}}"),
    ("BASE <b> CONSTRUCT FROM <x> WHERE {} LIMIT 1", f"BASE <b> {COUNT} FROM <x> {{ {ROW} WHERE {{}} LIMIT 1\n}}"),
]


@pytest.mark.parametrize(("query", "expected"), COUNTS, ids=[case[0] for case in COUNTS])
def test_solutions_of_a_graph_are_counted(query: str, expected: str) -> None:
    assert count_of_solutions(query) == expected


# --------------------------------------------------------------------------------- strangers' queries


@pytest.fixture(scope="module")
def pool(hurried: RemoteStore) -> Iterator[RemotePool]:
    opened = open_pool(hurried, SETTINGS)
    assert isinstance(opened, RemotePool)
    yield opened
    opened.close()


HARMFUL = [
    ("an update", "DELETE WHERE { ?s ?p ?o }", UpdateRefused, "only queries are answered"),
    ("another endpoint", "ASK { SERVICE <http://127.0.0.1:9/> {} }", ServiceRefused, "SERVICE is not allowed"),
    ("a command of the engine", "DEFINE get:soft 'soft' SELECT * FROM <http://127.0.0.1:9/> {}", QueryError, "DEFINE"),
    ("its functions", "SELECT (bif:http_get('http://127.0.0.1:9/') AS ?x) {}", QueryError, "engine's own language"),
    ("by their IRI", "SELECT (<bif:http_get>('http://a/') AS ?x) {}", QueryError, "<bif:http_get> belongs to"),
    ("by a prefix", "PREFIX a: <sql:> SELECT (a:x() AS ?x) {}", QueryError, "<sql:> belongs to the engine's own"),
    ("by an escape", "SELECT (<\\u0062if:http_get>('http://a/') AS ?x) {}", QueryError, "stands outside of a text"),
    ("SQL between quotes", "SELECT * { ?s ?p ?o FILTER(`1`) }", QueryError, "` stands outside of a text"),
    ("depth", "ASK { FILTER " + "(" * 120 + "true" + ")" * 120 + " }", QueryError, f"{MAX_DEPTH}"),
    ("length", "ASK { FILTER(0 < 1" + "+1" * 500 + ") }", QueryError, f"more than {MAX_CHAIN} operators"),
]


@pytest.mark.parametrize(("query", "error", "message"), [c[1:] for c in HARMFUL], ids=[c[0] for c in HARMFUL])
def test_what_harms_an_engine_never_gets_there(
    pool: RemotePool, monkeypatch: pytest.MonkeyPatch, query: str, error: type[QueryError], message: str
) -> None:
    monkeypatch.setattr(RemoteStore, "fetch", lambda *_, **__: pytest.fail("it was sent"))

    with pytest.raises(error, match=message):
        pool.run(query, None)


def test_a_long_list_of_values_is_no_harm(pool: RemotePool) -> None:
    values = " ".join(f"<http://example.org/{n}>" for n in range(2_000))
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"

    with pool.run(query, find_format("csv")) as answer:
        assert answer.body.read() == b"n\r\n2000\r\n"


def test_an_answer_is_whole_and_measured(pool: RemotePool) -> None:
    with pool.run(f"SELECT * {{ GRAPH <{WIDE}> {{ ?zoo ?b ?a }} }} LIMIT 3", None) as answer:
        document = json.loads(answer.body.read())
        assert answer.body.tell() == answer.length
        assert answer.format == find_format("json")
        assert answer.seconds > 0

    assert document["head"]["vars"] == ["zoo", "b", "a"]
    assert len(document["results"]["bindings"]) == 3


def test_a_slip_is_explained_as_everywhere(pool: RemotePool) -> None:
    with pytest.raises(QueryError, match=r"^line 2, column 3: the prefix nix: is not declared") as caught:
        pool.run("SELECT * {\n  nix:x ?p ?o }", None)

    assert (caught.value.line, caught.value.column) == (2, 3)


def test_limits_are_those_of_the_pool(pool: RemotePool, hurried: RemoteStore) -> None:
    small = open_pool(hurried, Settings(workers=1, result_max_mib=1))
    with pytest.raises(ResultTooBig, match=r"^the result is larger than 1 MiB; add LIMIT"):
        small.run(f"SELECT * {ALL}", None)
    small.close()
    with pytest.raises(QueryTimeout, match=r"^the query was stopped after 0\.2 s or less; ask for less"):
        pool.run(CANCELLED[1][1], None, timeout_s=0.2)
    with pytest.raises(PoolBusy, match=r"^the pool is closed"):
        small.run("ASK {}", None)


def test_so_many_queries_of_a_client_as_the_setting_says_are_under_way() -> None:
    free, at_once, most = threading.Event(), [0], [0]

    def behave(connection: socket.socket, request: bytes) -> None:
        if b"GROUP+BY" not in request:
            at_once[0] += 1
            most[0] = max(most)
            most.append(at_once[0])
            free.wait(5)
            at_once[0] -= 1
        connection.sendall(HEAD % (200, b"OK", JSON, b"", len(GRAPHS), GRAPHS))

    with server(behave) as (url, _):
        store = RemoteStore(url)
        store.graphs()
        pool = open_pool(store, replace(SETTINGS, queue_wait_s=1))
        outcomes: list[str] = []

        def ask(client: str) -> None:
            try:
                pool.run("SELECT ?g {}", None, client=client).close()
                outcomes.append(f"{client} was answered")
            except PoolBusy as busy:
                outcomes.append(f"{client}: {busy}")

        threads = [threading.Thread(target=ask, args=(client,)) for client in ("one", "one", "one", "other")]
        for thread in threads:
            thread.start()
            time.sleep(0.1)
        state = pool.state()
        time.sleep(1.2)
        free.set()
        for thread in threads:
            thread.join()
        pool.close()
        store.close()

    assert [state[name] for name in ("workers", "idle", "running", "waiting")] == [3, 0, 3, 1]
    busy = "one: all connections to the store are busy; try again in a few seconds"
    assert sorted(outcomes) == ["one was answered", "one was answered", busy, "other was answered"]
    assert max(most) == 3
