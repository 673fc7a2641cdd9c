"""The parts of a release's manifest that are counted: things, rows of each source, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from twinld.model import Finding, Source
from twinld.pipeline.counted import became, rows_read
from twinld.publish.lines import GraphFile
from twinld.resolve import Resolution

UNREADABLE: Final = "S01"
"""The rule of a row that could not be read: it is refused; a record that breaks another rule is quarantined."""


def counts(
    resolution: Resolution, sources: Mapping[str, Source], graphs: Iterable[GraphFile], default: GraphFile
) -> dict[str, int]:
    """How many things the CC0 graphs have.

    `places` are those that an agreement names; `dated` are agreements with any date; `directed` are distinct
    statements of CC0 sources that stand on a side.
    """
    places = resolution.shown.places.values()
    agreements = resolution.shown.agreements.values()
    return {
        "places": sum(1 for place in places if place.p190_item is not None),
        "countries": sum(1 for place in places if place.iso_code is not None),
        "agreements": len(agreements),
        "dated": sum(1 for agreement in agreements if agreement.start or agreement.end or agreement.date),
        "directed": len(
            {
                record.locator
                for name, records in resolution.records.items()
                if sources[name].open
                for record in records
                if record.stated_by is not None
                and record.locator[:1] == "Q"
                and record.locator[1:2].isdigit()  # of items
            }
        ),
        "records": sum(map(len, resolution.records.values())),
        "claims": sum(map(len, resolution.claims.values())),
        "triples": default.count,
        "quads": sum(graph.count for graph in graphs),
    }


def source_rows(
    sources: Mapping[str, Source],
    folders: Mapping[str, Path],
    rows: Mapping[str, int],
    resolution: Resolution,
    found: Iterable[Finding],
) -> list[dict[str, Any]]:
    """Each source with its rows, the records kept, refused, quarantined, about no place of the release (`unused`) or of
    places that no item is known for (`unmatched`), its findings, and what `became` of its records.
    """
    found = list(found)
    findings = Counter(item.source for item in found)
    fate = became(resolution)
    nothing = dict.fromkeys(("matched", "merged", "new", "claims", "agreeing"), 0)
    bad = [item for item in found if item.severity == "Violation" and item.source in sources]
    refused = Counter(item.source for item in bad if item.rule == UNREADABLE)
    held = Counter(source for source, _ in {(item.source, item.focus) for item in bad if item.rule != UNREADABLE})
    return [
        {
            "name": name,
            "title": source.title,
            "licence": source.licence,
            "extracted": source.extracted.edtf,
            "records": rows.get(name, 0),
            "refused": refused[name],
            "quarantined": held[name],
            "unused": resolution.unused.get(name, 0),
            "unmatched": resolution.unmatched.get(name, 0),
            "rows": rows_read(folders[name]) if name in folders else rows.get(name, 0),
            "findings": findings[name],
            **fate.get(name, nothing),
        }
        for name, source in sorted(sources.items())
    ]


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings counted by source, rule and severity."""
    counted = Counter((item.source, item.rule, item.severity) for item in findings)
    return [
        {"source": source, "rule": rule, "severity": severity, "count": number}
        for (source, rule, severity), number in sorted(counted.items())
    ]
