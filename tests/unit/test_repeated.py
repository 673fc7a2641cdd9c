"""A page that stands in two tables is one source, and nothing that either table has of it is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.resolve_data import SOURCES, source, states
from twinld.dates import PartialDate
from twinld.model import Statement
from twinld.resolve import Decisions
from twinld.resolve.identity import Identity
from twinld.resolve.repeated import without_repeats

PAGE = "https://city.example/sisters"
WITH_PAGE = {**SOURCES, "page": replace(source("page", 7), kind="WebPage")}


def typed(**more: object) -> Statement:
    return states("Q100", "Q34600", "page", **{"locator": PAGE, "start": PartialDate("2011"), **more})


def transcribed(**more: object) -> Statement:
    given = {"locator": f"{PAGE} (row 7)", "start": PartialDate("2011"), "status": "ended", **more}
    return states("Q34600", "Q100", "b", **given)


def kept(*statements: Statement) -> list[Statement]:
    return without_repeats(statements, WITH_PAGE, Identity([], Decisions()))


def test_a_row_that_repeats_a_page_is_left_out_and_completes_it() -> None:
    row = transcribed(local_term="friendly-relations", themes=("sport",), end=PartialDate("2024"))

    assert kept(typed(), row) == [
        typed(local_term="friendly-relations", themes=("sport",), end=PartialDate("2024"), status="ended")
    ]
    assert kept(row, typed()) == kept(typed(), row)


def test_what_the_page_was_typed_with_stays() -> None:
    own = typed(local_term="sister-city", themes=("trade",), end=PartialDate("2020"), status="dormant")

    assert kept(own, transcribed(local_term="friendly-relations", themes=("sport",), end=PartialDate("2024"))) == [own]


@pytest.mark.parametrize(
    "other",
    [
        transcribed(relation=2),
        transcribed(start=PartialDate("2012")),
        transcribed(locator="https://city.example/other"),
        transcribed(locator=None),
        replace(transcribed(), obj="Q1"),
    ],
    ids=["relation", "date", "address", "no address", "place"],
)
def test_what_differs_is_a_statement_of_its_own(other: Statement) -> None:
    assert kept(typed(), other) == [typed(), other]


def test_two_pages_with_the_same_address_both_stay() -> None:
    assert kept(typed(), typed(kind="friendship")) == [typed(), typed(kind="friendship")]
