"""The page of every thing of a release, as a file: what the sitemaps list, so that no server has to ask for it.

`pages.txt` has one path a line, without its first slash (`place/boston`), sorted by code point, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from twinld.publish.lines import GraphFile
from twinld.vocab import GRAPH, ID, RDF, TWV, rebase

ADDRESSES: Final = "pages.txt"
_TYPE: Final = f" <{RDF}type> "
_STARTS: Final = {ID: "", GRAPH: "graph/", TWV: "vocab/"}
"""Where the IRIs of what has a page start, and where the pages of those do."""


def write_addresses(folder: Path, graphs: Iterable[GraphFile], base: str) -> int:
    """Write the file of a release from its sorted graph files; how many pages there are.

    A page has whatever a graph gives a class: ids, graphs, vocabularies and their concepts. A fragment is on the page
    of what is before it.
    """
    starts = {f"<{rebase(start, base)}": path for start, path in _STARTS.items()}
    found = {path for graph in graphs for path in _paths(graph, starts)}
    with (folder / ADDRESSES).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{path}\n" for path in sorted(found))
    return len(found)


def _paths(graph: GraphFile, starts: dict[str, str]) -> Iterator[str]:
    before = tuple(starts)
    for line in graph.lines():
        if line.startswith(before) and _TYPE in line:
            subject = line.partition(">")[0]
            if "#" not in subject and line.startswith(_TYPE, len(subject) + 1):
                start = next(start for start in starts if subject.startswith(start))
                yield starts[start] + subject.removeprefix(start)


def read_addresses(folder: Path) -> tuple[str, ...] | None:
    """The paths of a release's file, sorted; None where there is none, as in releases that twinld 0.1 made."""
    try:
        with (folder / ADDRESSES).open(encoding="utf-8", newline="\n") as file:
            return tuple(line[:-1] for line in file)
    except FileNotFoundError:
        return None
