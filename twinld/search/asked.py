"""What somebody typed, in the forms that are looked up, and how well one name fits it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from twinld.spelling import Spelled, clean, edits, forgiven, plain, spelled, words_of, written_out

LABEL_OWN, LABEL_FOLDED, ALIAS_OWN, ALIAS_FOLDED, BEGINS, BEGINS_FOLDED, WORDS, SOUNDS, NEAR = range(9)
"""How a name fits, the best first: it is the label (as typed, or without accents and in Latin letters), it is another
name, it begins so, it has these words, it sounds as if it began so, it differs by one letter (NEAR), by two (NEAR + 1).
"""
EXACT: Final = ALIAS_FOLDED
"""Up to here a name is what was typed, whole."""
MOST_WORDS: Final = 8
"""So many words are looked at one by one."""
_BETWEEN: Final = re.compile(r"[\s,;/|]+|\s+[–—-]+\s+|--+")
_OTHER_SOUNDS: Final = re.compile("[\u0590-\u08ff\u3400-\u9fff]")
_NOT_LATIN: Final = re.compile("[\u0370-\u1dff\u2c00-\U0010ffff]")


@dataclass(frozen=True)
class Asked:
    """A text that is meant to be a name."""

    text: str

    @cached_property
    def spelled(self) -> Spelled:
        """Its forms; the first key is in its own script."""
        return spelled(self.text)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Its whole forms."""
        return self.spelled.keys

    @cached_property
    def own_script(self) -> bool:
        """Whether it is in another script than the Latin one."""
        return _NOT_LATIN.search(plain(self.text)) is not None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, in its own script if that is not Latin."""
        found = [plain(part) for part in self.parts] if self.own_script else words_of(self.text)
        return tuple(word for word in found if word)

    @cached_property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """Its words in each way in which faults of typing are forgiven: as they stand, and in Latin letters.

        Not so of Arabic and Hebrew, which write few vowels, and of Chinese, where one sound is written in many ways.
        """
        folded = tuple(words_of(self.text))
        if not self.own_script:
            return (folded,)
        return (self.words,) if _OTHER_SOUNDS.search(self.text) else (self.words, folded)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The text as it was typed, cut where names may end."""
        return tuple(part for part in _BETWEEN.split(clean(self.text)) if plain(part))

    def splits(self) -> list[tuple[Asked, Asked]]:
        """The ways to take it as two names, one after the other; a comma says where to cut."""
        before, comma, after = clean(self.text).partition(",")
        if comma and plain(before) and plain(after):
            return [(Asked(before), Asked(after))]
        parts = self.parts
        if len(parts) > MOST_WORDS:
            return []
        return [(Asked(" ".join(parts[:at])), Asked(" ".join(parts[at:]))) for at in range(len(parts) - 1, 0, -1)]


def grade(asked: Asked, kind: int, name: str) -> int | None:
    """How well a name of a kind (LABEL or ALIAS) fits, None when it does not."""
    keys, words = spelled(name)
    if not asked.keys:
        return None
    if asked.keys[0] in keys:
        return LABEL_OWN + 2 * kind
    if not set(asked.keys).isdisjoint(keys):
        return LABEL_FOLDED + 2 * kind
    if any(key.startswith(asked.keys[0]) for key in keys):
        return BEGINS
    folded = any(key.startswith(asked.keys) for key in keys)
    if folded and not asked.own_script:
        return BEGINS_FOLDED
    if asked.words and all(_has(words, word, last=at == len(asked.words)) for at, word in enumerate(asked.words, 1)):
        return WORDS
    if folded:
        return SOUNDS
    best = min(filter(None, (_faults(words, way) for way in asked.ways)), default=0)
    return NEAR + best - 1 if best else None


def _has(words: frozenset[str], word: str, *, last: bool) -> bool:
    """Whether a name has a word, or (of the last one that is typed) one that begins so."""
    if word in words or written_out(word) in words:
        return True
    return last and any(other.startswith(word) for other in words)


def _faults(words: frozenset[str], way: tuple[str, ...]) -> int:
    """By how many letters a name differs from words that were typed; 0 when one of these is too far from all of its."""
    total = 0
    for at, word in enumerate(way, 1):
        most = forgiven(word)
        least = (
            0
            if _has(words, word, last=at == len(way))
            else min((edits(word, other, most) for other in words), default=3)
        )
        if least > most:
            return 0
        total += least
    return total if len(way) <= MOST_WORDS else 0
