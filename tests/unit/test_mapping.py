"""Things survive the way to triples and back, in any order of the triples."""

from __future__ import annotations

import random
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinld import mapping
from twinld.dates import PartialDate
from twinld.iris import iri_of
from twinld.mapping import write as w
from twinld.model import Agreement, Claim, Place, Provenance, Source, SourceRecord, Verdict
from twinld.terms import decimal, edtf, integer, lang, text

SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
QIDS = st.integers(1, 10**9).map(lambda number: f"Q{number}")
TAGS = st.sampled_from(["en", "de", "zh", "zh-hant", "ar", "und", "be-tarask", "ja"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)
DEGREES = st.decimals(-90, 90, places=6).map(lambda value: Decimal(f"{value.normalize():f}") + 0)
DATES = st.sampled_from(["0836", "1989-11-17", "1989-11", "198X", "19XX", "1960~", "-0044", "../1960"]).map(PartialDate)
OPTIONAL_DATE = st.none() | DATES

FURTHER = [(w.tw("inception"), edtf("1237")), (w.tw("partOf"), "<http://e.org/x>"), (w.MORE["P281"][0], text("10115"))]
REFERENCES = st.sets(
    st.sampled_from([("P143", "Q328"), ("P248", "Q1"), ("P813", "2020-05"), ("P854", "https://e.org/?a=b#c")]),
    min_size=1,
).map(lambda parts: tuple(sorted(parts)))
PROVENANCES = st.builds(
    Provenance,
    revision=st.integers(1, 10**10),
    retrieved=st.just("2026-11-22T12:00:00Z"),
    references=st.lists(REFERENCES, max_size=12).map(tuple),
)


@st.composite
def places(draw: st.DrawFn) -> Place:
    latitude = draw(st.none() | DEGREES)
    return Place(
        slug=draw(SLUGS),
        item=draw(st.none() | QIDS),
        p190_item=draw(st.none() | QIDS),
        alt_identifiers=tuple(sorted(draw(st.sets(QIDS, max_size=2)))),
        labels=tuple(sorted(draw(st.dictionaries(TAGS, TEXTS, max_size=4)).items())),
        latitude=latitude,
        longitude=None if latitude is None else draw(DEGREES),
        country=draw(st.none() | SLUGS),
        population=draw(st.none() | st.integers(0, 10**8)),
        geonames=draw(st.none() | st.integers(1, 10**7)),
        iso_code=draw(st.none() | st.from_regex("[A-Z]{2}", fullmatch=True)),
        aliases=tuple(sorted(draw(st.sets(st.tuples(TAGS, TEXTS), max_size=3)))),
        more=tuple(sorted(draw(st.sets(st.sampled_from(FURTHER), max_size=3)))),
    )


@given(places(), st.randoms())
def test_a_place_survives_the_way_to_triples_and_back(place: Place, shuffle: random.Random) -> None:
    triples = list(mapping.place_triples(place))
    shuffle.shuffle(triples)

    assert mapping.place_from(place.slug, triples) == place


@given(
    st.builds(
        Agreement,
        slug=SLUGS.map(lambda slug: f"{slug}--zz"),
        parties=st.sets(SLUGS, min_size=2, max_size=4).map(lambda slugs: tuple(sorted(slugs))),
        kind=st.sampled_from(["unspecified", "twinning", "economic-exchange"]),
        start=OPTIONAL_DATE,
        end=OPTIONAL_DATE,
        date=OPTIONAL_DATE,
        themes=st.sets(st.sampled_from(["culture", "sport", "trade"])).map(lambda themes: tuple(sorted(themes))),
    ),
    st.randoms(),
)
def test_an_agreement_survives_the_way_to_triples_and_back(agreement: Agreement, shuffle: random.Random) -> None:
    triples = list(mapping.agreement_triples(agreement))
    shuffle.shuffle(triples)

    assert mapping.agreement_from(agreement.slug, triples) == agreement


@given(
    st.builds(
        SourceRecord,
        source=SLUGS,
        key=SLUGS,
        locator=TEXTS,
        record_of=st.none() | SLUGS.map(lambda slug: iri_of("place", slug)),
        stated_by=st.none() | SLUGS,
        statement=st.none() | st.from_regex(r"[Qq][0-9]{1,6}\$[0-9A-F]{8}-[0-9A-F]{4}", fullmatch=True),
        provenance=st.none() | PROVENANCES,
        as_of=OPTIONAL_DATE,
    )
)
def test_a_record_survives_the_way_to_triples_and_back(record: SourceRecord) -> None:
    assert mapping.record_from(record.source, record.key, mapping.record_triples(record)) == record


@given(
    SLUGS,
    SLUGS,
    st.sampled_from([edtf("0836"), integer(836), decimal(Decimal("1.5")), lang("Malmö", "sv"), "<http://e.org/x>"]),
)
def test_a_claim_survives_the_way_to_triples_and_back(source: str, key: str, value: str) -> None:
    claim = Claim((source, key), "start", "<http://e.org/s>", "<http://e.org/p>", value)

    assert mapping.claim_from(source, key, "start", mapping.claim_triples(claim)) == claim


def test_a_bare_statement_takes_five_triples() -> None:
    record = SourceRecord(
        "wikidata-crawl", "q100-q34600", "Q100 P190 Q34600", iri_of("agreement", "boston--kyoto"), "boston"
    )
    subject = "<https://w3id.org/twinld/id/record/wikidata-crawl/q100-q34600>"
    ns = "https://w3id.org/twinld/ns#"

    assert list(mapping.record_triples(record)) == [
        (subject, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{ns}SourceRecord>"),
        (subject, f"<{ns}statedIn>", "<https://w3id.org/twinld/id/source/wikidata-crawl>"),
        (subject, f"<{ns}locator>", '"Q100 P190 Q34600"'),
        (subject, f"<{ns}recordOf>", "<https://w3id.org/twinld/id/agreement/boston--kyoto>"),
        (subject, f"<{ns}statedBySide>", "<https://w3id.org/twinld/id/place/boston>"),
    ]


def test_a_claim_takes_five_triples_and_tells_values_from_things() -> None:
    value = Claim(("s", "k"), "start", "<http://e.org/s>", "<http://e.org/p>", edtf("1989"))
    thing = Claim(("s", "k"), "country", "<http://e.org/s>", "<http://e.org/p>", "<http://e.org/o>")

    assert [len(list(mapping.claim_triples(claim))) for claim in (value, thing)] == [5, 5]
    assert [
        next(p for _, p, o in mapping.claim_triples(claim) if o == claim.value)[-12:] for claim in (value, thing)
    ] == [
        "#claimValue>",
        "claimObject>",
    ]


def test_a_second_value_of_a_field_is_refused() -> None:
    place = Place("boston", population=1)
    triples = [*mapping.place_triples(place), *mapping.place_triples(Place("boston", population=2))]

    with pytest.raises(ValueError, match="population> has 2 values; one is right"):
        mapping.place_from("boston", triples)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: mapping.agreement_from("a--b", []), "agreement a--b has no kind"),
        (lambda: mapping.record_from("s", "k", []), "record s/k has no locator"),
        (lambda: mapping.claim_from("s", "k", "start", []), "claim s/k#start has no"),
    ],
)
def test_a_thing_that_is_not_whole_is_refused(read: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read()  # type: ignore[operator]


def test_a_source_says_who_when_and_under_which_licence() -> None:
    source = Source(
        "s", "A title", "A publisher", "https://example.org/", "https://creativecommons.org/licenses/by/4.0/",
        "Thanks", PartialDate("2018~"), "About", 1,
    )  # fmt: skip
    objects = {o for _, _, o in mapping.source_triples(source)}

    assert {'"A title"@en', '"A publisher"', "<https://example.org/>", '"Thanks"', edtf("2018~")} <= objects
    assert not source.open


def test_a_verdict_names_its_source_and_its_reason() -> None:
    verdict = Verdict("wikidata-crawl", "q2861-q52502", "refuted", "wd50k", "Deprecated.", "2026-11-21")
    subject = "<https://w3id.org/twinld/id/record/wikidata-crawl/q2861-q52502>"

    assert list(mapping.verdict_triples(verdict)) == [
        (subject, "<https://w3id.org/twinld/ns#verdict>", "<https://w3id.org/twinld/vocab/verdict-refuted>"),
        (subject, "<https://w3id.org/twinld/ns#reviewNote>", '"Deprecated."@en'),
        (subject, "<https://w3id.org/twinld/ns#accordingTo>", "<https://w3id.org/twinld/id/source/wd50k>"),
        (subject, "<http://purl.org/dc/terms/date>", '"2026-11-21"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ]
