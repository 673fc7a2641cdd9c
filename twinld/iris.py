"""IRIs of ours: built from slugs, and slugs minted once into the ledger `data/ids.csv`.

The ledger wins over every rule for ever: it is read before anything is minted and only appended to, the last
row of a slug tells its state, and a slug is never used again (docs/identifiers.md). No IRI holds a date, a
kind or a label that was computed from data of ours.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, NamedTuple

from anyascii import anyascii

from twinld.errors import SourceError
from twinld.files import BadRow, read_rows
from twinld.vocab import ID

COLUMNS: Final = ("type", "slug", "key", "minted_in", "state", "replaced_by")
STATES: Final = ("active", "merged", "gone")
LEDGERED: Final = ("agreement", "place", "source")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AGREEMENT_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:--[a-z0-9]+(?:-[a-z0-9]+)*)*")
_QID_LIKE: Final = re.compile(r"q\d+")


def iri_of(type_: str, slug: str) -> str:
    """The IRI of a thing of ours.

    >>> iri_of("place", "boston")
    'https://w3id.org/twinld/id/place/boston'
    """
    return f"{ID}{type_}/{slug}"


def place_iri(slug: str) -> str:
    """The IRI of a place."""
    return f"{ID}place/{slug}"


def agreement_iri(slug: str) -> str:
    """The IRI of an agreement."""
    return f"{ID}agreement/{slug}"


def pair_iri(one: str, other: str) -> str:
    """The IRI of the unordered pair of two place slugs, in code point order."""
    first, second = sorted((one, other))
    return f"{ID}pair/{first}--{second}"


def source_iri(name: str) -> str:
    """The IRI of a source."""
    return f"{ID}source/{name}"


def record_iri(source: str, key: str) -> str:
    """The IRI of a source record: the key is the source's own, in lower case, in IRI-safe letters."""
    return f"{ID}record/{source}/{key}"


def record_key(text: str) -> str:
    """A key as it stands in a record's IRI: lower case, everything but letters, digits, `-` and `.` as `-`.

    >>> record_key("q64$4EA4DEE6-0001")
    'q64-4ea4dee6-0001'
    """
    return re.sub(r"[^a-z0-9.\-]+", "-", text.lower()).strip("-.")


def fold(label: str) -> str:
    """A label in small ASCII letters, digits and single hyphens; empty when nothing of it is left.

    >>> fold("Malmö"), fold("Saint-Étienne (Loire)"), fold("Łódź")
    ('malmo', 'saint-etienne-loire', 'lodz')
    """
    return re.sub(r"[^a-z0-9]+", "-", anyascii(label.replace("'", "").replace("’", "")).lower()).strip("-")


