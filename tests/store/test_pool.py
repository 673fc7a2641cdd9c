"""Queries of strangers: right answers, and no harm to anyone, whatever is asked."""

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import store_data as data

from twinld.errors import (
    OutsideError,
    PoolBusy,
    QueryCrash,
    QueryError,
    QueryTimeout,
    ResultTooBig,
    ServiceRefused,
    SourceError,
    UpdateRefused,
)
from twinld.formats import FORMATS, find_format
from twinld.settings import Settings
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load
from twinld.store.pool import Usage, open_pool
from twinld.store.process import Zygote

pytestmark = pytest.mark.alone

SETTINGS = Settings(workers=2, queue_wait_s=5, query_timeout_s=20, result_max_mib=1, worker_memory_mib=1024)
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r . ?s ?t ?u }"
SMALL = data.PREFIXES + "SELECT ?start { ?a tw:start ?start }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A store on disk."""
    path = tmp_path_factory.mktemp("pool")
    (path / "all.nq").write_bytes(data.nquads())
    bulk_load(path / "store", [(path / "all.nq", None)])
    return path / "store"


@pytest.fixture(scope="module")
def workers(folder):
    opened = open_pool(open_store(folder), SETTINGS)
    yield opened
    opened.close()


def body(workers, query: str, name: str | None = None, **options) -> bytes:
    with workers.run(query, find_format(name) if name else None, **options) as answer:
        read = answer.body.read()
        assert answer.length == len(read)
        assert name is None or answer.format == find_format(name)
        assert answer.seconds >= 0
    return read


def in_background(workers, query: str, **options) -> tuple[threading.Thread, list[BaseException]]:
    """A thread that runs a query, and the list that its error will be in."""
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            workers.run(query, None, **options).close()
        except OutsideError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, errors


