"""Reads an index: what is written how, and what is known of what was found.

A connection is used by one thread at a time; everything that is asked often is small and kept.
"""

from __future__ import annotations

import bisect
import json
import sqlite3
import sys
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from twinld.errors import ReleaseError
from twinld.search.make import BOND, FORMAT, GRAM, STARTS, THING, grams_of
from twinld.search.material import type_of
from twinld.spelling import edits

INDEX: Final = "search.sqlite"
"""The file of a release."""
_LAST: Final = "\U0010ffff"
_MMAP_BYTES: Final = 1 << 30
_ROWS: Final = 500
"""So many rows are asked for at once."""
_LIKELY: Final = 400
"""So many words are compared letter by letter, those that share most runs of letters."""
_LIKE: Final = 0.4
"""Words that share fewer of their runs of letters are not alike."""


class Row(NamedTuple):
    """A thing as it is shown in a list: `country` is the number of its country, None where there is none; `licences`
    are the IRIs of those of what is not CC0.
    """

    id: int
    path: str
    label: str
    language: str
    country: int | None
    iso_code: str
    population: int
    twins: int
    item: str
    licences: tuple[str, ...]

    @property
    def type(self) -> str:
        """What it is, such as place, country or network."""
        return type_of(self.path, self.iso_code)


class NameRow(NamedTuple):
    """One name of a thing: LABEL or ALIAS, its text, its languages."""

    kind: int
    text: str
    languages: tuple[str, ...]


class BondRow(NamedTuple):
    """An agreement as it is shown in a list: `parties` are numbers of things, dates EDTF text."""

    id: int
    slug: str
    parties: Sequence[int]
    kind: str
    status: str
    start: str
    end: str
    date: str
    stated: str
    licence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Sizes:
    """How many things and agreements there are."""

    things: int
    bonds: int


