"""What each example is expected to break, finding by finding: `findings.csv`.

The first line of an example names the rules that it breaks; this table says at which node, how gravely, and, where a
query decides, with which value. After a change `python -m tests.shapes.expected` writes it anew: read the difference.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from twinld.validate import check_graph, load_rules

FOLDER: Final = Path(__file__).resolve().parent
TABLE: Final = FOLDER / "findings.csv"
COLUMNS: Final = ("example", "rule", "severity", "focus", "value")
EXAMPLES: Final = sorted(path for path in FOLDER.glob("*/*") if path.suffix in {".ttl", ".trig"})

Row = tuple[str, str, str, str]
"""Rule, severity, focus and value of a finding."""


def name_of(path: Path) -> str:
    """The name of an example, such as "A01/invalid-one-party.ttl"."""
    return path.relative_to(FOLDER).as_posix()


def found_in(path: Path) -> set[Row]:
    """What the rules find in an example; the value only where a query gives it, for engines number values otherwise."""
    rules = load_rules().by_id
    return {
        (item.rule, item.severity, item.focus, "" if rules[item.rule].is_shape else item.value)
        for item in check_graph(path).findings
    }


def read_table() -> dict[str, set[Row]]:
    """The expected findings of each example that has any."""
    expected: dict[str, set[Row]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected.setdefault(row["example"], set()).add((row["rule"], row["severity"], row["focus"], row["value"]))
    return expected


def write_table() -> None:
    """Write what the rules find now as what is expected."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((name_of(path), *row) for path in EXAMPLES for row in sorted(found_in(path)))


if __name__ == "__main__":
    write_table()
