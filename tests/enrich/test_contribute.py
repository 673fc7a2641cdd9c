"""Worklists say what the extracts show, and each one-sided case is of one class."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from twinld.enrich import Offline
from twinld.enrich.contribute import MISMATCH, contribute, worklists
from twinld.enrich.evidence import Extract, Known, confirm, exclusive_items, extract_of, known_of
from twinld.enrich.onesided import ASK, CLASSES, Case, classified
from twinld.queries import query
from twinld.store import Store, open_store
from twinld.vocab import BASE, ID

from .made import TODAY, extract, live, made, said, small, store_extract
from .rdf_model import Fact, Item
from .test_extract import extracted
from .wikidata import Wikidata

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def known(store: Store) -> Known:
    return known_of(store, BASE)


@pytest.fixture(scope="module")
def cases(known: Known) -> list[Case]:
    return classified(known, Extract(), exclusive_items(ROOT / "data" / "curated" / "exclusive.csv"))


# ----------------------------------------------------------------------------------------------- the 540 cases


def test_each_of_the_540_one_sided_cases_has_one_class(cases: list[Case]) -> None:
    assert Counter(case.kind for case in cases) == {
        "deprecated": 1, "exclusive": 5, "sister-item": 55, "other-level": 2, "side-unknown": 175, "plausible": 132,
        "other-partners": 170,
    }  # fmt: skip
    assert len(cases) == len({case.pair for case in cases}) == 540
    assert all(case.evidence for case in cases)


def test_the_counts_that_the_extracts_show(cases: list[Case]) -> None:
    assert sum(case.object_statements == 0 for case in cases) == 203
    assert sum(bool(case.sister) for case in cases) == 55


def test_the_sister_items_of_all_one_sided_statements(known: Known, store: Store) -> None:
    """The crawl has 624 and 58. One is none any more: in the answers of 2017 Manchester answers Amsterdam."""
    rows = store.select(query("one_sided", BASE))
    sides = {(row["agreement"].value, row["unanswered"].value) for row in rows}
    every = sorted((one.removeprefix(ID), place.removeprefix(f"{ID}place/")) for one, place in sides)
    cases = classified(replace(known, unanswered=every), Extract(), {})

    assert len(cases) == 623
    assert sum(bool(case.sister) for case in cases) == 57


def test_a_hundred_cases_that_were_read_one_by_one_have_the_class_that_was_judged(cases: list[Case]) -> None:
    """tests/data/one-sided/read.csv: `doubtful` is a class that its rule gives and that what is known outside of the
    extracts speaks against; the note says what.
    """
    read = rows_of(ROOT / "tests" / "data" / "one-sided" / "read.csv")
    kinds = {case.pair: case.kind for case in cases}

    assert len({(row["item"], row["about"]) for row in read}) == 100
    assert [(row["item"], row["about"]) for row in read if kinds[row["item"], row["about"]] != row["class"]] == []
    assert Counter(row["class"] for row in read) == {
        "deprecated": 1, "exclusive": 5, "sister-item": 20, "other-level": 2, "side-unknown": 22, "plausible": 25,
        "other-partners": 25,
    }  # fmt: skip
    assert Counter(row["verdict"] for row in read) == {"holds": 92, "doubtful": 8}
    assert all(bool(row["note"]) == (row["verdict"] == "doubtful") for row in read)


def by_pair(cases: list[Case], one: str, other: str) -> Case:
    return next(case for case in cases if case.pair == (one, other))


SINGLE_CASES = [
    ("Q2861", "Q52502", "deprecated", "refuted in graph review"),
    ("Q5112", "Q2211", "side-unknown", "no statement of the other side"),  # Malmö's stand on Q503361, without Adelaide
    ("Q64", "Q90", "exclusive", "Paris and Rome call themselves each other's only twin"),
]


@pytest.mark.parametrize(("one", "other", "kind", "evidence"), SINGLE_CASES)
def test_a_single_case_has_its_class(cases: list[Case], one: str, other: str, kind: str, evidence: str) -> None:
    case = by_pair(cases, one, other)

    assert case.kind == kind
    assert case.evidence.startswith(evidence)


def test_what_no_extract_can_tell_is_asked_of_the_live_service_with_the_query_to_run(cases: list[Case]) -> None:
    assert {(case.merged, case.referenced) for case in cases} == {(ASK, ASK)}
    assert all(f"(wd:{case.pair[0]} wd:{case.pair[1]})" in case.query for case in cases)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_other_sources_date_is_missing_from_the_statements_that_are_not_known_to_have_it(
    known: Known, tmp_path: Path
) -> None:
    lists = worklists(known, Extract(), {}, tmp_path / "lists")
    starts = {(row["item"], row["about"]): row for row in rows_of(tmp_path / "lists" / "missing-start.csv")}
    ends = {(row["item"], row["about"]) for row in rows_of(tmp_path / "lists" / "missing-end.csv")}

    assert lists.counts["missing-start"] == len(starts) > 100
    assert ("Q64", "Q9005") not in starts, "Berlin's own statement has the start"
    assert starts["Q9005", "Q64"]["found"] == "1992-06-01"
    assert "(wd:Q9005 wd:Q64)" in starts["Q9005", "Q64"]["query"]
    assert starts["Q3141", "Q100"]["evidence"].startswith("1985: bostoday/q100-q3141")
    assert ends == {("Q2801", "Q157725"), ("Q5168", "Q1899")}, "what Wikidata's own statement says has ended"
    assert {(row["item"], row["about"]) for row in rows_of(tmp_path / "lists" / "missing-pair.csv")} >= {
        ("Q10686", "Q100"), ("Q211563", "Q100"), ("Q100", "Q3751"),
    }  # fmt: skip


def test_the_rows_of_a_list_have_one_order_also_where_only_their_evidence_differs(known: Known, tmp_path: Path) -> None:
    worklists(known, Extract(), {}, tmp_path / "lists")
    rows = [tuple(row.values()) for row in rows_of(tmp_path / "lists" / "settlement-or-municipality.csv")]
    about = Counter(row[:4] for row in rows)

    assert max(about.values()) > 1, "one item of which two statements tell the same doubt"
    assert rows == sorted(rows)


def test_a_statement_of_the_extract_lacks_a_date_only_when_it_has_none(tmp_path: Path) -> None:
    dates = {("Q1--Q2", "start"): {"1967": ["page/1"]}}
    for row, missing in (
        (live("Q1", "Q2"), 1),
        (live("Q1", "Q2", start="1966"), 0),
        (live("Q1", "Q2", more="P580=somevalue"), 0),
        (live("Q1", "Q2", rank="deprecated"), 0),
        (live("Q2", "Q3"), 0),
    ):
        lists = worklists(small(dates=dates), extract(row), {}, tmp_path / "lists")

        assert lists.counts["missing-start"] == missing


KINDS = [
    ({}, Extract(), "other-partners"),
    ({}, extract(live("Q1", "Q2")), "plausible"),
    ({}, extract(live("Q1", "Q2", url="")), "other-partners"),
    ({}, extract(live("Q1", "Q2", rank="deprecated")), "deprecated"),
    ({"dates": {("Q1--Q2", "end"): {"2016": ["crawl/x"]}}}, Extract(), "ended"),
    ({}, extract(live("Q1", "Q2", end="2016")), "ended"),
    ({}, extract(live("Q1", "Q2", more="P582=somevalue")), "ended"),
    ({"countries": {"Q2"}}, Extract(), "other-level"),
    ({"countries": {"Q1", "Q2"}}, Extract(), "other-partners"),
    ({"names": {"Q1": "A", "Q2": "Präfektur B"}}, Extract(), "other-partners"),
    ({"names": {"Q1": "Landkreis A", "Q2": "Präfektur B"}}, Extract(), "other-level"),
    (
        {"names": {"Q1": "A", "Q2": "B", "Q9": "B"}, "said": [*small().said, said("Q9", "Q1", side="d")]},
        Extract(), "sister-item",
    ),
    ({"said": [said("Q1", "Q2", side="a"), said("Q3", "Q1", side="c")]}, Extract(), "side-unknown"),
    ({"said": [*small().said, said("Q1", "Q2", "links", side="")]}, Extract(), "plausible"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "stored", "expected"), KINDS, ids=[f"{n} {row[2]}" for n, row in enumerate(KINDS)])
def test_a_class_rests_on_its_evidence(more: dict[str, object], stored: Extract, expected: str) -> None:
    (case,) = classified(small(**more), stored, {})

    assert case.kind == expected
    assert case.kind in CLASSES


def test_what_the_live_extract_knows_is_not_asked_again() -> None:
    stored = extract(live("Q1", "Q2", url=""))
    stored.redirects["Q2"] = "Q77"
    (case,) = classified(small(), stored, {})

    assert (case.merged, case.referenced) == ("redirects to Q77", "no")


# ---------------------------------------------------------------------------------------------------- worklists


def test_contradictions_are_in_the_form_of_the_mismatch_finder(tmp_path: Path) -> None:
    stored = extract(live("Q1", "Q2", start="1990"))
    known = small(dates={("Q1--Q2", "start"): {"1989": ["crawl/x"]}})
    contribute(known, stored, {}, tmp_path / "l.csv", tmp_path / "out", TODAY)
    with (tmp_path / "out" / "mismatches.csv").open(newline="") as file:
        header, *found = list(csv.reader(file))

    assert tuple(header) == MISMATCH
    url = "https://w3id.org/twinld/id/agreement/Q1--Q2"
    assert found == [["Q1", "Q1$GUID-Q2", "P580", "1990", "", "1989", url, "qualifier"]]


def test_places_without_an_item_are_in_the_form_that_mix_n_match_imports(known: Known, tmp_path: Path) -> None:
    worklists(known, Extract(), {}, tmp_path / "lists", "https://example.org/")
    with (tmp_path / "lists" / "mix-n-match.csv").open(encoding="utf-8", newline="") as file:
        header, *found = list(csv.reader(file))
    by_id = {row[0]: row for row in found}
    sources = Counter(row[0].split("/")[1] for row in found if row[0].startswith("record/"))

    assert header == ["id", "name", "desc", "url", "type", "q"]
    assert len(by_id) == len(found) == len(known.unmatched)
    assert by_id["place/new-england"][1:4] == ["New England", "", "https://example.org/id/place/new-england"]
    assert by_id["record/wdqs-2017/armsheim-germany-26dea2d1"][1:] == [
        "Armsheim", "Germany, wdqs-2017", "https://example.org/id/record/wdqs-2017/armsheim-germany-26dea2d1", "", "",
    ]  # fmt: skip
    assert set(sources) == {"transcribed", "wdqs-2017", "wdqs-2023"}, "no source whose facts are not free"
    assert sources["wdqs-2017"] > 4000


def test_the_extract_is_read_as_it_was_stored(tmp_path: Path) -> None:
    stored, _ = made(10)
    found = extract_of(store_extract(tmp_path / "live", stored))

    assert found.statements == stored.statements
    assert found.retrieved == stored.retrieved
    assert set(found.revisions.values()) == {1}
    assert extract_of(tmp_path / "nothing") == Extract()


def test_an_item_that_is_unchanged_counts_as_read_again(tmp_path: Path) -> None:
    wikidata = Wikidata()
    for number in (1, 2, 3):
        wikidata.entity(f"Q{number}")
    wikidata.add(Fact("Q1", "P190", Item("Q2")))
    wikidata.add(Fact("Q3", "P190", Item("Q1")))
    folder = extracted(wikidata, tmp_path, "Q1", "Q2", "Q3")
    wikidata.entity("Q2").revision = 2
    service = Offline(open_store(wikidata.write(tmp_path / "later.nt")), "a file")
    stored = extract_of(folder)
    confirmed = confirm(stored, service, "2026-12-24T00:00:00Z")
    service.close()

    assert confirmed == 2
    assert stored.retrieved == {
        "Q1": "2026-12-24T00:00:00Z",
        "Q2": "2026-11-22T12:00:00Z",
        "Q3": "2026-12-24T00:00:00Z",
    }
