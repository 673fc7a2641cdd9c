"""`python -m tests.bench [NAME...]`: measure what the project promises, and print each figure with its target.

CPU seconds are those of the process and its children, best of the runs; peers are measured in the same run.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TWINLD = [sys.executable, "-m", "twinld"]


def _run(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of a command."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _say(name: str, figure: str, target: str, good: bool | None) -> bool:
    """Print a figure; `good` None is a figure without a target."""
    word = {True: "ok  ", False: "MISS", None: "info"}[good]
    print(f"{word}  {name:<44} {figure:<34} target: {target}", flush=True)
    return bool(good)


def bench_build() -> bool:
    """Two builds of the default data: CPU seconds, peak memory, and equal bytes."""
    with tempfile.TemporaryDirectory() as folder:
        outs = [Path(folder) / name for name in ("one", "two")]
        runs = [_run([*TWINLD, "build", "--out", str(out)]) for out in outs]
        hashes = [_contents(out / "current") for out in outs]
    cpu, memory = min(run[1] for run in runs), max(run[2] for run in runs)
    good = _say(
        "twinld build, CPU seconds (best of 2)",
        f"{cpu:.1f} s ({min(r[0] for r in runs):.1f} s wall)",
        "<= 200 s",
        cpu <= 200,
    )
    good &= _say("twinld build, peak memory", f"{memory:,.0f} MiB", "<= 1,500 MB", memory * 1.048576 <= 1500)
    return good & _say(
        "two builds are byte-identical",
        f"{len(hashes[0])} files",
        "equal",
        hashes[0] == hashes[1] and len(hashes[0]) > 5,
    )


def _contents(folder: Path) -> dict[str, str]:
    files = [path for path in folder.resolve().rglob("*") if path.is_file() and path.parent.name != "store"]
    files = [path for path in files if path.name != "checksums.csv"]  # it lists the files of the store
    return {
        str(path.relative_to(folder.resolve())): hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
        for path in files
    }


def bench_load() -> bool:
    """Loading one N-Triples file that we wrote: our store in memory and on disk, and rdflib's, which is in memory.

    Neither ours nor the peer checks IRIs against RFC 3987 here; what that check costs is printed as well.
    """
    import rdflib

    from twinld.formats import find_format
    from twinld.store import open_store
    from twinld.store.oxigraph import bulk_load

    with tempfile.TemporaryDirectory() as folder:
        lines = (_release() / "dumps" / "twinld.nt").read_bytes().splitlines(keepends=True)[::4]
        path = Path(folder) / "part.nt"
        path.write_bytes(b"".join(lines))
        kept: list[object] = []  # so that only loading is measured, and not letting go

        def load(checked: bool) -> None:
            store = open_store("memory:", writable=True)
            store.load(path, find_format("ntriples"), checked=checked)
            kept.append(store)

        memory = min(_cpu(lambda: load(True)) for _ in range(3))
        stranger = min(_cpu(lambda: load(False)) for _ in range(3))
        numbers = iter(range(3))
        disk = min(
            _cpu(lambda: bulk_load(Path(folder) / f"{next(numbers)}", [(path, None)], checked=True)) for _ in range(3)
        )
        theirs = _cpu(lambda: kept.append(rdflib.Graph().parse(path, format="nt")))
    said = f"{theirs / memory:.1f}x ({memory:.2f} s, rdflib {theirs:.2f} s; {len(lines):,} triples)"
    good = _say("store load in memory against rdflib, CPU", said, ">= 10x", theirs >= 10 * memory)
    _say("the same with every IRI checked", f"{theirs / stranger:.1f}x ({stranger:.2f} s)", "none", None)
    _say("store load on disk against rdflib in memory", f"{theirs / disk:.1f}x ({disk:.2f} s)", "none", None)
    return good


def _cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def bench_shacl() -> bool:
    """Checking shapes: ours beside pySHACL on 92 k triples, then both sizes of ours alone, then the whole catalogue."""
    from tests.bench import shacl

    with tempfile.TemporaryDirectory() as folder:
        small, large, own = (Path(folder) / name for name in ("100k.nt", "2m.nt", "own.nq"))
        shacl.generate("100k", small)
        shacl.generate("2m", large)
        one = min((shacl.apart("ours", str(small)) for _ in range(2)), key=lambda figures: figures["cpu"])
        peer = shacl.apart("pyshacl", str(small))
        many = shacl.apart("ours", str(large))
        count = shacl.multiply(_release() / "dumps" / "twinld.nq", own, 1_900_000)
        whole = shacl.apart("catalogue", str(own))
    ratio = peer["cpu"] / one["cpu"]
    said = f"{ratio:.1f}x ({one['cpu']:.2f} s, pySHACL {peer['cpu']:.1f} s)"
    good = _say("SHACL of 92 k triples against pySHACL, CPU", said, ">= 20x", ratio >= 20)
    same = one["keys"] == peer["keys"] and one["number"] > 0 and not one["fallbacks"]
    good &= _say("the same report", f"{one['number']:,} results, pySHACL {peer['number']:,}", "equal", same)
    good &= _say("24 shapes on 1.9 M triples with load", f"{many['cpu']:.1f} s", "<= 30 s", many["cpu"] <= 30)
    good &= _say("its peak memory", f"{many['mib']:,.0f} MiB", "< 1,500 MB", many["mib"] * 1.048576 < 1500)
    linear = many["cpu"] / one["cpu"] / (1_897_838 / 91_987)
    good &= _say("cost from 92 k to 1.9 M triples", f"{linear:.2f}x linear", "<= 1.5x", linear <= 1.5)
    said = f"{whole['cpu']:.1f} s ({whole['number']:,} findings; {count:,} triples)"
    good &= _say("whole catalogue on data of ours, with load", said, "<= 90 s", whole["cpu"] <= 90)
    return good & _say("its peak memory", f"{whole['mib']:,.0f} MiB", "< 1,500 MB", whole["mib"] * 1.048576 < 1500)


def bench_help() -> bool:
    """`twinld --help`: wall seconds, median of seven."""
    seconds = statistics.median(_run([*TWINLD, "--help"])[0] for _ in range(7))
    return _say("twinld --help, median of 7", f"{seconds:.3f} s", "< 0.3 s", seconds < 0.3)


def bench_pages() -> bool:
    """Place pages: CPU, packed size and questions to the store, over 200 random places (tests/bench/pages.py)."""
    from tests.bench import pages

    return pages.run(_release(), _say)


def bench_size() -> bool:
    """What the release holds."""
    manifest = json.loads((_release() / "manifest.json").read_text())
    counts = manifest["counts"]
    good = _say("places in the release", f"{counts['places']:,}", ">= 10,700", counts["places"] >= 10700)
    return good & _say("directed CC0 statements", f"{counts['directed']:,}", ">= 34,000", counts["directed"] >= 34000)


def bench_remote() -> bool:
    """The release on other engines: pushing it, and the same questions of each (tests/bench/remote.py)."""
    from tests.bench import remote

    return remote.run(_release(), _say)


def bench_node() -> bool:
    """One server on the release: what each kind of request costs, and how many it answers (tests/bench/node.py)."""
    from tests.bench import node

    return node.run(_release(), _say)


def bench_endpoint() -> bool:
    """The endpoint against the native server, Virtuoso and rdflib-endpoint."""
    from tests.bench.endpoint import bench

    return bench(_say)


def bench_enrich() -> bool:
    """Enriching 10,000 places (tests/bench/enrich.py)."""
    from tests.bench.enrich import bench_enrich

    return bench_enrich(_say)


def bench_dumps() -> bool:
    """Writing the dumps, beside rdflib, and the memory it takes (tests/bench/dumps.py)."""
    from tests.bench import dumps

    return dumps.run(_release(), _say)


def bench_diff() -> bool:
    """Comparing two releases of made data (tests/bench/diff.py)."""
    from tests.bench import diff

    return diff.bench(_run, _say, TWINLD)


def bench_explore() -> bool:
    """The map of all agreements in a headless Chromium."""
    from tests.bench import explore

    return explore.run(_release(), _say)


def bench_facts() -> bool:
    """All sources from their files to facts: CPU seconds by stage, and memory (tests/bench/facts.py)."""
    from tests.bench import facts

    return facts.run(_say)


def bench_matching() -> bool:
    """Precision and recall of matching places on the labelled sample, and its growth."""
    from tests.bench.matching import scaling, tallies, total, wilson

    found = tallies()
    good = True
    for name, tally in {**found, "all": total(found.values())}.items():
        for what, part, of, target in (
            ("precision", tally.right, tally.automatic, 0.995),
            ("recall", tally.right, tally.pairs, 0.9),
        ):
            if not of:
                continue
            low, high = wilson(part, of)
            figure = f"{part / of:.4f} ({part} of {of}; {low:.4f} to {high:.4f})"
            met = part / of >= target if name == "all" else None
            shown = _say(f"matching, {name}: {what}", figure, f"{target}" if met is not None else "-", met)
            good &= shown or met is None
    times = scaling()
    (small, base), *_ = times.values()
    for factor, (records, seconds) in times.items():
        bound = base * factor * math.log2(records) / math.log2(small) * 1.3
        good &= _say(f"matching, {records} records", f"{seconds:.1f} s", f"{bound:.1f} s (n log n)", seconds <= bound)
    return good


def bench_numbers() -> bool:
    """Pages of numbers of the real release: CPU to read it into memory, CPU and bytes of each page when it is warm."""
    from tests.bench.numbers import read_s, warm_pages

    seconds = read_s(_release())
    good = _say("numbers: read a release into memory", f"{seconds:.2f} s CPU", "<= 5 s", seconds <= 5)
    for path, cpu_ms, sent, asked in warm_pages(_release()):
        met = cpu_ms <= 30 and sent < 100_000 and asked <= 5
        figure = f"{cpu_ms:.1f} ms, {sent:,} B, {asked} queries"
        good &= _say(f"numbers: {path}", figure, "<= 30 ms, 100 kB, 5", met)
    return good


def _release() -> Path:
    from twinld.publish.release import find_release
    from twinld.settings import build_folder

    return find_release(build_folder())


def bench_search() -> bool:
    """The search over 50,000 places: CPU of an answer by kind of text, making the index, its size and memory."""
    from tests.bench import search
    from twinld.search import open_index

    material = search.world(_release())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, megabytes = search.made(folder, material)
        names = sum(len(thing.names) for thing in material.things)
        what = f"{len(material.things):,} things, {names:,} names, {len(material.bonds):,} agreements"
        _say("index written, CPU", f"{seconds:.1f} s, {megabytes:.0f} MB ({what})", "none", None)
        _say("memory of a process that answers", f"{search.memory_mib(folder):.0f} MiB more", "none", None)
        index = open_index(folder)
        assert index is not None
        good = True
        for way, ask in (("box", search.suggestions), ("page", search.page)):
            for kind, asked in search.texts(material).items():
                median, high = search.times_ms(index, asked, ask)
                figure = f"median {median:.1f} ms, 95th percentile {high:.1f} ms"
                good &= _say(f"search, {way}, {kind}", figure, "median < 20 ms CPU", median < 20)
        index.close()
    return good


BENCHES: dict[str, Callable[[], bool]] = {
    "size": bench_size,
    "help": bench_help,
    "load": bench_load,
    "shacl": bench_shacl,
    "pages": bench_pages,
    "numbers": bench_numbers,
    "endpoint": bench_endpoint,
    "build": bench_build,
    "remote": bench_remote,
    "node": bench_node,
    "enrich": bench_enrich,
    "dumps": bench_dumps,
    "diff": bench_diff,
    "facts": bench_facts,
    "matching": bench_matching,
    "search": bench_search,
    "explore": bench_explore,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks (default: all); 1 when a target is missed."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"{unknown.pop()!r} is not a benchmark; there are {', '.join(BENCHES)}")
    if len(names) == 1:
        return 0 if BENCHES[names[0]]() else 1
    _run([*TWINLD, "build"])
    alone = [sys.executable, "-m", "tests.bench"]  # what one leaves in memory must not slow the next
    results = [subprocess.run([*alone, name], cwd=ROOT, check=False).returncode for name in names or BENCHES]
    return max(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
