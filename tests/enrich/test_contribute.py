"""Worklists say what the extracts show; edits keep every rule and are offered once."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from twinld.enrich import Offline
from twinld.enrich.contribute import LISTS, MISMATCH, contribute, worklists
from twinld.enrich.evidence import Extract, Known, Live, Said, confirm, exclusive_items, extract_of, known_of
from twinld.enrich.offers import Offer, read_offers, text_of, updated
from twinld.enrich.onesided import ASK, CLASSES, Case, classified
from twinld.enrich.quickstatements import MOST, Edit, batches, line, proposed, report, table
from twinld.errors import SourceError
from twinld.layout import FILES
from twinld.store import open_store
from twinld.vocab import BASE

from .rdf_model import Fact, Item
from .test_extract import extracted
from .wikidata import Wikidata

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
URL = "https://www.example.org/partners"


@pytest.fixture(scope="module")
def known(release: Path) -> Known:
    store = open_store(release)
    found = known_of(store, BASE)
    store.close()
    return found


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


def said(one: str, other: str, source: str = "crawl", side: str = "x") -> Said:
    return Said(
        f"{source}/{one}-{other}", source, (one, other), f"agreement/{min(one, other)}--{max(one, other)}", side, False
    )


def small(**more: object) -> Known:
    """Q1 names Q2, which does not answer; Q2 names Q3."""
    known = Known(
        said=[said("Q1", "Q2", side="a"), said("Q2", "Q3", side="b"), said("Q3", "Q2", side="c")],
        names={"Q1": "A", "Q2": "B", "Q3": "C"},
        unanswered=[("agreement/Q1--Q2", "b")],
    )
    for name, value in more.items():
        setattr(known, name, value)
    return known


def extract(*rows: Live, days: int = 0) -> Extract:
    found = Extract(day="2026-11-22")
    for row in rows:
        found.statements.setdefault(row.pair, []).append(row)
        for item in row.pair:
            found.retrieved[item] = f"{TODAY - timedelta(days=days)}T12:00:00Z"
    return found


def live(
    one: str, other: str, *, start: str = "", end: str = "", rank: str = "", more: str = "", url: str = URL
) -> Live:
    references = ((url, "2026-05-04"),) if url else ()
    return Live((one, other), f"{one}$GUID-{other}", rank, start, end, more, references, bool(url))


KINDS = [
    ({}, Extract(), "other-partners"),
    ({}, extract(live("Q1", "Q2")), "plausible"),
    ({}, extract(live("Q1", "Q2", url="")), "other-partners"),
    ({}, extract(live("Q1", "Q2", rank="deprecated")), "deprecated"),
    ({"dates": {("Q1--Q2", "end"): {"2016": ["crawl/x"]}}}, Extract(), "ended"),
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


# ------------------------------------------------------------------------------------------------------- edits


def edits(*rows: Live, plausible: set[tuple[str, str]] = frozenset(), days: int = 0) -> list[str]:  # type: ignore[assignment]
    return [line(edit) for edit in proposed(extract(*rows, days=days), set(plausible), TODAY)]


REF = f'S854\t"{URL}"\tS813\t+2026-05-04T00:00:00Z/11'
PROPOSED = [
    ("a reciprocal", [live("Q1", "Q2")], [f"Q2\tP190\tQ1\t{REF}"]),
    ("with its start", [live("Q1", "Q2", start="1983")], [f"Q2\tP190\tQ1\tP580\t+1983-00-00T00:00:00Z/9\t{REF}"]),
    ("with a month", [live("Q1", "Q2", start="1967-01")], [f"Q2\tP190\tQ1\tP580\t+1967-01-00T00:00:00Z/10\t{REF}"]),
    ("no reference", [live("Q1", "Q2", url="")], []),
    ("ended", [live("Q1", "Q2", end="2016")], []),
    ("ended, nobody knows when", [live("Q1", "Q2", more="P582=somevalue")], []),
    ("deprecated", [live("Q1", "Q2", rank="deprecated")], []),
    ("deprecated on the other side", [live("Q1", "Q2"), live("Q2", "Q1", rank="deprecated")], []),
    (
        "a start",
        [live("Q1", "Q2", start="1989-11-17"), live("Q2", "Q1")],
        [f"Q2\tP190\tQ1\tP580\t+1989-11-17T00:00:00Z/11\t{REF}"],
    ),
    (
        "a start that is known to be unknown",
        [live("Q1", "Q2", start="1989"), live("Q2", "Q1", more="P580=somevalue")],
        [],
    ),
    ("two starts that exclude each other", [live("Q1", "Q2", start="1989"), live("Q2", "Q1", start="1990")], []),
    ("a more exact start", [live("Q1", "Q2", start="1989-11"), live("Q2", "Q1", start="1989")], []),
    ("a Julian start", [live("Q1", "Q2", start="1500"), live("Q2", "Q1")], []),
    ("marked as Julian", [live("Q1", "Q2", start="1700", more="P580.calendar=Q1985786"), live("Q2", "Q1")], []),
    ("a decade", [live("Q1", "Q2", start="198X"), live("Q2", "Q1")], []),
    (
        "an end",
        [live("Q1", "Q2", end="2016"), live("Q2", "Q1", start="1990", url="")],
        [f"Q2\tP190\tQ1\tP582\t+2016-00-00T00:00:00Z/9\t{REF}"],
    ),
    (
        "an end before the start",
        [live("Q1", "Q2", end="1980"), live("Q2", "Q1", start="1990", url="https://b.example/")],
        [],
    ),
    ("a reference", [live("Q1", "Q2"), live("Q2", "Q1", url="")], [f"Q2\tP190\tQ1\t{REF}"]),
    ("two statements on the other side", [live("Q1", "Q2", start="1989"), live("Q2", "Q1"), live("Q2", "Q1")], []),
]


@pytest.mark.parametrize(("name", "rows", "expected"), PROPOSED, ids=[row[0] for row in PROPOSED])
def test_an_edit_is_proposed_only_when_everything_holds(name: str, rows: list[Live], expected: list[str]) -> None:
    assert edits(*rows, plausible={("Q1", "Q2")}) == expected


def test_a_reciprocal_needs_to_be_plausible() -> None:
    assert edits(live("Q1", "Q2")) == []


@pytest.mark.parametrize(("days", "expected"), [(0, 1), (7, 1), (8, 0), (-1, 0)])
def test_items_have_to_be_read_within_seven_days(days: int, expected: int) -> None:
    assert len(edits(live("Q1", "Q2"), plausible={("Q1", "Q2")}, days=days)) == expected


def test_several_references_are_several_groups_and_a_bar_ends_no_value() -> None:
    edit = Edit(
        "reciprocal", "Q2", "Q1", (), (("https://a.example/?x|y", "2020-01-02"), ("https://b.example/", "2021"))
    )

    assert line(edit) == (
        'Q2\tP190\tQ1\tS854\t"https://a.example/?x%7Cy"\tS813\t+2020-01-02T00:00:00Z/11'
        '\t!S854\t"https://b.example/"\tS813\t+2021-00-00T00:00:00Z/9'
    )
    assert table([edit]).splitlines()[1:] == [
        'Q2,Q1,,,"""https://a.example/?x%7Cy""",+2020-01-02T00:00:00Z/11',
        'Q2,Q1,,,"""https://b.example/""",+2021-00-00T00:00:00Z/9',
    ]


