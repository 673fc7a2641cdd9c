"""Joins what people typed to what was resolved: things get ids, passages their records, and facts their evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from twinld import ingest, mapping
from twinld.errors import FindingsError
from twinld.ingest.curated import Curated, read_curated
from twinld.iris import Ledger, Wish
from twinld.model import Agreement, Finding, PlaceFacts
from twinld.resolve import Resolution
from twinld.terms import Triple
from twinld.vocab import ID

_PLACES = f"{ID}place/"


def place_rows(data: Path) -> Iterator[PlaceFacts]:
    """The place rows of all sources of a data folder."""
    for path in ingest.source_folders(data).values():
        for item in ingest.read(path, ingest.describe(path)):
            if isinstance(item, PlaceFacts):
                yield item


def check_curated(data: Path, documents: Path | None = None) -> list[Finding]:
    """What is wrong with the tables of `data`/curated, without building; quotes are compared with `documents`."""
    ledger = Ledger.read(data / "ids.csv")
    return read_curated(data, ledger, lambda: place_rows(data), documents).findings


def stop_at_faults(curated: Curated) -> None:
    """FindingsError that names every row of the curated tables that cannot be used."""
    bad = [finding for finding in curated.findings if finding.severity == "Violation"]
    if bad:
        shown = "\n".join(f"{finding.where}: {finding.message}" for finding in bad)
        raise FindingsError(f"{shown}\n{len(bad)} rows of data/curated cannot be used; nothing was published")


def join(resolution: Resolution, curated: Curated, ledger: Ledger, release: str) -> dict[str, set[str]]:
    """Put the curated things, records, claims and verdicts into a resolution; the slugs of the things, by type.

    An agreement of `things.csv`, whose parties are many or organisations, becomes one of the graph curated, so that
    what follows from agreements follows from it as well.
    """
    _stop_at_missing_places(resolution, curated)
    slugs = _minted(resolution, curated, ledger, release)
    by_subject: dict[str, list[Triple]] = defaultdict(list)
    for fact in curated.said.facts:
        by_subject[fact[0]].append(fact)
    for slug in sorted(slugs.get("agreement", ())):
        agreement = _agreement(slug, by_subject[f"<{ID}agreement/{slug}>"])
        resolution.curated.agreements[slug] = resolution.shown.agreements[slug] = agreement
    about: dict[str, set[str]] = defaultdict(set)
    for name, thing in curated.said.record_of:
        about[name].add(thing)
    for passage in curated.passages.values():
        records = resolution.records.setdefault(passage.source, [])
        records += [passage.source_record(thing) for thing in sorted(about[passage.id])] or [passage.source_record()]
        for thing in about[passage.id]:
            slug = thing.removeprefix(f"{ID}agreement/")
            if slug in resolution.curated.agreements:
                resolution.stated_by.setdefault(slug, set()).add((passage.source, None))
    for source, claim in curated.said.claims:
        resolution.claims.setdefault(source, []).append(claim)
    resolution.verdicts += curated.verdicts
    return slugs


def _stop_at_missing_places(resolution: Resolution, curated: Curated) -> None:
    """FindingsError for a place that the tables name and no source of this build has."""
    there = {*resolution.slugs.values(), *(wish.wanted for type_, wish in curated.said.wishes if type_ == "place")}
    named = {term for fact in curated.said.facts for term in (fact[0], fact[2])}
    named |= {name for passage in curated.passages.values() for name in passage.names}
    slugs = {
        term.strip("<>").partition("#")[0].removeprefix(_PLACES) for term in named if term.startswith(f"<{_PLACES}")
    }
    slugs |= {slug for pair in curated.said.pairs for slug in pair.split("--")}
    missing = sorted(slugs - there)
    if missing:
        raise FindingsError(
            f"data/curated names places that no source of this build has ({', '.join(missing[:8])}); "
            "build with the source that has them, or write them to things.csv"
        )


def _minted(resolution: Resolution, curated: Curated, ledger: Ledger, release: str) -> dict[str, set[str]]:
    by_type: dict[str, list[Wish]] = defaultdict(list)
    known = {"place": set(resolution.slugs.values()), "agreement": resolution.curated.agreements.keys()}
    for type_, wish in curated.said.wishes:
        if wish.wanted in known.get(type_, ()):
            continue  # sources have it: the table only adds to it
        by_type[type_].append(wish)
    slugs: dict[str, set[str]] = {}
    for type_, wishes in by_type.items():
        minted = ledger.mint(type_, wishes, release)
        for wish in wishes:
            if minted[wish.key] != wish.wanted:
                raise FindingsError(
                    f"things.csv: {type_}:{wish.wanted} is {type_}:{minted[wish.key]} in the ledger; write it so"
                )
        slugs[type_] = set(minted.values())
    return slugs


def _agreement(slug: str, facts: Iterable[Triple]) -> Agreement:
    try:
        agreement = mapping.agreement_from(slug, facts)
    except ValueError as error:
        raise FindingsError(f"things.csv: agreement:{slug}: {error}; say it in claims.csv, with fact yes") from None
    if len(agreement.parties) + len(agreement.organisations) < 2:
        raise FindingsError(f"things.csv: agreement:{slug} has less than two parties; say them in claims.csv")
    return agreement
