"""The index of all names, made with a release from its store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from twinld.layout import sha256
from twinld.publish.lines import GraphFile, scan_files
from twinld.search import INDEX, material_of, write_index
from twinld.store import open_store


def write_search(place: Path, graphs: Sequence[GraphFile], base: str) -> tuple[dict[str, Any], int]:
    """Write the index beside the store of a release; returns its row for the manifest, and how many things it has."""
    store = open_store(place / "store")
    try:
        material = material_of(store, base, scan_files(graphs))
    finally:
        store.close()
    path = place / INDEX
    write_index(path, material)
    return {"name": INDEX, "bytes": path.stat().st_size, "sha256": sha256(path)}, len(material.things)