class Index:
    """An open index. Numbers of things are ranks: the lower goes first."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._bits: dict[tuple[str, str, str], int] = {}
        meta = dict(self._ask("SELECT key, value FROM meta"))
        if meta.get("format") != FORMAT:
            raise ReleaseError(f"the search index is of format {meta.get('format')}, not {FORMAT}; build again")
        self.sizes = Sizes(int(meta["things"]), int(meta["agreements"]))
        self._owners = self.listed("owners")
        self._kinds = self._blob("list", "key", "kinds", "numbers")
        self._values = self._facet_values()
        rows = self._ask("SELECT length(text), min(id) FROM word GROUP BY length(text) ORDER BY 1")
        self._lengths, self._firsts = [row[0] for row in rows], [row[1] for row in rows]
        self._sides: tuple[array[int], array[int]] | None = None
        self.names_of_countries: dict[str, list[str]] = json.loads(meta["countries"])
        """Codes of countries by every form of their names, by codes, and by the first letters of names."""

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _ask(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def _blob(self, table: str, column: str, key: Any, wanted: str) -> bytes:
        rows = self._ask(f"SELECT {wanted} FROM {table} WHERE {column} = ?", key)  # noqa: S608  names of ours
        return bytes(rows[0][0]) if rows else b""

    # ----------------------------------------------------------------------------------------- numbers of names

    def listed(self, key: str) -> array[int]:
        """A list of numbers by its key; empty when there is none."""
        return unpacked(self._blob("list", "key", key, "numbers"))

    def names_called(self, key: str) -> list[int]:
        """The names that have this whole form."""
        return [row[0] for row in self._ask("SELECT name FROM form WHERE key = ?", key)]

    def names_beginning(self, key: str) -> Iterable[int]:
        """The names that begin so."""
        if len(key) <= STARTS:
            return self.listed(f"key {key}")
        query = "SELECT name FROM form WHERE key >= ? AND key < ?"
        return (row[0] for row in self._ask(query, key, key + _LAST))

    def names_with(self, word: str) -> array[int]:
        """The names with this word."""
        return unpacked(self._blob("word", "text", word, "names"))

    def names_with_start(self, start: str) -> Iterable[int]:
        """The names with a word that begins so."""
        if len(start) <= STARTS:
            return self.listed(f"word {start}")
        found: set[int] = set()
        for (numbers,) in self._ask("SELECT names FROM word WHERE text >= ? AND text < ?", start, start + _LAST):
            found.update(unpacked(numbers))
        return found

    def words_near(self, word: str, most: int) -> dict[str, int]:
        """The words that differ from this one by up to `most` letters, each with by how many."""
        if not most:
            return {word: 0} if self.names_with(word) else {}
        shared = self._sharing(word, max(1, len(word) - most), len(word) + most)
        wanted = max(2, len(grams_of(word)) - (GRAM + 1) * most)  # so many runs a swap of two letters breaks
        likely = sorted((-count, number) for number, count in shared.items() if count >= wanted)[:_LIKELY]
        found = {}
        for text in self._words(number for _, number in likely):
            faults = edits(word, text, most)
            if faults <= most:
                found[text] = faults
        return found

    def words_like(self, word: str, most: int) -> list[str]:
        """At most so many words that look like this one, the most alike first."""
        grams = len(grams_of(word))
        best = self._sharing(word, max(1, len(word) // 2), 2 * len(word)).most_common(8 * most)
        alike = []
        for number, count in best:
            (text,) = self._words([number])
            share = 2 * count / (grams + len(grams_of(text)))
            if share >= _LIKE:
                alike.append((-share, text))
        return [text for _, text in sorted(alike)[:most]]

    def _sharing(self, word: str, shortest: int, longest: int) -> Counter[int]:
        """How many runs of letters each word of such lengths has in common with this one."""
        first, last = self._numbers_of_length(shortest), self._numbers_of_length(longest + 1)
        counted: Counter[int] = Counter()
        for gram in grams_of(word):
            numbers = self.listed(f"gram {gram}")
            counted.update(numbers[bisect.bisect_left(numbers, first) : bisect.bisect_left(numbers, last)])
        return counted

    def _numbers_of_length(self, length: int) -> int:
        """The number of the first word that is at least so long: words are numbered by their length."""
        at = bisect.bisect_left(self._lengths, length)
        return self._firsts[at] if at < len(self._firsts) else 1 << 31

    def _words(self, numbers: Iterable[int]) -> list[str]:
        return [row[0] for row in self._chosen("SELECT text FROM word WHERE id", numbers)]

    def owner(self, name: int) -> int:
        """The thing that has this name."""
        return self._owners[name]

    def owners(self, names: Iterable[int]) -> set[int]:
        """The things that have one of these names."""
        return set(map(self._owners.__getitem__, names))

    def kind(self, name: int) -> int:
        """The kind of a name."""
        return self._kinds[name]

    def owned(self, thing: int) -> range:
        """The names of a thing."""
        return range(bisect.bisect_left(self._owners, thing), bisect.bisect_right(self._owners, thing))

    # --------------------------------------------------------------------------------- things and agreements

    def thing(self, path: str) -> int | None:
        """The number of a thing by its path."""
        rows = self._ask("SELECT id FROM thing WHERE path = ?", path)
        return int(rows[0][0]) if rows else None

    def things_with(self, item: str) -> list[int]:
        """The things with an identifier of others, such as Q100."""
        return [row[0] for row in self._ask("SELECT thing FROM item WHERE item = ? ORDER BY thing", item.casefold())]

    def things(self, numbers: Iterable[int]) -> dict[int, Row]:
        """What is shown of things, by their numbers."""
        query = "SELECT id, path, label, language, country, iso, population, twins, item, licences FROM thing WHERE id"
        return {row[0]: Row._make((*row[:-1], tuple(row[-1].split()))) for row in self._chosen(query, numbers)}

    def names_of(self, thing: int) -> list[NameRow]:
        """The names of a thing, the shown one first."""
        owned = self.owned(thing)
        query = "SELECT kind, text, languages FROM name WHERE id >= ? AND id < ? ORDER BY id"
        rows = self._ask(query, owned.start, owned.stop)
        return [NameRow(kind, text, tuple(languages.split())) for kind, text, languages in rows]

    def bonds_of(self, thing: int) -> array[int]:
        """The agreements of a thing."""
        return unpacked(self._blob("thing", "id", thing, "bonds"))

    def bonds(self, numbers: Iterable[int]) -> dict[int, BondRow]:
        """What is shown of agreements, by their numbers."""
        columns = 'id, slug, parties, kind, status, start, "end", date, stated, licence, sources'
        query = f"SELECT {columns} FROM agreement WHERE id"  # noqa: S608  names of ours
        return {
            row[0]: BondRow._make((*row[:2], unpacked(row[2]), *row[3:10], tuple(row[10].split())))
            for row in self._chosen(query, numbers)
        }

    def bonds_between(self, things: Iterable[int]) -> set[int]:
        """The agreements of any of these things."""
        wanted = bytearray(self.sizes.things)
        several = list(things)
        if len(several) < 200:
            return {bond for thing in several for bond in self.bonds_of(thing)}
        for thing in several:
            wanted[thing] = 1
        offsets, parties = self._parties()
        hits = map(wanted.__getitem__, parties)
        return {bond for bond, hit in zip(offsets, hits, strict=True) if hit}

    def _parties(self) -> tuple[array[int], array[int]]:
        """Number of an agreement and of a party, side by side, for all of them."""
        if self._sides is None:
            bonds, parties = array("I"), array("I")
            for number, packed in self._ask("SELECT id, parties FROM agreement ORDER BY id"):
                found = unpacked(packed)
                parties.extend(found)
                bonds.extend([number] * len(found))
            self._sides = bonds, parties
        return self._sides

    def _chosen(self, query: str, numbers: Iterable[int]) -> list[Any]:
        several = list(numbers)
        rows: list[Any] = []
        for at in range(0, len(several), _ROWS):
            part = several[at : at + _ROWS]
            rows += self._ask(f"{query} IN ({', '.join('?' * len(part))})", *part)
        return rows

    # ------------------------------------------------------------------------------------------------ facets

    def values(self, unit: str, facet: str) -> list[str]:
        """The values that a facet has."""
        return self._values.get((unit, facet), [])

    def bits(self, unit: str, facet: str, value: str) -> int:
        """What a value of a facet leaves, as a number whose bits are those of the bitmap."""
        key = (unit, facet, value)
        if key not in self._bits:
            query = "SELECT bits FROM facet WHERE unit = ? AND facet = ? AND value = ?"
            rows = self._ask(query, *key)
            self._bits[key] = int.from_bytes(rows[0][0], "little") if rows else 0
        return self._bits[key]

    def all_bits(self, unit: str) -> int:
        """Everything that there is of a unit."""
        return (1 << (self.sizes.things if unit == THING else self.sizes.bonds)) - 1

    def _facet_values(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for unit, facet, value in self._ask("SELECT unit, facet, value FROM facet ORDER BY unit, facet, value"):
            found.setdefault((unit, facet), []).append(value)
        return found


def unpacked(numbers: bytes) -> array[int]:
    """A list of the index as numbers."""
    found = array("I")
    found.frombytes(numbers)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def in_bits(bits: int, size: int) -> bytes:
    """A byte of 0 or 1 for each of `size` numbers, that tells whether its bit is set."""
    return format(bits, f"0{size}b").encode().translate(_ONE_BYTE)[::-1] if size else b""


_ONE_BYTE: Final = bytes.maketrans(b"01", b"\x00\x01")


def open_index(folder: Path) -> Index | None:
    """The index of the release in a folder, None when it has none or one of another format."""
    path = folder / INDEX
    if not path.is_file():
        return None
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        database.execute(f"PRAGMA mmap_size = {_MMAP_BYTES}")
        return Index(database)
    except (sqlite3.DatabaseError, ReleaseError):
        database.close()
        return None


__all__ = ["BOND", "INDEX", "THING", "BondRow", "Index", "NameRow", "Row", "Sizes", "in_bits", "open_index", "unpacked"]
