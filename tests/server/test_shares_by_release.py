"""What /statistics tells of every release on disk: dates by its manifest, sides and sources by its table."""

from __future__ import annotations

import json
from pathlib import Path

from twinld.site.numbers import reports


def test_shares_by_release_come_from_the_tables_that_are_kept(tmp_path: Path) -> None:
    """An older release without its table, or with one of other columns, tells only what its manifest counts."""
    rows = {
        "2022-01-01": "agreement,reciprocity,sources\na,mutual,x y\nb,one-sided,x\nc,,x y z\nd,mutual,\n",
        "2021-01-01": "agreement,sources\na,x\n",
        "2020-01-01": None,
        "2023-01-01": "agreement,reciprocity,sources\na,mutual,x y\n",
    }
    for name, text in rows.items():
        (tmp_path / name / "dumps").mkdir(parents=True)
        counts = {"places": 2, "agreements": 4, "dated": 1}
        (tmp_path / name / "manifest.json").write_text(json.dumps({"date": name, "counts": counts}))
        if text is not None:
            (tmp_path / name / "dumps/agreements.csv").write_text(text)

    table = next(table for table in reports(tmp_path / "2022-01-01") if table.key == "releases")

    assert [column.name for column in table.columns[4:]] == [
        "dated", "share_dated", "both_sides", "told", "share_both_sides", "with_source", "several_sources",
        "share_several_sources",
    ]  # fmt: skip
    assert [(row[0], *row[4:]) for row in table.rows] == [
        ("2020-01-01", 1, 0.25, None, None, None, None, None, None),
        ("2021-01-01", 1, 0.25, None, None, None, None, None, None),
        ("2022-01-01", 1, 0.25, 2, 3, 0.6667, 3, 2, 0.5),
    ]
