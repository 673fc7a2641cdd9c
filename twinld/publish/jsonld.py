"""JSON-LD with our own context, inline: one node object a line, streamed (JSON-LD 1.1).

Every value is written so that it reads back as the same term: decimals as strings (native ones become doubles),
integers and booleans native, dates and IRIs coerced by the context, labels by language. A predicate the context
does not know is written with its full IRI and an expanded value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from twinld.terms import Term, Triple, parse
from twinld.vocab import RDF, XSD

_TYPE: Final = f"<{RDF}type>"
_MAX_SAFE: Final = 2**53
_MOST: Final = 50_000
"""How many IRIs are remembered in their short form."""
_UNKNOWN: Final[dict[str, Any]] = {}
"""The definition of a predicate that the context does not know: every value is written expanded."""


class Context:
    """The terms of a JSON-LD context, by the predicate that they stand for."""

    def __init__(self, document: dict[str, Any]) -> None:
        table: dict[str, Any] = document["@context"]
        self._prefixes = {key: value for key, value in table.items() if isinstance(value, str) and value[-1] in "/#"}
        self._by_length = sorted(self._prefixes.items(), key=lambda item: -len(item[1]))
        self.keys: dict[str, tuple[str, dict[str, Any]]] = {}
        self._classes: dict[str, str] = {}
        for key, value in table.items():
            if isinstance(value, dict):
                self.keys[self._expand(value["@id"])] = key, value
            elif isinstance(value, str) and key not in self._prefixes and not value.startswith("@"):
                self._classes[self._expand(value)] = key
        self._seen: dict[str, str] = {}

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self._prefixes[prefix] + local if prefix in self._prefixes else name

    def compact(self, iri: str) -> str:
        """An IRI as a compact IRI, where it is sure to expand back."""
        known = self._seen.get(iri)
        if known is None:
            known = iri
            for prefix, namespace in self._by_length:
                local = iri[len(namespace) :]
                if iri.startswith(namespace) and local and not local.startswith("//"):
                    known = f"{prefix}:{local}"
                    break
            if len(self._seen) >= _MOST:
                self._seen.clear()  # so that memory does not grow with the data
            self._seen[iri] = known
        return known

    def class_name(self, iri: str) -> str:
        """A class by its term, else by its compact IRI."""
        return self._classes.get(iri) or self.compact(iri)

    def value(self, definition: dict[str, Any], term: Term) -> Any:
        """A value under a term of the context; expanded when the term's coercion does not fit it."""
        coercion = definition.get("@type")
        if term.kind == "iri":
            if coercion == "@id":
                return self.compact(term.value)
            if coercion == "@vocab":
                vocabulary = definition["@context"]["@vocab"]
                if term.value.startswith(vocabulary):
                    return term.value[len(vocabulary) :]
            return self.expanded(term)
        if coercion is not None and term.datatype == self._expand(coercion):
            return term.value
        if coercion is None and definition is not _UNKNOWN:
            if term.datatype == f"{XSD}integer" and abs(int(term.value)) < _MAX_SAFE:
                return int(term.value)
            if term.datatype == f"{XSD}boolean":
                return term.value == "true"
            if term.datatype is None and term.language is None:
                return term.value
        return self.expanded(term)

    def expanded(self, term: Term) -> dict[str, str]:
        """A value object or a node reference."""
        if term.kind == "iri":
            return {"@id": self.compact(term.value)}
        if term.language is not None:
            return {"@value": term.value, "@language": term.language}
        if term.datatype is not None:
            return {"@value": term.value, "@type": self.compact(term.datatype)}
        return {"@value": term.value}


def node(subject: str, triples: Iterable[Triple], context: Context) -> dict[str, Any]:
    """The node object of one subject, from its triples sorted by predicate."""
    result: dict[str, Any] = {"id": context.compact(subject[1:-1])}
    by_predicate: dict[str, list[str]] = {}
    for _, predicate, value in triples:
        by_predicate.setdefault(predicate, []).append(value)
    for predicate, values in by_predicate.items():
        if predicate == _TYPE:
            result["type"] = _one_or_all([context.class_name(value[1:-1]) for value in values])
            continue
        key, definition = context.keys.get(predicate[1:-1]) or (predicate[1:-1], _UNKNOWN)
        if definition.get("@type") == "@id" and all(value[0] == "<" for value in values):
            result[key] = _one_or_all([context.compact(value[1:-1]) for value in values])
            continue
        terms = [parse(value) for value in values]
        if "@container" in definition:  # labels by language
            if all(term.language for term in terms):
                by_language: dict[str, list[str]] = {}
                for term in terms:
                    by_language.setdefault(term.language or "", []).append(term.value)
                result[key] = {tag: _one_or_all(texts) for tag, texts in by_language.items()}
                continue
            key, definition = predicate[1:-1], _UNKNOWN
        result[key] = _one_or_all([context.value(definition, term) for term in terms])
    return result


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def jsonld(triples: Iterable[Triple], document: dict[str, Any]) -> Iterator[str]:
    """A JSON-LD document of triples sorted by subject and predicate, in pieces; `document` holds the context."""
    context = Context(document)
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    yield f'{{"@context":{dump(document["@context"])},\n"@graph":[\n'
    comma = ""
    for subject, group in groupby(triples, key=itemgetter(0)):
        yield comma + dump(node(subject, group, context))
        comma = ",\n"
    yield "\n]}\n"
