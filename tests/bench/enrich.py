"""Enriching 10,000 places from a local Wikidata behind our own SPARQL endpoint: CPU seconds of our process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


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


def bench_enrich(say: Callable[[str, str, str, bool | None], bool]) -> bool:
    """Two runs over all items of the crawl, the second with nothing changed."""
    if not SHARED.is_dir():
        say("twinld enrich", "../shared is not beside the checkout", "<= 120 s", None)
        return True
    sys.path.insert(0, str(ROOT))
    from tests.enrich.wikidata import the_local_wikidata
    from twinld.enrich import Client, Run, enrich

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wikidata = the_local_wikidata(SHARED)
        items = sorted(wikidata.entities)[:10_000]
        file = wikidata.write(folder / "wikidata.nt")
        del wikidata
        with served(file, folder) as url:
            run = Run(items, folder / "wikidata-live", folder / "work", ("en", "de"))
            figures = []
            for _ in range(2):
                service = Client(url, "bench@example.org")
                started, cpu = time.perf_counter(), time.process_time()
                result = enrich(run, service)
                spent = time.process_time() - cpu, time.perf_counter() - started
                figures.append((*spent, service.requests, result))
                service.close()
    first, second = figures
    wall = f"{first[0]:.1f} s ({first[1]:.0f} s wall, {first[2]} requests)"
    good = say("twinld enrich, 10,000 places, CPU seconds", wall, "<= 120 s", first[0] <= 120)
    most = -(-second[3].items // 200)
    rerun = f"{second[2]} requests, {'nothing' if not second[3].changed else 'something'} written"
    return good & say(
        "twinld enrich again, nothing changed",
        rerun,
        f"<= {most} requests, nothing",
        second[2] <= most and not second[3].changed,
    )
