"""The endpoint as a service: what is kept, packed, limited, counted, cited, and how a new release comes in."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from server.context import Shared
from server.swap import FollowLink, Watcher
from server.watch import Metrics
from tests.server.conftest import BROWSER, SMALL, Client
from twinld import site
from twinld.errors import UsageError
from twinld.settings import SETTINGS, Settings
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load

pytestmark = pytest.mark.alone

SELECT = "SELECT ?s { ?s a <https://w3id.org/twinld/ns#Country> } ORDER BY ?s"
MANY = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 200"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def release_folder(release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release, with a default graph as a build makes it."""
    folder = tmp_path_factory.mktemp("filled") / "2022-11-30"
    shutil.copytree(release_folder, folder, ignore=shutil.ignore_patterns("store"))
    with (folder / "all.nq").open("wb") as out:
        open_store(SMALL).dump(out)
    bulk_load(folder / "store", [(folder / "all.nq", None)])
    return folder


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[tuple[FlaskClient, Shared]]:
    """A client of an application on a release folder, and its shared parts."""
    store = open_store(folder)
    app: Flask = create_app(Settings(workers=1, **settings), store)
    app.test_client_class = Client
    yield app.test_client(), app.extensions["twinld"]
    close_app(app)
    store.close()


def ask(client: FlaskClient, query: str, accept: str = "*/*", **headers: str) -> Any:
    return client.get("/sparql", query_string={"query": query}, headers={"Accept": accept, **headers})


def queries(shared: Shared) -> int:
    """How many queries a worker answered."""
    return shared.journal.outcomes["ok"]


# ------------------------------------------------------------------------------------------------ kept answers


def test_the_same_question_is_asked_of_a_worker_once(release_folder: Path) -> None:
    with running(release_folder) as (client, shared):
        first = ask(client, SELECT)
        again = ask(client, "  # countries\n" + SELECT.replace(" ", "\n"))
        posted = client.post("/sparql", data={"query": SELECT})
        other = ask(client, SELECT, "text/csv")

        assert first.data == again.data == posted.data != other.data
        assert [a.content_type for a in (first, again)] == ["application/sparql-results+json"] * 2
        assert shared.journal.outcomes == {"ok": 2, "cached": 2}


@pytest.mark.parametrize("word", ["RAND()", "now()", "UUID()", "STRUUID()"])
def test_what_has_another_answer_each_time_is_never_kept(release_folder: Path, word: str) -> None:
    with running(release_folder) as (client, shared):
        answers = [ask(client, f"SELECT ({word} AS ?x) {{}}") for _ in range(2)]

        assert shared.journal.outcomes == {"ok": 2}
        assert [a.headers["Cache-Control"] for a in answers] == ["no-store"] * 2
        assert not any("ETag" in a.headers for a in answers)


def test_errors_are_not_kept(release_folder: Path) -> None:
    with running(release_folder) as (client, shared):
        assert [ask(client, "ASK { SERVICE <http://x/> {} }").status_code for _ in range(2)] == [403, 403]
        assert (shared.cache.bytes, shared.journal.outcomes) == (0, {"Refused": 2})


# ------------------------------------------------------------------------------------------------ packed answers


