"""The release in other models, each a stream of triples from the sorted default graph: flat P190, schema.org, links.

Nothing is new in them: who knows only Wikidata's or schema.org's terms, or wants the links alone, takes one of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from twinld.publish.index import Index
from twinld.terms import Triple, lang, parse, text, typed
from twinld.vocab import GEO, ID, OWL, RDF, RDFS, SCHEMA, TW, WDT, XSD, rebase

_P190: Final = f"<{WDT}P190>"
_TYPE: Final = f"<{RDF}type>"
_POINT: Final = re.compile(r'"POINT\((?P<longitude>-?[0-9.]+) (?P<latitude>-?[0-9.]+)\)".*')
_DAY: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


def p190(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Twin towns as Wikidata has them: `item wdt:P190 item`, both ways."""
    return (triple for triple in triples if triple[1] == _P190)


def schema_org(triples: Iterable[Triple], base: str) -> Iterator[Triple]:
    """Places and agreements in terms of schema.org only, sorted.

    A place is schema:Country or schema:AdministrativeArea with names, coordinates, country and links; an agreement,
    which schema.org has no word for, is a schema:Event about its places, with start and end where a year is known.
    """
    starts = tuple(f"<{rebase(ID, base)}{kind}/" for kind in ("agreement", "place"))
    tw = rebase(TW, base)
    for subject, group in groupby((t for t in triples if t[0].startswith(starts)), key=itemgetter(0)):
        said: dict[str, list[str]] = {}
        for _, predicate, value in group:
            said.setdefault(predicate, []).append(value)
        found = _agreement(said, tw) if subject.startswith(starts[0]) else _place(said, tw)
        for predicate, value in sorted(set(found)):
            yield subject, predicate, value


def _agreement(said: dict[str, list[str]], tw: str) -> Iterator[tuple[str, str]]:
    parties = said.get(f"<{tw}party>", ())
    if not parties:
        return
    yield _TYPE, f"<{SCHEMA}Event>"
    yield from ((f"<{SCHEMA}about>", party) for party in parties)
    yield from _names(said)
    for name, property_ in (("start", "startDate"), ("end", "endDate")):
        for value in said.get(f"<{tw}{name}>", ()):
            day = parse(value).value
            if _DAY.fullmatch(day):  # an uncertain date has no form there
                yield f"<{SCHEMA}{property_}>", typed(day, f"{XSD}date") if len(day) == 10 else text(day)


def _place(said: dict[str, list[str]], tw: str) -> Iterator[tuple[str, str]]:
    for point in said.get(f"<{GEO}asWKT>", ()):
        match = _POINT.fullmatch(point)
        if match is not None:
            yield _TYPE, f"<{SCHEMA}GeoCoordinates>"
            for name in ("latitude", "longitude"):
                yield f"<{SCHEMA}{name}>", typed(match[name], f"{XSD}decimal")
    if f"<{tw}Place>" not in said.get(_TYPE, ()):
        return
    types = [value for value in said[_TYPE] if value.startswith(f"<{SCHEMA}")]
    yield from ((_TYPE, value) for value in types or [f"<{SCHEMA}Place>"])
    yield from _names(said)
    yield from ((f"<{SCHEMA}geo>", value) for value in said.get(f"<{GEO}hasDefaultGeometry>", ()))
    for predicate in (f"<{SCHEMA}containedInPlace>", f"<{SCHEMA}sameAs>"):
        yield from ((predicate, value) for value in said.get(predicate, ()))


def _names(said: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for label in said.get(f"<{RDFS}label>", ()):
        term = parse(label)
        known = term.language is not None and term.language != "und"
        yield f"<{SCHEMA}name>", lang(term.value, term.language or "") if known else text(term.value)


def links(index: Index, namespace: str) -> Iterator[Triple]:
    """`thing owl:sameAs other`, by subject, for the things that one and only one of `namespace` is the same as.

    They stand apart from the data: a reasoner makes one thing of both.
    """
    return ((subject, f"<{OWL}sameAs>", target) for subject, target in index.links(namespace))
