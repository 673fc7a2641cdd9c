"""A small data folder of real statements, and the release of the real data, each built by the real pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinld.layout import LABELS, PLACES, STATEMENTS, write_inventory

TOML = """\
name = "{name}"
title = "{title}"
publisher = "Wikidata contributors"
homepage = "https://example.org/{name}"
licence = "{licence}"
attribution = "{attribution}"
extracted = "{extracted}"
description = "For tests."
rank = {rank}
directed = true
lists_all = {lists_all}
"""
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
STAGES = [
    "ingest", "check", "resolve", "infer", "load", "validate", "dumps", "worklists", "search", "report", "verify",
    "switch",
]  # fmt: skip
"""The stages of a build, as it tells of them."""


def write_source(
    data: Path,
    name: str,
    statements: list[str],
    places: list[str] | None = None,
    labels: list[str] | None = None,
    *,
    licence: str = CC0,
    rank: int = 1,
    lists_all: bool = True,
    extracted: str = "2016-09-10",
) -> Path:
    """Write a source in our layout; rows are CSV text."""
    folder = data / "sources" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.toml").write_text(
        TOML.format(
            name=name,
            title=f"Source {name}",
            licence=licence,
            rank=rank,
            extracted=extracted,
            lists_all=str(lists_all).lower(),
            attribution="" if licence == CC0 else f"By {name}",
        )
    )
    for file, columns, rows in (
        ("statements.csv", STATEMENTS, statements),
        ("places.csv", PLACES, places),
        ("labels.csv", LABELS, labels),
    ):
        if rows is not None:
            (folder / file).write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    write_inventory(folder)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of its own for each test."""
    return small_data(tmp_path)


def small_data(place: Path) -> Path:
    """Boston and three partners as a crawl states them, one dated; one more by a CC BY sample."""
    folder = place / "data"
    write_source(
        folder,
        "crawl",
        ["Q100,Q34600,,,1959,,,", "Q34600,Q100,,,,,,", "Q100,Q6602,,,,,,", "Q6602,Q100,,,,,,", "Q5112,Q100,,,,,,"],
        [
            "Q100,,42.358333333,-71.0625,US,692600,4930956,",
            "Q34600,,35.011666666,135.768333333,JP,1466264,,",
            "Q30,,,,,,,US",
            "Q17,,,,,,,JP",
        ],
        [
            "Q100,,en,Boston",
            "Q34600,,ja,京都市",
            "Q34600,,en,Kyoto",
            "Q6602,,und,Straßburg",
            "Q30,,en,United States",
            "Q17,,en,Japan",
        ],
    )
    write_source(
        folder,
        "sample",
        ["Q100,Q5112,,,,,,", "Q100,Q424242,,,,,,"],
        ["Q424242,,,,JP,,,"],
        licence=CC_BY,
        rank=9,
        lists_all=False,
        extracted="2019-08-01",
    )
    return folder