@pytest.mark.parametrize("in_memory", [0, 1 << 20], ids=["from a file", "kept"])
def test_long_answers_are_packed_for_those_who_take_it(
    release_folder: Path, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.sparql.IN_MEMORY_BYTES", max(in_memory, 100))
    with running(release_folder) as (client, _):
        plain = ask(client, MANY)
        answers = [ask(client, MANY, **{"Accept-Encoding": "br, gzip;q=0.5"}) for _ in range(2)]
        refused = ask(client, MANY, **{"Accept-Encoding": "gzip;q=0"})
        short = ask(client, "ASK {}", **{"Accept-Encoding": "gzip"})

        for packed in answers:
            assert packed.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(packed.data) == plain.data
            assert packed.content_length == len(packed.data) < len(plain.data) / 3
            assert packed.headers["ETag"] != plain.headers["ETag"]
            assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"
        assert "Content-Encoding" not in plain.headers
        assert refused.data == plain.data
        assert (short.data, "Content-Encoding" in short.headers) == (b'{"head":{},"boolean":true}', False)
        page = client.get("/place/boston.html", headers={"Accept-Encoding": "gzip"})
        assert b"Boston" in gzip.decompress(page.data)


# ---------------------------------------------------------------------------------------------------- fairness


def test_a_client_that_used_up_its_seconds_is_told_when_to_come_back(release_folder: Path) -> None:
    with running(release_folder, query_timeout_s=1, budget_s=6, budget_burst_s=1, trusted_hosts="127.0.0.1/32") as (
        client,
        shared,
    ):
        first = ask(client, ENDLESS, **{"X-Forwarded-For": "192.0.2.1"})
        second = ask(client, SELECT, **{"X-Forwarded-For": "6.6.6.6, 192.0.2.1"})
        other = ask(client, SELECT, **{"X-Forwarded-For": "192.0.2.2"})
        kept = ask(client, SELECT, **{"X-Forwarded-For": "192.0.2.1"})

        assert [a.status_code for a in (first, second, other, kept)] == [503, 429, 200, 200]
        assert 1 <= int(second.headers["Retry-After"]) <= 3
        assert second.json["detail"].startswith("you have used up your 1 s of query time; 6 s come in a minute")
        assert shared.journal.outcomes == {"QueryTimeout": 1, "OverBudget": 1, "ok": 1, "cached": 1}


def test_a_client_can_ask_for_less_time(release_folder: Path) -> None:
    with running(release_folder) as (client, _):
        started = time.monotonic()
        answer = client.get("/sparql", query_string={"query": ENDLESS, "timeout": "0.5"})

        assert answer.status_code == 503
        assert "stopped after 0.5 s" in answer.json["detail"]
        assert 0.4 < time.monotonic() - started < 3


# ------------------------------------------------------------------------------------------- what is told of it


def test_state_tells_release_workers_and_sandbox(release_folder: Path) -> None:
    with running(release_folder) as (client, shared):
        ready = client.get("/readyz")
        pids = shared.current.pool.state()["pids"]

        assert (ready.status_code, ready.json["status"], ready.json["release"]) == (200, "ready", "2022-11-30")
        assert (ready.json["sandbox"], ready.json["stack_mib"]) == ("seccomp", 512)
        assert ready.json["pids"] == pids
        assert ready.headers["Cache-Control"] == "no-store"


def test_a_store_that_cannot_be_asked_is_no_good_health() -> None:
    store = open_store("memory:")
    client = create_app(Settings(), store).test_client()
    assert client.get("/healthz").status_code == 200
    store.close()

    assert client.get("/healthz").status_code == 503
    assert client.get("/healthz").json["status"] == "the store cannot be asked"


def test_limits_stand_on_the_page_and_in_the_description(release_folder: Path) -> None:
    with running(release_folder, query_timeout_s=7) as (client, _):
        text = client.get("/sparql", headers=BROWSER).get_data(as_text=True)
        graph = rdflib.Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data)
    schema = rdflib.Namespace("https://schema.org/")
    described = {
        str(graph.value(node, schema.name)): int(graph.value(node, schema.value))
        for node in graph.objects(None, schema.additionalProperty)
    }

    settings = Settings(workers=1, query_timeout_s=7)
    assert described == {limit.name: limit.value for limit in site.limits(settings)}
    assert described["query_timeout_s"] == 7
    assert {"query_timeout_s", "worker_memory_mib", "budget_s"} <= set(described)
    for setting in SETTINGS:
        if setting.name in described:
            assert f"<code>{setting.name}</code>" in text
            assert setting.help in text


def test_the_description_counts_and_gives_examples(release_folder: Path) -> None:
    with running(release_folder) as (client, shared):
        graph = rdflib.Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data)
        total = shared.store.count()
    void, sh = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.SH
    default = rdflib.URIRef("http://127.0.0.1:8000/sparql#default-graph")
    shares = [int(graph.value(node, void.triples)) for node in graph.objects(default, void.propertyPartition)]

    assert int(graph.value(default, void.triples)) == sum(shares) == total
    assert len(list(graph.objects(default, void.classPartition))) > 5
    texts = {str(text) for kind in (sh.select, sh.ask, sh.construct) for text in graph.objects(None, kind)}
    asked = {example.text for example in site.examples() if "\nDESCRIBE" not in example.text}
    assert asked == texts
    assert len(texts) > 7
    assert len(list(graph.objects(None, sh.declare))) > 20


def test_an_answer_can_be_cited(release_folder: Path) -> None:
    with running(release_folder) as (client, _):
        text = ask(client, SELECT, BROWSER["Accept"]).get_data(as_text=True)
        answer = hashlib.sha256(ask(client, SELECT).data).hexdigest()
        query = hashlib.sha256(SELECT.encode()).hexdigest()
        count = len(json.loads(ask(client, SELECT).data)["results"]["bindings"])

    assert f"SHA-256 of the query {query}, of the answer as SPARQL JSON {answer}" in text
    assert f"@misc{{twinld-2022-11-30-{query[:8]}," in text
    assert "version = {2022-11-30}" in text
    assert "twinld serve --release 2022-11-30" in text
    assert f"Answer of a SPARQL query, {count} rows;" in text


def test_the_log_has_a_line_a_query_and_the_text_only_on_request(release_folder: Path, tmp_path: Path) -> None:
    for number, texts in enumerate((0, 1)):
        log = tmp_path / f"{number}.jsonl"
        with running(release_folder, log=str(log), log_queries=texts) as (client, _):
            answer = ask(client, SELECT)
            ask(client, "DROP ALL")
        lines = [json.loads(line) for line in log.read_text().splitlines()]

        assert [line["outcome"] for line in lines] == ["ok", "Refused"]
        assert [line["status"] for line in lines] == [200, 403]
        assert lines[0]["query"] == hashlib.sha256(SELECT.encode()).hexdigest()[:16]
        assert (lines[0]["form"], lines[0]["bytes"]) == ("SELECT", len(answer.data))
        assert lines[0]["release"] == "2022-11-30"
        assert lines[0]["run_ms"] > 0
        assert [line.get("text") for line in lines] == ([SELECT, "DROP ALL"] if texts else [None, None])
        assert not any("127.0.0.1" in json.dumps(line) for line in lines)


