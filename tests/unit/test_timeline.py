"""The timeline of a place: which span a date of each precision is drawn as, exactly."""

from __future__ import annotations

import pytest

from twinld.site.partners import Partner
from twinld.site.things import OPEN, Named
from twinld.site.timeline import NAMES, WIDTH, Bar, timeline, years

RELEASE = "2020-01-01"
LEFT, RIGHT = float(NAMES), float(WIDTH - 8)


def row(name: str, since: str = "", until: str = "", date: str = "", status: str = "presumed active") -> Partner:
    partner = Named(f"https://w3id.org/twinld/id/place/{name.lower()}", name, "en")
    return Partner(f"x:{name}", (partner,), None, "", since, until, date, status, "both", None, (), OPEN)


def at(year: float, first: int = 1980, last: int = 2021) -> float:
    return round(LEFT + (year - first) / (last - first) * (RIGHT - LEFT), 1)


def spans(bar: Bar) -> list[tuple[str, float, float]]:
    return [(span.kind, span.x, round(span.x + span.width, 1)) for span in bar.spans]


def test_undated_agreements_are_counted_and_not_drawn() -> None:
    line = timeline([row("A"), row("B", "1980"), row("C")], RELEASE)

    assert line is not None
    assert (line.dated, line.of, [bar.name for bar in line.bars]) == (1, 3, ["B"])
    assert timeline([row("A")], RELEASE) is None
    assert timeline([], RELEASE) is None


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"since": "1990"}, [("begin", 1990, 1991), ("sure", 1991, 2020)]),
        ({"since": "199X"}, [("begin", 1990, 2000), ("sure", 2000, 2020)]),
        ({"since": "1990", "until": "2000"}, [("begin", 1990, 1991), ("sure", 1991, 2000), ("end", 2000, 2001)]),
        ({"since": "1990", "status": "ended"}, [("begin", 1990, 1991), ("maybe", 1991, 2020)]),
        ({"until": "2000", "status": "ended"}, [("maybe", 1980, 2000), ("end", 2000, 2001)]),
        ({"date": "2000"}, [("point", 2000, 2001)]),
        ({"since": "../1990"}, [("begin", 1980, 1991), ("sure", 1991, 2020)]),
        ({"since": "1990~"}, [("begin", 1990, 1991), ("sure", 1991, 2020)]),
    ],
)
def test_a_date_is_drawn_as_the_span_that_it_can_mean(
    dates: dict[str, str], expected: list[tuple[str, float, float]]
) -> None:
    line = timeline([row("first", "1980"), row("other", **dates)], RELEASE)

    assert line is not None
    bar = next(bar for bar in line.bars if bar.name == "other")
    drawn, wanted = spans(bar), [(kind, at(one), at(other)) for kind, one, other in expected]
    assert [kind for kind, *_ in drawn] == [kind for kind, *_ in wanted]
    assert [x for _, *pair in drawn for x in pair] == pytest.approx([x for _, *pair in wanted for x in pair], abs=0.2)


def test_a_day_can_be_seen_and_begins_where_it_lies() -> None:
    line = timeline([row("first", "1980"), row("A", "1990-03-01")], RELEASE)

    assert line is not None
    begin, sure = line.bars[1].spans
    assert (begin.kind, begin.x, begin.width) == ("begin", at(1990 + 2 / 12), 2.0)
    assert sure.kind == "sure"


def test_the_earliest_comes_first_and_years_have_round_ticks() -> None:
    line = timeline([row("B", "1983"), row("A", "0836"), row("C", "1983")], RELEASE)

    assert line is not None
    assert [bar.name for bar in line.bars] == ["A", "B", "C"]
    assert [bar.y for bar in line.bars] == [24, 46, 68]
    assert [year for year, _ in line.ticks] == [800, 1000, 1200, 1400, 1600, 1800, 2000]
    assert line.ticks[0][1] == LEFT
    assert line.height == 24 + 3 * 22 + 4


def test_nothing_is_drawn_beside_the_scale() -> None:
    line = timeline([row("A", "-0044", "2050"), row("B", "", "1900"), row("C", "2019-12-31")], RELEASE)

    assert line is not None
    for bar in line.bars:
        for span in bar.spans:
            assert span.x >= LEFT
            assert span.x + span.width <= WIDTH


def test_a_long_name_is_cut_and_a_single_year_has_a_scale() -> None:
    line = timeline([row("A" * 50, "2020")], "2020-06-01")

    assert line is not None
    assert line.bars[0].name == "A" * 29 + "…"
    assert [year for year, _ in line.ticks] == [2020, 2021]


def test_without_a_release_the_scale_ends_with_the_last_date() -> None:
    line = timeline([row("A", "1990"), row("B", "2000")], "")

    assert line is not None
    assert [year for year, _ in line.ticks] == [1990, 1992, 1994, 1996, 1998, 2000]
    assert spans(line.bars[1])[-1][2] == RIGHT


def test_days_as_years() -> None:
    assert (years("1989-07-01"), years("2000-12-31", late=True)) == (1989.5, 2001.0)
