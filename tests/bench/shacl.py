"""`python -m tests.bench shacl`: our engine beside pySHACL on the reference data, and at the size of Wikidata.

The data is that of ../shared/bench (gen.py, shapes.ttl), and, for the whole catalogue, copies of a release's places
and agreements under other names. Each part runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.bench import peak_mib

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bench"


def generate(preset: str, path: Path) -> None:
    """Write the reference data of a preset, with 2 % of faults."""
    subprocess.run(
        [sys.executable, str(SHARED / "gen.py"), "--preset", preset, "--errors", "0.02", "-o", str(path)],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def apart(what: str, *arguments: str) -> dict[str, Any]:
    """The figures of one part, run in a process of its own."""
    code = f"from tests.bench import shacl; shacl.tell(shacl.{what}({', '.join(map(repr, arguments))}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def tell(figures: dict[str, Any]) -> None:
    """Print the figures, with CPU seconds and memory of this process, for the one that asked."""
    print(json.dumps({**figures, "mib": peak_mib()}))


def ours(path: str) -> dict[str, Any]:
    """`twinld.check` of a file against the reference shapes: CPU seconds with loading, and the results."""
    from twinld import check

    started = time.process_time()
    report = check(path, str(SHARED / "shapes.ttl"))
    cpu = time.process_time() - started
    return {"cpu": cpu, "fallbacks": len(report.fallbacks), **_summary(report.results)}


def pyshacl(path: str) -> dict[str, Any]:
    """The same by pySHACL on rdflib."""
    import rdflib

    from twinld.validate.reference import as_written, reference_results

    started = time.process_time()
    with as_written():
        data = rdflib.Graph().parse(path, format="nt")
        shapes = rdflib.Graph().parse(SHARED / "shapes.ttl")
    results = reference_results(data, shapes)
    return {"cpu": time.process_time() - started, "fallbacks": 0, **_summary(tuple(results))}


def _summary(results: tuple[Any, ...]) -> dict[str, Any]:
    keys = Counter("|".join(result.key) for result in results)
    return {"number": len(results), "keys": dict(sorted(keys.items())) if len(results) < 5_000 else {}}


def catalogue(path: str) -> dict[str, Any]:
    """Every rule of ours on a file, loading included."""
    from twinld import check

    started = time.process_time()
    report = check(path)
    return {"cpu": time.process_time() - started, "number": len(report.findings), "keys": {}}


_OURS = re.compile(rb"(<https://w3id\.org/twinld/id/(?:place|agreement|pair|record)/[^>#]*)([>#])")
_ITEM = re.compile(rb"(<http://www\.wikidata\.org/entity/Q[1-9][0-9]*)>")


def multiply(dump: Path, path: Path, triples: int) -> int:
    """Write copies of a release's N-Quads (places, agreements, records) under other names; how many triples."""
    lines = [
        line
        for line in dump.read_bytes().splitlines(keepends=True)
        if b"/twinld/graph/curated>" in line or b"/twinld/graph/inferred>" in line
    ]
    number = written = 0
    with path.open("wb") as out:
        while written < triples:
            number += 1
            tail = b"-c%d" % number
            for line in lines[: triples - written]:
                line = _OURS.sub(rb"\g<1>" + tail + rb"\2", line)
                out.write(_ITEM.sub(rb"\g<1>%04d>" % number, line))
            written += len(lines[: triples - written])
    return written
