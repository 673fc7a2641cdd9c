"""Answers queries from outside in worker processes, so that no query can harm the process that asks.

A query can't be stopped inside the engine, and one that is nested too deep ends its process. Here it ends only
its worker: at the deadline, by its own crash, or not at all. The answer is kept whole (in memory up to 1 MiB,
then in a temporary file) before anyone sees it, so it is never cut off.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Protocol

from twinld import errors
from twinld.errors import OutsideError, PoolBusy, QueryCrash, QueryError, QueryTimeout, TwinldError
from twinld.formats import Format, find_format
from twinld.settings import Settings
from twinld.store import Store
from twinld.store.process import Ended, Worker
from twinld.store.remote import RemoteStore

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write

WAIT_S: Final = 5.0
"""A query waits so long for a free worker."""
_WAITING: Final = 16
"""So many queries may wait; the next one is told at once that the pool is busy."""
_LOOK_S: Final = 1.0
"""So often the keeper looks whether a worker died while it was idle."""
_SPOOL_BYTES: Final = 1 << 20


@dataclass
class Answer:
    """An answer as it is sent: `body` is a file at its start, `length` its bytes, `seconds` the time it took.

    To be closed, or used in a `with` statement.
    """

    format: Format
    body: IO[bytes]
    length: int
    seconds: float

    def close(self) -> None:
        """Let go of the file."""
        self.body.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Pool(Protocol):
    """Runs queries that strangers wrote."""

    def run(
        self,
        query: str,
        format: Format | None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """The whole answer of a query; formats and graphs are as in `Store.write`.

        Raises QueryError (ServiceRefused, UpdateRefused) for what cannot be asked, QueryTimeout at the
        deadline (`timeout_s`, else the setting), QueryCrash when the query brought its worker down,
        ResultTooBig over the cap, and PoolBusy when no worker was free in time.
        """

    def state(self) -> dict[str, object]:
        """Workers (all, idle, process ids), how many were replaced, and the sandbox they run in."""

    def close(self) -> None:
        """End every worker; closing twice is fine. A query that still runs raises PoolBusy."""


def open_pool(store: Store, settings: Settings) -> Pool:
    """A pool of `settings.workers` workers on a store; it returns when the first one is ready.

    Workers open the folder of a store on disk read-only. A store in memory, or one that can change, is first
    copied to a temporary folder, which `close` removes; later changes are not seen.
    """
    if store.path is not None and not store.writable:
        return ProcessPool(store.path, settings)
    if isinstance(store, RemoteStore):
        from twinld.store.remote_pool import RemotePool

        return RemotePool(store, settings)
    copy = tempfile.TemporaryDirectory(prefix="twinld-")
    try:
        return ProcessPool(_copied(store, Path(copy.name)), settings, cleanup=copy.cleanup)
    except BaseException:
        copy.cleanup()
        raise


def _copied(store: Store, folder: Path) -> Path:
    from twinld.store.oxigraph import bulk_load

    dump = folder / "all.nq"
    with dump.open("wb") as out:
        store.dump(out)
    bulk_load(folder / "store", [(dump, None)], checked=True)
    dump.unlink()
    return folder / "store"


class ProcessPool:
    """A Pool of processes on one machine.

    One thread, the keeper, starts and reaps all of them: a worker ends with the thread that started it.
    """

    def __init__(self, folder: Path, settings: Settings, *, cleanup: Callable[[], None] | None = None) -> None:
        self._folder = folder
        self._settings = settings
        self._cleanup = cleanup
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._busy: set[Worker] = set()
        self._gone: list[Worker] = []
        self._waiting = 0
        self._replaced = 0
        self._closed = False
        self._failures: list[TwinldError] = []
        self._keeper = threading.Thread(target=self._keep, name="query workers", daemon=True)
        self._keeper.start()
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._failures)
        for failure in self._failures:
            self.close()
            raise failure

    def run(
        self,
        query: str,
        format: Format | None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """The whole answer of a query; see `Pool.run`."""
        limit_s = self._settings.query_timeout_s if timeout_s is None else timeout_s
        request = {
            "query": query,
            "format": format.name if format is not None else None,
            "default_graphs": list(default_graphs) if default_graphs is not None else None,
            "named_graphs": list(named_graphs) if named_graphs is not None else None,
            "max_bytes": self._settings.result_max_mib << 20,
        }
        left_s = limit_s
        for _ in range(self._settings.workers + 1):
            worker = self._take()
            started = time.monotonic()
            try:
                return self._ask(worker, request, left_s)
            except Ended as ended:
                if not ended.killed:  # by itself, so by this query
                    raise QueryCrash(
                        f"the query brought its worker down ({ended}): it is nested too deep or needs more than "
                        f"{self._settings.worker_memory_mib} MiB of memory; simplify it"
                    ) from None
                left_s -= time.monotonic() - started  # somebody else killed it: another one takes over
            except _Late:
                raise QueryTimeout(
                    f"the query was stopped after {limit_s:g} s; ask for less, or use the dumps for everything"
                ) from None
            finally:
                self._give_back(worker)
        raise QueryCrash("the worker was killed from outside, again and again; try later")

    def _ask(self, worker: Worker, request: dict[str, Any], limit_s: float) -> Answer:
        started = time.monotonic()
        body = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  the answer owns it
        try:
            worker.ask(request)
            for kind, payload in worker.replies(started + limit_s):
                if kind == b"D":
                    body.write(payload)
                elif kind == b"X":
                    raise _as_error(payload)
                elif kind == b"E":
                    length = body.tell()
                    body.seek(0)
                    written = find_format(json.loads(payload)["format"])
                    worker.free = True
                    return Answer(written, body, length, time.monotonic() - started)
            raise _Late
        except _Refused as refused:
            body.close()
            worker.free = True
            raise refused.given from None
        except BaseException:
            body.close()
            raise

    def _take(self) -> Worker:
        """A free worker, which nobody else has."""
        with self._changed:
            if self._waiting >= _WAITING:
                raise PoolBusy("too many queries are waiting; try again in a few seconds")
            self._waiting += 1
            try:
                deadline = time.monotonic() + WAIT_S
                while not self._closed:
                    while self._idle:
                        worker = self._idle.pop()
                        if worker.alive:
                            worker.free = False
                            self._busy.add(worker)
                            return worker
                        self._drop(worker)
                    if not self._changed.wait(deadline - time.monotonic()):
                        raise PoolBusy("all workers are busy; try again in a few seconds")
                raise PoolBusy("the pool is closed; try again in a few seconds")
            finally:
                self._waiting -= 1

    def _give_back(self, worker: Worker) -> None:
        """Free for the next query, or, when it is not in order, to be ended and replaced."""
        with self._changed:
            self._busy.discard(worker)
            if worker.free and not self._closed:
                self._idle.append(worker)
            else:
                self._drop(worker)
            self._changed.notify_all()

    def _drop(self, worker: Worker) -> None:
        worker.kill()
        if not self._closed:
            self._all.discard(worker)
            self._gone.append(worker)
            self._replaced += 1
        self._changed.notify_all()

    def _keep(self) -> None:
        """Keeps the number of workers up, until the pool is closed."""
        while True:
            with self._changed:
                self._changed.wait_for(self._work_to_do, timeout=_LOOK_S)
                for worker in [worker for worker in self._idle if not worker.alive]:
                    self._idle.remove(worker)
                    self._drop(worker)
                closed = self._closed
                if closed:
                    for worker in self._all:
                        worker.kill()
                    self._changed.wait_for(lambda: not self._busy)  # they still listen to a pipe
                    self._gone += self._all
                    self._all.clear()
                    self._idle.clear()
                gone, self._gone = self._gone, []
                missing = self._settings.workers - len(self._all)
            for worker in gone:
                worker.reap()
            if closed:
                return
            self._start(missing)

    def _work_to_do(self) -> bool:
        return self._closed or bool(self._gone) or len(self._all) < self._settings.workers

    def _start(self, missing: int) -> None:
        started = [Worker(self._folder, self._settings.worker_memory_mib) for _ in range(missing)]
        for worker in started:
            failure = _readied(worker)
            with self._changed:
                self._all.add(worker)
                if failure is None:
                    self._idle.append(worker)
                else:
                    self._failures = [failure]
                    self._drop(worker)
                self._changed.notify_all()
            if failure is not None:
                time.sleep(0.5)  # a store that cannot be opened now may be there again

    def state(self) -> dict[str, object]:
        """Workers (all, idle, process ids), how many were replaced, and the sandbox they run in."""
        with self._changed:
            return {
                "workers": len(self._all),
                "idle": len(self._idle),
                "waiting": self._waiting,
                "replaced": self._replaced,
                "pids": sorted(worker.pid for worker in self._all),
                "sandbox": ", ".join(sorted({worker.sandbox for worker in self._all})),
            }

    def close(self) -> None:
        """End every worker; closing twice is fine."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._keeper.join()
        if self._cleanup is not None:
            cleanup, self._cleanup = self._cleanup, None
            cleanup()


class _Refused(Exception):  # noqa: N818  it carries the error that is meant
    """The worker is well; it gave `given` in the place of an answer."""

    def __init__(self, given: TwinldError) -> None:
        self.given = given


class _Late(Exception):  # noqa: N818  the caller knows what the limit was
    """The worker did not answer in time."""


def _as_error(payload: bytes) -> _Refused:
    """What an X frame says, as the error that the worker raised."""
    said = json.loads(payload)
    kind = getattr(errors, said["error"])
    if issubclass(kind, QueryError):
        return _Refused(kind(said["message"], said["line"], said["column"]))
    return _Refused(kind(said["message"]))


def _readied(worker: Worker) -> TwinldError | None:
    """Waits until a new worker is ready; the error when it will not be."""
    try:
        for kind, payload in worker.replies(time.monotonic() + 60):
            if kind == b"R":
                worker.sandbox = json.loads(payload)["sandbox"]
                return None
            return _as_error(payload).given
    except Ended as ended:
        return OutsideError(f"a query worker cannot be started ({ended}); its own message is on standard error")
    return OutsideError("a query worker was not ready after 60 s; is the disk very slow?")
