"""WD50K: P190 statements of the Wikidata dump of August 2019 around the entities of FB15K-237 (CC BY 4.0).

A sample: nothing follows from what it lacks. Dates and ranks were dropped by its makers; the qualifier P2241
(reason for deprecation) is the only trace of a deprecated statement.
"""

from __future__ import annotations

from pathlib import Path

from twinld.ingest.takeover.raw import rows
from twinld.layout import write_file


def take_over(raw: Path, out: Path) -> None:
    """`wikidata/p190-2019-08-wd50k/{p190_train,context_statements}.csv` -> statements.csv, facts.csv."""
    folder = raw / "wikidata" / "p190-2019-08-wd50k"
    statements = []
    for subject, _, obj, *rest in rows(folder / "p190_train.csv", ","):
        qualifiers = [f"{p}={q}" for p, q in zip(rest[::2], rest[1::2], strict=True)]
        rank = "deprecated" if any(q.startswith("P2241=") for q in qualifiers) else ""
        statements.append((subject, obj, "", rank, "", "", "", ";".join(qualifiers)))
    write_file(out, "statements.csv", statements)
    facts = ((row[0], row[1], row[2]) for row in rows(folder / "context_statements.csv", ","))
    write_file(out, "facts.csv", facts)
