"""A map of the world with places as dots and their agreements as great circles, for a page to draw as SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from twinld.geo import HEIGHT, WIDTH, Point, arc, graticule, path, project, projected, sphere
from twinld.site.things import Named

STATES: Final = ("active", "ended", "unknown")
"""How a line is drawn. "active" is also an agreement of which no end is known."""
_STATES: Final = {"active": "active", "presumed active": "active", "ended": "ended"}
_LARGEST_ZOOM: Final = 6
_MARGIN: Final = 0.12
"""Free space around what is shown, as a share of its size."""


@dataclass(frozen=True)
class Spot:
    """A place with its coordinates as text (decimal degrees, WGS 84), None where they are not known.

    `status` is that of its agreement, by the words of the vocabulary; "" for the place that a map is about. `graph`
    has the coordinates where no CC0 graph does.
    """

    thing: Named
    latitude: str | None
    longitude: str | None
    status: str = ""
    graph: str = ""

    @property
    def degrees(self) -> tuple[float, float] | None:
        """Latitude and longitude; None when they are not known or are no place on the globe."""
        try:
            found = float(self.latitude or ""), float(self.longitude or "")
            project(*found)
        except ValueError:
            return None
        return found

    @property
    def state(self) -> str:
        """One of STATES."""
        return _STATES.get(self.status, "unknown")


@dataclass(frozen=True)
class Dot:
    """A place on the map, in units of 960 x 500."""

    thing: Named
    x: str
    y: str
    state: str


@dataclass(frozen=True)
class WorldMap:
    """What is drawn: the place that the map is about, the others, and the lines of each state as one SVG path.

    `box` is the part of the map that is shown: left, top, width, height; `unit` is the size on it of what is one
    unit on the whole map. `without` are the others that have no coordinates, of `of`; `apart` are places on the
    map whose coordinates are not CC0, each with the graph that has them.
    """

    here: Dot | None
    dots: tuple[Dot, ...]
    lines: tuple[tuple[str, str], ...]
    box: tuple[float, float, float, float]
    without: tuple[Named, ...]
    of: int
    apart: tuple[Named, ...] = ()

    @property
    def view(self) -> str:
        """The box as an SVG viewBox."""
        return " ".join(f"{number:g}" for number in self.box)

    @property
    def unit(self) -> float:
        """The size of a unit of the whole map."""
        return self.box[2] / WIDTH

    def size(self, units: float) -> str:
        """A size on the whole map as one on the part that is shown."""
        return f"{units * self.unit:.3g}"


def world_map(here: Spot | None, others: Sequence[Spot]) -> WorldMap:
    """The map of a place and its partners, with a line to each; without `here` of parties, each with each.

    A partner stands on it once; of several agreements with it one that holds gives the line its state. A place
    without coordinates has no lines.
    """
    spots = _one_each(others)
    placed = [(spot, where) for spot in spots if (where := spot.degrees) is not None]
    start = here.degrees if here is not None else None
    shown = [*([here] if here is not None and start is not None else []), *(spot for spot, _ in placed)]
    if here is None:
        ways = [(one, other, spot.state) for number, (spot, other) in enumerate(placed) for _, one in placed[:number]]
    else:
        ways = [(start, where, spot.state) for spot, where in placed] if start is not None else []
    lines: dict[str, list[list[Point]]] = defaultdict(list)
    for one, other, state in ways:
        lines[state] += projected(arc(one, other))
    dots = tuple(_dot(spot.thing, where, spot.state) for spot, where in placed)
    points = [project(*where) for where in [*(where for _, where in placed), *([start] if start is not None else [])]]
    points += [point for found in lines.values() for line in found for point in line]
    return WorldMap(
        here=_dot(here.thing, start, "") if here is not None and start is not None else None,
        dots=dots,
        lines=tuple((state, path(lines[state])) for state in STATES if lines.get(state)),
        box=box_of(points),
        without=tuple(spot.thing for spot in spots if spot.degrees is None),
        of=len(spots),
        apart=tuple(spot.thing.only_in(spot.graph) for spot in shown if spot.graph),
    )


def _one_each(spots: Iterable[Spot]) -> list[Spot]:
    found: dict[str, Spot] = {}
    for spot in spots:
        known = found.get(spot.thing.iri)
        if known is None or STATES.index(spot.state) < STATES.index(known.state):
            found[spot.thing.iri] = spot
    return [found[iri] for iri in sorted(found)]


def _dot(thing: Named, where: tuple[float, float], state: str) -> Dot:
    x, y = project(*where)
    return Dot(thing, f"{round(x, 1):g}", f"{round(y, 1):g}", state)


def box_of(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """The part of the map that shows the points, in the shape of the whole; never less than a sixth of its width.

    >>> box_of([(480, 250)]), box_of([(0, 250), (960, 250)]), box_of([])
    ((400.0, 208.3, 160.0, 83.3), (0.0, 0.0, 960.0, 500.0), (0.0, 0.0, 960.0, 500.0))
    """
    found = list(points)
    if not found:
        return 0.0, 0.0, float(WIDTH), float(HEIGHT)
    left, right = min(x for x, _ in found), max(x for x, _ in found)
    top, bottom = min(y for _, y in found), max(y for _, y in found)
    share = max((right - left) / WIDTH, (bottom - top) / HEIGHT) * (1 + 2 * _MARGIN)
    share = min(1.0, max(share, 1 / _LARGEST_ZOOM))
    width, height = WIDTH * share, HEIGHT * share
    x = min(max((left + right - width) / 2, 0.0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0.0), HEIGHT - height)
    return round(x, 1), round(y, 1), round(width, 1), round(height, 1)


def base_map(land: str = "", borders: str = "") -> str:
    """What lies under every map, as an SVG document: the globe with its degrees, and land and borders if given.

    `land` and `borders` are the text of SVG paths in the units of `twinld.geo`. All colours are half transparent
    greys and blues, so that one file looks right on light and on dark paper.
    """
    parts = [
        f'<path fill="#4f86b3" fill-opacity=".13" d="{sphere()}"/>',
        f'<path fill="none" stroke="#7d8a97" stroke-opacity=".25" stroke-width=".4" d="{graticule()}"/>',
    ]
    if land:
        parts.append(f'<path fill="#7d8a97" fill-opacity=".38" d="{land}"/>')
    if borders:
        parts.append(
            f'<path fill="none" stroke="#7d8a97" stroke-opacity=".55" stroke-width=".3" stroke-linejoin="round"'
            f' d="{borders}"/>'
        )
    parts.append(f'<path fill="none" stroke="#7d8a97" stroke-opacity=".5" stroke-width=".6" d="{sphere()}"/>')
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n' + "\n".join(parts) + "\n</svg>\n"
