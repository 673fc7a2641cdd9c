"""Which of several values is shown, and what is noted of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.resolve_data import SOURCES, resolved, source, states
from twinld.dates import PartialDate
from twinld.model import Statement
from twinld.pipeline.conflicts import contradictions, kept
from twinld.resolve.choices import choose_date, placeholders

RANKED = {**SOURCES, "later": source("later", 2)}


def says(name: str, start: str, key: str = "", **more: object) -> Statement:
    return Statement(
        name,
        key or f"{name}-{start}",
        "Q100",
        "Q34600",
        "",
        start=PartialDate(start),
        **more,  # type: ignore[arg-type]
    )


CASES = [
    ("one value", [says("a", "1983")], ("1983", "only")),
    ("two that say the same", [says("a", "1983"), says("b", "1983")], ("1983", "only")),
    ("a finer one of a higher rank within it", [says("a", "1983"), says("b", "1983-06-03")], ("1983-06-03", "finer")),
    ("the lower rank of two that exclude each other", [says("b", "1982"), says("a", "1983")], ("1983", "rank")),
    ("a coarser one of lower rank keeps out what is not within it",
     [says("a", "1983"), says("b", "1984-01-01")], ("1983", "rank")),
    ("the finest of those within it", [says("a", "198X"), says("b", "1983"), says("b", "1983-06")],
     ("1983-06", "finer")),
    ("nothing tells them apart", [says("b", "1982"), says("b", "1983")], ("1982", "order")),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "found", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_date_is_chosen_by_rules(claim: str, found: list[Statement], expected: tuple[str, str]) -> None:
    for order in (found, found[::-1]):
        choice = choose_date(order, RANKED, lambda statement: statement.start)

        assert choice is not None
        assert (str(choice.value), choice.rule) == expected, claim


def directory(often: int) -> list[Statement]:
    """A directory that writes 2000 so often, and 1990 fifty times."""
    return [
        Statement("b", f"{year}-{n}", f"Q{n + 1}", "Q9999", "", start=PartialDate(year))
        for year, times in (("2000", often), ("1990", 50))
        for n in range(times)
    ]


def test_a_year_that_stands_for_an_unknown_one_is_told_by_its_frequency() -> None:
    assert placeholders(directory(101)) == {("b", "2000")}
    assert placeholders(directory(100)) == set()
    assert placeholders([says("b", "2000")]) == set()
    assert placeholders(replace(row, start=PartialDate(f"{row.start}?")) for row in directory(101)) == {("b", "2000?")}


def test_a_placeholder_year_never_wins_and_is_kept() -> None:
    result = resolved(*directory(101), says("by", "1989", "x"), states("Q1", "Q9999", start=PartialDate("1989-11-17")))
    shown = result.curated.agreements

    assert str(shown["q1--q9999"].start) == "1989-11-17"
    assert shown["q60--q9999"].start is None, "2000 alone is no date"
    assert sum(found.result == "placeholder" for found in result.differences) == 101
    assert sum(claim.value.startswith('"2000"') for claim in result.claims["b"]) == 101


def test_every_value_that_is_not_shown_is_noted_with_the_rule() -> None:
    result = resolved(
        says("a", "1983"), says("b", "1983-06-03"), says("b", "1982", kind="friendship"), says("by", "1979")
    )

    assert [(d.field, d.result, d.shown, d.stated, d.source, d.rule) for d in result.differences] == [
        ("start", "coarser", "1983-06-03", "1983", "a", "finer"),
        ("start", "conflict", "1983-06-03", "1979", "by", "licence"),
        ("start", "conflict", "1983-06-03", "1982", "b", "finer"),
    ]


def test_records_that_exclude_each_other_contradict_apart_from_other_licences() -> None:
    result = resolved(says("a", "1983"), says("b", "1982"), says("by", "1979"))
    record = "<https://w3id.org/twinld/id/record/"
    contradicts = "<https://w3id.org/twinld/ns#contradicts>"

    assert list(contradictions(result, SOURCES, None)) == [
        (f"{record}a/a-1983>", contradicts, f"{record}b/b-1982>"),
        (f"{record}b/b-1982>", contradicts, f"{record}a/a-1983>"),
    ]
    assert {triple[0] for triple in contradictions(result, SOURCES, "by")} == {
        f"{record}a/a-1983>", f"{record}by/by-1979>",
    }  # fmt: skip


def test_a_stated_status_is_shown_with_its_claim() -> None:
    result = resolved(says("b", "1975", status="ended"))

    assert [agreement.status for agreement in result.curated.agreements.values()] == ["ended"]
    assert [claim.value for claim in result.claims["b"] if claim.name == "status"] == [
        "<https://w3id.org/twinld/vocab/status-ended>"
    ]


def test_a_placeholder_is_told_by_all_rows_of_its_source_known_or_not() -> None:
    unknown = [
        Statement("b", f"{n}", f"b:place {n}", "b:nowhere", "", start=PartialDate("2000")) for n in range(60)
    ]  # fmt: skip
    result = resolved(*unknown, says("b", "2000"))

    assert [agreement.start for agreement in result.curated.agreements.values()] == [None]
    assert [found.result for found in result.differences] == ["placeholder"]


def test_a_claim_that_is_not_shown_says_why_in_the_graph_of_its_licence() -> None:
    result = resolved(says("a", "1983"), says("b", "1983-06-03"), says("b", "1982", kind="friendship"),
                      says("by", "1979"))  # fmt: skip
    claim = "<https://w3id.org/twinld/id/record/"

    def notes(owner: str | None) -> list[tuple[str, str]]:
        return [(s.removeprefix(claim), o) for s, p, o in kept(result, SOURCES, owner) if p.endswith("reviewNote>")]

    rule = "the finest date that lies within the one of the source of lowest rank"
    assert notes(None) == [
        ("a/a-1983#start>", f'"Coarser than the value shown, and not against it. Rule: {rule}."@en'),
        ("b/b-1982#start>", f'"Another value is shown. Rule: {rule}."@en'),
    ]
    assert notes("by") == [
        ("by/by-1979#start>",
         '"Another value is shown. Rule: a value under another licence never takes the place of a free one."@en'),
    ]  # fmt: skip
    assert {o for _, p, o in kept(result, SOURCES, None) if p.endswith("rank>")} == {
        "<https://w3id.org/twinld/vocab/rank-kept>"
    }


def test_all_themes_of_cc0_sources_are_facts() -> None:
    result = resolved(says("a", "1983", themes=("trade",)), says("b", "1983", themes=("culture", "trade")),
                      says("by", "1983", themes=("music",)))  # fmt: skip

    assert [agreement.themes for agreement in result.curated.agreements.values()] == [("culture", "trade")]