def test_counts_stand_on_a_port_of_their_own(release_folder: Path) -> None:
    with running(release_folder) as (client, shared):
        ask(client, SELECT)
        ask(client, SELECT)
        served = Metrics(shared, 0)
        with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics") as answer:
            text = answer.read().decode()
        with pytest.raises(UsageError, match="cannot be had for metrics"):
            Metrics(shared, served.port)
        served.close()

        assert 'twinld_queries_total{outcome="cached"} 1\ntwinld_queries_total{outcome="ok"} 1\n' in text
        assert 'twinld_query_seconds_bucket{le="+Inf"} 2\n' in text
        assert 'twinld_release_info{release="2022-11-30"} 1\n' in text
        assert client.get("/metrics").status_code == 404


# ------------------------------------------------------------------------------------------------- new releases


@pytest.fixture
def followed(release_folder: Path, tmp_path: Path) -> Path:
    """A build folder with two releases of one id; `current` leads to the first."""
    releases = tmp_path / "releases"
    for name in ("2022-11-30", "2022-11-30+2"):
        shutil.copytree(release_folder, releases / name)
    (tmp_path / "current").symlink_to(releases / "2022-11-30")
    return tmp_path


def point(build: Path, name: str) -> None:
    (build / "new").symlink_to(build / "releases" / name)
    (build / "new").replace(build / "current")


@contextmanager
def no_hold(_folder: Path) -> Iterator[None]:
    yield


def test_a_new_release_is_served_without_a_break(followed: Path) -> None:
    held: list[str] = []

    @contextmanager
    def hold(folder: Path) -> Iterator[None]:
        held.append(f"+{folder.name}")
        yield
        held.append(f"-{folder.name}")

    with running((followed / "current").resolve()) as (client, shared):
        watcher = Watcher(shared, replace(shared.settings, reload_s=1000), FollowLink(followed / "current", hold))
        assert (ask(client, SELECT).headers["X-Twinld-Release"], watcher.look()) == ("2022-11-30", False)
        old = shared.enter()
        pids = old.pool.state()["pids"]
        point(followed, "2022-11-30+2")

        assert watcher.look()
        new = ask(client, SELECT)
        assert (new.status_code, new.headers["X-Twinld-Release"]) == (200, "2022-11-30+2")
        assert client.get("/version").json["release"] == "2022-11-30+2"
        assert "Release <strong>2022-11-30+2</strong>" in client.get("/", headers=BROWSER).get_data(as_text=True)
        with old.pool.run("ASK {}", None) as answer:
            assert answer.length > 0
        shared.leave(old)
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
        point(followed, "2022-11-30")
        assert watcher.look()
        assert held == ["+2022-11-30+2", "+2022-11-30", "-2022-11-30+2"]
        watcher.stop()
    assert held[-1] == "-2022-11-30"


def test_no_request_is_lost_while_releases_change(followed: Path) -> None:
    seen: list[tuple[int, str]] = []
    done = threading.Event()

    def ask_on(client: FlaskClient, number: int) -> None:
        while not done.is_set():
            number += 4
            answer = ask(client, f"SELECT ({number} AS ?n) {{}}")
            seen.append((answer.status_code, answer.headers["X-Twinld-Release"]))

    with running((followed / "current").resolve(), budget_s=0) as (client, shared):
        watcher = Watcher(shared, replace(shared.settings, reload_s=1000), FollowLink(followed / "current", no_hold))
        clients = [client.application.test_client() for _ in range(4)]
        threads = [threading.Thread(target=ask_on, args=pair) for pair in zip(clients, range(4), strict=True)]
        for thread in threads:
            thread.start()
        for name in ("2022-11-30+2", "2022-11-30") * 2:
            time.sleep(0.3)
            point(followed, name)
            assert watcher.look()
        time.sleep(0.3)
        done.set()
        for thread in threads:
            thread.join()
        watcher.stop()

    assert shared.journal.swaps == 4
    assert {status for status, _ in seen} == {200}
    assert {release for _, release in seen} == {"2022-11-30", "2022-11-30+2"}


def test_a_release_that_is_broken_is_not_served(followed: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running((followed / "current").resolve()) as (client, shared):
        watcher = Watcher(shared, replace(shared.settings, reload_s=1000), FollowLink(followed / "current", no_hold))
        for path in (followed / "releases" / "2022-11-30+2" / "store").glob("MANIFEST*"):
            path.write_bytes(b"")
        point(followed, "2022-11-30+2")

        assert [watcher.look(), watcher.look()] == [False, False]
        assert ask(client, SELECT).headers["X-Twinld-Release"] == "2022-11-30"
        assert caplog.text.count("2022-11-30+2 is not served") == 1
        watcher.stop()


def test_a_redirect_may_be_kept_like_a_page(client: FlaskClient) -> None:
    for path in ("/id/place/boston", "/country/se"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "public, max-age=300")