LINE = re.compile(
    r"Q[1-9]\d*\tP190\tQ[1-9]\d*(\tP58[02]\t\+\d{4}-\d\d-\d\dT00:00:00Z/(9|10|11)){0,2}"
    r'\tS854\t"https?://[^"|\s]+"\tS813\t\+\d{4}-\d\d-\d\dT00:00:00Z/11'
    r'(\t!S854\t"https?://[^"|\s]+"\tS813\t\+\d{4}-\d\d-\d\dT00:00:00Z/11)*'
)


def made(count: int) -> tuple[Extract, set[tuple[str, str]]]:
    """A referenced set: pairs with a start on one side, or without the other side, with one or two references."""
    rows, plausible = [], set()
    for number in range(1, count + 1):
        one, other = f"Q{10 * number}", f"Q{10 * number + 1}"
        row = live(one, other, start=("1983", "1967-01", "1989-11-17")[number % 3], url=f"{URL}?n={number}|x")
        if number % 4 == 1:
            row = replace(row, references=(*row.references, ("https://b.example/", "2020-01-01")))
        if number % 2:
            plausible.add((one, other))
        else:
            rows.append(live(other, one, url=""))
        rows.append(row)
    return extract(*rows), plausible


def test_a_hundred_edits_of_a_referenced_set_keep_every_rule(tmp_path: Path) -> None:
    stored, plausible = made(100)
    found = proposed(stored, plausible, TODAY)

    assert len(found) == 100
    assert Counter(edit.kind for edit in found) == {"reciprocal": 50, "start": 50}
    for edit in found:
        assert LINE.fullmatch(line(edit)), line(edit)
        assert "|" not in line(edit)
        standing = stored.statements.get((edit.item, edit.value), [])
        assert bool(standing) == (edit.kind == "start")
        assert stored.statements[edit.value, edit.item][0].references == edit.references
    assert [len(batch) for _, batch in batches(found)] == [MOST, MOST]
    assert "https://www.wikidata.org/wiki/Wikidata:Bots" in report(found[:MOST], "start-001", {}, "2026-11-22")


