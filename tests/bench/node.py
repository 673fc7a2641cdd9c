"""`python -m tests.bench node`: what one server costs a request, and how many it answers; for docs/scaling.md.

Clients are threads of this process with connections that are kept. The CPU of the server and its workers is
measured, so that the clients' own share does not count; answers a second are those of a machine that does both.
"""

from __future__ import annotations

import http.client
import itertools
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil

from twinld.queries import with_prefixes

Say = Callable[[str, str, str, bool | None], bool]
SECONDS = 4.0
CLIENTS = (1, 8)
ROOT = Path(__file__).resolve().parents[2]


def run(release: Path, say: Say) -> bool:
    """Serve the release and ask; True when every answer was the right one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWINLD_")}
    command = [sys.executable, "-m", "twinld", "serve", "--store", str(release), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().rpartition(" at ")[2].strip()
    good = True
    try:
        slugs = [
            row.split(",")[1] for row in (release / "ids.csv").read_text().splitlines() if row.startswith("place,")
        ]
        tag = _tag(address)
        kinds: dict[str, tuple[Iterator[str], dict[str, str], int]] = {
            "a page": (map("/place/{}".format, itertools.cycle(slugs)), {"Accept": "text/html"}, 200),
            "data of a page": (map("/place/{}.ttl".format, itertools.cycle(slugs)), {}, 200),
            "a query, each another": (map(_query, itertools.cycle(slugs)), {}, 200),
            "304, nothing new": (itertools.repeat("/"), {"Accept": "text/html", "If-None-Match": tag}, 304),
            "a dump's headers": (itertools.repeat("/dumps/latest/twinld.ttl"), {}, 302),
        }
        for name, (paths, headers, status) in kinds.items():
            for clients in CLIENTS:
                good &= _load(process.pid, address, name, paths, headers, status, clients, say)
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        say("memory of the server and its workers", f"{sum(_memory(one) for one in tree):,} MiB", "none", None)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
    return good


def _query(slug: str) -> str:
    text = with_prefixes(f"SELECT ?a ?twin {{ ?a tw:party <id/place/{slug}> , ?twin }}")
    return f"/sparql?query={quote(text)}"


def _tag(address: str) -> str:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", "/", headers={"Accept": "text/html"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["ETag"]


def _memory(process: psutil.Process) -> int:
    return int(process.memory_full_info().pss) >> 20


def _load(
    pid: int,
    address: str,
    name: str,
    paths: Iterator[str],
    headers: dict[str, str],
    status: int,
    clients: int,
    say: Say,
) -> bool:
    times: list[float] = []
    wrong: list[int] = []
    lock = threading.Lock()
    stop = time.perf_counter() + SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        while time.perf_counter() < stop:
            with lock:
                path = next(paths)
            started = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - started)
            if answer.status != status:
                wrong.append(answer.status)
        connection.close()

    before = _cpu(pid)
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = (_cpu(pid) - before) / len(times) * 1e3
    p99 = statistics.quantiles(times, n=100)[-1] * 1e3
    figure = f"{cpu:.2f} CPU ms, {len(times) / SECONDS:,.0f}/s, p99 {p99:.0f} ms"
    return say(f"{name}, {clients} client{'s' if clients > 1 else ''}", figure, f"all {status}", not wrong)


def _cpu(pid: int) -> float:
    """CPU seconds of a process and those that it started, ended ones included."""
    top = psutil.Process(pid)
    own = top.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in top.children(recursive=True):
        times = child.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return float(total)
