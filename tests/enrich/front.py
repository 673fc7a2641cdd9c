"""A misbehaving front of a SPARQL endpoint: answers, or does what it is told to do wrong, and counts everything."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

from twinld.formats import find_format
from twinld.store import Store

JSON = "application/sparql-results+json"
Upstream = Callable[[str], bytes]
TRACE = (
    b"\nSPARQL-QUERY: queryStr=SELECT ...\njava.util.concurrent.TimeoutException\n"
    b"\tat java.util.concurrent.FutureTask.get(FutureTask.java:205)\n"
)


def of_store(store: Store) -> Upstream:
    """Answers from a store of this process."""
    lock = threading.Lock()

    def answer(query: str) -> bytes:
        out = io.BytesIO()
        with lock:
            store.write(query, find_format("json"), out)
        return out.getvalue()

    return answer


def of_server(url: str) -> Upstream:
    """Answers from another server."""

    def answer(query: str) -> bytes:
        request = Request(url, query.encode(), {"Content-Type": "application/sparql-query", "Accept": JSON})
        with urlopen(request, timeout=120) as response:
            return bytes(response.read())

    return answer


class Front(ThreadingHTTPServer):
    """Serves on a free port of 127.0.0.1. `faults` are used up one a request; then it answers as it should."""

    daemon_threads = True

    def __init__(self, upstream: Upstream, faults: Iterable[str] = ()) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream = upstream
        self.faults = deque(faults)
        self.requests = 0
        self.parallel = self.most_parallel = 0
        self.agents: set[str] = set()
        self.arrivals: list[float] = []
        self.queries: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is what some faults are about."""

    def __enter__(self) -> Front:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.send_error(405)

    def do_POST(self) -> None:
        front = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        query = parse_qs(body).get("query", [body])[0]
        self.counted = 1
        with front.lock:
            front.requests += 1
            front.parallel += 1
            front.most_parallel = max(front.most_parallel, front.parallel)
            front.agents.add(self.headers.get("User-Agent", ""))
            front.arrivals.append(time.monotonic())
            front.queries.append(query)
            front.headers.append(dict(self.headers))
            fault = front.faults.popleft() if front.faults else "ok"
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.misbehave(fault, query)
        finally:
            self.answered()
            self.close_connection = True

    def answered(self) -> None:
        """From now on the client may ask again."""
        with self.server.lock:
            self.server.parallel -= self.counted
            self.counted = 0

    # ------------------------------------------------------------------------------------------------- answers

    def send(self, status: int, body: bytes, media_type: str = JSON, length: int | None = None, **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[:-1])
        if length is None:
            self.answered()
        self.wfile.write(body[-1:])

    def good(self, query: str) -> bytes:
        return self.server.upstream(query)

    def misbehave(self, fault: str, query: str) -> None:
        name, _, argument = fault.partition(":")
        getattr(self, f"do_{name}")(query, argument)

    def do_ok(self, query: str, _: str) -> None:
        body = gzip.compress(self.good(query))
        self.send(200, body, Content_Encoding="gzip")

    def do_status(self, _: str, argument: str) -> None:
        self.send(int(argument), b"<html><h1>Error</h1></html>", "text/html")

    def do_429(self, _: str, argument: str) -> None:
        self.send(429, b"Too Many Requests", "text/plain", Retry_After=argument or "7")

    def do_429date(self, _: str, argument: str) -> None:
        from datetime import datetime

        moment = datetime.fromisoformat(argument)
        self.send(429, b"Too Many Requests", "text/plain", Retry_After=format_datetime(moment, usegmt=True))

    def do_503(self, _: str, argument: str) -> None:
        self.send(503, b"busy", "text/plain", **({"Retry_After": argument} if argument else {}))

    def do_ban(self, _: str, argument: str) -> None:
        self.send(int(argument), b"You have been banned until 2026-11-23T00:00:00Z", "text/plain")

    def do_timeout500(self, *_: str) -> None:
        self.send(500, b"java.util.concurrent.TimeoutException\n\tat java.base", "text/plain")

    def do_400(self, *_: str) -> None:
        self.send(400, b"MALFORMED QUERY", "text/plain")

    def do_html200(self, *_: str) -> None:
        self.send(200, b"<!DOCTYPE html><title>Maintenance</title>", "text/html; charset=utf-8")

    def do_htmljson(self, *_: str) -> None:
        self.send(200, b"<!DOCTYPE html><title>Maintenance</title>")

    def do_truncated(self, query: str, _: str) -> None:
        body = self.good(query)
        self.send(200, body[: len(body) // 2], length=len(body))

    def do_truncjson(self, query: str, _: str) -> None:
        body = self.good(query)
        self.send(200, body[: len(body) // 2])

    def do_trace(self, query: str, _: str) -> None:
        body = self.good(query)
        self.send(200, body[: len(body) - 20] + TRACE)

    def do_error(self, query: str, _: str) -> None:
        self.send(200, self.good(query)[:-20] + TRACE.replace(b"TimeoutException", b"OutOfMemoryException"))

    def do_dup(self, query: str, _: str) -> None:
        document = json.loads(self.good(query))
        document["results"]["bindings"] *= 2
        self.send(200, json.dumps(document).encode())

    def do_redirect(self, _: str, argument: str) -> None:
        self.send(int(argument), b"", "text/plain", Location="/sparql?moved")

    def do_redirectout(self, *_: str) -> None:
        self.send(307, b"", "text/plain", Location="http://localhost.example/sparql")

    def do_reset(self, *_: str) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def do_slow(self, *_: str) -> None:
        self.server.stopping.wait(30)

    def do_drip(self, query: str, _: str) -> None:
        body = self.good(query)
        self.send(200, b"", length=len(body))
        self.drip(body)

    def do_dripheaders(self, *_: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.drip(b"X-Slow: 1\r\n" * 1000)

    def drip(self, body: bytes) -> None:
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.stopping.wait(0.05):
                return

    def do_huge(self, *_: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(64):
            self.wfile.write(b" " * (1 << 16))

    def do_bomb(self, *_: str) -> None:
        self.send(200, gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip")

    def do_badgzip(self, *_: str) -> None:
        self.send(200, b"this is not gzip", Content_Encoding="gzip")

    def do_halfgzip(self, query: str, _: str) -> None:
        body = gzip.compress(self.good(query))
        self.send(200, body[: len(body) - 12], Content_Encoding="gzip")

    def do_empty(self, *_: str) -> None:
        self.send(200, b"")

    def do_notatable(self, *_: str) -> None:
        self.send(200, b'{"head": {"vars": ["a"]}, "results": {"bindings": {"a": 1}}}')

    def do_boolean(self, *_: str) -> None:
        self.send(200, b'{"head": {}, "boolean": true}')

    def do_deep(self, *_: str) -> None:
        self.send(200, b"[" * 200_000)
