"""The words of curated tables as RDF terms: CURIEs for things, context keys for properties, values as these type them.

A table says `network:oeaed`, `start`, `2004-11-16`; the JSON-LD context of the ontology tells that `start` is tw:start
and its values are EDTF. So whoever edits a table uses the same words as whoever reads our JSON-LD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from twinld.dates import partial_date
from twinld.errors import nearest
from twinld.ingest.curated.tables import DAY, URL, like
from twinld.iris import Ledger
from twinld.terms import boolean, date, decimal, edtf, integer, iri, lang, text
from twinld.vocab import PREFIXES, TWV

THINGS: Final = ("network", "organisation", "person", "event", "instrument")
"""Types of ids that curated things get, beside places and agreements."""
LEDGERED: Final = ("place", "agreement", *THINGS)

_CURIE: Final = re.compile(r"([a-z]+):([A-Za-z0-9][\w.\-]*(?:/[\w.\-]+)*)(#[a-z0-9][a-z0-9-]*)?", re.ASCII)
_CONCEPT: Final = re.compile(r"^twv:([a-z0-9-]+) a skos:Concept(?:Scheme)? ", re.MULTILINE)
_LITERAL: Final = re.compile(r"(.+)@([a-z]{2,8}(?:-[a-z0-9]{1,8})*)", re.DOTALL)


class Words:
    """What may be said in a curated table: keys of the context, concepts of the vocabularies, things that exist."""

    def __init__(self, ontology: Path, ledger: Ledger) -> None:
        document: dict[str, Any] = json.loads((ontology / "context.jsonld").read_text(encoding="utf-8"))
        self._keys: dict[str, Any] = {
            key: value for key, value in document["@context"].items() if not key.startswith("@")
        }
        files = sorted((ontology / "vocab").glob("*.ttl"))
        self._concepts = {name for path in files for name in _CONCEPT.findall(path.read_text(encoding="utf-8"))}
        self._ledger = ledger
        self._own: set[tuple[str, str]] = set()

    def declare(self, thing: str) -> None:
        """Make a thing of `things.csv` known: "network:oeaed"."""
        type_, _, slug = thing.partition(":")
        self._own.add((type_, slug))

    def concepts(self, scheme: str) -> list[str]:
        """The names of the concepts of a scheme, without it: "twinning" of scheme "kind"."""
        start = f"{scheme}-"
        return sorted(name.removeprefix(start) for name in self._concepts if name.startswith(start))

    def thing(self, curie: str) -> str:
        """The IRI, as a term, of a thing, a concept, a Wikidata item or a page.

        Raises ValueError, with what would be right, for a word that is none or that names nothing of ours.
        """
        if URL.fullmatch(curie):
            return iri(curie)
        match = _CURIE.fullmatch(curie)
        if match is None or match[1] not in PREFIXES:
            known = ", ".join(sorted(PREFIXES))
            raise ValueError(f"{curie!r} names no thing; write prefix:name, with a prefix of {known}")
        prefix, name, fragment = match[1], match[2], match[3] or ""
        if prefix == "twv" and name not in self._concepts:
            raise ValueError(f"{curie!r} is not a concept; {nearest(name, self._concepts, 'concepts')}")
        if prefix in LEDGERED:
            self._exists(prefix, name, fragment)
        return iri(f"{PREFIXES[prefix]}{name}{fragment}")

    def _exists(self, type_: str, slug: str, fragment: str) -> None:
        own = {(type_, slug), (type_, f"{slug}{fragment}")} & self._own
        if own or self._ledger.row(type_, slug) is not None:
            return
        known = [row.slug for row in self._ledger.active(type_)] + [name for kind, name in self._own if kind == type_]
        close = [name for name in known if name[:1] == slug[:1]] or known
        raise ValueError(f"{type_}:{slug} is nothing of ours; {nearest(slug, close, f'{type_} slugs')}")

    def predicate(self, key: str) -> str:
        """The property of a key of the context, as a term; ValueError with the nearest when it is none."""
        return iri(self._expanded(self._definition(key)["@id"]))

    def class_(self, name: str) -> str:
        """The class of a key of the context ("CityNetwork"), or of a CURIE such as org:Organization, as a term."""
        entry = self._keys.get(name)
        if name[:1].isupper() and isinstance(entry, str):
            return iri(self._expanded(entry))
        if ":" in name:
            return iri(self._expanded(name))
        classes = [key for key in self._keys if key[:1].isupper()]
        raise ValueError(f"{name!r} is not a class; {nearest(name, classes, 'classes')}")

    def value(self, key: str, cell: str) -> str:
        """A value of the property `key`, as a term of its type in the context; ValueError when it is none."""
        definition = self._definition(key)
        kind = definition.get("@type")
        if kind == "@id":
            return self.thing(cell)
        if kind == "@vocab":
            start = definition["@context"]["@vocab"].removeprefix(TWV)
            return self.thing(cell if cell.startswith("twv:") else f"twv:{start}{cell}")
        if kind is not None:
            return _typed(self._expanded(kind), cell)
        if definition.get("@container") == "@language" or _LITERAL.fullmatch(cell):
            return labelled(cell)
        return _plain(cell)

    def _definition(self, key: str) -> Mapping[str, Any]:
        entry = self._keys.get(f"tw:{key}", self._keys.get(key))  # `network` alone is a prefix of the context
        if isinstance(entry, str) and key[:1].islower() and not entry.startswith("@") and entry[-1] not in "/#":
            return {"@id": entry}
        if not isinstance(entry, dict):
            keys = [name for name, value in self._keys.items() if isinstance(value, dict)]
            raise ValueError(f"{key!r} is not a property; {nearest(key, keys, 'properties')}")
        return entry

    def _expanded(self, curie: str) -> str:
        prefix, _, name = curie.partition(":")
        if name.startswith("//"):
            return curie
        start = self._keys.get(prefix) if isinstance(self._keys.get(prefix), str) else PREFIXES.get(prefix)
        if start is None:
            raise ValueError(f"{curie!r} has no prefix of ours; there are {', '.join(sorted(PREFIXES))}")
        return f"{start}{name}"


def _typed(datatype: str, cell: str) -> str:
    if datatype.endswith("EDTF-level1"):
        return edtf(partial_date(cell).edtf)
    if datatype.endswith("#date"):
        return date(like("day", cell, DAY, "2026-01-31"))
    if datatype.endswith("#decimal"):
        if not re.fullmatch(r"-?\d+(\.\d+)?", cell, re.ASCII):
            raise ValueError(f"{cell!r} is not a decimal number; write it as 42.358")
        return decimal(Decimal(cell))
    return _plain(cell)


def _plain(cell: str) -> str:
    if re.fullmatch(r"-?\d+", cell, re.ASCII):
        return integer(int(cell))
    if cell in {"true", "false"}:
        return boolean(cell == "true")
    return text(cell)


def labelled(cell: str) -> str:
    """A text with its language, written `text@en`, as a term; ValueError for one without."""
    match = _LITERAL.fullmatch(cell.strip())
    if match is None:
        raise ValueError(f"{cell!r} has no language; write it as {cell}@en")
    return lang(match[1], match[2])
