"""Small records and sources for the tests of resolving."""

from __future__ import annotations

from twinld.dates import PartialDate
from twinld.iris import Ledger
from twinld.model import PlaceFacts, Record, Source, Statement
from twinld.resolve import Decisions, Resolution, resolve

DAY = "2022-11-30"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def source(name: str, rank: int, licence: str = CC0, *, directed: bool = True, lists_all: bool = False) -> Source:
    return Source(name, name, "", "https://e.org/", licence, "", PartialDate("2016"), "", rank, directed, lists_all)


SOURCES = {
    "a": source("a", 1, lists_all=True),
    "b": source("b", 2),
    "by": source("by", 3, CC_BY),
    "iso": source("iso", 0, directed=False),
}


def states(subject: str, obj: str, name: str = "a", **more: object) -> Statement:
    return Statement(name, f"{subject}-{obj}".lower(), subject, obj, "file:1", **more)  # type: ignore[arg-type]


def knows(item: str, name: str = "a", **more: object) -> PlaceFacts:
    return PlaceFacts(name, item.lower(), item, "file:1", **more)  # type: ignore[arg-type]


US = knows("Q30", "iso", iso_code="US", labels=(("en", "United States"),))
GB = knows("Q145", "iso", iso_code="GB", labels=(("en", "United Kingdom"),))


def resolved(*records: Record, decisions: Decisions | None = None, ledger: Ledger | None = None) -> Resolution:
    return resolve(records, SOURCES, decisions or Decisions(), ledger or Ledger(), DAY)
