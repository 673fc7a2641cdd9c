"""One worker of the pool: `python -m twinld.store.worker FOLDER MEMORY_MIB PARENT_PID`, started by `twinld.store.pool`.

It opens a store read-only and answers one query at a time, from standard input to standard output, in frames
(`twinld.store.frames`). A query can bring it down; the pool then starts another. So nothing here tries to
survive: what isn't an error of ours ends the process.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
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
            self.send()
        return len(data)

    def flush(self) -> None:
        """The engine asks for it; frames are sent when they are full."""

    def send(self) -> None:
        if self._part:
            frames.send(self._descriptor, b"D", bytes(self._part))
            self._part.clear()


def main(arguments: list[str]) -> None:
    """Serve until standard input ends; this process is over afterwards."""
    folder, memory_mib, parent = arguments
    sandbox.end_with_parent(int(parent))
    replies = os.dup(1)
    os.dup2(2, 1)  # nothing that prints can get between the frames
    serve = threading.Thread(target=_thread, args=(folder, int(memory_mib), replies), name="queries", daemon=True)
    for size in STACK_MIB:
        with contextlib.suppress(RuntimeError, ValueError):
            threading.stack_size(size << 20)
            serve.start()
            break
    serve.join()


def _thread(folder: str, memory_mib: int, replies: int) -> None:
    try:
        _serve(folder, memory_mib, replies)
    except BrokenPipeError:
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(70)  # EX_SOFTWARE of sysexits.h
    os._exit(0)


def _serve(folder: str, memory_mib: int, replies: int) -> None:
    try:
        store = open_location(folder)
    except InputError as error:
        frames.send(replies, b"X", _error(error))
        return
    sandbox.limit(memory_mib)
    frames.send(replies, b"R", {"sandbox": sandbox.forbid_network()})
    incoming = frames.Frames()
    while data := os.read(0, 1 << 16):
        for _, payload in incoming.add(data):
            _answer(store, json.loads(payload), replies)


def _answer(store: Store, request: dict[str, Any], replies: int) -> None:
    out = _Out(replies, request["max_bytes"])
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
        frames.send(replies, b"X", _error(error))
    except OSError as error:
        # the engine passes on no number; a socket that the sandbox refused is the one known reason
        refused = ServiceRefused(f"the query may not reach another server ({error}); leave SERVICE out")
        frames.send(replies, b"X", _error(refused))
    except (RuntimeError, ValueError) as error:
        frames.send(replies, b"X", _error(QueryError(f"the query cannot be answered: {error}")))
    else:
        out.send()
        frames.send(replies, b"E", {"format": written.name})


def _error(error: TwinldError) -> dict[str, Any]:
    return {
        "error": type(error).__name__,
        "message": str(error),
        "line": getattr(error, "line", None),
        "column": getattr(error, "column", None),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
