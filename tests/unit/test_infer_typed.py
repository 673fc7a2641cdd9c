"""What follows from what people typed, each rule on a few facts."""

from __future__ import annotations

from twinld.dates import PartialDate
from twinld.infer import Given
from twinld.infer.typed import border_pairs, containment, members, ordinals
from twinld.mapping.write import TYPE, tw
from twinld.model import Agreement, Place
from twinld.terms import Triple, boolean, edtf, integer
from twinld.vocab import ID


def thing(curie: str) -> str:
    return f"<{ID}{curie.replace(':', '/', 1)}>"


def given(*typed: Triple, agreements: tuple[Agreement, ...] = (), places: tuple[Place, ...] = ()) -> Given:
    found = {place.slug: place for place in places}
    return Given("2022-11-30", {}, found, {a.slug: a for a in agreements}, found, typed=typed)


def membership(place: str, *more: Triple) -> tuple[Triple, ...]:
    node = thing(f"network:club#{place}")
    return (
        (node, tw("member"), thing(f"place:{place}")),
        (node, tw("network"), thing("network:club")),
        *((node, predicate, value) for _, predicate, value in more),
    )


def test_who_has_not_left_is_a_member() -> None:
    left = membership("b", ("", tw("end"), edtf("2019")))

    assert list(members(given(*membership("a"), *left))) == [(thing("place:a"), tw("memberOf"), thing("network:club"))]


def test_what_is_part_of_a_part_lies_within_the_whole_and_never_within_itself() -> None:
    steps = [("a", "b"), ("b", "c"), ("c", "a")]
    facts = [(thing(f"place:{one}"), tw("partOf"), thing(f"place:{other}")) for one, other in steps]

    assert set(containment(given(*facts))) == {
        (thing(f"place:{one}"), tw("within"), thing(f"place:{other}"))
        for one, other in (("a", "b"), ("a", "c"), ("b", "c"), ("b", "a"), ("c", "a"), ("c", "b"))
    }


def test_neighbours_of_two_countries_are_a_pair_across_a_border() -> None:
    places = (Place("a", country="x"), Place("b", country="y"), Place("c", country="x"), Place("d"))
    facts = [(thing(f"pair:{pair}"), tw("adjacent"), boolean(True)) for pair in ("a--b", "a--c", "a--d")]
    facts.append((thing("pair:b--c"), tw("adjacent"), boolean(False)))

    assert list(border_pairs(given(*facts, places=places))) == [(thing("pair:a--b"), TYPE, tw("CrossBorderPair"))]


def test_the_ordinal_counts_twinnings_that_certainly_began_before() -> None:
    role = (thing("agreement:a--d#a"), tw("roleParty"), thing("place:a"))
    earlier = Agreement("a--b", ("a", "b"), "twinning", PartialDate("1959"))
    other = (
        Agreement("a--c", ("a", "c"), "friendship", PartialDate("1960")),
        Agreement("a--e", ("a", "e"), "twinning"),
        Agreement("a--f", ("a", "f"), "twinning", PartialDate("2014-05")),
        Agreement("b--c", ("b", "c"), "twinning", PartialDate("1950")),
    )
    own = Agreement("a--d", ("a", "d"), "twinning", PartialDate("2001"))
    same_year = Agreement("a--g", ("a", "g"), "twinning", PartialDate("2001-03"))

    assert list(ordinals(given(role, agreements=(earlier, *other, own)))) == [(role[0], tw("ordinalFor"), integer(2))]
    assert list(ordinals(given(role, agreements=(earlier, *other, own, same_year)))) == []
    assert list(ordinals(given(role, agreements=(earlier, *other)))) == []
