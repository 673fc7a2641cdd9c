"""Rules for single records, before anything is resolved: a record that breaks one is quarantined.

The same ids as the shapes of `shapes/` where they mean the same; a finding says where the row stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from typing import Final

from twinld.dates import is_before
from twinld.model import Finding, PlaceFacts, Record, Statement

RecordRule = tuple[str, str, Callable[[Record], str | None]]
"""An id, a severity, and what is wrong with a record (None: nothing)."""


def _self_twin(record: Record) -> str | None:
    if isinstance(record, Statement) and record.subject == record.obj:
        return f"{record.subject} is its own partner; remove the row or correct one item"
    return None


def _ends_first(record: Record) -> str | None:
    if not isinstance(record, Statement) or record.start is None or record.end is None:
        return None
    if is_before(record.end, record.start):
        return f"it ends ({record.end}) before it starts ({record.start}); correct the dates"
    return None


def _latitude(record: Record) -> str | None:
    if isinstance(record, PlaceFacts) and record.latitude is not None and not -90 <= record.latitude <= 90:
        return f"latitude {record.latitude} is off the globe; it goes from -90 to 90"
    return None


def _longitude(record: Record) -> str | None:
    if isinstance(record, PlaceFacts) and record.longitude is not None and not -180 <= record.longitude <= 180:
        return f"longitude {record.longitude} is off the globe; it goes from -180 to 180"
    return None


def _half_point(record: Record) -> str | None:
    if isinstance(record, PlaceFacts) and (record.latitude is None) != (record.longitude is None):
        return "latitude without longitude, or the other way round; write both or neither"
    return None


def _population(record: Record) -> str | None:
    if isinstance(record, PlaceFacts) and record.population is not None and record.population < 0:
        return f"population {record.population} is negative; leave it empty when it is not known"
    return None


def _iso_code(record: Record) -> str | None:
    if not isinstance(record, PlaceFacts) or record.iso_code is None:
        return None
    if (
        len(record.iso_code) == 2
        and record.iso_code.isascii()
        and record.iso_code.isalpha()
        and record.iso_code.isupper()
    ):
        return None
    return f"{record.iso_code!r} is not an ISO 3166-1 alpha-2 code; write two capital letters"


RECORD_RULES: Final[tuple[RecordRule, ...]] = (
    ("X02", "Violation", _self_twin),
    ("D05", "Violation", _ends_first),
    ("G01", "Violation", _latitude),
    ("G02", "Violation", _longitude),
    ("S06", "Violation", _half_point),
    ("I04", "Violation", _iso_code),
    ("S05", "Violation", _population),
)

LEFT_OUT: Final[dict[str, tuple[str, ...]]] = {
    "G01": ("latitude", "longitude"),
    "G02": ("latitude", "longitude"),
    "S06": ("latitude", "longitude"),
    "S05": ("population",),
    "I04": ("iso_code",),
}
"""What of a row of places is left out when it breaks a rule; the rest of the row is kept, with a Warning."""


def check_record(record: Record) -> Iterator[Finding]:
    """The findings of one record."""
    for rule, severity, wrong in RECORD_RULES:
        message = wrong(record)
        if message is None:
            continue
        if rule in LEFT_OUT:
            severity, message = "Warning", f"{message}; it is left out"
            if rule in {"G01", "G02"} and isinstance(record, PlaceFacts) and _swapped(record):
                message += ": latitude and longitude look swapped"
        yield Finding(rule, severity, record.source, record.key, message, record.where)


def _swapped(record: PlaceFacts) -> bool:
    latitude, longitude = record.latitude, record.longitude
    return latitude is not None and longitude is not None and abs(latitude) <= 180 and abs(longitude) <= 90


def check_records(records: Iterable[Record]) -> tuple[list[Record], list[Finding]]:
    """The records to resolve, and the findings; a record with a Violation is only in the findings, and a value of a
    place that breaks a rule is only there.
    """
    good: list[Record] = []
    findings: list[Finding] = []
    for record in records:
        found = list(check_record(record))
        findings.extend(found)
        if any(finding.severity == "Violation" for finding in found):
            continue
        wrong = {name for finding in found for name in LEFT_OUT.get(finding.rule, ())}
        good.append(_without(record, wrong) if wrong and isinstance(record, PlaceFacts) else record)
    return good, findings


def _without(record: PlaceFacts, wrong: Set[str]) -> PlaceFacts:
    return replace(
        record,
        latitude=None if "latitude" in wrong else record.latitude,
        longitude=None if "longitude" in wrong else record.longitude,
        population=None if "population" in wrong else record.population,
        iso_code=None if "iso_code" in wrong else record.iso_code,
    )
