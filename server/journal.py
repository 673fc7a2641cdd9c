"""What the endpoint did: one line of JSON a query, and counts for a watcher. Who asked is in neither."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from twinld.settings import Settings
from twinld.store.pool import Usage
from twinld.store.query_text import look

BUCKETS_S: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class Journal:
    """The log and the counts of one application; any thread may write."""

    def __init__(self, settings: Settings) -> None:
        self._lock = threading.Lock()
        self._texts = bool(settings.log_queries)
        self._file: TextIO | None = _opened(settings.log)
        self.outcomes: Counter[str] = Counter()
        self.buckets: Counter[float] = Counter()
        self.seconds = 0.0
        self.bytes = 0
        self.swaps = 0

    def query(self, query: str, outcome: str, status: int, length: int, usage: Usage, release: str) -> None:
        """A request with a query is answered."""
        with self._lock:
            self.outcomes[outcome] += 1
            self.seconds += usage.run_s
            self.bytes += length
            self.buckets[next((limit for limit in BUCKETS_S if usage.run_s <= limit), float("inf"))] += 1
        if self._file is None:
            return
        seen = look(query)
        line: dict[str, Any] = {
            "query": hashlib.sha256(seen.normal.encode("utf-8", "replace")).hexdigest()[:16],
            "form": seen.form if seen.form.isascii() else "",
            "outcome": outcome,
            "status": status,
            "queue_ms": round(usage.queued_s * 1000, 2),
            "run_ms": round(usage.run_s * 1000, 2),
            "bytes": length,
            "release": release,
        }
        if self._texts:
            line["text"] = query
        self.say(line)

    def say(self, line: Mapping[str, Any]) -> None:
        """One line of the log, with the time put before it."""
        if self._file is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._lock:
            self._file.write(json.dumps({"time": now, **line}) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file of the log."""
        with self._lock:
            if self._file is not None and self._file is not sys.stderr:
                self._file.close()
            self._file = None


def metrics(journal: Journal, state: Mapping[str, Any], release: str, cache_bytes: int) -> str:
    """The counts as text for Prometheus (exposition format 0.0.4); `state` is that of the pool."""

    def lines() -> Iterator[str]:
        yield from _family("queries_total", "counter", "Requests with a query, by outcome.")
        for outcome, count in sorted(journal.outcomes.items()):
            yield f'twinld_queries_total{{outcome="{outcome}"}} {count}'
        yield from _family("query_seconds", "histogram", "Seconds that a query held a worker.")
        below = 0
        for limit in (*BUCKETS_S, float("inf")):
            below += journal.buckets[limit]
            yield f'twinld_query_seconds_bucket{{le="{"+Inf" if limit == float("inf") else limit}"}} {below}'
        yield f"twinld_query_seconds_sum {journal.seconds:.6f}"
        yield f"twinld_query_seconds_count {below}"
        yield from _family("answer_bytes_total", "counter", "Bytes of answers.")
        yield f"twinld_answer_bytes_total {journal.bytes}"
        yield from _family("workers", "gauge", "Query workers, by what they do.")
        for name in ("idle", "running"):
            yield f'twinld_workers{{state="{name}"}} {state.get(name, 0)}'
        yield from _family("workers_replaced_total", "counter", "Workers that were replaced, by reason.")
        for reason, count in sorted(state.get("replaced_by", {}).items()):
            yield f'twinld_workers_replaced_total{{reason="{reason}"}} {count}'
        for name, what, value in (
            ("queries_waiting", "Queries that wait for a worker.", state.get("waiting", 0)),
            ("queries_quarantined", "Queries that are not run again for a while.", state.get("quarantined", 0)),
            ("cache_bytes", "Bytes of kept answers.", cache_bytes),
        ):
            yield from _family(name, "gauge", what)
            yield f"twinld_{name} {value}"
        yield from _family("release_swaps_total", "counter", "Releases that were switched in while serving.")
        yield f"twinld_release_swaps_total {journal.swaps}"
        yield from _family("release_info", "gauge", "The release that is served.")
        yield f'twinld_release_info{{release="{release}"}} 1'

    return "\n".join(lines()) + "\n"


def _family(name: str, kind: str, what: str) -> tuple[str, str]:
    return f"# HELP twinld_{name} {what}", f"# TYPE twinld_{name} {kind}"


def _opened(path: str) -> TextIO | None:
    if not path:
        return None
    return sys.stderr if path == "-" else Path(path).open("a", encoding="utf-8")
