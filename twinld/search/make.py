"""Makes the index: one SQLite file, the same bytes for the same material (with one version of SQLite).

Things are numbered by rank, those with most twins first, names in the order of their things, agreements by the names of
their parties; so lists of numbers are in the order in which they are shown. Lists are 32-bit numbers, little-endian;
what a facet leaves is a bitmap, bit n for number n.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from twinld.search.gather import best_name
from twinld.search.material import NONE, Bond, Material, Thing
from twinld.spelling import spelled, words_of

FORMAT: Final = "2"
"""Changes whenever an index of before cannot be read as it is now."""
STARTS: Final = 3
"""Of starts of up to so many letters the names are listed; longer ones are few enough to be looked up."""
GRAM: Final = 3
"""Words are likened by runs of so many letters."""
THING, BOND = "thing", "agreement"
"""Units that facets count."""
_LINKING: Final = frozenset({"of", "the", "and"})
_SCHEMA: Final = """
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE thing (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, label TEXT NOT NULL, language TEXT NOT NULL,
  country INTEGER, iso TEXT NOT NULL, population INTEGER NOT NULL, twins INTEGER NOT NULL, item TEXT NOT NULL,
  names INTEGER NOT NULL, bonds BLOB NOT NULL, licences TEXT NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL, languages TEXT NOT NULL);
