"""RDF/XML in its plain form (RDF 1.1 XML Syntax): one rdf:Description a subject, one element a triple, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from twinld.errors import UsageError
from twinld.terms import Triple, parse
from twinld.vocab import PREFIXES, RDF, XSD, rebase

NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document can hold."""
_NCNAME_END: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
_STRING: Final = f"{XSD}string"


def namespaces(base: str, predicates: Iterable[str] | None = None) -> dict[str, str]:
    """Our prefixes by namespace IRI; only those that predicates (as terms) use, if those are given, and rdf."""
    every = {rebase(iri, base): name for name, iri in PREFIXES.items()}
    if predicates is None:
        return every
    used = set(predicates)
    return {iri: name for iri, name in every.items() if iri == RDF or any(p.startswith(f"<{iri}") for p in used)}


def rdfxml(triples: Iterable[Triple], names: Mapping[str, str]) -> Iterator[str]:
    """A document of triples sorted by subject, in pieces; `names` are prefixes by namespace, rdf among them.

    A namespace without a prefix is declared where it is used. Raises UsageError for a predicate that no XML name
    can stand for.
    """
    spaces = "".join(f"\n  xmlns:{name}={quoteattr(iri)}" for iri, name in sorted(names.items(), key=itemgetter(1)))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'
    tags: dict[str, tuple[str, str]] = {}
    for subject, members in groupby(triples, key=itemgetter(0)):
        parts = [f" <rdf:Description {_reference(subject, 'rdf:about')}>\n"]
        for _, predicate, value in members:
            tag = tags.get(predicate)
            if tag is None:
                tag = tags[predicate] = _tag(predicate, names)
            parts.append(_element(tag, value))
        parts.append(" </rdf:Description>\n")
        yield "".join(parts)
    yield "</rdf:RDF>\n"


def _tag(predicate: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The start of an element and its name; with its namespace where that has no prefix."""
    iri = predicate[1:-1]
    match = _NCNAME_END.search(iri)
    if match is None:
        raise UsageError(f"<{iri}> cannot be written in RDF/XML: it does not end with an XML name; take Turtle")
    space, local = iri[: match.start()], match.group()
    for known, name in names.items():  # a prefix may stand for less than all before the name
        if known == space:
            return f"{name}:{local}", f"{name}:{local}"
    return f"ns0:{local} xmlns:ns0={quoteattr(space)}", f"ns0:{local}"


def _reference(term: str, attribute: str) -> str:
    if term[0] == "_":
        return f"rdf:nodeID={quoteattr(term[2:])}"
    value = term[1:-1]
    return f'{attribute}="{value.replace("&", "&amp;") if "&" in value else value}"'


def _element(tag: tuple[str, str], value: str) -> str:
    start, name = tag
    if value[0] != '"':
        return f"  <{start} {_reference(value, 'rdf:resource')}/>\n"
    term = parse(value)
    mark = ""
    if term.language is not None:
        mark = f' xml:lang="{term.language}"'
    elif term.datatype is not None and term.datatype != _STRING:
        mark = f" rdf:datatype={quoteattr(term.datatype)}"
    text = term.value
    if not text.isalnum():
        text = escape(NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})  # a bare CR would be read as LF
    return f"  <{start}{mark}>{text}</{name}>\n"
