"""The endpoint against its peers, in one run: CPU milliseconds a request and latencies at 1, 8 and 32 clients.

Data and light mix are those of `../shared/bench` at 1.9 million triples. CPU is that of all processes of a server.
Peers are asked if they are there: `virtuoso-t`, and in the folder that PEERS names `oxigraph` (the server of the
same engine) and `rdflib-endpoint`; what is not there is said. Nothing is kept in the first run of ours.

What the endpoint costs over the query itself is the difference of two figures that both drift with the machine, by a
third within minutes. So they are measured in turns. And a query costs more after a rest, when the caches of the
processor hold other things, whoever asks it: so the same queries are asked in process with a rest of REST_S between
them, about that of a worker while one client reads an answer and asks again. Without a rest they are told as well.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bench"
LIGHT = ("q01_label", "q02_partners", "q05_path", "q08_construct", "q11_values")
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
CLIENTS = (1, 8, 32)
REST_S = 0.001
TURNS = 7
ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"

Say = Callable[[str, str, str, bool | None], bool]


def bench(say: Say) -> bool:
    """Everything; False when a target is missed."""
    if not SHARED.is_dir():
        return say("endpoint", "../shared/bench is not there", "none", None) or True
    sys.path.insert(0, str(SHARED))
    from queries import QUERIES  # type: ignore[import-not-found]

    mix = [QUERIES[name][2] for name in LIGHT]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = _data(folder)
        store = folder / "store"
        _python("from twinld.store.oxigraph import bulk_load; from pathlib import Path; import sys; "
                "bulk_load(Path(sys.argv[2]), [(Path(sys.argv[1]), None)])", data, store)  # fmt: skip
        cpu: dict[str, float] = {}
        for label, kept in (("ours, uncached", 0), ("ours, cached", 64)):
            with _ours(store, cache_mib=kept) as (process, url):
                cpu[label] = _loads(say, label, process, url, mix)
                if not kept:
                    good = _over(say, store, process, url, mix)
                    good &= _rows(say, process, url)
                    good &= _replaced(say, process, url)
        cached_ms = cpu["ours, cached"]
        good &= say("ours, cached, CPU in all", f"{cached_ms:.2f} ms", "<= 0.6 ms", cached_ms <= 0.6)
        for label, server, worth in (
            ("oxigraph server", _oxigraph, None),
            ("Virtuoso", _virtuoso, 2.0),
            ("rdflib-endpoint", _rdflib_endpoint, 100.0),
        ):
            started = server(data, store, folder)
            if started is None:
                say(label, "not here", "none", None)
                continue
            with started as (process, url):
                cpu[label] = _loads(say, label, process, url, mix)
            ratio = cpu[label] / cpu["ours, uncached"]
            target = "reported" if worth is None else f">= {worth:g}x"
            enough = None if worth is None else ratio >= worth
            good &= say(f"{label} against ours, CPU a request", f"{ratio:.2f}x", target, enough) or enough is None
    return good


def _over(say: Say, store: Path, process: psutil.Process, url: str, mix: list[str]) -> bool:
    """CPU of a request of one client over that of the same query in process, median of differences."""
    with _inside(store, mix) as ask_inside:
        for rest_s in (0.0, REST_S, 0.0, REST_S):  # until all caches are full
            ask_inside(rest_s)
        turns = [(ask_inside(0.0), ask_inside(REST_S), _one_client(process, url, mix)) for _ in range(TURNS)]
    busy, rested, served = (statistics.median(figures) for figures in zip(*turns, strict=True))
    said = f"{busy:.2f} ms without a rest, {rested:.2f} ms with one; {served:.2f} ms served"
    say("light mix in process, CPU a query", said, "none", None)
    over = statistics.median(one - other for _, other, one in turns)
    without = statistics.median(one - other for other, _, one in turns)
    say("ours, uncached, CPU over in-process without a rest", f"{without:.2f} ms", "none", None)
    return say("ours, uncached, CPU over in-process time", f"{over:.2f} ms", "<= 1.2 ms", over <= 1.2)


_INSIDE = """
import io, json, sys, time
from twinld.store import open_store
store, mix = open_store(sys.argv[1]), json.loads(sys.argv[2])
for line in sys.stdin:
    rest, started = float(line), time.process_time()
    for number in range(300):
        store.write(mix[number % len(mix)], None, io.BytesIO())
        if rest:
            time.sleep(rest)
    print((time.process_time() - started) / 300 * 1000, flush=True)
