"""What a worker must not do, made sure by the kernel: reach the network, start programs, write files, live on.

Everything here is for Linux; the system-call filter knows x86-64 and ARM 64. Elsewhere nothing is limited, and
the functions say so. Sources: prctl(2), seccomp(2), linux/audit.h, and the system-call tables of Linux 6.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1  # all threads of the process, also those of the engine

_ALLOW: Final = 0x7FFF0000
_KILL_PROCESS: Final = 0x80000000
_EPERM: Final = 0x00050001  # the call fails with "Operation not permitted"
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32: Final = 0x40000000  # x86-64 kernels have every call a second time from this number on


@dataclass(frozen=True)
class _Machine:
    """The kernel's name for an architecture, its number of seccomp(2) and of the calls that are refused."""

    audit: int
    seccomp: int
    refused: tuple[int, ...]


_IO_URING: Final = (425, 426, 427)
_MACHINES: Final = {
    # socket connect accept bind listen socketpair accept4, execve execveat, ptrace process_vm_readv/writev
    "x86_64": _Machine(0xC000003E, 317, (41, 42, 43, 49, 50, 53, 288, 59, 322, 101, 310, 311, *_IO_URING)),
    "aarch64": _Machine(0xC00000B7, 277, (198, 203, 202, 200, 201, 199, 242, 221, 281, 117, 270, 271, *_IO_URING)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def end_with_parent(parent: int) -> None:
    """Have this process killed when `parent` (a process id) ends, or rather the thread of it that started us."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the call
        os._exit(0)


def limit(memory_mib: int) -> None:
    """Let this process add at most `memory_mib` to its address space, write no file, and be the first to go.

    To be called when the stack of the query's thread is there, since that counts.
    """
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    cap = pages * resource.getpagesize() + (memory_mib << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or cap < hard:
        resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # files only: sockets and pipes are not concerned
    os.nice(10)
    with contextlib.suppress(OSError):  # some containers refuse it
        Path("/proc/self/oom_score_adj").write_text("900")


def resident_mib() -> int:
    """The memory that this process holds; 0 where the system doesn't tell."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  asked after every query: Path is slower
        return int(file.read().split()[1]) * _PAGE >> 20


def forbid_network() -> str:
    """Refuse sockets and new programs to this process for good; what was done, in a few words.

    "seccomp" means that it is done; "none: ..." gives the reason why not.
    """
    machine = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if machine is None:
        return f"none: no system-call filter for {sys.platform} on {platform.machine()}"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return f"none: prctl failed ({os.strerror(ctypes.get_errno())})"
    code = _filter(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    done = libc.syscall(
        ctypes.c_long(machine.seccomp),
        ctypes.c_long(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_long(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(program),
    )
    return "seccomp" if done == 0 else f"none: seccomp failed ({os.strerror(ctypes.get_errno())})"


def _filter(machine: _Machine) -> bytes:
    """The filter as BPF: another architecture ends the process, a refused call fails, all others work."""

    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    steps = [
        step(_LOAD, 4),  # seccomp_data.arch
        step(_EQUAL, machine.audit, if_true=1),
        step(_RETURN, _KILL_PROCESS),
        step(_LOAD, 0),  # seccomp_data.nr
        step(_AT_LEAST, _X32, if_false=1),
        step(_RETURN, _EPERM),
    ]
    for number in machine.refused:
        steps += [step(_EQUAL, number, if_false=1), step(_RETURN, _EPERM)]
    return b"".join([*steps, step(_RETURN, _ALLOW)])
