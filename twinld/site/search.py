"""Everything that the search page needs: what was found, and how it can be narrowed.

A search is about things (places, countries, networks ...), or about agreements: when it is asked for them, or narrowed
by what only agreements have. All of it comes from the index, so a page of results asks the store nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.errors import NotFound, PoolBusy, ResultTooBig, nearest
from twinld.search import Index, find, make_index, material_of, near_names, open_index
from twinld.search.asked import NEAR
from twinld.search.find import best_match
from twinld.search.index import BOND, THING, BondRow, Row, in_bits
from twinld.search.material import NONE
from twinld.site.ask import once
from twinld.site.things import LANGUAGE, OPEN, Label, Licence, Named, licence_of
from twinld.site.wish import AGREEMENT, BY_NAME, FACETS, Facet, Wish, words
from twinld.store import Store
from twinld.vocab import BASE, ID

PAGE: Final = 25
"""Results on one page."""
_NEAR: Final = 8
_COUNTED: Final = 200
"""Of more things than this it is not counted how many agreements they have."""
_LOCK: Final = threading.Lock()


@dataclass(frozen=True)
class Choice:
    """A value that results can be narrowed to: its title, how many it leaves, and the wish with it (or without it)."""

    value: str
    title: Named
    number: int
    wish: Wish
    chosen: bool = False


@dataclass(frozen=True)
class Group:
    """The choices of a facet, those that leave most first; those of a `single` facet add up to all results."""

    name: str
    title: str
    single: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Hit:
    """A thing that was found. `matched` is the name that fits, None when it is the one shown; `how` says how it fits:
    exact, begins, words, sounds, near, or "" where nothing was typed. `licences` are those of what is not CC0 of it.
    """

    thing: Named
    type: str
    country: Named | None
    country_code: str
    population: int
    twins: int
    item: str
    how: str = ""
    matched: Label | None = None
    licences: tuple[Licence, ...] = ()


@dataclass(frozen=True)
class BondHit:
    """An agreement that was found; dates are EDTF text, `countries` those of its parties, `licences` those of what
    is not CC0 of its parties.
    """

    iri: str
    parties: tuple[Named, ...]
    countries: tuple[str, ...]
    kind: str
    status: str
    since: str
    until: str
    date: str
    stated: str
    licence: Licence
    sources: tuple[str, ...]
    licences: tuple[Licence, ...] = ()


@dataclass(frozen=True)
class SearchPage:
    """One page of results: `hits` of things or `bonds`, whichever the wish is about; `total` counts all pages.

    `between` are agreements of two places that were typed together. `dated` counts the agreements with any date.
    `countries` are those that a part of the text was taken for, `left_out` words that no name has, `near` names like
    the text where nothing was found.
    """

    wish: Wish
    hits: tuple[Hit, ...]
    bonds: tuple[BondHit, ...]
    total: int
    number: int
    pages: int
    groups: tuple[Group, ...]
    between: tuple[BondHit, ...] = ()
    agreements: int | None = None
    dated: int | None = None
    countries: tuple[Named, ...] = ()
    left_out: tuple[str, ...] = ()
    near: tuple[Named, ...] = ()


def index_of(store: Store, base: str = BASE, *, wait_s: float = -1) -> Index | None:
    """The index of a store: that of its release, else one made now, in memory; kept for a store that cannot change.

    None for a store that does not give so many rows as an index is made of. PoolBusy when another thread makes one
    and is not done in `wait_s` seconds (-1: wait as long as it takes).
    """
    if not _LOCK.acquire(timeout=wait_s):
        raise PoolBusy("the index of all names is being made, which takes a minute; ask again then", retry_after_s=30)
    try:
        return once(store, ("search", base), lambda: _index(store, base))
    finally:
        _LOCK.release()


def _index(store: Store, base: str) -> Index | None:
    folders: tuple[Path, ...] = () if store.path is None else (store.path, store.path.parent)
    for folder in folders:
        index = open_index(folder)
        if index is not None:
            return index
    try:
        return Index(make_index(material_of(store, base)))
    except ResultTooBig:
        return None


def search(index: Index, wish: Wish, *, number: int = 1, size: int = PAGE, language: str = LANGUAGE) -> SearchPage:
    """A page of results; NotFound for a page or a value of a facet that there is not."""
    return _Search(index, wish, language).page(number, size)


def suggest(index: Index, text: str, limit: int, language: str = LANGUAGE) -> tuple[list[Hit], int]:
    """The best things for what was typed so far, and how many there are in all."""
    found = _Search(index, Wish.of(text), language)
    ranked = [thing for thing, _ in found.found.ranked]
    return found.hits(ranked[:limit]), len(ranked)


def everything(index: Index, wish: Wish, language: str = LANGUAGE) -> tuple[list[Hit], list[BondHit]]:
    """All results, in their order: things, or agreements."""
    found = _Search(index, wish, language)
    ids = found.ids()
    return ([], found.bond_hits(ids)) if wish.unit == BOND else (found.hits(ids), [])


def exact_hit(index: Index, text: str) -> str | None:
    """The path of the one thing that is called exactly so; None when there is none, several, or a better known one that
    is called like it: `San` is a town of Mali, and who types it may mean San Francisco.
    """
    found = find(index, Wish.of(text).q)
    exact = found.exact
    if len(exact) != 1 or found.left_out or any(thing < exact[0] for thing, fits in found.ranked if fits < NEAR):
        return None
    return index.things(exact)[exact[0]].path


def near_paths(index: Index, text: str) -> list[str]:
    """The paths of the best things for a text that is no id: with such a name, else with one that looks alike."""
    found = [thing for thing, _ in find(index, text).ranked[:_NEAR]] or near_names(index, text, _NEAR)
    rows = index.things(found)
    return [rows[thing].path for thing in found]


class _Search:
    def __init__(self, index: Index, wish: Wish, language: str) -> None:
        self.index = index
        self.wish = wish
        self.language = language
        self.found = find(index, wish.q)
        self._kept: dict[str, int] = {}
        self._check()

    def _check(self) -> None:
        for name, value in self.wish.facets:
            known = [*self.index.values(self.wish.unit, name), *([AGREEMENT] if name == "type" else [])]
            if value not in known:
                raise NotFound(f"nothing here has the {name} {value[:60]!r}; {nearest(value[:60], known, 'values')}")

    # --------------------------------------------------------------------------------------------- what is found

    def matched(self, unit: str) -> int:
        """The bits of what fits the text."""
        if not self.wish.q:
            return self.index.all_bits(unit)
        things = [thing for thing, _ in self.found.ranked]
        if unit == THING:
            return _bits(things, self.index.sizes.things)
        exact = self.found.exact
        return _bits(self.index.bonds_between(exact or things) | set(self.found.bonds), self.index.sizes.bonds)

    def bits(self, unit: str, without: str = "") -> int:
        """The bits of what fits text and facets, but for one facet."""
        bits = self._matched(unit)
        for name, value in self.wish.facets:
            if name != without and unit in BY_NAME[name].units:
                bits &= self.index.bits(unit, name, value)
        return bits

    def _matched(self, unit: str) -> int:
        if unit not in self._kept:
            self._kept[unit] = self.matched(unit)
        return self._kept[unit]

    def ids(self) -> list[int]:
        """The results in their order: things by how well they fit, agreements by the names of their parties."""
        unit = self.wish.unit
        size = self.index.sizes.things if unit == THING else self.index.sizes.bonds
        there = in_bits(self.bits(unit), size)
        if unit == THING and self.wish.q:
            return [thing for thing, _ in self.found.ranked if there[thing]]
        return [at for at, is_there in enumerate(there) if is_there]

    # ---------------------------------------------------------------------------------------------- what is shown

    def page(self, number: int, size: int) -> SearchPage:
        """One page of results."""
        ids = self.ids()
        pages = max(1, -(-len(ids) // size))
        if not 1 <= number <= pages:
            raise NotFound(f"there is no page {number} of these results; the last one is {pages}")
        here = ids[(number - 1) * size : number * size]
        about_bonds = self.wish.unit == BOND
        near = () if ids or self.found.bonds or not self.wish.q else near_names(self.index, self.wish.q, _NEAR)
        codes = self._countries(self.found.countries)
        return SearchPage(
            wish=self.wish,
            hits=() if about_bonds else tuple(self.hits(here)),
            bonds=tuple(self.bond_hits(here)) if about_bonds else (),
            total=len(ids),
            number=number,
            pages=pages,
            groups=tuple(self.groups()),
            between=() if about_bonds else tuple(self.bond_hits(self.found.bonds)),
            agreements=self._agreements(),
            dated=self._dated() if about_bonds else None,
            countries=tuple(codes[code] for code in self.found.countries if code in codes),
            left_out=self.found.left_out,
            near=tuple(hit.thing for hit in self.hits(near)),
        )

    def hits(self, ids: Iterable[int]) -> list[Hit]:
        """What is shown of things."""
        numbers = list(ids)
        rows = self.index.things(numbers)
        homes = self.index.things({row.country for row in rows.values() if row.country is not None})
        fits = dict(self.found.ranked)
        return [self._hit(rows[number], homes, fits.get(number)) for number in numbers]

    def _hit(self, row: Row, homes: dict[int, Row], fits: int | None) -> Hit:
        home = homes.get(row.country) if row.country is not None else None
        thing = self._named(row)
        name = best_match(self.index, self.found.asked, row.id) if fits is not None else None
        matched = None
        if name is not None and name.text != thing.label:
            matched = Label(name.text, name.languages[0] if name.languages else None)
        return Hit(
            thing=thing,
            type=row.type,
            country=self._named(home) if home is not None else None,
            country_code=row.iso_code or (home.iso_code if home is not None else ""),
            population=row.population,
            twins=row.twins,
            item=row.item,
            how="" if fits is None else HOW[min(fits, len(HOW) - 1)],
            matched=matched,
            licences=tuple(map(licence_of, row.licences)),
        )

    def _named(self, row: Row) -> Named:
        if self.language != LANGUAGE:
            for name in self.index.names_of(row.id):
                if self.language in name.languages and name.kind == 0:
                    return Named(ID + row.path, name.text, self.language)
        return Named(ID + row.path, row.label, row.language or None)

    def bond_hits(self, ids: Iterable[int]) -> list[BondHit]:
        """What is shown of agreements."""
        numbers = list(ids)
        rows = self.index.bonds(numbers)
        parties = self.index.things({party for row in rows.values() for party in row.parties})
        homes = self.index.things({row.country for row in parties.values() if row.country is not None})
        return [self._bond(rows[number], parties, homes) for number in numbers]

    def _bond(self, row: BondRow, parties: dict[int, Row], homes: dict[int, Row]) -> BondHit:
        sides = sorted((parties[party] for party in row.parties), key=lambda side: (side.label.casefold(), side.path))
        codes = (side.iso_code or (homes[side.country].iso_code if side.country is not None else "") for side in sides)
        return BondHit(
            iri=f"{ID}agreement/{row.slug}",
            parties=tuple(map(self._named, sides)),
            countries=tuple(codes),
            kind=row.kind.replace("-", " "),
            status=row.status.replace("-", " "),
            since=row.start,
            until=row.end,
            date=row.date,
            stated=row.stated,
            licence=licence_of(row.licence) if row.licence else OPEN,
            sources=row.sources,
            licences=tuple(map(licence_of, sorted({licence for side in sides for licence in side.licences}))),
        )

    # -------------------------------------------------------------------------------------------------- narrowing

    def groups(self) -> Iterable[Group]:
        """The facets of the unit that leave anything, each with its values."""
        unit = self.wish.unit
        for facet in FACETS:
            if unit not in facet.units and facet.name != "type":
                continue
            counted = self._counts(facet, unit)
            titles = self._titles(facet.name, [value for value, number in counted if number])
            choices = tuple(
                self._choice(facet.name, value, titles[value], number)
                for value, number in sorted(counted, key=lambda pair: _order(facet.name, pair))
                if number
            )
            if len(choices) > 1 or any(choice.chosen for choice in choices):
                yield Group(facet.name, facet.title, facet.single, choices)

    def _counts(self, facet: Facet, unit: str) -> list[tuple[str, int]]:
        if facet.name == "type":
            bits = self.bits(THING, without="type")
            rows = [(value, self._left(THING, "type", value, bits)) for value in self.index.values(THING, "type")]
            return [*rows, (AGREEMENT, self._agreements() or 0)]
        bits = self.bits(unit, without=facet.name)
        return [(value, self._left(unit, facet.name, value, bits)) for value in self.index.values(unit, facet.name)]

    def _left(self, unit: str, facet: str, value: str, bits: int) -> int:
        return (self.index.bits(unit, facet, value) & bits).bit_count()

    def _choice(self, name: str, value: str, title: Named, number: int) -> Choice:
        chosen = self.wish.value(name) == value or (value == AGREEMENT and name == "type" and self.wish.unit == BOND)
        return Choice(value, title, number, self.wish.with_(name, "" if chosen else value), chosen)

    def _agreements(self) -> int | None:
        """How many agreements fit text and facets; None when that is not counted."""
        if self.wish.unit == THING and self.wish.q and len(self.found.exact or self.found.ranked) > _COUNTED:
            return None
        return self.bits(BOND).bit_count()

    def _dated(self) -> int:
        return (self.bits(BOND) & self.index.bits(BOND, "dated", "yes")).bit_count()

    def _titles(self, facet: str, values: list[str]) -> dict[str, Named]:
        paths = {"country": "place/country-{}", "network": "network/{}", "source": "source/{}"}
        if facet not in paths:
            return {value: Named("", words(facet, value)) for value in values}
        numbers = {value: self.index.thing(paths[facet].format(value)) for value in values}
        rows = self.index.things(number for number in numbers.values() if number is not None)
        return {
            value: self._named(rows[number]) if number is not None else Named("", words(facet, value))
            for value, number in numbers.items()
        }

    def _countries(self, codes: Iterable[str]) -> dict[str, Named]:
        return self._titles("country", list(codes))


HOW: Final = ("exact", "exact", "exact", "exact", "begins", "begins", "words", "sounds", "near")
"""How a name fits, by its grade (`twinld.search.asked`)."""


def _order(facet: str, pair: tuple[str, int]) -> tuple[bool, int, str]:
    """Decades in their order, everything else by number; what is not known last."""
    value, number = pair
    if facet == "decade" and value != NONE:
        return False, int(value), ""
    return value == NONE, -number, value


def _bits(numbers: Iterable[int], size: int) -> int:
    bits = bytearray((size + 7) // 8)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")
