"""Whether a store and the query workers answer: for machines that watch the server, and before a release is served."""

from __future__ import annotations

from twinld.queries import query
from twinld.store import Store
from twinld.store.pool import Pool


def ask_store(store: Store) -> None:
    """Ask the store; whatever it raises tells what is wrong."""
    store.ask(query("page_alive"))


def ask_worker(pool: Pool, timeout_s: float | None = None, client: str = "") -> None:
    """Wait until a query worker has answered; OutsideError, QueryTimeout and the like when none does in time."""
    pool.run(query("page_ready"), None, timeout_s=timeout_s, client=client).close()
