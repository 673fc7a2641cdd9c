"""Records of all sources become one place each and one agreement a pair; ids never change."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from twinld import ingest
from twinld.dates import PartialDate
from twinld.errors import SourceError
from twinld.files import folder
from twinld.iris import Ledger
from twinld.model import Finding, PlaceFacts, Record, Redirect, Source, Statement
from twinld.resolve import Decisions, Resolution, resolve
from twinld.terms import parse

DAY = "2022-11-30"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def source(name: str, rank: int, licence: str = CC0, *, directed: bool = True, lists_all: bool = False) -> Source:
    return Source(name, name, "", "https://e.org/", licence, "", PartialDate("2016"), "", rank, directed, lists_all)


SOURCES = {
    "a": source("a", 1, lists_all=True),
    "b": source("b", 2),
    "by": source("by", 3, CC_BY),
    "iso": source("iso", 0, directed=False),
}


def states(subject: str, obj: str, name: str = "a", **more: object) -> Statement:
    return Statement(name, f"{subject}-{obj}".lower(), subject, obj, "file:1", **more)  # type: ignore[arg-type]


def knows(item: str, name: str = "a", **more: object) -> PlaceFacts:
    return PlaceFacts(name, item.lower(), item, "file:1", **more)  # type: ignore[arg-type]


US = knows("Q30", "iso", iso_code="US", labels=(("en", "United States"),))
GB = knows("Q145", "iso", iso_code="GB", labels=(("en", "United Kingdom"),))


def resolved(*records: Record, decisions: Decisions | None = None, ledger: Ledger | None = None) -> Resolution:
    return resolve(records, SOURCES, decisions or Decisions(), ledger or Ledger(), DAY)


@cache
def real_records() -> tuple[dict[str, Source], tuple[Record, ...]]:
    sources, records = {}, []
    for name, path in ingest.source_folders(folder("data")).items():
        sources[name] = ingest.describe(path)
        records += [item for item in ingest.read(path, sources[name]) if not isinstance(item, Finding)]
    return sources, tuple(records)


@cache
def real() -> Resolution:
    sources, records = real_records()
    data = folder("data")
    return resolve(records, sources, Decisions.read(data), Ledger.read(data / "ids.csv"), DAY)


# ------------------------------------------------------------------------------------------- real data


def test_the_release_has_the_places_and_agreements_that_were_counted() -> None:
    places = real().curated.places.values()
    agreements = real().curated.agreements.values()

    assert sum(place.p190_item is not None for place in places) == 10739  # 10,740 items; two of them are Malmö
    assert sum(place.iso_code is not None for place in places) == 249
    assert len(agreements) == 19037
    assert len(real().licensed["wd50k"].agreements) == 140
    assert sum(bool(a.start or a.end or a.date) for a in agreements) == 153


def test_every_directed_cc0_statement_is_kept_with_its_side() -> None:
    sources, _ = real_records()
    directed = {
        record.locator
        for name, records in real().records.items()
        if sources[name].open and sources[name].directed
        for record in records
        if " P190 " in record.locator and record.stated_by is not None
    }

    assert len(directed) == 34200


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


def test_rostock_gothenburg_is_refuted_by_hand_and_is_no_agreement() -> None:
    sides = real().unresolved["wikidata-crawl", "q2861-q52502"]
    verdict = next(v for v in real().verdicts if v.source == "wikidata-crawl")

    assert sides[0] == "rostock"
    assert (verdict.verdict, verdict.according_to, verdict.read_on) == ("refuted", "wd50k", "2026-11-21")
    assert not [a for a in real().curated.agreements.values() if set(a.parties) == set(sides)]


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

    assert len(only_wd50k) == 76  # and Kenya, which is in the CC0 facts as a country
    assert not {p.item for p in real().curated.places.values() if p.p190_item} - open_items


# ------------------------------------------------------------------------------------------- ids never change


def test_records_in_any_order_give_the_same_result() -> None:
    sources, records = real_records()
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
    sources, records = real_records()
    ledger = Ledger.read(folder("data") / "ids.csv")
    again = resolve(records, sources, Decisions.read(folder("data")), ledger, DAY)
    agreements = {*again.curated.agreements, *again.licensed["wd50k"].agreements}

    assert not ledger.new
    assert {row.slug for row in ledger.active("place")} == set(again.slugs.values())
    assert {row.slug for row in ledger.active("agreement")} == agreements


def test_the_cc0_facts_are_the_same_without_wd50k() -> None:
    sources, records = real_records()
    free = [record for record in records if record.source != "wd50k"]
    without = resolve(free, sources, Decisions.read(folder("data")), Ledger.read(folder("data") / "ids.csv"), DAY)

    assert without.curated == real().curated
    assert without.verdicts == [verdict for verdict in real().verdicts if verdict.source != "wd50k"]


@pytest.mark.parametrize(
    "without",
    [
        ("wikidata-dated", "wikidata-mmkb", "wikidata-entities"),
        ("wikidata-cities",),
        ("natural-earth", "countries"),
    ],
)
def test_building_without_some_sources_changes_no_id(without: tuple[str, ...]) -> None:
    sources, records = real_records()
    kept = [record for record in records if record.source not in without]
    data = folder("data")
    ledger = Ledger.read(data / "ids.csv")
    partial = resolve(kept, sources, Decisions.read(data), ledger, DAY)

    assert not ledger.new
    assert all(real().slugs[key] == slug for key, slug in partial.slugs.items())
    assert set(partial.curated.agreements) <= set(real().curated.agreements) | set(real().licensed["wd50k"].agreements)


def test_without_the_2022_labels_no_id_changes() -> None:
    sources, records = real_records()
    bare = [
        replace(r, labels=()) if isinstance(r, PlaceFacts) and r.source == "wikidata-cities" else r for r in records
    ]
    ledger = Ledger.read(folder("data") / "ids.csv")
    again = resolve(bare, sources, Decisions.read(folder("data")), ledger, DAY)

    assert not ledger.new
    assert again.slugs == real().slugs


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


# ------------------------------------------------------------------------------------------- rules, on small data


def test_a_first_date_changes_no_id() -> None:
    ledger = Ledger()
    before = resolved(states("Q1", "Q2"), ledger=ledger)
    after = resolved(states("Q1", "Q2"), states("Q1", "Q2", "b", start=PartialDate("1989")), ledger=ledger)

    assert list(before.curated.agreements) == list(after.curated.agreements) == ["q1--q2"]
    assert str(after.curated.agreements["q1--q2"].start) == "1989"


def test_the_value_of_the_source_of_lowest_rank_is_shown_and_all_are_claimed() -> None:
    result = resolved(
        states("Q1", "Q2", start=PartialDate("1989")),
        states("Q2", "Q1", start=PartialDate("1989-11-17")),
        states("Q1", "Q2", "b", start=PartialDate("1990")),
    )

    assert str(result.curated.agreements["q1--q2"].start) == "1989-11-17"
    claimed = sorted(parse(c.value).value for claims in result.claims.values() for c in claims)
    assert claimed == ["1989", "1989-11-17", "1990"]


def test_what_only_another_licence_states_stands_in_its_own_graph() -> None:
    result = resolved(
        states("Q1", "Q2"),
        states("Q2", "Q3", "by", start=PartialDate("1950")),
        states("Q1", "Q2", "by", start=PartialDate("1951")),
        knows("Q1", "by", country="US"),
        US,
    )

    assert set(result.curated.agreements) == {"q1--q2"}
    assert result.curated.agreements["q1--q2"].start is None
    assert set(result.licensed["by"].agreements) == {"q2--q3"}
    assert set(result.licensed["by"].places) == {"q1", "q3"}
    assert result.licensed["by"].places["q1"].country == "country-us"
    assert result.curated.places["q1"].country is None


def test_a_place_that_two_items_mean_is_one_and_its_own_item_names_it() -> None:
    decisions = Decisions(same={"Q12": "Q2"}, p190={"Q2": "Q12"})
    result = resolved(
        states("Q1", "Q12"),
        knows("Q12", labels=(("en", "Malmo Municipality"),), population=2),
        knows("Q2", "b", labels=(("en", "Malmo"),)),
        decisions=decisions,
    )

    assert result.slugs == {"Q1": "q1", "Q2": "malmo"}
    place = result.curated.places["malmo"]
    assert (place.item, place.p190_item, place.labels, place.population) == ("Q2", "Q12", (("en", "Malmo"),), 2)


def test_a_statement_between_two_items_of_one_place_is_a_finding() -> None:
    result = resolved(states("Q2", "Q12"), states("Q1", "Q2"), decisions=Decisions(same={"Q12": "Q2"}))

    assert [(f.rule, f.severity, f.focus) for f in result.findings] == [("X02", "Violation", "q2-q12")]
    assert set(result.curated.agreements) == {"q1--q2"}


def test_a_redirect_that_comes_later_keeps_the_slug() -> None:
    ledger = Ledger()
    resolved(states("Q1", "Q5"), ledger=ledger)
    result = resolved(states("Q1", "Q5"), Redirect("a", "r", "Q5", "Q7", "f:1"), ledger=ledger)

    assert result.slugs["Q7"] == "q5"
    assert list(result.curated.agreements) == ["q1--q5"]
    assert result.curated.places["q5"].alt_identifiers == ("Q5",)


def test_two_minted_places_that_become_one_are_merged_in_the_ledger() -> None:
    ledger = Ledger()
    resolved(states("Q1", "Q5"), states("Q1", "Q7"), ledger=ledger)
    resolved(states("Q1", "Q5"), states("Q1", "Q7"), Redirect("a", "r", "Q5", "Q7", "f:1"), ledger=ledger)

    row = ledger.row("place", "q5")
    assert row is not None
    assert (row.state, row.replaced_by) == ("merged", "q7")
    agreement = ledger.row("agreement", "q1--q5")
    assert agreement is not None
    assert (agreement.state, agreement.replaced_by) == ("merged", "q1--q7")


def test_a_chain_of_redirects_that_closes_ends() -> None:
    circle = [Redirect("a", "r1", "Q5", "Q7", "f:1"), Redirect("a", "r2", "Q7", "Q5", "f:1")]
    result = resolved(states("Q1", "Q7"), *circle)

    assert set(result.slugs) == {"Q1", "Q5"}


def test_a_deprecated_statement_is_refuted_by_its_own_source() -> None:
    result = resolved(states("Q1", "Q2", rank="deprecated"), states("Q1", "Q3"))

    assert result.unresolved == {("a", "q1-q2"): ("q1", "q2")}
    assert [(v.key, v.verdict, v.according_to) for v in result.verdicts] == [("q1-q2", "refuted", "a")]
    assert set(result.curated.agreements) == {"q1--q3"}
    assert {c.name for c in result.claims["a"]} == {"twin"}


@pytest.mark.parametrize("stated", ["Q30", "US", "United States", "the States"])
def test_a_country_is_found_by_item_code_name_and_alias(stated: str) -> None:
    decisions = Decisions(country_names={"the States": "US", "Nowhere": ""})
    result = resolved(states("Q1", "Q2"), knows("Q1", country=stated), US, GB, decisions=decisions)

    assert result.curated.places["q1"].country == "country-us"


def test_a_country_that_is_none_of_ours_is_kept_as_a_claim_in_its_own_words() -> None:
    result = resolved(states("Q1", "Q2"), knows("Q1", country="Atlantis"), US)

    assert result.curated.places["q1"].country is None
    assert [(f.rule, f.severity, f.value) for f in result.findings] == [("S04", "Warning", "Atlantis")]
    assert [c.value for c in result.claims["a"] if c.name == "country"] == ['"Atlantis"']


def test_of_two_rows_of_an_item_the_one_near_the_better_point_is_shown() -> None:
    def at(latitude: str) -> dict[str, Decimal]:
        return {"latitude": Decimal(latitude), "longitude": Decimal("100")}

    rows = (
        PlaceFacts("b", "q1-x", "Q1", "f:1", (("en", "Bose"),), population=9, **at("23")),
        PlaceFacts("b", "q1-y", "Q1", "f:2", (("en", "Baicheng"),), population=1, **at("45")),
    )
    result = resolved(states("Q1", "Q2"), knows("Q1", **at("45.5")), *rows)
    alone = resolved(states("Q1", "Q2"), *rows)

    assert result.curated.places["baicheng"].latitude == Decimal("45.5")
    assert dict(result.curated.places["baicheng"].labels)["en"] == "Baicheng"
    assert dict(alone.curated.places["bose"].labels)["en"] == "Bose"


def test_a_label_of_unknown_language_gives_way_to_the_same_label_of_a_known_one() -> None:
    result = resolved(
        states("Q1", "Q2"),
        knows("Q1", labels=(("und", "Köln"),)),
        knows("Q1", "b", labels=(("de", "Köln"), ("en", "Cologne"))),
    )

    assert result.curated.places["cologne"].labels == (("de", "Köln"), ("en", "Cologne"))


def test_decisions_by_hand_must_be_whole(tmp_path: Path) -> None:
    (tmp_path / "curated").mkdir()
    path = tmp_path / "curated" / "verdicts.csv"
    path.write_text("source,subject,object,verdict,according_to,read_on,note\nx,Q1,Q2,refutet,y,,why\n")

    with pytest.raises(
        SourceError, match=r"curated/verdicts.csv:2: verdict 'refutet' is not one; did you mean refuted"
    ):
        Decisions.read(tmp_path)
