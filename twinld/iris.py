"""IRIs of ours: built from slugs, and slugs minted once into the ledger `data/ids.csv`.

The ledger wins over every rule for ever: it is read before anything is minted and only appended to, the last
row of a slug tells its state, and a slug is never used again (docs/identifiers.md). No IRI holds a date, a
kind or a label that was computed from data of ours.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
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
LEDGERED: Final = ("agreement", "event", "instrument", "network", "organisation", "person", "place", "source")
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


def agreement_slug(one: str, other: str, relation: str = "1") -> str:
    """The slug that the so many-th relation of two places is minted with.

    >>> agreement_slug("paderborn", "le-mans"), agreement_slug("le-mans", "paderborn", "2")
    ('le-mans--paderborn', 'le-mans--paderborn--2')
    """
    return "--".join((*sorted((one, other)), *(() if relation == "1" else (relation,))))


def source_iri(name: str) -> str:
    """The IRI of a source."""
    return f"{ID}source/{name}"


def record_iri(source: str, key: str) -> str:
    """The IRI of a source record: the key is the source's own, in lower case, in IRI-safe letters."""
    return f"{ID}record/{source}/{key}"


def item_number(item: str) -> tuple[int, str]:
    """A sort key for Wikidata items: by their number; other identifiers come after all of them.

    >>> sorted(["Q10", "Q9"], key=item_number)
    ['Q9', 'Q10']
    """
    digits = item[1:]
    return (int(digits), item) if item[:1] == "Q" and digits.isascii() and digits.isdigit() else (1 << 62, item)


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
    """A thing that needs a slug: its key, the slug it would like (folded; "" for none), its country code."""

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
        self._slug_of: dict[tuple[str, str], str] = {}
        for row in rows:
            self._put(row)

    @classmethod
    def read(cls, *paths: Path) -> Ledger:
        """The ledger of one or several files, one after another; a file that is missing adds nothing.

        Raises SourceError, naming file and line, at the first row that is not whole, that uses the slug of
        another key, or that is merged into a slug that leads nowhere: ids are never guessed.
        """
        ledger = cls()
        merged: list[tuple[str, Row]] = []
        for path in paths:
            if not path.exists():
                continue
            for item in read_rows(path, COLUMNS):
                where, row = _checked(item)
                old = ledger.row(row.type, row.slug)
                if old is not None and old.key != row.key:
                    raise SourceError(f"{where}: {_reused(old)}; write another slug")
                ledger._put(row)
                if row.state == "merged":
                    merged.append((where, row))
        for where, row in merged:
            if ledger.row(row.type, row.slug) == row and ledger._end(row) is None:
                raise SourceError(f"{where}: {row.slug!r} is merged into {row.replaced_by!r}, which leads nowhere")
        return ledger

    def _put(self, row: Row) -> None:
        self._by_slug[row.type, row.slug] = row
        if row.state == "active" or (row.type, row.key) not in self._slug_of:
            self._slug_of[row.type, row.key] = row.slug

    def _end(self, row: Row | None) -> Row | None:
        """The row at the end of a chain of merges; None when the chain breaks off or runs in a circle."""
        met: set[str] = set()
        while row is not None and row.state == "merged":
            if row.slug in met:
                return None
            met.add(row.slug)
            row = self._by_slug.get((row.type, row.replaced_by))
        return row

    def slug(self, type_: str, key: str) -> str | None:
        """The slug of a key, None when it has none (yet, or any more); a merged one gives its successor's."""
        row = self._end(self.row(type_, self._slug_of.get((type_, key), "")))
        return row.slug if row is not None and row.state == "active" else None

    def row(self, type_: str, slug: str) -> Row | None:
        """The last row of a slug, None when it was never minted."""
        return self._by_slug.get((type_, slug))

    def rows(self) -> list[Row]:
        """The last row of every slug, by type and slug."""
        return [row for _, row in sorted(self._by_slug.items())]

    def active(self, type_: str) -> list[Row]:
        """The rows of a type that are in use, by slug."""
        return [row for (kind, _), row in sorted(self._by_slug.items()) if kind == type_ and row.state == "active"]

    def add(self, row: Row) -> None:
        """Append a row (a new slug, or a new state of an old one). ValueError when a slug would be reused."""
        if not _pattern(row.type).fullmatch(row.slug):
            raise ValueError(f"{row.slug!r} is not a slug; write small letters, digits and single hyphens")
        old = self._by_slug.get((row.type, row.slug))
        if old is not None and (row.state == "active" or old.key != row.key):
            raise ValueError(_reused(old))
        self._put(row)
        self.new.append(row)

    def mint(self, type_: str, wishes: Iterable[Wish], minted_in: str) -> dict[str, str]:
        """The slug of every wish's key; keys without one get it by the rule, whatever order they come in.

        The rule (docs/identifiers.md): the wanted slug; when it is taken, or wanted by two of this run, with
        `-` and the country code; when that is taken or wanted twice too, or there is nothing to go by, the
        key in lower case.
        """
        slugs: dict[str, str] = {}
        open_wishes: dict[str, Wish] = {}
        for wish in wishes:
            known = self.slug(type_, wish.key)
            if known is None:  # of two wishes for one key the first in code point order, however they come
                open_wishes[wish.key] = min(wish, open_wishes.get(wish.key, wish))
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
            row = self.row(type_, self._slug_of.get((type_, old), ""))
            if row is None or row.state != "active":
                continue
            target = self.slug(type_, new)
            if target is None:
                self._slug_of[type_, new] = row.slug
            elif target != row.slug:
                self.add(Row(type_, row.slug, row.key, minted_in, "merged", target))

    def text(self, rows: Iterable[Row] | None = None) -> str:
        """`rows` (default: the new ones) as CSV lines without a header, sorted by type, key and slug."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        chosen = self.new if rows is None else rows
        writer.writerows(astuple(row) for row in sorted(chosen, key=lambda row: (row.type, row.key, row.slug)))
        return out.getvalue()


def _pattern(type_: str) -> re.Pattern[str]:
    return _AGREEMENT_SLUG if type_ == "agreement" else _SLUG


def _reused(old: Row) -> str:
    return f"{old.type} {old.slug!r} was minted for {old.key} in {old.minted_in}"


def _checked(item: tuple[str, dict[str, str]] | BadRow) -> tuple[str, Row]:
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
    if not _pattern(row.type).fullmatch(row.slug):
        raise SourceError(f"{where}: {row.slug!r} is not a slug; write small letters, digits and single hyphens")
    if row.state == "merged" and not row.replaced_by:
        raise SourceError(f"{where}: {row.slug!r} is merged into nothing; write the slug in replaced_by")
    return where, row
