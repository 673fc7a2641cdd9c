"""Queries of strangers: right answers, and no harm to anyone, whatever is asked."""

import csv
import io
import json
import re
import time
from dataclasses import replace

import pytest
import store_data as data
from pool_runs import FOREVER, SETTINGS, SMALL, body, in_background, until

from twinld.errors import PoolBusy, QueryCrash, QueryError, QueryTimeout, ResultTooBig, ServiceRefused, UpdateRefused
from twinld.formats import FORMATS
from twinld.store import open_store
from twinld.store.pool import open_pool

pytestmark = pytest.mark.alone


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