def until(condition, seconds: float = 20.0) -> None:
    """Waits for what another process does; fails when it doesn't happen."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_the_pool_answers_as_the_store_does(workers, folder, row):
    query = SMALL if row.kind == "results" else data.PREFIXES + "CONSTRUCT WHERE { ?a tw:start ?start }"
    expected = io.BytesIO()
    open_store(folder).write(query, row, expected)

    assert expected.getvalue() == body(workers, query, row.name)
    assert b"0836" in expected.getvalue()


def test_the_format_follows_the_query_when_none_is_given(workers):
    with workers.run("ASK {}", None) as rows, workers.run("CONSTRUCT WHERE { ?s ?p ?o }", None) as graph:
        assert [rows.format.name, graph.format.name] == ["json", "turtle"]


def test_graphs_are_chosen_as_in_the_store(workers):
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    assert body(workers, query, "csv", default_graphs=[data.DEMO]) == b"n\r\n3\r\n"
    assert body(workers, query, "csv", named_graphs=[data.DEMO]) == b"n\r\n0\r\n"


def test_an_answer_over_a_mebibyte_is_whole(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, result_max_mib=64))
    # 18 quads three times: 5832 rows of 200 letters and more
    triples = "GRAPH ?1 { ?a ?b ?c } GRAPH ?2 { ?d ?e ?f } GRAPH ?3 { ?g ?h ?i }"
    query = f"SELECT ('{'x' * 200}' AS ?x) ?a ?d ?g {{ {triples} }}"

    rows = list(csv.reader(io.StringIO(body(workers, query, "csv").decode())))

    workers.close()
    assert len(rows) == 18**3 + 1
    assert {4} == {len(row) for row in rows}


def test_a_query_meets_its_deadline_and_the_pool_goes_on(workers):
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"^the query was stopped after 1 s; "):
        workers.run(FOREVER, None, timeout_s=1)

    assert time.monotonic() - started < 1.5
    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'


DEEP = [
    ("parentheses", "ASK { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }"),
    ("groups", "ASK {" + "{" * 10_000 + "}" * 10_000 + "}"),
    ("negations", "ASK { FILTER(" + "!" * 10_000 + "true) }"),
    ("queries", "SELECT * {" + "{ SELECT * {" * 3_000 + "} }" * 3_000 + "}"),
    ("open groups", "ASK " + "{" * 10_000),
    ("blank nodes", "ASK { ?s ?p " + "[ ?p " * 10_000 + "1" + "]" * 10_000 + " }"),
]


@pytest.mark.parametrize(("claim", "query"), DEEP, ids=[case[0] for case in DEEP])
def test_a_deep_query_harms_nobody(workers, claim, query):
    try:
        assert json.loads(body(workers, query, timeout_s=3))["head"] is not None
    except (QueryError, QueryCrash, QueryTimeout) as error:
        assert str(error)  # noqa: PT017  all three are right, and an answer too

    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'


def test_a_query_that_needs_too_much_memory_ends_its_worker(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1, worker_memory_mib=64))
    grow = "BIND(CONCAT(?x0, ?x0) AS ?x1) " + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(1, 27))

    with pytest.raises(QueryCrash, match=r"^the query brought its worker down \(SIG.*64 MiB of memory; simplify it$"):
        workers.run(f"SELECT (STRLEN(?x27) AS ?n) {{ BIND('12345678' AS ?x0) {grow} }}", None)

    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'
    workers.close()


REFUSED = [
    ("an update", "INSERT DATA { <http://a/> <http://b/> 1 }", UpdateRefused, "SPARQL Update"),
    ("SERVICE", "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", ServiceRefused, "SERVICE is not allowed"),
    ("a syntax error", "ASK {\n ?s foo:p ?o }", QueryError, "line 2, column 5: the prefix foo: is not declared"),
    ("a graph name with a blank", "ASK { GRAPH <a b> {} }", QueryError, "this is not a whole IRI"),
]


@pytest.mark.parametrize(("claim", "query", "error", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_asked_is_refused_and_the_worker_lives(workers, claim, query, error, message):
    until(lambda: workers.state()["idle"] == 3)
    before = workers.state()["pids"]

    with pytest.raises(QueryError, match=message) as caught:
        workers.run(query, None)

    assert type(caught.value) is error
    assert before == workers.state()["pids"]


def test_a_syntax_error_has_its_line_and_column(workers):
    with pytest.raises(QueryError) as caught:
        workers.run("ASK {\n ?s foo:p ?o }", None)

    assert (caught.value.line, caught.value.column) == (2, 5)


def test_a_result_over_the_cap_is_an_error_and_the_worker_lives(workers):
    until(lambda: workers.state()["idle"] == 3)
    before = workers.state()["pids"]

    with pytest.raises(ResultTooBig, match=r"^the result is larger than 1 MiB; add LIMIT"):
        workers.run("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", None)

    assert before == workers.state()["pids"]


def test_two_queries_run_at_once(workers):
    until(lambda: workers.state()["idle"] == 3)
    slow, _ = in_background(workers, FOREVER, timeout_s=2)
    until(lambda: workers.state()["idle"] == 2)

    started = time.monotonic()
    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'

    assert time.monotonic() - started < 1
    slow.join()


def test_a_pool_without_a_free_worker_says_so(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1, queue_wait_s=1))
    slow, _ = in_background(workers, FOREVER, timeout_s=2)
    until(lambda: workers.state()["running"] == 1)

    with pytest.raises(PoolBusy, match=r"^all workers are busy; try again in a few seconds$"):
        workers.run("ASK {}", None)

    slow.join()
    workers.close()


def test_a_worker_killed_while_idle_is_not_noticed(workers):
    until(lambda: workers.state()["idle"] == 3)
    for pid in workers.state()["pids"]:
        os.kill(pid, signal.SIGKILL)

    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'


def test_a_worker_killed_while_idle_is_replaced(workers):
    until(lambda: workers.state()["idle"] == 3)
    pids = set(workers.state()["pids"])
    for pid in pids:
        os.kill(pid, signal.SIGKILL)

    until(lambda: workers.state()["idle"] == 3 and not pids & set(workers.state()["pids"]))


@pytest.mark.parametrize(("after_s", "error"), [(0.3, QueryTimeout), (2.0, QueryCrash)], ids=["early", "late"])
def test_a_worker_killed_from_outside_while_it_works_is_noticed_only_late(folder, after_s, error):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=2))
    until(lambda: workers.state()["idle"] == 3)
    first = set(workers.state()["pids"])
    usage = Usage()
    thread, found = in_background(workers, FOREVER, timeout_s=3, usage=usage)
    until(lambda: workers.state()["idle"] == 2)
    time.sleep(after_s)
    busy = max(first, key=lambda pid: sum(psutil.Process(pid).cpu_times()[:2]))
    os.kill(busy, signal.SIGKILL)
    thread.join()

    assert [error] == [type(one) for one in found]
    assert (usage.lost_workers, usage.run_s <= 3.5) == (1, True)
    workers.close()


CRASH = "SELECT (COUNT(*) AS ?n) { " + "{" * 90 + "}" * 90 + " FILTER(" + "!" * 4_000 + "true) }"


def test_a_query_that_kills_two_workers_is_not_run_again(folder, monkeypatch):
    (script := folder.parent / "sitecustomize.py").write_text(
        "import twinld.store.worker\ntwinld.store.worker.STACK_MIB = (1,)\n"
    )
    monkeypatch.setattr("twinld.store.process._python_path", lambda: [str(script.parent)])
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1))
    assert workers.state()["stack_mib"] == 1
    usage = Usage()

    with pytest.raises(QueryCrash, match=r"^the query brought its worker down \(SIG"):
        workers.run(CRASH, None, usage=usage)
    assert usage.lost_workers == 2
    with pytest.raises(
        QueryCrash, match=r"^this query brought 2 workers down and is not run for another 600 s"
    ) as told:
        workers.run(CRASH.replace(" FILTER", "\n # again\n FILTER"), None)

    assert told.value.retry_after_s in {600, 601}
    assert workers.state()["replaced_by"] == {"crash": 2}
    assert workers.state()["quarantined"] == 1
    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'
    workers.close()
    script.unlink()


def test_one_client_never_has_all_workers(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=2, queue_max=4, queue_wait_s=1))
    until(lambda: workers.state()["idle"] == 3)
    threads = [in_background(workers, FOREVER, timeout_s=3, client="greedy") for _ in range(4)]
    until(lambda: workers.state()["running"] == 2 and workers.state()["waiting"] == 2)

    with pytest.raises(PoolBusy, match=r"^2 queries of yours are waiting; send the next when one is answered$"):
        workers.run("ASK {}", None, client="greedy")
    started = time.monotonic()
    assert body(workers, "ASK {}", client="modest") == b'{"head":{},"boolean":true}'
    assert time.monotonic() - started < 0.5

    for thread, _ in threads:
        thread.join()
    assert sorted(type(error).__name__ for _, errors in threads for error in errors) == [
        "PoolBusy",
        "PoolBusy",
        "QueryTimeout",
        "QueryTimeout",
    ]
    workers.close()


def test_a_killed_zygote_is_replaced(folder):
    workers = open_pool(open_store(folder), SETTINGS)
    until(lambda: workers.state()["idle"] == 3)
    before = set(workers.state()["pids"])
    os.kill(workers._zygote.pid, signal.SIGKILL)

    until(lambda: workers.state()["idle"] == 3 and not before & set(workers.state()["pids"]))
    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'
    workers.close()


def test_a_worker_writes_no_file(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1))
    limits = [psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE) for pid in workers.state()["pids"]]
    workers.close()

    assert set(limits) == {(0, 0)}


UNWIELDY = [
    (
        "depth",
        "ASK {" + "{" * 100 + "}" * 101,
        "line 1, column 105: 101 brackets stand inside each other here; 100 are",
    ),
    (
        "words",
        "ASK { VALUES ?x {" + " 1" * 50_000 + "} }",
        "the query has 50,007 words and signs; 50,000 are the limit",
    ),
]


@pytest.mark.parametrize(("claim", "query", "message"), UNWIELDY, ids=[case[0] for case in UNWIELDY])
def test_an_unwieldy_query_is_refused_with_what_to_change(workers, claim, query, message):
    with pytest.raises(QueryError, match=f"^{re.escape(message)}"):
        workers.run(query, None)


def test_close_leaves_no_process_and_no_folder(folder):
    store = open_store()
    store.load(data.nquads(), find_format("nquads"))
    workers = open_pool(store, SETTINGS)
    until(lambda: workers.state()["idle"] == 3)
    pids = workers.state()["pids"]
    copies = {
        argument for pid in pids for argument in psutil.Process(pid).cmdline() if Path(argument, "CURRENT").is_file()
    }
    assert body(workers, SMALL, "csv") == b"start\r\n0836\r\n"

    workers.close()
    workers.close()

    assert [len(pids), len(copies)] == [3, 1]
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not any(Path(copy).exists() for copy in copies)
    with pytest.raises(PoolBusy, match=r"^the pool is closed"):
        workers.run("ASK {}", None)


def test_closing_ends_a_query_that_runs(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1))
    thread, errors = in_background(workers, FOREVER)
    until(lambda: workers.state()["running"] == 1)
    workers.close()
    thread.join()

    assert [PoolBusy] == [type(error) for error in errors]


def test_workers_end_with_the_process_that_started_them(folder):
    code = (
        "import sys\nfrom twinld.settings import Settings\nfrom twinld.store import open_store\n"
        "from twinld.store.pool import open_pool\n"
        "p = open_pool(open_store(sys.argv[1]), Settings(workers=1))\n"
        "print(*p.state()['pids'], flush=True)\nsys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()

    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_a_store_that_cannot_be_opened_is_an_error(tmp_path, folder):
    broken = tmp_path / "store"
    broken.mkdir()
    (broken / "CURRENT").write_text("MANIFEST-000099\n")
    store = open_store(folder)
    store._path = broken

    with pytest.raises(SourceError, match="cannot be opened as a store"):
        open_pool(store, SETTINGS)


def test_no_text_of_a_query_reaches_the_network(folder, workers):
    """The text check is bypassed here: the engine reads `SERVICEs:x` as SERVICE, our tokens as a name."""
    assert workers.state()["sandbox"] == "seccomp"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        there = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
        query = f"PREFIX s: {there} PREFIX SERVICEs: {there} SELECT * {{ ?a ?b ?c . SERVICEs:x {{ ?s ?p ?o }} }}"

        with pytest.raises(ServiceRefused, match=r"^the query may not reach another server"):
            workers.run(query, None)

        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_worker_without_the_text_check_opens_no_socket(folder, tmp_path, monkeypatch):
    """Proves that the sandbox holds alone; the worker that runs here has the check taken out."""
    (tmp_path / "sitecustomize.py").write_text(
        "import twinld.store.embedded\ntwinld.store.embedded.refuse_service = lambda query: None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("twinld.store.process._python_path", lambda: [str(tmp_path)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        zygote = Zygote(folder, 1024)
        worker = zygote.worker()
        assert next(worker.replies(time.monotonic() + 30))[0] == b"R"
        found = []
        for word in ("SERVICE", "SERVICE SILENT"):
            query = f"ASK {{ {word} <{there}> {{ ?s ?p ?o }} }}"
            worker.ask(
                {"query": query, "format": None, "default_graphs": None, "named_graphs": None, "max_bytes": 1000}
            )
            kind, payload = next(worker.replies(time.monotonic() + 30))
            found.append((kind, b"Operation not permitted" in payload))
        worker.kill()
        worker.reap()
        zygote.close()

        assert found[0] == (b"X", True)
        with pytest.raises(TimeoutError):
            listener.accept()
