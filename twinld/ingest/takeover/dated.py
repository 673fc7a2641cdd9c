"""Two sets of dated P190 statements of 2018, made for research on knowledge graphs over time.

Years only. In Wikidata12k `####` means not stated, and equal start and end is a point in time, not a twinning of
one year. MMKB writes `occurSince`.
"""

from __future__ import annotations

from pathlib import Path

from twinld.ingest.takeover.named import Problems
from twinld.ingest.takeover.raw import rows
from twinld.layout import write_file


def take_over_wikidata12k(raw: Path, out: Path) -> None:
    """`wikidata/p190-dated-wikidata12k/p190_dated_train.tsv` -> statements.csv."""
    path = raw / "wikidata" / "p190-dated-wikidata12k" / "p190_dated_train.tsv"
    statements = []
    noted = Problems()
    for _, (subject, _, obj, first, last) in rows(
        path, "\t", ("subject", "property", "object", "first", "last"), noted
    ):
        start, end = _date(first), _date(last)
        if start and start == end:
            statements.append((subject, obj, "", "", "", "", start, ""))
        else:
            statements.append((subject, obj, "", "", start, end, "", ""))
    write_file(out, "statements.csv", statements)
    noted.write(out)


def take_over_mmkb(raw: Path, out: Path) -> None:
    """`wikidata/p190-dated-mmkb/p190_dated_valid.tsv` -> statements.csv."""
    path = raw / "wikidata" / "p190-dated-mmkb" / "p190_dated_valid.tsv"
    noted = Problems()
    table = rows(path, "\t", ("subject", "property", "object", "when", "year"), noted)
    write_file(out, "statements.csv", ((s, o, "", "", since, "", "", "") for _, (s, _, o, _, since) in table))
    noted.write(out)


def _date(text: str) -> str:
    """`1991-##-##` -> `1991`; `199#-##-##` -> `199X`; `####-##-##` -> nothing."""
    year, *rest = text.split("-")
    if "#" in year:
        return year.replace("#", "X") if year.strip("#") else ""
    return "-".join((year, *(part for part in rest if "#" not in part)))
