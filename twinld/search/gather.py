"""Reads out of a store what its index is made of, with seven questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from twinld.labels import ENGLISH, rank
from twinld.queries import query
from twinld.search.material import ALIAS, LABEL, Bond, Material, Name, Thing
from twinld.store import Row, Store
from twinld.terms import Term
from twinld.vocab import BASE, CC0, DEFAULT_GRAPHS, GEONAMES, ID, TW, TWV, WD, rebase

TYPES: Final = ("place", "network", "organisation", "person", "event", "instrument", "source", "agreement")
"""Types of ids that things to find have."""


def material_of(store: Store, base: str = BASE) -> Material:
    """All named things and all agreements of a store whose IRIs of ours start with `base`.

    Names are those of every graph of facts, the names that CC0 sources state, and the ids themselves.
    """
    return _Reader(store, base).material()


class _Reader:
    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.base = base
        self.ids = rebase(ID, base)
        self.concepts = rebase(TWV, base)
        self.terms = rebase(TW, base)
        self.sources: dict[str, set[str]] = defaultdict(set)
        self.licences = {row["g"].value: row["o"].value for row in self._rows("search_licences") if "g" in row}
        self.open_graphs = {rebase(graph, base) for graph in DEFAULT_GRAPHS}
        self.said: dict[str, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
        """The names and facts of things, by their paths, each with the licences of its graphs, "" for CC0."""

    def material(self) -> Material:
        for subject, source in self._links("search_sources"):
            self.sources[subject].add(source.partition("/")[2])
        names = self._names()
        facts = self._facts_of_places()
        bonds = tuple(sorted(self._bonds(), key=lambda bond: bond.slug))
        wanted = {path for path in (*names, *facts) if path.partition("/")[0] in TYPES and "#" not in path}
        wanted |= {party for bond in bonds for party in bond.parties}
        members: dict[str, set[str]] = defaultdict(set)
        for member, network in self._links("search_members"):
            members[member].add(network.partition("/")[2])
        partners: dict[str, set[str]] = defaultdict(set)
        for bond in bonds:
            for party in bond.parties:
                partners[party].update(bond.parties)
        things = (self._thing(path, names.get(path, set()), facts.get(path, {}), members) for path in sorted(wanted))
        counted = (  # a store of no release has no counts
            replace(thing, twins=thing.twins or max(len(partners.get(thing.path, ())) - 1, 0)) for thing in things
        )
        return Material(tuple(counted), bonds)

    def _rows(self, name: str) -> list[Row]:
        return self.store.select(query(name, self.base))

    def _path(self, term: Term) -> str:
        """The end of an IRI of ours, "" for anything else."""
        return term.value[len(self.ids) :] if term.kind == "iri" and term.value.startswith(self.ids) else ""

    def _links(self, name: str) -> Iterator[tuple[str, str]]:
        for row in self._rows(name):
            subject, target = self._path(row["s"]), self._path(row["o"])
            if subject and target:
                yield subject, target

    def _licence(self, row: Row) -> str:
        """The licence of the graph of a row, "" for CC0; the graph itself where none is told."""
        graph = row["g"].value
        licence = CC0 if graph in self.open_graphs else self.licences.get(graph, graph)
        return "" if licence == CC0 else licence

    def _names(self) -> dict[str, set[Name]]:
        names: dict[str, set[Name]] = defaultdict(set)
        for row in self._rows("search_names"):
            path, said = self._path(row["s"]), row["o"]
            if path and "#" not in path and said.kind == "literal":
                kind = LABEL if row["kind"].value == "label" else ALIAS
                name = Name(kind, said.value, said.language or "")
                names[path].add(name)
                self.said[path][name].add(self._licence(row))
        for row in self._rows("search_claims"):
            path, said = self._path(row["s"]), row["o"]
            if path in names and said.kind == "literal":
                name = Name(ALIAS, said.value, said.language or "")
                names[path].add(name)
                self.said[path][name].add("")
        return names

    def _facts_of_places(self) -> dict[str, dict[str, set[Term]]]:
        facts = _facts()
        for row in self._rows("search_places"):
            path = self._path(row["s"])
            if path and "#" not in path:
                what = row["p"].value.removeprefix(self.terms)
                facts[path][what].add(row["o"])
                self.said[path][what, row["o"]].add(self._licence(row))
        return facts

    def _thing(self, path: str, names: set[Name], facts: dict[str, set[Term]], members: dict[str, set[str]]) -> Thing:
        label = best_name(names)
        items = tuple(sorted(filter(None, (_item(term.value) for term in facts.get("altIdentifier", ())))))
        slug = path.partition("/")[2]
        return Thing(
            path=path,
            label=label.text if label is not None else slug.upper() if slug[:1] == "q" and slug[1:].isdigit() else slug,
            language=label.language if label is not None else "",
            names=tuple(sorted(names | {Name(ALIAS, slug, "")})),
            country=next(iter(sorted(filter(None, map(self._path, facts.get("country", ()))))), ""),
            iso_code=_least(facts.get("isoCode", ())),
            population=_number(facts.get("population", ())),
            twins=_number(facts.get("twinCount", ())),
            items=items,
            networks=tuple(sorted(members.get(path, ()))),
            sources=tuple(sorted(self.sources.get(path, ()))),
            licences=tuple(sorted(set().union(*(each for each in self.said[path].values() if "" not in each)))),
        )

    def _bonds(self) -> Iterator[Bond]:
        all_said, open_said = _facts(), _facts()
        graphs: dict[str, set[str]] = defaultdict(set)
        for row in self._rows("search_agreements"):
            path, what = self._path(row["s"]), row["p"].value.removeprefix(self.terms)
            all_said[path][what].add(row["o"])
            if row["g"].value in self.open_graphs:
                open_said[path][what].add(row["o"])
            if what == "party":
                graphs[path].add(row["g"].value)
        for path, everything in all_said.items():
            if "#" in path or not everything.get("party"):
                continue
            held = graphs[path]
            closed = "" if held & self.open_graphs else min(self.licences.get(graph, graph) for graph in held)
            said = everything if closed else open_said[path]  # what others say of an agreement of ours stands apart
            yield Bond(
                slug=path.removeprefix("agreement/"),
                parties=tuple(sorted(filter(None, map(self._path, said["party"])))),
                kind=self._concept(said.get("kind", ()), "kind"),
                status=self._concept(said.get("status", ()), "status"),
                start=_least(said.get("start", ())),
                end=_least(said.get("end", ())),
                date=_least(said.get("date", ())),
                stated=self._stated(said, everything.get("answeredBy", set())),
                licence="" if closed == CC0 else closed,
                sources=tuple(sorted(self.sources.get(path, ()))),
            )

    def _concept(self, values: Iterable[Term], scheme: str) -> str:
        start = f"{self.concepts}{scheme}-"
        return min((term.value[len(start) :] for term in values if term.value.startswith(start)), default="")

    def _stated(self, said: dict[str, set[Term]], answered: set[Term]) -> str:
        """Both when both sides state it, be it in another source; one-sided; else unknown."""
        silent = said.get("unansweredBy", set())
        reciprocity = self._concept(said.get("reciprocity", ()), "reciprocity")
        if reciprocity == "mutual" or (silent and silent <= answered):
            return "both"
        return "one-sided" if reciprocity == "one-sided" else "unknown"


def _facts() -> defaultdict[str, dict[str, set[Term]]]:
    return defaultdict(lambda: defaultdict(set))


def best_name(names: Iterable[Name], language: str = ENGLISH) -> Name | None:
    """The label to show, by `twinld.labels`; any label goes before any other name."""
    return min(
        names, key=lambda name: (name.kind, rank(name.language, language), name.language, name.text), default=None
    )


def _item(iri: str) -> str:
    """An identifier of others in short: Q100, geonames:4930956; "" for one that is neither."""
    if iri.startswith(WD):
        return iri.removeprefix(WD)
    return f"geonames:{iri.removeprefix(GEONAMES).rstrip('/')}" if iri.startswith(GEONAMES) else ""


def _least(terms: Iterable[Term]) -> str:
    return min((term.value for term in terms), default="")


def _number(terms: Iterable[Term]) -> int:
    return max((int(term.value) for term in terms if term.value.isascii() and term.value.isdigit()), default=0)
