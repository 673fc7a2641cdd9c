"""What became of each source: rows read, records made, findings, matched, merged, new; and what shrank."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from twinld.layout import FILES, count_rows
from twinld.model import Finding, Source
from twinld.resolve import Resolution

SHRANK: Final = "S09"
"""The rule of a source that has less than half of the records of the last release."""


def rows_read(folder: Path) -> int:
    """How many rows the files of a source have."""
    return sum(count_rows(folder / name) for name in FILES if (folder / name).exists())


def became(resolution: Resolution) -> dict[str, dict[str, int]]:
    """By source: how many records are about a thing of the release (`matched`) and about one that another source is
    about too (`merged`); how many things only this source is about (`new`); how many values it states (`claims`), and
    how many of them another source states as well (`agreeing`).
    """
    about: dict[str, set[str]] = defaultdict(set)
    for name, records in resolution.records.items():
        for record in records:
            if record.record_of is not None:
                about[record.record_of].add(name)
    stated: dict[tuple[str, str, str], str] = {}
    shared: set[tuple[str, str, str]] = set()
    for name, claims in resolution.claims.items():
        for claim in claims:
            value = claim.subject, claim.predicate, claim.value
            if stated.setdefault(value, name) != name:
                shared.add(value)
    new = Counter(next(iter(names)) for names in about.values() if len(names) == 1)
    found = {}
    for name in {*resolution.records, *resolution.claims}:
        targets = [r.record_of for r in resolution.records.get(name, ()) if r.record_of is not None]
        claims = resolution.claims.get(name, [])
        found[name] = {
            "matched": len(targets),
            "merged": sum(1 for target in targets if len(about[target]) > 1),
            "new": new[name],
            "claims": len(claims),
            "agreeing": sum(1 for claim in claims if (claim.subject, claim.predicate, claim.value) in shared),
        }
    return found


def shrunk(before: Mapping[str, Any], records: Mapping[str, int], sources: Mapping[str, Source]) -> list[Finding]:
    """A finding for each source that has less than half of the records of the release before (its manifest)."""
    found = []
    for row in before.get("sources", ()):
        name, was = str(row["name"]), int(row["records"])
        if name in sources and records.get(name, 0) * 2 < was:
            message = (
                f"{records.get(name, 0)} records, and {was} in release {before['id']}; "
                "is a file cut, or taken over from less? get the whole, or go on when so many are right"
            )
            found.append(Finding(SHRANK, "Warning", name, name, message, f"{name}/"))
    return found
