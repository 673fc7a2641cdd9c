"""Counts for a watcher on a port of their own: /metrics of 127.0.0.1, never beside what the public sees."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from twinld.errors import UsageError

from .context import Shared
from .journal import metrics


class Metrics:
    """Serves the counts of an application on a port of 127.0.0.1, in threads of its own, until it is closed."""

    def __init__(self, shared: Shared, port: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = 5.0

            def do_GET(self) -> None:
                if self.path != "/metrics":
                    self.send_error(404, "there is only /metrics here")
                    return
                here = shared.current
                text = metrics(shared.journal, here.pool.state(), here.release, shared.cache.bytes).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
                """Nobody wants to read of every look."""

        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        except OSError as error:
            raise UsageError(f"port {port} of 127.0.0.1 cannot be had for metrics: {error.strerror}") from None
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
