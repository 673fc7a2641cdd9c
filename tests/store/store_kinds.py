"""One store of each kind with the data of the contract, those in other engines too, and the text of an answer."""

import gzip
import io
from pathlib import Path

import store_data as data

from twinld.formats import find_format
from twinld.store import Store, open_store
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore, as_ntriples
from twinld.store.oxigraph import bulk_load

NQUADS = find_format("nquads")
TURTLE = find_format("turtle")


def memory(folder: Path) -> Store:
    store = open_store()
    store.load(data.nquads(), NQUADS)
    return store


def writable_disk(folder: Path) -> Store:
    store = open_store(folder / "new", writable=True)
    store.load(data.nquads(), NQUADS)
    return store


def disk(folder: Path) -> Store:
    writable_disk(folder).close()
    return open_store(folder / "new")


def file(folder: Path) -> Store:
    (folder / "data.nq").write_bytes(data.nquads())
    return open_store(folder / "data.nq")


def packed_dump(folder: Path) -> Store:
    (folder / "dump.nq.gz").write_bytes(gzip.compress(data.nquads(with_default=False)))
    return open_store(folder / "dump.nq.gz")


def release(folder: Path) -> Store:
    (folder / "all.nq").write_bytes(data.nquads())
    (folder / "manifest.json").write_text("{}")
    bulk_load(folder / "store", [(folder / "all.nq", None)])
    return open_store(folder)


KINDS = [memory, writable_disk, disk, file, packed_dump, release]


def remote(engine, name: str) -> Store:
    """The data in the engine of a name; its deviations are in deviations.toml."""
    backend = engine(name)
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    for graph, triples in data.NAMED.items():
        target.put(graph, as_ntriples(triples))
    target.close()
    return open_store(backend.location)


def kind_name(kind) -> str:
    return kind if isinstance(kind, str) else kind.__name__


def written(store: Store, query: str, name: str | None = None, **dataset) -> bytes:
    out = io.BytesIO()
    given = store.write(query, find_format(name) if name else None, out, **dataset)
    assert name is None or given == find_format(name)
    return out.getvalue()
