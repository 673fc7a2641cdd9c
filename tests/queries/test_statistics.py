"""The counted numbers of a release are what counting gives."""

from __future__ import annotations

import time

import pytest

from twinld.queries import query, with_prefixes
from twinld.store import Store
from twinld.terms import Term

pytestmark = pytest.mark.alone

COUNTED = {
    "twins of places": (
        "SELECT ?x ?n { ?x tw:twinCount ?n }",
        "SELECT ?x (COUNT(?twin) AS ?n) { ?x tw:twinnedWith ?twin } GROUP BY ?x",
    ),
    "ranks of places": (
        "SELECT ?x ?n { ?x tw:twinRank ?n FILTER(?n <= 100) }",
        (
            "SELECT ?x (COUNT(?more) + 1 AS ?n) { ?x tw:twinCount ?own FILTER(?own >= 20) "
            "OPTIONAL { ?more tw:twinCount ?count FILTER(?count > ?own) } } GROUP BY ?x HAVING (COUNT(?more) < 100)"
        ),
    ),
    "pairs of countries": (
        "SELECT ?one ?other ?n { ?x tw:pairCount ?n ; tw:pairMember/tw:isoCode ?one , ?other FILTER(?one < ?other) }",
        (
            "SELECT ?one ?other (COUNT(*) AS ?n) { ?x tw:hasBeenTwinnedWith ?y . "
            "?x tw:country/tw:isoCode ?one . ?y tw:country/tw:isoCode ?other FILTER(?one < ?other) } "
            "GROUP BY ?one ?other"
        ),
    ),
    "members of networks": (
        "SELECT ?x ?n { ?x tw:memberCount ?n }",
        "SELECT ?x (COUNT(DISTINCT ?member) AS ?n) { ?member tw:memberOf ?x } GROUP BY ?x",
    ),
    "pairs in networks": (
        "SELECT ?x ?n { ?x a tw:CityNetwork ; tw:pairCount ?n }",
        (
            "SELECT ?x (COUNT(?two) AS ?n) { ?one tw:memberOf ?x "
            "OPTIONAL { ?one tw:twinnedWith ?two . ?two tw:memberOf ?x FILTER(STR(?one) < STR(?two)) } } GROUP BY ?x"
        ),
    ),
    "decades": (
        "SELECT ?x ?n { ?node tw:decade ?x ; tw:agreementCount ?n }",
        "SELECT ?x (COUNT(?a) AS ?n) { ?a a tw:Agreement ; tw:startDecade ?x } GROUP BY ?x",
    ),
    "kinds": (
        "SELECT ?x ?n { ?x skos:inScheme twv:kind ; tw:agreementCount ?n }",
        "SELECT ?x (COUNT(?a) AS ?n) { ?a a tw:Agreement ; tw:kind ?x } GROUP BY ?x",
    ),
    "reciprocities": (
        "SELECT ?x ?n { ?x skos:inScheme twv:reciprocity ; tw:agreementCount ?n }",
        "SELECT ?x (COUNT(?a) AS ?n) { ?a a tw:Agreement ; tw:reciprocity ?x } GROUP BY ?x",
    ),
}


def rows(store: Store, text: str) -> set[frozenset[tuple[str, Term]]]:
    return {frozenset(row.items()) for row in store.select(with_prefixes(text))}


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_published_is_what_counting_gives(store: Store, name: str) -> None:
    published, counting = COUNTED[name]
    expected = rows(store, counting)

    assert len(expected) >= (1 if "networks" in name else 2), "one network has known members"
    assert rows(store, published) == expected


@pytest.mark.parametrize("name", ["best_connected", "country_pairs", "decades", "network_pairs"])
def test_questions_for_numbers_do_not_count(store: Store, name: str) -> None:
    started = time.process_time()
    store.select(query(name))

    assert time.process_time() - started < 0.25, "counting takes seconds"


def test_the_numbers_are_of_the_open_default_graph(store: Store) -> None:
    graph = "https://w3id.org/twinld/graph/statistics"

    assert graph in store.graphs()
    assert store.count(graph) > 10_000
