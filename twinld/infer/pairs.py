"""The unordered pair of places that an agreement is about, with what only the two together have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import combinations

from geographiclib.geodesic import Geodesic

from twinld.infer.given import Given
from twinld.iris import agreement_iri, pair_iri, place_iri
from twinld.mapping.write import TYPE, tw
from twinld.model import Place
from twinld.terms import Triple, boolean, decimal


def pairs(given: Given) -> Iterator[Triple]:
    """One CityPair for every two parties of an agreement, and for every pair that is named without one (R7, R9).

    `distanceKm` is the WGS 84 geodesic to 0.1 km, present when both are located; `sameCountry` when both
    countries are known; `sameName` when both have labels.
    """
    seen: set[str] = set()
    for slug, agreement in given.agreements.items():
        for one, other in combinations(agreement.parties, 2):
            pair = pair_iri(one, other)
            yield f"<{agreement_iri(slug)}>", tw("concernsPair"), f"<{pair}>"
            if pair not in seen:
                seen.add(pair)
                yield from _pair(pair, given.all_places[one], given.all_places[other])

    for one, other in given.bare_pairs:
        pair = pair_iri(one, other)
        if pair not in seen:
            seen.add(pair)
            yield from _pair(pair, given.all_places[one], given.all_places[other])


def evidence(given: Given) -> Iterator[Triple]:
    """`tw:evidence` from a thing to every record that names it, where that is no value of the thing (ONTOLOGY A.2)."""
    for thing, record in given.named:
        yield thing, tw("evidence"), record


def _pair(pair: str, one: Place, other: Place) -> Iterator[Triple]:
    subject = f"<{pair}>"
    yield subject, TYPE, tw("CityPair")
    yield subject, tw("pairMember"), f"<{place_iri(one.slug)}>"
    yield subject, tw("pairMember"), f"<{place_iri(other.slug)}>"
    distance = distance_km(one, other)
    if distance is not None:
        yield subject, tw("distanceKm"), decimal(distance)
    countries = _country(one), _country(other)
    if None not in countries:
        yield subject, tw("sameCountry"), boolean(countries[0] == countries[1])
    if one.labels and other.labels:
        yield subject, tw("sameName"), boolean(_same_name(one, other))


def distance_km(one: Place, other: Place) -> Decimal | None:
    """The length of the WGS 84 geodesic between two places in km, to one decimal; None when one is not located."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return geodesic_km(float(one.latitude), float(one.longitude), float(other.latitude), float(other.longitude))


def geodesic_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> Decimal:
    """The length of the WGS 84 geodesic between two points (degrees) in km, to one decimal.

    >>> geodesic_km(42.358, -71.064, 35.012, 135.768)
    Decimal('11013.6')
    """
    line = Geodesic.WGS84.Inverse(latitude, longitude, other_latitude, other_longitude, Geodesic.DISTANCE)
    return Decimal(str(round(line["s12"] / 1000, 1)))


def _country(place: Place) -> str | None:
    return place.slug if place.iso_code is not None else place.country


def _same_name(one: Place, other: Place) -> bool:
    """Whether they share a label in one language, apart from case and accents; a label of unknown language is
    compared with every other.
    """
    own = {(tag, _bare(label)) for tag, label in one.labels}
    names = {label for _, label in own}
    return any(
        (tag, _bare(label)) in own or (tag == "und" and _bare(label) in names) or ("und", _bare(label)) in own
        for tag, label in other.labels
    )


@cache
def _bare(label: str) -> str:
    """A label without case and accents; scripts are kept apart (two cities 苏州 and 宿州 are both Suzhou)."""
    apart = unicodedata.normalize("NFKD", label)
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()
