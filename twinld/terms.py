"""RDF terms as N-Triples text, in the one canonical form that every engine keeps.

Quads are made, sorted, stored and dumped as text: a triple is `(subject, predicate, object)`, each a string
such as `<https://...>` or `"836"^^<...#integer>`. Sorting text is sorting terms, and nothing is rewritten on
the way from a source to a dump. Canonical means: integers without leading zeros, decimals as XSD 1.1 writes
them (`1.5`, `5`), language tags in lower case, text in Unicode NFC (RDF 1.1 N-Triples, section 2).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

from twinld.vocab import EDTF, XSD

Triple = tuple[str, str, str]

_ESCAPE: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE: Final = re.compile(r'[\\"\n\r]')
_TERM: Final = re.compile(
    r"""<(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>
    |_:(?P<bnode>[A-Za-z0-9_]+)
    |"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<(?P<datatype>[^>]*)>)?""",
    re.VERBOSE | re.DOTALL,
)
_UNESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_BACK: Final = {value[1]: key for key, value in _ESCAPE.items()}
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_BAD_IRI: Final = re.compile(r'[<>"{}|^`\\\x00-\x20]')


class Term(NamedTuple):
    """One term taken apart: `kind` is "iri", "bnode" or "literal"."""

    kind: str
    value: str
    language: str | None = None
    datatype: str | None = None


def iri(value: str) -> str:
    """An IRI as a term; ValueError when it holds a character that IRIs cannot hold (RFC 3987)."""
    if _BAD_IRI.search(value):
        raise ValueError(f"{value!r} is not an IRI: it holds a blank, a quote or a bracket")
    return f"<{value}>"


def _quoted(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(lambda match: _ESCAPE[match.group()], text)
    return f'"{text}"'


def text(value: str) -> str:
    """A plain string literal."""
    return _quoted(value)


def lang(value: str, tag: str) -> str:
    """A literal in a language; the tag is written in lower case. ValueError when it is no tag (BCP 47).

    >>> lang("Malmö", "SV")
    '"Malmö"@sv'
    """
    if not _TAG.fullmatch(tag):
        raise ValueError(f"{tag!r} is not a language tag; write one such as en, zh-hant or und")
    return f"{_quoted(value)}@{tag.lower()}"


def typed(value: str, datatype: str) -> str:
    """A literal of a datatype, whose lexical form is taken as it is."""
    return f"{_quoted(value)}^^<{datatype}>"


def integer(value: int) -> str:
    """An xsd:integer."""
    return f'"{value}"^^<{XSD}integer>'


def decimal(value: Decimal) -> str:
    """An xsd:decimal in canonical form (XSD 1.1, E.1): no exponent, no trailing zeros.

    ValueError for NaN and the infinities: xsd:decimal has none.

    >>> decimal(Decimal("42.3580"))
    '"42.358"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    if not value.is_finite():
        raise ValueError(f"{value} is not a decimal number")
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if plain in {"-0", ""}:
        plain = "0"
    return f'"{plain}"^^<{XSD}decimal>'


def boolean(value: bool) -> str:
    """An xsd:boolean."""
    return f'"{"true" if value else "false"}"^^<{XSD}boolean>'


def date(value: str) -> str:
    """An xsd:date from its lexical form."""
    return f'"{value}"^^<{XSD}date>'


def edtf(value: str) -> str:
    """A partial date (EDTF level 1) from its lexical form."""
    return f'"{value}"^^<{EDTF}>'


def parse(term: str) -> Term:
    """A term taken apart; ValueError when it is not one N-Triples term.

    >>> parse('"Malmö"@sv')
    Term(kind='literal', value='Malmö', language='sv', datatype=None)
    """
    if term[:1] == "<" and term[-1] == ">" and not _BAD_IRI.search(term, 1, len(term) - 1):
        return Term("iri", term[1:-1])  # the most frequent kind, without the long pattern
    match = _TERM.fullmatch(term)
    if match is None:
        raise ValueError(f"{term!r} is not an N-Triples term")
    if match["iri"] is not None:
        return Term("iri", match["iri"])
    if match["bnode"] is not None:
        return Term("bnode", match["bnode"])
    return Term("literal", _UNESCAPE.sub(_unescaped, match["text"]), match["lang"], match["datatype"])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _BACK.get(code, code)


def triple(line: str) -> Triple:
    """The three terms of an N-Triples line such as the ones we write (one blank between terms)."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest.rstrip().removesuffix(".").rstrip()
