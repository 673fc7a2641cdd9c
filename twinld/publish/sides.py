"""The two sides of a comparison: quads in files, read graph by graph in order, never as a whole."""

from __future__ import annotations

import gzip
import heapq
import itertools
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from twinld.errors import InputError, NotFound
from twinld.files import BadRow, read_rows
from twinld.iris import COLUMNS
from twinld.publish.lines import GraphFile
from twinld.publish.release import MANIFEST, find_release, read_manifest
from twinld.vocab import BASE

SUFFIXES: Final = (".nq", ".nt", ".nq.gz", ".nt.gz")
_END: Final = b" .\n"


@dataclass(frozen=True)
class Side:
    """One side: its name, files of sorted N-Quads or N-Triples, and what became of ids (`ids.csv`, if there is one).

    `graphs` are the graph files of a release under way, in place of `files`. `base` is the start of our IRIs.
    """

    name: str
    files: tuple[Path, ...] = ()
    graphs: tuple[GraphFile, ...] = ()
    ids: Path | None = None
    base: str = BASE
    id: str = ""
    date: str = ""

    def by_graph(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each graph (its IRI, "" for the default graph) in order, with its triples in order: lines without ` .`.

        Raises InputError, naming file and line, for a line that is cut off, is no quad, or is out of order.
        """
        if self.graphs:
            parts = sorted(self.graphs, key=lambda graph: graph.iri or "")
            for part in parts:
                with part.path.open("rb") as file:
                    yield part.iri or "", (line[:-3] for line in file)
            return
        with ExitStack() as ends:
            cursors = [_Cursor(path, ends.enter_context(_open(path))) for path in self.files]
            for cursor in cursors:
                cursor.begin()
            while True:
                graph = min((cursor.graph for cursor in cursors if cursor.graph is not None), default=None)
                if graph is None:
                    return
                here = [cursor for cursor in cursors if cursor.graph == graph]
                yield graph, here[0].lines() if len(here) == 1 else _merged([cursor.lines() for cursor in here])

    def moved(self) -> Iterator[tuple[str, str, str]]:
        """Ids that are no longer in use: type, slug, and the slug that it was merged into ("" for gone)."""
        if self.ids is None:
            return
        for row in read_rows(self.ids, COLUMNS):
            if isinstance(row, BadRow):
                raise InputError(str(row))
            cells = row[1]
            if cells["state"] != "active":
                yield cells["type"], cells["slug"], cells["replaced_by"]


def find_side(out: Path, name: str, base: str = BASE) -> Side:
    """A side by what a person names: the id of a release in `out`, a release's folder, or a file of quads.

    Raises NotFound when it is none of them.
    """
    path = Path(name)
    if path.is_file():
        if not path.name.endswith(SUFFIXES):
            raise InputError(f"{path}: only sorted files can be compared; name one that ends in {', '.join(SUFFIXES)}")
        return Side(path.name, (path,), base=base)
    if (path / MANIFEST).is_file():
        return side_of(path)
    try:
        return side_of(find_release(out, None if name == "current" else name))
    except NotFound as error:
        raise NotFound(f"{error}; a release is named by its id, by its folder or by a file of N-Quads") from None


def side_of(folder: Path) -> Side:
    """A release on disk as a side: all its N-Quads dumps."""
    folder = folder.resolve()
    manifest = read_manifest(folder)
    names = [row["name"] for row in manifest.get("files", []) if row.get("format") == "nquads"]
    stems = dict.fromkeys(name.partition(".nq")[0] for name in names)
    ways = [[folder / "dumps" / f"{stem}{suffix}" for suffix in (".nq", ".nq.gz")] for stem in stems]
    files = [next((path for path in paths if path.is_file()), paths[0]) for paths in ways]
    missing = [path for path in files if not path.is_file()]
    if missing or not files:
        raise InputError(f"{missing[0] if missing else folder}: this release has no N-Quads to compare")
    ids = folder / "ids.csv"
    return Side(
        folder.name, tuple(files), ids=ids if ids.is_file() else None, base=manifest.get("base", BASE),
        id=manifest.get("id", folder.name), date=manifest.get("date", ""),
    )  # fmt: skip


def _open(path: Path) -> IO[bytes]:
    file = gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115
    return cast("IO[bytes]", file)


@dataclass
class _Cursor:
    """A file of quads that is read graph by graph: `graph` is that of the next line, None at the end."""

    path: Path
    file: IO[bytes]
    graph: str | None = None
    _number: int = 0
    _line: bytes = b""
    _suffix: bytes = _END

    @property
    def _triples(self) -> bool:
        return self.path.name.removesuffix(".gz").endswith(".nt")

    def begin(self) -> None:
        """Read the first line."""
        self._advance()
        self._begin()

    def _advance(self) -> None:
        try:
            self._line = self.file.readline()
        except (OSError, EOFError) as error:
            raise InputError(f"{self.path}:{self._number + 1}: cannot be read ({error}); fetch it again") from None
        self._number += 1

    def _begin(self) -> None:
        """Learn the graph of the line that comes next."""
        if not self._line:
            self.graph = None
            return
        start = self._line.rfind(b" <") if not self._triples else 0
        if self._line[:1] not in (b"<", b"_"):  # blanks and comments sort before both, so a first line shows them
            raise InputError(f"{self.path}:{self._number}: a line of sorted {self._kind} begins with < or _:")
        if not self._line.endswith(_END) or (not self._triples and not self._line.endswith(b"> .\n")) or start < 0:
            raise InputError(f"{self.path}:{self._number}: this is no whole line of sorted {self._kind}")
        self._suffix = _END if self._triples else self._line[start:]
        graph = "" if self._triples else self._line[start + 2 : -4].decode()
        if self.graph is not None and graph <= self.graph:
            raise InputError(f"{self.path}:{self._number}: graph {graph} comes after {self.graph}; sort the graphs")
        self.graph = graph

    @property
    def _kind(self) -> str:
        return "N-Triples" if self._triples else "N-Quads"

    def lines(self) -> Iterator[bytes]:
        """The triples of the graph that comes next."""
        cut, suffix, last = -len(self._suffix), self._suffix, b""
        file, number = self.file, self._number
        line = self._line
        try:
            while line.endswith(suffix):
                triple = line[:cut]
                if triple <= last:
                    raise InputError(f"{self.path}:{number}: out of order or twice; sort the lines by code point")
                yield triple
                last = triple
                line = file.readline()
                number += 1
        except (OSError, EOFError) as error:
            raise InputError(f"{self.path}:{number + 1}: cannot be read ({error}); fetch it again") from None
        finally:
            self._line, self._number = line, number
        self._begin()


def _merged(parts: Iterable[Iterator[bytes]]) -> Iterator[bytes]:
    """Several sorted parts as one, each line once."""
    return (line for line, _ in itertools.groupby(heapq.merge(*parts)))
