"""What pages of numbers cost: CPU of this process, bytes sent (packed), queries asked of the store."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server import create_app
from server.app import close_app
from twinld import site
from twinld.settings import Settings
from twinld.store import open_store

PAGES = (
    "/", "/statistics", "/statistics.json", "/countries", "/networks", "/place/country-de", "/place/country-fr",
    "/pair/boston--kyoto", "/pair/country-de--country-fr", "/network/oeaed", "/chain?from=boston&to=moscow",
)  # fmt: skip
RUNS = 9
HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip"}


def read_s(release: Path) -> float:
    """CPU seconds to read the agreements and places of a release and count them, of a store just opened."""
    store = open_store(release)
    started = time.process_time()
    site.numbers(store, release)
    spent = time.process_time() - started
    store.close()
    return spent


def warm_pages(release: Path) -> Iterator[tuple[str, float, int, int]]:
    """Each page: its address, median CPU in ms, bytes, and how many queries the store was asked."""
    store = open_store(release)
    app = create_app(Settings(workers=1), store)
    client = app.test_client()
    asked = 0
    select = store.select

    def counted(*args: Any, **terms: Any) -> Any:
        nonlocal asked
        asked += 1
        return select(*args, **terms)

    store.select = counted  # type: ignore[method-assign]
    site.warm(store, folder=release)
    for path in PAGES:
        client.get(path, headers=HEADERS)
        times = []
        for _ in range(RUNS):
            asked = 0
            started = time.process_time()
            answer = client.get(path, headers=HEADERS)
            times.append((time.process_time() - started) * 1000)
        yield path, statistics.median(times), len(answer.data), asked
    close_app(app)
    store.close()
