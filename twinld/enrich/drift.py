"""What a new extract has that the last one had not, and the other way round."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.enrich.checkpoint import stored_rows
from twinld.enrich.extract import Rows
from twinld.iris import item_number

COLUMNS: Final = ("change", "file", "item", "key", "before", "after")
_KEYS: Final = {
    "statements.csv": (2, 1),
    "values.csv": (3, 1),
    "labels.csv": (2,),
    "aliases.csv": (1, 2),
    "redirects.csv": (1,),
}
"""The columns that say which row is meant: a statement by its id, a label by its language."""
STATED: Final = ("statements.csv", "values.csv")


@dataclass(frozen=True)
class Drift:
    """How many rows were added, removed and changed, and the statements that there were and that are gone."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    statements_before: int = 0
    statements_removed: int = 0

    @property
    def share_percent(self) -> float:
        """The share of the statements of before that are gone, in percent."""
        return 100 * self.statements_removed / self.statements_before if self.statements_before else 0.0

    def __str__(self) -> str:
        gone = f"{self.statements_removed:,} of {self.statements_before:,} statements are gone"
        share = f"({self.share_percent:.1f} %)"
        return f"{self.added:,} added, {self.removed:,} removed, {self.changed:,} changed; {gone} {share}"


def compare(before: Path, after: Path, report: Path) -> Drift:
    """Compare two extracts (folders of the layout) and write every difference to a CSV file."""
    counts = {"added": 0, "removed": 0, "changed": 0, "before": 0, "gone": 0}
    report.parent.mkdir(parents=True, exist_ok=True)
    with report.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for item, old, new in _side_by_side(before, after):
            for name in _KEYS:
                was, now = _by_key(name, old), _by_key(name, new)
                if name in STATED:
                    counts["before"] += len(was)
                    counts["gone"] += len(was.keys() - now.keys())
                for key in sorted(was.keys() | now.keys()):
                    one, other = was.get(key, ""), now.get(key, "")
                    if one == other:
                        continue
                    change = "added" if key not in was else "removed" if key not in now else "changed"
                    counts[change] += 1
                    writer.writerow((change, name, item, " ".join(key), one, other))
    return Drift(counts["added"], counts["removed"], counts["changed"], counts["before"], counts["gone"])


def _side_by_side(before: Path, after: Path) -> Iterator[tuple[str, Rows, Rows]]:
    one, other = stored_rows(before), stored_rows(after)
    old, new = next(one, None), next(other, None)
    while old is not None or new is not None:
        if new is None or (old is not None and item_number(old[0]) < item_number(new[0])):
            assert old is not None
            yield old[0], old[1], {}
            old = next(one, None)
        elif old is None or item_number(new[0]) < item_number(old[0]):
            yield new[0], {}, new[1]
            new = next(other, None)
        else:
            yield old[0], old[1], new[1]
            old, new = next(one, None), next(other, None)


def _by_key(name: str, rows: Rows) -> dict[tuple[str, ...], str]:
    return {tuple(row[i] for i in _KEYS[name]): ",".join(row) for row in rows.get(name, ())}
