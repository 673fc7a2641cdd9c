"""Records of all sources become one place each and one agreement a pair; ids never change."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import pytest

from tests.unit.resolve_data import DAY, knows, states
from twinld import ingest
from twinld.files import folder
from twinld.iris import Ledger
from twinld.model import Finding, PlaceFacts, Record, Source, Statement
from twinld.resolve import Decisions, Resolution, resolve
from twinld.resolve.identity import is_local

MATCHED = {"city-diplomacy", "geonames", "transcribed", "transcribed-wikipedia", "wdqs-2017", "wdqs-2023", "wikipedia"}
"""The sources that name their places in words, or by identifiers of their own."""


@cache
def real_records() -> tuple[dict[str, Source], tuple[Record, ...]]:
    sources, records = {}, []
    for name, path in ingest.source_folders(folder("data")).items():
        sources[name] = ingest.describe(path)
        records += [item for item in ingest.read(path, sources[name]) if not isinstance(item, Finding)]
    return sources, tuple(records)


@cache
def real_with_ledger() -> tuple[Resolution, Ledger]:
    """All of the data, resolved with the ledger in git, which then has what was minted too."""
    sources, records = real_records()
    data = folder("data")
    ledger = Ledger.read(data / "ids.csv")
    return resolve(records, sources, Decisions.read(data), ledger, DAY), ledger


def real() -> Resolution:
    return real_with_ledger()[0]


# ------------------------------------------------------------------------------------------- real data


def test_the_release_has_the_places_and_agreements_that_were_counted() -> None:
    places = real().curated.places.values()
    agreements = real().curated.agreements.values()

    assert sum(place.p190_item is not None for place in places) == 10745  # 10,740 items; two of them are Malmö
    assert sum(place.iso_code is not None for place in places) == 249
    assert len(agreements) == 19113
    assert len(real().licensed["wd50k"].agreements) == 135
    assert sum(bool(a.start or a.end or a.date) for a in agreements) == 197


def test_every_directed_cc0_statement_is_kept_with_its_side() -> None:
    sources, _ = real_records()
    directed = {
        record.locator
        for name, records in real().records.items()
        if sources[name].open and sources[name].directed
        for record in records
        if " P190 " in record.locator and record.stated_by is not None
    }
    of_items = {locator for locator in directed if locator[1].isdigit()}
    assert len(of_items) == 34200
    assert len(directed - of_items) == 17580


@pytest.mark.parametrize(
    ("item", "slug"),
    [
        ("Q100", "boston"),
        ("Q311975", "q311975"),  # Boston in the United Kingdom: only a label of unknown language
        ("Q5836", "toledo-es"),
        ("Q49239", "toledo-us"),
        ("Q2211", "malmo"),
        ("Q1040", "karlsruhe"),
        ("Q30", "country-us"),
    ],
)
def test_the_slugs_of_the_real_cases(item: str, slug: str) -> None:
    assert real().slugs[item] == slug
    assert Ledger.read(folder("data") / "ids.csv").slug("place", item) == slug


def test_malmo_is_one_place_with_two_items() -> None:
    malmo = real().curated.places["malmo"]

    assert (malmo.item, malmo.p190_item) == ("Q2211", "Q503361")
    assert "Q503361" not in real().slugs
    assert real().curated.agreements["malmo--tallinn"].parties == ("malmo", "tallinn")
    assert real().stated_by["adelaide--malmo"] == {("wikidata-crawl", "adelaide")}


def test_karlsruhe_keeps_the_item_that_redirects_to_it() -> None:
    assert real().curated.places["karlsruhe"].alt_identifiers == ("Q32063953",)


def test_malmo_and_copenhagen_have_no_agreement() -> None:
    assert not {"copenhagen--malmo", "malmo--copenhagen"} & {
        *real().curated.agreements,
        *real().licensed["wd50k"].agreements,
    }


def test_rostock_gothenburg_is_refuted_by_hand_and_is_no_agreement_of_cc0() -> None:
    sides = real().unresolved["wikidata-crawl", "q2861-q52502"]
    verdicts = [v for v in real().verdicts if v.according_to == "wd50k" and v.read_on]

    assert sides[0] == "rostock"
    assert [(v.source, v.verdict, v.read_on) for v in verdicts] == [
        ("wdqs-2017", "refuted", "2026-11-21"),
        ("wikidata-crawl", "refuted", "2026-11-21"),
    ]
    assert not [a for a in real().curated.agreements.values() if set(a.parties) == set(sides)]
    slugs = [a.slug for a in real().licensed["wikipedia"].agreements.values() if set(a.parties) == set(sides)]
    assert [real().stated_by[slug] for slug in slugs] == [{("wikipedia", None)}]


def test_246_labels_are_shared_and_their_places_kept_apart() -> None:
    _, records = real_records()
    parties = {item for r in records if isinstance(r, Statement) for item in (r.subject, r.obj)}
    items: dict[str, set[str]] = {}
    for record in records:
        if isinstance(record, PlaceFacts) and record.source == "wikidata-crawl" and record.item in parties:
            items.setdefault(record.labels[0][1], set()).add(record.item)
    shared = {label: found for label, found in items.items() if len(found) > 1}

    assert (len(shared), sum(map(len, shared.values()))) == (246, 515)
    for found in shared.values():
        keys = {real().identity.key(item) for item in found}
        assert len({real().slugs[key] for key in keys}) == len(keys)


def test_links_inside_one_country_are_agreements_like_others() -> None:
    halle = next(a for a in real().curated.agreements.values() if set(a.parties) >= {"karlsruhe"} and "halle" in a.slug)
    countries = {real().curated.places[slug].country for slug in halle.parties}

    assert countries == {"country-de"}


def test_a_place_without_any_label_is_there_under_its_item() -> None:
    bare = [place for place in real().curated.places.values() if not place.labels]
    bare += [p for p in real().licensed["wd50k"].places.values() if p.item is not None and not p.labels]

    assert len(bare) == 71  # and Kenya, which has a label as a country
    assert all(place.slug == (place.item or "").lower() for place in bare)


def test_no_fact_of_a_cc_by_source_stands_in_the_cc0_facts() -> None:
    sources, records = real_records()
    open_items = {
        real().identity.key(item)
        for r in records
        if isinstance(r, Statement) and sources[r.source].open
        for item in (r.subject, r.obj)
    }
    only_wd50k = set(real().licensed["wd50k"].places) - set(real().curated.places)

    assert len(only_wd50k) == 75  # and Kenya, which is in the CC0 facts as a country
    assert not {p.item for p in real().curated.places.values() if p.p190_item} - open_items


# ------------------------------------------------------------------------------------------- ids never change


@pytest.mark.long
def test_records_in_any_order_give_the_same_result() -> None:
    sources, records = real_records()
    check_order(sources, records)


@pytest.mark.long
def test_records_of_items_in_any_order_give_the_same_result() -> None:
    sources = {name: source for name, source in real_records()[0].items() if name not in MATCHED}
    check_order(sources, of_items())


def check_order(sources: dict[str, Source], records: Sequence[Record]) -> None:
    shuffled = list(records)
    random.Random(7).shuffle(shuffled)
    data = folder("data")
    ledgers = Ledger(), Ledger()
    one, two = (
        resolve(rows, sources, Decisions.read(data), ledger, DAY)
        for rows, ledger in zip((records, shuffled), ledgers, strict=True)
    )

    assert ledgers[0].text() == ledgers[1].text()
    assert (one.slugs, one.curated, one.licensed, one.stated_by) == (
        two.slugs,
        two.curated,
        two.licensed,
        two.stated_by,
    )
    assert {k: sorted(v, key=repr) for k, v in one.claims.items()} == {
        k: sorted(v, key=repr) for k, v in two.claims.items()
    }


def test_every_id_of_the_ledger_in_git_is_still_given_and_none_is_new() -> None:
    again, ledger = real_with_ledger()
    agreements = {*again.curated.agreements, *(a for facts in again.licensed.values() for a in facts.agreements)}

    assert not ledger.new
    typed = {"place": {"veneto", "new-england", "russian-chinese-borderland"}}
    typed["agreement"] = {
        "dalian--q123376", "five-cities-of-russia-and-china", "oeaed",
        "trade-agreement-of-the-chambers-of-boston-and-padua",
    }  # fmt: skip
    assert {row.slug for row in ledger.active("place")} - set(again.slugs.values()) == typed["place"]
    assert {row.slug for row in ledger.active("agreement")} - agreements == typed["agreement"]
    assert set(again.slugs.values()) | agreements <= {row.slug for row in ledger.rows()}


@pytest.mark.long
def test_the_cc0_facts_are_the_same_without_wd50k() -> None:
    sources, records = real_records()
    free = [record for record in records if record.source != "wd50k"]
    without = resolve(free, sources, Decisions.read(folder("data")), Ledger.read(folder("data") / "ids.csv"), DAY)

    assert without.curated == real().curated
    assert without.verdicts == [verdict for verdict in real().verdicts if verdict.source != "wd50k"]


def of_items() -> list[Record]:
    """The records of sources that name items: what these mean does not hang on other sources."""
    sources, records = real_records()
    in_words = {r.source for r in records if isinstance(r, PlaceFacts) and is_local(r.item)}
    assert in_words == {name for name in sources if name in MATCHED}
    return [record for record in records if record.source not in in_words]


def resolved_again(records: Iterable[Record]) -> tuple[Resolution, Ledger]:
    data = folder("data")
    sources = {name: source for name, source in real_records()[0].items() if name not in MATCHED}
    ledger = Ledger.read(data / "ids.csv")
    return resolve(records, sources, Decisions.read(data), ledger, DAY), ledger


@pytest.mark.long
@pytest.mark.parametrize(
    "without",
    [
        ("wikidata-dated", "wikidata-mmkb", "wikidata-entities"),
        ("wikidata-cities",),
        ("natural-earth", "countries"),
    ],
)
def test_building_without_some_sources_changes_no_id(without: tuple[str, ...]) -> None:
    partial, ledger = resolved_again(record for record in of_items() if record.source not in without)
    agreements = set(real().curated.agreements) | set(real().licensed["wd50k"].agreements)

    assert not ledger.new
    assert all(real().slugs[key] == slug for key, slug in partial.slugs.items())
    assert set(partial.curated.agreements) <= agreements


def test_without_the_2022_labels_no_id_changes() -> None:
    bare = [
        replace(r, labels=()) if isinstance(r, PlaceFacts) and r.source == "wikidata-cities" else r for r in of_items()
    ]
    again, ledger = resolved_again(bare)

    assert not ledger.new
    assert again.slugs.items() <= real().slugs.items()


@pytest.mark.long
def test_where_words_are_matched_with_less_evidence_no_id_changes() -> None:
    """Fewer candidates can make a match of what was left to a person, and so a new id; those given stay."""
    sources, records = real_records()
    data = folder("data")
    kept = [record for record in records if record.source != "wikidata-cities"]
    partial = resolve(kept, sources, Decisions.read(data), Ledger.read(data / "ids.csv"), DAY)

    assert all(real().slugs.get(key, slug) == slug for key, slug in partial.slugs.items())
    met = [v for v in partial.verdicts if (v.source, v.according_to, v.verdict) == ("wdqs-2017", "wd50k", "refuted")]
    assert len(met) == 1, "the words of Rostock and Gothenburg are matched still, by partners that both have"
    assert not [f for f in partial.findings if f.source == "wdqs-2017" and f.rule == "S10"]


@pytest.mark.long
def test_one_more_boston_changes_no_id() -> None:
    sources, records = real_records()
    more = (
        knows("Q999999999", "wikidata-cities", labels=(("en", "Boston"),), country="United States of America"),
        states("Q100", "Q999999999", "wikidata-crawl"),
    )
    ledger = Ledger.read(folder("data") / "ids.csv")
    again = resolve((*records, *more), sources, Decisions.read(folder("data")), ledger, DAY)

    assert {(row.type, row.slug) for row in ledger.new} == {("place", "boston-us"), ("agreement", "boston--boston-us")}
    assert again.slugs["Q100"] == "boston"
    assert all(again.slugs[key] == slug for key, slug in real().slugs.items())
