"""All sources from their files to facts: CPU seconds of each stage and peak memory, as `twinld build` makes them.

Facts are there when the graphs are written (stage `infer`); the store, checks and dumps come after. Each measurement is
a process of its own, so that its peak memory is that of nothing else. `python -m tests.bench.facts [NAME=PATH ...]`
prints one as JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

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
            found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def run(say: Say) -> bool:
    """Print both measurements: what may be published, and with the files that may not."""
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
    return good


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])))
