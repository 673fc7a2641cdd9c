"""Which of several labels is shown: RFC 4647's lookup, then English, then any language that is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinld.labels import rank
from twinld.site.things import choose
from twinld.terms import Term

LABELS = ["und", "", "ar", "zh-hans", "zh-hant", "zh", "de", "de-at", "de-ch", "en", "en-gb", "pt", "pt-br"]


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ("de", ["de", "de-at", "de-ch", "en", "en-gb"]),
        ("de-AT", ["de-at", "de", "de-ch", "en", "en-gb"]),
        ("de-at-1996", ["de-at", "de", "de-ch", "en", "en-gb"]),
        ("zh-Hant-TW", ["zh-hant", "zh", "zh-hans", "en", "en-gb"]),
        ("en", ["en", "en-gb", "ar", "de", "de-at"]),
        ("en-GB", ["en-gb", "en", "ar", "de", "de-at"]),
        ("fr", ["en", "en-gb", "ar", "de", "de-at"]),
        ("d", ["en", "en-gb", "ar", "de", "de-at"]),
    ],
)
def test_the_language_wanted_goes_first_then_english(wish: str, first: list[str]) -> None:
    shown = sorted(LABELS, key=lambda tag: (rank(tag, wish), tag))

    assert shown[:5] == first
    assert shown[-2:] == ["", "und"]


def test_of_one_language_the_first_in_text_order_is_shown() -> None:
    terms = [Term("literal", text, tag) for text, tag in (("B", "de-ch"), ("Z", "en"), ("C", "de-at"), ("A", None))]

    assert [choose(terms, wish).text for wish in ("de", "de-CH", "fr")] == ["C", "B", "Z"]  # type: ignore[union-attr]
    assert choose([]) is None


@given(st.text("abcxyz-", max_size=12), st.text("abcxyz-", max_size=12))
def test_no_tag_goes_before_the_one_that_is_asked_for(tag: str, wish: str) -> None:
    assert rank(wish or "en", wish or "en") <= rank(tag, wish or "en")
    assert rank(tag.upper(), wish) == rank(tag, wish.upper())
