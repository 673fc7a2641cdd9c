"""Loading, closing and the path of every store."""

import pytest

from tests.store.store_kinds import TURTLE, disk, file, memory, packed_dump, release, writable_disk
from twinld.errors import ReleaseError, SourceError
from twinld.formats import find_format
from twinld.store import open_store


def test_loading_is_for_writable_stores(own_store):
    more = b"<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n"
    if not own_store.writable:
        with pytest.raises(
            ReleaseError, match=r"is read-only; open it with writable=True$|never changed; fill it with"
        ):
            own_store.load(more, TURTLE)
        return

    assert [own_store.load(more, TURTLE, graph) for graph in (None, None, "http://example.org/g")] == [1, 0, 1]
    assert own_store.count("http://example.org/g") == 1


@pytest.mark.parametrize("size", [10, 100_000], ids=["small", "large"])
@pytest.mark.parametrize("kind", [memory, writable_disk], ids=lambda kind: kind.__name__)
def test_loading_is_all_or_nothing(tmp_path, kind, size):
    store = kind(tmp_path)
    good = "".join(f"<http://example.org/s{n}> <http://example.org/p> <http://example.org/o> .\n" for n in range(size))
    bad = tmp_path / "bad.nt"
    bad.write_text(good + "<http://example.org/s> <http://example.org/p> nothing .\n")

    with pytest.raises(SourceError, match=rf"bad\.nt:{size + 1}: .*; nothing of it was loaded$"):
        store.load(bad, find_format("ntriples"))

    assert store.count() == 15
    store.close()


def test_closing_twice_is_fine(own_store):
    own_store.close()
    own_store.close()

    with pytest.raises(ValueError, match=r"^the store is closed$"):
        own_store.graphs()


@pytest.mark.parametrize("kind", [writable_disk, disk, release], ids=lambda kind: kind.__name__)
def test_the_path_is_what_other_processes_can_open(tmp_path, kind):
    store = kind(tmp_path)
    path = store.path
    store.close()

    assert open_store(path).count() == 15


@pytest.mark.parametrize("kind", [memory, file, packed_dump], ids=lambda kind: kind.__name__)
def test_a_store_in_memory_has_no_path(tmp_path, kind):
    assert kind(tmp_path).path is None
