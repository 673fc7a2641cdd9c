"""The figures that the documentation gives of the release are those of its manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from twinld.texts import ENGLISH


@pytest.fixture(scope="module")
def manifest(release: Path) -> dict[str, Any]:
    return json.loads((release / "manifest.json").read_text("utf-8"))


def test_the_readme_tells_what_the_release_holds(manifest: dict[str, Any], root: Path) -> None:
    readme = " ".join((root / "README.md").read_text("utf-8").split())
    day, counts = manifest["id"], {name: f"{number:,}" for name, number in manifest["counts"].items()}
    places, agreements, dated = counts["places"], counts["agreements"], counts["dated"]
    share = ENGLISH.percent(manifest["counts"]["dated"] / manifest["counts"]["agreements"])
    made = f"release {day} (made): {places} places, {agreements} agreements ({dated} of them dated)"

    assert [
        text
        for text in (
            f"release of {day} holds {places} places and {agreements} agreements, from {counts['directed']} statements",
            f"{made}, {counts['quads']} quads in build/releases/{day}",
            f"{dated} of {agreements} agreements ({share}) have any date",
        )
        if text not in readme
    ] == []


def test_the_list_of_sources_tells_how_many_records_each_has(manifest: dict[str, Any], root: Path) -> None:
    lines = re.findall(r"^\| `([a-z0-9-]+)` \|[^|]*\| ([\d,+ ]+) \|", (root / "docs/sources.md").read_text(), re.M)
    told = {name: sum(int(number) for number in rows.replace(",", "").split("+")) for name, rows in lines}
    records = {row["name"]: row["records"] for row in manifest["sources"]}

    assert len(told) > 10
    assert told == {name: records[name] for name in told}


def test_the_page_of_shapes_tells_how_many_places_have_no_name_of_known_language(
    manifest: dict[str, Any], root: Path
) -> None:
    count = sum(row["count"] for row in manifest["findings"] if row["rule"] == "L02")

    assert f"nothing is missing; {count:,} have none |" in (root / "docs/shapes.md").read_text("utf-8")
