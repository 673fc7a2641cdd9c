"""All sources from their files to facts: CPU seconds of each stage and peak memory, as `twinld build` makes them.

Facts are there when the graphs are written (stage `infer`); the store, checks and dumps come after. Each measurement is
a process of its own, so that its peak memory is that of nothing else. `python -m tests.bench.facts [NAME=PATH ...]`
prints one as JSON.
"""

from __future__ import annotations

import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.bench import peak_mib

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
UNPUBLISHED = {
    "germany-2015": "directory/germany_partnerschaften_2015.csv",
    "eurocities-2025": "networks/eurocities-members-wikidata-enriched.json",
    "parliament-2025": "networks/global-parliament-of-mayors-signatures.csv",
    "csc-2026": "odbl/csc_cities_with_qid.csv.gz",
}
"""The files that may not be published, below `../shared/data`."""
LAST = "infer"
"""The stage that writes the facts."""
PART = 16
"""One pair in so many is what resolving begins to grow from."""
DAY = "2026-07-31"

Say = Callable[[str, str, str, bool | None], bool]


class _Enough(Exception):  # noqa: N818 - no error: all that is measured was made
    """Ends a build whose facts are there."""


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure(sources: list[str]) -> dict[str, float]:
    """CPU seconds by stage, their sum as `cpu_s`, `rows` read and `peak_mib`, of the data here and these files."""
    from twinld.pipeline import BuildOptions, build
    from twinld.pipeline.options import Stage

    found: dict[str, float] = {}
    started = before = _cpu_s()

    def watch(stage: Stage) -> None:
        nonlocal before
        if stage.seconds is None:
            return
        now = _cpu_s()
        found[stage.name], before = round(now - before, 2), now
        if stage.name == "check":
            found["records"] = stage.count
        if stage.name == LAST:
            raise _Enough

    with tempfile.TemporaryDirectory() as folder:
        try:
            build(BuildOptions(out=Path(folder) / "out", sources=tuple(sources)), watch)
        except _Enough:
            found["cpu_s"] = round(before - started, 2)
            found["peak_mib"] = peak_mib()
    return found


def growth() -> list[tuple[int, float]]:
    """Records and CPU seconds of resolving a sixteenth of the pairs of all sources once, 4 times and 16 times over:
    elsewhere, under other items and other names.
    """
    from twinld import ingest
    from twinld.files import folder
    from twinld.iris import Ledger
    from twinld.model import Finding, PlaceFacts, Record, Statement
    from twinld.resolve import Decisions, resolve
    from twinld.resolve.identity import is_local

    sources, every = {}, list[Record]()
    for name, path in ingest.source_folders(folder("data")).items():
        sources[name] = ingest.describe(path)
        every += [item for item in ingest.read(path, sources[name]) if not isinstance(item, Finding)]
    pairs = [r for r in every if isinstance(r, Statement) and _drawn("|".join(sorted((r.subject, r.obj))))]
    items = {item for pair in pairs for item in (pair.subject, pair.obj)}
    rows = [r for r in every if isinstance(r, PlaceFacts) and r.item in items and r.source != "countries"]
    fixed = [r for r in every if r.source == "countries"]

    def named(item: str, number: int) -> str:
        return f"{item}~{number}" if is_local(item) else f"Q{int(item[1:]) + number * 10**9}"

    def copy(number: int) -> list[Record]:
        rng = random.Random(number)
        ending = "".join(rng.choice("bdfglmnprst") + rng.choice("aeiou") for _ in range(3)) if number else ""
        shift = Decimal(number * 37 % 100) / 50
        found: list[Record] = [
            replace(r, key=f"{r.key}-{number}", subject=named(r.subject, number), obj=named(r.obj, number))
            for r in pairs
        ]
        for r in rows:
            latitude = None if r.latitude is None else r.latitude * (1 - shift / 100) - shift
            labels = tuple((tag, f"{label}{ending}") for tag, label in r.labels)
            changed = replace(r, key=f"{r.key}-{number}", item=named(r.item, number), labels=labels, geonames=None)
            found.append(replace(changed, latitude=latitude))
        return found

    figures = []
    for times in (1, 4, 16):
        records = [*fixed, *(record for number in range(times) for record in copy(number))]
        started = time.process_time()
        resolve(records, sources, Decisions(country_names=Decisions.read(folder("data")).country_names), Ledger(), DAY)
        figures.append((len(records), time.process_time() - started))
    return figures


def _drawn(text: str) -> bool:
    return zlib.crc32(text.encode()) % PART == 0


def run(say: Say) -> bool:
    """Print both measurements: what may be published, and with the files that may not; then how resolving grows."""
    files = [f"{name}={SHARED / path}" for name, path in UNPUBLISHED.items() if (SHARED / path).is_file()]
    good = True
    for what, sources in (("published sources", []), ("all sources", files)):
        if what == "all sources" and len(files) < len(UNPUBLISHED):
            say(f"facts, {what}", "../shared/data is not beside the checkout", "none", None)
            continue
        command = [sys.executable, "-m", "tests.bench.facts", *sources]
        answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        figures = json.loads(answer.splitlines()[-1])
        stages = ", ".join(f"{name} {figures[name]:.1f}" for name in ("ingest", "check", "resolve", LAST))
        cpu, peak = figures["cpu_s"], figures["peak_mib"]
        name = f"facts, {what} ({figures['records']:,} records)"
        good &= say(f"{name}, CPU", f"{cpu:.1f} s ({stages})", "<= 90 s", cpu <= 90)
        good &= say(f"{name}, peak memory", f"{peak:,.0f} MiB", "< 2 GB", peak * 1.048576 < 2000)
    (small, base), *larger = growth()
    for records, seconds in larger:
        bound = base * records / small * math.log2(records) / math.log2(small) * 1.3
        good &= say(
            f"resolution, {records:,} records", f"{seconds:.1f} s", f"<= {bound:.1f} s (n log n)", seconds <= bound
        )
    return good


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])))
