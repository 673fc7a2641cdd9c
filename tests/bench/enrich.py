"""Enriching 10,000 places from a local Wikidata behind our own SPARQL endpoint: CPU seconds and memory of our process.

Each run is a process of its own (`python -m tests.bench.enrich URL FOLDER ITEMS`), so that its peak is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import peak_mib

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SIZES = (2_500, 10_000)
GROWTH = 1.25
"""How many times the memory of the smaller run the larger one may take, four times its size."""


@contextmanager
def served(file: Path, folder: Path) -> Iterator[str]:
    """The address of a SPARQL endpoint, in a process of its own."""
    from twinld.store.oxigraph import bulk_load

    bulk_load(folder / "store", [(file, None)])
    command = [sys.executable, "-m", "twinld", "serve", "--store", str(folder / "store"), "--port", "0"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split(" at ")[1].strip() + "sparql"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def one_run(url: str, folder: Path, items: Path) -> dict[str, Any]:
    """Enrich in this process; what it took."""
    from twinld.enrich import Client, Run, enrich

    service = Client(url, "bench@example.org")
    run = Run(items.read_text().split(), folder / "wikidata-live", folder / "work", ("en", "de"))
    started, cpu = time.perf_counter(), time.process_time()
    result = enrich(run, service)
    return {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - started,
        "requests": service.requests,
        "items": result.items,
        "changed": result.changed,
        "peak_mib": peak_mib(),
    }


def in_a_process(url: str, folder: Path, items: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.enrich", url, str(folder), str(items)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def bench_enrich(say: Callable[[str, str, str, bool | None], bool]) -> bool:
    """Runs over a quarter and over all of the items of the crawl, and another one with nothing changed."""
    if not SHARED.is_dir():
        say("twinld enrich", "../shared is not beside the checkout", "<= 120 s", None)
        return True
    sys.path.insert(0, str(ROOT))
    from tests.enrich.wikidata import the_local_wikidata

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wikidata = the_local_wikidata(SHARED)
        items = sorted(wikidata.entities)
        file = wikidata.write(folder / "wikidata.nt")
        del wikidata
        with served(file, folder) as url:
            figures = []
            for size in (*SIZES, SIZES[-1]):
                (folder / "items").write_text("\n".join(items[:: len(items) // size][:size]))
                (folder / str(size)).mkdir(exist_ok=True)
                figures.append(in_a_process(url, folder / str(size), folder / "items"))
    small, first, second = figures
    wall = f"{first['cpu_s']:.1f} s ({first['wall_s']:.0f} s wall, {first['requests']} requests)"
    good = say("twinld enrich, 10,000 places, CPU seconds", wall, "<= 120 s", first["cpu_s"] <= 120)
    growth = first["peak_mib"] / small["peak_mib"]
    peaks = f"{small['peak_mib']:.0f} and {first['peak_mib']:.0f} MiB ({small['items']:,} and {first['items']:,} items)"
    good &= say("twinld enrich, memory of 2,500 and 10,000 places", peaks, f"<= {GROWTH} times", growth <= GROWTH)
    most = -(-second["items"] // 200)
    rerun = f"{second['requests']} requests, {'something' if second['changed'] else 'nothing'} written"
    return good & say(
        "twinld enrich again, nothing changed",
        rerun,
        f"<= {most} requests, nothing",
        second["requests"] <= most and not second["changed"],
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(one_run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
