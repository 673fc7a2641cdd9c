"""Place pages of the release: CPU, questions to the store and packed size, over 200 random places and the largest."""

from __future__ import annotations

import gc
import gzip
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LARGEST = "saint-petersburg"
Say = Callable[[str, str, str, bool | None], bool]


class Counting:
    """A store that counts the questions it is asked."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.writable, self.path = inner, inner.writable, inner.path
        self.asked: Counter[str] = Counter()

    def select(self, query: str, **terms: str) -> Any:
        """The rows of a query."""
        self.asked[query] += 1
        return self.inner.select(query, **terms)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def run(release: Path, say: Say) -> bool:
    """Ask for 200 random places, each once, and for the place with the most partners."""
    sys.path.insert(0, str(ROOT))
    from server import create_app
    from twinld.settings import Settings
    from twinld.site import warm
    from twinld.store import open_store

    store = open_store(release)
    counting = Counting(store)
    places = [row for row in (release / "ids.csv").read_text().splitlines() if row.startswith("place,")]
    places = [row.split(",")[1] for row in places if ",active," in row]
    slugs = random.Random(2022).sample(places, 200)
    client = create_app(Settings(), counting).test_client()  # type: ignore[arg-type]
    warm(counting)  # type: ignore[arg-type]
    client.get("/place/boston", headers={"Accept": "text/html"})
    gc.collect()
    times, sizes, asked = [], [], []
    for slug in [*slugs, LARGEST]:
        counting.asked.clear()
        started = time.process_time()
        answer = client.get(f"/place/{slug}", headers={"Accept": "text/html"})
        times.append((time.process_time() - started) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"/place/{slug}: {answer.status_code}")
        sizes.append(len(gzip.compress(answer.get_data(), 6)))
        asked.append(counting.asked.total())
    store.close()
    median = statistics.median(times[:-1])
    good = say(
        "place page, median of 200, CPU", f"{median:.2f} ms (slowest {max(times[:-1]):.1f} ms)", "< 30 ms", median < 30
    )
    say(f"the page of {LARGEST}, CPU", f"{times[-1]:.1f} ms", "none", None)
    packed = f"median {statistics.median(sizes) / 1000:.1f} kB, largest {max(sizes) / 1000:.1f} kB"
    good &= say("the same, packed", packed, "< 100 kB", max(sizes) < 100_000)
    questions = f"median {statistics.median(asked):.0f}, most {max(asked)}"
    return good & say("questions to the store a page", questions, "<= 5", max(asked) <= 5)
