"""Points of places whose latitude and longitude are swapped, told by where other sources know places of the country.

A point beyond 90 degrees tells it alone (`twinld.validate.records`); any other is told by its country: no source knows
a place of it thereabouts, and several are known where the point lies the other way round.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from twinld.model import Finding, PlaceFacts, Source

RULE: Final = "S11"
_FAR: Final = 5
"""So many degrees around a point no place of the country is known; near the other one are those within a degree."""
_NEAR: Final = 1
_ENOUGH: Final = 3
"""So many places of the country are known where the point would lie."""

_Cell = tuple[str, int, int]


def without_swapped(
    rows: Iterable[PlaceFacts],
    sources: Mapping[str, Source],
    country: Callable[[str], str | None],
    findings: list[Finding],
) -> list[PlaceFacts]:
    """The rows, those with a swapped point without it and with a finding. Only CC0 sources tell where a country is,
    and none of its own rows.
    """
    rows = list(rows)
    known: dict[_Cell, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        key = country(row.country) if row.country is not None else None
        if key is not None and sources[row.source].open and (point := _point(row)) is not None:
            known[(key, *_cell(*point))].add((row.source, row.item))
    found = []
    for row in rows:
        point, key = _point(row), country(row.country) if row.country is not None else None
        if key is None or point is None or abs(point[1]) > 90 or point[0] == point[1]:
            found.append(row)
            continue
        here = _others(known, key, point, row, _FAR, 1)
        there = 0 if here else _others(known, key, (point[1], point[0]), row, _NEAR, _ENOUGH)
        if there < _ENOUGH:
            found.append(row)
            continue
        message = (
            f"no place of {row.country} is known near {row.latitude} {row.longitude}, and several are near "
            f"{row.longitude} {row.latitude}: they look swapped and are left out; write the latitude first"
        )
        findings.append(Finding(RULE, "Warning", row.source, row.key, message, row.where))
        found.append(replace(row, latitude=None, longitude=None))
    return found


def _point(row: PlaceFacts) -> tuple[float, float] | None:
    if row.latitude is None or row.longitude is None:
        return None
    return float(row.latitude), float(row.longitude)


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return math.floor(latitude), math.floor(longitude)


def _others(
    known: Mapping[_Cell, set[tuple[str, str]]],
    country: str,
    point: tuple[float, float],
    row: PlaceFacts,
    reach: int,
    enough: int,
) -> int:
    """How many other places of a country other sources know around a point, by cells of a degree; no more than
    `enough` are counted.
    """
    i, j = _cell(*point)
    steps = sorted(range(-reach, reach + 1), key=abs)
    places: set[str] = set()
    for cell in ((country, i + a, j + b) for a in steps for b in steps):
        for source, item in known.get(cell, ()):
            if source != row.source and item != row.item:
                places.add(item)
                if len(places) >= enough:
                    return len(places)
    return len(places)
