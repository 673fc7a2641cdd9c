"""Comparing two releases of made data: CPU seconds at 1.9 million quads, and memory at 1x, 4x and 16x."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from twinld.vocab import GRAPH, ID, RDF, RDFS, TW

QUADS = 1_900_000
_PER_PLACE = 19
"""So many quads are made for a place: itself, an agreement with its neighbour, and what a source says of both."""

Say = Callable[[str, str, str, bool | None], bool]
Run = Callable[[list[str]], tuple[float, float, float]]


def write_release(path: Path, places: int, every: int) -> int:
    """Write a sorted file of quads about so many places; one in `every` (0: none) is another than it was; how many."""
    curated, source, count = f"<{GRAPH}curated>", f"<{GRAPH}source/made>", 0
    names = [f"{number:07}" for number in range(places)]
    with path.open("w", encoding="utf-8") as out:

        def write(subject: str, rows: list[tuple[str, str]], graph: str) -> None:
            nonlocal count
            lines = sorted(f"<{subject}> <{property_}> {value} .\n" for property_, value in rows)
            out.writelines(f"{line[:-3]} {graph} .\n" for line in lines)
            count += len(lines)

        for number, name in enumerate(names):
            year = 1950 + number % 70 + (1 if every and number % every == 0 else 0)
            parties = [(f"{TW}party", f"<{ID}place/p{other}>") for other in (name, names[number - 1])]
            about = [(f"{RDF}type", f"<{TW}Agreement>"), (f"{TW}start", f'"{year}"'), (f"{TW}kind", "<http://x/kind>")]
            write(f"{ID}agreement/p{name}", about + parties, curated)
        for number, name in enumerate(names):
            people = 1000 + number + (1 if every and number % every == 1 else 0)
            country = f"<{ID}place/country-{'abcde'[number % 5]}x>"
            rows = [(f"{RDF}type", f"<{TW}Place>"), (f"{RDFS}label", f'"Place {name}"@en'), (f"{TW}country", country)]
            write(f"{ID}place/p{name}", [*rows, (f"{TW}population", f'"{people}"')], curated)
        for name in names:
            write(f"{ID}record/made/{name}", [(f"{TW}p{part}", f'"{name} {part}"') for part in range(10)], source)
    return count


def bench(run: Run, say: Say, command: list[str]) -> bool:
    """CPU seconds and peak memory of `twinld diff` on made data, one place in a hundred changed."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (16, 4, 1):
            old, new = Path(folder) / "old.nq", Path(folder) / "new.nq"
            quads = write_release(old, QUADS // _PER_PLACE // size, 0)
            write_release(new, QUADS // _PER_PLACE // size, 100)
            _, cpu, memory = run([*command, "diff", str(old), str(new), "--format", "json"])
            figures.append((quads, cpu, memory))
    quads, cpu, memory = figures[-1]
    good = say(f"twinld diff of {quads:,} quads a side, CPU", f"{cpu:.1f} s", "<= 60 s", cpu <= 60)
    grown = memory - figures[0][2]
    said = ", ".join(f"{row[0]:,} quads {row[2]:.0f} MiB" for row in figures)
    return good & say("its peak memory at 1x, 4x, 16x", said, "grows by <= 64 MiB", grown <= 64)
