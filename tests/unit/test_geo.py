"""The map of the world: the projection, great circles, and where they are cut."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinld.geo import HEIGHT, WIDTH, Degrees, arc, graticule, path, project, projected, sphere

LENGTHS = {0: 1.0, 15: 0.9894, 30: 0.957, 45: 0.9006, 60: 0.8196, 75: 0.716}
DISTANCES = {0: 0.0, 15: 0.186, 30: 0.372, 45: 0.5571, 60: 0.7346, 75: 0.8936, 90: 1.0}
"""The table from which the polynomial of the projection was made: lengths of parallels, distances from the equator."""

LATITUDES = st.floats(-90, 90, allow_nan=False)
LONGITUDES = st.floats(-180, 180, allow_nan=False)
PLACES = st.tuples(LATITUDES, LONGITUDES)


@pytest.mark.parametrize("latitude", LENGTHS)
def test_parallels_are_as_long_as_the_table_of_the_projection_says(latitude: int) -> None:
    length = (project(latitude, 180)[0] - project(latitude, -180)[0]) / WIDTH

    assert length == pytest.approx(LENGTHS[latitude], abs=0.004)


@pytest.mark.parametrize("latitude", DISTANCES)
def test_parallels_are_as_far_from_the_equator_as_the_table_says(latitude: int) -> None:
    whole = HEIGHT / 2 - project(90, 0)[1]

    assert (HEIGHT / 2 - project(latitude, 0)[1]) / whole == pytest.approx(DISTANCES[latitude], abs=0.004)


def test_the_sphere_fills_the_width_and_nearly_the_height() -> None:
    assert [project(0, longitude) for longitude in (-180, 180)] == [(0, 250), (960, 250)]
    assert [round(project(latitude, 0)[1], 1) for latitude in (90, -90)] == [0.4, 499.6]


@pytest.mark.parametrize("place", [(90.1, 0), (0, 180.5), (float("nan"), 0), (-71.06, 142.36e3)])
def test_what_is_off_the_globe_is_refused(place: Degrees) -> None:
    with pytest.raises(ValueError, match="off the globe"):
        project(*place)


def test_los_angeles_to_new_york_passes_the_point_of_the_aviation_formulary() -> None:
    """Its worked example: 40% of the way lies at 38 degrees 40.167 minutes north, 101 degrees 37.570 minutes west."""
    (points,) = arc((33 + 57 / 60, -(118 + 24 / 60)), (40 + 38 / 60, -(73 + 47 / 60)), step=7.2)

    assert len(points) == 6
    assert points[2] == pytest.approx((38 + 40.167 / 60, -(101 + 37.570 / 60)), abs=1e-4)


def test_a_quarter_of_the_equator_is_followed_degree_by_degree() -> None:
    assert arc((0, 0), (0, 90), step=45) == [[(0, 0), (0, pytest.approx(45)), (0, 90)]]


def test_a_line_is_cut_at_180_degrees_where_the_great_circle_meets_it() -> None:
    north = math.degrees(math.atan(math.tan(math.radians(60)) / math.cos(math.radians(10))))

    first, last = arc((60, 170), (60, -170), step=30)

    assert first == [(60, 170), (pytest.approx(north), 180)]
    assert last == [(pytest.approx(north), -180), (60, -170)]


@pytest.mark.parametrize(
    ("one", "other", "pieces"),
    [
        ((10, 180), (20, -170), [[(10, -180), (20, -170)]]),
        ((20, -170), (10, 180), [[(20, -170), (10, -180)]]),
        ((10, -180), (20, 170), [[(10, 180), (20, 170)]]),
        ((10, 170), (20, 180), [[(10, 170), (20, 180)]]),
        ((10, 180), (20, 180), [[(10, 180), (20, 180)]]),
        ((5, 5), (5, 5), []),
    ],
)
def test_ends_on_180_degrees_stay_on_the_side_of_the_line(
    one: Degrees, other: Degrees, pieces: list[list[Degrees]]
) -> None:
    assert arc(one, other, step=180) == pieces


def test_between_antipodes_the_line_passes_a_pole_and_between_poles_the_meridian_of_the_other() -> None:
    assert [piece[-1][0] for piece in arc((10, 20), (-10, -160))] == [90, -10]
    assert [[round(latitude) for latitude, _ in piece] for piece in arc((90, 0), (-90, 30), step=180)] == [
        [90, 0],
        [0, -90],
    ]


@given(PLACES, PLACES)
def test_every_line_stays_on_the_map_and_joins_its_ends(one: Degrees, other: Degrees) -> None:
    pieces = arc(one, other)

    for piece in pieces:
        assert len(piece) > 1
        for latitude, longitude in piece:
            x, y = project(latitude, longitude)
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT
        assert all(abs(after[1] - before[1]) <= 180 for before, after in pairwise(piece))
    if pieces:
        assert away(pieces[0][0], one) < 1e-6
        assert away(pieces[-1][-1], other) < 1e-6
        length = sum(away(a, b) for piece in pieces for a, b in pairwise(piece))
        assert length == pytest.approx(away(one, other), abs=1e-4)


def away(one: Degrees, other: Degrees) -> float:
    """The angle between two places in degrees, by the haversine formula."""
    (phi, lam), (psi, mu) = (map(math.radians, place) for place in (one, other))
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin((mu - lam) / 2) ** 2
    return math.degrees(2 * math.asin(math.sqrt(min(1.0, half))))


def test_a_path_is_written_relative_to_its_first_point() -> None:
    assert path(projected([[(0, 0), (0, 90)], [(0, -180), (0, -90)]])) == "M480 250l240 0M0 250l240 0"
    assert path([]) == ""


@given(st.lists(PLACES, min_size=2, max_size=12))
def test_the_text_of_a_path_leads_to_its_points(points: list[Degrees]) -> None:
    x, y = 0.0, 0.0
    found = []
    for letter, right, down in re.findall(r"([Ml])(-?[0-9.]+) (-?[0-9.]+)", path(projected([points]))):
        x, y = (float(right), float(down)) if letter == "M" else (x + float(right), y + float(down))
        found.append((x, y))

    assert found[-1] == pytest.approx(project(*points[-1]), abs=0.06)


def test_sphere_and_graticule_are_drawn_inside_the_map() -> None:
    assert (sphere()[0], sphere()[-1], sphere().count("M")) == ("M", "z", 1)
    assert graticule().count("M") == 11 + 5