# ---------------------------------------------------------------------------------------------- once, and never twice


def store_extract(folder: Path, found: Extract) -> Path:
    """An extract on disk with these statements."""
    folder.mkdir(parents=True)
    rows: dict[str, list[tuple[str, ...]]] = {"statements.csv": [], "references.csv": [], "revisions.csv": []}
    for pair, statements in found.statements.items():
        for row in statements:
            rows["statements.csv"].append((*pair, row.guid, row.rank, row.start, row.end, "", row.qualifiers))
            for number, (url, read) in enumerate(row.references):
                rows["references.csv"].append((pair[0], row.guid, f"r{number}", "P813", read))
                rows["references.csv"].append((pair[0], row.guid, f"r{number}", "P854", url))
    rows["revisions.csv"] = [(item, "read", "1", "", moment, "0") for item, moment in found.retrieved.items()]
    for name, lines in rows.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(FILES[name])
            writer.writerows(sorted(lines, key=lambda line: int(line[0][1:])))
    (folder / "source.toml").write_text('extracted = "2026-11-22"\n')
    return folder


def one_sided_of(stored: Extract, plausible: set[tuple[str, str]]) -> Known:
    """A release in which the plausible pairs are one-sided."""
    known = Known(unanswered=[])
    for one, other in sorted(plausible):
        known.said += [said(one, other, side=one), said(other, "Q5", side=other)]
        known.unanswered.append((f"agreement/{min(one, other)}--{max(one, other)}", other))
    return known


def test_running_twice_offers_nothing_twice(tmp_path: Path) -> None:
    stored, plausible = made(100)
    folder = store_extract(tmp_path / "wikidata-live", stored)
    known, ledger, out = one_sided_of(stored, plausible), tmp_path / "contributions.csv", tmp_path / "out"
    first = contribute(known, extract_of(folder), {}, ledger, out, TODAY)
    files = sorted(path.name for path in (out / "quickstatements").iterdir())
    index = json.loads((out / "index.json").read_text())
    before = ledger.read_text()
    second = contribute(known, extract_of(folder), {}, ledger, out, TODAY)

    assert (first.offered, second.offered) == (100, 0)
    assert files == [
        f"2026-11-22-{kind}-001.{suffix}" for kind in ("reciprocal", "start") for suffix in ("csv", "md", "qs")
    ]
    assert ledger.read_text() == before
    assert len(read_offers(ledger)) == 100
    assert list((out / "quickstatements").iterdir()) == []
    assert {row["name"] for row in index["files"]} >= {f"{name}.csv" for name in LISTS} | {"mismatches.csv"}


def offer(state: str, kind: str = "reciprocal") -> Offer:
    return Offer(f"{kind} Q2 P190 Q1", kind, "Q2", "Q1", "", URL, "2026-11-01", state, "2026-11-01", "x.qs")


SHOWN, GONE = extract(live("Q2", "Q1", start="1989")), extract(live("Q2", "Q9"))
LIFE = [
    ("offered", SHOWN, "applied"),
    ("offered", GONE, "offered"),
    ("applied", SHOWN, "applied"),
    ("applied", GONE, "reverted"),
    ("reverted", SHOWN, "reverted"),
    ("reverted", GONE, "reverted"),
    ("applied", Extract(), "applied"),
]


@pytest.mark.parametrize(("state", "stored", "expected"), LIFE)
@pytest.mark.parametrize("kind", ["reciprocal", "start", "reference"])
def test_an_offer_closes_itself_and_a_reverted_one_stays_closed(
    kind: str, state: str, stored: Extract, expected: str
) -> None:
    (after,) = updated([offer(state, kind)], stored, "2026-11-22")

    assert after.state == expected
    assert after.state_on == ("2026-11-01" if state == expected else "2026-11-22")


def test_a_bad_ledger_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "contributions.csv"
    path.write_text(text_of([offer("offered")]).replace(",offered,", ",lost,"))

    with pytest.raises(
        SourceError, match=r"contributions.csv:2: 'lost' is not a state; write offered, applied, reverted"
    ):
        read_offers(path)


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
