"""Attacks a server of our own on loopback, and tells what became of it and of a well-behaved client beside it.

The server is a real one (`twinld serve`). Hostile requests come from 127.0.0.1, the well-behaved client is
127.0.0.2: the server knows clients by their addresses. A listener counts whatever reaches it from a query.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from tests.attack.hostile import Attack, attacks

ROOT = Path(__file__).resolve().parents[2]
GRACE_S = 0.5
"""So much later than the limit an answer may come."""
SLOW_MS = 100
ATTACKERS = 2
WORKERS = ATTACKERS + 1


@dataclass
class Report:
    """What happened: verdicts by class, faults in words, milliseconds of the well-behaved client, memory."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    probes_ms: list[float] = field(default_factory=list)
    failed_probes: list[str] = field(default_factory=list)
    slow_probes: list[str] = field(default_factory=list)
    timeline: list[tuple[float, str]] = field(default_factory=list)
    slowest_s: float = 0.0
    peak_mib: float = 0.0
    hits: int = 0
    seconds: float = 0.0
    state: dict[str, Any] = field(default_factory=dict)

    def p99_ms(self) -> float:
        """The milliseconds that 99 of 100 probes took at most."""
        return statistics.quantiles(self.probes_ms, n=100)[98]


@contextmanager
def server(store: Path, **settings: int | str) -> Iterator[tuple[psutil.Process, int]]:
    """`twinld serve` on a free port, with settings; its process and port."""
    variables = {f"TWINLD_{name.upper()}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "twinld", "serve", "--store", str(store), "--port", "0"],
        cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield psutil.Process(process.pid), int(line.rstrip("/\n").rsplit(":", 1)[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


class Listener:
    """Counts connections; whoever connects is led on to itself by a redirect."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.hits = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            with connection:
                connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: http://{self.address}/\r\n\r\n".encode())

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


class Probe:
    """The well-behaved client (tests.attack.probe); what it saw comes into the report when it is stopped."""

    def __init__(self, port: int, source: str = "127.0.0.2") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.attack.probe", str(port), source],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def stop(self, report: Report) -> None:
        """Ask no more."""
        out, _ = self._process.communicate()
        for at, took_ms, what, wrong in json.loads(out):
            during = next((name for began, name in reversed(report.timeline) if began <= at), "nothing")
            report.probes_ms.append(took_ms)
            if wrong:
                report.failed_probes.append(f"{what} during {during}: {wrong}")
            if took_ms > SLOW_MS:
                report.slow_probes.append(f"{what} during {during}: {took_ms:.0f} ms")


def send(attack: Attack, port: int, timeout_s: float) -> tuple[int, http.client.HTTPMessage | None, bytes]:
    """Status, headers and body of the answer; status 0 when the connection was closed without one."""
    if attack.raw is not None:
        return _send_raw(attack.raw, port, timeout_s)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.putrequest(attack.method, attack.path, skip_host="Host" in dict(attack.headers))
        for name, value in attack.headers:
            connection.putheader(name, value)
        if attack.body is not None:
            connection.putheader("Content-Length", str(len(attack.body)))
        connection.endheaders()
        try:
            if attack.body is not None:
                connection.send(attack.body)
        except (BrokenPipeError, ConnectionResetError):  # refused before all was sent: the answer is there
            pass
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def _send_raw(raw: bytes, port: int, timeout_s: float) -> tuple[int, None, bytes]:
    body = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                body += part
        except (BrokenPipeError, ConnectionResetError):
            pass
    first = body.split(b" ", 2)
    return (int(first[1]) if len(first) > 2 and first[1].isdigit() else 0), None, body


def judge(attack: Attack, port: int, limit_s: float, report: Report) -> None:
    """Send one request and note whether all about its answer is right."""
    started = time.perf_counter()
    report.timeline.append((time.time(), f"{attack.kind} / {attack.name}"))
    try:
        status, headers, body = send(attack, port, limit_s + 10)
    except (OSError, http.client.HTTPException) as error:
        verdict, status, headers, body = f"no answer: {error!r}", -1, None, b""
    else:
        verdict = "ok" if status in attack.right else f"status {status} {body[:100]!r}"
    took_s = time.perf_counter() - started
    report.slowest_s = max(report.slowest_s, took_s)
    report.statuses[status] += 1
    if verdict == "ok" and took_s > limit_s + GRACE_S:
        verdict = f"late: {took_s:.2f} s"
    if verdict == "ok" and status == 503 and (headers is None or "Retry-After" not in headers):
        verdict = "503 without Retry-After"
    if verdict == "ok" and status == 200 and headers is not None and "json" in (headers["Content-Type"] or ""):
        verdict = _whole(body)
    if b"evil.example" in body or (headers is not None and "evil.example" in str(headers)):
        verdict = "the answer repeats the host of the request"
    report.verdicts[attack.kind]["ok" if verdict == "ok" else "bad"] += 1
    if verdict != "ok":
        report.faults.append(f"{attack.kind} / {attack.name}: {verdict}")


def _whole(body: bytes) -> str:
    try:
        json.loads(body)
    except ValueError as error:
        return f"a 200 that is cut off: {error}"
    return "ok"


def run(store: Path, limit_s: int, kinds: frozenset[str] = frozenset(), **settings: int | str) -> Report:
    """All attacks (of these classes, if any are named) on a server with this store."""
    report = Report()
    listener = Listener()
    given: dict[str, int | str] = {
        "workers": ATTACKERS, "query_timeout_s": limit_s, "budget_s": 0, "worker_memory_mib": 812,
        "result_max_mib": 64, **settings,
    }  # fmt: skip
    started = time.monotonic()
    with server(store, **given) as (process, port):
        before = _get_json(port, "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
        while _get_json(port, "/readyz")["idle"] < WORKERS:
            time.sleep(0.1)
        descriptors = _descriptors(process)
        probe, watch = Probe(port), _Memory(process, report)
        watch.start()
        todo: queue.SimpleQueue[Attack] = queue.SimpleQueue()
        for attack in attacks(listener.address):
            if not kinds or attack.kind in kinds:
                todo.put(attack)
        threads = [threading.Thread(target=_attack_all, args=(todo, port, limit_s, report)) for _ in range(ATTACKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not kinds or "slow" in kinds:
            slow_clients(port, report)
        probe.stop(report)
        watch.stop()
        after = _get_json(port, "/sparql?query=" + quote("SELECT (COUNT(*) AS  ?n) { ?s ?p ?o }"))
        if before != after:
            report.faults.append("the data changed")
        _settle(process, port, report, descriptors)
    report.hits = listener.hits
    listener.close()
    if report.hits:
        report.faults.append(f"{report.hits} requests reached the listener")
    report.seconds = time.monotonic() - started
    return report


def _attack_all(todo: queue.SimpleQueue[Attack], port: int, limit_s: float, report: Report) -> None:
    while True:
        try:
            attack = todo.get_nowait()
        except queue.Empty:
            return
        judge(attack, port, limit_s, report)


class _Memory(threading.Thread):
    """Watches the memory of a process and its children: that which they share counts once."""

    def __init__(self, process: psutil.Process, report: Report) -> None:
        super().__init__(daemon=True)
        self._process, self._report = process, report
        self._done = threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        while not self._done.wait(0.5):
            total = 0
            for one in [self._process, *self._process.children(recursive=True)]:
                try:
                    total += one.memory_full_info().pss
                except (psutil.Error, OSError):
                    continue
            self._report.peak_mib = max(self._report.peak_mib, total / 2**20)

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self.join()


def slow_clients(port: int, report: Report) -> None:
    """Three hundred half-open requests of two kinds, drips, and clients that never read a large answer."""
    large = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
    body = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 9000\r\n\r\nA"
    )
    plans = {
        "half-open headers": (300, b"GET /sparql HTTP/1.1\r\nHost: a\r\n"),
        "half-sent bodies": (300, body),
        "answers that nobody reads": (4, f"GET /sparql?query={quote(large)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()),
    }
    for name, (count, head) in plans.items():
        report.timeline.append((time.time(), f"slow / {name}"))
        open_ = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        for connection in open_:
            connection.sendall(head)
        for _ in range(10):
            time.sleep(0.3)
            for connection in open_[:20]:
                try:
                    connection.send(b"X")
                except OSError:
                    continue
        for connection in open_:
            connection.close()
        report.verdicts["slow"]["ok"] += 1  # what they did to others is what the probes say


def _settle(process: psutil.Process, port: int, report: Report, descriptors: int) -> None:
    """After it all: the same process, all workers back, no zombie, no descriptor left open."""
    end = time.monotonic() + 20
    while True:
        report.state = _get_json(port, "/readyz")
        leaked = _descriptors(process) - descriptors
        zombies = [one.pid for one in process.children(recursive=True) if one.status() == psutil.STATUS_ZOMBIE]
        if report.state["idle"] == report.state["workers"] == WORKERS and leaked <= 3 and not zombies:
            return
        if time.monotonic() > end:
            report.faults.append(f"not as before: {report.state}, {leaked} more descriptors, zombies {zombies}")
            return
        time.sleep(0.2)


def _descriptors(process: psutil.Process) -> int:
    """Open descriptors; the engine opens the files of its store when it first needs them, so these don't count."""
    folder = Path(f"/proc/{process.pid}/fd")
    count = 0
    for entry in folder.iterdir():
        try:
            count += not entry.readlink().name.endswith(".sst")
        except OSError:
            continue
    return count


def _get_json(port: int, path: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
    try:
        connection.request("GET", path)
        document: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return document
