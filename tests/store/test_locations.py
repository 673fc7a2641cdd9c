"""What a location can be, and what is said of one that is no store."""

import gzip

import pytest
import store_data as data
from store_data import AGREEMENT, PREFIXES, START

from tests.store.store_kinds import NQUADS, TURTLE, memory, written
from twinld.errors import NotFound, SourceError, UsageError
from twinld.formats import GRAPH_FORMATS, find_format
from twinld.store import open_store
from twinld.store.oxigraph import STORES, bulk_load
from twinld.vocab import CURATED


@pytest.mark.parametrize("row", [*GRAPH_FORMATS, find_format("trig"), NQUADS], ids=lambda row: row.name)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_file_of_any_format_is_a_store(tmp_path, row, packed):
    body = written(memory(tmp_path), PREFIXES + "CONSTRUCT WHERE { ?a tw:start ?start }", row.name)
    path = tmp_path / f"data.{row.extension}{'.gz' if packed else ''}"
    path.write_bytes(gzip.compress(body) if packed else body)

    store = open_store(path)

    assert [(AGREEMENT, f"<{data.TW}start>", START)] == store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
    assert (store.path, store.writable) == (None, False)


def test_a_file_can_be_added_to_in_memory(tmp_path):
    path = tmp_path / "data.nq"
    path.write_bytes(data.nquads())
    store = open_store(path, writable=True)

    assert store.load(b"<http://example.org/s> a <http://example.org/C> .", TURTLE) == 1
    assert data.nquads() == path.read_bytes()


NOT_THERE = [
    ("there is a near name", "dta.nq", NotFound, r"dta\.nq: there is nothing here; did you mean data\.nq\?$"),
    (
        "the folder is no store",
        ".",
        SourceError,
        r"neither a store nor a release; the folder holds data\.nq, text\.txt",
    ),
    ("the name tells no format", "text.txt", UsageError, r"text\.txt: the name tells no RDF format; end it in \.ttl"),
]


@pytest.mark.parametrize(("claim", "name", "error", "message"), NOT_THERE, ids=[case[0] for case in NOT_THERE])
def test_a_location_that_is_no_store_says_what_is_there(tmp_path, claim, name, error, message):
    (tmp_path / "data.nq").write_bytes(data.nquads())
    (tmp_path / "text.txt").write_text("hello")

    with pytest.raises(error, match=message):
        open_store(tmp_path / name)


DAMAGED = [
    ("cut off", lambda good: gzip.compress(good)[:-12], r"all\.nq\.gz: the packed file is cut off or damaged"),
    ("not packed", lambda good: good, r"all\.nq\.gz: this is no gzip file"),
    ("packed and broken", lambda good: gzip.compress(good + b"<a\n"), r"all\.nq\.gz:\d+: .*nothing of it was loaded"),
]


@pytest.mark.parametrize(("claim", "damage", "message"), DAMAGED, ids=[case[0] for case in DAMAGED])
def test_a_damaged_file_gives_no_store(tmp_path, claim, damage, message):
    path = tmp_path / "all.nq.gz"
    path.write_bytes(damage(data.nquads()))

    with pytest.raises(SourceError, match=message):
        open_store(path)
    with pytest.raises(SourceError, match=message):
        bulk_load(tmp_path / "store", [(path, None)])
    assert not (tmp_path / "store").exists()


def test_bulk_loading_puts_triples_where_they_belong(tmp_path):
    path = tmp_path / "curated.nt"
    path.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in data.CURATED_TRIPLES))

    number = bulk_load(tmp_path / "store", [(path, CURATED), (path, None)])

    store = open_store(tmp_path / "store")
    assert (number, store.count(), store.count(CURATED), store.graphs()) == (24, 12, 12, [CURATED])
    with pytest.raises(UsageError, match=r"there is something here already; give a new folder$"):
        bulk_load(tmp_path / "store", [(path, None)])


def test_the_table_of_stores_is_complete():
    assert [kind.name for kind in STORES] == ["remote", "memory", "release", "disk", "file"]
