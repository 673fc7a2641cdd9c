"""Small releases and extracts, made for the tests of what goes back to Wikidata."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from twinld.enrich.evidence import Extract, Known, Live, Said
from twinld.layout import FILES

TODAY = date(2026, 11, 22)
URL = "https://www.example.org/partners"


def said(one: str, other: str, source: str = "crawl", side: str = "x") -> Said:
    return Said(
        f"{source}/{one}-{other}", source, (one, other), f"agreement/{min(one, other)}--{max(one, other)}", side, False
    )


def small(**more: object) -> Known:
    """Q1 names Q2, which does not answer; Q2 names Q3."""
    known = Known(
        said=[said("Q1", "Q2", side="a"), said("Q2", "Q3", side="b"), said("Q3", "Q2", side="c")],
        names={"Q1": "A", "Q2": "B", "Q3": "C"},
        unanswered=[("agreement/Q1--Q2", "b")],
    )
    for name, value in more.items():
        setattr(known, name, value)
    return known


def extract(*rows: Live, days: int = 0) -> Extract:
    found = Extract(day="2026-11-22")
    for row in rows:
        found.statements.setdefault(row.pair, []).append(row)
        for item in row.pair:
            found.retrieved[item] = f"{TODAY - timedelta(days=days)}T12:00:00Z"
    return found


def live(
    one: str, other: str, *, start: str = "", end: str = "", rank: str = "", more: str = "", url: str = URL
) -> Live:
    references = ((url, "2026-05-04"),) if url else ()
    return Live((one, other), f"{one}$GUID-{other}", rank, start, end, more, references, bool(url))


def made(count: int) -> tuple[Extract, set[tuple[str, str]]]:
    """A referenced set: pairs with a start on one side, or without the other side, with one or two references."""
    rows, plausible = [], set()
    for number in range(1, count + 1):
        one, other = f"Q{10 * number}", f"Q{10 * number + 1}"
        row = live(one, other, start=("1983", "1967-01", "1989-11-17")[number % 3], url=f"{URL}?n={number}|x")
        if number % 4 == 1:
            row = replace(row, references=(*row.references, ("https://b.example/", "2020-01-01")))
        if number % 2:
            plausible.add((one, other))
        else:
            rows.append(live(other, one, url=""))
        rows.append(row)
    return extract(*rows), plausible


def store_extract(folder: Path, found: Extract) -> Path:
    """An extract on disk with these statements."""
    folder.mkdir(parents=True)
    rows: dict[str, list[tuple[str, ...]]] = {"statements.csv": [], "references.csv": [], "revisions.csv": []}
    for pair, statements in found.statements.items():
        for row in statements:
            rows["statements.csv"].append((*pair, row.guid, row.rank, row.start, row.end, "", row.qualifiers))
            for number, (url, read) in enumerate(row.references):
                rows["references.csv"].append((pair[0], row.guid, f"r{number}", "P813", read))
                rows["references.csv"].append((pair[0], row.guid, f"r{number}", "P854", url))
    rows["revisions.csv"] = [(item, "read", "1", "", moment, "0") for item, moment in found.retrieved.items()]
    for name, lines in rows.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(FILES[name])
            writer.writerows(sorted(lines, key=lambda line: int(line[0][1:])))
    (folder / "source.toml").write_text('extracted = "2026-11-22"\n')
    return folder


def one_sided_of(stored: Extract, plausible: set[tuple[str, str]]) -> Known:
    """A release in which the plausible pairs are one-sided."""
    known = Known(unanswered=[])
    for one, other in sorted(plausible):
        known.said += [said(one, other, side=one), said(other, "Q5", side=other)]
        known.unanswered.append((f"agreement/{min(one, other)}--{max(one, other)}", other))
    return known
