"""Who asks, and how many query seconds are left to them: a token bucket for every client."""

from __future__ import annotations

import functools
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from twinld.errors import OverBudget

_LONGEST_KEPT: Final = 256
_REMEMBERED: Final = 10_000
_IPV6_BITS: Final = 64
"""A household has a network of so many bits of IPv6, so that is one client."""
_MINUTE_S: Final = 60.0


class Budget:
    """Query seconds of clients: `per_minute_s` come in (0: no limit), at most `burst_s` are saved up.

    A query may start while anything is left, and is paid for when it is over: so what is left may be below 0.
    """

    def __init__(self, per_minute_s: float, burst_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute_s / _MINUTE_S
        self._burst_s = burst_s
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, client: str) -> None:
        """Raise OverBudget when nothing is left, with the seconds until something is."""
        if not self._rate:
            return
        left_s = self.left_s(client)
        if left_s <= 0:
            wait_s = math.floor(-left_s / self._rate) + 1
            raise OverBudget(
                f"you have used up your {self._burst_s:g} s of query time; {self._rate * _MINUTE_S:g} s come in a "
                f"minute, so ask again in {wait_s} s, or take a dump",
                retry_after_s=wait_s,
            )

    def left_s(self, client: str) -> float:
        """The query seconds that a client has left now."""
        with self._lock:
            return self._now(client)

    def spend(self, client: str, seconds: float) -> None:
        """A query of the client took so long; who has all of it left again is forgotten."""
        if not self._rate or seconds <= 0:
            return
        with self._lock:
            self._left[client] = (self._now(client) - seconds, self._clock())
            self._left.move_to_end(client)
            while len(self._left) > _REMEMBERED:
                self._left.popitem(last=False)

    def _now(self, client: str) -> float:
        left_s, at = self._left.get(client, (self._burst_s, 0.0))
        return min(self._burst_s, left_s + (self._clock() - at) * self._rate)


def client_of(environ: Mapping[str, Any], trusted: str) -> str:
    """Who sent a request: the address that is connected, or, when that is a proxy that is `trusted`, whom it names.

    `trusted` are networks with commas between.

    In X-Forwarded-For every proxy adds at the right whom it heard; so the last address that is no trusted proxy
    counts, and what a client itself put there does not. Of an IPv6 address the first 64 bits count.
    """
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")) if trusted else ""
    client = _remembered if len(forwarded) <= _LONGEST_KEPT else _client
    return client(str(environ.get("REMOTE_ADDR", "")), forwarded, trusted)


def _client(connected: str, forwarded: str, trusted: str) -> str:
    address = _address(connected)
    networks = _networks(trusted)
    for text in reversed(forwarded.split(",")):
        if address is None or not any(address in network for network in networks):
            break
        heard = _address(text.strip())
        if heard is None:
            break
        address = heard
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address) >> _IPV6_BITS << _IPV6_BITS, _IPV6_BITS)))
    return str(address)


_remembered = functools.lru_cache(maxsize=1_024)(_client)
"""Reading addresses costs as much as finding a worker, and most requests are of few clients."""


@functools.cache
def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one) for one in text.split(",") if one)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
