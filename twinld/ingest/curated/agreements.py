"""`agreements.csv`: one agreement that a page or a passage states, a row; what `twinld add` writes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from twinld.dates import PartialDate, partial_date
from twinld.errors import nearest
from twinld.ingest.curated.passages import CONTRIBUTED, Passage
from twinld.ingest.curated.tables import DAY, QID, Rows, like, one_of
from twinld.iris import Ledger, item_number, record_key
from twinld.layout import row_hash
from twinld.model import KINDS, PlaceFacts, Statement


class PlaceNames:
    """Places by name, in any language: what a row that names no item means."""

    def __init__(self, rows: Callable[[], Iterable[PlaceFacts]], ledger: Ledger) -> None:
        self._rows = rows
        self._ledger = ledger
        self._items: dict[str, set[str]] | None = None

    def item(self, name: str) -> str:
        """The Wikidata item of "Q100", of a slug of ours or of a name; ValueError when it fits none or several."""
        if QID.fullmatch(name):
            return name
        row = self._ledger.row("place", name)
        if row is not None and row.state == "active" and QID.fullmatch(row.key):
            return row.key
        found = self._named().get(name.casefold(), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            shown = ", ".join(self.shown(item) for item in sorted(found, key=item_number)[:8])
            raise ValueError(f"{name!r} fits {len(found)} places ({shown}); write the item of the right one")
        close = [known for known in self._named() if known[:2] == name.casefold()[:2]]
        raise ValueError(f"there is no place {name!r}; {nearest(name.casefold(), close, 'near names')}")

    def slug(self, item: str) -> str | None:
        """The slug of an item's place, None when it has none yet."""
        return self._ledger.slug("place", item)

    def shown(self, item: str) -> str:
        """An item with its slug."""
        return f"{item} {self.slug(item) or ''}".strip()

    def _named(self) -> dict[str, set[str]]:
        if self._items is None:
            self._items = {}
            for row in self._rows():
                for _, label in row.labels:
                    self._items.setdefault(label.casefold(), set()).add(row.item)
        return self._items


def agreements(
    rows: Rows,
    found: Mapping[str, Passage],
    by_url: Mapping[str, str],
    places: PlaceNames,
    terms: Iterable[str],
) -> list[Statement]:
    """Every row as a statement of the source that its `source_url` names: a page, or a passage by its id."""
    statements: list[Statement] = []
    keys: set[tuple[str, str]] = set()
    known_terms = set(terms)
    for where, cells in rows.read("agreements.csv"):
        try:
            statement = agreement_of(where, cells, found, by_url, places, known_terms)
        except ValueError as error:
            rows.refuse(where, str(error))
            continue
        if (statement.source, statement.key) in keys:  # the same source says something else of the same pair
            more = row_hash(cells["kind"], cells["start"], cells["end"], cells["quote"])
            statement = replace(statement, key=f"{statement.key}-{more}")
        keys.add((statement.source, statement.key))
        statements.append(statement)
    return statements


def agreement_of(
    where: str,
    cells: dict[str, str],
    found: Mapping[str, Passage],
    by_url: Mapping[str, str],
    places: PlaceNames,
    terms: Collection[str],
) -> Statement:
    """One row as a statement; ValueError, with what would be right, for a row that is wrong."""
    one, other = places.item(cells["place_a"]), places.item(cells["place_b"])
    if one == other:
        raise ValueError(f"{one} is its own partner; correct one of the places")
    kind = one_of("kind", cells["kind"], KINDS)
    start, end = _date(cells, "start"), _date(cells, "end")
    relation = cells["relation"] or "1"
    if not relation.isdigit() or not 1 <= int(relation) <= 99:
        raise ValueError(f"relation {relation!r} is not a number; leave it empty for the first relation of the pair")
    if cells["local_term"]:
        one_of("local_term", cells["local_term"], terms)
    url = cells["source_url"]
    passage = found.get(url)
    key = record_key("-".join((one, other, *([relation] if relation != "1" else []))))
    if passage is not None:
        key = f"{passage.key}-{key}"
        source, record, locator = passage.source, passage.key, passage.locator
        quote, read_on = passage.quote, passage.read_on
    else:
        if not url.startswith(("http://", "https://")):
            raise ValueError(
                f"source_url {url!r} is neither an address nor a passage; {nearest(url, found, 'passages')}"
            )
        source, record, locator = by_url.get(url, CONTRIBUTED), None, url
        quote, read_on = cells["quote"], like("read_on", cells["read_on"], DAY, "2026-01-31")
    return Statement(
        source, key, one, other, where, start=start, end=end, kind=kind, relation=int(relation),
        local_term=cells["local_term"] or None, record=record, locator=locator, quote=quote or None, read_on=read_on,
    )  # fmt: skip


def _date(cells: dict[str, str], column: str) -> PartialDate | None:
    try:
        return partial_date(cells[column]) if cells[column] else None
    except ValueError as error:
        raise ValueError(f"{column} {error}") from None
