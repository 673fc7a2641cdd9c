"""What is meant by what somebody typed: things by any of their names, narrowed by a country beside the name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from twinld.search.asked import (
    ALIAS_FOLDED,
    ALIAS_OWN,
    BEGINS,
    BEGINS_FOLDED,
    EXACT,
    LABEL_FOLDED,
    LABEL_OWN,
    MOST_WORDS,
    NEAR,
    SOUNDS,
    WORDS,
    Asked,
    grade,
)
from twinld.search.index import THING, Index, NameRow, in_bits
from twinld.search.material import LABEL
from twinld.spelling import clean, forgiven, written_out

ENOUGH: Final = 5
"""When so many names fit as typed, none is looked for that differs by a letter."""
HOMONYMS: Final = 20
"""Things of one name; a name of more does not narrow another one."""
_ITEM: Final = re.compile(r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/)?([Qq][1-9][0-9]{0,15})")
_FEATURE: Final = re.compile(r"(?:https?://(?:sws\.|www\.)?geonames\.org/|geonames:)([1-9][0-9]{0,11})(?:/.*)?")
_PATH: Final = re.compile(r"(?:https?://\S+?/)?(?:id/)?([a-z]+/[a-z0-9-]+)(?:[.#?].*)?")

Graded = dict[int, set[int]]
"""Things by how well they fit."""


@dataclass(frozen=True)
class Found:
    """What was found: `ranked` are things, the best first, each with its grade; `bonds` are agreements between two
    things that were named together.

    `asked` is the part that was taken as a name, `countries` are the codes that another part narrowed it to, and
    `left_out` are words that no name has.
    """

    asked: Asked
    ranked: tuple[tuple[int, int], ...] = ()
    bonds: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def exact(self) -> list[int]:
        """The things that are called exactly so."""
        return [thing for thing, fits in self.ranked if fits <= EXACT]

    def within(self, bits: int, size: int) -> Found:
        """The same of those things only whose bit is set, of `size` things."""
        there = in_bits(bits, size)
        ranked = tuple(pair for pair in self.ranked if there[pair[0]])
        return Found(self.asked, ranked, self.bonds, self.countries, self.left_out)


def find(index: Index, text: str) -> Found:
    """The things that a text means; nothing for a text without letters and digits."""
    asked = Asked(clean(text))
    if not asked.keys:
        return Found(asked)
    known = _identified(index, asked.text)
    if known:
        return Found(asked, tuple((thing, LABEL_OWN) for thing in known))
    bonds = _between(index, asked)
    fitting = _called(index, asked)
    if "," in asked.text or not fitting:
        narrowed = _narrowed(index, asked)
        if narrowed is not None and not (fitting and min(fitting) <= EXACT):
            return Found(narrowed.asked, narrowed.ranked, bonds, narrowed.countries)
    if not any(fits <= EXACT for fits in fitting) and sum(map(len, fitting.values())) < ENOUGH:
        _add(fitting, _near(index, asked))
    if fitting or bonds:
        return Found(asked, _ranked(fitting), bonds)
    return _without_strangers(index, asked)


def near_names(index: Index, text: str, most: int) -> list[int]:
    """At most so many things whose names look like a text, the most alike first; for when nothing was found."""
    found: dict[int, None] = {}
    words = {word for way in Asked(clean(text)).ways for word in way}
    for word in sorted(words, key=lambda word: (-len(word), word))[:2]:
        for like in index.words_like(word, most):
            found |= dict.fromkeys(sorted(index.owners(index.names_with(like)))[:most])
    return list(found)[:most]


def best_match(index: Index, asked: Asked, thing: int) -> NameRow | None:
    """The name of a thing that fits best; None when none of them does (it was found by an identifier)."""
    graded = ((grade(asked, name.kind, name.text), at, name) for at, name in enumerate(index.names_of(thing)))
    fits = [(fits, at, name) for fits, at, name in graded if fits is not None]
    return min(fits)[2] if fits else None


def _ranked(fitting: Graded) -> tuple[tuple[int, int], ...]:
    return tuple((thing, fits) for fits in sorted(fitting) for thing in sorted(fitting[fits]))


def _add(fitting: Graded, more: Graded) -> None:
    """Put in the things of `more` that are not there yet."""
    there = set().union(*fitting.values()) if fitting else set()
    for fits in sorted(more):
        if fresh := more[fits] - there:
            fitting[fits] = fitting.get(fits, set()) | fresh
            there |= fresh


def _identified(index: Index, text: str) -> list[int]:
    """The things of a Wikidata item, a GeoNames feature, an IRI or an address of ours."""
    item, feature = _ITEM.fullmatch(text), _FEATURE.fullmatch(text)
    if item is not None or feature is not None:
        wanted = item[1].upper() if item is not None else f"geonames:{feature[1]}" if feature is not None else ""
        return index.things_with(wanted)
    path = _PATH.fullmatch(text)
    thing = index.thing(path[1]) if path is not None else None
    return [thing] if thing is not None else []


def _called(index: Index, asked: Asked) -> Graded:
    """The things with a name that fits as typed."""
    fitting: Graded = defaultdict(set)
    own, *others = asked.keys
    exact: list[tuple[int, list[int]]] = [(0, index.names_called(own))]
    exact += [(1, index.names_called(key)) for key in others]
    for folded, names in exact:
        for name in names:
            fitting[(LABEL_OWN, ALIAS_OWN)[index.kind(name) != LABEL] + folded].add(index.owner(name))
    fitting[BEGINS] = index.owners(index.names_beginning(own))
    folded_fits = SOUNDS if asked.own_script else BEGINS_FOLDED
    for key in others:
        fitting[folded_fits] |= index.owners(index.names_beginning(key))
    if len(asked.words) == 1:  # of one letter there are many: what is in the list needs no set of its own
        fitting[WORDS] = index.owners(index.names_with_start(asked.words[0]))
        fitting[WORDS] |= index.owners(index.names_with(written_out(asked.words[0])))
    else:
        fitting[WORDS] = index.owners(_with_words(index, asked.words))
    there: set[int] = set()
    once: Graded = {}
    for fits in (LABEL_OWN, LABEL_FOLDED, ALIAS_OWN, ALIAS_FOLDED, BEGINS, BEGINS_FOLDED, WORDS, SOUNDS):
        fresh = fitting[fits] - there
        if fresh and not (fits == SOUNDS and there):
            once[fits] = fresh
            there |= fresh
    return once


def _with_words(index: Index, words: tuple[str, ...]) -> set[int]:
    """The names that have all of these words, in any order; the last may be the start of one."""
    if not words:
        return set()
    found: set[int] | None = None
    for at, word in enumerate(words, 1):
        has = _with_word(index, word, last=at == len(words))
        found = has if found is None else found & has
        if not found:
            return set()
    return found or set()


def _with_word(index: Index, word: str, *, last: bool) -> set[int]:
    """The names that have a word; of the last one that is typed also those with a word that begins so."""
    has = {*index.names_with(word), *index.names_with(written_out(word))}
    return has.union(index.names_with_start(word)) if last else has


def _near(index: Index, asked: Asked) -> Graded:
    """The things with a name whose words differ by a letter or two."""
    found: Graded = defaultdict(set)
    for way in asked.ways:
        for name, count in _faults(index, way).items():
            if count:
                found[NEAR + count - 1].add(index.owner(name))
    once: Graded = {}
    _add(once, found)
    return once


def _faults(index: Index, way: tuple[str, ...]) -> dict[int, int]:
    """By how many letters names differ from words that were typed, of those that are near to all of them."""
    if len(way) > MOST_WORDS:
        return {}
    faults: dict[int, int] | None = None
    for at, word in enumerate(way, 1):
        has: dict[int, int] = {}
        for other, count in index.words_near(word, forgiven(word)).items():
            for name in index.names_with(other):
                has[name] = min(count, has.get(name, count))
        has |= dict.fromkeys(_with_word(index, word, last=at == len(way)), 0)
        faults = has if faults is None else {name: faults[name] + has[name] for name in faults.keys() & has.keys()}
        if not faults:
            return {}
    return faults or {}


def _narrowed(index: Index, asked: Asked) -> Found | None:
    """A name with a country, or another place of that country, beside it: `Toledo, Spain`, `Toledo Ohio`."""
    behind = asked.splits()
    before = [] if "," in asked.text else [(second, first) for first, second in behind]
    for at, (name, where) in enumerate((*behind, *before)):
        for codes in _countries(index, where, last=at < len(behind)):
            bits = 0
            for code in codes:
                bits |= index.bits(THING, "country", code)
            for fitting in (_called, _near):
                found = Found(name, _ranked(fitting(index, name)), countries=tuple(sorted(codes)))
                found = found.within(bits, index.sizes.things)
                if found.ranked:
                    return found
    return None


def _countries(index: Index, where: Asked, *, last: bool) -> Iterator[set[str]]:
    """The codes of the countries that a text names; of the country of another place; of those that begin so."""
    known = index.names_of_countries
    if codes := {code for key in where.keys for code in known.get(key, ())}:
        yield codes
        return
    places = {index.owner(name) for key in where.keys for name in index.names_called(key)}
    rows = index.things(places if len(places) <= HOMONYMS else ())
    homes = index.things(row.country for row in rows.values() if row.country is not None)
    if codes := {row.iso_code.lower() for row in homes.values() if row.iso_code}:
        yield codes
    if last and (codes := {code for key, found in known.items() if key.startswith(where.keys) for code in found}):
        yield codes


def _between(index: Index, asked: Asked) -> tuple[int, ...]:
    """The agreements of two things that are named together: `Boston Kyoto`."""
    for first, second in asked.splits():
        sides = []
        for side in (first, second):
            names = (name for key in side.keys for name in index.names_called(key))
            sides.append({bond for thing in index.owners(names) for bond in index.bonds_of(thing)})
            if not sides[-1]:
                break
        else:
            if found := sides[0] & sides[1]:
                return tuple(sorted(found))
    return ()


def _without_strangers(index: Index, asked: Asked) -> Found:
    """What is found without the words that no name has."""
    parts = asked.parts[:MOST_WORDS]
    known = [part for part in parts if _called(index, Asked(part)) or _near(index, Asked(part))]
    if not known or len(known) == len(asked.parts):
        return Found(asked)
    rest = find(index, " ".join(known))
    strangers = (*(part for part in parts if part not in known), *asked.parts[MOST_WORDS:])
    return Found(rest.asked, rest.ranked, rest.bonds, rest.countries, (*strangers, *rest.left_out))
