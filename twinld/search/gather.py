"""Reads what an index is made of, graph by graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from twinld.labels import ENGLISH, rank
from twinld.search.material import ALIAS, LABEL, Bond, Material, Name, Thing
from twinld.store import Store
from twinld.store.scan import Scan, scan_of
from twinld.terms import Triple, iri, parse
from twinld.vocab import BASE, CC0, DCTERMS, DEFAULT_GRAPHS, GEONAMES, ID, RDF, RDFS, RELEASE, SKOS, TW, TWV, WD, rebase

TYPES: Final = ("place", "network", "organisation", "person", "event", "instrument", "source", "agreement")
"""Types of ids that things to find have."""
_NAMES: Final = {f"{RDFS}label": LABEL, f"{SKOS}altLabel": ALIAS}
_IDENTIFIERS: Final = ("wikidataItem", "p190Item", "altIdentifier", "geonamesFeature")
_OF_PLACES: Final = ("country", "isoCode", "population", "twinCount", *_IDENTIFIERS)
_OF_AGREEMENTS: Final = (
    "party", "kind", "status", "start", "end", "date", "reciprocity", "unansweredBy", "answeredBy",
)  # fmt: skip
_OF_CLAIMS: Final = ("claimPredicate", "claimSubject", "claimValue")
_LINKS: Final = {"recordOf": "statedIn", "member": "network"}
"""Two properties of one node that together link two things; what they link is kept under the first."""

_JOINED: Final = (*_OF_CLAIMS, *_LINKS, *_LINKS.values())


def material_of(store: Store, base: str = BASE, scan: Scan | None = None) -> Material:
    """All named things and all agreements of a store whose IRIs of ours start with `base`.

    Names are those of every graph of facts, the names that CC0 sources state, and the ids themselves. `scan` reads
    graphs faster than the store does, where the caller has them as files.
    """
    return _Reader(store.graphs(), scan or scan_of(store), base).material()


class _Reader:
    def __init__(self, graphs: Iterable[str], scan: Scan, base: str) -> None:
        self.graphs = tuple(graphs)
        self.scan = scan
        self.ids = f"<{rebase(ID, base)}"
        self.concepts = f"<{rebase(TWV, base)}"
        self.release = rebase(RELEASE, base)
        terms = rebase(TW, base)
        self.place = iri(f"{terms}Place")
        self.joined = {iri(terms + name): name for name in _JOINED}
        self.wanted = {iri(name): name for name in _NAMES}
        self.wanted |= {iri(terms + name): name for name in (*_OF_PLACES, *_OF_AGREEMENTS)}
        self.wanted[iri(f"{RDF}type")] = "type"
        self.open_graphs = {rebase(graph, base) for graph in DEFAULT_GRAPHS}
        self.licences: dict[str, str] = {}
        self.names: dict[str, set[Name]] = defaultdict(set)
        self.facts, self.bonds, self.open_bonds = _facts(), _facts(), _facts()
        self.graphs_of: dict[str, set[str]] = defaultdict(set)
        """The graphs that say whom an agreement binds."""
        self.claimed: dict[str, set[Name]] = defaultdict(set)
        self.links: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in _LINKS}
        self.said: dict[str, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
        """The names and facts of things, by their paths, each with the licences of its graphs, "" for CC0."""

    def material(self) -> Material:
        for graph, _, licence in self._read(self.release, (f"{DCTERMS}license",)):
            self.licences[graph[1:-1]] = licence[1:-1]
        for graph in self.graphs:
            self._read_graph(graph)
        for path in self.claimed.keys() & self.names.keys():
            for name in self.claimed[path]:
                self.names[path].add(name)
                self.said[path][name].add("")
        bonds = tuple(sorted(self._bonds(), key=lambda bond: bond.slug))
        wanted = {path for path in (*self.names, *self.facts) if path.partition("/")[0] in TYPES and "#" not in path}
        wanted |= {party for bond in bonds for party in bond.parties}
        partners: dict[str, set[str]] = defaultdict(set)
        for bond in bonds:
            for party in bond.parties:
                partners[party].update(bond.parties)
        things = (self._thing(path) for path in sorted(wanted))
        counted = (  # a store of no release has no counts
            replace(thing, twins=thing.twins or max(len(partners.get(thing.path, ())) - 1, 0)) for thing in things
        )
        return Material(tuple(counted), bonds)

    def _read(self, graph: str, properties: Iterable[str]) -> Iterator[Triple]:
        return self.scan(graph, tuple(properties)) if graph in self.graphs else iter(())

    def _read_graph(self, graph: str) -> None:
        """Take in what one graph says of names, places and agreements, and what its records and claims lead to."""
        licence = self._licence(graph)
        joined: dict[str, dict[str, list[str]]] = {name: defaultdict(list) for name in _JOINED}
        for subject, predicate, value in self._read(graph, (name[1:-1] for name in (*self.wanted, *self.joined))):
            name = self.joined.get(predicate)
            if name is not None:
                joined[name][subject].append(value)
            elif subject.startswith(self.ids) and "#" not in subject:
                self._take(graph, licence, subject[len(self.ids) : -1], self.wanted[predicate], value)
        for first, second in _LINKS.items():
            for node, subjects in joined[first].items():
                for target in joined[second].get(node, ()):
                    for path, other in ((self._path(s), self._path(target)) for s in subjects):
                        if path and other:
                            self.links[first][path].add(other.partition("/")[2])
        if self.licences.get(graph) == CC0:
            self._take_claims(*(joined[name] for name in _OF_CLAIMS))

    def _take(self, graph: str, licence: str, path: str, what: str, value: str) -> None:
        """Take in one triple about a thing with an id."""
        kind = _NAMES.get(what)
        if kind is not None:
            if value[0] == '"':
                term = parse(value)
                name = Name(kind, term.value, term.language or "")
                self.names[path].add(name)
                self.said[path][name].add(licence)
        elif what in _OF_PLACES or value == self.place:
            what = "altIdentifier" if what in _IDENTIFIERS else what
            self.facts[path][what].add(value)
            self.said[path][what, value].add(licence)
        elif path.startswith("agreement/") and what != "type":
            self.bonds[path][what].add(value)
            if graph in self.open_graphs:
                self.open_bonds[path][what].add(value)
            if what == "party":
                self.graphs_of[path].add(graph)

    def _take_claims(
        self, predicates: dict[str, list[str]], subjects: dict[str, list[str]], values: dict[str, list[str]]
    ) -> None:
        """Take in the names that the claims of one graph state."""
        label = iri(f"{RDFS}label")
        for claim, said in predicates.items():
            if label in said:
                terms = [parse(value) for value in values.get(claim, ()) if value[0] == '"']
                for path in filter(None, map(self._path, subjects.get(claim, ()))):
                    self.claimed[path].update(Name(ALIAS, term.value, term.language or "") for term in terms)

    def _path(self, term: str) -> str:
        """The end of an IRI of ours, "" for anything else."""
        return term[len(self.ids) : -1] if term.startswith(self.ids) else ""

    def _licence(self, graph: str) -> str:
        """The licence of a graph, "" for CC0; the graph itself where none is told."""
        licence = CC0 if graph in self.open_graphs else self.licences.get(graph, graph)
        return "" if licence == CC0 else licence

    def _thing(self, path: str) -> Thing:
        names, facts = self.names.get(path, set()), self.facts.get(path, {})
        label = best_name(names)
        items = tuple(sorted(filter(None, map(_item, facts.get("altIdentifier", ())))))
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
            networks=tuple(sorted(self.links["member"].get(path, ()))),
            sources=tuple(sorted(self.links["recordOf"].get(path, ()))),
            licences=tuple(sorted(set().union(*(each for each in self.said[path].values() if "" not in each)))),
        )

    def _bonds(self) -> Iterator[Bond]:
        for path, everything in self.bonds.items():
            if not everything.get("party"):
                continue
            held = self.graphs_of[path]
            closed = "" if held & self.open_graphs else min(self.licences.get(graph, graph) for graph in held)
            said = everything if closed else self.open_bonds[path]  # what others say of one of ours stands apart
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
                sources=tuple(sorted(self.links["recordOf"].get(path, ()))),
            )

    def _concept(self, values: Iterable[str], scheme: str) -> str:
        start = f"{self.concepts}{scheme}-"
        return min((value[len(start) : -1] for value in values if value.startswith(start)), default="")

    def _stated(self, said: dict[str, set[str]], answered: set[str]) -> str:
        """Both when both sides state it, be it in another source; one-sided; else unknown."""
        silent = said.get("unansweredBy", set())
        reciprocity = self._concept(said.get("reciprocity", ()), "reciprocity")
        if reciprocity == "mutual" or (silent and silent <= answered):
            return "both"
        return "one-sided" if reciprocity == "one-sided" else "unknown"


def _facts() -> defaultdict[str, dict[str, set[str]]]:
    """The values of things, as N-Triples terms, by path and the local name of the property."""
    return defaultdict(lambda: defaultdict(set))


def best_name(names: Iterable[Name], language: str = ENGLISH) -> Name | None:
    """The label to show, by `twinld.labels`; any label goes before any other name."""
    return min(
        names, key=lambda name: (name.kind, rank(name.language, language), name.language, name.text), default=None
    )


def _item(term: str) -> str:
    """An identifier of others in short: Q100, geonames:4930956; "" for one that is neither."""
    value = parse(term).value
    if value.startswith(WD):
        return value.removeprefix(WD)
    return f"geonames:{value.removeprefix(GEONAMES).rstrip('/')}" if value.startswith(GEONAMES) else ""


def _least(terms: Iterable[str]) -> str:
    return min((parse(term).value for term in terms), default="")


def _number(terms: Iterable[str]) -> int:
    values = (parse(term).value for term in terms)
    return max((int(value) for value in values if value.isascii() and value.isdigit()), default=0)
