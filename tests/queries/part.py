"""A part of the release that rdflib can hold: whatever the curated tables name, and all that is said of it.

`python -m tests.queries.part` writes the kept answers of the competency questions anew, from the part of the release
in build/current; look at what git says has changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery

from twinld.queries import competency_questions, query
from twinld.store import Store, open_store
from twinld.store.query_text import form
from twinld.vocab import DEFAULT_GRAPHS, GRAPH, ID, RDFS, TW, XSD

ANSWERS = Path(__file__).resolve().parent / "answers"
MORE_PLACES = ("adelaide", "berlin", "istanbul", "kyiv", "makhachkala")
"""Places of one-sided and of ended agreements, which no document names."""
WHOLE = ("ontology", "quotations", "review", "source/pages")
"""Graphs that are small; those of the documents are taken whole as well."""
LANGUAGES = {"en", "mul", None}
NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal")}

Rows = list[tuple[str, ...]]


def part_of(release: Path) -> list[ox.Quad]:
    """The quads of the part, in their named graphs."""
    store = ox.Store.read_only(str(release / "store"))
    quads = [quad for name in (*WHOLE, *_documents(store)) for quad in _quads(store, graph=f"{GRAPH}{name}")]
    things = _things(store, quads)
    places = {thing for thing in things if thing.startswith(f"{ID}place/")}
    agreements = {thing for thing in things if thing.startswith(f"{ID}agreement/")}
    for place in places:
        for agreement in _subjects(store, "party", place):
            if set(_objects(store, agreement, "party")) <= places:
                agreements.add(agreement)
    things |= agreements | {pair for one in agreements for pair in _objects(store, one, "concernsPair")}
    nodes = things | {node for thing in things for node in _fragments(store, thing)}
    quads += [quad for node in nodes for quad in _quads(store, subject=node) if _kept(quad, things)]
    said = {record for one in agreements for record in _subjects(store, "recordOf", one)}
    said |= {claim for one in agreements for claim in _subjects(store, "claimSubject", one)}
    quads += [quad for one in said for quad in _quads(store, subject=one)]
    return sorted(set(quads), key=str)


def _documents(store: ox.Store) -> list[str]:
    found = store.quads_for_pattern(None, None, ox.NamedNode(f"{TW}Document"), ox.NamedNode(f"{GRAPH}curated"))
    return sorted(f"source/{quad.subject.value.removeprefix(f'{ID}source/')}" for quad in found)


def _things(store: ox.Store, said: Iterable[ox.Quad]) -> set[str]:
    """Owners of everything that passages name or claims are about; members of pairs and networks; countries."""
    predicates = {f"{TW}{name}" for name in ("claimSubject", "claimObject", "recordOf")}
    found = {q.object.value for q in said if q.predicate.value in predicates and isinstance(q.object, ox.NamedNode)}
    found |= {q.subject.value for q in store.quads_for_pattern(None, ox.NamedNode(f"{TW}evidence"), None, None)}
    found |= {q.object.value for q in said if q.predicate.value == f"{TW}statedIn"}
    things = {one.partition("#")[0] for one in found if one.startswith(ID)} | {f"{ID}place/{p}" for p in MORE_PLACES}
    for name in ("party", "pairMember", "country"):
        things |= {value for thing in list(things) for value in _objects(store, thing, name)}
    return things


def _kept(quad: ox.Quad, things: set[str]) -> bool:
    """Whether a quad is in a language that the questions ask for, and leads to no place outside of the part."""
    if quad.predicate.value == f"{RDFS}label":
        return quad.object.language in LANGUAGES
    target = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
    return not target.startswith(f"{ID}place/") or target.partition("#")[0] in things


def _fragments(store: ox.Store, thing: str) -> set[str]:
    """The nodes of a thing's document that it leads to or that lead to it, as a membership and an office do."""
    node = ox.NamedNode(thing)
    ends = {str(q.object.value) for q in store.quads_for_pattern(node, None, None, None)}
    ends |= {q.subject.value for q in store.quads_for_pattern(None, None, node, None)}
    return {end for end in ends if end.startswith(f"{thing}#")}


def _quads(store: ox.Store, subject: str | None = None, graph: str | None = None) -> Iterator[ox.Quad]:
    """The quads of a subject or of a graph; those of the default graph repeat the named ones."""
    for quad in store.quads_for_pattern(subject and ox.NamedNode(subject), None, None, graph and ox.NamedNode(graph)):
        if quad.graph_name != ox.DefaultGraph():
            yield quad


def _subjects(store: ox.Store, name: str, value: str) -> set[str]:
    return {
        q.subject.value for q in store.quads_for_pattern(None, ox.NamedNode(f"{TW}{name}"), ox.NamedNode(value), None)
    }


def _objects(store: ox.Store, subject: str, name: str) -> set[str]:
    return {
        q.object.value for q in store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(f"{TW}{name}"), None, None)
    }


def in_store(quads: list[ox.Quad], folder: Path) -> Store:
    """The part in our own store; its default graph is made of the same graphs as a release's."""
    path = folder / "part.nq"
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS))
    return open_store(path)


def in_rdflib(quads: list[ox.Quad]) -> rdflib.Dataset:
    """The part in rdflib; its default graph is made of the same graphs as a release's."""
    dataset = rdflib.Dataset()
    dataset.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    for name in DEFAULT_GRAPHS:
        for triple in dataset.graph(rdflib.URIRef(name)):
            dataset.default_graph.add(triple)
    return dataset


def answer(store: Store, name: str) -> Rows:
    """The answer of our store: the names of the columns, then the rows, sorted."""
    text = query(name)
    if form(text) == "ASK":
        return [("answer",), (str(store.ask(text)).lower(),)]
    columns = _columns(text)
    rows = store.select(text)
    return [
        columns,
        *sorted(tuple(_cell(row[c].value, row[c].datatype) if c in row else "" for c in columns) for row in rows),
    ]


def rdflib_answer(dataset: rdflib.Dataset, name: str) -> Rows:
    """The answer of rdflib, in the same form."""
    text = query(name)
    result = dataset.query(text)
    if result.type == "ASK":
        return [("answer",), (str(result.askAnswer).lower(),)]
    columns = _columns(text)
    rows = ({str(key): value for key, value in row.items()} for row in result.bindings)
    return [
        columns,
        *sorted(
            tuple(_cell(str(row[c]), str(getattr(row[c], "datatype", ""))) if c in row else "" for c in columns)
            for row in rows
        ),
    ]


def _columns(text: str) -> tuple[str, ...]:
    """The names of the columns in the order of the query."""
    return tuple(str(name) for name in prepareQuery(text).algebra.PV)


def _cell(value: str, datatype: str | None) -> str:
    """One cell of a row: the same number is the same text, whatever the engine writes."""
    return f"{Decimal(value).normalize():f}" if datatype in NUMBERS else value


def kept(name: str) -> Rows:
    """The kept answer of a question."""
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def to_csv(rows: Rows) -> str:
    """An answer as it is kept."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def main() -> None:
    """Write all kept answers anew."""
    import tempfile

    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as folder:
        store = in_store(part_of(root / "build" / "current"), Path(folder))
        for name in competency_questions():
            (ANSWERS / f"{name}.csv").write_text(to_csv(answer(store, name)), encoding="utf-8")
        store.close()


if __name__ == "__main__":
    main()
