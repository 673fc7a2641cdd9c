"""The rules of resolving, each on a few records."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.resolve_data import DAY, GB, SOURCES, US, knows, resolved, states
from twinld.dates import PartialDate
from twinld.errors import SourceError
from twinld.iris import Ledger
from twinld.mapping import write as w
from twinld.model import PlaceFacts, Redirect, Statement
from twinld.resolve import Decisions, resolve
from twinld.resolve.decisions import StatementVerdict
from twinld.terms import edtf, parse


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


def test_a_verdict_names_the_items_of_places_that_its_source_names_in_words() -> None:
    says = [
        Statement("b", "s1", "b:Boston|USA", "b:Kyoto|Japan", "b/agreements.csv:2"),
        PlaceFacts("b", "p1", "b:Boston|USA", "b/places.csv:2", labels=(("en", "Boston"),)),
        PlaceFacts("b", "p2", "b:Kyoto|Japan", "b/places.csv:3", labels=(("en", "Kyoto"),)),
    ]
    places = {"b:Boston|USA": "Q100", "b:Kyoto|Japan": "Q34600"}
    judged = StatementVerdict("refuted", "a", DAY, "taken back")
    decisions = Decisions(places=places, verdicts={("b", "Q100", "Q34600"): judged})
    result = resolved(states("Q100", "Q1"), states("Q34600", "Q1"), *says, decisions=decisions)

    assert set(result.curated.agreements) == {"boston--q1", "kyoto--q1"}
    assert [(v.source, v.key, v.verdict, v.note) for v in result.verdicts] == [("b", "s1", "refuted", "taken back")]
    unjudged = resolved(states("Q100", "Q1"), states("Q34600", "Q1"), *says, decisions=Decisions(places=places))
    assert set(unjudged.curated.agreements) == {"boston--kyoto", "boston--q1", "kyoto--q1"}


def test_a_verdict_on_what_is_not_stated_is_told() -> None:
    judged = StatementVerdict("refuted", "a", DAY, "taken back")
    decisions = Decisions(
        places={"b:Boston|USA": "Q100", "b:Kyoto|Japan": "Q34600"}, verdicts={("b", "Q100", "Q9"): judged}
    )
    message = "b states no Q100 P190 Q9; correct the row, or remove it"

    with pytest.raises(SourceError, match=message):
        resolved(states("Q100", "Q34600"), decisions=decisions)
    result = resolved(
        states("Q100", "Q34600"),
        Statement("b", "s1", "b:Boston|USA", "b:Kyoto|Japan", "b/agreements.csv:2"),
        PlaceFacts("b", "p1", "b:Boston|USA", "b/places.csv:2", labels=(("en", "Boston"),)),
        PlaceFacts("b", "p2", "b:Kyoto|Japan", "b/places.csv:3", labels=(("en", "Kyoto"),)),
        decisions=decisions,
    )
    assert [(f.rule, f.severity, f.source, f.message) for f in result.findings] == [("S10", "Warning", "b", message)]


def test_a_place_without_an_item_mints_nothing_and_its_records_are_kept() -> None:
    ledger = Ledger()
    result = resolved(
        US,
        states("Q100", "Q34600"),
        Statement("b", "s1", "b:Boston|USA", "b:Kyoto|Japan", "b/agreements.csv:2", start=PartialDate("1959")),
        PlaceFacts("b", "p1", "b:Boston|USA", "b/places.csv:2", labels=(("en", "Boston"),)),
        ledger=ledger,
    )

    assert sorted(row.key for row in ledger.new) == ["Q100", "Q100+Q34600", "Q30", "Q34600"]
    assert [(r.key, r.locator, r.record_of) for r in result.records["b"]] == [
        ("p1", "Boston|USA", None),
        ("s1", "Boston|USA P190 Kyoto|Japan", None),
    ]
    assert [(c.subject, c.predicate, c.value) for c in result.claims["b"]] == [
        ("<https://w3id.org/twinld/id/record/b/s1>", w.START, edtf("1959"))
    ]
    assert result.unmatched == {"b": 2}


def test_a_place_without_an_item_that_is_decided_is_that_place() -> None:
    decided = Decisions(same={"b:Boston|USA": "Q100", "b:Kyoto|Japan": "Q34600"})
    result = resolved(
        states("Q100", "Q34600"),
        Statement("b", "s1", "b:Boston|USA", "b:Kyoto|Japan", "b/agreements.csv:2", start=PartialDate("1959")),
        decisions=decided,
    )

    assert [(a.slug, str(a.start)) for a in result.curated.agreements.values()] == [("q100--q34600", "1959")]
    assert result.unmatched == {}


def test_a_page_that_stands_in_two_tables_is_one_source() -> None:
    page, url = replace(SOURCES["b"], name="page", kind="WebPage"), "https://e.org/sisters"
    result = resolve(
        [
            Statement("page", "typed", "Q100", "Q34600", "x:2", start=PartialDate("1959"), locator=url),
            Statement("b", "again", "Q34600", "Q100", "y:2", start=PartialDate("1959"), locator=f"{url} (row 5)"),
            Statement("b", "other-date", "Q34600", "Q100", "y:3", start=PartialDate("1960"), locator=f"{url} (row 6)"),
            Statement("b", "other-page", "Q34600", "Q100", "y:4", start=PartialDate("1959"), locator="https://e.org/"),
        ],
        {**SOURCES, "page": page},
        Decisions(),
        Ledger(),
        DAY,
    )

    assert {name: [r.key for r in records] for name, records in result.records.items()} == {
        "page": ["typed"],
        "b": ["other-date", "other-page"],
    }


def test_the_levels_that_sources_state_are_claims_and_those_of_cc0_sources_are_shown() -> None:
    result = resolved(
        states("Q1", "Q2"),
        knows("Q1", level="province"),
        knows("Q1", "b", level="region"),
        knows("Q1", "by", level="county"),
        knows("Q2", "by", level="city"),
    )
    level = w.tw("level")

    def of(*names: str) -> tuple[tuple[str, str], ...]:
        return tuple((level, f"<https://w3id.org/twinld/vocab/level-{name}>") for name in names)

    assert result.curated.places["q1"].more == of("province", "region")
    assert result.curated.places["q2"].more == ()
    assert {slug: place.more for slug, place in result.licensed["by"].places.items()} == {"q2": of("city")}
    assert [(name, c.subject, (c.predicate, c.value)) for name, found in result.claims.items() for c in found] == [
        ("a", "<https://w3id.org/twinld/id/place/q1>", of("province")[0]),
        ("b", "<https://w3id.org/twinld/id/place/q1>", of("region")[0]),
        ("by", "<https://w3id.org/twinld/id/place/q1>", of("county")[0]),
        ("by", "<https://w3id.org/twinld/id/place/q2>", of("city")[0]),
    ]
