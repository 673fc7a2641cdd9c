"""Makes the workers of the pool: `python -m twinld.store.zygote FOLDER MEMORY_MIB PARENT_PID`.

A fresh interpreter takes a tenth of a second to start; a fork of one that has everything loaded takes a few
thousandths. The process that asks has threads and must not be forked, so this one, which has a single thread and
never opens the store, is forked in its place. It ends with the process that started it, and its workers with it.

On standard input it has a socket and is told, in five bytes (a letter and a number):

=====  =======================================================  ===========================
kind   meaning                                                  reply (four bytes)
=====  =======================================================  ===========================
``F``  make a worker on the socket that comes with the message  its process id
``W``  the worker of this process id has ended or was killed    its exit code, signals below 0
=====  =======================================================  ===========================
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import struct
import sys
from typing import Final

from twinld.store import sandbox, worker

ORDER: Final = struct.Struct(">ci")
REPLY: Final = struct.Struct(">i")


def main(arguments: list[str]) -> None:
    """Serve orders until the socket is closed."""
    folder, memory_mib, parent = arguments
    sandbox.end_with_parent(int(parent))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the pool ends us in order
    control = socket.socket(fileno=os.dup(0))
    gc.collect()
    gc.freeze()  # so that workers share these pages
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if len(message) < ORDER.size:
            return
        kind, number = ORDER.unpack(message)
        if kind == b"F":
            pid = os.fork()
            if pid == 0:
                _become_worker(control, descriptors[0], folder, int(memory_mib))
            os.close(descriptors[0])
            control.sendall(REPLY.pack(pid))
        else:
            control.sendall(REPLY.pack(_code(number)))


def _become_worker(control: socket.socket, channel: int, folder: str, memory_mib: int) -> None:
    """What the child does after the fork: it never returns."""
    parent = os.getppid()
    control.close()
    os.dup2(channel, 0)
    os.close(channel)
    with contextlib.suppress(BaseException):
        worker.main(folder, memory_mib, parent)
    os._exit(70)  # EX_SOFTWARE of sysexits.h


def _code(pid: int) -> int:
    """The exit code of a child; that of a killed one when it is none of ours."""
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return -signal.SIGKILL


if __name__ == "__main__":
    main(sys.argv[1:])
