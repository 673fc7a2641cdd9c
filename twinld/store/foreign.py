"""Reads RDF of a stranger in a process of its own, where it can open no file and no address and has an end."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from twinld.errors import SourceError
from twinld.store.apart import call_apart

FOREIGN_TYPES: Final = ("text/turtle", "text/n3", "application/rdf+xml", "application/ld+json", "application/n-triples")
"""Media types that can be read."""
MAX_TRIPLES: Final = 1_000_000
MEMORY_MIB: Final = 2_048
_MAX_CHARACTERS: Final = 256_000_000
_REMOTE: Final = "LoadDocumentCallback"
"""What the engine speaks of when a JSON-LD context is an address, which it never opens."""

Row = tuple[str, str, "str | tuple[str, str, str]"]
"""A triple: an IRI as it is, a blank node as `_:name`, a literal as its text, language and datatype."""


def foreign_triples(text: bytes, media_type: str, base: str, timeout_s: float) -> list[Row]:
    """The triples of a text of one of FOREIGN_TYPES, of all its graphs, each once; `base` is where it came from.

    Raises SourceError for text that can't be read, holds more than MAX_TRIPLES or takes too much time or memory.
    """
    rows = call_apart(
        f"{__name__}:rows_of",
        base64.b64encode(text).decode(),
        media_type,
        base,
        what=f"the catalogue as {media_type}",
        memory_mib=MEMORY_MIB,
        timeout_s=timeout_s,
        quiet=True,
    )
    return [(s, p, o if isinstance(o, str) else (o[0], o[1], o[2])) for s, p, o in rows]


def rows_of(text: str, media_type: str, base: str) -> list[Row]:
    """The same in this process, of text in base 64: to be called apart."""
    try:
        quads = ox.parse(base64.b64decode(text), format=ox.RdfFormat.from_media_type(media_type), base_iri=base)
        return list(_rows(quads))
    except (SyntaxError, ValueError, OSError) as error:
        said = str(error)
        if _REMOTE in said:
            raise SourceError("its JSON-LD context is an address; a harvester would have to fetch it") from None
        raise SourceError(f"it cannot be read as {media_type}: {' '.join(said.split())[:160]}") from None


def _rows(quads: Iterable[ox.Quad]) -> Iterable[Row]:
    seen: set[Row] = set()
    characters = 0
    for quad in quads:
        row = (_node(quad.subject), quad.predicate.value, _object(quad.object))
        if row in seen:
            continue
        seen.add(row)
        characters += sum(len(part) if isinstance(part, str) else len(part[0]) for part in row)
        if len(seen) > MAX_TRIPLES or characters > _MAX_CHARACTERS:
            raise SourceError(f"it holds more than {MAX_TRIPLES:,} triples or {_MAX_CHARACTERS:,} characters in them")
        yield row


def _object(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str | tuple[str, str, str]:
    if isinstance(term, ox.Literal):
        return term.value, term.language or "", term.datatype.value
    return _node(term)


def _node(term: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    raise SourceError(f"it has a triple about a triple, which harvesters cannot read: {str(term)[:160]}")
