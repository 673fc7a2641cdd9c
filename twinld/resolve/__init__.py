"""From what sources say to one Place per place and one Agreement per relation.

`resolve` takes the records of all sources and gives the things of graph curated (from CC0 sources), of graph wikidata
(what only fills their gaps), of facts/<source> (what only a source under another licence has), and what every record
was resolved to. Slugs
are minted into the ledger on the way. Nothing is written; nothing depends on the order of the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set

from twinld.iris import Ledger
from twinld.model import Agreement, Finding, Place, PlaceFacts, Record, Redirect, Source, Statement
from twinld.resolve.agreements import AgreementKey, Groups, agreement_of, group_statements, show_agreements, usable_for
from twinld.resolve.choices import placeholders
from twinld.resolve.decisions import Decisions
from twinld.resolve.differences import agreement_differences, place_differences
from twinld.resolve.evidence import evidence_of
from twinld.resolve.gaps import Comparison, compare_agreement, compare_place, filled_agreement, merged
from twinld.resolve.identity import Identity
from twinld.resolve.local import country_of, match_locals
from twinld.resolve.places import Countries, mint_places, more_terms, place_keys, rows_by_place, show_places
from twinld.resolve.repeated import without_repeats
from twinld.resolve.resolution import Facts, Resolution
from twinld.resolve.swapped import without_swapped
from twinld.resolve.unmatched import unmatched_evidence

__all__ = ["Comparison", "Decisions", "Facts", "Resolution", "resolve"]


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
    countries = Countries([row for row in rows if sources[row.source].open], identity, decisions)
    findings: list[Finding] = []
    rows = without_swapped(rows, sources, country_of(countries), findings)
    matches = match_locals(rows, statements, sources, identity, countries, decisions)
    identity.match({local: found.key for local, found in matches.items() if found.state == "matched"})
    doubtful = placeholders(statements)  # of all rows of a source, whether their places are known or not
    unmatched = [record for record in statements if not identity.resolves(record.subject, record.obj)]
    statements = [record for record in statements if identity.resolves(record.subject, record.obj)]
    statements = without_repeats(statements, sources, identity)
    keys = place_keys(statements, identity, countries)
    by_place = rows_by_place(rows, identity, keys)
    slugs = mint_places(keys, by_place, sources, identity, countries, ledger, release)
    groups = group_statements(statements, sources, identity, decisions, findings, doubtful)
    agreements = show_agreements(groups, sources, identity, slugs, ledger, release)
    curated, licensed = show_places(by_place, groups, sources, identity, countries, slugs, findings)
    fills = {name for name, source in sources.items() if source.fills and source.open}
    facts = {name: Facts(places, {}) for name, places in licensed.items()}
    curated_facts = Facts(curated, {})
    for (_, owner), agreement in agreements.items():
        target = curated_facts if owner is None else facts.setdefault(owner, Facts({}, {}))
        target.agreements[agreement.slug] = agreement
    shown = Facts(curated, dict(curated_facts.agreements))
    for name in sorted(fills & facts.keys()):
        filling = facts.pop(name)
        shown = Facts(merged(shown.places, filling.places), {**filling.agreements, **shown.agreements})
    resolution = Resolution(curated_facts, shown, facts, dict(slugs), identity, countries, findings=findings)
    resolution.matches = matches
    _fill_and_compare(resolution, by_place, groups, agreements, fills, sources)
    _differences(resolution, by_place, groups, agreements, fills, sources)
    evidence_of(resolution, rows, redirects, groups, agreements, sources)
    unmatched_evidence(resolution, rows, unmatched, sources)
    return resolution


def _fill_and_compare(
    resolution: Resolution,
    by_place: Mapping[str, list[PlaceFacts]],
    groups: Groups,
    agreements: Mapping[AgreementKey, Agreement],
    fills: Set[str],
    sources: Mapping[str, Source],
) -> None:
    """Fill the gaps of agreements, and note where filling sources agree with what is shown without them."""
    country = _country(resolution)
    if not fills:
        return

    def further(row: PlaceFacts) -> list[tuple[str, str]]:
        return more_terms(row, resolution.identity, resolution.slugs)

    for pair, found in groups.by_pair.items():
        statements = [statement for statement in found if statement.source in fills]
        agreement = agreements.get((pair, None))
        if not statements or agreement is None:
            continue
        more = agreement_of(agreement.slug, agreement.parties, statements, sources)
        resolution.shown.agreements[agreement.slug] = filled_agreement(agreement, more)
        resolution.comparisons.extend(compare_agreement(agreement, statements))
    for key, slug in resolution.slugs.items():
        rows = [row for row in by_place.get(key, ()) if row.source in fills]
        if rows and slug in resolution.curated.places:
            place = resolution.curated.places[slug]
            resolution.comparisons.extend(compare_place(slug, place, rows, country, _distance_km, further))
    resolution.comparisons.sort()


def _differences(
    resolution: Resolution,
    by_place: Mapping[str, list[PlaceFacts]],
    groups: Groups,
    agreements: Mapping[AgreementKey, Agreement],
    fills: Set[str],
    sources: Mapping[str, Source],
) -> None:
    """Note every value that is stated and not shown; those of filling sources are compared by themselves."""
    for (pair, owner), agreement in agreements.items():
        found = [statement for statement in groups.by_pair[pair] if statement.source not in fills]
        usable = usable_for(found, owner, sources)
        resolution.differences.extend(agreement_differences(agreement, usable, found, sources, groups.doubtful))
    for key, slug in resolution.slugs.items():
        place = resolution.curated.places.get(slug)
        rows = [row for row in by_place.get(key, ()) if row.source not in fills]
        if place is not None and len(rows) > 1:
            resolution.differences.extend(place_differences(place, rows, _country(resolution), _distance_km))
    resolution.differences.sort()


def _country(resolution: Resolution) -> Callable[[str], str | None]:
    def slug(stated: str) -> str | None:
        key = resolution.countries.key(stated)
        return resolution.slugs[key] if key is not None else None

    return slug


def _distance_km(place: Place, row: PlaceFacts) -> float:
    from geographiclib.geodesic import Geodesic

    points = (place.latitude, place.longitude, row.latitude, row.longitude)
    one, two, three, four = (float(value) for value in points if value is not None)
    distance_m: float = Geodesic.WGS84.Inverse(one, two, three, four)["s12"]
    return distance_m / 1000
