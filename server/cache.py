"""Answers that were given lately, kept in memory up to a number of bytes; the least used goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from . import compression

_SHARE: Final = 32
"""An answer of more than this part of the memory isn't kept."""
_OVERHEAD: Final = 1_024


@dataclass(frozen=True)
class Kept:
    """The bytes of an answer as they are sent."""

    body: bytes
    content_type: str
    coding: str = ""


def kept_as(body: bytes, content_type: str, coding: str) -> Kept:
    """An answer as it is sent: in the coding that the client takes ("" for none), when that is worth it."""
    if not coding or len(body) < compression.LEAST_BYTES:
        return Kept(body, content_type)
    return Kept(compression.packed(body), content_type, coding)


class Cache:
    """Kept answers by a key that names release, query, format and all else that makes them what they are."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.bytes = 0

    def get(self, key: Hashable) -> Kept | None:
        """What was kept, None when there is nothing."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep an answer, if it isn't too long."""
        if len(kept.body) * _SHARE > self._max_bytes:
            return
        with self._lock:
            old = self._kept.pop(key, None)
            self.bytes += len(kept.body) + _OVERHEAD if old is None else len(kept.body) - len(old.body)
            self._kept[key] = kept
            while self.bytes > self._max_bytes:
                _, gone = self._kept.popitem(last=False)
                self.bytes -= len(gone.body) + _OVERHEAD

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0