class Wish(NamedTuple):
    """A thing that needs a slug: its key, the slug it would like (folded; "" for none) and its country code."""

    key: str
    wanted: str
    country: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the ledger; see COLUMNS."""

    type: str
    slug: str
    key: str
    minted_in: str
    state: str = "active"
    replaced_by: str = ""


class Ledger:
    """Every slug ever minted, and the ones that this run adds (`new`)."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.new: list[Row] = []
        self._by_slug: dict[tuple[str, str], Row] = {}
        self._by_key: dict[tuple[str, str], Row] = {}
        for row in rows:
            self._put(row)

    @classmethod
    def read(cls, *paths: Path) -> Ledger:
        """The ledger of one or several files, one after another; a file that is missing adds nothing.

        Raises SourceError at the first row that is not whole: ids are never guessed.
        """
        rows: list[Row] = []
        for path in paths:
            if path.exists():
                rows.extend(_checked(item) for item in read_rows(path, COLUMNS))
        return cls(rows)

    def _put(self, row: Row) -> None:
        self._by_slug[row.type, row.slug] = row
        if row.state == "active" or (row.type, row.key) not in self._by_key:
            self._by_key[row.type, row.key] = row

    def slug(self, type_: str, key: str) -> str | None:
        """The slug of a key, None when it has none yet; a merged one gives its successor's."""
        row = self._by_key.get((type_, key))
        while row is not None and row.state == "merged":
            row = self._by_slug.get((type_, row.replaced_by))
        return row.slug if row is not None and row.state == "active" else None

    def row(self, type_: str, slug: str) -> Row | None:
        """The last row of a slug, None when it was never minted."""
        return self._by_slug.get((type_, slug))

    def active(self, type_: str) -> list[Row]:
        """The rows of a type that are in use, by slug."""
        return [row for (kind, _), row in sorted(self._by_slug.items()) if kind == type_ and row.state == "active"]

    def add(self, row: Row) -> None:
        """Append a row (a new slug, or a new state of an old one). ValueError when a slug would be reused."""
        pattern = _AGREEMENT_SLUG if row.type == "agreement" else _SLUG
        if not pattern.fullmatch(row.slug):
            raise ValueError(f"{row.slug!r} is not a slug: small letters, digits and single hyphens")
        old = self._by_slug.get((row.type, row.slug))
        if old is not None and (row.state == "active" or old.key != row.key):
            raise ValueError(f"{row.type} {row.slug!r} was minted for {old.key} in {old.minted_in}")
        self._put(row)
        self.new.append(row)

    def mint(self, type_: str, wishes: Iterable[Wish], minted_in: str) -> dict[str, str]:
        """The slug of every wish's key; keys without one get it by the rule, whatever order they come in.

        The rule (docs/identifiers.md): the wanted slug; when it is taken, or wanted by two of this run, with
        `-` and the country code; when that is taken or wanted twice too, or there is nothing to go by, the key
        in lower case.
        """
        slugs: dict[str, str] = {}
        open_wishes: dict[str, Wish] = {}
        for wish in wishes:
            known = self.slug(type_, wish.key)
            if known is None:
                open_wishes[wish.key] = wish
            else:
                slugs[wish.key] = known
        for key, slug in self._choose(type_, open_wishes).items():
            self.add(Row(type_, slug, key, minted_in))
            slugs[key] = slug
        return slugs

    def _choose(self, type_: str, wishes: dict[str, Wish]) -> dict[str, str]:
        plain = Counter(wish.wanted for wish in wishes.values())
        second: dict[str, str] = {}
        chosen: dict[str, str] = {}
        for key, wish in wishes.items():
            wanted = wish.wanted
            if not wanted or _QID_LIKE.fullmatch(wanted):
                continue
            if plain[wanted] == 1 and (type_, wanted) not in self._by_slug:
                chosen[key] = wanted
            elif wish.country:
                second[key] = f"{wanted}-{wish.country.lower()}"
        taken = set(chosen.values())
        longer = Counter(second.values())
        for key, slug in second.items():
            if longer[slug] == 1 and slug not in taken and (type_, slug) not in self._by_slug:
                chosen[key] = slug
        return {key: chosen.get(key) or fold(key) for key in sorted(wishes)}

    def merge(self, type_: str, keys: dict[str, str], minted_in: str) -> None:
        """Keys that now mean another key (redirects, decisions): their slug is merged into that one's.

        `keys` maps an old key to the one that stays. When only the old one has a slug, the slug goes on
        under the new key; nothing is renamed.
        """
        for old, new in sorted(keys.items()):
            row = self._by_key.get((type_, old))
            if row is None or row.state != "active":
                continue
            target = self._by_key.get((type_, new))
            if target is None:
                self._by_key[type_, new] = row
            elif target.slug != row.slug:
                self.add(Row(type_, row.slug, row.key, minted_in, "merged", target.slug))

    def text(self, rows: Iterable[Row] | None = None) -> str:
        """`rows` (default: the new ones) as CSV lines without a header, sorted by type, key and slug."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        chosen = self.new if rows is None else rows
        writer.writerows(astuple(row) for row in sorted(chosen, key=lambda row: (row.type, row.key, row.slug)))
        return out.getvalue()

    def by_type(self) -> dict[str, int]:
        """How many slugs are in use, by type."""
        counts: dict[str, int] = defaultdict(int)
        for row in self._by_slug.values():
            counts[row.type] += row.state == "active"
        return dict(counts)


def _checked(item: tuple[str, dict[str, str]] | BadRow) -> Row:
    if isinstance(item, BadRow):
        raise SourceError(str(item))
    where, cells = item
    row = Row(**{column: cells[column] for column in COLUMNS})
    if row.type not in LEDGERED:
        raise SourceError(f"{where}: {row.type!r} is not a type of id; write {', '.join(LEDGERED)}")
    if row.state not in STATES:
        raise SourceError(f"{where}: {row.state!r} is not a state; write {', '.join(STATES)}")
    if not row.slug or not row.key:
        raise SourceError(f"{where}: a row without slug or key; write both")
    if row.state == "merged" and not row.replaced_by:
        raise SourceError(f"{where}: {row.slug!r} is merged into nothing; write the slug in replaced_by")
    return row
