"""A source that fills gaps adds what others lack, changes nothing of theirs, and is compared with them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinld.dates import PartialDate
from twinld.infer.time import phases_and_status
from twinld.iris import Ledger, iri_of, record_iri
from twinld.mapping import agreement_triples, place_triples
from twinld.model import Agreement, Place, PlaceFacts, Provenance, Record, Source, Statement
from twinld.pipeline.graphs import fillings, given_of
from twinld.resolve import Decisions, Resolution, resolve
from twinld.resolve.gaps import compare_dates, filled_agreement, filled_place
from twinld.terms import integer
from twinld.vocab import ID, QB, RDF, TW, TWV, WD

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def source(name: str, rank: int, year: str, licence: str = CC0, **more: bool) -> Source:
    publisher = "Wikidata contributors"
    return Source(name, name, publisher, "https://e.org/", licence, "", PartialDate(year), "", rank, **more)


SOURCES = {
    "crawl": source("crawl", 1, "2016", lists_all=True),
    "links": source("links", 2, "2022", directed=False),
    "by": source("by", 3, "2019", CC_BY),
    "iso": source("iso", 0, "2022", directed=False),
    "live": source("live", 90, "2026", fills=True, lists_all=True),
}


def states(subject: str, obj: str, name: str = "crawl", **more: object) -> Statement:
    return Statement(name, f"{name}-{subject}-{obj}".lower(), subject, obj, "file:1", **more)  # type: ignore[arg-type]


def knows(item: str, name: str = "crawl", key: str = "", **more: object) -> PlaceFacts:
    return PlaceFacts(name, key or f"{name}-{item}".lower(), item, "file:1", **more)  # type: ignore[arg-type]


def resolved(*records: Record) -> Resolution:
    return resolve(records, SOURCES, Decisions(), Ledger(), "2026-11-22")


def filled(result: Resolution) -> set[str]:
    """Graph wikidata."""
    return {" ".join(triple) for triple in fillings(result)}


BASE = (
    states("Q1", "Q2"),
    knows("Q1", labels=(("und", "Stadt"), ("en", "Town")), population=5),
)


def test_a_field_that_others_lack_is_filled_and_one_that_they_have_is_not() -> None:
    more = knows(
        "Q1",
        "live",
        labels=(("de", "Stadt"), ("en", "City")),
        population=7,
        latitude=Decimal("1.5"),
        longitude=Decimal("2"),
        geonames=9,
        aliases=(("de", "Ort"), ("en", "Town")),
        more=(("P571", "1237"), ("P131", "Q2"), ("P131", "Q77"), ("P856", "https://a.example/")),
    )
    result = resolved(*BASE, more)
    alone = resolved(*BASE)

    assert result.curated == alone.curated
    assert (result.shown.places["town"].population, result.shown.places["town"].latitude) == (5, Decimal("1.5"))
    town = result.shown.places["town"]
    assert town.labels == (("de", "Stadt"), ("en", "Town"), ("und", "Stadt"))
    assert town.aliases == (("de", "Ort"),)
    assert len(filled(result)) == 1 + 2 + 1 + 1 + 4
    assert {
        f"<{iri_of('place', 'town')}> <{TW}partOf> <{target}>" for target in (iri_of("place", "q2"), f"{WD}Q77")
    } <= (filled(result))


def test_a_dated_population_is_a_statistic_too_whether_it_fills_a_gap_or_not() -> None:
    dated = knows("Q1", "live", population=7, as_of=PartialDate("2014-12-31"), provenance=Provenance(1, "2026-11-01"))
    undated = knows("Q2", "live", population=8, provenance=Provenance(1, "2026-11-01"))
    result = resolved(*BASE, dated, undated)
    record = record_iri("live", dated.key)

    assert {line for line in filled(result) if line.startswith(f"<{record}")} == {
        f"<{record}#population-statistic> {rest}"
        for rest in (
            f"<{RDF}type> <{TW}Statistic>",
            f"<{RDF}type> <{QB}Observation>",
            f"<{QB}dataSet> <{ID}dataset/statistics>",
            f"<{TW}about> <{iri_of('place', 'town')}>",
            f"<{TW}indicator> <{TWV}indicator-inhabitants>",
            f"<{TW}bound> <{TWV}bound-exact>",
            f"<{TW}value> {integer(7)}",
            f"<{TW}refYear> {integer(2014)}",
            f"<{TW}accordingTo> <{record}>",
        )
    }
    assert (result.shown.places["town"].population, result.shown.places["q2"].population) == (5, 8)


def test_a_place_and_an_agreement_that_only_it_states_stand_in_its_graph() -> None:
    result = resolved(*BASE, states("Q1", "Q3", "live", start=PartialDate("1999")), knows("Q3", "live", population=3))

    assert set(result.curated.agreements) == {"q2--town"}
    assert set(result.curated.places) == {"q2", "town"}
    assert set(result.shown.agreements) == {"q2--town", "q3--town"}
    assert result.shown.places["q3"].population == 3
    assert set(fillings(result)) == {
        *place_triples(result.shown.places["q3"]),
        *agreement_triples(result.shown.agreements["q3--town"]),
    }


def test_a_date_that_others_lack_is_filled_and_another_one_is_a_conflict() -> None:
    base = states("Q1", "Q2", start=PartialDate("1989"))
    live = states("Q1", "Q2", "live", start=PartialDate("1990"), end=PartialDate("2016"))
    result = resolved(base, live)
    agreement = result.shown.agreements["q1--q2"]

    assert (str(agreement.start), str(agreement.end)) == ("1989", "2016")
    assert result.curated.agreements["q1--q2"].end is None
    assert [(c.field, c.result, c.shown, c.stated) for c in result.comparisons] == [
        ("start", "conflict", "1989", "1990")
    ]


COMPARED = [
    ({"population": 5}, ("population", "same", "5", "5")),
    ({"population": 6}, ("population", "conflict", "5", "6")),
    ({"labels": (("en", "Town"),)}, ("label-en", "same", "Town", "Town")),
    ({"labels": (("en", "City"),)}, ("label-en", "conflict", "Town", "City")),
    ({"country": "Q30"}, ("country", "same", "country-us", "Q30")),
    ({"country": "Q145"}, ("country", "conflict", "country-us", "Q145")),
    ({"geonames": 4}, ("geonames", "conflict", "3", "4")),
    ({"latitude": Decimal("10.01"), "longitude": Decimal("10")}, ("point", "same", "10 10", "10.01 10")),
    ({"latitude": Decimal("10.1"), "longitude": Decimal("10")}, ("point", "conflict", "10 10", "10.1 10")),
]


@pytest.mark.parametrize(("stated", "expected"), COMPARED, ids=[str(row[1]) for row in COMPARED])
def test_a_value_for_a_field_that_has_one_is_compared(stated: dict[str, object], expected: tuple[str, ...]) -> None:
    point = {"latitude": Decimal(10), "longitude": Decimal(10)}
    base = knows("Q1", labels=(("en", "Town"),), population=5, country="US", geonames=3, **point)
    nation = knows("Q30", "iso", iso_code="US"), knows("Q145", "iso", iso_code="GB")
    result = resolved(states("Q1", "Q2"), base, *nation, knows("Q1", "live", **stated))

    assert [(c.field, c.result, c.shown, c.stated) for c in result.comparisons] == [expected]
    assert (result.comparisons[0].thing, result.comparisons[0].source) == (("place", "town"), "live")


FURTHER = [
    (("P571", "1237"), [("inception", "same", "1237", "1237")]),
    (("P571", "1238"), [("inception", "conflict", "1237", "1238")]),
    (("P463", "Q77"), [("P463", "same", "Q77", "Q77")]),
    (("P463", "Q78"), [("P463", "conflict", "Q77", "Q78")]),
    (("P856", "https://a.example/"), []),
]


@pytest.mark.parametrize(("stated", "expected"), FURTHER)
def test_a_further_value_is_compared_where_there_is_one(
    stated: tuple[str, str], expected: list[tuple[str, ...]]
) -> None:
    base = knows("Q1", labels=(("en", "Town"),), more=(("P571", "1237"), ("P463", "Q77")))
    result = resolved(states("Q1", "Q2"), base, knows("Q1", "live", more=(stated,)))
    bare = [tuple(re.sub(r'^<.*/|>$|^"|".*$', "", value) for value in (c.shown, c.stated)) for c in result.comparisons]

    assert [(c.field, c.result, *two) for c, two in zip(result.comparisons, bare, strict=True)] == expected
    assert result.curated.places["town"].more == resolved(states("Q1", "Q2"), base).curated.places["town"].more


def status_of(*records: Record) -> set[str]:
    given = given_of(resolved(*records), SOURCES, None, "2026-11-22")
    return {o.rpartition("/")[2] for s, p, o in phases_and_status(given) if p == f"<{TW}status>" and "#" not in s}


def test_an_agreement_that_has_ended_and_nobody_knows_when_is_ended() -> None:
    base = states("Q1", "Q2", start=PartialDate("1989"))
    ended = states("Q1", "Q2", "live", status="ended")

    assert status_of(base) == {"status-presumed-active>"}
    assert status_of(base, ended) == {"status-ended>"}
    assert resolved(base, ended).curated.agreements["q1--q2"].status is None


def test_what_wikidata_deprecates_by_now_is_refuted_in_older_extracts_too() -> None:
    old, link = states("Q1", "Q2"), states("Q2", "Q1", "links")
    denial = states("Q1", "Q2", "live", rank="deprecated")
    result = resolved(old, link, denial, states("Q1", "Q3"))

    assert set(result.shown.agreements) == {"q1--q3"}
    assert {(v.source, v.verdict, v.according_to) for v in result.verdicts} == {
        ("crawl", "refuted", "live"),
        ("links", "refuted", "live"),
        ("live", "refuted", "live"),
    }


def test_a_statement_that_stands_beside_a_deprecated_one_is_asserted() -> None:
    denial = states("Q1", "Q2", "live", rank="deprecated")
    other = replace(denial, key="other", rank="normal", start=PartialDate("1990"))

    assert set(resolved(states("Q1", "Q2"), denial, other).shown.agreements) == {"q1--q2"}


def test_a_deprecated_direction_leaves_the_other_one() -> None:
    result = resolved(states("Q1", "Q2"), states("Q2", "Q1"), states("Q1", "Q2", "live", rank="deprecated"))

    assert set(result.shown.agreements) == {"q1--q2"}
    assert {(v.source, v.key) for v in result.verdicts} == {("crawl", "crawl-q1-q2"), ("live", "live-q1-q2")}


def test_a_newer_source_is_not_refuted_by_an_older_reading() -> None:
    newer = {**SOURCES, "links": replace(SOURCES["links"], extracted=PartialDate("2027"))}
    records = (states("Q1", "Q2", "links"), states("Q1", "Q2", "live", rank="deprecated"))

    assert set(resolve(records, newer, Decisions(), Ledger(), "2027-01-01").shown.agreements) == {"q1--q2"}


DATES = st.sampled_from([None, "1989", "1989-11", "1989-11-17", "198X", "2016"]).map(lambda d: d and PartialDate(d))
AGREEMENTS = st.builds(Agreement, st.just("a--b"), st.just(("a", "b")), start=DATES, end=DATES, date=DATES)


@given(AGREEMENTS, AGREEMENTS)
def test_filling_an_agreement_never_changes_what_stands(base: Agreement, more: Agreement) -> None:
    result = filled_agreement(base, more)

    assert set(agreement_triples(base)) <= set(agreement_triples(result))
    assert filled_agreement(result, more) == result


PLACES = st.builds(
    Place,
    slug=st.just("a"),
    item=st.none() | st.just("Q1"),
    p190_item=st.none() | st.just("Q2"),
    labels=st.dictionaries(st.sampled_from(["en", "de", "und"]), st.sampled_from(["A", "B"])).map(
        lambda labels: tuple(sorted(labels.items()))
    ),
    latitude=st.none() | st.just(Decimal(1)),
    longitude=st.none() | st.just(Decimal(2)),
    country=st.none() | st.sampled_from(["x", "y"]),
    population=st.none() | st.integers(0, 3),
    geonames=st.none() | st.integers(1, 3),
    aliases=st.sets(st.tuples(st.sampled_from(["en", "de"]), st.sampled_from(["A", "B", "C"]))).map(
        lambda aliases: tuple(sorted(aliases))
    ),
)


@given(PLACES, PLACES)
def test_filling_a_place_never_changes_what_stands(base: Place, more: Place) -> None:
    if base.longitude is None or base.latitude is None:
        base = replace(base, latitude=None, longitude=None)
    result = filled_place(base, more)

    assert set(place_triples(base)) <= set(place_triples(result))
    assert filled_place(result, more) == result


COMPARISONS = [
    ("1989", "1989", "same"), ("1989", "1989-11-17", "finer"), ("1989-11-17", "1989", "coarser"),
    ("1989", "1990", "conflict"), ("198X", "1989", "finer"), ("1960/1970", "1965", "finer"),
    ("../1960", "1965", "conflict"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "stated", "expected"), COMPARISONS)
def test_dates_agree_as_far_as_they_go(shown: str, stated: str, expected: str) -> None:
    assert compare_dates(PartialDate(shown), PartialDate(stated)) == expected
