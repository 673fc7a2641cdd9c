"""JSON-LD with our own context, inline: one node object a line, streamed (JSON-LD 1.1).

Every value is written so that it reads back as the same term: decimals as strings (native ones become doubles),
integers and booleans native, dates and IRIs coerced by the context, labels by language. A predicate the context
does not know is written with its full IRI and an expanded value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from twinld.terms import Term, Triple, parse
from twinld.vocab import RDF, XSD

_TYPE: Final = f"<{RDF}type>"
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MAX_SAFE: Final = 2**53
_MOST: Final = 20_000
"""How many IRIs are remembered in their short form."""
_MOST_VALUES: Final = 2_000
"""How many values of each predicate are remembered as they are written; there are hundreds of predicates."""
_UNKNOWN: Final[dict[str, Any]] = {}
"""The definition of a predicate that the context does not know: every value is written expanded."""


class Context:
    """The terms of a JSON-LD context, by the predicate that they stand for."""

    def __init__(self, document: dict[str, Any]) -> None:
        table: dict[str, Any] = document["@context"]
        self._prefixes = {key: value for key, value in table.items() if isinstance(value, str) and value[-1] in "/#"}
        self._by_namespace = {namespace: prefix for prefix, namespace in self._prefixes.items()}
        self.keys: dict[str, tuple[str, dict[str, Any]]] = {}
        self._classes: dict[str, str] = {}
        for key, value in table.items():
            if isinstance(value, dict):
                self.keys[self._expand(value["@id"])] = key, value
            elif isinstance(value, str) and key not in self._prefixes and not value.startswith("@"):
                self._classes[self._expand(value)] = key
        self._seen: dict[str, str] = {}
        self._members: dict[str, Member] = {}

    def member(self, predicate: str) -> Member:
        """How the values of a predicate (a term) are written."""
        known = self._members.get(predicate)
        if known is None:
            known = self._members[predicate] = Member(self, predicate)
        return known

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self._prefixes[prefix] + local if prefix in self._prefixes else name

    def compact(self, iri: str) -> str:
        """An IRI as a compact IRI, where it is sure to expand back."""
        cut = len(iri)
        while True:
            cut = max(iri.rfind("/", 0, cut), iri.rfind("#", 0, cut))
            if cut < 0:
                return iri
            prefix = self._by_namespace.get(iri[: cut + 1])
            local = iri[cut + 1 :]
            if prefix is not None and local and not local.startswith("//"):
                return f"{prefix}:{local}"

    def short(self, term: str) -> str:
        """An IRI, as a term, as the JSON of its compact form; the last ones are remembered."""
        known = self._seen.get(term)
        if known is None:
            if len(self._seen) >= _MOST:
                self._seen.clear()  # so that memory does not grow with the data
            known = self._seen[term] = _ENCODE(self.compact(term[1:-1]))
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


class Member:
    """The values of one predicate, as one member of a node object; what it has written it remembers."""

    def __init__(self, context: Context, predicate: str) -> None:
        iri = predicate[1:-1]
        self._context = context
        self._full = _ENCODE(iri)
        key, self._definition = context.keys.get(iri) or (iri, _UNKNOWN)
        self._type = predicate == _TYPE
        self._key = '"type"' if self._type else _ENCODE(key)
        self._by_language = "@container" in self._definition
        self._ids = self._definition.get("@type") == "@id"
        self._seen: dict[str, str] = {}

    def text(self, values: list[str]) -> str:
        """The key and the values, terms, as JSON."""
        if self._by_language:
            return self._labels(values)
        if len(values) == 1:  # most often
            return f"{self._key}:{self._value(values[0])}"
        return f"{self._key}:[{','.join(map(self._value, values))}]"

    def _value(self, value: str) -> str:
        if self._ids and value[0] == "<":
            return self._context.short(value)
        known = self._seen.get(value)
        if known is None:
            if len(self._seen) >= _MOST_VALUES:
                self._seen.clear()
            known = self._seen[value] = self._written(value)
        return known

    def _written(self, value: str) -> str:
        if self._type:
            return _ENCODE(self._context.class_name(value[1:-1]))
        return _ENCODE(self._context.value(self._definition, parse(value)))

    def _labels(self, values: list[str]) -> str:
        """Texts by language; where one has none, all of them expanded under the full IRI."""
        found: dict[str, list[str]] = {}
        for value in values:
            text, tag = _label(value)
            if not tag:
                expanded = [_ENCODE(self._context.value(_UNKNOWN, parse(value))) for value in values]
                return f"{self._full}:{_one_or_all(expanded)}"
            found.setdefault(tag, []).append(text)
        texts_by_tag = ",".join(f'"{tag}":{_one_or_all(texts)}' for tag, texts in found.items())
        return f"{self._key}:{{{texts_by_tag}}}"


def _label(value: str) -> tuple[str, str]:
    """The text of a literal as JSON, and its language tag, "" for none.

    Without escapes and control characters a text is the same in N-Triples and in JSON.
    """
    end = value.rfind('"')
    if value[0] == '"' and value[end + 1 : end + 2] == "@" and "\\" not in value and value.isprintable():
        return value[: end + 1], value[end + 2 :]
    term = parse(value)
    return _ENCODE(term.value), term.language or ""


def _one_or_all(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"[{','.join(values)}]"


def jsonld(triples: Iterable[Triple], document: dict[str, Any]) -> Iterator[str]:
    """A JSON-LD document of triples sorted by subject and predicate, in pieces; `document` holds the context."""
    context = Context(document)
    yield f'{{"@context":{_ENCODE(document["@context"])},\n"@graph":[\n'
    comma = subject = last = ""
    parts: list[str] = []
    values: list[str] = []
    for s, p, o in triples:
        if s == subject and p == last:
            values.append(o)
            continue
        if values:
            parts.append(context.member(last).text(values))
        values, last = [o], p
        if s != subject:
            if parts:
                yield f"{comma}{{{','.join(parts)}}}"
                comma = ",\n"
            subject = s
            parts = [f'"id":{context.short(s)}']
    if values:
        parts.append(context.member(last).text(values))
        yield f"{comma}{{{','.join(parts)}}}"
    yield "\n]}\n"
