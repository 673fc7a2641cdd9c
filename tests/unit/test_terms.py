import re
import unicodedata
from decimal import Decimal

import pyoxigraph
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from twinld import terms
from twinld.vocab import EDTF, XSD

# Every character that UTF-8 can hold: what is left out are halves of surrogate pairs.
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
# Language, script and region; pyoxigraph checks BCP 47, so other subtags are left to the table below.
TAG = st.from_regex(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2})?", fullmatch=True)
DECIMAL = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)

WRITTEN = [
    ("iri", terms.iri("https://example.org/é?a=b&c#d"), "<https://example.org/é?a=b&c#d>"),
    ("text", terms.text("Malmö"), '"Malmö"'),
    ("empty text", terms.text(""), '""'),
    ("escapes", terms.text('a"b\\c\nd\re'), r'"a\"b\\c\nd\re"'),
    ("other control characters as they are", terms.text("a\tb\u2028c\x85"), '"a\tb\u2028c\x85"'),
    ("NFC", terms.text("Malmo\u0308"), '"Malmö"'),
    ("language in lower case", terms.lang("倫敦", "zh-Hant"), '"倫敦"@zh-hant'),
    ("typed", terms.typed("a b", "https://example.org/t"), '"a b"^^<https://example.org/t>'),
    ("integer", terms.integer(-7), f'"-7"^^<{XSD}integer>'),
    ("true", terms.boolean(True), f'"true"^^<{XSD}boolean>'),
    ("false", terms.boolean(False), f'"false"^^<{XSD}boolean>'),
    ("date", terms.date("-0044-03-15"), f'"-0044-03-15"^^<{XSD}date>'),
    ("edtf", terms.edtf("198X"), f'"198X"^^<{EDTF}>'),
]


