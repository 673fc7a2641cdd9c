"""The ledger of what was offered to Wikidata, and what became of it.

An offer is `offered` until the extract shows the edit (`applied`); one that was applied and is gone is `reverted`.
Whatever stands in the ledger is never offered again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Final

from twinld.enrich.evidence import Extract
from twinld.enrich.quickstatements import Edit
from twinld.errors import SourceError
from twinld.files import BadRow, read_rows

COLUMNS: Final = ("key", "kind", "item", "value", "qualifiers", "references", "offered_on", "state", "state_on", "file")
STATES: Final = ("offered", "applied", "reverted")


@dataclass(frozen=True)
class Offer:
    """One row of the ledger; see COLUMNS. Qualifiers are `P580=1983`, references addresses, `;` or a blank between."""

    key: str
    kind: str
    item: str
    value: str
    qualifiers: str
    references: str
    offered_on: str
    state: str
    state_on: str
    file: str


def read_offers(path: Path) -> list[Offer]:
    """The ledger of a file; SourceError at the first bad row. A missing file is an empty ledger."""
    offers: list[Offer] = []
    if not path.exists():
        return offers
    for row in read_rows(path, COLUMNS):
        if isinstance(row, BadRow):
            raise SourceError(str(row))
        where, cells = row
        if cells["state"] not in STATES:
            raise SourceError(f"{where}: {cells['state']!r} is not a state; write {', '.join(STATES)}")
        offers.append(Offer(**{column: cells[column] for column in COLUMNS}))
    return offers


def offer_of(edit: Edit, today: str, file: str) -> Offer:
    """The row of an edit that is offered today."""
    qualifiers = ";".join(f"{prop}={value}" for prop, value in edit.qualifiers)
    references = " ".join(url for url, _ in edit.references)
    return Offer(edit.key, edit.kind, edit.item, edit.value, qualifiers, references, today, "offered", today, file)


def updated(offers: Iterable[Offer], extract: Extract, today: str) -> list[Offer]:
    """The ledger after a look at the extract: what shows is applied, what showed and is gone is reverted.

    An offer whose item was not read stays as it is.
    """
    return [_updated(offer, extract, today) for offer in offers]


def _updated(offer: Offer, extract: Extract, today: str) -> Offer:
    if offer.item not in extract.retrieved:
        return offer
    shows = _shows(offer, extract)
    if offer.state == "offered" and shows:
        return replace(offer, state="applied", state_on=today)
    if offer.state == "applied" and not shows:
        return replace(offer, state="reverted", state_on=today)
    return offer


def _shows(offer: Offer, extract: Extract) -> bool:
    rows = [row for row in extract.statements.get((offer.item, offer.value), ()) if row.rank != "deprecated"]
    if offer.kind == "reference":
        return any(row.referenced for row in rows)
    if offer.kind in {"start", "end"}:
        return any(bool(row.start if offer.kind == "start" else row.end) for row in rows)
    return bool(rows)


def text_of(offers: Iterable[Offer]) -> str:
    """The ledger as CSV, in the order in which things were offered."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(offer) for offer in sorted(offers, key=lambda offer: (offer.offered_on, offer.key)))
    return out.getvalue()