"""


@contextmanager
def _inside(store: Path, mix: list[str]) -> Iterator[Callable[[float], float]]:
    """Asks the mix in a process of its own: CPU milliseconds of one query, with so many seconds of rest after each."""
    command = [sys.executable, "-c", _INSIDE, str(store), json.dumps(mix)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    orders, figures = process.stdin, process.stdout

    def ask(rest_s: float) -> float:
        print(rest_s, file=orders, flush=True)
        return float(figures.readline())

    with process:
        yield ask
        orders.close()


def _one_client(process: psutil.Process, url: str, mix: list[str]) -> float:
    """CPU milliseconds of a request of one client."""
    connection = _connection(url)
    before = _cpu(process)
    for number in range(300):
        _ask(connection, url, mix[number % len(mix)])
    return (_cpu(process) - before) / 300 * 1000


def _data(folder: Path) -> Path:
    given = os.environ.get("BENCH_DATA")
    if given:
        return Path(given)
    path = folder / "t2m.nt"
    subprocess.run([sys.executable, str(SHARED / "gen.py"), "--preset", "2m", "-o", str(path)], check=True)
    return path


def _python(code: str, *arguments: object) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


# ------------------------------------------------------------------------------------------------------ servers

Served = Iterator[tuple[psutil.Process, str]]


@contextmanager
def _process(command: list[str], url: str, *, ask: str = "ASK {}", **options: Any) -> Served:
    """A server that answers at `url` once it is up; ended by its process id."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        end = time.monotonic() + 120
        while True:
            try:
                if _ask(_connection(url), url, ask)[0] == 200:
                    break
            except OSError:
                pass
            if time.monotonic() > end or process.poll() is not None:
                raise SystemExit(f"{command[0]} does not answer at {url}")
            time.sleep(0.2)
        yield psutil.Process(process.pid), url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ours(store: Path, **settings: int) -> Any:
    port = _port()
    given = {"budget_s": 0, "workers": 2, "queue_max": 64, **settings}
    variables = {f"TWINLD_{name.upper()}": str(value) for name, value in given.items()}
    command = [sys.executable, "-m", "twinld", "serve", "--store", str(store), "--port", str(port)]
    return _process(command, f"http://127.0.0.1:{port}/sparql", cwd=ROOT, env={**os.environ, **variables})


def _peer(name: str) -> str | None:
    return shutil.which(name, path=os.environ.get("PEERS"))


def _oxigraph(_data: Path, store: Path, folder: Path) -> Any:
    program, port = _peer("oxigraph"), _port()
    if program is None:
        return None
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    return _process(command, f"http://127.0.0.1:{port}/query", cwd=folder)


def _rdflib_endpoint(_data: Path, store: Path, folder: Path) -> Any:
    program, port = _peer("uvicorn"), _port()
    if program is None or _peer("rdflib-endpoint") is None:
        return None
    (folder / "endpoint_app.py").write_text(
        "import pyoxigraph, oxrdflib, rdflib\nfrom rdflib_endpoint import SparqlEndpoint\n"
        f"store = oxrdflib.OxigraphStore(store=pyoxigraph.Store.read_only({str(store)!r}))\n"
        "app = SparqlEndpoint(graph=rdflib.Dataset(store=store), path='/sparql')\n"
    )
    command = [program, "endpoint_app:app", "--port", str(port), "--log-level", "error"]
    return _process(command, f"http://127.0.0.1:{port}/sparql", cwd=folder, ask="SELECT * { ?s ?p ?o } LIMIT 1")


def _virtuoso(data: Path, _store: Path, folder: Path) -> Any:
    program, load = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or load is None:
        return None
    place = folder / "virtuoso"
    place.mkdir()
    port, http_port = _port(), _port()
    (place / "virtuoso.ini").write_text(
        f"[Database]\nDatabaseFile = {place}/v.db\nErrorLogFile = {place}/v.log\nLockFile = {place}/v.lck\n"
        f"TransactionFile = {place}/v.trx\nxa_persistent_file = {place}/v.pxa\nMaxCheckpointRemap = 2000\n"
        f"[TempDatabase]\nDatabaseFile = {place}/t.db\nTransactionFile = {place}/t.trx\nMaxCheckpointRemap = 2000\n"
        f"[Parameters]\nServerPort = 127.0.0.1:{port}\nDirsAllowed = {data.parent}\nNumberOfBuffers = 170000\n"
        f"MaxDirtyBuffers = 130000\nServerThreads = 50\n[HTTPServer]\nServerPort = 127.0.0.1:{http_port}\n"
        "ServerThreads = 40\nMaxKeepAlives = 40\nKeepAliveTimeout = 30\n[SPARQL]\nResultSetMaxRows = 1000000\n"
        "DefaultGraph = http://bench.example/\n"
    )
    command = [program, "-f", "+configfile", str(place / "virtuoso.ini")]

    @contextmanager
    def served() -> Served:
        with _process(command, f"http://127.0.0.1:{http_port}/sparql", cwd=place) as (process, url):
            name = data.name
            orders = (
                f"ld_dir('{data.parent}', '{name}', 'http://bench.example/'); rdf_loader_run(); checkpoint; "
                'grant select on DB.DBA.SPARQL_SINV_2 to "SPARQL";'
            )
            subprocess.run([load, str(port), "dba", "dba", f"exec={orders}"], check=True, capture_output=True)
            yield process, url

    return served()


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------------------------------------------- measuring


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(url.split("/")[2], timeout=120)


