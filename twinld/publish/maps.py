"""Places and agreements as GeoJSON (RFC 7946): one feature a line, longitude before latitude, WGS 84.

An agreement is a line between its places, a straight one on a map of degrees; where the short way crosses the
antimeridian it is two lines that end there (RFC 7946, 3.1.9). What has no coordinates is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from twinld.publish.index import Party
from twinld.publish.tables import AgreementRow, PlaceRow
from twinld.vocab import ID, rebase

Position = tuple[float, float]
"""Longitude and latitude, in degrees."""
_HALF: Final = 180.0
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NUMBERS: Final = {"population", "twin_count"}
_OF_PLACES: Final = (
    "place", "label", "type", "country", "country_code", "population", "twin_count", "wikidata_item", "p190_item",
    "geonames",
)  # fmt: skip
_OF_AGREEMENTS: Final = (
    "agreement", "place_a", "label_a", "country_a", "item_a", "place_b", "label_b", "country_b", "item_b",
    "further_places", "other_parties", "kind", "status", "reciprocity", "start", "end", "date", "sources",
)  # fmt: skip


def collection(features: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A FeatureCollection, in pieces."""
    yield '{"type":"FeatureCollection","features":[\n'
    comma = ""
    for feature in features:
        yield comma + _ENCODE(feature)
        comma = ",\n"
    yield "\n]}\n"


def place_features(rows: Iterable[PlaceRow], base: str) -> Iterator[dict[str, Any]]:
    """A point for each place that has coordinates."""
    start = rebase(ID, base)
    for row in rows:
        where = position(row.longitude, row.latitude)
        if where is not None:
            properties = _properties(row, _OF_PLACES)
            yield _feature(f"{start}place/{row.place}", {"type": "Point", "coordinates": where}, properties)


def agreement_features(rows: Iterable[tuple[AgreementRow, list[Party]]], base: str) -> Iterator[dict[str, Any]]:
    """A line for each agreement of two or more places with coordinates, between each two of them."""
    start = rebase(ID, base)
    for row, parties in rows:
        found = (position(party.longitude, party.latitude) for party in parties)
        places = [where for where in found if where is not None]
        pieces = [piece for one, other in combinations(places, 2) for piece in line(one, other)]
        if pieces:
            single = len(pieces) == 1
            geometry = {
                "type": "LineString" if single else "MultiLineString",
                "coordinates": pieces[0] if single else pieces,
            }
            yield _feature(f"{start}agreement/{row.agreement}", geometry, _properties(row, _OF_AGREEMENTS))


def _feature(iri: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": iri, "geometry": geometry, "properties": properties}


def _properties(row: PlaceRow | AgreementRow, names: Sequence[str]) -> dict[str, Any]:
    """What is known of a row, by the names of its columns."""
    values = ((name, getattr(row, name)) for name in names)
    return {name: int(value) if name in _NUMBERS else value for name, value in values if value != ""}


def position(longitude: str, latitude: str) -> Position | None:
    """A position from two decimals as text, None when one is not known."""
    return (float(longitude), float(latitude)) if longitude and latitude else None


def line(one: Position, other: Position) -> list[list[Position]]:
    """The pieces of the short line between two positions: one, or two that meet the antimeridian.

    >>> line((170.0, 10.0), (-170.0, 20.0))
    [[(170.0, 10.0), (180.0, 15.0)], [(-180.0, 15.0), (-170.0, 20.0)]]
    """
    (west, first), (east, last) = one, other
    if abs(east - west) <= _HALF:
        return [[one, other]]
    if abs(west) == _HALF:  # an end on the antimeridian is on both sides of the map: take the side of the other
        return [[(-west, first), other]]
    if abs(east) == _HALF:
        return [[one, (-east, last)]]
    side = _HALF if west > 0 else -_HALF
    unrolled = east + 2 * side
    latitude = round(first + (last - first) * (side - west) / (unrolled - west), 9)
    return [[one, (side, latitude)], [(-side, latitude), other]]
