"""`python -m tests.bench remote`: pushing the release to other engines, and the same questions asked of each.

Questions go through the pool that the server uses, so that its checks and its way to the engine are counted. CPU
seconds are those of the engine and of everything here; a machine that is busy with other work inflates them.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from tests.backends import ENGINES, Backend, Missing
from twinld.formats import find_format
from twinld.publish.push import push
from twinld.queries import query, with_prefixes
from twinld.settings import Settings
from twinld.store import open_store
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore
from twinld.store.pool import Pool, open_pool
from twinld.store.remote import open_remote

Say = Callable[[str, str, str, bool | None], bool]
RUNS = 100
STATISTICS = ("best_connected", "country_pairs", "decades", "network_pairs", "one_sided_count")
"""Questions that are answered from graph statistics, or are to be as fast as if they were."""
QUESTIONS = {
    "twins of a place": query("twins_of_boston"),
    **{name: query(name) for name in STATISTICS},
    "one-sided, 624 rows": query("one_sided"),
    "9,000 rows": with_prefixes("SELECT ?s ?o { ?s rdfs:label ?o } LIMIT 9000"),
    "a graph of a place": with_prefixes("CONSTRUCT { place:boston ?p ?o } WHERE { place:boston ?p ?o }"),
}
"""All below the 10,000 rows at which Virtuoso stops."""


def run(release: Path, say: Say) -> bool:
    """Push and ask; True when every engine that is here took the release and gave as many rows as ours."""
    settings = Settings(workers=2, query_timeout_s=60)
    store = open_store(release)
    own, own_cpu = _ask(open_pool(store, settings), say, "our own store", [])
    good = True
    for name, start in ENGINES.items():
        with tempfile.TemporaryDirectory() as folder:
            try:
                with start(Path(folder)) as backend:
                    good &= _push(release, backend, say)
                    remote = open_store(backend.location)
                    found, cpu = _ask(open_pool(remote, settings), say, name, [backend.pid])
                    remote.close()
            except Missing as missing:
                say(name, str(missing), "none", None)
                continue
        different = [question for question in own if own[question] != found[question]]
        good &= say(f"{name}: as many rows as ours", ", ".join(different) or "all", "all", not different)
        ratio = max(own_cpu[question] / cpu[question] for question in STATISTICS)
        target, enough = ("<= 1.0x", ratio <= 1.0) if name == "virtuoso" else ("reported", None)
        said = say(f"{name}: statistics, our CPU by its own, the worst", f"{ratio:.2f}x", target, enough)
        good &= said or enough is None
    store.close()
    return good


def _push(release: Path, backend: Backend, say: Say) -> bool:
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    remote = open_remote(backend.query_url)
    with _measured([backend.pid]) as first:
        steps = push(release, target, remote.count)
    with _measured([backend.pid]) as again:
        left = push(release, target, remote.count)
    remote.close()
    target.close()
    number = sum(step.triples for step in steps)
    memory = psutil.Process(backend.pid).memory_info().rss >> 20
    name = f"{backend.name}: push of {number:,} triples"
    say(name, f"{first[0]:.1f} s, {first[1]:.1f} CPU s, {memory:,} MiB", "none", None)
    there = {step.done for step in left} == {"already there"}
    return say(
        f"{backend.name}: push again, nothing to send", f"{again[0]:.1f} s, {again[1]:.1f} CPU s", "none sent", there
    )


def _ask(pool: Pool, say: Say, name: str, pids: list[int]) -> tuple[dict[str, int], dict[str, float]]:
    """How many lines each question gives, and its CPU milliseconds, of the engine alone where that is another process.

    Prints the time of each, median of some runs after the first.
    """
    lines = {}
    alone = {}
    for question, text in QUESTIONS.items():
        row = find_format("ntriples" if "CONSTRUCT" in text else "csv")
        with pool.run(text, row) as answer:
            lines[question] = answer.body.read().count(b"\n")
        walls = []
        with _measured([*pids, *pool.state()["pids"]]) as cpu:  # type: ignore[misc]
            for _ in range(RUNS):
                started = time.perf_counter()
                pool.run(text, row).close()
                walls.append(time.perf_counter() - started)
        alone[question] = (cpu[2] if pids else cpu[1]) / RUNS * 1e3
        say(
            f"{name}: {question}",
            f"{statistics.median(walls) * 1e3:.2f} ms, {cpu[1] / RUNS * 1e3:.2f} CPU ms",
            "none",
            None,
        )
    pool.close()
    return lines, alone


@contextlib.contextmanager
def _measured(pids: list[int]) -> Iterator[list[float]]:
    """Wall and CPU seconds of the block, of this process and of others; and CPU seconds of the first of these."""
    processes = [psutil.Process(), *(psutil.Process(pid) for pid in pids)]
    found: list[float] = []
    started, before = time.perf_counter(), [process.cpu_times() for process in processes]
    yield found
    after = [process.cpu_times() for process in processes]
    cpu = [b.user + b.system - a.user - a.system for a, b in zip(before, after, strict=True)]
    found += [time.perf_counter() - started, sum(cpu), cpu[1]]
