"""The shortest chain of twins between two places, and what two places have in common."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from twinld.errors import NotFound
from twinld.infer.pairs import geodesic_km
from twinld.iris import fold
from twinld.site.ask import Asker
from twinld.site.names import near, slug_of_item
from twinld.site.things import LANGUAGE, Named
from twinld.site.world import World, namer_of_places, names_of_places, pair_of, world
from twinld.store import Store
from twinld.vocab import BASE, ID

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Link:
    """One step of a chain: from a place to a twin of it, now or formerly, by agreements (slugs)."""

    one: Named
    other: Named
    agreements: tuple[str, ...]
    km: float | None


@dataclass(frozen=True)
class Chain:
    """Two places, the links between them in their order, and their common twins.

    `links` is empty when no chain leads from one to the other. `km` is the length of the WGS 84 geodesic, None when
    one of the two is not located.
    """

    one: Named
    other: Named
    links: tuple[Link, ...]
    common: tuple[Named, ...]
    km: float | None

    @property
    def between(self) -> tuple[Named, ...]:
        """The places between the two."""
        return tuple(link.other for link in self.links[:-1])

    def as_json(self) -> dict[str, Any]:
        """The chain as JSON: slugs, names, agreements, km."""
        return {
            "from": _named(self.one),
            "to": _named(self.other),
            "km": self.km,
            "steps": len(self.links) if self.links else None,
            "links": [
                {"from": _named(link.one), "to": _named(link.other), "agreements": list(link.agreements), "km": link.km}
                for link in self.links
            ],
            "common_twins": [_named(place) for place in self.common],
        }


def _named(place: Named) -> dict[str, str]:
    return {"place": place.iri.removeprefix(f"{ID}place/"), "name": place.label}


def place_of(store: Store, text: str, *, base: str = BASE) -> str:
    """The slug of the place that a slug, a name that is one, or a Wikidata item means; NotFound with near ones."""
    asker = Asker(store, base)
    text = text.strip()[:200]
    names = names_of_places(asker)
    slug = text.lower()
    if _SLUG.fullmatch(slug) and names.has(f"{ID}place/{slug}"):
        return slug
    item = slug_of_item(store, text, base=base)
    if item is not None:
        return item
    found = near(store, "place", text, base=base)
    if found and (len(found) == 1 or found[0] == fold(text)):
        return found[0]
    told = f"did you mean {' or '.join(found[:5])}?" if found else "write a name or an id such as boston"
    raise NotFound(f"{text[:60]!r} is no place of this release; {told}")


def chain(store: Store, one: str, other: str, *, language: str = LANGUAGE, base: str = BASE) -> Chain:
    """The shortest chain of twins between two places by their slugs; of equally short ones the first in slug order.

    NotFound when a slug is no place's, or both are the same.
    """
    asker = Asker(store, base)
    names, here = names_of_places(asker), world(asker)
    for slug in (one, other):
        if not names.has(f"{ID}place/{slug}"):
            raise NotFound(f"there is no place {slug[:60]!r} in this release")
    if one == other:
        raise NotFound(f"a chain is between two places, and {one!r} is one")
    name = namer_of_places(asker, language)
    path = shortest(here.twins, one, other)
    links = tuple(
        Link(name(first), name(second), tuple(here.pairs.get(pair_of(first, second), ())), km_of(here, first, second))
        for first, second in pairwise(path)
    )
    common = sorted(set(here.twins.get(one, ())) & set(here.twins.get(other, ())))
    return Chain(name(one), name(other), links, tuple(map(name, common)), km_of(here, one, other))


def km_of(here: World, one: str, other: str) -> float | None:
    """How far apart two places are, as published, else computed; None when one is not located."""
    known = here.km.get(pair_of(one, other))
    if known is not None or one not in here.point or other not in here.point:
        return known
    return float(geodesic_km(*here.point[one], *here.point[other]))


def shortest(twins: dict[str, tuple[str, ...]], one: str, other: str) -> list[str]:
    """The places of the shortest way from one to other, both included; empty when there is none.

    Breadth first, in the order of `twins`, so the answer is always the same.

    >>> shortest({"a": ("b", "c"), "b": ("a", "d"), "c": ("a", "d"), "d": ("b", "c"), "e": ()}, "a", "d")
    ['a', 'b', 'd']
    """
    came_from = {one: one}
    waiting = deque([one])
    while waiting and other not in came_from:
        place = waiting.popleft()
        for twin in twins.get(place, ()):
            if twin not in came_from:
                came_from[twin] = place
                waiting.append(twin)
    if other not in came_from:
        return []
    path = [other]
    while path[-1] != one:
        path.append(came_from[path[-1]])
    return path[::-1]
