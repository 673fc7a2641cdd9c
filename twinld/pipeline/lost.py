"""Ids of the ledger that nothing states any more: listed, and gone only when somebody says so (docs/identifiers.md)."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from twinld.errors import ReleaseError
from twinld.ingest.curated import THINGS
from twinld.iris import Ledger, Row
from twinld.model import Finding
from twinld.resolve import Resolution

COLUMNS: Final = ("type", "slug", "key")
"""Columns of reports/lost.csv."""


def lost_ids(
    ledger: Ledger, resolution: Resolution, sources: Collection[str], things: Mapping[str, set[str]]
) -> list[Row]:
    """The active ids of the ledger that a whole build has nothing for."""
    used = {"place": set(resolution.slugs.values()), "source": set(sources)}
    used["agreement"] = {*resolution.shown.agreements}
    for facts in resolution.licensed.values():
        used["agreement"] |= facts.agreements.keys()
    for type_ in THINGS:
        used[type_] = set()
    for type_, slugs in things.items():
        used[type_] |= slugs
    return [row for kind in sorted(used) for row in ledger.active(kind) if row.slug not in used[kind]]


def settle(ledger: Ledger, lost: list[Row], day: str, *, retire: bool, fails: bool, violated: bool) -> list[Finding]:
    """Mark lost ids as gone in the ledger when `retire` says so; nothing is gone while rows are refused or quarantined.

    Else ReleaseError, naming some of them, where a release with lost ids `fails`: ids are for ever.
    """
    if not lost or not (retire or fails):
        return []
    if violated:
        message = "nothing states this any more, while rows were refused or quarantined: correct those first"
        return [Finding("S07", "Warning", "ids.csv", f"{row.type}/{row.slug}", message) for row in lost]
    if not retire:
        shown = ", ".join(f"{row.type}/{row.slug}" for row in lost[:5])
        raise ReleaseError(
            f"ids.csv: {len(lost)} ids stand for nothing any more ({shown}); bring their source back, "
            "append a row with state merged or gone for each, or say --retire when all of them are gone"
        )
    for row in lost:
        ledger.add(replace(row, minted_in=day, state="gone"))
    return []


def write_lost(path: Path, lost: Iterable[Row]) -> None:
    """Write the lost ids, sorted."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted((row.type, row.slug, row.key) for row in lost))
