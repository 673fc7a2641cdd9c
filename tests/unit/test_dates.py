import calendar
import re
from datetime import date

import pytest
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import example, given
from hypothesis import strategies as st

from twinld.dates import PartialDate, is_before, partial_date, years_before

# form, first day, last day, year, decade, precision, approximate
FORMS = [
    ("1962-01-22", "1962-01-22", "1962-01-22", 1962, 1960, "day", False),
    ("1962-01", "1962-01-01", "1962-01-31", 1962, 1960, "month", False),
    ("1962", "1962-01-01", "1962-12-31", 1962, 1960, "year", False),
    ("2000-02", "2000-02-01", "2000-02-29", 2000, 2000, "month", False),
    ("1900-02", "1900-02-01", "1900-02-28", 1900, 1900, "month", False),
    ("2000-02-29", "2000-02-29", "2000-02-29", 2000, 2000, "day", False),
    ("0836", "0836-01-01", "0836-12-31", 836, 830, "year", False),
    ("0000", "0000-01-01", "0000-12-31", 0, 0, "year", False),
    ("0000-02-29", "0000-02-29", "0000-02-29", 0, 0, "day", False),
    ("-0044", "-0044-01-01", "-0044-12-31", -44, -49, "year", False),
    ("-0044-03-15", "-0044-03-15", "-0044-03-15", -44, -49, "day", False),
    ("-0050", "-0050-01-01", "-0050-12-31", -50, -59, "year", False),
    ("Y17000", "17000-01-01", "17000-12-31", 17000, 17000, "year", False),
    ("Y-17001", "-17001-01-01", "-17001-12-31", -17001, -17009, "year", False),
    ("198X", "1980-01-01", "1989-12-31", None, 1980, "decade", False),
    ("000X", "0000-01-01", "0009-12-31", None, 0, "decade", False),
    ("-004X", "-0049-01-01", "-0040-12-31", None, -49, "decade", False),
    ("-000X", "-0009-01-01", "0000-12-31", None, -9, "decade", False),
    ("19XX", "1900-01-01", "1999-12-31", None, None, "century", False),
    ("-01XX", "-0199-01-01", "-0100-12-31", None, None, "century", False),
    ("1985-04-XX", "1985-04-01", "1985-04-30", 1985, 1980, "month", False),
    ("1985-XX", "1985-01-01", "1985-12-31", 1985, 1980, "year", False),
    ("1985-XX-XX", "1985-01-01", "1985-12-31", 1985, 1980, "year", False),
    ("2001-21", "2001-01-01", "2001-12-31", 2001, 2000, "season", False),
    ("2001-24", "2001-01-01", "2001-12-31", 2001, 2000, "season", False),
    ("1960~", "1960-01-01", "1960-12-31", 1960, 1960, "year", True),
    ("1984?", "1984-01-01", "1984-12-31", 1984, 1980, "year", True),
    ("2004-06-11%", "2004-06-11", "2004-06-11", 2004, 2000, "day", True),
    ("2004-06~", "2004-06-01", "2004-06-30", 2004, 2000, "month", True),
    ("198X~", "1980-01-01", "1989-12-31", None, 1980, "decade", True),
    ("1960/1991", "1960-01-01", "1991-12-31", None, None, "interval", False),
    ("1960-05~/1991-02-03", "1960-05-01", "1991-02-03", None, None, "interval", True),
    ("196X/19XX", "1960-01-01", "1999-12-31", None, None, "interval", False),
    ("1960/1960", "1960-01-01", "1960-12-31", None, None, "interval", False),
    ("-0044/0014", "-0044-01-01", "0014-12-31", None, None, "interval", False),
    ("-0100/-0044", "-0100-01-01", "-0044-12-31", None, None, "interval", False),
    ("9999/Y10000", "9999-01-01", "10000-12-31", None, None, "interval", False),
    ("../1960", None, "1960-12-31", None, None, "interval", False),
    ("1960/..", "1960-01-01", None, None, None, "interval", False),
]


@pytest.mark.parametrize(
    ("form", "earliest", "latest", "year", "decade", "precision", "approximate"),
    FORMS,
    ids=[row[0] for row in FORMS],
)
def test_a_form_means_these_days(form, earliest, latest, year, decade, precision, approximate):
    found = partial_date(form)

    assert found.edtf == str(found) == form
    assert (found.earliest, found.latest) == (earliest, latest)
    assert (found.year, found.decade) == (year, decade)
    assert (found.precision, found.approximate) == (precision, approximate)


