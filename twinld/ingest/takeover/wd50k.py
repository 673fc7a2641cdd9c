"""WD50K: P190 statements of the Wikidata dump of August 2019 around the entities of FB15K-237 (CC BY 4.0).

A sample: nothing follows from what it lacks. Dates and ranks were dropped by its makers; the qualifier P2241
(reason for deprecation) is the only trace of a deprecated statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from twinld.ingest.takeover.named import Problems
from twinld.ingest.takeover.raw import any_rows
from twinld.layout import write_file


def take_over(raw: Path, out: Path) -> None:
    """`wikidata/p190-2019-08-wd50k/{p190_train,context_statements}.csv` -> statements.csv, facts.csv."""
    folder = raw / "wikidata" / "p190-2019-08-wd50k"
    noted = Problems()
    statements = []
    for subject, _, obj, *rest in _with_qualifiers(folder / "p190_train.csv", noted):
        qualifiers = [f"{p}={q}" for p, q in zip(rest[::2], rest[1::2], strict=True)]
        rank = "deprecated" if any(q.startswith("P2241=") for q in qualifiers) else ""
        statements.append((subject, obj, "", rank, "", "", "", ";".join(qualifiers)))
    write_file(out, "statements.csv", statements)
    facts = ((row[0], row[1], row[2]) for row in _with_qualifiers(folder / "context_statements.csv", noted))
    write_file(out, "facts.csv", facts)
    noted.write(out)


def _with_qualifiers(path: Path, noted: Problems) -> Iterator[list[str]]:
    """Rows of an item, a property and an item, then as many pairs of a property and an item as there are qualifiers.

    A last property without a value is noted and left out, and so is a row of fewer than three cells.
    """
    for line, cells in enumerate(any_rows(path, ","), 1):
        if len(cells) < 3 or len(cells) % 2 == 0:
            right = "write an item, a property and an item, then a property and an item for each qualifier"
            noted.problem("", "row", f"{path.name}:{line}", f"{len(cells)} cells", right)
        if len(cells) >= 3:
            yield cells[: len(cells) - 1 + len(cells) % 2]
