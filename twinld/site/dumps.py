"""The downloads of a release as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twinld.publish.dumps import GROUPS


@dataclass(frozen=True)
class Listed:
    """One line of the page: a file as the manifest has it, and its packed forms."""

    file: dict[str, Any]
    packed: list[dict[str, Any]]


def dump_groups(manifest: dict[str, Any]) -> dict[str, list[Listed]]:
    """The files of a release by the title of their group, in the order of GROUPS; "" where a row names no group."""
    packed: dict[str, list[dict[str, Any]]] = {}
    found: dict[str, list[Listed]] = {title: [] for title in (*GROUPS.values(), "")}
    for row in manifest.get("files", []):
        if row.get("of"):
            packed.setdefault(row["of"], []).append(row)
    for row in manifest.get("files", []):
        if not row.get("of"):
            found[GROUPS.get(row.get("group", ""), "")].append(Listed(row, packed.get(row["name"], [])))
    return {title: listed for title, listed in found.items() if listed}