PADDED = [("836", "0836"), (" 836 ", "0836"), ("7", "0007"), ("44", "0044"), ("\t1962-01\n", "1962-01")]


@pytest.mark.parametrize(("text", "expected"), PADDED, ids=[repr(row[0]) for row in PADDED])
def test_blanks_are_dropped_and_short_years_padded(text, expected):
    assert partial_date(text) == PartialDate(expected)


NO_DATE = "is not a date; write 1962-01-22, 1962-01, 1962, 196X, 19XX or 1960~"
NO_INTERVAL = "is not an interval; write 1960/1991, ../1960 or 1960/.."
NO_MONTH = "write 01 to 12 (or 21 to 24 for a season)"
REFUSED = [
    *[(text, f"{text!r} {NO_DATE}") for text in ("1962-1-22", "22.01.1962", "1962 01 22")],
    *[(text, f"{text!r} {NO_DATE}") for text in ("1962-01-22T00:00:00Z", "+1962", "12345", "XXXX", "1XXX")],
    *[(text, f"{text!r} {NO_DATE}") for text in ("196X?~", "~1960", "Y1700", "Y07000", "١٩٦٢", "..")],
    *[(text, f"{text!r} {NO_DATE}") for text in ("836~", "19620122", "1962-W03", "1960X", "{1960,1961}", "spring")],
    *[(text, f"{text.strip()!r} {NO_DATE}") for text in ("", "  ")],
    ("-0000", "'-0000': the year before 0001 is 0000, without a sign"),
    ("Y17000-01", "'Y17000-01' names a month of a year of more than four digits; write Y17000"),
    ("196X-05", "'196X-05' names a month of an unknown year; write 196X"),
    ("1985-XX-05", "'1985-XX-05' names a day of an unknown month; write 1985"),
    ("2001-21-03", "'2001-21-03' names a day of a season; write 2001-21"),
    ("1962-00", f"'1962-00': there is no month 00; {NO_MONTH}"),
    ("1962-13", f"'1962-13': there is no month 13; {NO_MONTH}"),
    ("2001-25", f"'2001-25': there is no month 25; {NO_MONTH}"),
    ("1962-02-30", "'1962-02-30': 1962-02 has 28 days"),
    ("2000-02-30", "'2000-02-30': 2000-02 has 29 days"),
    ("1962-04-31", "'1962-04-31': 1962-04 has 30 days"),
    ("1962-01-00", "'1962-01-00': 1962-01 has 31 days"),
    *[(text, f"{text!r} {NO_INTERVAL}") for text in ("1960/", "/1960", "/", "../..", "1960/1970/1980")],
    ("1991/1960", "'1991/1960' ends before it starts"),
    ("0014/-0044", "'0014/-0044' ends before it starts"),
    ("1960/1962-13", f"'1962-13': there is no month 13; {NO_MONTH}"),
    ("1960/May", f"'May' {NO_DATE}"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[repr(row[0]) for row in REFUSED])
def test_what_is_no_date_is_refused_with_what_would_be_right(text, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        partial_date(text)


# -------------------------------------------------------------------------------------- PyPI edtf as oracle


def xsd(days) -> str:
    """A day of edtf (a struct_time) as xsd:date."""
    year, month, day = days[:3]
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


@st.composite
def single_forms(draw) -> str:
    """A day, month, year, decade or century, with or without a mark."""
    number = draw(st.integers(-9999, 9999))
    year = f"{'-' if number < 0 else ''}{abs(number):04d}"
    month = draw(st.integers(1, 12))
    length = calendar.monthrange(2000 if calendar.isleap(number) else 2001, month)[1]
    day = draw(st.integers(1, length))
    unspecified = [f"{year}-{month:02d}-XX", f"{year}-XX", f"{year}-XX-XX"]
    if number < 0:  # edtf has their first and last day the wrong way round, see DIFFERENCES
        unspecified = []
    form = draw(
        st.sampled_from(
            [
                year,
                f"{year}-{month:02d}",
                f"{year}-{month:02d}-{day:02d}",
                *unspecified,
                f"{year[:-1]}X",
                f"{year[:-2]}XX",
            ]
        )
    )
    return form + draw(st.sampled_from(["", "?", "~", "%"]))


@given(single_forms())
@example("0000-02-29")
@example("-000X")
@example("-0004-02")
def test_edtf_means_the_same_days(form):
    theirs, ours = parse_edtf(form), partial_date(form)

    assert (ours.earliest, ours.latest) == (xsd(theirs.lower_strict()), xsd(theirs.upper_strict()))


@given(st.integers(10_000, 999_999), st.sampled_from(["Y", "Y-"]))
def test_edtf_means_the_same_long_years(number, sign):
    theirs, ours = parse_edtf(f"{sign}{number}"), partial_date(f"{sign}{number}")

    assert (ours.earliest, ours.latest) == (xsd(theirs.lower_strict()), xsd(theirs.upper_strict()))


def in_order(day: str) -> tuple[int, str]:
    """Something that sorts as days do: text does not, before year 0."""
    return int(day[:-6]), day[-5:]


@given(single_forms(), single_forms())
def test_edtf_means_the_same_intervals(first, last):
    form = f"{first}/{last}"
    try:
        ours = partial_date(form)
    except ValueError:  # edtf takes an interval that ends before it starts
        assert in_order(partial_date(first).earliest) > in_order(partial_date(last).latest)
        return

    assert ours.earliest == partial_date(first).earliest
    assert ours.latest == partial_date(last).latest
    if "X" not in form:  # edtf 5.0 fails on an unknown month or a marked decade in an interval
        theirs = parse_edtf(form)
        assert (ours.earliest, ours.latest) == (xsd(theirs.lower_strict()), xsd(theirs.upper_strict()))


# What differs, and why: (form, what edtf does, what we do); None is a refusal.
DIFFERENCES = [
    ("836", None, ("0836-01-01", "0836-12-31"), "a short year is padded: sources write it"),
    ("XXXX", ("0000-01-01", "9999-12-31"), None, "level 2; an unknown date is no date"),
    ("1985-XX-05", ("1985-01-05", "1985-12-05"), None, "level 2"),
    ("2001-21", ("2001-03-01", "2001-05-31"), ("2001-01-01", "2001-12-31"), "southern hemisphere"),
    ("1900-02-29", ("1900-02-29", "1900-02-29"), None, "there was no such day"),
    ("-0044-XX", ("-0044-12-01", "-0044-01-31"), ("-0044-01-01", "-0044-12-31"), "wrong way round"),
    ("1991/1960", ("1991-01-01", "1960-12-31"), None, "ends before it starts"),
    ("Y17000~", None, ("17000-01-01", "17000-12-31"), "a mark may follow every single date"),
    ("2001-21~", None, ("2001-01-01", "2001-12-31"), "a mark may follow every single date"),
]


@pytest.mark.parametrize(
    ("form", "theirs", "ours", "reason"), DIFFERENCES, ids=[f"{row[0]}: {row[3]}" for row in DIFFERENCES]
)
def test_edtf_differs_only_where_we_want_it(form, theirs, ours, reason):
    try:
        found = parse_edtf(form)
        assert (xsd(found.lower_strict()), xsd(found.upper_strict())) == theirs
    except EDTFParseException:
        assert theirs is None
    try:
        mine = partial_date(form)
        assert (mine.earliest, mine.latest) == ours
    except ValueError:
        assert ours is None


# ---------------------------------------------------------------------------------------------- days before


YEARS_BEFORE = [
    ("2022-11-30", 3, "2019-11-30"),
    ("2024-02-29", 3, "2021-02-28"),
    ("2024-02-29", 4, "2020-02-29"),
    ("0002-05-06", 5, "-0003-05-06"),
    ("-0044-03-15", 1, "-0045-03-15"),
    ("17000-01-01", 1, "16999-01-01"),
]


@pytest.mark.parametrize(("day", "years", "expected"), YEARS_BEFORE)
def test_years_before(day, years, expected):
    assert years_before(day, years) == expected


@given(st.dates(min_value=date(5, 1, 1)), st.integers(0, 4))
def test_years_before_agrees_with_the_calendar(day, years):
    try:
        expected = day.replace(year=day.year - years)
    except ValueError:
        expected = day.replace(year=day.year - years, day=28)

    assert years_before(day.isoformat(), years) == expected.isoformat()


@given(single_forms())
def test_every_form_lies_within_its_decade(form):
    found = partial_date(form)

    if found.decade is not None:
        assert found.decade <= int(found.earliest[:-6])
        assert int(found.latest[:-6]) <= found.decade + 9


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1958", "1959", True),
        ("1958-12-31", "1959", True),
        ("1959-01-01", "1959-01-01", False),
        ("1959", "1959-05", False),
        ("1959-05", "1959", False),
        ("1960", "1959", False),
        ("-0044", "0836", True),
        ("1959/..", "1990", False),
        ("1958", "../1990", False),
    ],
)
def test_a_date_is_before_another_when_all_its_days_are(one: str, other: str, expected: bool) -> None:
    assert is_before(partial_date(one), partial_date(other)) is expected
