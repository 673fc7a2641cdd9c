"""The named questions have exactly these answers in the release of 2026-07-31."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinld.queries import competency_questions, names, query, question, with_prefixes
from twinld.store import Store
from twinld.vocab import ID

PAGES = ("page_", "graph_", "names_", "void_", "enrich_", "wikidata_", "contribute_", "slice_", "search_")
"""Queries that pages and commands ask: tests/server, tests/enrich and tests/cli ask them."""
LONG = ("agreements_by_country", "places_by_twins")
"""Questions with many rows: tests/server/test_statistics_release.py compares them with what is counted."""


def rows(store: Store, name: str) -> list[tuple[str, ...]]:
    """The values of each row in the order of their names; places by their slug."""
    return [
        tuple(row[key].value.removeprefix(f"{ID}place/").removeprefix(f"{ID}agreement/") for key in sorted(row))
        for row in store.select(query(name))
    ]


ANSWERS = {
    "agreements_by_kind": [
        ("19042", "https://w3id.org/twinld/vocab/kind-unspecified"),
        ("58", "https://w3id.org/twinld/vocab/kind-twinning"),
        ("9", "https://w3id.org/twinld/vocab/kind-friendship"),
        ("5", "https://w3id.org/twinld/vocab/kind-cooperation"),
        ("2", "https://w3id.org/twinld/vocab/kind-economic-exchange"),
        ("1", "https://w3id.org/twinld/vocab/kind-historic-bond"),
        ("1", "https://w3id.org/twinld/vocab/kind-trade"),
    ],
    "agreements_by_reciprocity": [
        ("16778", "https://w3id.org/twinld/vocab/reciprocity-mutual"),
        ("399", "https://w3id.org/twinld/vocab/reciprocity-one-sided"),
        ("223", "https://w3id.org/twinld/vocab/reciprocity-unknown"),
    ],
    "agreements_by_sources": [("4668", "1"), ("10771", "2"), ("3574", "3"), ("91", "4"), ("11", "5")],
    "farthest_twins": [
        ("19937.4", "asuncion", "taipei"),
        ("19734", "rosario", "shanghai"),
        ("19687.8", "bahia-blanca", "dalian"),
        ("19616", "copiapo", "pingxiang"),
        ("19548.5", "mar-del-plata", "tianjin"),
        ("19522", "bell-ville", "yongkang"),
        ("19520.9", "montevideo", "ulsan"),
        ("19433.9", "buenos-aires", "seoul"),
        ("19399.9", "copiapo", "nanchang"),
        ("19379.6", "naha", "sao-paulo"),
    ],
    "nearest_twins": [
        ("0.5", "narva", "q15256"),
        ("0.7", "q278877", "q321197"),
        ("0.9", "gorlitz", "q147929"),
        ("1.4", "frankfurt-oder", "slubice-county"),
        ("1.4", "q213224", "q631265"),
        ("1.5", "braunau-am-inn", "q253236"),
        ("1.7", "q71935", "q72514"),
        ("2.1", "q61909", "q83415"),
        ("2.2", "ciudad-juarez", "el-paso"),
        ("2.2", "ebersbach-neugersdorf", "q1641829"),
    ],
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
        ("DE", "FR", "724"), ("DE", "PL", "351"), ("FR", "IT", "332"), ("DE", "GB", "293"), ("FR", "GB", "289"),
        ("DE", "IT", "264"), ("ES", "FR", "179"), ("DE", "HU", "158"), ("HU", "RO", "150"), ("MX", "US", "149"),
    ],
    "network_pairs": [
        ("Organization for the East Asia Economic Development", "11", f"{ID}network/oeaed", "5"),
        ("Predecessor of the Organization for the East Asia Economic Development", "6",
         f"{ID}network/predecessor-of-oeaed", "2"),
    ],
    "decades": [
        ("19118", "830", "1"), ("19118", "1900", "2"), ("19118", "1930", "1"), ("19118", "1940", "2"),
        ("19118", "1950", "11"), ("19118", "1960", "15"), ("19118", "1970", "20"), ("19118", "1980", "34"),
        ("19118", "1990", "55"), ("19118", "2000", "29"), ("19118", "2010", "21"), ("19118", "2020", "1"),
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


def test_the_readme_tells_how_many_pairs_of_twins_lie_in_two_countries(store: Store, root: Path) -> None:
    two = "?one tw:hasBeenTwinnedWith ?other FILTER(STR(?one) < STR(?other))"
    known = "?one tw:country ?here . ?other tw:country ?there FILTER(?here != ?there)"
    found = store.select(
        with_prefixes(f"""SELECT ?all ?apart {{
      {{ SELECT (COUNT(*) AS ?all) {{ {two} }} }}
      {{ SELECT (COUNT(*) AS ?apart) {{ {two} {known} }} }}
    }}""")
    )[0]
    pairs, apart = (int(found[name].value) for name in ("all", "apart"))

    assert f"Of {pairs:,} pairs of twins, {apart:,} are known to lie in two countries." in (
        root / "README.md"
    ).read_text("utf-8")


def test_the_page_of_queries_tells_how_long_the_exports_are(store: Store, root: Path) -> None:
    long = [len(store.select(query(name))) for name in ("cq33", "cq38")]

    assert f"exports of the whole network: {long[0]:,} and {long[1]:,} rows." in (root / "docs/queries.md").read_text()


def test_every_question_asks_something_and_has_an_expected_answer() -> None:
    asked = [name for name in names() if not name.startswith(PAGES) and name not in competency_questions()]

    assert len(asked) >= 7
    assert set(asked) <= {*ANSWERS, *LONG, "one_sided", *(n for n in asked if n.startswith("example_"))}
    assert all(question(name).endswith((".", "?", "!")) or "?" in question(name) for name in asked)
