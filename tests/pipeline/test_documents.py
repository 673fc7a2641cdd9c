"""Everything that the three source documents say is in the release, in its words, and contradictions stay visible."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest

from twinld.queries import query, with_prefixes
from twinld.store import Row, Store
from twinld.vocab import GRAPH, ID, TW, TWV

BLOG, COMPILATION, ARTICLE = "twin-cities-blog", "sister-cities-compilation", "mikhailova-2013"
ROWS = 104
NO_FACT = ("opinion", "unverified", "refuted")
"""Verdicts of which nothing becomes a fact."""

NAMED = {
    BLOG: (
        "Paderborn", "Le Mans", "Toledo", "Malmö", "Malmo", "Copenhagen", "Seattle", "Chongqing",
        "Germany", "France", "United States", "China", "Denmark", "Interviews with residents of twin cities",
    ),
    COMPILATION: (
        "Boston", "Strasbourg", "Sekondi-Takoradi", "Padua", "Veneto", "Shimonoseki", "Kitakyushu", "Fukuoka",
        "Ehime Prefecture", "Dalian", "New England", "Africa", "United States", "Japan", "China", "South Korea",
        "United Kingdom",
        "Sister Cities International", "SCI", "United Cities and Local Governments", "UCLG",
        "C40 Cities Climate Leadership Group", "C40", "USC Center for Public Diplomacy", "House of Lords",
        "World Economic Forum", "World Cities Summit", "Smart City Expo World Congress", "Strong City Network",
        "Strong Cities Network", "100 Resilient Cities", "East Asian Economic Development Organization", "OEAED",
        "Ehime-Dalian Economic Friendship Association", "Italian New England Chamber of Commerce",
        "Chambers of commerce of Padua and Veneto", "Roxbury Innovation Center",
        "Mayor Walsh", "Marty Walsh", "Roland Reis", "Roland Ries", "Mayor Menino", "Thomas Menino",
        "Philip Kwesi Nkrumah",
        "Visit of a delegation of Strasbourg to Boston", "Boston Marathon", "Visit to the Roxbury Innovation Center",
        "Visit of a delegation of Sekondi-Takoradi to Boston",
        "Debate of the House of Lords on city-to-city diplomacy", "memorandum of understanding", "MoU",
    ),
    ARTICLE: (
        "Blagoveshchensk", "Heihe", "Moscow", "Russian-Chinese borderland", "Russia", "China", "E. V. Mikhailova",
        "National Research University Higher School of Economics",
        "National Research Institute – Higher School of Economics", "Faculty of Public and Municipal Administration",
        "Department of Regional Development and Regional Planning",
        "Annual joint events of Blagoveshchensk and Heihe",
        "Questionnaires collected in Blagoveshchensk and Heihe",
        "Appearance and Appliance of the Twin-Cities Concept",
    ),
}  # fmt: skip
"""What each document names, as it prints it and as it is called (DOMAIN.md 1.5)."""
NOT_NAMED = ("Spain", "Sweden", "Italy", "Ghana")
"""Countries of named places that no document names: evidence for them would be made up."""


def asked(store: Store, text: str) -> list[dict[str, str]]:
    """The rows of a query without PREFIX lines; IRIs without our base."""
    return [_short(row) for row in store.select(with_prefixes(text))]


def _short(row: Row) -> dict[str, str]:
    return {key: re.sub(rf"^({ID}|{TWV}|{TW}|{GRAPH})", "", term.value) for key, term in row.items()}


# ----------------------------------------------------------------------------------- 1, every claim in its words


def test_every_claim_stands_in_the_graph_of_its_document_with_its_words_its_place_and_its_verdict(
    store: Store, shared: Path
) -> None:
    with (shared / "design" / "domain-claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    texts = {path.name: path.read_bytes() for path in (shared / "seeds").glob("*.txt")}
    document = {
        row["sha"]: row["document"]
        for row in asked(store, "SELECT ?document ?sha { ?document a tw:Document . ?document tw:sha256 ?sha }")
    }
    of_file = {name: document[hashlib.sha256(text).hexdigest()].removeprefix("source/") for name, text in texts.items()}
    found = asked(
        store,
        """SELECT ?graph ?record ?quote ?offset ?verdict {
          GRAPH ?graph { ?record tw:quote ?quote . ?record tw:quoteOffset ?offset }
          OPTIONAL { GRAPH graph:review { ?record tw:verdict ?verdict } }
        }""",
    )
    kept = {(row["record"], row["quote"]): row for row in found}

    assert len(claims) == ROWS
    assert len(found) == ROWS
    for claim in claims:
        source = of_file[claim["seed"]]
        row = kept[f"record/{source}/{claim['id'].lower()}", claim["quote"]]
        offset = int(row["offset"])
        assert row["graph"] == f"source/{source}"
        assert texts[claim["seed"]].decode()[offset : offset + len(claim["quote"])] == claim["quote"]
        assert row.get("verdict", "verdict-accepted") == f"verdict-{claim['verdict']}", claim["id"]


# ------------------------------------------------------------------------------- 2, every named thing, and facts


@pytest.fixture(scope="module")
def documents_of(store: Store) -> dict[str, set[str]]:
    """The documents in which the things of each name are named, by name."""
    rows = asked(
        store,
        """SELECT ?label ?document {
          ?document a tw:Document .
          GRAPH ?g { ?record tw:statedIn ?document }
          ?thing tw:evidence ?record .
          ?thing (rdfs:label|skos:prefLabel|skos:altLabel) ?label .
        }""",
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["label"], set()).add(row["document"].removeprefix("source/"))
    return found


@pytest.mark.parametrize(("document", "name"), [(document, name) for document in NAMED for name in NAMED[document]])
def test_a_named_thing_is_found_by_its_name_with_evidence_in_the_document_that_names_it(
    documents_of: dict[str, set[str]], document: str, name: str
) -> None:
    assert document in documents_of.get(name, set())


@pytest.mark.parametrize("name", NOT_NAMED)
def test_a_country_that_no_document_names_has_no_evidence_in_one(
    documents_of: dict[str, set[str]], shared: Path, name: str
) -> None:
    texts = [path.read_text("utf-8") for path in (shared / "seeds").glob("*.txt")]

    assert texts
    assert all(name not in text for text in texts)
    assert name not in documents_of


def test_both_toledos_have_evidence(store: Store) -> None:
    rows = asked(store, 'SELECT DISTINCT ?place { ?place rdfs:label "Toledo"@en . ?place tw:evidence ?record }')

    assert sorted(row["place"] for row in rows) == ["place/toledo-es", "place/toledo-us"]


def test_no_fact_rests_only_on_opinions_or_on_what_is_unverified_or_refuted(store: Store) -> None:
    rows = asked(
        store,
        """SELECT ?subject ?predicate ?value ?verdict {
          { GRAPH ?g { ?claim tw:claimValue ?value } } UNION { GRAPH ?g { ?claim tw:claimObject ?value } }
          GRAPH ?g {
            ?claim tw:claimSubject ?subject .
            ?claim tw:claimPredicate ?predicate .
            ?claim tw:fromRecord ?record .
            ?record tw:statedIn ?document .
          }
          ?document a ?class . FILTER(?class IN (tw:Document, tw:WebPage))
          OPTIONAL { GRAPH graph:review { ?record tw:verdict ?verdict } }
          BIND(EXISTS { GRAPH graph:curated { ?subject ?predicate ?value } } AS ?fact)
        }""",
    )
    verdicts: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        key = (row["subject"], row["predicate"], row["value"])
        verdicts.setdefault(key, set()).add(row.get("verdict", "verdict-accepted").removeprefix("verdict-"))
    doubtful = {key for key, given in verdicts.items() if given <= set(NO_FACT)}
    facts = {
        (row["subject"], row["predicate"], row["value"])
        for row in asked(
            store, "SELECT ?subject ?predicate ?value { GRAPH graph:curated { ?subject ?predicate ?value } }"
        )
    }

    assert len(doubtful) > 10
    assert facts & verdicts.keys(), "facts are looked up by the same names"
    assert facts & doubtful == set()


# ------------------------------------------------------------------------- 3, two senses of the words twin cities


def test_malmo_and_copenhagen_are_a_pair_without_an_agreement(store: Store) -> None:
    text = "ASK { ?agreement tw:party place:malmo . ?agreement tw:party place:copenhagen }"
    anywhere = f"ASK {{ GRAPH ?g {{ {text[5:-1]} }} }}"

    assert store.ask(with_prefixes("ASK { pair:copenhagen--malmo a tw:CityPair }"))
    assert not store.ask(with_prefixes(text))
    assert not store.ask(with_prefixes(anywhere))
    assert not store.ask(with_prefixes("ASK { place:malmo tw:hasBeenTwinnedWith place:copenhagen }"))
    assert [_short(row) for row in store.select(query("cq15"))] == [{"pair": "pair/copenhagen--malmo", "km": "31"}]


def test_one_query_tells_neighbours_and_partners_apart(store: Store) -> None:
    assert [_short(row) for row in store.select(query("cq16"))] == [
        {
            "pair": "pair/blagoveshchensk--heihe",
            "source": f"source/{ARTICLE}",
            "verdict": "verdict-accepted",
            "border": "true",
            "agreement": "agreement/blagoveshchensk--heihe",
        },
        {
            "pair": "pair/copenhagen--malmo",
            "source": f"source/{BLOG}",
            "verdict": "verdict-disputed",
            "border": "false",
        },
    ]


# --------------------------------------------------------------- 5 to 7, members, ordinals, figures that coexist


def test_oeaed_had_ten_members_of_three_countries_and_has_eleven_since_kumamoto_came(store: Store) -> None:
    rows = [_short(row) for row in store.select(query("cq18"))]
    counts = {row["country"]: (row["stated"], row["in2004"], row["now"]) for row in rows}
    since = asked(store, "SELECT ?start { ?m tw:network network:oeaed ; tw:member place:kumamoto ; tw:start ?start }")

    assert counts == {
        "place/country-jp": ("3", "3", "4"),
        "place/country-cn": ("4", "4", "4"),
        "place/country-kr": ("3", "3", "3"),
    }
    assert sum(int(row["in2004"]) for row in rows) == 10
    assert sum(int(row["now"]) for row in rows) == 11
    assert since == [{"start": "2014"}]


def test_sekondi_takoradi_is_the_eighth_twin_of_boston_and_no_earlier_one_is_known_in_africa(store: Store) -> None:
    eighth = [_short(row) for row in store.select(query("cq31"))]
    first = [_short(row) for row in store.select(query("cq32"))]

    assert [(row["agreement"], row["claimed"], row["derived"]) for row in eighth] == [
        ("agreement/boston--sekondi-takoradi", "8", "8")
    ]
    assert [(row["agreement"], row["claimed"], row["continent"], row["earlier"]) for row in first] == [
        ("agreement/boston--sekondi-takoradi", "true", "continent-africa", "0")
    ]


STATISTICS = """SELECT ?about ?indicator ?value ?bound ?year ?source {
  ?statistic tw:about ?about .
  ?statistic tw:indicator ?indicator .
  ?statistic tw:value ?value .
  ?statistic tw:bound ?bound .
  ?statistic tw:accordingTo ?source .
  OPTIONAL { ?statistic tw:refYear ?year }
  FILTER(?about IN (network:sister-cities-international, twv:concept-city-diplomacy))
}"""


def test_figures_of_several_sources_coexist_each_with_its_bound_and_its_record(store: Store) -> None:
    rows = asked(store, STATISTICS)
    found = {
        (row["about"], row["indicator"], row["value"], row["bound"], row.get("year"), row["source"]) for row in rows
    }
    sci, networks = "network/sister-cities-international", "concept-city-diplomacy"
    one, other, page, blog, member, wikipedia = (
        f"record/{COMPILATION}/s001-08",
        f"record/{COMPILATION}/s001-42",
        "record/taichung-2019/taichung-1",
        "record/ecconseastafrica-2022/ecconseastafrica-1",
        "record/long-beach-services/long-beach-1",
        "record/wikipedia-sci/wikipedia-sci-1",
    )

    assert found == {
        (sci, "indicator-members-us", "1200", "bound-exact", None, one),
        (sci, "indicator-members-us", "1200", "bound-exact", None, blog),
        (sci, "indicator-members-us", "545", "bound-exact", "2019", page),
        (sci, "indicator-members", "500", "bound-more-than", None, member),
        (sci, "indicator-members", "1800", "bound-exact", None, wikipedia),
        (sci, "indicator-partners", "2100", "bound-exact", None, one),
        (sci, "indicator-partners", "2100", "bound-exact", None, blog),
        (sci, "indicator-partners", "2000", "bound-more-than", None, other),
        (sci, "indicator-partners", "2000", "bound-more-than", None, member),
        (sci, "indicator-partners", "2121", "bound-exact", "2019", page),
        (sci, "indicator-partner-countries", "125", "bound-exact", None, one),
        (sci, "indicator-partner-countries", "125", "bound-exact", None, blog),
        (sci, "indicator-partner-countries", "138", "bound-exact", None, wikipedia),
        (sci, "indicator-partner-countries", "140", "bound-more-than", None, other),
        (sci, "indicator-partner-countries", "145", "bound-exact", None, member),
        (sci, "indicator-partner-countries", "145", "bound-exact", "2019", page),
        (networks, "indicator-networks-and-forums", "125", "bound-more-than", "2016", f"record/{COMPILATION}/s001-26"),
        (networks, "indicator-networks-and-forums", "170", "bound-exact", "2016", "record/acuto-2017/acuto-1"),
        (
            networks,
            "indicator-networks-and-forums",
            "200",
            "bound-more-than",
            "2016",
            "record/nature-networks/nature-1",
        ),
    }
    assert len(rows) == len(found)


def test_no_figure_stands_without_its_bound_and_its_source(store: Store) -> None:
    for name in ("bound", "accordingTo"):
        text = f"SELECT ?s {{ ?s a tw:Statistic MINUS {{ ?s tw:{name} ?any }} }}"
        assert asked(store, text) == []
    for name in ("cq18", "cq19"):
        header = query(name).partition("WHERE")[0].lower()
        assert "bound" in header
        assert "source" in header
