"""A Pool of processes on one machine: who gets a worker, how long, and what follows when it dies."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from twinld import errors
from twinld.errors import OutsideError, PoolBusy, QueryCrash, QueryError, QueryTimeout, TwinldError
from twinld.formats import Format, find_format
from twinld.settings import Settings
from twinld.store.admission import Quarantine, Queue
from twinld.store.pool import Answer, Usage
from twinld.store.process import Ended, Worker, Zygote
from twinld.store.query_text import refuse_unwieldy

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write

_LOOK_S: Final = 1.0
"""So often the keeper looks whether a worker died while it was idle."""
_SPOOL_BYTES: Final = 1 << 20
_GROWN_MIB: Final = 256
"""A worker that has come to hold so much more memory (or half its limit) is replaced after the answer."""
_SLOW_DEATH_S: Final = 1.0
"""A worker killed from outside after so long was probably killed for its hunger for memory, so by its query."""


class ProcessPool:
    """A Pool of processes on one machine.

    One thread, the keeper, starts and reaps all of them: a worker ends with the thread that started it.
    """

    def __init__(self, folder: Path, settings: Settings, *, cleanup: Callable[[], None] | None = None) -> None:
        self._folder = folder
        self._settings = settings
        self._cleanup = cleanup
        self._size = settings.workers + 1
        lock = threading.RLock()
        self._lock = lock
        self._begun = threading.Condition(lock)
        """For whoever made the pool, until there is a worker or a reason why there is none."""
        self._needed = threading.Condition(lock)
        """For the keeper: apart, because waking it with every query would cost more than the rest of the pool."""
        self._queue = Queue(settings.workers, settings.queue_max, lock)
        self._quarantine = Quarantine()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._busy: set[Worker] = set()
        self._gone: list[Worker] = []
        self._replaced: Counter[str] = Counter()
        self._start_s = 0.0
        self._closed = False
        self._failures: list[TwinldError] = []
        self._zygote: Zygote | None = None
        self._keeper = threading.Thread(target=self._keep, name="query workers", daemon=True)
        self._keeper.start()
        with self._begun:
            self._begun.wait_for(lambda: self._idle or self._failures)
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
        client: str = "",
        usage: Usage | None = None,
    ) -> Answer:
        """The whole answer of a query; see `Pool.run`."""
        settings = self._settings
        refuse_unwieldy(query, settings.query_max_depth, settings.query_max_tokens)
        self._quarantine.refuse(query)
        usage = Usage() if usage is None else usage
        limit_s = settings.query_timeout_s if timeout_s is None else timeout_s
        request = {
            "query": query,
            "format": format.name if format is not None else None,
            "default_graphs": list(default_graphs) if default_graphs is not None else None,
            "named_graphs": list(named_graphs) if named_graphs is not None else None,
            "max_bytes": settings.result_max_mib << 20,
        }
        while True:
            worker = self._take(client, usage)
            started = time.monotonic()
            reason = "deadline"
            try:
                answer = self._ask(worker, request, limit_s - usage.run_s)
                self._quarantine.forgive(query)
                reason = "grown"
                return answer
            except Ended as ended:
                spent_s = time.monotonic() - started
                if self._closed:
                    raise PoolBusy("the server is about to end; try again in a few seconds") from None
                reason = "outside" if ended.killed else "crash"
                usage.lost_workers += 1
                own_fault = not ended.killed or spent_s > _SLOW_DEATH_S
                if own_fault:
                    self._quarantine.strike(query)
                most = 1 if own_fault else self._size  # all that were idle may have been killed at once
                if usage.lost_workers > most or usage.run_s + spent_s > limit_s / 2:
                    raise self._crash(ended) from None
            except _Late:
                raise QueryTimeout(
                    f"the query was stopped after {limit_s:g} s; narrow it down, add LIMIT, or take a dump"
                ) from None
            finally:
                usage.run_s += time.monotonic() - started
                self._give_back(worker, client, reason)

    def _crash(self, ended: Ended) -> QueryCrash:
        if ended.killed:
            return QueryCrash("the workers of this query were killed from outside; try again in a few seconds")
        return QueryCrash(
            f"the query brought its worker down ({ended}): it is nested too deep or needs more than "
            f"{self._settings.worker_memory_mib:,} MiB of memory; simplify it"
        )

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
                    said = json.loads(payload)
                    length = body.tell()
                    body.seek(0)
                    worker.free = said["grown_mib"] < min(_GROWN_MIB, self._settings.worker_memory_mib // 2)
                    return Answer(find_format(said["format"]), body, length, time.monotonic() - started)
            raise _Late
        except _Refused as refused:
            body.close()
            worker.free = True
            raise refused.given from None
        except BaseException:
            body.close()
            raise

    def _take(self, client: str, usage: Usage) -> Worker:
        """A free worker, which nobody else has."""
        started = time.monotonic()
        deadline = started + self._settings.queue_wait_s
        with self._lock:
            ticket = self._queue.enter(client, free=len(self._idle) > len(self._queue))
            try:
                while not self._closed:
                    while self._idle and self._queue.next() is ticket:
                        worker = self._idle.pop()
                        if worker.alive:
                            worker.free = False
                            self._busy.add(worker)
                            self._queue.start(ticket)
                            return worker
                        self._drop(worker, "idle")
                    if not ticket.ready.wait(deadline - time.monotonic()):
                        raise PoolBusy("all workers are busy; try again in a few seconds")
                raise PoolBusy("the pool is closed; try again in a few seconds")
            finally:
                self._queue.leave(ticket)
                self._wake()
                usage.queued_s += time.monotonic() - started

    def _give_back(self, worker: Worker, client: str, reason: str) -> None:
        """Free for the next query, or, when it is not in order, to be ended and replaced for this reason."""
        with self._lock:
            self._queue.end(client)
            self._busy.discard(worker)
            if worker.free and not self._closed:
                self._idle.append(worker)
            else:
                self._drop(worker, reason)
            self._wake()
            if self._closed:
                self._needed.notify()

    def _wake(self) -> None:
        self._queue.wake(free=bool(self._idle), closed=self._closed)

    def _drop(self, worker: Worker, reason: str) -> None:
        worker.kill()
        if not self._closed:
            self._all.discard(worker)
            self._gone.append(worker)
            self._replaced[reason] += 1
            self._needed.notify()

    def _keep(self) -> None:
        """Keeps the number of workers up, until the pool is closed."""
        while True:
            with self._lock:
                self._needed.wait_for(self._work_to_do, timeout=_LOOK_S)
                for worker in [worker for worker in self._idle if not worker.alive]:
                    self._idle.remove(worker)
                    self._drop(worker, "idle")
                closed = self._closed
                if closed:
                    for worker in self._all:
                        worker.kill()
                    self._needed.wait_for(lambda: not self._busy)  # they still listen to a socket
                    self._gone += self._all
                    self._all.clear()
                    self._idle.clear()
                gone, self._gone = self._gone, []
                missing = self._size - len(self._all)
            if not closed:
                self._start(missing)  # first of all: somebody may wait
            for worker in gone:
                worker.reap()
            if closed:
                if self._zygote is not None:
                    self._zygote.close()
                return

    def _work_to_do(self) -> bool:
        return self._closed or bool(self._gone) or len(self._all) < self._size

    def _start(self, missing: int) -> None:
        for _ in range(missing):
            started = time.monotonic()
            worker, failure = self._started()
            with self._lock:
                if worker is not None:
                    self._all.add(worker)
                    if failure is None:
                        self._idle.append(worker)
                    else:
                        self._drop(worker, "start")
                if failure is None:
                    self._start_s = time.monotonic() - started
                    self._failures.clear()
                else:
                    self._failures = [failure]
                self._begun.notify_all()
                self._wake()
            if failure is not None:
                time.sleep(0.5)  # a store that cannot be opened now may be there again
                return

    def _started(self) -> tuple[Worker | None, TwinldError | None]:
        """A new worker and why it is not ready, if it isn't; the zygote is started when there is none."""
        if self._zygote is None or not self._zygote.alive:
            if self._zygote is not None:
                self._zygote.close()
            self._zygote = Zygote(self._folder, self._settings.worker_memory_mib)
        try:
            worker = self._zygote.worker()
        except Ended as ended:
            return None, OutsideError(f"no query worker can be started ({ended}); see standard error")
        return worker, _readied(worker)

    def state(self) -> dict[str, object]:
        """Workers (all, idle, process ids), why how many were replaced, and the sandbox they run in."""
        with self._lock:
            return {
                "workers": len(self._all),
                "idle": len(self._idle),
                "running": self._queue.running,
                "waiting": len(self._queue),
                "replaced": self._replaced.total(),
                "replaced_by": dict(sorted(self._replaced.items())),
                "start_ms": round(self._start_s * 1000, 1),
                "quarantined": len(self._quarantine),
                "pids": sorted(worker.pid for worker in self._all),
                "sandbox": ", ".join(sorted({worker.sandbox for worker in self._all})),
                "stack_mib": min((worker.stack_mib for worker in self._all), default=0),
            }

    def close(self) -> None:
        """End every worker; closing twice is fine."""
        with self._lock:
            self._closed = True
            self._wake()
            self._needed.notify()
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
                said = json.loads(payload)
                worker.sandbox, worker.stack_mib = said["sandbox"], said["stack_mib"]
                return None
            return _as_error(payload).given
    except Ended as ended:
        if ended.killed:  # by whoever runs the machine, or for want of memory: the next one may live
            return PoolBusy("the query workers are being replaced; try again in a few seconds")
        return OutsideError(f"a query worker cannot be started ({ended}); its own message is on standard error")
    return OutsideError("a query worker was not ready after 60 s; is the disk very slow?")
