"""What is counted of one country: its partner countries, its places with most twins, its agreements by decade."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from twinld.errors import NotFound, nearest
from twinld.site.ask import Asker, once
from twinld.site.numbers import decades_of
from twinld.site.partners import countries
from twinld.site.tables import Column, Table
from twinld.site.things import LANGUAGE, Named
from twinld.site.world import namer_of_places, pair_of, world
from twinld.store import Store
from twinld.vocab import BASE, ID

TOP: Final = 20


@dataclass(frozen=True)
class Partnered:
    """Another country, how many pairs of twins it shares with this one, and the slug of the pair of countries."""

    country: Named
    pairs: int
    pair: str


@dataclass(frozen=True)
class Counts:
    """Counts of the agreements of a country's places under CC0; one with two of its places counts once.

    `told` are those of which it is known whether both sides state them, `one_sided` those that one does not.
    `within` are the pairs of twins in the country; `partners` and `hubs` have slugs.
    """

    agreements: int
    places: int
    dated: int
    started: int
    told: int
    one_sided: int
    several_sources: int
    within: int
    partners: tuple[tuple[str, int], ...]
    hubs: tuple[tuple[str, int], ...]
    decades: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CountryNumbers:
    """What is counted of a country, its partner countries, and its places with most twins now, by name."""

    counts: Counts
    partners: tuple[Partnered, ...]
    hubs: tuple[tuple[Named, int], ...]


def country_numbers(store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE) -> CountryNumbers:
    """The numbers of the country of a slug such as country-de; all 0 when none of its places has an agreement."""
    asker = Asker(store, base)
    counts = once(store, ("country", base, slug), lambda: _counts(asker, slug))
    name = namer_of_places(asker, language)
    partners = tuple(
        Partnered(name(other), number, "--".join(pair_of(slug, other))) for other, number in counts.partners
    )
    hubs = tuple((name(place), number) for place, number in counts.hubs)
    return CountryNumbers(counts, partners, hubs)


def country_tables(store: Store, code: str, *, base: str = BASE) -> dict[str, Table]:
    """What the page of a country draws, by key: its partner countries, its places with most twins, its decades.

    NotFound, with the nearest, for a code that no country has.
    """
    asker = Asker(store, base)
    slug = f"country-{code.lower()}"
    known = [iri.removeprefix(f"{ID}place/") for iri in countries(asker).subjects()]
    if slug not in known:
        codes = [other.removeprefix("country-") for other in known]
        raise NotFound(f"{code[:20]!r} is the code of no country here; {nearest(code.lower()[:20], codes, 'codes')}")
    counts = once(store, ("country", base, slug), lambda: _counts(asker, slug))
    pairs = tuple((other, number, "--".join(pair_of(slug, other))) for other, number in counts.partners)
    made = (
        Table("partners", (Column("country", "place"), Column("pairs"), Column("pair", "text")), pairs),
        Table("places", (Column("place", "place"), Column("twins")), counts.hubs),
        Table("decades", (Column("decade", "decade"), Column("agreements")), counts.decades),
    )
    return {table.key: table for table in made}


def _counts(asker: Asker, slug: str) -> Counts:
    here = world(asker)
    bonds = here.of_country.get(slug, [])
    places = here.places_of.get(slug, [])
    sides = Counter(bond.reciprocity for bond in bonds if bond.reciprocity)
    partners = sorted(here.partners_of.get(slug, {}).items(), key=lambda item: (-item[1], item[0]))
    degrees = {place: len(here.twins_now.get(place, ())) for place in places}
    hubs = sorted((item for item in degrees.items() if item[1]), key=lambda item: (-item[1], item[0]))
    return Counts(
        agreements=len(bonds),
        places=len(places),
        dated=sum(bond.dated for bond in bonds),
        started=sum(bool(bond.start) for bond in bonds),
        told=sum(sides.values()),
        one_sided=sides["one-sided"],
        several_sources=sum(here.sources.get(bond.slug, 0) > 1 for bond in bonds),
        within=here.country_pairs.get((slug, slug), 0),
        partners=tuple(partners),
        hubs=tuple(hubs[:TOP]),
        decades=decades_of(bonds),
    )
