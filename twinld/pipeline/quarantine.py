"""Which source records a Violation is held against: they are kept in the report and not resolved."""

from __future__ import annotations

from collections.abc import Mapping

from twinld.errors import FindingsError
from twinld.model import Finding, Source
from twinld.resolve import Resolution
from twinld.validate import Report


def records_behind(
    report: Report, resolution: Resolution, sources: Mapping[str, Source]
) -> dict[tuple[str, str], Finding]:
    """The source records to quarantine, by source and key, each with a Violation that it is quarantined for.

    Of the records resolved to what a Violation is about, those of the source of highest rank go: of sources
    that state a value of it, else of all. FindingsError for a Violation that no record of an extract is behind:
    what people typed is corrected, not quarantined.
    """
    violations = [finding for finding in report.findings if finding.severity == "Violation"]
    if not violations:
        return {}
    claiming = {claim.record for claims in resolution.claims.values() for claim in claims}
    behind: dict[str, list[tuple[str, str]]] = {}
    for records in resolution.records.values():
        for record in records:
            typed = sources[record.source].kind != "Source" or sources[record.source].family
            if record.record_of is not None and not typed:
                behind.setdefault(record.record_of, []).append((record.source, record.key))
    bad: dict[tuple[str, str], Finding] = {}
    for finding in violations:
        found = behind.get(finding.focus.partition("#")[0], [])
        if not found:
            raise FindingsError(f"{finding.focus}: {finding.message} (in data edited by hand); nothing was published")
        found = [key for key in found if key in claiming] or found
        worst = max((sources[source].rank, source) for source, _ in found)[1]
        for key in found:
            if key[0] == worst:
                bad.setdefault(key, finding)
    return bad
