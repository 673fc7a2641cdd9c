"""What follows from what people typed: members, what lies in what, pairs across a border, ordinals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from twinld.dates import PartialDate, is_before
from twinld.infer.given import Given
from twinld.iris import agreement_iri, place_iri
from twinld.mapping.write import TYPE, tw
from twinld.model import TWINNED, Agreement
from twinld.terms import Triple, boolean, integer
from twinld.vocab import ID


def members(given: Given) -> Iterator[Triple]:
    """`memberOf` of every membership that has no end (R5)."""
    said = _by_subject(given)
    for values in said.values():
        if tw("network") in values and tw("end") not in values:
            for member in values[tw("member")]:
                for network in values[tw("network")]:
                    yield member, tw("memberOf"), network


def containment(given: Given) -> Iterator[Triple]:
    """`within` for every `partOf`, over any number of steps (R8)."""
    part_of = {subject: values[tw("partOf")] for subject, values in _by_subject(given).items()}
    for place in list(part_of):
        seen: set[str] = set()
        waiting = list(part_of[place])
        while waiting:
            whole = waiting.pop()
            if whole not in seen and whole != place:
                seen.add(whole)
                waiting += part_of.get(whole, [])
                yield place, tw("within"), whole


def border_pairs(given: Given) -> Iterator[Triple]:
    """A pair that is adjacent, of places of two countries, is a CrossBorderPair."""
    for pair, values in _by_subject(given).items():
        if boolean(True) not in values[tw("adjacent")]:
            continue
        one, _, other = pair.strip("<>").removeprefix(f"{ID}pair/").partition("--")
        places = [given.all_places.get(slug) for slug in (one, other)]
        countries = {place.country for place in places if place is not None and place.country is not None}
        if len(countries) == len(places):
            yield pair, TYPE, tw("CrossBorderPair")


def ordinals(given: Given) -> Iterator[Triple]:
    """`ordinalFor` of every party role: the how many-th twinning of its party it is, of those with a known start.

    Not told when another twinning may have begun at the same time.
    """
    for role, values in _by_subject(given).items():
        slug = role.strip("<>").partition("#")[0].removeprefix(agreement_iri(""))
        agreement = given.agreements.get(slug)
        if agreement is None or agreement.start is None:
            continue
        for party in values[tw("roleParty")]:
            place = party.strip("<>").removeprefix(place_iri(""))
            number = _number(given, place, agreement, agreement.start)
            if number is not None:
                yield role, tw("ordinalFor"), integer(number)


def _number(given: Given, place: str, agreement: Agreement, start: PartialDate) -> int | None:
    before = 1
    for other in given.agreements.values():
        if other is agreement or other.start is None or place not in other.parties or other.kind not in TWINNED:
            continue
        if is_before(other.start, start):
            before += 1
        elif not is_before(start, other.start):
            return None
    return before


def _by_subject(given: Given) -> dict[str, dict[str, list[str]]]:
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in given.typed:
        said[subject][predicate].append(value)
    return said
