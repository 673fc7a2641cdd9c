"""LICENSE-DATA.md names every source that is not free of conditions, with its licence."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

FREE = ("https://creativecommons.org/publicdomain/",)
ROW = re.compile(r"^\| `([\w-]+)` \| \[[^\]]+\]\((\S+)\) \| (.+) \|$", re.MULTILINE)


def licences(root: Path) -> dict[str, str]:
    """The licences of all sources whose facts or words come with conditions."""
    found = {}
    for path in (root / "data" / "sources").glob("*/source.toml"):
        source = tomllib.loads(path.read_text(encoding="utf-8"))
        found[source["name"]] = source["licence"]
    with (root / "data" / "curated" / "sources.csv").open(encoding="utf-8", newline="") as file:
        found |= {row["name"]: row["licence"] for row in csv.DictReader(file) if row["licence"]}
    return {name: licence for name, licence in found.items() if not licence.startswith(FREE)}


def test_every_source_with_conditions_is_named_with_its_licence(root: Path) -> None:
    text = (root / "LICENSE-DATA.md").read_text(encoding="utf-8")
    rows = {name: licence for name, licence, _ in ROW.findall(text)}

    assert rows == licences(root)
    assert len(rows) == 8
    assert "`graph/quotations`" in text
