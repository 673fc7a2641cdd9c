"""What somebody searches for: a text and values of facets, as they stand in an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from twinld.errors import InputError, UsageError, nearest
from twinld.search.index import BOND, THING
from twinld.search.material import NONE
from twinld.texts import later

LONGEST: Final = 200
"""Letters of a text to search for."""
AGREEMENT: Final = "agreement"


@dataclass(frozen=True)
class Facet:
    """One way to narrow: its name in addresses, its title, which units it narrows, whether a thing has one value."""

    name: str
    title: str
    units: tuple[str, ...]
    single: bool = True


FACETS: Final = (
    Facet("type", later("What"), (THING,)),
    Facet("country", later("Country"), (THING, BOND), single=False),
    Facet("network", later("Network"), (THING, BOND), single=False),
    Facet("status", later("Status"), (BOND,)),
    Facet("decade", later("Began in"), (BOND,)),
    Facet("stated", later("Stated"), (BOND,)),
    Facet("kind", later("Kind"), (BOND,)),
    Facet("source", later("Source"), (THING, BOND), single=False),
    Facet("licence", later("Licence"), (BOND,)),
)
"""In the order of the page."""
BY_NAME: Final = {facet.name: facet for facet in FACETS}
_WORDS: Final = {
    ("stated", "both"): later("by both sides"),
    ("stated", "one-sided"): later("by one side only"),
    ("stated", "unknown"): later("by whom is not known"),
    ("decade", NONE): later("start not known"),
    ("country", NONE): later("country not known"),
    ("source", NONE): later("no source"),
    ("kind", "unspecified"): later("not stated"),
    ("licence", "cc0"): "CC0 1.0",
}
"""What values are called, where their name does not say it."""


@dataclass(frozen=True)
class Wish:
    """What is searched for: a text, and for some facets a value; `facets` are pairs in the order of FACETS."""

    q: str = ""
    facets: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, q: str, **facets: str) -> Wish:
        """A wish with the values that are not empty; InputError for a long text or facets that clash."""
        if len(q) > LONGEST:
            raise InputError(f"the text has {len(q):,} letters; names have at most {LONGEST}")
        unknown = sorted(set(facets) - set(BY_NAME))
        if unknown:
            raise UsageError(f"{unknown[0]!r} narrows nothing; {nearest(unknown[0], BY_NAME, 'facets')}")
        wish = cls(q.strip(), tuple((facet.name, facets[facet.name]) for facet in FACETS if facets.get(facet.name)))
        if wish.unit == BOND and wish.value("type") not in {"", AGREEMENT}:
            other = next(name for name, _ in wish.facets if THING not in BY_NAME[name].units)
            raise UsageError(f"{other} narrows agreements only; leave out type={wish.value('type')[:40]}")
        return wish

    @property
    def unit(self) -> str:
        """Whether it is about things or agreements."""
        bond_only = any(THING not in BY_NAME[name].units for name, _ in self.facets)
        return BOND if bond_only or self.value("type") == AGREEMENT else THING

    def value(self, name: str) -> str:
        """The value chosen for a facet, "" for none."""
        return dict(self.facets).get(name, "")

    def with_(self, name: str, value: str) -> Wish:
        """The same with another value of a facet; "" takes it out."""
        chosen = {**dict(self.facets), name: value}
        if name == "type" and value != AGREEMENT:  # things have no status
            chosen = {key: kept for key, kept in chosen.items() if THING in BY_NAME[key].units}
        return Wish(self.q, tuple((facet.name, chosen[facet.name]) for facet in FACETS if chosen.get(facet.name)))

    def query(self, **more: str) -> str:
        """The wish as the query string of an address."""
        pairs = [*([("q", self.q)] if self.q else []), *self.facets, *more.items()]
        return urlencode([(name, value) for name, value in pairs if value])


def words(facet: str, value: str) -> str:
    """What a value of a facet is called.

    >>> words("decade", "1960"), words("licence", "cc-by-sa-4.0"), words("status", "presumed-active")
    ('the 1960s', 'CC BY-SA 4.0', 'presumed active')
    """
    if facet == "decade" and value != NONE:
        return f"the {value}s"
    if facet == "licence" and value.startswith("cc-"):
        return f"CC {value.removeprefix('cc-').rpartition('-')[0].upper()} {value.rpartition('-')[2]}"
    return _WORDS.get((facet, value), later("not known") if value == NONE else value.replace("-", " "))
