"""Agreements of the real release that are hard to represent: parallel, upgraded, ended, dormant, of many parties."""

from __future__ import annotations

import pytest

from twinld.queries import with_prefixes
from twinld.site import as_of
from twinld.store import Store

BASE = "https://w3id.org/twinld/"


def asked(store: Store, text: str) -> list[tuple[str, ...]]:
    rows = store.select(with_prefixes(text))
    return sorted(
        tuple(value.value.removeprefix(BASE).removeprefix("id/agreement/") for value in row.values()) for row in rows
    )


def test_exactly_three_agreements_of_the_dated_file_have_ended(store: Store) -> None:
    graph = "<https://w3id.org/twinld/graph/source/wikidata-dated>"
    text = f"SELECT ?a ?e {{ GRAPH {graph} {{ ?c tw:claimPredicate tw:end ; tw:claimSubject ?a ; tw:claimValue ?e }} }}"

    assert sorted(set(asked(store, text))) == [
        ("bryansk--chernivtsi", "2016"), ("kyiv--makhachkala", "2016"), ("kyiv--moscow", "2016"),
    ]  # fmt: skip


def test_busan_and_fukuoka_have_three_agreements_side_by_side(store: Store) -> None:
    text = """SELECT ?a ?k ?d { ?a a tw:Agreement ; tw:kind ?k ; tw:party place:busan , place:fukuoka .
              { ?a tw:start ?d } UNION { ?a tw:date ?d } FILTER(STRSTARTS(STR(?a), STR(agreement:busan--fukuoka))) }"""

    assert asked(store, text) == [
        ("busan--fukuoka--2", "vocab/kind-cooperation", "1989-10-24"),
        ("busan--fukuoka--3", "vocab/kind-cooperation", "1990-09-27"),
    ]
    assert asked(store, "SELECT ?k { agreement:busan--fukuoka tw:kind ?k }") == [("vocab/kind-unspecified",)]


def test_a_dormant_agreement_and_one_that_was_replaced_say_so(store: Store) -> None:
    states = "SELECT ?a ?s { VALUES ?s { twv:status-dormant twv:status-ended } ?a a tw:Agreement ; tw:status ?s }"

    assert asked(store, states) == [
        ("belogorsk--suihua", "vocab/status-dormant"),
        ("bryansk--chernivtsi", "vocab/status-ended"),
        ("christchurch-nz--fort-collins", "vocab/status-ended"),
        ("fort-collins--limeira", "vocab/status-ended"),
        ("gyeonggi-province--q16963--2", "vocab/status-ended"),
        ("kyiv--makhachkala", "vocab/status-ended"),
        ("kyiv--moscow", "vocab/status-ended"),
    ]


def test_an_agreement_may_bind_places_of_different_levels_and_of_one_country(store: Store) -> None:
    levels = "SELECT ?l { agreement:fukuoka-prefecture--q16963 tw:party ?x . ?x tw:level ?l }"
    districts = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a tw:party ?x . ?x tw:level twv:level-district }"
    domestic = """SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a tw:Agreement ; tw:party ?x , ?y . ?x tw:country ?c .
                  ?y tw:country ?c FILTER(STR(?x) < STR(?y)) }"""

    assert asked(store, levels) == [("vocab/level-prefecture",), ("vocab/level-province",)]
    assert int(asked(store, districts)[0][0]) >= 9
    assert int(asked(store, domestic)[0][0]) > 1000


@pytest.mark.parametrize("day", ["1000-01-01", "1989-12-31", "2016-06-30", "2026-07-31"])
def test_the_four_answers_add_up_to_all_agreements(store: Store, day: str) -> None:
    found = as_of(store, day)

    assert found.certain + found.possible + found.no + found.unknown == found.all
    assert found.unknown > 0.98 * found.all, "an undated one is unknown, never no"
