"""A Pool on a remote store: strangers' queries go to the engine beside us, and its answers come back checked.

No worker runs them here. What keeps the engine and us from harm is what can be told from a query's text, the
deadline, the cap, and the number of queries that are under way at a time.
"""

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from twinld.errors import OutsideError, PoolBusy, QueryError, QueryTimeout, ResultTooBig
from twinld.formats import Format
from twinld.settings import Settings
from twinld.store import open_store
from twinld.store.admission import Queue
from twinld.store.pool import Answer, Pool, Usage, open_pool
from twinld.store.query_text import refuse_unwieldy
from twinld.store.remote import RemoteStore
from twinld.store.remote_text import kind_of, refuse_harm

_SPOOL_BYTES: Final = 1 << 20
_EXPLAIN_S: Final = 2.0


class RemotePool:
    """A Pool (see `twinld.store.pool`) whose queries the endpoint of `store` answers.

    `settings.workers` queries of one client are under way at a time, and one more of others, as with workers of our
    own. The store stays open when the pool is closed.
    """

    def __init__(self, store: RemoteStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._at_once = settings.workers + 1
        self._lock = threading.RLock()
        self._queue = Queue(settings.workers, settings.queue_max, self._lock)
        self._closed = False
        self._reader: Pool | None = None

    def run(
        self,
        query: str,
        format: Format | None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout_s: float | None = None,
        client: str = "",
        usage: Usage | None = None,
    ) -> Answer:
        """The whole answer of a query; see `Pool.run`.

        Raises OutsideError when the endpoint fails, or cuts its answer off in the middle.
        """
        try:
            kind_of(query)
            refuse_unwieldy(query, self._settings.query_max_depth, self._settings.query_max_tokens)
            refuse_harm(query)
        except QueryError as error:
            if error.line is None:
                self._explain(query, error)
            raise
        usage = usage or Usage()
        limit_s = self._settings.query_timeout_s if timeout_s is None else timeout_s
        self._take(client, usage)
        started = time.monotonic()
        try:
            return self._forward(query, format, default_graphs, named_graphs, limit_s)
        except QueryTimeout:
            raise QueryTimeout(
                f"the query was stopped after {limit_s:g} s or less; ask for less, or use the dumps for everything"
            ) from None
        except QueryError as error:
            if error.line is None:
                self._explain(query, error)
            raise
        finally:
            usage.run_s += time.monotonic() - started
            with self._lock:
                self._queue.end(client)
                self._wake()

    def _forward(
        self,
        query: str,
        format: Format | None,
        default_graphs: Sequence[str] | None,
        named_graphs: Sequence[str] | None,
        limit_s: float,
    ) -> Answer:
        started = time.monotonic()
        body = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  the answer owns it
        try:
            out = _Capped(body, self._settings.result_max_mib)
            written = self._store.write_unchecked(
                query,
                format,
                cast("tempfile.SpooledTemporaryFile[bytes]", out),  # type: ignore[arg-type]
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                timeout_s=limit_s,
            )
            length = body.tell()
            body.seek(0)
        except BaseException:
            body.close()
            raise
        return Answer(written, body, length, time.monotonic() - started)

    def _take(self, client: str, usage: Usage) -> None:
        """A place among the queries that are under way."""
        started = time.monotonic()
        deadline = started + self._settings.queue_wait_s
        with self._lock:
            free = self._at_once - self._queue.running > len(self._queue)
            ticket = self._queue.enter(client, free=free)
            try:
                while not self._closed:
                    if self._queue.running < self._at_once and self._queue.next() is ticket:
                        self._queue.start(ticket)
                        return
                    if not ticket.ready.wait(deadline - time.monotonic()):
                        raise PoolBusy("all connections to the store are busy; try again in a few seconds")
                raise PoolBusy("the pool is closed; try again in a few seconds")
            finally:
                self._queue.leave(ticket)
                self._wake()
                usage.queued_s += time.monotonic() - started

    def _wake(self) -> None:
        self._queue.wake(free=self._queue.running < self._at_once, closed=self._closed)

    def _explain(self, query: str, refused: QueryError) -> None:
        """Raise the QueryError with line, column and hint, if our own parser finds a slip too.

        It reads in a worker: a query that is nested too deep ends only that.
        """
        with self._lock:
            if self._closed:
                return
            if self._reader is None:
                self._reader = open_pool(open_store(), replace(self._settings, workers=1))
            reader = self._reader
        try:
            reader.run(query, None, timeout_s=_EXPLAIN_S).close()
        except QueryError as error:
            raise error from refused
        except (OutsideError, ResultTooBig):
            return

    def state(self) -> dict[str, object]:
        """How many queries may be under way, are, and wait; and that none of them runs here."""
        with self._lock:
            return {
                "workers": self._at_once,
                "idle": self._at_once - self._queue.running,
                "running": self._queue.running,
                "waiting": len(self._queue),
                "replaced": 0,
                "replaced_by": {},
                "pids": [],
                "sandbox": f"none: queries run at {self._store.url}",
            }

    def close(self) -> None:
        """Take no more queries, and end the worker that explains; closing twice is fine."""
        with self._lock:
            self._closed = True
            self._wake()
            reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()


class _Capped:
    """A file that raises ResultTooBig over the cap."""

    def __init__(self, inner: tempfile.SpooledTemporaryFile[bytes], max_mib: int) -> None:
        self._inner = inner
        self._max_mib = max_mib
        self._left = max_mib << 20

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise ResultTooBig(
                f"the result is larger than {self._max_mib} MiB; add LIMIT, ask for fewer columns, or take a dump"
            )
        return self._inner.write(data)

    def flush(self) -> None:
        """The engine asks for it."""
