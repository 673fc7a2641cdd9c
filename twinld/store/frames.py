"""The messages between the pool and its workers: one letter, four bytes of length, then so many bytes.

=====  ==========  ==============================================================================
kind   direction   payload
=====  ==========  ==============================================================================
``Q``  to worker   a query: JSON with query, format, default_graphs, named_graphs, max_bytes
``R``  from it     ready: JSON with sandbox and stack_mib (sent once, when the store is open)
``D``  from it     a part of the answer, as it is
``E``  from it     the end of the answer: JSON with format, and grown_mib since the worker was ready
``X``  from it     an error in the place of an answer: JSON with error, message, line, column
=====  ==========  ==============================================================================
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any, Final

_HEAD: Final = struct.Struct(">cI")


def send(descriptor: int, *sent: tuple[bytes, bytes | bytearray | dict[str, Any]]) -> None:
    """Write frames, each its kind and payload, at once, waiting while nobody reads.

    BrokenPipeError when nobody ever will.
    """
    whole = bytearray()
    for kind, payload in sent:
        body = json.dumps(payload).encode() if isinstance(payload, dict) else payload
        whole += _HEAD.pack(kind, len(body))
        whole += body
    rest = memoryview(whole)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


class Frames:
    """Collects what comes out of a pipe and gives the frames that are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def add(self, data: bytes | memoryview) -> Iterator[tuple[bytes, bytes]]:
        """The kind and payload of every frame that `data` completes; `data` may change once all are taken."""
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._buffer)
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEAD.size : end])
            del self._buffer[:end]
            yield kind, payload
