"""From what sources say to one Place per place and one Agreement per relation.

`resolve` takes the records of all sources and gives the things of graph curated (from CC0 sources), of
facts/<source> (what only a source under another licence has), and what every record was resolved to. Slugs
are minted into the ledger on the way. Nothing is written; nothing depends on the order of the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twinld.iris import Ledger
from twinld.model import Finding, PlaceFacts, Record, Redirect, Source, Statement
from twinld.resolve.agreements import group_statements, show_agreements
from twinld.resolve.decisions import Decisions
from twinld.resolve.evidence import evidence_of
from twinld.resolve.identity import Identity
from twinld.resolve.places import Countries, mint_places, place_keys, rows_by_place, show_places
from twinld.resolve.resolution import Facts, Resolution

__all__ = ["Decisions", "Facts", "Resolution", "resolve"]


def resolve(
    records: Iterable[Record],
    sources: Mapping[str, Source],
    decisions: Decisions,
    ledger: Ledger,
    release: str,
) -> Resolution:
    """Resolve all records; the ledger gets the slugs of places and agreements that have none yet.

    The result is the same whatever order the records come in.
    """
    ordered = sorted(records, key=lambda record: (sources[record.source].rank, record.source, record.key))
    redirects = [record for record in ordered if isinstance(record, Redirect) and sources[record.source].open]
    statements = [record for record in ordered if isinstance(record, Statement)]
    rows = [record for record in ordered if isinstance(record, PlaceFacts)]
    identity = Identity(redirects, decisions)
    findings: list[Finding] = []
    countries = Countries([row for row in rows if sources[row.source].open], identity, decisions)
    keys = place_keys(statements, identity, countries)
    by_place = rows_by_place(rows, identity, keys)
    slugs = mint_places(keys, by_place, sources, identity, countries, ledger, release)
    groups = group_statements(statements, sources, identity, decisions, findings)
    agreements = show_agreements(groups, sources, identity, slugs, ledger, release)
    curated, licensed = show_places(by_place, groups, sources, identity, countries, slugs, findings)
    facts = {name: Facts(places, {}) for name, places in licensed.items()}
    curated_facts = Facts(curated, {})
    for (_, owner), agreement in agreements.items():
        target = curated_facts if owner is None else facts.setdefault(owner, Facts({}, {}))
        target.agreements[agreement.slug] = agreement
    resolution = Resolution(curated_facts, facts, dict(slugs), identity, countries, findings=findings)
    evidence_of(resolution, rows, redirects, groups, agreements, sources)
    return resolution
