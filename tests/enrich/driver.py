"""Runs one enrichment in a process of its own, to be killed: URL, extract, work folder, and whether to resume."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from twinld.enrich import Client, Manners, Run, enrich
from twinld.enrich.cache import Cache
from twinld.enrich.clock import Clock, stamp

ITEMS = ("Q60", "Q64", "Q84", "Q268", "Q279", "Q3955", "Q32063953")


class FixedClock(Clock):
    """Always the same moment, so that two runs can be compared."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)


def run(url: str, extract: str, work: str, resume: bool) -> None:
    clock = FixedClock()
    service = Client(url, "test@example.org", Manners(timeout_s=10, pause_s=0), clock)
    service.keep(Cache(Path(work) / "cache.sqlite", stamp(clock.now())))
    enrich(Run(ITEMS, Path(extract), Path(work), ("en", "de"), resume=resume, batch=10), service, clock)
    service.close()


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4] == "resume")
