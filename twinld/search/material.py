"""What an index is made of: things with all their names, and agreements with what they can be narrowed by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from twinld.dates import PartialDate

LABEL: Final = 0
ALIAS: Final = 1
"""Kinds of names, the better first: a label, and any other name, the id among them."""
NONE: Final = "none"
"""The value of a facet where nothing is known."""


def type_of(path: str, iso_code: str) -> str:
    """What a thing is: the first part of its path; a place with a code is a country.

    >>> type_of("place/boston", ""), type_of("place/country-se", "SE"), type_of("agreement/oeaed", "")
    ('place', 'country', 'named-agreement')
    """
    first = path.partition("/")[0]
    return "country" if iso_code else "named-agreement" if first == "agreement" else first


class Name(NamedTuple):
    """One name of a thing in a language ("" for a name that is in none)."""

    kind: int
    text: str
    language: str


@dataclass(frozen=True)
class Thing:
    """Something with a page of its own: `path` is the end of its IRI (`place/boston`), `country` that of its country.

    `label` is the name to show; `items` are identifiers of others (`Q100`, `geonames:4930956`); `networks` and
    `sources` are the ends of their IRIs without their type. `licences` are the IRIs of those under which alone some of
    its names or facts stand, empty when all are CC0.
    """

    path: str
    label: str
    language: str = ""
    names: tuple[Name, ...] = ()
    country: str = ""
    iso_code: str = ""
    population: int = 0
    twins: int = 0
    items: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """What it is (`type_of`)."""
        return type_of(self.path, self.iso_code)


@dataclass(frozen=True)
class Bond:
    """One agreement: `parties` are paths of things, dates EDTF text, `stated` is both, one-sided or unknown.

    `licence` is the IRI of a licence, "" for CC0.
    """

    slug: str
    parties: tuple[str, ...]
    kind: str = ""
    status: str = ""
    start: str = ""
    end: str = ""
    date: str = ""
    stated: str = "unknown"
    licence: str = ""
    sources: tuple[str, ...] = ()

    @property
    def decade(self) -> str:
        """The first year of the decade in which it began, NONE when that is not known.

        >>> Bond("a--b", (), start="1962-01-22").decade, Bond("a--b", (), end="1999").decade
        ('1960', 'none')
        """
        try:
            decade = PartialDate(self.start).decade if self.start else None
        except ValueError:
            decade = None
        return NONE if decade is None else str(decade)

    @property
    def licence_code(self) -> str:
        """A short name of its licence, for addresses.

        >>> Bond("a--b", ()).licence_code
        'cc0'
        >>> Bond("a--b", (), licence="https://creativecommons.org/licenses/by-sa/4.0/").licence_code
        'cc-by-sa-4.0'
        """
        parts = self.licence.rstrip("/").split("/")
        return "cc0" if not self.licence else "-".join(["cc", *parts[-2:]] if "licenses" in parts else parts[-1:])

    @property
    def dated(self) -> bool:
        """Whether any date of it is known."""
        return bool(self.start or self.end or self.date)


@dataclass(frozen=True)
class Material:
    """Everything that can be found."""

    things: tuple[Thing, ...]
    bonds: tuple[Bond, ...]
