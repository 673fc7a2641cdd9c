"""Numbers that people ask first, counted once: graph statistics. They are of CC0 facts alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from twinld.infer.given import Given
from twinld.infer.relations import shortcuts
from twinld.infer.sides import reciprocity
from twinld.infer.typed import members
from twinld.iris import pair_iri, place_iri
from twinld.mapping.write import TYPE, tw
from twinld.model import TWINNED
from twinld.terms import Triple, integer
from twinld.vocab import DCTERMS, STATISTICS, TWV

RANKED: Final = 100
"""So many places, those with the most twins, have a rank: who has the most is then asked without sorting them all."""
_COUNT: Final = tw("agreementCount")


def statistics(given: Given) -> Iterator[Triple]:
    """`twinCount` and `twinRank` of places, `pairCount` of two countries and of networks, `memberCount` of networks,
    `agreementCount` of decades, kinds and reciprocities.
    """
    yield from _twins(given)
    yield from _countries(given)
    yield from _networks(given)
    yield from _decades(given)
    kinds = Counter(agreement.kind for agreement in given.agreements.values())
    for kind, count in kinds.items():
        yield f"<{TWV}kind-{kind}>", _COUNT, integer(count)
    words = Counter(word for _, predicate, word in reciprocity(given) if predicate == tw("reciprocity"))
    for word, count in words.items():
        yield word, _COUNT, integer(count)


def _twins(given: Given) -> Iterator[Triple]:
    """With how many places each is twinned now."""
    now = {(place, twin) for place, predicate, twin in shortcuts(given) if predicate == tw("twinnedWith")}
    counts = Counter(place for place, _ in now)
    for place, count in counts.items():
        yield place, tw("twinCount"), integer(count)
    rank = fewest = 0
    for position, (place, count) in enumerate(counts.most_common(), 1):
        if count != fewest:
            rank, fewest = position, count
        if rank > RANKED:
            break
        yield place, tw("twinRank"), integer(rank)


def _countries(given: Given) -> Iterator[Triple]:
    """How many pairs of twins, now or formerly, two countries share, of the places whose country is known."""
    pairs = {
        pair
        for agreement in given.agreements.values()
        if agreement.kind in TWINNED
        for pair in combinations(sorted(set(agreement.parties)), 2)
    }
    places = given.all_places
    counts = Counter(tuple(sorted((places[one].country or "", places[other].country or ""))) for one, other in pairs)
    for (first, second), count in counts.items():
        if not first or first == second:
            continue
        pair = f"<{pair_iri(first, second)}>"
        yield pair, TYPE, tw("CityPair")
        yield pair, tw("pairMember"), f"<{place_iri(first)}>"
        yield pair, tw("pairMember"), f"<{place_iri(second)}>"
        yield pair, tw("pairCount"), integer(count)


def _networks(given: Given) -> Iterator[Triple]:
    """How many members of each network are known, and how many pairs of them are twinned now."""
    known: dict[str, set[str]] = defaultdict(set)
    for member, _, network in members(given):
        known[network].add(member)
    now = {(place, twin) for place, predicate, twin in shortcuts(given) if predicate == tw("twinnedWith")}
    for network, places in known.items():
        yield network, tw("memberCount"), integer(len(places))
        yield network, tw("pairCount"), integer(sum(1 for pair in combinations(sorted(places), 2) if pair in now))


def _decades(given: Given) -> Iterator[Triple]:
    """How many agreements began in each decade; most of all have no known start, which the kinds add up to."""
    starts = (agreement.start for agreement in given.agreements.values())
    for decade, count in Counter(start.decade for start in starts if start and start.decade is not None).items():
        node = f"<{STATISTICS}#decade{decade:+}>" if decade < 0 else f"<{STATISTICS}#decade-{decade}>"
        yield node, TYPE, tw("Decade")
        yield node, tw("decade"), integer(decade)
        yield node, _COUNT, integer(count)
        yield node, f"<{DCTERMS}isPartOf>", f"<{STATISTICS}>"
