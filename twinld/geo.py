"""Places and lines on a map of the world, 960 wide and 500 high, in the Natural Earth projection.

The polynomial is that of T. Patterson, B. Jenny and B. Savric (2011, Cartography and Geographic Information Science
38, 4), as d3-geo has it; the sphere fills the map and its middle is 0 degrees north, 0 degrees east. Great circles are
followed point by point and cut where they meet 180 degrees, so that no line crosses the map from edge to edge.
Latitude comes before longitude, both in degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

WIDTH: Final = 960
HEIGHT: Final = 500
STEP: Final = 5.0
"""Degrees between two points of a great circle: on the map less than 14 units."""

Degrees = tuple[float, float]
"""Latitude and longitude."""
Point = tuple[float, float]
"""A place on the map: to the right, and down."""
_Vector = tuple[float, float, float]
_TINY: Final = 1e-9
_NEAR_A_POLE: Final = math.cos(math.radians(70))
"""The cosine of the latitude beyond which a great circle is drawn with more points."""


def _raw(latitude: float, longitude: float) -> Point:
    """Both in radians, as the polynomial gives them: up is positive."""
    square = latitude * latitude
    fourth = square * square
    across = 0.8707 - 0.131979 * square + fourth * (-0.013791 + fourth * (0.003971 * square - 0.001529 * fourth))
    up = 1.007226 + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth))
    return longitude * across, latitude * up


_SCALE: Final = min(WIDTH / 2 / _raw(0, math.pi)[0], HEIGHT / 2 / _raw(math.pi / 2, 0)[1])


def project(latitude: float, longitude: float) -> Point:
    """Where a place is on the map; ValueError when it is off the globe.

    >>> project(0, 0), project(0, 180)
    ((480.0, 250.0), (960.0, 250.0))
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"{latitude}, {longitude} is off the globe: latitude comes first")
    x, y = _raw(math.radians(latitude), math.radians(longitude))
    return WIDTH / 2 + _SCALE * x, HEIGHT / 2 - _SCALE * y


def arc(one: Degrees, other: Degrees, step: float = STEP) -> list[list[Degrees]]:
    """The short way between two places on the globe: one piece, or more that end at 180 degrees.

    A point at least every `step` degrees. Empty for one and the same point. Between antipodes every way is as short:
    the one over the North Pole is taken.

    >>> arc((0, 179), (0, -179))
    [[(0.0, 179.0), (0.0, 180.0)], [(0.0, -180.0), (0.0, -179.0)]]
    """
    a, b = _vector(*one), _vector(*other)
    normal = _cross(a, b)
    sine, cosine = math.sqrt(sum(part * part for part in normal)), sum(p * q for p, q in zip(a, b, strict=True))
    angle = math.atan2(sine, cosine)
    if angle < _TINY:
        return []
    if math.pi - angle < _TINY:
        if abs(one[0]) == 90:  # from pole to pole: along the meridian of the other
            return [*arc(one, (0.0, other[1]), step), *arc((0.0, other[1]), other, step)]
        return [*arc(one, (90.0, one[1]), step), *arc((90.0, other[1]), other, step)]
    if abs(normal[2]) < sine * _NEAR_A_POLE:  # there the map bends it most
        step /= 2
    count = max(1, math.ceil(math.degrees(angle) / step))
    points = [_degrees(one)]
    for number in range(1, count):
        part = number / count * angle
        p, q = math.sin(angle - part) / sine, math.sin(part) / sine
        points.append(_place((p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2])))
    return _cut([*points, _degrees(other)], normal)


def _cut(points: Sequence[Degrees], normal: _Vector) -> list[list[Degrees]]:
    """Points as pieces that do not cross 180 degrees, on the great circle that `normal` stands on."""
    pieces = [[points[0]]]
    for before, after in pairwise(points):
        if abs(after[1] - before[1]) > 180:
            side = math.copysign(180.0, before[1])
            if abs(before[1]) != 180 and abs(after[1]) != 180:
                latitude = _at_180(normal, before, after)
                pieces[-1].append((latitude, side))
                pieces.append([(latitude, -side)])
            elif abs(before[1]) == 180:
                pieces.append([(before[0], -side)])  # the same point, seen from the other edge
            else:
                after = (after[0], side)
        pieces[-1].append(after)
    return [piece for piece in pieces if len(piece) > 1]


def _at_180(normal: _Vector, before: Degrees, after: Degrees) -> float:
    """The latitude at which a great circle meets 180 degrees; half way where it runs along it."""
    x, _, z = normal
    if abs(z) < _TINY * max(1.0, abs(x)):
        return (before[0] + after[0]) / 2
    return math.degrees(math.atan(x / z))


def _degrees(place: Degrees) -> Degrees:
    return float(place[0]), float(place[1])


def _vector(latitude: float, longitude: float) -> _Vector:
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def _place(vector: _Vector) -> Degrees:
    x, y, z = vector
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _cross(a: _Vector, b: _Vector) -> _Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def projected(pieces: Iterable[Sequence[Degrees]]) -> list[list[Point]]:
    """Lines on the globe as lines on the map."""
    return [[project(*place) for place in piece] for piece in pieces]


def path(lines: Iterable[Sequence[Point]]) -> str:
    """Lines on the map as the text of an SVG path, to a tenth of a unit, relative after its first point.

    >>> path(projected([[(0, 0), (0, 90), (0, 180)]]))
    'M480 250l240 0l240 0'
    """
    text = []
    for line in lines:
        x, y = 0, 0  # in tenths, so that no error adds up
        for number, (right, down) in enumerate(line):
            at_x, at_y = round(right * 10), round(down * 10)
            if number == 0:
                text.append(f"M{at_x / 10:g} {at_y / 10:g}")
            elif (at_x, at_y) != (x, y):
                text.append(f"l{(at_x - x) / 10:g} {(at_y - y) / 10:g}")
            x, y = at_x, at_y
    return "".join(text)


@cache
def sphere() -> str:
    """The outline of the globe as the text of an SVG path."""
    ring = [(float(latitude), 180.0) for latitude in range(-90, 91, 5)]
    return path(projected([[*ring, *((latitude, -180.0) for latitude, _ in reversed(ring))]])) + "z"


@cache
def graticule(step: int = 30) -> str:
    """Meridians and parallels every `step` degrees as the text of an SVG path, without the outline."""
    meridians = [[(float(y), float(x)) for y in range(-90, 91, 6)] for x in range(-180 + step, 180, step)]
    parallels = [[(float(y), -180.0), (float(y), 180.0)] for y in range(-90 + step, 90, step)]
    return path(projected([*meridians, *parallels]))
