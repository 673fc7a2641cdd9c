"""The map of a place and its partners: dots, lines, what is left out, and the part that is shown."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from twinld.site.things import Named
from twinld.site.world_map import Spot, base_map, box_of, world_map

BOSTON = ("42.358333333", "-71.0625")
KYOTO = ("35.011666666", "135.768333333")


def spot(name: str, where: tuple[str | None, str | None] = (None, None), status: str = "") -> Spot:
    return Spot(Named(f"x:{name}", name), *where, status=status)


def test_partners_are_dots_and_lines_by_their_state() -> None:
    found = world_map(
        spot("boston", BOSTON),
        [spot("kyoto", KYOTO, "presumed active"), spot("a", ("50", "5"), "ended"), spot("b", ("51", "6"), "dormant")],
    )

    assert found.here is not None
    assert (found.here.x, found.here.y) == ("307.1", "118.9")
    assert [(dot.thing.label, dot.state) for dot in found.dots] == [
        ("a", "ended"),
        ("b", "unknown"),
        ("kyoto", "active"),
    ]
    assert [state for state, _ in found.lines] == ["active", "ended", "unknown"]
    assert dict(found.lines)["active"].count("M") == 2, "the short way from Boston to Kyoto is cut at 180 degrees"
    assert dict(found.lines)["ended"].count("M") == 1
    assert (found.of, found.without) == (3, ())


def test_a_place_without_coordinates_has_dots_and_no_lines() -> None:
    found = world_map(spot("boston"), [spot("kyoto", KYOTO)])

    assert (found.here, found.lines, [dot.thing.label for dot in found.dots]) == (None, (), ["kyoto"])


def test_partners_without_coordinates_are_named() -> None:
    found = world_map(spot("boston", BOSTON), [spot("b"), spot("a"), spot("kyoto", KYOTO)])

    assert ([thing.label for thing in found.without], found.of) == (["a", "b"], 3)
    assert world_map(spot("boston", BOSTON), [spot("b")]).dots == ()


@pytest.mark.parametrize("where", [("x", "y"), ("95", "10"), ("10", "190"), ("nan", "0"), ("", "3"), (None, "3")])
def test_coordinates_off_the_globe_are_none(where: tuple[str | None, str | None]) -> None:
    assert spot("a", where).degrees is None


def test_of_several_agreements_with_a_partner_the_one_that_holds_counts() -> None:
    found = world_map(spot("boston", BOSTON), [spot("kyoto", KYOTO, "ended"), spot("kyoto", KYOTO, "active")])

    assert [(dot.thing.label, dot.state) for dot in found.dots] == [("kyoto", "active")]
    assert [state for state, _ in found.lines] == ["active"]


def test_parties_are_joined_each_with_each() -> None:
    spots = [spot(name, ("10", str(longitude)), "active") for name, longitude in (("a", 0), ("b", 10), ("c", 20))]

    found = world_map(None, spots)

    assert (found.here, len(found.dots)) == (None, 3)
    assert [(state, path.count("M")) for state, path in found.lines] == [("active", 3)]


def test_the_part_that_is_shown_holds_all_points_in_the_shape_of_the_map() -> None:
    x, y, width, height = box_of([(500, 100), (520, 130)])

    assert (width, height) == (160.0, 83.3)
    assert x <= 500
    assert x + width >= 520
    assert y <= 100
    assert y + height >= 130
    assert box_of([(0, 10), (2, 12)])[:2] == (0.0, 0.0)


def test_the_globe_is_one_document_with_or_without_land() -> None:
    bare = ET.fromstring(base_map())
    full = ET.fromstring(base_map("M0 0L1 1Z", "M0 0L2 2"))

    assert (len(bare), len(full)) == (3, 5)
    assert full.get("viewBox") == "0 0 960 500"
    assert [part.get("d") for part in full][2:4] == ["M0 0L1 1Z", "M0 0L2 2"]
