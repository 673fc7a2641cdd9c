"""What is kept of every release for ever, when its folder is long gone: its name, its day, what it changed.

`build/history/<release>.json` is the release's own `reports/changes.json`, copied when it is switched in; so it can
be made again from the release as long as that is on disk.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Final

from twinld.publish import faults
from twinld.publish.changes import Changes
from twinld.publish.durable import sync

LOG: Final = logging.getLogger("twinld.publish")
HISTORY: Final = "history"
CHANGES: Final = "reports/changes.json"


def keep_history(out: Path) -> None:
    """Copy what every release on disk changed to the history, where it is not yet; each file appears whole.

    What cannot be read is not copied: the release may still be made whole again.
    """
    for folder in sorted((out / "releases").iterdir()):
        path, kept = folder / CHANGES, out / HISTORY / f"{folder.name}.json"
        if folder.name.startswith(".") or not path.is_file() or kept.exists():
            continue
        content = path.read_bytes()
        if _changes(content) is None:
            LOG.warning("%s: is no whole list of changes, so the history lacks it; run twinld verify", path)
            continue
        kept.parent.mkdir(exist_ok=True)
        beside = kept.with_name(f".{kept.name}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        faults.hit("publish.history")
        beside.replace(kept)
        sync(kept.parent)


def history_names(out: Path) -> list[str]:
    """The names of the releases that the history has."""
    return sorted(path.stem for path in (out / HISTORY).glob("[!.]*.json"))


def read_history(out: Path) -> list[Changes]:
    """What every release changed, the newest first; a release that is damaged is left out."""
    found: dict[str, Changes] = {}
    on_disk = sorted(path for path in (out / "releases").glob("[!.]*") if (path / CHANGES).is_file())
    kept = sorted((out / HISTORY).glob("[!.]*.json"))
    names = {path.stem for path in kept}
    for path in (*kept, *(folder / CHANGES for folder in on_disk if folder.name not in names)):
        try:
            changes = _changes(path.read_bytes())
        except OSError:
            continue
        if changes is not None:
            found[changes.release] = changes
    depth = {name: _depth(name, found) for name in found}
    return sorted(found.values(), key=lambda changes: (depth[changes.release], changes.release), reverse=True)


def _changes(content: bytes) -> Changes | None:
    """What a file of changes says; None for one that is damaged."""
    try:
        return Changes.read(json.loads(content))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _depth(name: str, found: dict[str, Changes]) -> int:
    """How many releases came before one."""
    steps, seen = 0, {name}
    while (name := found[name].previous) in found and name not in seen:
        seen.add(name)
        steps += 1
    return steps
