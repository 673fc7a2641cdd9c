"""One worker of the pool, forked by `twinld.store.zygote`.

It opens a store read-only and answers one query at a time, over the socket on its standard input, in frames
(`twinld.store.frames`). A query can bring it down; the pool then starts another. So nothing here tries to
survive: what isn't an error of ours ends the process.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import traceback
from typing import Any, BinaryIO, Final, cast

from twinld.errors import InputError, QueryError, ResultTooBig, ServiceRefused, TwinldError
from twinld.formats import find_format
from twinld.store import Store, frames, sandbox
from twinld.store.oxigraph import open_location

STACK_MIB: Final = (512, 64, 8)
"""Stack of the thread that runs queries; the first size that the system gives. Deep queries need much."""
_PART: Final = 1 << 16


class _Out:
    """A file that sends what is written to it as D frames, and raises ResultTooBig over the cap."""

    def __init__(self, descriptor: int, max_bytes: int) -> None:
        self._descriptor = descriptor
        self._left = max_bytes
        self._max_bytes = max_bytes
        self._part = bytearray()

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise ResultTooBig(
                f"the result is larger than {self._max_bytes >> 20} MiB; add LIMIT, ask for fewer columns, "
                "or take a dump"
            )
        self._part += data
        if len(self._part) >= _PART:
            frames.send(self._descriptor, (b"D", self._part))
            self._part = bytearray()
        return len(data)

    def flush(self) -> None:
        """The engine asks for it; frames are sent when they are full."""

    def end(self, said: dict[str, Any]) -> None:
        """Send what is left, and that it is all."""
        frames.send(self._descriptor, (b"D", self._part), (b"E", said))


def main(folder: str, memory_mib: int, parent: int) -> None:
    """Serve until the socket on standard input is closed; this process is over afterwards."""
    sandbox.end_with_parent(parent)
    channel = os.dup(0)
    os.dup2(2, 1)
    for size in STACK_MIB:
        serve = threading.Thread(target=_thread, args=(folder, memory_mib, channel, size), name="queries", daemon=True)
        with contextlib.suppress(RuntimeError, ValueError):
            threading.stack_size(size << 20)
            serve.start()
            break
    serve.join()


def _thread(folder: str, memory_mib: int, channel: int, stack_mib: int) -> None:
    try:
        _serve(folder, memory_mib, channel, stack_mib)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(70)  # EX_SOFTWARE of sysexits.h
    os._exit(0)


def _serve(folder: str, memory_mib: int, channel: int, stack_mib: int) -> None:
    try:
        store = open_location(folder)
    except InputError as error:
        frames.send(channel, (b"X", _error(error)))
        return
    sandbox.limit(memory_mib)
    frames.send(channel, (b"R", {"sandbox": sandbox.forbid_network(), "stack_mib": stack_mib}))
    start_mib = sandbox.resident_mib()
    incoming = frames.Frames()
    while data := os.read(channel, 1 << 16):
        for _, payload in incoming.add(data):
            _answer(store, json.loads(payload), channel, start_mib)


def _answer(store: Store, request: dict[str, Any], channel: int, start_mib: int) -> None:
    out = _Out(channel, request["max_bytes"])
    wanted = find_format(request["format"]) if request["format"] else None
    try:
        written = store.write(
            request["query"],
            wanted,
            cast("BinaryIO", out),
            default_graphs=request["default_graphs"],
            named_graphs=request["named_graphs"],
        )
    except TwinldError as error:
        refused = error
    except OSError as error:
        # the engine passes on no number; a socket that the sandbox refused is the one known reason
        refused = ServiceRefused(f"the query may not reach another server ({error}); leave SERVICE out")
    except (RuntimeError, ValueError) as error:
        refused = QueryError(f"the query cannot be answered: {error}")
    else:
        out.end({"format": written.name, "grown_mib": sandbox.resident_mib() - start_mib})
        return
    frames.send(channel, (b"X", _error(refused)))


def _error(error: TwinldError) -> dict[str, Any]:
    return {
        "error": type(error).__name__,
        "message": str(error),
        "line": getattr(error, "line", None),
        "column": getattr(error, "column", None),
    }
