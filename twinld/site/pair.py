"""Everything that the page of two places needs: all their relations, what they share, and how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twinld.errors import NotFound
from twinld.site.about import about, country_of, licence_in, named
from twinld.site.ask import Asker, Facts, tw
from twinld.site.chain import Chain, chain
from twinld.site.networks import network_counts
from twinld.site.partners import spot_of
from twinld.site.resource import ResourcePage, resource
from twinld.site.things import LANGUAGE, Licence, Named, SourceInfo
from twinld.site.words import concept
from twinld.site.world import World, namer_of_places, names_of_places, pair_of, world
from twinld.site.world_map import WorldMap, world_map
from twinld.store import Store
from twinld.vocab import BASE, ID

_PLACE: Final = f"{ID}place/"
_COUNTRY: Final = "country-"


@dataclass(frozen=True)
class Relation:
    """An agreement of both places; dates are EDTF text, `stated` is a concept of twv:reciprocity in words or ""."""

    agreement: str
    others: tuple[Named, ...]
    kind: str
    since: str
    until: str
    date: str
    status: str
    stated: str
    sources: tuple[SourceInfo, ...]
    licence: Licence


@dataclass(frozen=True)
class PairPage:
    """Two places. `between` are the pairs of twins that two countries share, each by names and agreement's slug."""

    rest: ResourcePage
    chain: Chain
    countries: tuple[Named | None, Named | None]
    relations: tuple[Relation, ...]
    adjacent: bool
    same_name: bool
    networks: tuple[Named, ...]
    between: tuple[tuple[Named, Named, str], ...]
    map: WorldMap


def split_pair(slug: str) -> tuple[str, str]:
    """The slugs of both places of a pair; NotFound when there are not two.

    >>> split_pair("boston--kyoto")
    ('boston', 'kyoto')
    """
    parts = slug.split("--")
    if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
        raise NotFound(f"{slug[:80]!r} does not name two places; write two ids with two hyphens, such as boston--kyoto")
    return parts[0], parts[1]


def pair_known(store: Store, slug: str, *, base: str = BASE) -> tuple[str, str] | None:
    """Both places of a slug `one--other` in the order of an id, when both are places of ours; else None."""
    try:
        one, other = sorted(split_pair(slug))
    except NotFound:
        return None
    names = names_of_places(Asker(store, base))
    return (one, other) if names.has(_PLACE + one) and names.has(_PLACE + other) else None


def pair(store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE) -> PairPage:
    """The page of a pair that has an id; NotFound when it has none. Asks one question more than `resource`."""
    asker = Asker(store, base)
    one, other = split_pair(slug)
    rest = resource(store, f"{ID}pair/{slug}", language=language, base=base)
    facts = asker.facts("page_pair", one=_PLACE + one, other=_PLACE + other)
    names, here = names_of_places(asker), world(asker)
    both = here.networks.get(one, set()) & here.networks.get(other, set())
    first, second = (country_of(names, _PLACE + place, names, language) for place in (one, other))
    ways = chain(store, one, other, language=language, base=base)
    relations = _relations(asker, facts, (one, other), language)
    statuses = {relation.status for relation in relations}
    status = next((word for word in ("active", "presumed active", "ended") if word in statuses), "")
    return PairPage(
        rest=rest,
        chain=ways,
        countries=(first, second),
        relations=relations,
        adjacent=_says(rest, "adjacent"),
        same_name=_says(rest, "sameName"),
        networks=tuple(row.network for row in network_counts(asker, language) if row.slug in both) if both else (),
        between=_between(asker, here, one, other, language),
        map=world_map(None, [spot_of(names, place, status) for place in (ways.one, ways.other)]),
    )


def _says(rest: ResourcePage, name: str) -> bool:
    """Whether anything says of the pair that a yes-or-no property of it holds."""
    return any(
        value.text == "true"
        for graph in rest.graphs
        for subject in graph.subjects
        if not subject.fragment
        for statement in subject.statements
        if statement.predicate == tw(name)
        for value in statement.values
    )


def _relations(asker: Asker, facts: Facts, both: tuple[str, str], language: str) -> tuple[Relation, ...]:
    names, info = names_of_places(asker), about(asker)
    found = []
    for iri in facts.subjects():
        parties = {term.value for term in facts.all(iri, tw("party"))}
        if not parties:
            continue
        sources = {term.value for term, _ in facts.said(iri, tw("statedIn"))}
        found.append(
            Relation(
                agreement=iri,
                others=tuple(named(names, party, language) for party in sorted(parties - {_PLACE + x for x in both})),
                kind=concept(facts.value(iri, tw("kind")) or "", "kind"),
                since=facts.value(iri, tw("start")) or "",
                until=facts.value(iri, tw("end")) or "",
                date=facts.value(iri, tw("date")) or "",
                status=concept(facts.value(iri, tw("status")) or "", "status"),
                stated=concept(facts.value(iri, tw("reciprocity")) or "", "reciprocity"),
                sources=tuple(sorted(map(info.source, sources), key=lambda source: source.title)),
                licence=licence_in(facts.graphs(iri, tw("party")), info),
            )
        )
    return tuple(found)


def _between(asker: Asker, here: World, one: str, other: str, language: str) -> tuple[tuple[Named, Named, str], ...]:
    if not (one.startswith(_COUNTRY) and other.startswith(_COUNTRY)):
        return ()
    name = namer_of_places(asker, language)
    found = []
    for pair_ in here.between.get(pair_of(one, other), ()):
        left, right = pair_ if here.country[pair_[0]] == one else pair_[::-1]
        found.append((name(left), name(right), here.pairs[pair_][0]))
    return tuple(sorted(found, key=lambda row: (row[0].label.casefold(), row[1].label.casefold(), row[2])))