CREATE TABLE form (key TEXT NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, names BLOB NOT NULL);
CREATE TABLE list (key TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE item (item TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (item, thing)) WITHOUT ROWID;
CREATE TABLE agreement (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, parties BLOB NOT NULL, kind TEXT NOT NULL,
  status TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, date TEXT NOT NULL, stated TEXT NOT NULL,
  licence TEXT NOT NULL, sources TEXT NOT NULL);
CREATE TABLE facet (unit TEXT NOT NULL, facet TEXT NOT NULL, value TEXT NOT NULL, bits BLOB NOT NULL,
  PRIMARY KEY (unit, facet, value)) WITHOUT ROWID;
"""


def write_index(path: Path, material: Material) -> None:
    """Write the index of `material` to a new file."""
    with sqlite3.connect(path) as database:
        fill(database, material)
    database.close()


def make_index(material: Material) -> sqlite3.Connection:
    """The index of `material` in memory, for any thread; one at a time may use it."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    fill(database, material)
    return database


def packed(numbers: Iterable[int]) -> bytes:
    r"""Numbers as a list of the index.

    >>> packed([1, 256])
    b'\x01\x00\x00\x00\x00\x01\x00\x00'
    """
    found = array("I", numbers)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def bitmap(numbers: Iterable[int], size: int) -> bytes:
    r"""A bitmap of `size` bits with those of `numbers` set.

    >>> bitmap([0, 9], 10)
    b'\x01\x02'
    """
    bits = bytearray((size + 7) // 8)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def fill(database: sqlite3.Connection, material: Material) -> None:
    """Write the index of `material` into an empty database."""
    database.executescript(_SCHEMA)
    things = sorted(material.things, key=lambda t: (-t.twins, -t.population, t.label.casefold(), t.path))
    number = {thing.path: at for at, thing in enumerate(things)}

    def shown(bond: Bond) -> tuple[Any, ...]:
        parties = (things[number[path]].label.casefold() for path in bond.parties)
        return (*sorted(parties), bond.slug)

    bonds = sorted(material.bonds, key=shown)
    with database:
        countries = json.dumps(_countries(things), ensure_ascii=False, sort_keys=True)
        meta = {"format": FORMAT, "things": str(len(things)), "agreements": str(len(bonds)), "countries": countries}
        database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
        starts = _names(database, things)
        _things(database, things, bonds, number, starts)
        _bonds(database, bonds, number)
        _facets(database, THING, len(things), _of_things(things))
        _facets(database, BOND, len(bonds), _of_bonds(bonds, things, number))


def _names(database: sqlite3.Connection, things: list[Thing]) -> list[int]:
    """Write names, their forms, words and starts; returns the number of the first name of each thing."""
    starts: list[int] = []
    rows: list[tuple[int, int, str, str]] = []
    forms: set[tuple[str, int]] = set()
    words: dict[str, set[int]] = defaultdict(set)
    begun: dict[str, set[int]] = defaultdict(set)
    for thing in things:
        starts.append(len(rows))
        for (kind, text), languages in _texts(thing):
            name = len(rows)
            rows.append((name, kind, text, " ".join(languages)))
            keys, parts = spelled(text)
            forms.update((key, name) for key in keys)
            for part in parts:
                words[part].add(name)
            for letters in range(1, STARTS + 1):
                for key in keys:
                    begun[f"key {key[:letters]}"].add(name)
                for part in parts:
                    begun[f"word {part[:letters]}"].add(name)
    database.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", rows)
    database.executemany("INSERT INTO form VALUES (?, ?)", sorted(forms))
    ordered = sorted(words, key=lambda word: (len(word), word))
    rows_of_words = ((at, word, packed(sorted(words[word]))) for at, word in enumerate(ordered))
    database.executemany("INSERT INTO word VALUES (?, ?, ?)", rows_of_words)
    grams: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(ordered):
        for gram in grams_of(word):
            grams[f"gram {gram}"].append(at)
    lists = {key: packed(sorted(names)) for key, names in begun.items()}
    lists |= {key: packed(found) for key, found in grams.items()}
    ends = zip(starts, [*starts[1:], len(rows)], strict=True)
    lists["owners"] = packed(at for at, (begin, end) in enumerate(ends) for _ in range(begin, end))
    lists["kinds"] = bytes(row[1] for row in rows)
    database.executemany("INSERT INTO list VALUES (?, ?)", sorted(lists.items()))
    return starts


def grams_of(word: str) -> list[str]:
    """The runs of letters of a word, with its ends marked, each once.

    >>> grams_of("ulm")
    ['  u', ' ul', 'lm ', 'm  ', 'ulm']
    """
    ends = " " * (GRAM - 1)
    text = f"{ends}{word}{ends}"
    return sorted({text[at : at + GRAM] for at in range(len(text) - GRAM + 1)})


def _texts(thing: Thing) -> list[tuple[tuple[int, str], list[str]]]:
    """The names of a thing, each text once: as a label if it is one, with its languages; the shown one first."""
    found: dict[str, tuple[int, list[str]]] = {}
    for name in sorted(thing.names):
        kind, languages = found.setdefault(name.text, (name.kind, []))
        if name.language and name.kind == kind and name.language not in languages:
            languages.append(name.language)
    shown = best_name(thing.names)
    rows = [((kind, text), languages) for text, (kind, languages) in found.items()]
    return sorted(rows, key=lambda row: (shown is None or row[0][1] != shown.text, row[0]))


def _things(
    database: sqlite3.Connection, things: list[Thing], bonds: list[Bond], number: dict[str, int], starts: list[int]
) -> None:
    of: dict[int, set[int]] = defaultdict(set)
    for at, bond in enumerate(bonds):
        for party in bond.parties:
            of[number[party]].add(at)
    rows = (
        (at, thing.path, thing.label, thing.language, number.get(thing.country), thing.iso_code, thing.population,
         thing.twins, next(iter(thing.items), ""), starts[at], packed(sorted(of[at])), " ".join(thing.licences))
        for at, thing in enumerate(things)
    )  # fmt: skip
    database.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    items = {(item.casefold(), at) for at, thing in enumerate(things) for item in thing.items}
    database.executemany("INSERT INTO item VALUES (?, ?)", sorted(items))


def _bonds(database: sqlite3.Connection, bonds: list[Bond], number: dict[str, int]) -> None:
    rows = (
        (at, bond.slug, packed(number[party] for party in bond.parties), bond.kind, bond.status, bond.start, bond.end,
         bond.date, bond.stated, bond.licence, " ".join(bond.sources))
        for at, bond in enumerate(bonds)
    )  # fmt: skip
    database.executemany("INSERT INTO agreement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


Values = Iterator[tuple[int, str, Iterable[str]]]
"""Number, facet and values of a thing or an agreement."""


def _of_things(things: list[Thing]) -> Values:
    for at, thing in enumerate(things):
        yield at, "type", [thing.type]
        if thing.type == "place":
            yield at, "country", [country_of(thing)]
        yield at, "network", thing.networks
        yield at, "source", thing.sources


def _of_bonds(bonds: list[Bond], things: list[Thing], number: dict[str, int]) -> Values:
    for at, bond in enumerate(bonds):
        parties = [things[number[path]] for path in bond.parties]
        yield at, "country", sorted({country_of(party) for party in parties}) or [NONE]
        yield at, "network", sorted({network for party in parties for network in party.networks})
        yield at, "status", [bond.status or NONE]
        yield at, "kind", [bond.kind or NONE]
        yield at, "decade", [bond.decade]
        yield at, "dated", ["yes" if bond.dated else "no"]
        yield at, "stated", [bond.stated]
        yield at, "source", bond.sources or [NONE]
        yield at, "licence", [bond.licence_code]


def country_of(thing: Thing) -> str:
    """The code of the country that a thing lies in or is, such as "se"; NONE when that is not known."""
    if thing.iso_code:
        return thing.iso_code.lower()
    return thing.country.removeprefix("place/country-") if thing.country.startswith("place/country-") else NONE


def _countries(things: list[Thing]) -> dict[str, list[str]]:
    """The codes of countries by every form of their names, by their codes, and by the first letters of their names."""
    found: dict[str, set[str]] = defaultdict(set)
    for thing in things:
        if thing.type == "country":
            found[thing.iso_code.lower()].add(thing.iso_code.lower())
            for name in thing.names:
                letters = "".join(word[0] for word in words_of(name.text) if word not in _LINKING)
                for key in (*spelled(name.text).keys, *([letters] if len(letters) > 1 else [])):
                    found[key].add(thing.iso_code.lower())
    return {key: sorted(codes) for key, codes in found.items()}


def _facets(database: sqlite3.Connection, unit: str, size: int, values: Values) -> None:
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, facet, found in values:
        for value in found:
            numbers[facet, value].append(at)
    rows = ((unit, facet, value, bitmap(found, size)) for (facet, value), found in sorted(numbers.items()))
    database.executemany("INSERT INTO facet VALUES (?, ?, ?, ?)", rows)
