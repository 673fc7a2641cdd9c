"""Matching records of places without items: what decides, and what is left to a person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.resolve_data import GB, US, knows, resolved, states
from twinld.errors import SourceError
from twinld.iris import Ledger
from twinld.model import PlaceFacts, Statement
from twinld.resolve import Decisions

AT = {"latitude": Decimal("42.36"), "longitude": Decimal("-71.06")}
"""Where Boston lies."""
BOSTON = knows("Q100", labels=(("en", "Boston"),), country="US", population=650_000, **AT)
SKIRBECK = knows("Q311975", labels=(("en", "Boston"),), country="GB", latitude=Decimal("52.97"),
                 longitude=Decimal("-0.02"))  # fmt: skip
KYOTO = knows("Q34600", labels=(("en", "Kyoto"), ("zh", "京都")))
WORLD = (US, GB, BOSTON, SKIRBECK, KYOTO, states("Q100", "Q34600"), states("Q311975", "Q100"))


def row(name: str = "Boston", **more: object) -> PlaceFacts:
    return PlaceFacts("b", "row", "b:place", "b/places.csv:2", labels=(("en", name),), **more)  # type: ignore[arg-type]


def links(other: str) -> Statement:
    return Statement("b", "link", "b:place", other, "b/statements.csv:2")


CASES = [
    ("a name alone decides nothing", [row()], ("review", "Q100")),
    ("name and place decide", [row(**AT)], ("matched", "Q100")),
    ("name, country and a partner decide", [row(country="US"), links("Q34600")], ("matched", "Q100")),
    ("name and country do not, without more", [row(country="US")], ("review", "Q100")),
    ("another country rules out", [row(country="GB", **AT | {"latitude": Decimal("52.97"), "longitude": Decimal("0")})],
     ("matched", "Q311975")),
    ("at the very spot a country may be wrong, with a partner",
     [row(country="GB", population=650_000, **AT), links("Q34600")], ("matched", "Q100")),
    ("and without one it is for a person", [row(country="GB", population=650_000, **AT)], ("review", "Q100")),
    ("a level of another size is left to a person", [row("Boston Province", country="US", **AT)], ("review", "Q100")),
    ("a city of another name is nobody", [row("Providence", country="US")], ("unmatched", "")),
    ("two distant points are several places", [row(**AT), PlaceFacts("b", "more", "b:place", "", (("en", "Boston"),),
     Decimal("52.97"), Decimal("-0.02"))], ("review", "Q100")),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "records", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_record_means_the_place_that_its_facts_tell(
    claim: str, records: list[object], expected: tuple[str, str]
) -> None:
    found = resolved(*WORLD, *records).matches["b:place"]  # type: ignore[arg-type]

    assert (found.state, found.key) == expected, (claim, found)


def test_a_match_is_the_place_and_says_why() -> None:
    result = resolved(*WORLD, row(country="US", **AT), links("Q34600"))

    assert result.matches["b:place"].how == "name +4, 0.0 km +5, country +1.5, 1 shared partners +3"
    assert [record.record_of for record in result.records["b"]] == [
        "https://w3id.org/twinld/id/place/boston-us",
        "https://w3id.org/twinld/id/agreement/boston-us--kyoto",
    ]
    assert "b" not in result.unmatched


def test_facts_under_another_licence_decide_nothing() -> None:
    elsewhere = PlaceFacts("by", "q5", "Q5", "", labels=(("en", "Springfield"),), country="US", **AT)  # type: ignore[arg-type]
    found = resolved(*WORLD, elsewhere, states("Q5", "Q34600", "by"), row("Springfield", country="US", **AT)).matches

    assert found["b:place"].key != "Q5"


def decided(tmp_path: Path, text: str) -> Decisions:
    (tmp_path / "reconciliation.csv").write_text(f"item,place,role,decided_on,reason\n{text}\n", encoding="utf-8")
    return Decisions.read(tmp_path)


def test_a_person_decides_for_a_place_for_a_new_one_or_for_none(tmp_path: Path) -> None:
    same = decided(tmp_path, "b:place,Q311975,same,2026-11-22,the one in Lincolnshire")
    none = decided(tmp_path, "b:place,,none,2026-11-22,a street")
    new = decided(tmp_path, "b:place,,new,2026-11-22,no source of ours has it")
    ledger = Ledger()

    assert resolved(*WORLD, row(**AT), decisions=same).matches["b:place"].key == "Q311975"
    assert resolved(*WORLD, row(**AT), decisions=none).matches["b:place"].state == "unmatched"
    made = resolved(*WORLD, row("Elsewhere", **AT), links("Q34600"), decisions=new, ledger=ledger)
    assert ledger.slug("place", "b:place") == "elsewhere"
    assert (made.curated.places["elsewhere"].item, made.curated.places["elsewhere"].p190_item) == (None, None)
    assert "elsewhere--kyoto" in made.curated.agreements


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("b:place,,same,2026-11-22,x", "place '' is wrong; write it as Q100"),
        ("b:place,Q1,new,2026-11-22,x", "role new names no place; leave place empty"),
        ("b:place,Q1,p190,2026-11-22,x", "b:place is no item and carries no P190; write role same, new or none"),
        ("Q5,,none,2026-11-22,x", "Q5 is an item, and a place by that; write role same or p190"),
        ("B place:,Q1,same,2026-11-22,x", "item 'B place:' is wrong"),
    ],
)
def test_a_decision_that_says_two_things_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=f"reconciliation.csv:2: {message}"):
        decided(tmp_path, text)


def test_two_partners_of_one_source_are_never_one_place() -> None:
    other = PlaceFacts("b", "other", "b:other", "", labels=(("en", "Boston"),), country="US", population=650_000, **AT)  # type: ignore[arg-type]
    found = resolved(*WORLD, row(**AT), other, links("b:other")).matches

    assert {local: (match.state, match.key) for local, match in found.items()} == {
        "b:place": ("review", "Q100"),
        "b:other": ("matched", "Q100"),
    }


def test_a_prefecture_is_told_from_its_city_by_its_level() -> None:
    """Fukuoka Prefecture, of which nobody knows where it lies, beside the city of the name."""
    prefecture = knows("Q123258", labels=(("de", "Präfektur Fukuoka"),))
    city = knows("Q26600", labels=(("de", "Fukuoka"),), country="US", level="city", **AT)
    partners = [states(item, "Q34600") for item in ("Q123258", "Q26600")] + [states("Q123258", "Q100")]
    record = row("Fukuoka Prefecture", country="US", latitude=Decimal("42.8"), longitude=Decimal("-71.06"))
    found = resolved(*WORLD, prefecture, city, *partners, record, links("Q34600"), replace(links("Q100"), key="more"))

    assert (found.matches["b:place"].state, found.matches["b:place"].key) == ("matched", "Q123258")


def test_a_municipality_on_the_very_spot_is_told_from_a_town_that_lies_nobody_knows_where() -> None:
    municipality = knows("Q21143", labels=(("da", "Haderslev Kommune"),), country="US", population=55_000, **AT)
    town = knows("Q29868", labels=(("de", "Haderslev"),))
    partners = [states(item, "Q34600") for item in ("Q21143", "Q29868")]
    record = row("Haderslev Municipality", country="US", population=56_000, **AT)
    found = resolved(*WORLD, municipality, town, *partners, record, links("Q34600")).matches["b:place"]
    nowhere = resolved(*WORLD, municipality, town, *partners, row("Haderslev Municipality"), links("Q34600")).matches

    assert (found.state, found.key) == ("matched", "Q21143")
    assert nowhere["b:place"].state == "review"


def test_two_shared_partners_tell_a_place_of_which_only_a_name_is_known_from_a_town_that_shares_none() -> None:
    there = {"latitude": Decimal("44.1"), "longitude": Decimal("-80.2")}
    bare = knows("Q21", labels=(("und", "Falun"),))
    town = knows("Q22", labels=(("en", "Falun"),), country="US", level="city", **there)
    partners = [states("Q21", "Q34600"), states("Q21", "Q100"), states("Q22", "Q311975")]
    record = row("Falun Municipality", country="US", **there)
    two = [links("Q34600"), replace(links("Q100"), key="more")]
    found = resolved(*WORLD, bare, town, *partners, record, *two).matches["b:place"]
    fewer = resolved(*WORLD, bare, town, *partners, record, two[0]).matches["b:place"]
    divided = [*partners, states("Q22", "Q34600"), states("Q22", "Q100")]
    shared = resolved(*WORLD, bare, town, *divided, record, *two).matches["b:place"]

    assert (found.state, found.key) == ("matched", "Q21")
    assert fewer.state == "review"
    assert shared.state == "review"
