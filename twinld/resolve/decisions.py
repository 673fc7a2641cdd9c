"""Decisions by hand: which items are one place, what a country's name means, which statements are refuted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from twinld import model
from twinld.errors import SourceError, nearest
from twinld.files import BadRow, read_rows

RECONCILIATION: Final = ("item", "place", "role", "decided_on", "reason")
COUNTRY_NAMES: Final = ("name", "iso_code", "note")
VERDICTS: Final = ("source", "subject", "object", "verdict", "according_to", "read_on", "note")
_ITEM: Final = re.compile(r"Q[1-9]\d*", re.ASCII)
_CODE: Final = re.compile(r"([A-Z]{2})?")
_DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_SHOWN: Final = {_ITEM: "Q100", _CODE: "US, or leave it empty for none", _DAY: "2026-01-31"}
ROLES: Final = ("new", "none", "p190", "same")
_LOCAL: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*:\S.*")


@dataclass(frozen=True)
class StatementVerdict:
    """A judgement of what one source states about two items."""

    verdict: str
    according_to: str
    read_on: str
    note: str


@dataclass(frozen=True)
class Decisions:
    """All decisions of `data/`: `same` maps an item to the item of its place, `p190` says which of them carries
    the twinnings; `places` maps an identifier of a source's own to the item that it means, to itself for a new
    place, to "" for none; `country_names` maps a name to an ISO code ("" for none); `verdicts` are by source, subject
    and object.
    """

    same: dict[str, str] = field(default_factory=dict)
    p190: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    country_names: dict[str, str] = field(default_factory=dict)
    verdicts: dict[tuple[str, str, str], StatementVerdict] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Path, sources: Collection[str] = ()) -> Decisions:
        """The decisions of a data folder; a file that is missing holds none.

        Raises SourceError at the first bad row: what is written by hand must be whole. Names of sources are
        looked up in `sources`, when there are any.
        """
        decisions = cls()
        for where, row in _rows(data / "reconciliation.csv", RECONCILIATION):
            _one_of(where, "role", row["role"], ROLES)
            if ":" in row["item"]:
                decisions.places[row["item"]] = _local_place(where, row)
                continue
            if row["role"] in {"new", "none"}:
                raise SourceError(f"{where}: {row['item']} is an item, and a place by that; write role same or p190")
            _like(where, row, _ITEM, "item", "place")
            decisions.same[row["item"]] = row["place"]
            if row["role"] == "p190":
                decisions.p190[row["place"]] = row["item"]
        for where, row in _rows(data / "curated" / "country-names.csv", COUNTRY_NAMES):
            _like(where, row, _CODE, "iso_code")
            decisions.country_names[row["name"]] = row["iso_code"]
        for where, row in _rows(data / "curated" / "verdicts.csv", VERDICTS):
            _one_of(where, "verdict", row["verdict"], model.VERDICTS)
            _like(where, row, _ITEM, "subject", "object")
            _like(where, row, _DAY, "read_on")
            for column in ("source", "according_to"):
                if sources:
                    _one_of(where, column, row[column], sources)
            if not row["note"] or not row["according_to"]:
                raise SourceError(f"{where}: a verdict without reason; write according_to and note")
            verdict = StatementVerdict(row["verdict"], row["according_to"], row["read_on"], row["note"])
            decisions.verdicts[row["source"], row["subject"], row["object"]] = verdict
        return decisions


def _local_place(where: str, row: dict[str, str]) -> str:
    """What a row decides of an identifier of a source's own."""
    if not _LOCAL.fullmatch(row["item"]):
        raise SourceError(f"{where}: item {row['item']!r} is wrong; write it as wdqs-2017:graz|austria")
    if row["role"] == "p190":
        raise SourceError(f"{where}: {row['item']} is no item and carries no P190; write role same, new or none")
    if row["role"] == "same":
        _like(where, row, _ITEM, "place")
        return row["place"]
    if row["place"]:
        raise SourceError(f"{where}: role {row['role']} names no place; leave place empty")
    return row["item"] if row["role"] == "new" else ""


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    if not path.exists():
        return
    for item in read_rows(path, columns):
        if isinstance(item, BadRow):
            raise SourceError(str(item))
        yield item


def _like(where: str, row: dict[str, str], pattern: re.Pattern[str], *columns: str) -> None:
    for column in columns:
        if not pattern.fullmatch(row[column]):
            raise SourceError(f"{where}: {column} {row[column]!r} is wrong; write it as {_SHOWN[pattern]}")


def _one_of(where: str, column: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise SourceError(f"{where}: {column} {value!r} is not one; {nearest(value, choices, column + 's')}")