@pytest.mark.parametrize(("claim", "actual", "expected"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_a_term_is_written(claim, actual, expected):
    assert actual == expected


DECIMALS = [
    ("42.3580", "42.358"),
    ("5.0", "5"),
    ("5", "5"),
    ("100", "100"),
    ("0.10", "0.1"),
    ("-0.00", "0"),
    ("-0", "0"),
    ("0E+3", "0"),
    ("1E+3", "1000"),
    ("1E-7", "0.0000001"),
    ("-3.50", "-3.5"),
    ("007", "7"),
]


@pytest.mark.parametrize(("given_text", "expected"), DECIMALS)
def test_a_decimal_is_canonical(given_text, expected):
    assert terms.decimal(Decimal(given_text)) == f'"{expected}"^^<{XSD}decimal>'


NO_IRI = "is not an IRI: it holds a blank, a quote or a bracket"
NO_TAG = "is not a language tag; write one such as en, zh-hant or und"
REFUSED = [
    ("a blank in an IRI", lambda: terms.iri("a b"), f"'a b' {NO_IRI}"),
    ("a bracket in an IRI", lambda: terms.iri("a>b"), f"'a>b' {NO_IRI}"),
    ("a control character", lambda: terms.iri("a\nb"), rf"'a\nb' {NO_IRI}"),
    ("no tag", lambda: terms.lang("a", ""), f"'' {NO_TAG}"),
    ("a tag with _", lambda: terms.lang("a", "de_AT"), f"'de_AT' {NO_TAG}"),
    ("a subtag of nine", lambda: terms.lang("a", "zh-classical"), f"'zh-classical' {NO_TAG}"),
    ("NaN", lambda: terms.decimal(Decimal("NaN")), "NaN is not a decimal number"),
    ("infinity", lambda: terms.decimal(Decimal("-Infinity")), "-Infinity is not a decimal number"),
    ("no term", lambda: terms.parse("Berlin"), "'Berlin' is not an N-Triples term"),
    ("two terms", lambda: terms.parse("<a> <b>"), "'<a> <b>' is not an N-Triples term"),
    ("a quote that does not close", lambda: terms.parse('"a'), "'\"a' is not an N-Triples term"),
]


@pytest.mark.parametrize(("claim", "act", "message"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_term_is_refused_with_the_reason(claim, act, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        act()


PARSED = [
    ("<https://example.org/a>", terms.Term("iri", "https://example.org/a")),
    ("_:b0", terms.Term("bnode", "b0")),
    ('"Malmö"@sv', terms.Term("literal", "Malmö", "sv")),
    ('"1"^^<https://e.org/t>', terms.Term("literal", "1", None, "https://e.org/t")),
    (r'"a\"\\\n\r\t\b\f\'"', terms.Term("literal", "a\"\\\n\r\t\b\f'")),
    (r'"\u00E9\U0001F600"', terms.Term("literal", "é😀")),
    (r'"\\u00E9"', terms.Term("literal", r"\u00E9")),
]


@pytest.mark.parametrize(("term", "expected"), PARSED, ids=[row[0] for row in PARSED])
def test_a_term_is_taken_apart(term, expected):
    assert terms.parse(term) == expected


@given(TEXT)
@example('\\"')
@example("\\u00E9")
@example("\x00\x0b\x1c\x85\u2028")
def test_text_comes_back_in_nfc(value):
    assert terms.parse(terms.text(value)) == terms.Term("literal", unicodedata.normalize("NFC", value))


@given(TEXT, TAG)
def test_a_text_in_a_language_comes_back(value, tag):
    expected = terms.Term("literal", unicodedata.normalize("NFC", value), tag.lower())

    assert terms.parse(terms.lang(value, tag)) == expected


def by_pyoxigraph(term: str) -> terms.Term:
    """`term` as pyoxigraph reads it, in our form."""
    line = f"<http://e.org/s> <http://e.org/p> {term} .\n".encode()
    (quad,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    found = quad.object
    if isinstance(found, pyoxigraph.NamedNode):
        return terms.Term("iri", found.value)
    plain = found.language is not None or found.datatype.value == XSD + "string"
    return terms.Term("literal", found.value, found.language, None if plain else found.datatype.value)


def by_rdflib(term: str) -> terms.Term:
    """`term` as rdflib reads it, in our form."""
    line = f"<http://e.org/s> <http://e.org/p> {term} .\n".encode()
    (found,) = rdflib.Graph().parse(data=line, format="nt").objects()
    if isinstance(found, rdflib.URIRef):
        return terms.Term("iri", str(found))
    return terms.Term("literal", str(found), found.language, found.datatype and str(found.datatype))


@given(TEXT)
@example('\\"\n\r\t\x0b\x85\u2028')
def test_every_engine_reads_a_text_as_we_do(value):
    term = terms.text(value)

    assert by_pyoxigraph(term) == terms.parse(term)
    assert by_rdflib(term) == terms.parse(term)


@given(TEXT, TAG)
def test_every_engine_reads_a_text_in_a_language_as_we_do(value, tag):
    term = terms.lang(value, tag)

    assert by_pyoxigraph(term) == terms.parse(term)
    assert by_rdflib(term) == terms.parse(term)


@pytest.mark.parametrize(
    "term",
    [
        terms.iri("https://example.org/é#1"),
        terms.integer(1989),
        terms.boolean(False),
        terms.date("1989-11-17"),
        terms.edtf("1960/.."),
        terms.lang("a", "be-x-old"),
        terms.lang("a", "und"),
    ],
)
def test_every_engine_reads_a_term_as_we_do(term):
    assert by_pyoxigraph(term) == terms.parse(term)
    assert by_rdflib(term) == terms.parse(term)


def stored(term: str) -> str:
    """`term` as a pyoxigraph store gives it back: numbers are stored by value, not by spelling."""
    store = pyoxigraph.Store()
    line = f"<http://e.org/s> <http://e.org/p> {term} .\n".encode()
    store.load(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    (quad,) = store
    return str(quad.object)


@given(DECIMAL)
@example(Decimal("-0.000000"))
@example(Decimal("1E+3"))
def test_a_store_keeps_a_decimal_as_it_is_written(value):
    term = terms.decimal(value)

    assert stored(term) == term
    assert Decimal(terms.parse(term).value) == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_store_keeps_an_integer_as_it_is_written(value):
    assert stored(terms.integer(value)) == terms.integer(value)


@given(TEXT, TAG)
def test_a_triple_comes_apart_as_it_was_put_together(value, tag):
    expected = ("<http://e.org/s>", "<http://e.org/p>", terms.lang(value, tag))

    assert terms.triple(" ".join(expected) + " .\n") == expected
    assert terms.triple(" ".join(expected)) == expected


def test_a_text_that_ends_like_a_triple_is_kept_whole():
    assert terms.triple('<a> <b> "c ." .') == ("<a>", "<b>", '"c ."')
