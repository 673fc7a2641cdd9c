"""Matching places without items, on the labelled sample of real records (tests/data/matching)."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from tests.bench.matching import SAMPLE, STRATA, tallies, total, wilson


def test_the_sample_is_large_and_stratified() -> None:
    with (SAMPLE / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len({(row["source"], row["record"]) for row in rows}) == len(rows) == 850
    assert Counter(row["stratum"] for row in rows if row["place"]) == {
        "plain": 370, "exonym": 180, "homonym": 110, "municipality": 50, "non-Latin": 70,
    }  # fmt: skip


@pytest.mark.long
def test_automatic_matches_are_right_and_most_pairs_are_found() -> None:
    whole = total(tallies().values())

    assert whole.pairs == 780
    assert whole.right / whole.automatic >= 0.995, whole.wrong
    assert whole.right / whole.pairs >= 0.90


@pytest.mark.long
@pytest.mark.parametrize("stratum", [name for name in STRATA if name != "absent"])
def test_no_stratum_is_matched_wrongly_more_than_once(stratum: str) -> None:
    tally = tallies()[stratum]

    assert len(tally.wrong) <= 1, tally.wrong
    assert tally.right >= 30


def test_the_interval_of_a_share_is_that_of_wilson() -> None:
    low, high = wilson(9, 10)

    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
