"""A closed list of types and links for users of other vocabularies, whose engines do not reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from twinld.infer.given import Given
from twinld.iris import place_iri
from twinld.mapping.write import TYPE, item_term
from twinld.model import Place
from twinld.terms import Triple, decimal, parse, typed
from twinld.vocab import GEO, GEONAMES, SCHEMA, SF, WDT


def foreign_types_and_links(given: Given) -> Iterator[Triple]:
    """GeoSPARQL, schema.org and Simple Features terms of every place (ONTOLOGY C.16, B "Point")."""
    for slug, place in given.places.items():
        subject = f"<{place_iri(slug)}>"
        if place.item is None:
            continue  # only a fact or two of another licence: the place itself stands elsewhere
        yield subject, TYPE, f"<{GEO}Feature>"
        yield subject, TYPE, f"<{SCHEMA}{'Country' if place.iso_code else 'AdministrativeArea'}>"
        yield subject, f"<{SCHEMA}sameAs>", item_term(place.item)
        if place.geonames is not None:
            yield subject, f"<{SCHEMA}sameAs>", f"<{GEONAMES}{place.geonames}/>"
        if place.country is not None:
            yield subject, f"<{SCHEMA}containedInPlace>", f"<{place_iri(place.country)}>"
        if place.latitude is not None and place.longitude is not None:
            yield from _point(subject, place)


def _point(subject: str, place: Place) -> Iterator[Triple]:
    """The point of a place: well-known text writes longitude first (OGC 06-103r4, 7.2; CRS84)."""
    assert place.latitude is not None
    assert place.longitude is not None
    point = f"{subject[:-1]}#point>"
    longitude, latitude = (parse(decimal(value)).value for value in (place.longitude, place.latitude))
    yield subject, f"<{GEO}hasDefaultGeometry>", point
    yield point, TYPE, f"<{SF}Point>"
    yield point, f"<{GEO}asWKT>", typed(f"POINT({longitude} {latitude})", f"{GEO}wktLiteral")


def wikidata_edges(given: Given) -> Iterator[Triple]:
    """`wdt:P190` both ways between the items that carry it; as stated, by side, it is in the source records."""
    for agreement in given.agreements.values():
        for one, other in permutations(agreement.parties, 2):
            first, second = given.all_places[one].p190_item, given.all_places[other].p190_item
            if first is not None and second is not None:
                yield item_term(first), f"<{WDT}P190>", item_term(second)
