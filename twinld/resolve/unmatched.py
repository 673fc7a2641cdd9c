"""Records of places that no item is known for: kept as records of their source, about no place of the release.

A place that a source names without a Wikidata item mints nothing by itself, and a statement with such a side makes no
agreement. Their records stand in the graph of the source without tw:recordOf, and are counted; what such a statement
says of kind and dates is claimed of the record itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twinld.iris import record_iri
from twinld.model import Finding, PlaceFacts, Source, SourceRecord, Statement
from twinld.resolve.evidence import statement_claims
from twinld.resolve.resolution import Resolution


def unmatched_evidence(
    resolution: Resolution,
    rows: Iterable[PlaceFacts],
    statements: Iterable[Statement],
    sources: Mapping[str, Source],
) -> None:
    """Add the records of places and statements that were resolved to nothing, and count them by source."""
    named: set[tuple[str, str]] = set()
    for row in rows:
        if resolution.identity.resolves(row.item):
            continue
        name = row.item.partition(":")[2] or row.item
        _add(resolution, SourceRecord(row.source, row.key, name))
        stated = row.country
        if stated is None or (row.source, stated) in named or resolution.countries.key(stated) is not None:
            continue
        named.add((row.source, stated))
        if stated not in resolution.countries.known_aliases:
            message = f"{stated!r} is no country of ISO 3166-1; add the name to data/curated/country-names.csv"
            resolution.findings.append(Finding("S04", "Warning", row.source, row.key, message, row.where, stated))
    for statement in statements:
        key = resolution.identity.key(statement.subject)
        side = resolution.slugs.get(key) if sources[statement.source].directed else None
        one, other = (item.partition(":")[2] or item for item in (statement.subject, statement.obj))
        _add(
            resolution,
            SourceRecord(
                statement.source, statement.key, statement.locator or f"{one} P190 {other}", None, side,
                quote=statement.quote, read_on=statement.read_on,
            ),
        )  # fmt: skip
        subject = f"<{record_iri(statement.source, statement.key)}>"
        claims = resolution.claims.setdefault(statement.source, [])
        claims += statement_claims(statement, statement.key, subject)


def _add(resolution: Resolution, record: SourceRecord) -> None:
    resolution.records.setdefault(record.source, []).append(record)
    resolution.unmatched[record.source] = resolution.unmatched.get(record.source, 0) + 1
