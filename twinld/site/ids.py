"""What became of ids that are no longer in use, from the ledger that a release carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twinld.iris import LEDGERED, Ledger


@dataclass(frozen=True)
class Moved:
    """An id that is no longer in use: merged into the slug `into`, or gone (None)."""

    into: str | None


class Ids:
    """The ledger of a release; an empty one where there is none."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @classmethod
    def read(cls, folder: Path | None) -> Ids:
        """The ledger `ids.csv` of a release's folder."""
        return cls(Ledger.read(folder / "ids.csv") if folder is not None else Ledger())

    def moved(self, type_: str, slug: str) -> Moved | None:
        """What became of an id; None when it is in use or was never minted. Merges are followed to their end."""
        row = self._ledger.row(type_, slug) if type_ in LEDGERED else None
        if row is None or row.state == "active":
            return None
        seen = {slug}
        while row is not None and row.state == "merged" and row.replaced_by not in seen:
            seen.add(row.replaced_by)
            row = self._ledger.row(type_, row.replaced_by)
        return Moved(row.slug if row is not None and row.state == "active" else None)
