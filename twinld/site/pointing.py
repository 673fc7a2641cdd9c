"""What points to a thing, by property and graph, each by its name: in full, where pages only count."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from twinld.errors import NotFound, PoolBusy, nearest
from twinld.site.about import DATASET, about
from twinld.site.ask import Asker, rebase_back
from twinld.site.called import part_of, short
from twinld.site.more import term_called
from twinld.site.networks import network_counts
from twinld.site.search import index_of
from twinld.site.things import LANGUAGE, Licence, Named, curie
from twinld.site.world import namer_of_places, world
from twinld.store import Store
from twinld.vocab import BASE, GRAPH, ID, TW, TWV

_PATH: Final = re.compile(r"/?((?:[a-z]+)/[A-Za-z0-9][A-Za-z0-9._~/-]*)(#[A-Za-z0-9._~-]+)?")
_TOGETHER: Final = ("graph", "vocab")
"""Types of things whose IRIs do not stand under `id/`."""
_AGREEMENT, _PLACE, _NETWORK, _PAIR, _SOURCE = (
    f"{ID}{type_}/" for type_ in ("agreement", "place", "network", "pair", "source")
)


@dataclass(frozen=True)
class Way:
    """One property by which things of one graph point somewhere, how many do, and the first; `graph` is its name."""

    term: str
    short: str
    title: Named
    graph: str
    licence: Licence | None
    number: int
    first: Named

    @property
    def iri(self) -> str:
        """The IRI of the graph."""
        return GRAPH + self.graph


@dataclass(frozen=True)
class LinksPage:
    """All ways that lead to a thing; of the one that is chosen all things that point here, by their names."""

    thing: Named
    ways: tuple[Way, ...]
    chosen: Way | None
    subjects: tuple[str, ...]


def iri_of_path(path: str) -> str:
    """The IRI of the thing whose page has a path; NotFound for what is no path of a thing.

    >>> iri_of_path("/place/boston"), iri_of_path("graph/curated")
    ('https://w3id.org/twinld/id/place/boston', 'https://w3id.org/twinld/graph/curated')
    """
    if path == "/dataset":
        return DATASET
    match = _PATH.fullmatch(path)
    if match is None or ".." in path or "//" in path:
        raise NotFound(f"{path[:60]!r} is the path of nothing here; write one such as /place/boston")
    rest = match[1] + (match[2] or "")
    return (BASE if rest.partition("/")[0] in _TOGETHER else ID) + rest


def links_to(
    store: Store, path: str, property_: str = "", graph: str = "", *, language: str = LANGUAGE, base: str = BASE
) -> LinksPage:
    """What points to the thing of a path, if anything: the ways, and all subjects of one, in the order of their IRIs.

    `property_` (an IRI or such as tw:party) and `graph` (a name) choose a way. NotFound when nothing is
    known of the thing, or nothing points there in this way. Asks two questions, beside what is asked once.
    """
    asker = Asker(store, base)
    iri = iri_of_path(path)
    ways = ways_to(asker, iri, language)
    if not ways:
        check_known(asker, iri, path)
    chosen = _chosen(ways, property_, graph)
    found = asker.rows("page_links", thing=iri, property=chosen.term, graph=GRAPH + chosen.graph) if chosen else []
    subjects = tuple(sorted(row["s"].value for row in found if row["s"].kind == "iri"))
    return LinksPage(Namer(asker, language).name(iri), ways, chosen, subjects)


def check_known(asker: Asker, iri: str, path: str) -> None:
    """Raises NotFound, naming the path, when nothing is said of a thing."""
    if not asker.facts("page_resource", thing=iri).subjects():
        raise NotFound(f"nothing is known of {path[:80]!r} in this release")


def ways_to(asker: Asker, iri: str, language: str = LANGUAGE) -> tuple[Way, ...]:
    """By which properties things of which graphs point to an IRI, by name and graph. Asks one question."""
    info = about(asker)
    ways = []
    for row in asker.rows("page_place_incoming", place=iri):
        property_, first = row["p"].value, rebase_back(row["first"].value, asker.base)
        ways.append(
            Way(
                property_,
                curie(property_),
                term_called(asker, property_, language),
                row["g"].value.removeprefix(GRAPH),
                info.licence(row["g"].value),
                int(row["n"].value),
                Named(first, short(first)),
            )
        )
    return tuple(sorted(ways, key=lambda way: (way.title.label.casefold(), way.graph)))


def _chosen(ways: Sequence[Way], property_: str, graph: str) -> Way | None:
    if not property_:
        return None
    known = [way for way in ways if property_ in {way.term, way.short}]
    if not known:
        names = [way.short for way in ways]
        raise NotFound(f"nothing points here by {property_[:60]!r}; {nearest(property_, names, 'ways')}")
    found = next((way for way in known if not graph or way.graph == graph), None)
    if found is None:
        graphs = [way.graph for way in known]
        raise NotFound(f"nothing points here so in graph {graph[:60]!r}; {nearest(graph, graphs, 'graphs')}")
    return found


class Namer:
    """Names things of any type by what is known of all of them at once, so that hundreds cost no question each."""

    def __init__(self, asker: Asker, language: str = LANGUAGE) -> None:
        self.asker, self.language = asker, language
        self.place = namer_of_places(asker, language)
        self.index = None
        with contextlib.suppress(PoolBusy):  # another thread makes it: ends of IRIs will do until then
            self.index = index_of(asker.store, asker.base, wait_s=0)
        self.info = about(asker)

    def all(self, iris: Sequence[str]) -> tuple[Named, ...]:
        """The names of many things, in their order."""
        return tuple(map(self.name, iris))

    def name(self, iri: str) -> Named:
        """A thing by its name; a part of it by the name of the whole and its own; else the end of its IRI."""
        owner, _, fragment = iri.partition("#")
        if iri.startswith((TW, TWV)):
            return term_called(self.asker, iri, self.language)
        if fragment and owner.startswith(ID):
            return part_of(self.name(owner), iri)
        if owner.startswith(_PLACE):
            return self.place(owner.removeprefix(_PLACE))
        if owner.startswith((_AGREEMENT, _PAIR)):
            return Named(iri, " – ".join(self.place(slug).label for slug in self._parties(owner)))
        if owner.startswith(_SOURCE):
            return Named(iri, self.info.source(owner).title)
        if owner.startswith(_NETWORK):
            return self._networks.get(owner) or Named(iri, short(iri))
        return self._indexed(iri) or Named(iri, short(iri))

    def places(self, iri: str) -> tuple[str, ...]:
        """The IRIs of the places that a thing is or binds; none for one that is no place, agreement or pair."""
        owner = iri.partition("#")[0]
        if owner.startswith(_PLACE):
            return (owner,)
        if not owner.startswith((_AGREEMENT, _PAIR)):
            return ()
        return tuple(f"{_PLACE}{slug}" for slug in self._parties(owner))

    def _parties(self, iri: str) -> Sequence[str]:
        slug = iri.rsplit("/", 1)[-1]
        bond = world(self.asker).bonds.get(slug) if iri.startswith(_AGREEMENT) else None
        return bond.parties if bond is not None and bond.parties else slug.split("--")

    @cached_property
    def _networks(self) -> dict[str, Named]:
        return {row.network.iri: row.network for row in network_counts(self.asker, self.language)}

    def _indexed(self, iri: str) -> Named | None:
        number = self.index.thing(iri.removeprefix(ID)) if self.index is not None and iri.startswith(ID) else None
        if self.index is None or number is None:
            return None
        row = self.index.things([number])[number]
        return Named(iri, row.label, row.language or None)
