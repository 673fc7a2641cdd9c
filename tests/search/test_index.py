"""The file of the index: the same bytes for the same material, read-only, refused when it is another format."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from tests.search.world import WORLD
from twinld.search import INDEX, Index, Material, make_index, material_of, open_index, write_index
from twinld.search.index import BOND, THING, in_bits, unpacked
from twinld.search.make import bitmap, grams_of, packed
from twinld.site import index_of
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load

SMALL = Path(__file__).resolve().parents[1] / "data" / "small.trig"


def test_equal_material_gives_equal_bytes(tmp_path: Path) -> None:
    things, bonds = list(WORLD.things), list(WORLD.bonds)
    random.Random(1).shuffle(things)
    random.Random(2).shuffle(bonds)
    write_index(tmp_path / "one", WORLD)
    write_index(tmp_path / "two", Material(tuple(things), tuple(bonds)))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").stat().st_size > 10_000


def test_the_file_reads_as_the_one_in_memory(tmp_path: Path) -> None:
    write_index(tmp_path / INDEX, WORLD)
    index, other = open_index(tmp_path), Index(make_index(WORLD))

    assert index is not None
    assert index.things(range(index.sizes.things)) == other.things(range(other.sizes.things))
    assert index.bonds(range(index.sizes.bonds)) == other.bonds(range(other.sizes.bonds))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._database.execute("DELETE FROM thing")
    index.close()


@pytest.mark.parametrize("damage", ["another format", "no database", "cut off"])
def test_a_file_that_cannot_be_read_is_no_index(tmp_path: Path, damage: str) -> None:
    path = tmp_path / INDEX
    write_index(path, WORLD)
    if damage == "another format":
        with sqlite3.connect(path) as database:
            database.execute("UPDATE meta SET value = '0' WHERE key = 'format'")
        database.close()
    else:
        path.write_bytes(b"no database at all" * 100 if damage == "no database" else path.read_bytes()[:5_000])

    assert open_index(tmp_path) is None
    assert open_index(tmp_path / "elsewhere") is None


def test_things_are_numbered_by_rank() -> None:
    rows = list(Index(make_index(WORLD)).things(range(len(WORLD.things))).values())

    assert [row.path for row in rows[:3]] == ["place/moscow", "place/kaliningrad", "place/athens"]
    assert [row.twins for row in rows] == sorted((row.twins for row in rows), reverse=True)


def test_every_single_valued_facet_adds_up_to_the_whole() -> None:
    index = Index(make_index(WORLD))

    for unit, facet in ((THING, "type"), *((BOND, name) for name in ("status", "kind", "decade", "stated", "licence"))):
        bits = [index.bits(unit, facet, value) for value in index.values(unit, facet)]
        assert sum(bits) == index.all_bits(unit), facet  # no bit is in two of them


def test_lists_and_bitmaps_come_back() -> None:
    numbers = [0, 7, 8, 70_000, 4_000_000_000]

    assert list(unpacked(packed(numbers))) == numbers
    assert list(in_bits(int.from_bytes(bitmap([0, 9], 12), "little"), 12)) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert in_bits(0, 0) == b""
    assert len(grams_of("boston")) == 8


def test_a_store_without_an_index_gets_one_in_memory() -> None:
    store = open_store(SMALL)
    index = index_of(store)

    assert index is not None
    assert index_of(store) is index
    assert (index.sizes.things, index.sizes.bonds) == (len(material_of(store).things), 10)
    store.close()


def test_the_index_of_a_release_is_used(tmp_path: Path) -> None:
    bulk_load(tmp_path / "store", [(SMALL, None)])
    write_index(tmp_path / INDEX, WORLD)
    store = open_store(tmp_path / "store")
    index = index_of(store)

    assert index is not None
    assert index.sizes.things == len(WORLD.things)
    store.close()


def test_what_is_read_of_a_store() -> None:
    store = open_store(SMALL)
    material = material_of(store)
    store.close()
    things = {thing.path: thing for thing in material.things}
    bonds = {bond.slug: bond for bond in material.bonds}
    malmo, berlin, tehran = (bonds[slug] for slug in ("adelaide--malmo", "berlin--istanbul", "berlin--tehran"))

    assert (things["place/malmo"].label, things["place/malmo"].items) == (
        "Malmö",
        ("Q2211", "Q503361", "geonames:2692969"),
    )
    assert things["place/malmo"].country == "place/country-se"
    assert things["place/country-se"].iso_code == "SE"
    assert things["place/q771"].label == "Q771"
    assert things["place/q771"].licences == ("https://creativecommons.org/licenses/by/4.0/",), (
        "its item is WD50K's alone"
    )
    assert things["place/malmo"].licences == ()
    assert (malmo.stated, malmo.sources, malmo.decade) == ("one-sided", ("wikidata-crawl",), "none")
    assert (berlin.start, berlin.decade, berlin.stated) == ("1989-11-17", "1980", "both")
    assert bonds["berlin--copenhagen"].stated == "both", "answered in another source"
    assert tehran.licence_code == "cc-by-4.0"
    assert bonds["kyiv--moscow"].status == "ended"


def test_a_store_of_another_base_gives_the_same_index(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8").replace("https://w3id.org/twinld/", "http://localhost/twins/")
    (tmp_path / "small.trig").write_text(text, encoding="utf-8")
    store, other = open_store(SMALL), open_store(tmp_path / "small.trig")
    ours, theirs = material_of(store), material_of(other, "http://localhost/twins/")
    store.close()
    other.close()

    assert theirs == ours


def test_every_label_of_the_release_finds_its_place(release: Path) -> None:
    store = open_store(release)
    index = index_of(store)
    assert index is not None
    names = 0
    for thing in range(index.sizes.things):
        for name in index.names_of(thing):
            keys = [key for key in _keys(name.text) if thing in index.owners(index.names_called(key))]
            assert keys == _keys(name.text), (thing, name.text)
            names += 1
    store.close()

    assert names > 25_000


def _keys(text: str) -> list[str]:
    from twinld.spelling import spelled

    return list(spelled(text).keys)
