"""The ledgers on disk: `data/ids.csv` of a checkout, `ids.csv` of a build folder, and the one in a release."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from twinld.iris import COLUMNS, Ledger
from twinld.publish import faults
from twinld.publish.durable import sync

HEADER: Final = ",".join(COLUMNS) + "\n"


def write_ledger(path: Path, ledger: Ledger) -> None:
    """Write the last row of every slug."""
    path.write_text(HEADER + ledger.text(ledger.rows()), encoding="utf-8")


def replace_ledger(path: Path, text: str) -> None:
    """Put a ledger in the place of the old one, durably: ids cannot be made again, so it is never half there."""
    beside = path.with_suffix(".csv.new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        faults.hit("ledger.written")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync(path.parent)
    faults.hit("ledger.replaced")


def clear_half_ledgers(*paths: Path) -> None:
    """Remove what a killed build left beside the ledgers."""
    for path in paths:
        path.with_suffix(".csv.new").unlink(missing_ok=True)


def ledger_hash(data: Path, out: Path, instead: Mapping[Path, str] | None = None) -> str:
    """A hash of the ledgers that a build reads, with some files as they will be."""
    digest = hashlib.sha256()
    for path in (data / "ids.csv", out / "ids.csv"):
        text = (instead or {}).get(path)
        digest.update(text.encode() if text is not None else path.read_bytes() if path.exists() else b"")
        digest.update(b"\0")
    return digest.hexdigest()
