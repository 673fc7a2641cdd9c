"""What is said of places, agreements, networks and records, by id: a file beside the dumps while they are made.

Tables, maps and networks join what the sorted graph files keep apart. The file is a SQLite database with a small
cache, so that memory does not grow with the release; rows come out in the order of their ids.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from twinld.publish.lines import GraphFile
from twinld.publish.tables import AgreementRow, PlaceRow
from twinld.terms import Term, Triple, parse
from twinld.vocab import GEONAMES, GRAPH, ID, RDF, RDFS, REVIEW, TW, TWV, WD, WGS, rebase

_CACHE_KIB: Final = 2_048
_BATCH: Final = 1_000
_SCHEMA: Final = """
CREATE TABLE place (id TEXT PRIMARY KEY, label TEXT, language TEXT, type TEXT, country TEXT, iso TEXT, latitude TEXT,
  longitude TEXT, population TEXT, twins TEXT, item TEXT, p190 TEXT, geonames TEXT) WITHOUT ROWID;
CREATE TABLE agreement (id TEXT PRIMARY KEY, kind TEXT, status TEXT, reciprocity TEXT, start TEXT, "end" TEXT,
  date TEXT, others TEXT) WITHOUT ROWID;
CREATE TABLE party (agreement TEXT, place TEXT, PRIMARY KEY (agreement, place)) WITHOUT ROWID;
CREATE TABLE network (id TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID;
CREATE TABLE membership (id TEXT PRIMARY KEY, network TEXT, member TEXT, start TEXT, "end" TEXT) WITHOUT ROWID;
CREATE TABLE record (id TEXT PRIMARY KEY, source TEXT, locator TEXT, read_on TEXT) WITHOUT ROWID;
CREATE TABLE stated (agreement TEXT, source TEXT, PRIMARY KEY (agreement, source)) WITHOUT ROWID;
CREATE TABLE verdict (id TEXT PRIMARY KEY, verdict TEXT) WITHOUT ROWID;
CREATE TABLE link (target TEXT, subject TEXT, PRIMARY KEY (target, subject)) WITHOUT ROWID;
CREATE INDEX link_subject ON link (subject);
"""
_TABLES: Final = {
    "place": 13, "agreement": 8, "party": 2, "network": 2, "membership": 5, "record": 4, "stated": 2, "verdict": 2,
    "link": 2,
}  # fmt: skip
"""How many columns each table has."""
_ROWS: Final = {
    name: f"INSERT OR IGNORE INTO {name} VALUES ({', '.join('?' * width)})"  # noqa: S608  names of ours
    for name, width in _TABLES.items()
}
_PLACES: Final = """
SELECT p.id, p.label, p.language, p.type, p.country, coalesce(nullif(p.iso, ''), c.iso, ''), p.latitude, p.longitude,
  p.population, p.twins, p.item, p.p190, p.geonames
FROM place p LEFT JOIN place c ON c.id = p.country
WHERE :all OR p.id IN (SELECT place FROM party) ORDER BY p.id
"""
_PARTIES: Final = """
SELECT a.*, x.place, coalesce(p.label, ''), coalesce(nullif(p.iso, ''), c.iso, ''),
  coalesce(nullif(p.p190, ''), p.item, ''), coalesce(p.latitude, ''), coalesce(p.longitude, '')
FROM agreement a LEFT JOIN party x ON x.agreement = a.id LEFT JOIN place p ON p.id = x.place
  LEFT JOIN place c ON c.id = p.country
ORDER BY a.id, x.place
"""
_MEMBERSHIPS: Final = """
SELECT m.id, m.network, coalesce(n.label, ''), m.member, coalesce(p.label, ''), m.start, m."end"
FROM membership m LEFT JOIN network n ON n.id = m.network LEFT JOIN place p ON p.id = m.member
ORDER BY m.id
"""
_RECORD: Final = "SELECT source, locator, read_on FROM record WHERE id = ?"
_VERDICTS: Final = "SELECT id, verdict FROM verdict WHERE id = :record OR (id > :record || '#' AND id < :record || '$')"
"""The judgements of a record and of its claims, whose ids are those of the record and a fragment."""
_LINKS: Final = """
SELECT subject, target FROM link WHERE target >= :start AND target < :end
  AND (SELECT count(*) FROM link o WHERE o.target = link.target) = 1
  AND (SELECT count(*) FROM link o WHERE o.subject = link.subject AND o.target >= :start AND o.target < :end) = 1
ORDER BY subject
"""


_KINDS: Final = ("place", "agreement", "network", "record", "source")
"""Kinds of ids that are looked up."""


class Party(NamedTuple):
    """One party of an agreement, with what a line on a map needs; "" for what is not known."""

    place: str
    label: str
    country: str
    item: str
    latitude: str
    longitude: str


class Index:
    """The database of one release; made by `make_index`, read while its dumps are written."""

    def __init__(self, connection: sqlite3.Connection, base: str) -> None:
        self._db = connection
        self.base = base
        self._starts = {kind: f"<{rebase(ID, base)}{kind}/" for kind in _KINDS}
        self._ids = rebase(ID, base)
        self._tw = rebase(TW, base)
        self._waiting: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _ROWS}
        self._concepts = rebase(TWV, base)

    # ------------------------------------------------------------------------------------------- filling it

    def add_facts(self, default: GraphFile) -> None:
        """Take in places, agreements, networks and memberships from the sorted default graph."""
        makers = {self._starts["place"]: self._place, self._starts["agreement"]: self._agreement,
                  self._starts["network"]: self._network}  # fmt: skip
        starts = tuple(makers)
        item = f"<{self._tw}wikidataItem>"
        feature = f"<{self._tw}geonamesFeature>"
        for subject, group in groupby(default.triples(), key=itemgetter(0)):
            if not subject.startswith(starts):
                continue
            start = next(start for start in starts if subject.startswith(start))
            said: dict[str, list[str]] = {}
            for _, predicate, value in group:
                said.setdefault(predicate, []).append(value)
            makers[start](subject[len(start) : -1], said)
            for target in (*said.get(item, ()), *said.get(feature, ())):
                self._put("link", (target, subject))
        self._flush()

    def add_records(self, graph: GraphFile) -> None:
        """Take in records, with their source, and which agreements they are of, from the sorted graph of a source."""
        record, agreement = self._starts["record"], self._starts["agreement"]
        wanted = {f"<{self._tw}{name}>" for name in ("statedIn", "locator", "readOn", "recordOf")}
        for subject, group in groupby((t for t in graph.triples() if t[1] in wanted), key=itemgetter(0)):
            if not subject.startswith(record):
                continue
            said = _by_predicate(group)
            source = self._id(said, "statedIn", "source")
            for thing in said.get(f"<{self._tw}recordOf>", ()):
                if thing.startswith(agreement):
                    self._put("stated", (thing[len(agreement) : -1], source))
            texts = (self._text(said, name) for name in ("locator", "readOn"))
            self._put("record", (subject[len(record) : -1], source, *texts))
        self._flush()

    def add_verdicts(self, graph: GraphFile) -> None:
        """Take in what the review says of claims and records."""
        record = self._starts["record"]
        for subject, predicate, value in graph.triples():
            if predicate == f"<{self._tw}verdict>" and subject.startswith(record):
                self._put("verdict", (subject[len(record) : -1], self._concept([value], "verdict")))
        self._flush()

    def _place(self, slug: str, said: dict[str, list[str]]) -> None:
        types = said.get(f"<{RDF}type>", ())
        if f"<{self._tw}Place>" not in types:
            return
        label, language = best_label(said.get(f"<{RDFS}label>", ()))
        self._put("place", (
            slug, label, language, "country" if f"<{self._tw}Country>" in types else "place",
            self._id(said, "country", "place"), self._text(said, "isoCode"), _first(said, f"<{WGS}lat>"),
            _first(said, f"<{WGS}long>"), self._text(said, "population"), self._text(said, "twinCount"),
            self._end(said, "wikidataItem", WD), self._end(said, "p190Item", WD),
            self._end(said, "geonamesFeature", GEONAMES).rstrip("/"),
        ))  # fmt: skip

    def _agreement(self, slug: str, said: dict[str, list[str]]) -> None:
        parties = said.get(f"<{self._tw}party>", ())
        start = self._starts["place"]
        if "#" in slug or not parties:
            return
        concepts = (self._concept(said.get(f"<{self._tw}{name}>", ()), name) for name in _CONCEPTS)
        days = (self._text(said, name) for name in ("start", "end", "date"))
        others = (party[1 + len(self._ids) : -1] for party in parties if not party.startswith(start))
        self._put("agreement", (slug, *concepts, *days, " ".join(others)))
        for party in parties:
            if party.startswith(start):
                self._put("party", (slug, party[len(start) : -1]))

    def _network(self, slug: str, said: dict[str, list[str]]) -> None:
        if f"<{self._tw}Membership>" in said.get(f"<{RDF}type>", ()):
            ends = (self._id(said, "network", "network"), self._id(said, "member", "place"))
            self._put("membership", (slug, *ends, self._text(said, "start"), self._text(said, "end")))
        elif "#" not in slug:
            self._put("network", (slug, best_label(said.get(f"<{RDFS}label>", ()))[0]))

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        waiting = self._waiting[table]
        waiting.append(row)
        if len(waiting) == _BATCH:
            self._db.executemany(_ROWS[table], waiting)
            waiting.clear()

    def _flush(self) -> None:
        for table, waiting in self._waiting.items():
            self._db.executemany(_ROWS[table], waiting)
            waiting.clear()

    def _text(self, said: dict[str, list[str]], name: str) -> str:
        return _first(said, f"<{self._tw}{name}>")

    def _id(self, said: dict[str, list[str]], name: str, kind: str) -> str:
        start = self._starts[kind]
        return next((v[len(start) : -1] for v in said.get(f"<{self._tw}{name}>", ()) if v.startswith(start)), "")

    def _end(self, said: dict[str, list[str]], name: str, start: str) -> str:
        values = said.get(f"<{self._tw}{name}>", ())
        return next((v[1 + len(start) : -1] for v in values if v.startswith(f"<{start}")), "")

    def _concept(self, values: Iterable[str], scheme: str) -> str:
        start = f"<{self._concepts}{scheme}-"
        return next((value[len(start) : -1] for value in values if value.startswith(start)), "")

    # ------------------------------------------------------------------------------------------- reading it

    def places(self) -> Iterator[PlaceRow]:
        """Every place, by id."""
        return (PlaceRow(*row) for row in self._db.execute(_PLACES, {"all": True}))

    def parties(self) -> Iterator[PlaceRow]:
        """The places that are party to an agreement, by id."""
        return (PlaceRow(*row) for row in self._db.execute(_PLACES, {"all": False}))

    def agreements(self) -> Iterator[tuple[AgreementRow, list[Party]]]:
        """Every agreement, by id, with its parties by theirs."""
        sources = self._sources()
        waiting = next(sources, None)
        for _, group in groupby(self._db.execute(_PARTIES), key=itemgetter(0)):
            rows = list(group)
            head = rows[0][:8]
            stated = ""
            while waiting is not None and waiting[0] <= head[0]:
                stated = waiting[1] if waiting[0] == head[0] else ""
                waiting = next(sources, None)
            yield agreement_row(head, parties := [Party(*row[8:]) for row in rows if row[8]], stated), parties

    def _sources(self) -> Iterator[tuple[str, str]]:
        stated = self._db.execute("SELECT agreement, source FROM stated ORDER BY agreement, source")
        for agreement, group in groupby(stated, key=itemgetter(0)):
            yield agreement, " ".join(source for _, source in group)

    def memberships(self) -> Iterator[tuple[str, ...]]:
        """Every membership, by id."""
        return iter(self._db.execute(_MEMBERSHIPS))

    def claims(self, graphs: Iterable[GraphFile]) -> Iterator[tuple[str, ...]]:
        """The claims of the graphs of sources, by id."""
        return heapq.merge(*map(self._claims, graphs), key=itemgetter(0))

    def _claims(self, graph: GraphFile) -> Iterator[tuple[str, ...]]:
        """The claims of one graph, by id; in its file `a-b` stands before `a`, as an IRI ends in `>`."""
        for _, group in groupby(self._claims_as_written(graph), key=itemgetter(2)):
            yield from sorted(group, key=itemgetter(0))

    def _claims_as_written(self, graph: GraphFile) -> Iterator[tuple[str, ...]]:
        start = self._starts["record"]
        subject, predicate = f"<{self._tw}claimSubject>", f"<{self._tw}claimPredicate>"
        value, thing = f"<{self._tw}claimValue>", f"<{self._tw}claimObject>"
        record, stated, verdicts = "", ("", "", ""), dict[str, str]()
        for claim, group in groupby((t for t in graph.triples() if "#" in t[0]), key=itemgetter(0)):
            if not claim.startswith(start):
                continue
            said = _by_predicate(group)
            slug = claim[len(start) : -1]
            if slug.partition("#")[0] != record:  # its claims follow each other
                record = slug.partition("#")[0]
                stated = self._db.execute(_RECORD, (record,)).fetchone() or ("", "", "")
                verdicts = dict(self._db.execute(_VERDICTS, {"record": record}))
            of = (said.get(name, ["<>"])[0][1:-1] for name in (subject, predicate))
            said_values = [parse(term) for term in said.get(value, ())] or [Term("literal", "")]
            term = said_values[0]
            found = (term.value, term.datatype or "", term.language or "", said.get(thing, ["<>"])[0][1:-1])
            verdict = verdicts.get(slug, verdicts.get(record, ""))
            yield slug, stated[0], record, *stated[1:], *of, *found, verdict

    def links(self, namespace: str) -> Iterator[tuple[str, str]]:
        """What is the same thing as what in `namespace`, as terms: one for one only, since it holds both ways."""
        start = f"<{namespace}"
        return iter(self._db.execute(_LINKS, {"start": start, "end": start + "\U0010ffff"}))


_CONCEPTS: Final = ("kind", "status", "reciprocity")


def agreement_row(head: tuple[str, ...], parties: list[Party], sources: str) -> AgreementRow:
    """The row of an agreement from its id and values, its parties in the order of their ids, and its sources."""
    nobody = Party(*[""] * 6)
    first, second, *others = [*parties, nobody, nobody][: max(2, len(parties))]
    slug, *values, no_places = head
    further = " ".join(party.place for party in others)
    return AgreementRow._make([slug, *first, *second, further, no_places, *values, sources])


def best_label(labels: Iterable[str]) -> tuple[str, str]:
    """The label to show and its language, "" for none: English, else the first language, else of unknown language."""
    terms = [parse(label) for label in labels]
    ranked = min(((_rank(term.language), term.language or "", term.value) for term in terms), default=(0, "", ""))
    return ranked[2], ranked[1]


def _rank(language: str | None) -> int:
    return {"en": 0, "und": 2, None: 2}.get(language, 1)


def _first(said: dict[str, list[str]], predicate: str) -> str:
    values = said.get(predicate)
    return parse(values[0]).value if values else ""


def _by_predicate(triples: Iterable[Triple]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for _, predicate, value in triples:
        said.setdefault(predicate, []).append(value)
    return said


@contextmanager
def make_index(path: Path, default: GraphFile, open_graphs: Iterable[GraphFile], base: str) -> Iterator[Index]:
    """The index of a release, at `path` while it is open; `open_graphs` are the CC0 graphs with their names."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE_KIB}; "
            f"PRAGMA temp_store = FILE; {_SCHEMA} BEGIN;"
        )
        index = Index(connection, base)
        index.add_facts(default)
        for graph in open_graphs:
            if graph.iri == rebase(REVIEW, base):
                index.add_verdicts(graph)
            elif (graph.iri or "").startswith(rebase(f"{GRAPH}source/", base)):
                index.add_records(graph)
        yield index
    finally:
        connection.close()
        path.unlink(missing_ok=True)
