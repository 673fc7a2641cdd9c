"""Each rule of inference, on data that satisfies it and data that breaks it; its input is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from twinld.dates import PartialDate
from twinld.infer import RULES, Given, infer
from twinld.infer.links import foreign_types_and_links, wikidata_edges
from twinld.infer.pairs import distance_km, pairs
from twinld.infer.relations import kinds_and_parties, shortcuts
from twinld.infer.sides import answered_by, reciprocity
from twinld.infer.time import companions, phases_and_status
from twinld.model import Agreement, Place, Source
from twinld.terms import Triple
from twinld.vocab import ID, TWV

NS = "https://w3id.org/twinld/ns#"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def source(name: str, *, directed: bool = True, lists_all: bool = False, extracted: str = "2016-09-10") -> Source:
    return Source(name, name, "", "", CC0, "", PartialDate(extracted), "", 1, directed, lists_all)


SOURCES = {
    "crawl": source("crawl", lists_all=True),
    "sample": source("sample"),
    "links": source("links", directed=False, extracted="2022-01"),
}
BOSTON = Place(
    "boston",
    "Q100",
    "Q100",
    labels=(("en", "Boston"),),
    latitude=Decimal("42.3583"),
    longitude=Decimal("-71.0603"),
    country="country-us",
)
PADUA = Place(
    "padua",
    "Q617",
    "Q617",
    labels=(("en", "Padua"), ("it", "Padova")),
    latitude=Decimal("45.4064"),
    longitude=Decimal("11.8768"),
    country="country-it",
)
OTHER_BOSTON = Place("q311975", "Q311975", "Q311975", labels=(("und", "Bóston"),))
MALMO = Place("malmo", "Q2211", "Q503361", country="country-se", geonames=2692969)
US = Place("country-us", "Q30", iso_code="US", labels=(("en", "United States"),))
PLACES = {place.slug: place for place in (BOSTON, PADUA, OTHER_BOSTON, MALMO, US)}


def given(
    *agreements: Agreement, stated: dict[str, set[tuple[str, str | None]]] | None = None, **more: object
) -> Given:
    return Given(
        "2022-11-30",
        SOURCES,
        PLACES,
        {a.slug: a for a in agreements},
        PLACES,
        stated or {},
        **more,  # type: ignore[arg-type]
    )


def agreement(one: str = "boston", other: str = "padua", **more: object) -> Agreement:
    return Agreement(f"{one}--{other}", (one, other), **more)  # type: ignore[arg-type]


def short(triples: Iterable[Triple]) -> set[tuple[str, str, str]]:
    """Triples with the part of each term that tells it apart."""
    return {(cut(s), cut(p), cut(o)) for s, p, o in triples}


def cut(term: str) -> str:
    """`place/boston` of a thing of ours, `status-ended` of a concept, the local name of any other IRI, a text."""
    if term.startswith('"'):
        return term[1 : term.rindex('"')]
    iri = term[1:-1]
    for start in (ID, TWV):
        if iri.startswith(start):
            return iri.removeprefix(start)
    return iri.rpartition("#")[2]


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        ("unspecified", {"BilateralAgreement"}),
        ("twinning", {"BilateralAgreement", "TwinningAgreement"}),
        ("historic-bond", {"BilateralAgreement", "HistoricBond"}),
        ("economic-exchange", {"BilateralAgreement", "EconomicExchangeAgreement"}),
    ],
)
def test_the_classes_of_an_agreement_follow_from_kind_and_parties(kind: str, classes: set[str]) -> None:
    assert {o for _, _, o in short(kinds_and_parties(given(agreement(kind=kind))))} == classes


def test_three_parties_make_it_multilateral() -> None:
    three = Agreement("three", ("boston", "malmo", "padua"))

    assert {o for _, _, o in short(kinds_and_parties(given(three)))} == {"MultilateralAgreement"}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, set()),
        (
            {"start": PartialDate("0836")},
            {
                ("startYear", "836"),
                ("startDecade", "830"),
                ("startEarliest", "0836-01-01"),
                ("startLatest", "0836-12-31"),
            },
        ),
        (
            {"start": PartialDate("198X")},
            {("startDecade", "1980"), ("startEarliest", "1980-01-01"), ("startLatest", "1989-12-31")},
        ),
        ({"start": PartialDate("19XX")}, {("startEarliest", "1900-01-01"), ("startLatest", "1999-12-31")}),
        ({"start": PartialDate("../1960")}, {("startLatest", "1960-12-31")}),
        (
            {"end": PartialDate("2016")},
            {("endYear", "2016"), ("endEarliest", "2016-01-01"), ("endLatest", "2016-12-31")},
        ),
        ({"date": PartialDate("1991")}, set()),
    ],
)
def test_companions_say_what_a_date_makes_sure(dates: dict[str, PartialDate], expected: set[tuple[str, str]]) -> None:
    assert {(p, o) for _, p, o in short(companions(given(agreement(**dates))))} == expected


@pytest.mark.parametrize(
    ("dates", "listed", "status", "phases"),
    [
        ({}, "crawl", "presumed-active", []),
        ({}, "links", "presumed-active", []),
        ({"start": PartialDate("1983")}, "crawl", "presumed-active", ["active"]),
        ({"start": PartialDate("1983")}, "links", "active", ["active"]),
        ({"start": PartialDate("2004"), "end": PartialDate("2016")}, "crawl", "ended", ["active", "ended"]),
        ({"end": PartialDate("2016")}, "crawl", "ended", ["ended"]),
        ({"date": PartialDate("1991")}, "crawl", "presumed-active", []),
    ],
)
def test_the_status_is_that_of_the_last_phase(
    dates: dict[str, PartialDate], listed: str, status: str, phases: list[str]
) -> None:
    found = short(phases_and_status(given(agreement(**dates), stated={"boston--padua": {(listed, None)}})))
    statuses = {(s.partition("#")[2], o.removeprefix("status-")) for s, p, o in found if p == "status"}

    assert statuses == {("", status), *((f"phase-{word}", word) for word in phases)}


def test_a_phase_has_the_bounds_of_its_dates() -> None:
    dates = {"start": PartialDate("1972"), "end": PartialDate("1991-05")}
    found = short(phases_and_status(given(agreement(**dates))))
    first = {(p, o) for s, p, o in found if s.endswith("#phase-active")}

    assert {
        ("fromEarliest", "1972-01-01"), ("fromLatest", "1972-12-31"),
        ("untilEarliest", "1991-05-01"), ("untilLatest", "1991-05-31"),
    } <= first  # fmt: skip


def test_twins_are_twins_both_ways_and_never_of_themselves() -> None:
    found = short(shortcuts(given(agreement())))

    assert found == {
        (f"place/{one}", predicate, f"place/{other}")
        for predicate in ("hasBeenTwinnedWith", "twinnedWith")
        for one, other in (("boston", "padua"), ("padua", "boston"))
    }


def test_an_ended_agreement_leaves_only_that_they_have_been_twins() -> None:
    assert {p for _, p, _ in short(shortcuts(given(agreement(end=PartialDate("2016")))))} == {"hasBeenTwinnedWith"}


@pytest.mark.parametrize("kind", ["friendship", "historic-bond", "trade", "cooperation", "economic-exchange"])
def test_other_kinds_make_no_twins(kind: str) -> None:
    assert short(shortcuts(given(agreement(kind=kind)))) == set()


def test_a_pair_has_distance_country_and_name_when_both_sides_are_known() -> None:
    found = {(p, o) for s, p, o in short(pairs(given(agreement()))) if s.startswith("pair/")}

    assert found == {
        ("type", "CityPair"), ("pairMember", "place/boston"), ("pairMember", "place/padua"),
        ("distanceKm", "6363.3"), ("sameCountry", "false"), ("sameName", "false"),
    }  # fmt: skip


def test_nothing_is_said_of_a_pair_that_is_not_known() -> None:
    found = {(p, o) for s, p, o in short(pairs(given(agreement("boston", "malmo")))) if s.startswith("pair/")}

    assert {p for p, _ in found} == {"type", "pairMember", "sameCountry"}


def test_the_same_name_is_found_apart_from_accents_and_in_an_unknown_language() -> None:
    found = {(p, o) for _, p, o in short(pairs(given(agreement("boston", "q311975"))))}

    assert ("sameName", "true") in found


def test_two_agreements_of_a_pair_make_one_pair() -> None:
    second = Agreement("boston--padua--2", ("boston", "padua"), kind="friendship")
    found = list(pairs(given(agreement(), second)))

    assert len([1 for _, p, _ in found if p.endswith("pairMember>")]) == 2
    assert len([1 for _, p, _ in found if p.endswith("concernsPair>")]) == 2


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (("42.3583", "-71.0603"), ("45.4064", "11.8768"), "6363.3"),
        (("0", "179.5"), ("0", "-179.5"), "111.3"),
        (("90", "0"), ("-90", "0"), "20003.9"),
        (("10", "10"), ("10", "10"), "0.0"),
    ],
)
def test_distances_are_wgs84_geodesics(one: tuple[str, str], other: tuple[str, str], km: str) -> None:
    first, second = (Place("x", latitude=Decimal(lat), longitude=Decimal(long)) for lat, long in (one, other))

    assert distance_km(first, second) == Decimal(km)


MUTUAL = {("reciprocity", "reciprocity-mutual")}
ONE_SIDED = {("reciprocity", "reciprocity-one-sided"), ("unansweredBy", "place/padua")}
UNKNOWN = {("reciprocity", "reciprocity-unknown"), ("unansweredBy", "place/padua")}


@pytest.mark.parametrize(
    ("stated", "crawled", "expected"),
    [
        ({("crawl", "boston"), ("crawl", "padua")}, {"boston", "padua"}, MUTUAL),
        ({("crawl", "boston")}, {"boston", "padua"}, ONE_SIDED),
        ({("crawl", "boston")}, {"boston"}, UNKNOWN),
        ({("crawl", "boston"), ("sample", "padua")}, {"boston"}, MUTUAL),
        ({("crawl", "boston"), ("links", None)}, {"boston"}, UNKNOWN),
        ({("sample", "boston")}, {"boston"}, set()),
        ({("links", None)}, {"boston"}, set()),
    ],
)  # fmt: skip
def test_only_a_crawl_shows_that_a_side_does_not_answer(
    stated: set[tuple[str, str | None]], crawled: set[str], expected: set[tuple[str, str]]
) -> None:
    found = short(reciprocity(given(agreement(), stated={"boston--padua": stated}, crawled=crawled)))

    assert {(p, o) for _, p, o in found} == expected


def test_a_refuted_statement_is_unanswered_on_its_record() -> None:
    record = "https://w3id.org/twinld/id/record/crawl/q1-q2"
    found = short(reciprocity(given(unresolved={record: ("crawl", ("boston", "padua"))})))

    assert found == {("record/crawl/q1-q2", "unansweredBy", "place/padua")}


def test_an_answer_of_another_licence_is_said_by_itself() -> None:
    found = short(answered_by(given(answered_elsewhere={("boston--padua", "padua")})))

    assert found == {("agreement/boston--padua", "answeredBy", "place/padua")}


def test_places_get_the_types_and_links_of_other_vocabularies() -> None:
    found = {(p, o) for s, p, o in foreign_types_and_links(given()) if "place/malmo" in s}

    assert found == {
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<http://www.opengis.net/ont/geosparql#Feature>"),
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://schema.org/AdministrativeArea>"),
        ("<https://schema.org/sameAs>", "<http://www.wikidata.org/entity/Q2211>"),
        ("<https://schema.org/sameAs>", "<https://sws.geonames.org/2692969/>"),
        ("<https://schema.org/containedInPlace>", "<https://w3id.org/twinld/id/place/country-se>"),
    }


def test_a_point_is_written_longitude_first() -> None:
    assert [o for _, p, o in foreign_types_and_links(given()) if p.endswith("asWKT>") and "-71" in o] == [
        '"POINT(-71.0603 42.3583)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    ]


def test_wikidata_edges_join_the_items_that_carry_the_twinnings() -> None:
    edge = "<http://www.wikidata.org/prop/direct/P190>"

    assert set(wikidata_edges(given(agreement("boston", "malmo")))) == {
        ("<http://www.wikidata.org/entity/Q100>", edge, "<http://www.wikidata.org/entity/Q503361>"),
        ("<http://www.wikidata.org/entity/Q503361>", edge, "<http://www.wikidata.org/entity/Q100>"),
    }


def test_all_rules_together_leave_their_input_alone() -> None:
    facts = given(agreement(start=PartialDate("1983")), stated={"boston--padua": {("crawl", "boston")}})
    before = repr(facts)
    triples: list[Triple] = list(infer(facts))

    assert repr(facts) == before
    assert set(triples) == {triple for rule in RULES for triple in rule(facts)}
    assert len(RULES) == 14
