"""What is on disk when the power goes: files and folders are flushed in the order that makes a switch safe."""

from __future__ import annotations

import os
from pathlib import Path


def make_durable(folder: Path) -> None:
    """Flush every file and folder below `folder` to disk, folders last."""
    for place, folders, files in os.walk(folder, topdown=False):
        for name in files:
            sync(Path(place) / name)
        for name in folders:
            sync(Path(place) / name)
    sync(folder)


def sync(path: Path) -> None:
    """Flush a file or a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
