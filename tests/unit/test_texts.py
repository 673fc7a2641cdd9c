"""Dates, numbers, plurals and lists as a language has them."""

import pytest

from twinld.site.changes import counts_words, quads_words
from twinld.site.things import Named, filled
from twinld.site.words import counted, date_words, decade_words, listing, number_words
from twinld.texts import ENGLISH, Texts, later, read_texts


@pytest.fixture(scope="module")
def german() -> Texts:
    return read_texts()["de"]


@pytest.mark.parametrize(
    ("edtf", "case", "english", "expected"),
    [
        ("1989-11-17", "", "17 November 1989", "17. November 1989"),
        ("1989-11-17", "since", "since 17 November 1989", "seit dem 17. November 1989"),
        ("1989-11-17", "until", "until 17 November 1989", "bis zum 17. November 1989"),
        ("1989-11-17", "from", "from 17 November 1989", "vom 17. November 1989"),
        ("1989-11-17", "on", "on 17 November 1989", "am 17. November 1989"),
        ("1989-03", "on", "in March 1989", "im März 1989"),
        ("1989-03", "since", "since March 1989", "seit März 1989"),
        ("1989", "on", "in 1989", "1989"),
        ("1989", "until", "until 1989", "bis 1989"),
        ("198X", "", "the 1980s", "1980er-Jahre"),
        ("198X", "since", "since the 1980s", "seit den 1980er-Jahren"),
        ("19XX", "", "the years 1900 to 1999", "die Jahre 1900 bis 1999"),
        ("2001-21", "", "spring 2001", "Frühjahr 2001"),
        ("2001-21", "since", "since spring 2001", "seit Frühjahr 2001"),
        ("-0043", "", "44 BC", "44 v. Chr."),
        ("1960~", "since", "since about 1960", "seit etwa 1960"),
        ("1960%", "", "perhaps about 1960", "vielleicht etwa 1960"),
        ("1960/1991", "", "1960 to 1991", "1960 bis 1991"),
        ("1960/..", "", "1960 or later", "1960 oder später"),
        ("../1960", "", "1960 or earlier", "1960 oder früher"),
        ("no date", "", "no date", "no date"),
    ],
)
def test_a_date_in_words(german: Texts, edtf: str, case: str, english: str, expected: str) -> None:
    assert (date_words(edtf, ENGLISH, case), date_words(edtf, german, case)) == (english, expected)


@pytest.mark.parametrize(
    ("value", "digits", "english", "expected"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1234567, 0, "1,234,567", "1.234.567"),
        (1234.56, 1, "1,234.6", "1.234,6"),
        (0.25, 1, "0.2", "0,2"),
        (-1234.5, 2, "-1,234.50", "-1.234,50"),
    ],
)
def test_a_number(german: Texts, value: float, digits: int, english: str, expected: str) -> None:
    assert (ENGLISH.number(value, digits), german.number(value, digits)) == (english, expected)


def test_a_share_in_percent(german: Texts) -> None:
    assert [ENGLISH.percent(share) for share in (0, 0.0106, 1)] == ["0.0 %", "1.1 %", "100.0 %"]
    assert [german.percent(share) for share in (0, 0.0106, 1)] == ["0,0\u00a0%", "1,1\u00a0%", "100,0\u00a0%"]


@pytest.mark.parametrize(
    ("number", "english", "expected"),
    [
        (0, "no twin cities", "keine Partnerstädte"),
        (1, "one twin city", "eine Partnerstadt"),
        (2, "two twin cities", "zwei Partnerstädte"),
        (1234, "1,234 twin cities", "1.234 Partnerstädte"),
    ],
)
def test_a_number_with_its_noun(german: Texts, number: int, english: str, expected: str) -> None:
    def said(texts: Texts) -> str:
        return counted(texts.ngettext("%(number)s twin city", "%(number)s twin cities", number), number, texts)

    assert (said(ENGLISH), said(german)) == (english, expected)


def test_lists_and_decades(german: Texts) -> None:
    assert [listing(parts, german) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a und b", "a, b und c",
    ]  # fmt: skip
    assert (decade_words(1980), decade_words(1980, german)) == ("1980s", "1980er")
    assert number_words(7, german) == "sieben"


def test_what_a_release_changed(german: Texts) -> None:
    counts = {"place": {"added": 2, "changed": 1}, "quiz": {"removed": 3}}

    assert counts_words(counts) == "2 places added, 1 place changed, 3 quizs removed"
    assert counts_words(counts, german) == "2 Orte hinzugefügt, 1 Ort geändert, 3 quizs entfernt"
    assert (counts_words({}), counts_words({}, german)) == ("no thing changed", "nichts geändert")
    assert quads_words({"graph": "", "added": 1, "removed": 1200}, german) == (
        "Standardgraph: 1 Quad hinzugefügt, 1.200 entfernt"
    )


def test_things_stay_things_in_a_sentence() -> None:
    boston = Named("iri", "100 %")

    assert filled("%(a)s and %(b)s: 5 %%", a=[boston, " (", boston, ")"], b="%(a)s") == (
        boston, " (", boston, ") and %(a)s: 5 %",
    )  # fmt: skip


def test_a_text_without_a_translation_stays_english(german: Texts) -> None:
    assert german.gettext("This is in no catalogue.") == "This is in no catalogue."
    assert german.gettext("") == ""
    assert later("This is in no catalogue.") == "This is in no catalogue."


def test_a_language_knows_its_direction(german: Texts) -> None:
    assert (german.is_rtl, ENGLISH.is_rtl) == (False, False)
