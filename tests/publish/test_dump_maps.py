"""The maps and the network of a small made release, as geojson and networkx read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geojson
import networkx
import pytest

from twinld.publish.maps import line
from twinld.vocab import ID


def features(out: Path, name: str) -> dict[str, Any]:
    read = geojson.loads((out / name).read_text())

    assert (read.is_valid, read.errors()) == (True, [])
    return {feature["id"].removeprefix(ID): feature for feature in read["features"]}


def test_places_are_points_with_longitude_first(out: Path) -> None:
    found = features(out, "places.geojson")

    assert {name: feature["geometry"]["coordinates"] for name, feature in found.items()} == {
        "place/kyoto": [135.75, 35.0], "place/suva": [-178.25, -18.0],
    }  # fmt: skip
    assert (found["place/kyoto"]["properties"]["population"], found["place/suva"]["properties"]["country_code"]) == (
        1463723, "FJ",
    )  # fmt: skip


def test_agreements_are_lines_that_end_at_the_antimeridian(out: Path) -> None:
    found = features(out, "agreements.geojson")

    assert list(found) == ["agreement/kyoto--suva", "agreement/three"], "Nara has no coordinates"
    pieces = found["agreement/kyoto--suva"]["geometry"]
    assert pieces["type"] == "MultiLineString"
    assert pieces["coordinates"] == [
        [[135.75, 35.0], [180.0, -15.983696]],
        [[-180.0, -15.983696], [-178.25, -18.0]],
    ]


LINES = [
    ("plain", (10.0, 1.0), (20.0, 2.0), [[(10.0, 1.0), (20.0, 2.0)]]),
    ("half the globe", (-90.0, 0.0), (90.0, 0.0), [[(-90.0, 0.0), (90.0, 0.0)]]),
    ("westward", (-170.0, 0.0), (170.0, 10.0), [[(-170.0, 0.0), (-180.0, 5.0)], [(180.0, 5.0), (170.0, 10.0)]]),
    ("from it", (180.0, 1.0), (-170.0, 2.0), [[(-180.0, 1.0), (-170.0, 2.0)]]),
    ("to it", (-170.0, 2.0), (180.0, 1.0), [[(-170.0, 2.0), (-180.0, 1.0)]]),
    ("along it", (180.0, 1.0), (-180.0, 2.0), [[(-180.0, 1.0), (-180.0, 2.0)]]),
]


@pytest.mark.parametrize(("one", "other", "expected"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_a_line_takes_the_short_way(
    one: tuple[float, float], other: tuple[float, float], expected: list[list[tuple[float, float]]]
) -> None:
    assert line(one, other) == expected


def test_networkx_reads_the_network(out: Path) -> None:
    read = networkx.read_graphml(out / "twinld.graphml", force_multigraph=True)

    assert set(read.nodes) == {"kyoto", "nara", "suva"}
    assert read.nodes["kyoto"] == {
        "label": "京都 <&>", "type": "place", "country_code": "JP", "latitude": 35.0, "longitude": 135.75,
        "population": 1463723, "wikidata_item": "Q1",
    }  # fmt: skip
    assert sorted((*sorted((a, b)), data["agreement"]) for a, b, data in read.edges(data=True)) == [
        ("kyoto", "nara", "kyoto--nara"), ("kyoto", "nara", "three"), ("kyoto", "suva", "kyoto--suva"),
        ("kyoto", "suva", "three"), ("nara", "suva", "three"),
    ]  # fmt: skip
