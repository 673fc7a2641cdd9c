"""The named questions have exactly these answers in the release of 2026-07-31."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from twinld.queries import competency_questions, names, query, question
from twinld.store import Store, open_store
from twinld.vocab import ID

PAGES = ("page_", "graph_", "names_", "void_", "enrich_", "wikidata_", "contribute_", "slice_", "search_")
"""Queries that pages and commands ask: tests/server, tests/enrich and tests/cli ask them."""


@pytest.fixture(scope="module")
def store(release: Path) -> Iterator[Store]:
    opened = open_store(release)
    yield opened
    opened.close()


def rows(store: Store, name: str) -> list[tuple[str, ...]]:
    """The values of each row in the order of their names; places by their slug."""
    return [
        tuple(row[key].value.removeprefix(f"{ID}place/").removeprefix(f"{ID}agreement/") for key in sorted(row))
        for row in store.select(query(name))
    ]


ANSWERS = {
    "chain_boston_moscow": [("Athens", "athens-gr")],
    "best_connected": [
        ("Saint Petersburg", "saint-petersburg", "99"),
        ("Shanghai", "shanghai", "84"),
        ("Rio de Janeiro", "rio-de-janeiro", "73"),
        ("Beijing", "beijing", "70"),
        ("Buenos Aires", "buenos-aires", "70"),
        ("Istanbul", "istanbul", "70"),
        ("Moscow", "moscow", "68"),
        ("Bethlehem", "bethlehem", "64"),
        ("Mexico City", "mexico-city", "62"),
        ("Taipei", "taipei", "58"),
    ],
    "one_sided_count": [("540", "623")],
    "twins_of_boston": [
        ("Greece", "Athens"), ("Spain", "1980", "Barcelona"), ("Mozambique", "Beira"),
        ("United Kingdom", "2014-05", "Belfast"), ("United Kingdom", "Boston"), ("Brazil", "Brasília"),
        ("Israel", "Haifa"), ("China", "1982", "Hangzhou"),
        ("Japan", "1959", "Kyoto"), ("Australia", "1985", "Melbourne"), ("Italy", "1983", "Padua"),
        ("Cape Verde", "2015", "Praia"), ("Dominican Republic", "Santo Domingo"),
        ("Ghana", "2001", "Sekondi-Takoradi"), ("France", "1960", "Strasbourg"), ("Taiwan", "1996", "Taipei"),
    ],
    "country_pairs": [
        ("DE", "FR", "712"), ("DE", "PL", "350"), ("FR", "IT", "332"), ("DE", "GB", "288"), ("FR", "GB", "285"),
        ("DE", "IT", "261"), ("ES", "FR", "179"), ("DE", "HU", "156"), ("HU", "RO", "150"), ("MX", "US", "149"),
    ],
    "network_pairs": [("Organization for the East Asia Economic Development", "11", f"{ID}network/oeaed", "5")],
    "decades": [
        ("19113", "830", "1"), ("19113", "1900", "2"), ("19113", "1930", "1"), ("19113", "1940", "2"),
        ("19113", "1950", "11"), ("19113", "1960", "15"), ("19113", "1970", "19"), ("19113", "1980", "33"),
        ("19113", "1990", "55"), ("19113", "2000", "29"), ("19113", "2010", "21"), ("19113", "2020", "1"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_has_its_known_answer(store: Store, name: str) -> None:
    assert rows(store, name) == ANSWERS[name]


def test_623_statements_are_one_sided_and_83_of_them_answered_by_wd50k(store: Store) -> None:
    found = store.select(query("one_sided"))

    assert len(found) == 623
    assert sum(row["answered"].value == "true" for row in found) == 83
    assert ("adelaide--malmo", "false", "malmo") in rows(store, "one_sided")


def test_every_question_asks_something_and_has_an_expected_answer() -> None:
    asked = [name for name in names() if not name.startswith(PAGES) and name not in competency_questions()]

    assert len(asked) >= 7
    assert set(asked) <= {*ANSWERS, "one_sided", *(n for n in asked if n.startswith("example_"))}
    assert all(question(name).endswith((".", "?", "!")) or "?" in question(name) for name in asked)
