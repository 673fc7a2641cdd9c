"""Which of several labels is shown: in the language that is wanted, else English, else any known one, else the rest."""

from __future__ import annotations

import functools
from typing import Final

ENGLISH: Final = "en"
UNKNOWN: Final = "und"
"""The tag of a label whose language nobody states (ISO 639-2)."""
_VARIETY: Final = "-*"
_OTHER: Final = "*"


def rank(tag: str | None, language: str = ENGLISH) -> int:
    """How well a label with this tag meets the wish for a language: the least is the best.

    First the language itself, then the same with fewer parts (RFC 4647, section 3.4), then its varieties, then English
    and its own, then any other known language, at last those without one.

    >>> sorted(["ar", "en", "de", "de-ch", "de-at", "und"], key=lambda tag: rank(tag, "de-AT"))
    ['de-at', 'de', 'de-ch', 'en', 'ar', 'und']
    """
    wishes, said = _wishes(language), (tag or UNKNOWN).lower()
    known = wishes.get(said)
    return known if known is not None else wishes.get(said.partition("-")[0] + _VARIETY, wishes[_OTHER])


@functools.lru_cache(maxsize=256)
def _wishes(language: str) -> dict[str, int]:
    """The rank of every tag that meets a wish, of varieties of a language ("de" + _VARIETY), and of all others."""
    found: dict[str, int] = {}
    for wish in (language.lower(), ENGLISH):
        parts = wish.split("-")
        for length in range(len(parts), 0, -1):
            found.setdefault("-".join(parts[:length]), len(found))
        found.setdefault(parts[0] + _VARIETY, len(found))
    return {**found, _OTHER: len(found), UNKNOWN: len(found) + 1}
