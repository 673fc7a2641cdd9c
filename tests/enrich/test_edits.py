"""Proposed edits keep every rule, and are offered once."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from twinld.enrich.contribute import LISTS, contribute
from twinld.enrich.evidence import Extract, Live, extract_of
from twinld.enrich.offers import Offer, read_offers, text_of, updated
from twinld.enrich.quickstatements import MOST, Edit, batches, line, proposed, report, table
from twinld.errors import SourceError

from .made import TODAY, URL, extract, live, made, one_sided_of, store_extract


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
    assert {row["name"] for row in index["files"]} >= {f"{name}.csv" for name in LISTS} | {
        "mismatches.csv",
        "mix-n-match.csv",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.weimar.de/partner", 1), ("https://de.wikipedia.org/wiki/Weimar", 0),
        ("http://wikidata.org/wiki/Q3955", 0), ("https://notwikipedia.org/", 1),
    ],
)  # fmt: skip
def test_a_page_that_may_repeat_wikidata_is_no_source(tmp_path: Path, url: str, expected: int) -> None:
    stored = extract_of(store_extract(tmp_path / "live", extract(live("Q1", "Q2", url=url))))

    assert len(proposed(stored, {("Q1", "Q2")}, TODAY)) == expected


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