def _ask(connection: http.client.HTTPConnection, url: str, query: str) -> tuple[int, int]:
    path = "/" + url.split("/", 3)[3]
    connection.request("GET", f"{path}?query={quote(query)}", headers={"Accept": ACCEPT})
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def _cpu(process: psutil.Process) -> float:
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += sum(one.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


def _loads(say: Say, label: str, process: psutil.Process, url: str, mix: list[str]) -> float:
    """CPU milliseconds a request, the best of all numbers of clients; each is said. A client asks whole mixes only."""
    connection = _connection(url)
    for query in mix * 3:
        status, _ = _ask(connection, url, query)
        if status != 200:
            raise SystemExit(f"{label}: {status} for {query}")
    _settled(process)
    best = float("inf")
    for clients in CLIENTS:
        latencies: list[float] = []
        failed: list[int] = []
        end = time.monotonic() + SECONDS

        def ask(number: int, end: float = end, latencies: list[float] = latencies, failed: list[int] = failed) -> None:
            own, first = _connection(url), number
            while time.monotonic() < end or (number - first) % len(mix):  # the queries of a mix cost too unequal a time
                number += 1
                started = time.perf_counter()
                try:
                    status, _ = _ask(own, url, mix[number % len(mix)])
                except (OSError, http.client.HTTPException):
                    status, own = 0, _connection(url)
                latencies.append((time.perf_counter() - started) * 1000)
                if status != 200:
                    failed.append(status)

        before = _cpu(process)
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - began
        cpu_ms = (_cpu(process) - before) * 1000 / max(len(latencies), 1)
        best = min(best, cpu_ms)
        p50, p99 = statistics.median(latencies), sorted(latencies)[int(len(latencies) * 0.99)]
        said = (
            f"{cpu_ms:.2f} ms; p50 {p50:.1f}, p99 {p99:.0f} ms; {len(latencies) / took_s:.0f}/s; {len(failed)} failed"
        )
        say(f"{label}, {clients} clients, CPU a request", said, "none", None)
    return best


def _settled(process: psutil.Process) -> None:
    """Wait until a server does nothing by itself any more, such as counting for its description: 30 s at most."""
    for _ in range(30):
        before = _cpu(process)
        time.sleep(1)
        if _cpu(process) - before < 0.02:
            return


def _rows(say: Say, process: psutil.Process, url: str) -> bool:
    """300,000 rows: what a worker holds at most, alone."""
    peak = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            for worker in [w for zygote in process.children() for w in zygote.children()]:
                try:
                    peak[0] = max(peak[0], worker.memory_full_info().uss / 1e6)
                except psutil.Error:
                    continue

    thread = threading.Thread(target=watch)
    thread.start()
    started = time.perf_counter()
    status, length = _ask(_connection(url), url, "SELECT * { ?s ?p ?o } LIMIT 300000")
    took_s = time.perf_counter() - started
    done.set()
    thread.join()
    said = f"{peak[0]:.0f} MB ({status}, {length / 1e6:.0f} MB in {took_s:.1f} s)"
    return say("300,000 rows, memory of a worker alone", said, "<= 100 MB", status == 200 and peak[0] <= 100)


def _replaced(say: Say, process: psutil.Process, url: str) -> bool:
    """From the death of a worker to another that is ready, as the pool measures it: median of twenty."""
    took: list[float] = []
    for _ in range(20):
        connection = _connection(url)
        connection.request("GET", "/readyz")
        state = json.loads(connection.getresponse().read())
        if state["idle"] == state["workers"] == 3:
            took.append(state["start_ms"])
            os.kill(state["pids"][0], signal.SIGKILL)
        time.sleep(1.3)
    median = statistics.median(took)
    return say("a worker replaced, median", f"{median:.0f} ms (of {len(took)})", "< 50 ms", median < 50)
