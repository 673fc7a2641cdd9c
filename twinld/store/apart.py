"""Calls a function in a process of its own, in which a stranger's file can do no harm.

The process is the same as that of a query worker (`twinld.store.sandbox`): no network, no other programs, no files
written, a limit of memory and of time, and a large stack. What the function is given and returns is JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, Final

from twinld import errors
from twinld.errors import SourceError, TwinldError
from twinld.store import sandbox
from twinld.store.worker import STACK_MIB

_CODE: Final = Path(__file__).resolve().parents[2]


def call_apart(
    function: str, *arguments: Any, what: str, memory_mib: int, timeout_s: float, quiet: bool = False
) -> Any:
    """What `function` ("module:name") returns for these arguments.

    Errors of ours that it raises are raised here. SourceError, which names `what` it was about, when the process
    dies or takes longer than `timeout_s`. With `quiet`, what it writes to standard error is not shown.
    """
    process = subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", "twinld.store.apart", function, str(memory_mib), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else None,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_CODE), os.environ.get("PYTHONPATH", "")])},
    )
    with process:
        try:
            out, _ = process.communicate(json.dumps(arguments).encode(), timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            raise SourceError(f"{what}: stopped after {timeout_s:g} s; give a smaller file") from None
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        code = process.returncode
        died = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        raise SourceError(
            f"{what}: it brought the process that reads it down ({died}): it is nested too deep or needs more than "
            f"{memory_mib:,} MiB of memory; give a simpler or smaller file"
        )
    said = json.loads(out)
    if "error" in said:
        kind: type[TwinldError] = getattr(errors, said["error"])
        raise kind(said["message"])
    return said["result"]


_OUT_OF_MEMORY: Final = 71


def main(arguments: list[str]) -> None:
    """The process apart: arguments come in on standard input, the result goes out on standard output."""
    function, memory_mib, parent = arguments
    sandbox.end_with_parent(int(parent))
    replies = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing that prints can get into the result
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    given = json.loads(sys.stdin.buffer.read())
    for size in STACK_MIB:
        thread = threading.Thread(target=_thread, args=(call, given, replies, int(memory_mib)), daemon=True)
        with contextlib.suppress(RuntimeError, ValueError):
            threading.stack_size(size << 20)
            thread.start()
            break
    thread.join()
    os._exit(70)  # never reached: the thread ends the process


def _thread(call: Any, given: list[Any], replies: int, memory_mib: int) -> None:
    sandbox.limit(memory_mib)
    sandbox.forbid_network()
    try:
        said = {"result": call(*given)}
    except TwinldError as error:
        said = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except BaseException:
        with contextlib.suppress(OSError):  # where standard error is a file, nothing can be written any more
            traceback.print_exc()
        os._exit(70)  # EX_SOFTWARE of sysexits.h
    with os.fdopen(replies, "wb") as out:
        out.write(json.dumps(said).encode())
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
