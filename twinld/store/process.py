"""One worker process, seen from the pool: started, asked, listened to, ended."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from twinld.store import frames

_CODE: Final = Path(__file__).resolve().parents[2]


class Ended(Exception):  # noqa: N818  not an error of ours: the pool says what it means
    """The process ended; `killed` when it was killed from outside and didn't crash by itself."""

    def __init__(self, code: int) -> None:
        super().__init__(signal.Signals(-code).name if code < 0 else f"exit code {code}")
        self.killed = code == -signal.SIGKILL


class Worker:
    """A process of `twinld.store.worker`, for one user at a time. `free` tells that it can take a query."""

    def __init__(self, folder: Path, memory_mib: int) -> None:
        # a fresh program, never a fork: the process that starts it has threads
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [
                sys.executable,
                "-m",
                "twinld.store.worker",
                str(folder.resolve()),
                str(memory_mib),
                str(os.getpid()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_CODE), *_python_path()])},
        )
        self.free = False
        self.sandbox = ""

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> None:
        """Send a query; raises Ended when nobody reads it."""
        assert self._process.stdin is not None
        try:
            frames.send(self._process.stdin.fileno(), b"Q", request)
        except BrokenPipeError:
            raise Ended(self._process.wait()) from None

    def replies(self, deadline: float) -> Iterator[tuple[bytes, bytes]]:
        """The frames that come, until `deadline` (of time.monotonic); raises Ended at the end of the process."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
        incoming = frames.Frames()
        while (left_s := deadline - time.monotonic()) > 0:
            if not poll.poll(left_s * 1000):
                continue
            data = os.read(descriptor, 1 << 16)
            if not data:
                raise Ended(self._process.wait())
            yield from incoming.add(data)

    def kill(self) -> None:
        """End the process at once, whatever it does; `reap` must follow."""
        if self._process.poll() is None:
            self._process.kill()

    def reap(self) -> None:
        """Wait for the end of the process and close its pipes."""
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _python_path() -> list[str]:
    return [path for path in [os.environ.get("PYTHONPATH", "")] if path]
