"""SPARQL engines of others, started for tests and benchmarks: on loopback, on free ports, each in a folder of its own.

An engine that is not installed gives a reason in the place of a server; tests are skipped with it.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

READY_S: Final = 120
"""So long a server may need to start: Virtuoso makes its database first."""


@dataclass(frozen=True)
class Backend:
    """A running engine: addresses for queries and for the graph store protocol, and who may write."""

    name: str
    query_url: str
    store_url: str
    user: str = ""
    password: str = ""
    pid: int = 0

    @property
    def location(self) -> str:
        """The location that `open_store` takes."""
        return f"sparql+{self.query_url}"


class Missing(Exception):  # noqa: N818  not an error: a reason to skip
    """The engine cannot be started here; the message is the reason."""


@contextlib.contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Backend]:
    """The server of the PyPI package `oxigraph`, its data in memory."""
    program = Path(sys.executable).parent / "oxigraph"
    if not program.is_file():
        raise Missing("the server of the package oxigraph is not in this environment; run make types")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [str(program), "serve", "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, folder, f"{address}/query?query=ASK%7B%7D") as pid:
        yield Backend("oxigraph", f"{address}/query", f"{address}/store", pid=pid)


@contextlib.contextmanager
def virtuoso(folder: Path, *, max_rows: int = 10_000, time_s: int = 60, buffers: int = 40_000) -> Iterator[Backend]:
    """Virtuoso of the Debian package, with the limits that Debian gives it unless others are named."""
    program = shutil.which("virtuoso-t")
    if program is None:
        raise Missing("Virtuoso is not installed; on Debian: apt-get install virtuoso-opensource")
    sql, port = free_port(), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "virtuoso.ini").write_text(
        VIRTUOSO_INI.format(folder=folder, sql=sql, port=port, max_rows=max_rows, time_s=time_s, buffers=buffers)
    )
    address = f"http://127.0.0.1:{port}"
    command = [program, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with _running(command, folder, f"{address}/sparql?query=ASK%7B%7D") as pid:
        yield Backend("virtuoso", f"{address}/sparql", f"{address}/sparql-graph-crud-auth", "dba", "dba", pid)


ENGINES: Final[dict[str, Callable[[Path], contextlib.AbstractContextManager[Backend]]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
}
"""The engines that every test of a remote store runs on."""

VIRTUOSO_INI: Final = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
MaxClientConnections = 20
SchedulerInterval = 10
CheckpointInterval = 0
AllowOSCalls = 0
DirsAllowed = {folder}
ThreadsPerQuery = 2
MaxQueryMem = 1G
NumberOfBuffers = {buffers}
MaxDirtyBuffers = 30000

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 20
EnabledDavVSP = 0
HTTPProxyEnabled = 0
MaxKeepAlives = 20
KeepAliveTimeout = 10
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = {max_rows}
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = {time_s}
"""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[int]:
    """A server process until the end of the block; it answers `url` when the block starts."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        try:
            _wait(process, url, folder / "output.txt")
            yield process.pid
        finally:
            process.kill()  # what it holds is thrown away
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, output: Path) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}: {output.read_text()[-2000:]}")
        with contextlib.suppress(OSError, urllib.error.HTTPError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not answer {url} in {READY_S} s: {output.read_text()[-2000:]}")
