"""Builds that can be killed: a process that has all of twinld imported, and forks a child for every build.

Forking costs milliseconds where a new Python costs a second; the parent itself never builds, so it has one thread.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, cast

_SERVER = """
import os, sys
from pathlib import Path
from twinld.cli import main
import twinld.pipeline, twinld.cli.build, twinld.publish.turtle, rdflib, pyoxigraph
data = Path(sys.argv[1])
sys.modules["twinld.pipeline.build"].checkout = lambda: data.parent  # so that its ledger is data/ids.csv
graphs = sys.modules["twinld.pipeline.graphs"]
parsed = list(graphs.ontology_triples(sys.modules["twinld.files"].folder("ontology")))
graphs.ontology_triples = lambda folder: iter(parsed)  # half of the time of a small build is reading it
print("ready", flush=True)
for line in sys.stdin:
    log, fault, *arguments = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 2)
        os.dup2(handle, 1)
        if fault:
            os.environ["_TWINLD_FAULT"] = fault
        code = 99
        try:
            code = main(["build", *arguments])
        finally:
            sys.stdout.flush()
            os._exit(code)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("TWINLD_")}


@dataclass
class Running:
    """A build under way: its process, and how to wait for its end."""

    pid: int
    log: Path
    _out: IO[str]

    def __post_init__(self) -> None:
        self._handle = os.pidfd_open(self.pid)  # a number may be another process's by the time it is killed

    def kill(self) -> None:
        """End it as a power cut would; nothing when it has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> int:
        """The exit code; minus the signal that ended it."""
        code = int(self._out.readline())
        os.close(self._handle)
        return code

    def wait_for(self, text: str, seconds: float = 60) -> None:
        """Wait until the build has said `text`; TimeoutError when it does not."""
        end = time.monotonic() + seconds
        while text not in self.said():
            if time.monotonic() > end:
                raise TimeoutError(f"{text!r} was not said: {self.said()}")
            time.sleep(0.005)

    def said(self) -> str:
        """What the build wrote so far."""
        return self.log.read_text() if self.log.exists() else ""


class Builder:
    """Starts builds of one data folder, as if it were the checkout's, into one folder of releases."""

    def __init__(self, data: Path, out: Path, log: Path, keep: int = 3) -> None:
        self.data, self.out, self.log, self.keep = data, out, log, keep
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**_without_settings(), "TWINLD_KEEP_RELEASES": str(keep)},
        )  # fmt: skip
        self._in = cast("IO[str]", self._process.stdin)
        self._out = cast("IO[str]", self._process.stdout)
        assert self._out.readline() == "ready\n"

    def start(self, fault: str = "", *more: str) -> Running:
        """Start a build, with a fault such as `publish.switch=kill`."""
        self.log.unlink(missing_ok=True)
        arguments = ("--data", str(self.data), "--out", str(self.out), *more)
        self._in.write("\t".join((str(self.log), fault, *arguments)) + "\n")
        self._in.flush()
        return Running(int(self._out.readline()), self.log, self._out)

    def build(self, fault: str = "", *more: str) -> tuple[int, str]:
        """Exit code and words of a whole build."""
        running = self.start(fault, *more)
        return running.wait(), running.said()

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._in.close()
        self._process.wait(timeout=60)
        self._out.close()
