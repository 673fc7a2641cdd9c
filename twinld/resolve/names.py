"""Names of places in forms that can be compared: any script, with or without what only tells two of a name apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from twinld.spelling import exact

_APART: Final = re.compile(r"\s*[(\[（].*?[)\]）]\s*|\s*[,;/、・].*$")
_WORDS: Final[Mapping[str, str]] = {
    "city": "city", "ciudad": "city", "cidade": "city", "stadt": "city", "city-and-county": "city", "shi": "city",
    "municipality": "municipality", "municipio": "municipality", "commune": "municipality", "gemeinde": "municipality",
    "kommun": "municipality", "kommune": "municipality", "town": "town", "county": "county", "kreis": "county",
    "landkreis": "county", "district": "district", "borough": "district", "bezirk": "district", "rayon": "district",
    "raion": "district", "province": "province", "provincia": "province", "provinz": "province", "sheng": "province",
    "prefecture": "prefecture", "state": "state", "bundesland": "state", "region": "region", "oblast": "oblast",
    "krai": "oblast", "krais": "oblast", "emirate": "province", "community": "region", "island": "region",
    "do": "province", "ken": "prefecture", "fu": "prefecture", "gun": "county", "si": "city", "gu": "district",
    "ku": "district", "gmina": "municipality", "department": "province",
    "prafektur": "prefecture", "powiat": "county", "judet": "county", "governorate": "province", "arrondissement":
    "district", "bezirke": "district", "metropolitan": "region", "metropolitana": "region", "kanton": "state",
    "canton": "state", "comune": "municipality", "concelho": "municipality", "stadtbezirk": "district",
}  # fmt: skip
"""Words of a name that tell the level of a place, each with its concept of twv:level."""
_MEANT: Final = (
    "region", "state", "oblast", "province", "prefecture", "county", "district", "municipality", "town", "city",
)  # fmt: skip
"""Of several words of a level the first of these is meant: a Metropolitan City is a region."""
_ENDINGS: Final[Mapping[str, str]] = {
    "特別市": "city", "直辖市": "city", "광역시": "city", "특별시": "city", "市": "city", "시": "city",
    "省": "province", "都": "prefecture", "府": "prefecture", "県": "prefecture", "縣": "county", "县": "county",
    "도": "province", "州": "state", "区": "district", "區": "district", "구": "district", "군": "county",
}  # fmt: skip
"""Endings of Chinese, Japanese and Korean names that tell the level."""
_ROMAN: Final = {
    "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14,
    "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21, "xxii": 22, "xxiii": 23,
}  # fmt: skip
_LINKING: Final = frozenset({"of", "de", "the", "la", "le"})
_SOUNDS: Final = (
    ("tsch", "ch"), ("sch", "s"), ("zh", "s"), ("sh", "s"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f"),
    ("th", "t"), ("kh", "h"), ("ch", "h"), ("ck", "k"), ("c", "k"), ("q", "k"), ("y", "i"), ("j", "i"), ("w", "v"),
)  # fmt: skip


@cache
def base_and_level(name: str) -> tuple[str, str | None]:
    """A name without what follows a comma or stands in brackets, and without words of its level; and that level.

    >>> base_and_level("Dalian City, Liaoning province"), base_and_level("論山市")
    (('dalian', 'city'), ('lunshan', 'city'))
    """
    bare = _APART.sub("", name).strip() or name
    levels: list[str] = []
    for ending, meaning in _ENDINGS.items():
        if bare.endswith(ending) and len(bare) >= len(ending) + 2:
            bare = bare.removesuffix(ending)
            levels.append(meaning)
            break
    words = exact(bare).split("-")
    rest = list(words)
    for at in (-1, 0):
        while len(rest) > 1 and rest[at] in _WORDS:
            levels.append(_WORDS[rest.pop(at)])
    if len(rest) < len(words):
        while len(rest) > 1 and rest[0] in _LINKING:
            rest.pop(0)
    return "-".join(rest), min(levels, key=_MEANT.index, default=None)


@cache
def loose(name: str) -> str:
    """A base name as it roughly sounds: variants of one transliteration come out the same.

    >>> loose("Duesseldorf") == loose("Düsseldorf"), loose("Reykjavik") == loose("Reykiavik")
    (True, True)
    """
    text = base_and_level(name)[0].replace("-", "")
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", text)


@cache
def _pairs(text: str) -> frozenset[str]:
    padded = f"^{text}$"
    return frozenset(padded[i : i + 2] for i in range(len(padded) - 1))


def likeness(one: str, other: str) -> float:
    """How alike two loose names are: the Dice coefficient of their pairs of letters, 0 to 1."""
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


@cache
def numbers(name: str) -> frozenset[str]:
    """The numbers in a name: digits, and Roman ones of districts.

    >>> sorted(numbers("Budapest District XIII")), sorted(numbers("13th district of Budapest"))
    (['13'], ['13'])
    """
    words = exact(name).split("-")
    found = {digits for word in words if (digits := "".join(re.findall(r"\d+", word)))}
    return frozenset(found | {str(_ROMAN[word]) for word in words[1:] if word in _ROMAN})
