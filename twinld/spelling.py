"""Names in the forms in which they are compared and looked up: any script, with or without accents.

Two forms serve two ends. A plain form keeps the script, so that 京都 is told from another name that sounds the same; a
folded one is transliterated to small ASCII letters (`twinld.iris.fold`), so that Москва is found as Moskva.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from anyascii import anyascii

from twinld.iris import fold

_SAME: Final = {"st": "saint", "ste": "sainte", "sankt": "saint", "sint": "saint", "mt": "mount"}
_DIGRAPHS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
"""How these letters are written where a keyboard lacks them; without accents they are found too."""
_ARABIC: Final = str.maketrans("أإآٱىةؤئکی", "اااايهويكي")
"""Letters of the Arabic script that are often written as others."""
_POINTS: Final = re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
"""Vowel points of Hebrew and Arabic, and the stroke that lengthens a word: names are written without."""
_BLANKS: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[a-z0-9]+")
_PARTS: Final = re.compile(r"[\W_]+")


class Spelled(NamedTuple):
    """A name as it is looked up: its `keys` are whole, without blanks, the plain one first; `words` are single."""

    keys: tuple[str, ...]
    words: frozenset[str]


@cache
def exact(name: str) -> str:
    """A name in small ASCII letters, transliterated, with abbreviations written out.

    >>> exact("St. Gallen"), exact("Москва")
    ('saint-gallen', 'moskva')
    """
    return "-".join(map(written_out, fold(name).split("-"))) if fold(name) else ""


def written_out(word: str) -> str:
    """A folded word, written out if it is an abbreviation.

    >>> written_out("st"), written_out("boston")
    ('saint', 'boston')
    """
    return _SAME.get(word, word)


def clean(text: str) -> str:
    r"""A text in one form of Unicode (NFKC), without control and format characters, with single blanks.

    >>> clean(" Tole\u200bdo,\tSpain ")
    'Toledo, Spain'
    """
    if text.isascii() and text.isprintable():
        return _BLANKS.sub(" ", text).strip()
    kept = (
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in unicodedata.normalize("NFKC", text)
        if unicodedata.category(letter) not in _UNSEEN
    )
    return _BLANKS.sub(" ", "".join(kept)).strip()


_UNSEEN: Final = frozenset({"Cf", "Cs", "Co", "Cn"})


def plain(text: str) -> str:
    """The letters and digits of a text in its own script, in small letters, without blanks.

    >>> plain("São Paulo"), plain("京都"), plain("L'Aquila")
    ('sãopaulo', '京都', 'laquila')
    """
    return _squashed(_lettered(text))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in their order.

    >>> words_of("Rio de Janeiro"), words_of("Кёльн")
    (['rio', 'de', 'janeiro'], ['keln'])
    """
    return _folded(_lettered(text))


def spelled(name: str) -> Spelled:
    """Every form in which a name is looked up: plain, folded, with digraphs, with abbreviations written out.

    >>> spelled("München").keys
    ('münchen', 'munchen', 'muenchen')
    >>> sorted(spelled("St. Gallen").words)
    ['gallen', 'saint', 'st']
    """
    lettered = _lettered(name)
    own = _squashed(lettered)
    ways = [_folded(lettered)]
    if not lettered.isascii():
        ways.append(_folded(lettered.translate(_DIGRAPHS)))
    ways.append([written_out(word) for word in ways[0]])
    keys = dict.fromkeys(key for key in (own, *map("".join, ways)) if key)
    unlatin = [] if own.isascii() else [_squashed(word) for word in _PARTS.split(lettered) if word]
    return Spelled(tuple(keys), frozenset(word for way in (*ways, unlatin) for word in way if word))


def _squashed(lettered: str) -> str:
    if lettered.isascii():
        return "".join(filter(str.isalnum, lettered))
    return "".join(letter for letter in lettered if unicodedata.category(letter)[0] in "LMN")


def _folded(lettered: str) -> list[str]:
    """Words as `twinld.iris.fold` makes them, but that a soft sign, which is an apostrophe then, parts none."""
    text = lettered if lettered.isascii() else anyascii(lettered.replace("’", "")).lower()
    return _WORD.findall(text.replace("'", ""))


def _lettered(text: str) -> str:
    return _POINTS.sub("", clean(text).translate(_ARABIC)).casefold()


def edits(one: str, other: str, most: int) -> int:
    """How many letters have to be added, left out, replaced or swapped with their neighbour; `most` + 1 for more.

    >>> edits("bostn", "boston", 2), edits("parsi", "paris", 2), edits("rome", "boston", 2)
    (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, another in enumerate(other, 1):
            least = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != another))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == another
            line.append(min(least, before[column - 2] + 1) if swapped else least)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)


_FORGIVEN: Final[Mapping[int, int]] = {4: 1, 7: 2}


def forgiven(word: str) -> int:
    """How many such faults a word may have, by its length: none in up to three letters, one up to six, then two.

    >>> forgiven("ulm"), forgiven("bostn"), forgiven("shimonosek")
    (0, 1, 2)
    """
    return max((faults for length, faults in _FORGIVEN.items() if len(word) >= length), default=0)
