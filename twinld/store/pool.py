"""Answers queries from outside in worker processes, so that no query can harm the process that asks.

A query can't be stopped inside the engine, and one that is nested too deep ends its process. Here it ends only
its worker: at the deadline, by its own crash, or not at all. The answer is kept whole (in memory up to 1 MiB,
then in a temporary file) before anyone sees it, so it is never cut off.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from twinld.formats import Format
from twinld.settings import Settings
from twinld.store import Store
from twinld.store.remote import RemoteStore

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write


@dataclass
class Answer:
    """An answer as it is sent: `body` is a file at its start, `length` its bytes, `seconds` the time it took.

    To be closed, or used in a `with` statement.
    """

    format: Format
    body: IO[bytes]
    length: int
    seconds: float

    def close(self) -> None:
        """Let go of the file."""
        self.body.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class Usage:
    """What a query cost, filled in as it runs, also when it fails: `run_s` is the time that it held a worker."""

    queued_s: float = 0.0
    run_s: float = 0.0
    lost_workers: int = 0


class Pool(Protocol):
    """Runs queries that strangers wrote."""

    def run(
        self,
        query: str,
        format: Format | None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        timeout_s: float | None = None,
        client: str = "",
        usage: Usage | None = None,
    ) -> Answer:
        """The whole answer of a query; formats and graphs are as in `Store.write`.

        `client` tells whose it is: nobody can have all workers. Raises QueryError (ServiceRefused,
        UpdateRefused) for what cannot be asked, QueryTimeout at the deadline (`timeout_s`, else the setting),
        QueryCrash when the query brought its workers down, ResultTooBig over the cap, and PoolBusy when no
        worker was free in time.
        """

    def state(self) -> dict[str, object]:
        """Workers (all, idle, process ids), why how many were replaced, and the sandbox they run in."""

    def close(self) -> None:
        """End every worker; closing twice is fine. A query that still runs raises PoolBusy."""


def open_pool(store: Store, settings: Settings) -> Pool:
    """A pool of `settings.workers` workers and one more on a store; it returns when the first one is ready.

    Workers open the folder of a store on disk read-only. A store in memory, or one that can change, is first
    copied to a temporary folder, which `close` removes; later changes are not seen.
    """
    from twinld.store.process_pool import ProcessPool

    if store.path is not None and not store.writable:
        return ProcessPool(store.path, settings)
    if isinstance(store, RemoteStore):
        from twinld.store.remote_pool import RemotePool

        return RemotePool(store, settings)
    copy = tempfile.TemporaryDirectory(prefix="twinld-")
    try:
        return ProcessPool(_copied(store, Path(copy.name)), settings, cleanup=copy.cleanup)
    except BaseException:
        copy.cleanup()
        raise


def _copied(store: Store, folder: Path) -> Path:
    from twinld.store.oxigraph import bulk_load

    dump = folder / "all.nq"
    with dump.open("wb") as out:
        store.dump(out)
    bulk_load(folder / "store", [(dump, None)], checked=True)
    dump.unlink()
    return folder / "store"
