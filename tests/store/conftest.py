"""Marks what an engine is known to answer in another way; see deviations.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

DEVIATIONS = tomllib.loads((Path(__file__).parent / "deviations.toml").read_text("utf-8"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An expected failure for each deviation; one that no test has is an error."""
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    for engine, rows in DEVIATIONS.items():
        unseen = set(rows)
        for item in here:
            name = item.name.replace(f"[{engine}-", "[").replace(f"[{engine}]", "")
            if name != item.name and name in rows:
                item.add_marker(pytest.mark.xfail(reason=rows[name], strict=True))
                unseen.discard(name)
        files = {item.path.name for item in here}
        if unseen and {path.name for path in Path(__file__).parent.glob("test_*.py")} <= files:
            raise pytest.UsageError(f"deviations.toml: {engine} has no test {', '.join(sorted(unseen))}")
