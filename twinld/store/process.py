"""The processes of a pool, seen from the pool: the zygote and its workers, started, asked, listened to, ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from twinld.store import frames
from twinld.store.zygote import ORDER, REPLY

_CODE: Final = Path(__file__).resolve().parents[2]
_START_S: Final = 60.0
_ROOM_BYTES: Final = 1 << 18
"""What is read from a worker at once, into memory that is kept: the system takes longer to give it than to fill it."""


class Ended(Exception):  # noqa: N818  not an error of ours: the pool says what it means
    """The process ended; `killed` when it was killed from outside and didn't crash by itself."""

    def __init__(self, code: int) -> None:
        super().__init__(signal.Signals(-code).name if code < 0 else f"exit code {code}")
        self.killed = code == -signal.SIGKILL


class Zygote:
    """The process that workers are forked from; see `twinld.store.zygote`. Any thread may call."""

    def __init__(self, folder: Path, memory_mib: int) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_START_S)
        self._lock = threading.Lock()
        command = [sys.executable, "-m", "twinld.store.zygote", str(folder.resolve()), str(memory_mib)]
        with theirs:
            # a fresh program, never a fork: the process that starts it has threads
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [*command, str(os.getpid())],
                stdin=theirs.fileno(),
                env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_CODE), *_python_path()])},
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def worker(self) -> Worker:
        """A new worker, which is not ready yet; raises Ended when there is no zygote any more."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                pid = self._order(b"F", 0, [theirs.fileno()])
        except OSError:
            ours.close()
            raise Ended(-signal.SIGKILL) from None
        return Worker(self, pid, ours)

    def ended(self, pid: int) -> int:
        """How a worker ended, which it has or is about to; as when it was killed if the zygote can't tell."""
        try:
            return self._order(b"W", pid, [])
        except OSError:
            return -signal.SIGKILL

    def _order(self, kind: bytes, number: int, descriptors: list[int]) -> int:
        with self._lock:
            socket.send_fds(self._control, [ORDER.pack(kind, number)], descriptors)
            reply = self._control.recv(REPLY.size, socket.MSG_WAITALL)
        if len(reply) < REPLY.size:
            raise ConnectionError("the zygote has ended")
        return int(REPLY.unpack(reply)[0])

    def close(self) -> None:
        """End the process and with it all workers."""
        self._control.close()
        if self.alive:
            self._process.kill()
        self._process.wait()


class Worker:
    """A process of `twinld.store.worker`, for one user at a time. `free` tells that it can take a query."""

    def __init__(self, zygote: Zygote, pid: int, channel: socket.socket) -> None:
        self._zygote = zygote
        self._channel = channel
        self._pidfd = _pidfd(pid)
        self._code: int | None = None
        self._room = bytearray(_ROOM_BYTES)
        self.pid = pid
        self.free = False
        self.sandbox = ""
        self.stack_mib = 0

    @property
    def alive(self) -> bool:
        """Whether the process listens; only for a worker that is at rest, and so sends nothing."""
        return not select.select([self._channel], [], [], 0)[0]

    def ask(self, request: dict[str, Any]) -> None:
        """Send a query; raises Ended when nobody reads it."""
        try:
            frames.send(self._channel.fileno(), (b"Q", request))
        except (BrokenPipeError, ConnectionResetError):
            raise Ended(self._ended()) from None

    def replies(self, deadline: float) -> Iterator[tuple[bytes, bytes]]:
        """The frames that come, until `deadline` (of time.monotonic); raises Ended at the end of the process."""
        descriptor = self._channel.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
        incoming = frames.Frames()
        room = memoryview(self._room)
        while (left_s := deadline - time.monotonic()) > 0:
            if not poll.poll(left_s * 1000):
                continue
            try:
                length = self._channel.recv_into(room)
            except ConnectionResetError:
                length = 0
            if not length:
                raise Ended(self._ended())
            yield from incoming.add(room[:length])

    def kill(self) -> None:
        """End the process at once, whatever it does; `reap` must follow."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif self._code is None:
                os.kill(self.pid, signal.SIGKILL)

    def reap(self) -> None:
        """Wait for the end of the process, let it be forgotten, and close what leads to it."""
        self._ended()
        self._channel.close()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def _ended(self) -> int:
        if self._code is None:
            self._code = self._zygote.ended(self.pid)
        return self._code


def _pidfd(pid: int) -> int | None:
    """A handle that never means another process; None where the system has none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _python_path() -> list[str]:
    return [path for path in [os.environ.get("PYTHONPATH", "")] if path]
