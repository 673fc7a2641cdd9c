"""Asking a SPARQL service as its operators would like it.

One request at a time, named, with a pause as long as the request took; an answer is whole or it is none; who is
told to wait waits; after several failures in a row nothing more is asked (docs/enrichment.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit

from twinld.enrich.answer import Row, UnusableError, distinct, rows_of
from twinld.enrich.cache import Cache, key_of
from twinld.enrich.clock import Clock, stamp
from twinld.enrich.http import Answer, BigError, BrokenError, ElsewhereError, SlowError, request_for, send
from twinld.errors import ServiceBanned, ServiceFailed, UsageError
from twinld.store import Store

_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_BAN: Final = re.compile(rb"you have been banned", re.IGNORECASE)
_TIME: Final = re.compile(rb"TimeoutException|timed out|timeout", re.IGNORECASE)
_LONGEST_WAIT_S: Final = 600
_FIRST_BACKOFF_S: Final = 2.0
_LONGEST_BACKOFF_S: Final = 60.0


class TooMuchError(Exception):
    """The service cannot answer this in time or in size: ask for less at once."""


class Service(Protocol):
    """Whatever answers the queries: the live service, another endpoint, or a file."""

    name: str

    def select(self, query: str, tag: str = "") -> list[Row]:
        """The distinct rows. An answer of the same query and `tag` may be an older one ("" for never)."""

    def close(self) -> None:
        """Let go of what is open."""


T = TypeVar("T")


def in_parts(things: Sequence[T], ask: Callable[[Sequence[T]], list[Row]], most: int, least: int) -> Iterator[Row]:
    """The rows that `ask` gives for all things, `most` at once and half as many when that is too much.

    Raises ServiceFailed when even `least` are too many.
    """
    start, size = 0, most
    while start < len(things):
        part = things[start : start + size]
        try:
            rows = ask(part)
        except TooMuchError as error:
            if len(part) <= least:
                raise ServiceFailed(f"{len(part)} at once are too many for the service ({error})") from None
            size = max(least, len(part) // 2)
            continue
        yield from rows
        start, size = start + len(part), min(most, size * 2)


class Offline:
    """The same queries asked of a file: an RDF file or folder that a Store opens."""

    def __init__(self, store: Store, name: str) -> None:
        self.name = name
        self._store = store

    def select(self, query: str, tag: str = "") -> list[Row]:  # noqa: ARG002 (a file needs no cache)
        """The distinct rows."""
        return distinct(self._store.select(query))

    def close(self) -> None:
        """Close the store."""
        self._store.close()


@dataclass(frozen=True)
class Manners:
    """How a service is asked. `pause_s` is the least pause between two requests; for other machines than this one
    it is never less than a second. `tries` are those of one question, `failures` those in a row that end it all.
    """

    timeout_s: float = 90
    max_bytes: int = 64 << 20
    pause_s: float = 0
    tries: int = 5
    failures: int = 8


class Client:
    """A SPARQL endpoint on the network."""

    def __init__(
        self,
        endpoint: str,
        contact: str,
        manners: Manners | None = None,
        clock: Clock | None = None,
    ) -> None:
        if not contact:
            raise UsageError(
                "TWINLD_CONTACT is empty; say who asks, with a page or a mail address (Wikimedia's User-Agent policy)"
            )
        self.name = endpoint
        self.requests = 0
        self._contact = contact
        self._manners = manners or Manners()
        self._cache: Cache | None = None
        self._clock = clock or Clock()
        local = (urlsplit(endpoint).hostname or "") in _LOCAL
        self._least_pause_s = self._manners.pause_s if local else max(1.0, self._manners.pause_s)
        self._ready_at = 0.0
        self._failed_in_a_row = 0

    def select(self, query: str, tag: str = "") -> list[Row]:
        """The distinct rows of a SELECT.

        Raises TooMuchError when the service runs out of time or the answer is too large, ServiceBanned when it
        refuses us, ServiceFailed when it does not answer after all tries or too many requests failed in a row.
        """
        key = key_of(self.name, query)
        if self._cache is not None and tag:
            known = self._cache.get(key, tag)
            if known is not None:
                return rows_of(*known)
        last = ""
        for attempt in range(1, self._manners.tries + 1):
            if self._failed_in_a_row >= self._manners.failures:
                raise ServiceFailed(f"{self.name}: {self._failed_in_a_row} requests failed in a row, the last: {last}")
            try:
                answer = self._ask(query)
                wait_s = self._wanted_wait(answer)
                if wait_s is None:
                    rows = self._rows(answer)
                    self._failed_in_a_row = 0
                    if self._cache is not None and tag:
                        self._cache.put(key, tag, answer.body, answer.media_type)
                    return rows
                last = f"status {answer.status}"
            except (SlowError, BigError) as error:
                self._failed_in_a_row += 1
                raise TooMuchError(str(error)) from None
            except ElsewhereError as error:
                raise ServiceFailed(f"{self.name}: {error}") from None
            except UnusableError as error:
                if error.slow:
                    self._failed_in_a_row += 1
                    raise TooMuchError(str(error)) from None
                last, wait_s = str(error), 0.0
            except BrokenError as error:
                last, wait_s = str(error), 0.0
            self._failed_in_a_row += 1
            if attempt < self._manners.tries:
                self._wait(wait_s or self._backoff(attempt))
        raise ServiceFailed(f"{self.name}: no usable answer after {self._manners.tries} tries, the last: {last}")

    def keep(self, cache: Cache) -> None:
        """Keep answers, and use those that are still true."""
        self._cache = cache

    def close(self) -> None:
        """Let go of the cache."""
        if self._cache is not None:
            self._cache.close()

    def _ask(self, query: str) -> Answer:
        rest = self._ready_at - self._clock.monotonic()
        if rest > 0:
            self._clock.sleep(rest)
        started = self._clock.monotonic()
        self.requests += 1
        try:
            request = request_for(self.name, query, self._contact)
            return send(request, self._manners.timeout_s, self._manners.max_bytes)
        finally:
            took = self._clock.monotonic() - started
            local = self._least_pause_s < 1
            self._ready_at = started + took + (self._least_pause_s if local else max(self._least_pause_s, took))

    def _rows(self, answer: Answer) -> list[Row]:
        """The rows of an answer of status 200; the reason to try again or to stop for any other."""
        start = " ".join(answer.body[:300].decode("utf-8", "replace").split())[:160]
        if answer.status == 200 and not (answer.media_type == "text/plain" and _BAN.search(answer.body)):
            return rows_of(answer.body, answer.media_type)
        if answer.status == 403 or _BAN.search(answer.body):
            raise ServiceBanned(
                f"{self.name}: refuses us (status {answer.status}: {start!r}); ask nothing more today, and write to "
                "its operators before the next time"
            )
        if answer.status == 504 or (answer.status == 500 and _TIME.search(answer.body)):
            raise UnusableError(f"status {answer.status}, out of time", slow=True)
        if answer.status in {408, 413}:
            raise UnusableError(f"status {answer.status}", slow=True)
        if answer.status < 500 and answer.status not in {425, 429}:
            raise ServiceFailed(f"{self.name}: refuses the request (status {answer.status}: {start!r})")
        raise UnusableError(f"status {answer.status}")

    def _wanted_wait(self, answer: Answer) -> float | None:
        """The seconds that the service asks to wait (RFC 9110, 10.2.3); None when it asks for none."""
        if answer.status not in {429, 503} or _BAN.search(answer.body):
            return None
        text = answer.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            wait_s = float(text)
        else:
            try:
                moment = parsedate_to_datetime(text)
            except ValueError:
                return None
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            wait_s = max(0.0, (aware - self._clock.now()).total_seconds())
        if wait_s > _LONGEST_WAIT_S:
            again = stamp(self._clock.now())
            raise ServiceFailed(f"{self.name}: asks to wait {wait_s:.0f} s (now {again}); ask again then")
        return wait_s

    def _backoff(self, attempt: int) -> float:
        """Full jitter: anything up to a bound that doubles with each try."""
        bound_s: float = min(_LONGEST_BACKOFF_S, _FIRST_BACKOFF_S * 2.0 ** (attempt - 1))
        return self._clock.chance() * bound_s

    def _wait(self, seconds: float) -> None:
        self._clock.sleep(seconds)
