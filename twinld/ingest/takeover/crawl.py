"""The crawl of Wikidata of September 2016: every P190 statement it reached, and one label an item.

The labels were the first of de, en, fr, it, es that existed; which one was not recorded, so their language is
`und`.
"""

from __future__ import annotations

from pathlib import Path

from twinld.ingest.takeover.named import Problems
from twinld.ingest.takeover.raw import rows
from twinld.layout import write_file


def take_over(raw: Path, out: Path) -> None:
    """`wikidata/p190-2016-09/{relations,names}.tsv` -> statements.csv, labels.csv, problems.csv."""
    folder = raw / "wikidata" / "p190-2016-09"
    noted = Problems()
    relations = rows(folder / "relations.tsv", "\t", ("subject", "object"), noted)
    write_file(out, "statements.csv", ((s, o, "", "", "", "", "", "") for _, (s, o) in relations))
    names = rows(folder / "names.tsv", "\t", ("item", "label"), noted)
    write_file(out, "labels.csv", ((item, "", "und", label.strip()) for _, (item, label) in names if label.strip()))
    noted.write(out)
