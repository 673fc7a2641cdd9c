"""What every record was resolved to: source records and claims, verdicts, and who states which agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twinld.iris import agreement_iri, place_iri
from twinld.mapping import write as w
from twinld.model import Agreement, Claim, PlaceFacts, Redirect, Source, SourceRecord, Statement, Verdict
from twinld.resolve.agreements import AgreementKey, Groups
from twinld.resolve.decisions import StatementVerdict
from twinld.resolve.places import level_term, more_terms
from twinld.resolve.resolution import Resolution
from twinld.terms import decimal, edtf, integer, lang, text
from twinld.vocab import GEONAMES, TWV

_FIELDS = (("P17", "country"), ("P625", "latitude"), ("P1082", "population"), ("P1566", "geonames"))
"""The fields of a record that have an attribute of their own, by their Wikidata property."""


def evidence_of(
    resolution: Resolution,
    rows: Iterable[PlaceFacts],
    redirects: Iterable[Redirect],
    groups: Groups,
    agreements: Mapping[AgreementKey, Agreement],
    sources: Mapping[str, Source],
) -> None:
    """Fill in `records`, `claims`, `verdicts`, `stated_by`, `unresolved` and `unused` of a resolution."""
    for record in rows:
        key = resolution.identity.key(record.item)
        if not resolution.identity.resolves(record.item):
            continue  # see twinld.resolve.unmatched
        if key not in resolution.slugs:
            resolution.unused[record.source] = resolution.unused.get(record.source, 0) + 1
            continue
        _place_record(resolution, record, resolution.slugs[key])
    for redirect in redirects:
        key = resolution.identity.key(redirect.item)
        if key in resolution.slugs:
            place = place_iri(resolution.slugs[key])
            _add(
                resolution,
                SourceRecord(redirect.source, redirect.key, f"{redirect.item} redirects to {redirect.target}", place),
            )
            _claim(
                resolution,
                redirect.source,
                redirect.key,
                "altIdentifier",
                f"<{place}>",
                w.ALT,
                w.item_term(redirect.item),
            )
    slug_of = {pair: agreement.slug for (pair, _), agreement in agreements.items()}
    for pair, found in groups.by_pair.items():
        for statement in found:
            _statement_record(resolution, statement, slug_of[pair], sources[statement.source].directed)
    for statement, _, verdict in groups.refuted:
        side, other = (resolution.slugs[resolution.identity.key(q)] for q in (statement.subject, statement.obj))
        _add(resolution, _record(statement, None, side if sources[statement.source].directed else None))
        _claim(
            resolution, statement.source, statement.key, "twin",
            f"<{place_iri(side)}>", w.tw("hasBeenTwinnedWith"), f"<{place_iri(other)}>",
        )  # fmt: skip
        resolution.unresolved[statement.source, statement.key] = (side, other)
        _judge(resolution, statement, verdict)
    for statement, verdict in groups.judged:
        _judge(resolution, statement, verdict)


def _judge(resolution: Resolution, statement: Statement, verdict: StatementVerdict) -> None:
    judged = Verdict(
        statement.source, statement.key, verdict.verdict, verdict.according_to, verdict.note, verdict.read_on
    )
    resolution.verdicts.append(judged)


def _add(resolution: Resolution, record: SourceRecord) -> None:
    resolution.records.setdefault(record.source, []).append(record)


def _claim(resolution: Resolution, source: str, key: str, name: str, subject: str, predicate: str, value: str) -> None:
    claim = Claim((source, key), name, subject, predicate, value)
    resolution.claims.setdefault(source, []).append(claim)


def _record(statement: Statement, record_of: str | None, side: str | None) -> SourceRecord:
    return SourceRecord(
        statement.source,
        statement.record or statement.key,
        statement.locator or f"{statement.subject} P190 {statement.obj}",
        record_of,
        side,
        statement.statement,
        provenance=statement.provenance,
        quote=statement.quote,
        read_on=statement.read_on,
    )


def _statement_record(resolution: Resolution, statement: Statement, slug: str, directed: bool) -> None:
    side = resolution.slugs[resolution.identity.key(statement.subject)] if directed else None
    agreement = agreement_iri(slug)
    _add(resolution, _record(statement, agreement, side))
    resolution.stated_by.setdefault(slug, set()).add((statement.source, side))
    start = f"{slug}-" if statement.record is not None else ""  # a passage may state several agreements
    claims = statement_claims(statement, statement.record or statement.key, f"<{agreement}>", start)
    resolution.claims.setdefault(statement.source, []).extend(claims)


def statement_claims(statement: Statement, key: str, subject: str, start: str = "") -> list[Claim]:
    """What a statement says of its agreement `subject`, as claims of the record `key`; `start` begins their names."""
    claims = [
        (name, predicate, edtf(value.edtf))
        for name, predicate, value in (
            ("start", w.START, statement.start),
            ("end", w.END, statement.end),
            ("date", w.DATE, statement.point),
        )
        if value is not None
    ]
    if statement.kind != "unspecified":
        claims.append(("kind", w.KIND, f"<{TWV}kind-{statement.kind}>"))
    if statement.local_term is not None:
        claims.append(("localTerm", w.LOCAL_TERM, f"<{TWV}term-{statement.local_term}>"))
    if statement.status is not None:
        claims.append(("status", w.tw("status"), f"<{TWV}status-{statement.status}>"))
    claims += [(f"theme-{theme}", w.THEME, f"<{TWV}theme-{theme}>") for theme in statement.themes]
    return [
        Claim((statement.source, key), f"{start}{name}", subject, predicate, term) for name, predicate, term in claims
    ]


def _place_record(resolution: Resolution, record: PlaceFacts, slug: str) -> None:
    place = f"<{place_iri(slug)}>"
    _add(
        resolution,
        SourceRecord(
            record.source, record.key, _locator(record), place_iri(slug),
            statement=record.statement, provenance=record.provenance, as_of=record.as_of,
        ),
    )  # fmt: skip
    claims: list[tuple[str, str, str]] = [(f"label-{tag}", w.LABEL, lang(label, tag)) for tag, label in record.labels]
    if record.latitude is not None and record.longitude is not None:
        claims.append(("lat", w.LAT, decimal(record.latitude)))
        claims.append(("long", w.LONG, decimal(record.longitude)))
    if record.country is not None:
        country = resolution.countries.key(record.country)
        claims.append(("country", w.IN_COUNTRY, _country(resolution, record.country, country)))
    if record.population is not None:
        claims.append(("population", w.POPULATION, integer(record.population)))
    if record.geonames is not None:
        claims.append(("geonames", w.GEONAMES_FEATURE, f"<{GEONAMES}{record.geonames}/>"))
    if record.level is not None:
        claims.append(("level", w.LEVEL, level_term(record.level)))
    if record.iso_code is not None:
        claims.append(("isoCode", w.ISO_CODE, text(record.iso_code)))
    seen: dict[str, int] = {}
    for tag, alias in record.aliases:  # several a language
        seen[tag] = seen.get(tag, 0) + 1
        claims.append((f"alias-{tag}-{seen[tag]}", w.ALIAS, lang(alias, tag)))
    for (prop, _), (predicate, value) in zip(
        record.more, more_terms(record, resolution.identity, resolution.slugs), strict=True
    ):
        claims.append((prop, predicate, value))
    for name, predicate, value in claims:
        _claim(resolution, record.source, record.key, name, place, predicate, value)


def _locator(record: PlaceFacts) -> str:
    """Where a record stands: the item, for a statement the property too, else the row."""
    if record.key == record.item.lower():
        return record.item
    if record.statement is None:
        return f"{record.item} ({record.key})"
    field = next((prop for prop, value in _FIELDS if getattr(record, value) is not None), None)
    return f"{record.item} {field or record.more[0][0]}"


def _country(resolution: Resolution, stated: str, key: str | None) -> str:
    """The country that a source states: our place, else the Wikidata item, else its own words."""
    if key is not None:
        return f"<{place_iri(resolution.slugs[key])}>"
    is_item = stated[:1] == "Q" and stated[1:].isdigit()
    return w.item_term(stated) if is_item else text(stated)
