"""What is found for what somebody types: any script, beginnings, faults of typing, a country beside the name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.world import WORLD
from twinld.search import Found, Index, find, make_index, near_names
from twinld.search.asked import EXACT, Asked, grade
from twinld.search.find import best_match

INDEX = Index(make_index(WORLD))


def slugs(found: Found) -> list[str]:
    """The things that were found, by the end of their paths, in their order."""
    rows = INDEX.things([thing for thing, _ in found.ranked])
    return [rows[thing].path.rpartition("/")[2] for thing, _ in found.ranked]


FOUND = [
    ("the label", "Munich", ["munich"]),
    ("another language", "München", ["munich"]),
    ("without accents", "munchen", ["munich"]),
    ("as German writes umlauts", "Muenchen", ["munich"]),
    ("another accent", "mûnchen", ["munich"]),
    ("a decomposed accent", "Mu\u0308nchen", ["munich"]),
    ("katakana", "ミュンヘン", ["munich"]),
    ("Cyrillic", "Москва", ["moscow"]),
    ("Cyrillic in Latin letters", "Moskva", ["moscow"]),
    ("Chinese characters", "京都", ["kyoto", "kyoto-prefecture"]),
    ("one of them", "京", ["kyoto", "kyoto-prefecture"]),
    ("a former name", "Königsberg", ["kaliningrad"]),
    ("a former name without accents", "KONIGSBERG", ["kaliningrad"]),
    ("Scandinavian", "Malmo", ["malmo"]),
    ("Arabic", "القدس", ["jerusalem"]),
    ("Arabic without a hamza, pointed", "اَثينا", ["athens"]),
    ("Hebrew", "ירושלים", ["jerusalem"]),
    ("Greek without accents", "αθηνα", ["athens"]),
    ("Hangul", "시모노세키시", ["shimonoseki"]),
    ("a beginning", "shimo", ["shimonoseki"]),
    ("a beginning of two letters", "to", ["toledo-es", "toledo-us"]),
    ("two of one name, more twins first", "toledo", ["toledo-es", "toledo-us"]),
    ("the label before what has the word", "Boston", ["boston", "boston-gb", "new-boston"]),
    ("a letter too few", "bostn", ["boston", "new-boston", "boston-gb"]),
    ("two letters swapped", "Parsi", ["paris"]),
    ("two wrong letters in a long name", "Shimonoseky", ["shimonoseki"]),
    ("a wrong letter in Cyrillic", "Масква", ["moscow"]),
    ("words in another order", "francisco san", ["san-francisco"]),
    ("a word and a beginning", "fran san", []),
    ("words and a beginning", "san fran", ["san-francisco"]),
    ("in one word", "sanfrancisco", ["san-francisco"]),
    ("a wrong letter in one of two words", "san fransisco", ["san-francisco"]),
    ("another name", "frisco", ["san-francisco"]),
    ("an abbreviation", "Saint Gallen", ["st-gallen"]),
    ("the abbreviation", "st gallen", ["st-gallen"]),
    ("without its apostrophe", "laquila", ["l-aquila"]),
    ("another apostrophe", "L’Aquila", ["l-aquila"]),
    ("a country behind a comma", "Toledo, Spain", ["toledo-es"]),
    ("the beginning of a country", "Toledo, Sp", ["toledo-es"]),
    ("a country in its language", "Toledo España", ["toledo-es"]),
    ("a country before", "Spain Toledo", ["toledo-es"]),
    ("a code", "toledo us", ["toledo-us"]),
    ("first letters of a country", "Toledo USA", ["toledo-us"]),
    ("first letters of another", "boston uk", ["boston-gb"]),
    ("another place of the country", "Toledo Ohio", ["toledo-us"]),
    ("a country and a wrong letter", "Tolido, Spain", ["toledo-es"]),
    ("a Wikidata item", "Q34600", ["kyoto"]),
    ("one of several items", "q503361", ["malmo"]),
    ("its address", "https://www.wikidata.org/wiki/Q34600", ["kyoto"]),
    ("a GeoNames address", "https://sws.geonames.org/2867714/", ["munich"]),
    ("an IRI of ours", "https://w3id.org/twinld/id/place/boston", ["boston"]),
    ("an address of ours", "http://127.0.0.1:8000/place/boston.ttl", ["boston"]),
    ("a path", "network/old-capitals", ["old-capitals"]),
    ("an id without a name", "q771", ["q771"]),
    ("a network by its short name", "loc", ["old-capitals"]),
    ("a person without accents", "maria perez", ["maria-perez"]),
    ("an unknown item", "Q1", []),
    ("nothing like it", "xyzzy", []),
    ("no letters", "%_'\"*", []),
    ("nothing", "", []),
    ("what is not seen", "\u202eBos\u200bton\u0000", ["boston", "boston-gb", "new-boston"]),
]


@pytest.mark.parametrize(("claim", "text", "expected"), FOUND, ids=[row[0] for row in FOUND])
def test_what_is_found(claim: str, text: str, expected: list[str]) -> None:
    assert slugs(find(INDEX, text)) == expected


def test_words_that_no_name_has_are_left_out_and_told() -> None:
    found = find(INDEX, "Toledo Narnia")

    assert (slugs(found), found.left_out, found.countries) == (["toledo-es", "toledo-us"], ("Narnia",), ())


def test_two_names_find_the_agreement_between_them() -> None:
    for text in ("Boston Kyoto", "Kyoto – Boston", "京都 бостон", "boston--kyoto"):
        found = find(INDEX, text)
        assert [bond.slug for bond in INDEX.bonds(found.bonds).values()] == ["boston--kyoto"], text


def test_a_country_is_told() -> None:
    assert find(INDEX, "Toledo, Spain").countries == ("es",)
    assert find(INDEX, "Toledo").countries == ()


def test_exact_are_those_that_are_called_so() -> None:
    rows = INDEX.things(find(INDEX, "boston").exact)

    assert sorted(row.path for row in rows.values()) == ["place/boston", "place/boston-gb"]


def test_the_name_that_fits_is_told() -> None:
    found = find(INDEX, "Königsberg")
    (thing,) = found.exact
    name = best_match(INDEX, found.asked, thing)

    assert name is not None
    assert (name.text, name.languages) == ("Königsberg", ("de",))


def test_where_nothing_is_found_names_that_look_alike_are_near() -> None:
    rows = INDEX.things(near_names(INDEX, "Shimonosekoto", 3))

    assert [row.label for row in rows.values()] == ["Shimonoseki"]
    assert near_names(INDEX, "xyzzy", 3) == near_names(INDEX, "", 3) == []


def names() -> Iterator[tuple[str, str]]:
    for thing in WORLD.things:
        for name in thing.names:
            yield thing.path, name.text


def test_every_name_finds_its_thing() -> None:
    for path, text in names():
        assert INDEX.thing(path) in find(INDEX, text).exact, (path, text)


TEXTS = st.one_of(
    st.sampled_from([text for _, text in names()]).flatmap(
        lambda text: st.integers(1, len(text)).map(lambda length: text[:length])
    ),
    st.text(max_size=30),
)


@given(TEXTS)
def test_what_is_found_is_what_one_by_one_would_be(text: str) -> None:
    """The index gives each thing the grade of its best name, whatever is typed."""
    found = find(INDEX, text)
    if found.countries or found.left_out or not found.ranked:
        return
    graded: dict[str, int] = {}
    for thing in WORLD.things:
        fits = [
            fit for name in thing.names if (fit := grade(Asked(found.asked.text), name.kind, name.text)) is not None
        ]
        if fits:
            graded[thing.path] = min(fits)
    rows = INDEX.things([thing for thing, _ in found.ranked])
    given_ = {rows[thing].path: fits for thing, fits in found.ranked}

    assert {path: fits for path, fits in graded.items() if fits <= EXACT} == {
        path: fits for path, fits in given_.items() if fits <= EXACT
    } or text.lower().startswith("q")
    assert given_.items() <= graded.items() or text.lower().startswith("q") or "/" in text


@given(st.text(max_size=200))
def test_whatever_is_typed_is_answered(text: str) -> None:
    found = find(INDEX, text)

    assert [fits for _, fits in found.ranked] == sorted(fits for _, fits in found.ranked)
    assert len({thing for thing, _ in found.ranked}) == len(found.ranked)
