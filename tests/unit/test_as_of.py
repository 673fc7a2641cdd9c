"""Whether an agreement held on a day: in Python and in the query, which say the same."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.unit.resolve_data import DAY, SOURCES, resolved, states
from twinld.dates import PartialDate
from twinld.infer import infer
from twinld.infer.as_of import ANSWERS, held
from twinld.iris import agreement_iri
from twinld.mapping.write import TYPE, tw
from twinld.pipeline.graphs import given_of
from twinld.site.as_of import as_of
from twinld.store import open_store
from twinld.terms import date, edtf
from twinld.vocab import TWV

CASES = [
    ("nothing is known", None, None, None, "2016-06-30", "unknown"),
    ("long begun", "1959", None, None, "1990-01-01", "certain"),
    ("not yet begun", "1959", None, None, "1958-12-31", "no"),
    ("begins in that year", "1959", None, None, "1959-05-01", "possible"),
    ("ended before", "1992", "2004", None, "2016-06-30", "no"),
    ("ends in that year", "1992", "2016", None, "2016-06-30", "possible"),
    ("not yet ended", "1992", "2016", None, "2015-12-31", "certain"),
    ("only the end is known, before it", None, "2016", None, "2000-01-01", "possible"),
    ("only the end is known, after it", None, "2016", None, "2017-01-01", "no"),
    ("a point in time, then", None, None, "1991", "1991-07-01", "possible"),
    ("a point in time, on that day", None, None, "1991-07-01", "1991-07-01", "certain"),
    ("a point in time, later", None, None, "1991", "2000-01-01", "unknown"),
    ("a bond of 836", "0836", None, None, "1000-01-01", "certain"),
]


def test_what_ended_by_a_day_that_nobody_tells_is_never_certain() -> None:
    begun = PartialDate("1975")

    assert held(begun, None, None, "2000-01-01", over=True) == "possible"
    assert held(begun, None, None, "1970-01-01", over=True) == "no"
    assert held(None, None, None, "2000-01-01", over=True) == "unknown"


@pytest.mark.parametrize(("claim", "start", "end", "point", "day", "expected"), CASES, ids=[case[0] for case in CASES])
def test_an_agreement_held_as_far_as_its_dates_tell(
    claim: str, start: str | None, end: str | None, point: str | None, day: str, expected: str
) -> None:
    dates = (PartialDate(text) if text else None for text in (start, end, point))

    assert held(*dates, day) == expected, claim


def test_the_query_says_the_same_and_the_four_add_up_to_all(tmp_path: Path) -> None:
    known = [None, "1959", "1991-07", "1991-07-01", "2004"]
    lines, dates = [], []
    for number, (start, end, point) in enumerate(product(known, known, known)):
        if start and end and start > end:
            continue
        subject = f"<{agreement_iri(f'a-{number}')}>"
        lines.append(f"{subject} {TYPE} {tw('Agreement')} .")
        for name, text in (("start", start), ("end", end), ("date", point)):
            if text is not None:
                lines.append(f"{subject} {tw(name)} {edtf(text)} .")
                if name != "date":
                    lines.append(f"{subject} {tw(f'{name}Earliest')} {date(PartialDate(text).earliest or '')} .")
                    lines.append(f"{subject} {tw(f'{name}Latest')} {date(PartialDate(text).latest or '')} .")
        over = number % 2 == 1
        if over:
            lines.append(f"{subject} {tw('status')} <{TWV}status-ended> .")
        dates.append((*(PartialDate(text) if text else None for text in (start, end, point)), over))
    path = tmp_path / "all.nt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    store = open_store(path)
    try:
        for day in ("1958-01-01", "1959-06-30", "1991-07-01", "1991-07-31", "2004-06-30", "2020-01-01"):
            found = as_of(store, day)
            answers = [held(*three, day, over=over) for *three, over in dates]

            assert tuple(answers.count(name) for name in ANSWERS) == (
                found.certain, found.possible, found.no, found.unknown,
            ), day  # fmt: skip
            assert found.all == len(dates)
    finally:
        store.close()


@pytest.mark.parametrize("text", ["1990", "1990-02-30", "yesterday"])
def test_what_is_no_day_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "none.nt"
    path.write_text("")
    with pytest.raises(ValueError, match=r"is not a da|has 28 days"):
        as_of(open_store(path), text)


def test_what_has_ended_by_an_unknown_day_is_no_twinning_now_and_has_no_phase() -> None:
    result = resolved(states("Q100", "Q34600", start=PartialDate("1975"), status="ended"))
    triples = list(infer(given_of(result, SOURCES, None, DAY)))

    assert {value for _, predicate, value in triples if predicate == tw("status")} == {f"<{TWV}status-ended>"}
    assert {predicate for _, predicate, _ in triples} & {tw("twinnedWith"), tw("phase")} == set()
    assert tw("hasBeenTwinnedWith") in {predicate for _, predicate, _ in triples}
