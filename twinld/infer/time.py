"""Companions of dates, phases, and the status that follows from the last phase."""

from __future__ import annotations

from collections.abc import Iterator

from twinld.dates import PartialDate, years_before
from twinld.infer.given import Given
from twinld.iris import agreement_iri
from twinld.mapping.write import TYPE, tw
from twinld.model import Agreement
from twinld.terms import Triple, date, integer
from twinld.vocab import TWV

RECENT_YEARS = 3
"""A source that listed an agreement so many years before the release makes it active, not only presumed so."""


def companions(given: Given) -> Iterator[Triple]:
    """Year, decade and bounds of every start and end, as far as they are known (ONTOLOGY C.13)."""
    for slug, agreement in given.agreements.items():
        subject = f"<{agreement_iri(slug)}>"
        for name, value in (("start", agreement.start), ("end", agreement.end)):
            if value is not None:
                yield from _companions(subject, name, value)
    for subject, name, value in given.dated:
        yield from _companions(subject, name, value)


def _companions(subject: str, name: str, value: PartialDate) -> Iterator[Triple]:
    if value.year is not None:
        yield subject, tw(f"{name}Year"), integer(value.year)
    if name == "start" and value.decade is not None:
        yield subject, tw("startDecade"), integer(value.decade)
    if value.earliest is not None:
        yield subject, tw(f"{name}Earliest"), date(value.earliest)
    if value.latest is not None:
        yield subject, tw(f"{name}Latest"), date(value.latest)


def phases_and_status(given: Given) -> Iterator[Triple]:
    """The phases of a dated agreement, and every agreement's status.

    The status is that of the last phase, or the one that a source states; an open active phase gives presumed-active
    unless a source listed the agreement in the three years before the release. Without any date: presumed-active, no
    phase. An end gives ended; what has ended by a day that nobody tells has no phase, since none is known. A point in
    time (`tw:date`) is neither start nor end.
    """
    for slug, agreement in given.agreements.items():
        subject = f"<{agreement_iri(slug)}>"
        if agreement.start is not None and (agreement.end is not None or agreement.status != "ended"):
            yield from _phase(slug, "active", agreement.start, agreement.end)
        if agreement.end is not None:
            yield from _phase(slug, "ended", agreement.end, None)
        yield subject, tw("status"), f"<{TWV}status-{_status(given, slug, agreement)}>"


def _status(given: Given, slug: str, agreement: Agreement) -> str:
    if agreement.end is not None:
        return "ended"
    if agreement.status is not None:
        return agreement.status
    since = years_before(given.release_date, RECENT_YEARS)
    dates = [given.sources[name].listed for name, _ in given.stated_by.get(slug, ())]
    listed = any((date.earliest or "") >= since for date in dates if date is not None)
    return "active" if agreement.start is not None and listed else "presumed-active"


def _phase(slug: str, status: str, since: PartialDate, until: PartialDate | None) -> Iterator[Triple]:
    """One phase. Its fragment tells its status, not its place in a row: a first start date learned later moves none."""
    agreement = agreement_iri(slug)
    phase = f"<{agreement}#phase-{status}>"
    yield f"<{agreement}>", tw("phase"), phase
    yield phase, TYPE, tw("Phase")
    yield phase, tw("status"), f"<{TWV}status-{status}>"
    for name, value in (
        ("fromEarliest", since.earliest),
        ("fromLatest", since.latest),
        ("untilEarliest", until.earliest if until else None),
        ("untilLatest", until.latest if until else None),
    ):
        if value is not None:
            yield phase, tw(name), date(value)
