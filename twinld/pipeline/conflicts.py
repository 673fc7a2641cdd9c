"""Report `conflicts.csv`: the values of a filling source that are not those shown."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Final

from twinld.resolve import Resolution

COLUMNS: Final = (
    "type", "slug", "field", "result", "shown", "stated", "source", "record", "statement", "revision", "retrieved",
)  # fmt: skip


def write_conflicts(path: Path, resolution: Resolution) -> dict[str, int]:
    """Write the comparisons that are no agreement; returns how many there are of each result, agreement included.

    Nothing is written when no source fills gaps.
    """
    if not resolution.comparisons:
        return {}
    sources = {comparison.source for comparison in resolution.comparisons}
    records = {(record.source, record.key): record for name in sources for record in resolution.records.get(name, ())}
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for found in resolution.comparisons:
            if found.result == "same":
                continue
            record = records[found.source, found.key]
            provenance = record.provenance
            writer.writerow(
                (
                    *found.thing, found.field, found.result, found.shown, found.stated, found.source, found.key,
                    record.statement or "", provenance.revision if provenance else "",
                    provenance.retrieved if provenance else "",
                )
            )  # fmt: skip
    return dict(sorted(Counter(comparison.result for comparison in resolution.comparisons).items()))
