"""The dumps: what all of them cost, how fast Turtle and JSON-LD are beside rdflib, and whether memory stays as it is.

The peer writes a part of the same graph in the same run: the whole triples of every eighth subject, since rdflib's
Turtle takes minutes for all. Both start from what they have: we from the sorted file, rdflib from its graph in memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import peak_mib
from twinld.files import folder
from twinld.publish.dumps import read_context, write_dumps
from twinld.publish.jsonld import jsonld
from twinld.publish.lines import GraphFile
from twinld.publish.packing import chunks
from twinld.publish.turtle import turtle
from twinld.vocab import BASE, CC0

Say = Callable[[str, str, str, bool | None], bool]
_EIGHTH = 8
_PARTS = (16, 4, 1)
"""One in so many subjects: 1x, 4x and 16x the data."""


def graph_files(release: Path, target: Path) -> tuple[GraphFile, list[GraphFile]]:
    """The graph files of a release, made again from its dumps: the default graph and the named ones."""
    manifest = json.loads((release / "manifest.json").read_text())
    graphs = {row["iri"]: GraphFile(row["iri"], target / f"{number:03d}.nt", row["triples"], row["licence"])
              for number, row in enumerate(manifest["graphs"])}  # fmt: skip
    open_files = {iri: graph.path.open("w", encoding="utf-8", newline="\n") for iri, graph in graphs.items()}
    for row in manifest["files"]:
        if row["format"] == "nquads" and not row["of"]:
            with (release / "dumps" / row["name"]).open(encoding="utf-8", newline="\n") as quads:
                for line in quads:
                    cut = line.rindex(" <")
                    open_files[line[cut + 2 : -4]].write(f"{line[:cut]} .\n")
    for file in open_files.values():
        file.close()
    whole = release / "dumps" / "twinld.nt"
    triples = next(row["triples"] for row in manifest["files"] if row["name"] == "twinld.nt")
    return GraphFile(None, whole, triples, CC0), list(graphs.values())


def part_of(graph: GraphFile, one_in: int, target: Path) -> GraphFile:
    """The triples of one in so many subjects of a graph, chosen by a hash."""
    if one_in == 1:
        return graph
    count = 0
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for line in graph.lines():
            if zlib.crc32(line.partition(" ")[0].encode()) % one_in == 0:
                file.write(line)
                count += 1
    return GraphFile(graph.iri, target, count, graph.licence)


def write_all(release: Path, one_in: int) -> dict[str, float]:
    """Write every dump of a part of the release: CPU seconds of that, peak MiB of the process, and how much it was."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        whole, graphs = graph_files(release, place)
        default = part_of(whole, one_in, place / "default.part")
        parts = [part_of(graph, one_in, graph.path.with_suffix(".part")) for graph in graphs]
        (place / "dumps").mkdir()
        started = time.process_time()
        context = read_context(folder("ontology"))
        files = list(write_dumps(place / "dumps", default, parts, CC0, context, BASE, "bench", "2022-11-30"))
        cpu = time.process_time() - started
    return {"cpu": cpu, "peak": peak_mib(), "triples": default.count, "bytes": sum(file.bytes for file in files)}


def _apart(release: Path, one_in: int) -> dict[str, float]:
    """`write_all` in a process of its own, whose peak is its own."""
    command = [sys.executable, "-m", "tests.bench.dumps", str(release), str(one_in)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _best(work: Callable[[], object], runs: int = 3) -> float:
    """CPU seconds of a call, best of some runs."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def run(release: Path, say: Say) -> bool:
    """Measure and print; whether every target is met."""
    sizes = {one_in: _apart(release, one_in) for one_in in _PARTS}
    whole = sizes[1]
    good = say("all dumps of the release, CPU seconds", f"{whole['cpu']:.1f} s ({whole['bytes'] / 1e6:,.0f} MB)",
               "<= 60 s", whole["cpu"] <= 60)  # fmt: skip
    peaks = [found["peak"] for found in sizes.values()]
    shown = ", ".join(f"{found['peak']:.0f} MiB of {found['triples']:,}" for found in sizes.values())
    good &= say("peak memory at 1x, 4x, 16x triples", shown, "<= 1.25x the least", max(peaks) <= 1.25 * min(peaks))
    return good & _against_rdflib(release, say)


def _against_rdflib(release: Path, say: Say) -> bool:
    import rdflib

    context = read_context(folder("ontology"))
    with tempfile.TemporaryDirectory() as name:
        whole = GraphFile(None, release / "dumps" / "twinld.nt", 0, CC0)
        part = part_of(whole, _EIGHTH, Path(name) / "part.nt")
        peer = rdflib.Graph().parse(part.path, format="nt")

        def through(pieces: Iterable[str]) -> int:
            return sum(map(len, chunks(pieces)))

        good = True
        for title, target, theirs, ours in (
            ("Turtle", 40, "turtle", lambda: through(turtle(part.triples(), BASE))),
            ("JSON-LD", 10, "json-ld", lambda: through(jsonld(part.triples(), context))),
        ):
            mine = _best(ours)
            other = _best(lambda format_=theirs: peer.serialize(format=format_, encoding="utf-8"), 1)  # type: ignore[misc]
            said = f"{other / mine:.0f}x ({mine:.2f} s, rdflib {other:.2f} s; {part.count:,} triples)"
            good &= say(f"{title} against rdflib, CPU", said, f">= {target}x", other >= target * mine)
    return good


if __name__ == "__main__":
    print(json.dumps(write_all(Path(sys.argv[1]), int(sys.argv[2]))))
