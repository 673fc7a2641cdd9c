"""Opens the store at a location, and builds a store on disk from files.

STORES is the table of what a location can be; a new kind of store is a new row.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from twinld.errors import LockedError, NotFound, SourceError, UsageError, nearest
from twinld.store import Store
from twinld.store.embedded import OxigraphStore
from twinld.store.engine import RDF_FORMATS, format_of, named_node, opened, reading
from twinld.vocab import BASE, DEFAULT_GRAPHS

__all__ = ["STORES", "OxigraphStore", "StoreKind", "bulk_load", "open_location"]

REMOTE: Final = "sparql+"
"""What a location starts with that is the address of an endpoint."""


@dataclass(frozen=True)
class StoreKind:
    """One kind of location: `what` it is in words, whether a location is of it, and how it is opened."""

    name: str
    what: str
    matches: Callable[[str], bool]
    open: Callable[[str, bool], Store]


def open_location(location: str, writable: bool = False) -> Store:
    """The store at `location`, by the first row of STORES that knows it; see `twinld.store.open_store`.

    With `writable` a folder that doesn't exist is made. A file is read into memory: what is loaded into it
    later is not written back.
    """
    for kind in STORES:
        if kind.matches(location):
            return kind.open(location, writable)
    path = Path(location)
    if path.is_dir():
        there = ", ".join(sorted(child.name for child in path.iterdir())[:8]) or "nothing"
        raise SourceError(f"{location}: neither a store nor a release; the folder holds {there}")
    if path.exists():
        format_of(path)
    if writable and path.parent.is_dir() and not _is_rdf_name(location):
        return _open_disk(location, writable=True)
    siblings = [child.name for child in path.parent.iterdir()] if path.parent.is_dir() else []
    there = nearest(path.name, siblings, f"names in {path.parent}")
    raise NotFound(f"{location}: there is nothing here; {there}")


def bulk_load(path: Path, parts: Iterable[tuple[Path, str | None]], *, checked: bool = False) -> int:
    """Make a store on disk in the new folder `path` from files; how many quads it has.

    Each part is a file (any RDF format, packed or not) and the IRI of the graph its triples go to (None: the
    default graph). `checked` tells that we wrote the files ourselves, so that IRIs needn't be checked again;
    a file that comes twice is checked once. Raises SourceError for a broken file; then there is no folder.
    """
    if path.exists() and any(path.iterdir()):
        raise UsageError(f"{path}: there is something here already; give a new folder")
    done: set[Path] = set()
    try:
        store = ox.Store(path)
        for file, graph in parts:
            where = f"{file.parent.name}/{file.name}"
            target = named_node(graph) if graph is not None else ox.DefaultGraph()
            syntax, lenient = RDF_FORMATS[format_of(file).name], checked or file in done
            with reading(where), opened(file, where) as stream:
                if file.suffix == ".gz":
                    store.bulk_load(stream, syntax, to_graph=target, lenient=lenient)
                else:
                    store.bulk_load(path=file, format=syntax, to_graph=target, lenient=lenient)
            done.add(file)
        store.optimize()  # merges the files of the load: 2 of 20 CPU seconds, and every lookup is 2 to 3 times faster
        store.flush()
        return len(store)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def _is_rdf_name(location: str) -> bool:
    try:
        format_of(Path(location))
    except UsageError:
        return False
    return True


def _open_file(location: str, writable: bool) -> OxigraphStore:
    path = Path(location)
    store = OxigraphStore.in_memory()
    store.load(path, format_of(path))
    _fill_default_graph(store)
    return store if writable else OxigraphStore(store.inner)


def _fill_default_graph(store: OxigraphStore) -> None:
    """A dump names its graphs; as in a release, those of the default graph are also the default graph."""
    in_none = store.inner.quads_for_pattern(None, None, None, ox.DefaultGraph())
    if next(iter(in_none), None) is not None:
        return
    ends = tuple("/" + graph.removeprefix(BASE) for graph in DEFAULT_GRAPHS)
    for graph in store.graphs():
        if graph.endswith(ends):
            quads = store.inner.quads_for_pattern(None, None, None, ox.NamedNode(graph))
            store.inner.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def _open_release(location: str, writable: bool) -> OxigraphStore:
    if writable:
        raise UsageError(f"{location}: a release is never changed; build a new one")
    return _open_disk(str(Path(location) / "store"), writable=False)


def _open_disk(location: str, writable: bool) -> OxigraphStore:
    path = Path(location)
    try:
        inner = ox.Store(path) if writable else ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:  # the engine's word for a damaged file is RuntimeError
        if "lock" in str(error):
            raise LockedError(f"{location}: another process writes to it; wait until it has ended") from None
        raise SourceError(f"{location}: cannot be opened as a store ({error}); build it again") from None
    return OxigraphStore(inner, path, writable=writable)


def _open_remote(location: str, writable: bool) -> Store:
    from twinld.store.remote import open_remote  # query workers never need it, and start without it

    return open_remote(location.removeprefix(REMOTE), writable)


def _is_store(folder: Path) -> bool:
    return (folder / "CURRENT").is_file()


STORES: Final = (
    StoreKind(
        "remote",
        "`sparql+http://...` or `sparql+https://...`, the address of any SPARQL 1.1 endpoint after `sparql+`",
        lambda location: location.startswith(REMOTE),
        _open_remote,
    ),
    StoreKind(
        "memory",
        "`memory:`, an empty store in memory",
        lambda location: location == "memory:",
        lambda _location, _writable: OxigraphStore.in_memory(),
    ),
    StoreKind(
        "release",
        "a release: a folder with manifest.json and store/",
        lambda location: (Path(location) / "manifest.json").is_file() and _is_store(Path(location) / "store"),
        _open_release,
    ),
    StoreKind("disk", "a folder of Oxigraph", lambda location: _is_store(Path(location)), _open_disk),
    StoreKind(
        "file",
        "an RDF file in any of our formats, also packed with gzip; it is read into memory",
        lambda location: Path(location).is_file() and _is_rdf_name(location),
        _open_file,
    ),
)
"""What a location can be; the first row that matches opens it."""
