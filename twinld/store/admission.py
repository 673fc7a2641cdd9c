"""Who may ask next, and what may not be asked again: the fairness and the memory of a pool."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twinld.errors import PoolBusy, QueryCrash
from twinld.store.query_text import look

QUARANTINE_S: Final = 600.0
"""So long a query that brought two workers down is refused."""
_STRIKES: Final = 2
_REMEMBERED: Final = 1_000
_RETRY: Final = "try again in a few seconds"


@dataclass(eq=False)
class Ticket:
    """A query that waits for a worker, and whose it is; `ready` is told when it is to have one."""

    client: str
    ready: threading.Condition


class Queue:
    """The queries that wait and the clients whose queries run; its owner holds a lock around every call.

    A client may have `at_once` queries running. There is one worker more than that, so whoever has none running
    finds a worker at once, however much one other client asks. Next is always who has the fewest running.
    """

    def __init__(self, at_once: int, length: int, lock: threading.RLock) -> None:
        self._lock = lock
        self._at_once = at_once
        self._length = length
        self._waiting: list[Ticket] = []
        self._running: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many queries run."""
        return self._running.total()

    def enter(self, client: str, *, free: bool) -> Ticket:
        """A place in the queue; PoolBusy when it is full, or half full with this client. `free`: nobody need wait."""
        if not free or self._running[client] >= self._at_once:
            own = sum(ticket.client == client for ticket in self._waiting)
            if len(self._waiting) >= self._length:
                raise PoolBusy(f"too many queries are waiting; {_RETRY}")
            if own >= (self._length + 1) // 2:
                raise PoolBusy(f"{own} queries of yours are waiting; send the next when one is answered")
        ticket = Ticket(client, threading.Condition(self._lock))
        self._waiting.append(ticket)
        return ticket

    def next(self) -> Ticket | None:
        """The one that is to have the next free worker."""
        ready = (one for one in self._waiting if self._running[one.client] < self._at_once)
        return min(ready, key=lambda one: self._running[one.client], default=None)

    def wake(self, *, free: bool, closed: bool) -> None:
        """Tell the one that is to have a worker that is `free`, and nobody else: each that wakes up for nothing costs
        time. All of them when the pool is `closed`.
        """
        first = self.next() if free else None
        for ticket in self._waiting:
            if closed or ticket is first:
                ticket.ready.notify()

    def start(self, ticket: Ticket) -> None:
        """It has a worker."""
        self._running[ticket.client] += 1

    def leave(self, ticket: Ticket) -> None:
        """It waits no longer, with a worker or without."""
        self._waiting.remove(ticket)

    def end(self, client: str) -> None:
        """A query of this client is done."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]


class Quarantine:
    """Remembers queries that bring workers down; the same question in another layout is the same."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._strikes: OrderedDict[bytes, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        now = self._clock()
        return sum(n >= _STRIKES and now < at + QUARANTINE_S for n, at in list(self._strikes.values()))

    def refuse(self, query: str) -> None:
        """Raise QueryCrash for a query that brought two workers down within the last ten minutes."""
        if not self._strikes:
            return
        count, at = self._strikes.get(_key(query), (0, 0.0))
        left_s = at + QUARANTINE_S - self._clock()
        if count >= _STRIKES and left_s > 0:
            raise QueryCrash(
                f"this query brought {count} workers down and is not run for another {left_s:.0f} s; simplify it",
                retry_after_s=int(left_s) + 1,
            )

    def strike(self, query: str) -> None:
        """A worker died of this query."""
        key = _key(query)
        count, at = self._strikes.pop(key, (0, 0.0))
        self._strikes[key] = (count + 1 if self._clock() < at + QUARANTINE_S else 1, self._clock())
        while len(self._strikes) > _REMEMBERED:
            self._strikes.popitem(last=False)

    def forgive(self, query: str) -> None:
        """It was answered: whatever a worker died of, it was not this."""
        if self._strikes:
            self._strikes.pop(_key(query), None)


def _key(query: str) -> bytes:
    return hashlib.sha256(look(query).normal.encode("utf-8", "surrogatepass")).digest()
