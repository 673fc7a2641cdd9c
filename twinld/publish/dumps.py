"""The dump files of a release: one table, streamed from the sorted graph files.

A new dump is a row of DUMPS: from it the build writes the file and its packed forms, the manifest lists them, and
the pages, the catalogue and `twinld dump` read the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from twinld.errors import ReleaseError
from twinld.formats import DUMP_FORMATS, find_format
from twinld.publish.csvs import csvw, datapackage, lines
from twinld.publish.graphml import graphml
from twinld.publish.index import Index, make_index
from twinld.publish.jsonld import jsonld
from twinld.publish.lines import GraphFile
from twinld.publish.maps import agreement_features, collection, place_features
from twinld.publish.packing import NONE, chunks, write_file
from twinld.publish.profiles import links, p190, schema_org
from twinld.publish.rdfxml import namespaces, rdfxml
from twinld.publish.tables import AGREEMENTS, CLAIMS, MEMBERSHIPS, PLACES
from twinld.publish.turtle import trig, turtle
from twinld.terms import Triple
from twinld.texts import later
from twinld.vocab import GEONAMES, GRAPH, SCHEMA, TW, WD, rebase

T = TypeVar("T")
FACTS: Final = "facts"
GRAPHS: Final = "graphs"
TABLE_GROUP: Final = "tables"
MAPS: Final = "maps"
PROFILES: Final = "profiles"
SOURCES: Final = "sources"
GROUPS: Final = {
    FACTS: later("Places and agreements (the default graph of the endpoint)"),
    GRAPHS: later("All CC0 graphs by name, with what each source says"),
    TABLE_GROUP: later("Tables, and what describes their columns"),
    MAPS: later("Maps and networks"),
    PROFILES: later("In other models"),
    SOURCES: later("Sources under their own licence"),
}
"""Which dumps belong together, in the order of the pages."""


@dataclass(frozen=True)
class DumpFile:
    """One file as the manifest lists it.

    `triples` or `rows` is what it holds, None for what it does not count. `media_type` is that of the unpacked
    content; `compression` is none, gzip or zstd, and `of` the name of the unpacked file, None for that itself.
    `conforms_to` is the IRI of the model or profile that it keeps to.
    """

    name: str
    title: str
    format: str
    media_type: str
    group: str
    licence: str
    conforms_to: str | None
    compression: str
    of: str | None
    triples: int | None
    rows: int | None
    bytes: int
    sha256: str

    def row(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


@dataclass
class Tally:
    """Counts what passes."""

    total: int = 0

    def of(self, items: Iterable[T]) -> Iterator[T]:
        """The items, counted."""
        for item in items:
            self.total += 1
            yield item


@dataclass(frozen=True)
class Material:
    """What dumps are made of: sorted graph files, the index over them, and what the release is called.

    `graphs` are those that one dataset dump holds; `done` are the files that are written already.
    """

    default: GraphFile
    graphs: list[GraphFile]
    index: Index
    context: dict[str, Any]
    base: str
    licence: str
    identifier: str
    date: str
    done: list[DumpFile] = field(default_factory=list)

    @property
    def claims(self) -> list[GraphFile]:
        """The graphs of what CC0 sources say."""
        return [graph for graph in self.graphs if (graph.iri or "").startswith(rebase(f"{GRAPH}source/", self.base))]


Writer = Callable[[Material, Tally], Iterable[str]]


@dataclass(frozen=True)
class Dump:
    """One row of the table: a file, its title, and the function that gives its text and counts what it holds."""

    name: str
    format: str
    title: str
    group: str
    write: Writer
    conforms_to: str | None = None
    packed: bool = True
    counts: str | None = "triples"


def _all(material: Material, tally: Tally) -> Iterator[Triple]:
    tally.total = material.default.count
    return material.default.triples()


def _ntriples(triples: Iterable[Triple]) -> Iterator[str]:
    return (f"{s} {p} {o} .\n" for s, p, o in triples)


def _whole(material: Material, tally: Tally) -> Iterator[str]:
    tally.total = material.default.count
    return material.default.lines()


def _nquads(material: Material, tally: Tally) -> Iterator[str]:
    tally.total = sum(graph.count for graph in material.graphs)
    for graph in material.graphs:
        end = f" <{graph.iri}> .\n"
        for line in graph.lines():
            yield line[:-3] + end


def _trig(material: Material, tally: Tally) -> Iterator[str]:
    tally.total = sum(graph.count for graph in material.graphs)
    return trig(((graph.iri or "", graph.triples()) for graph in material.graphs), material.base)


def _flat(material: Material, tally: Tally) -> Iterator[str]:
    return _ntriples(tally.of(p190(material.default.triples())))


def _schema(material: Material, tally: Tally) -> Iterator[str]:
    return turtle(tally.of(schema_org(material.default.triples(), material.base)), material.base)


def _links(namespace: str) -> Writer:
    return lambda material, tally: _ntriples(tally.of(links(material.index, namespace)))


DUMPS: Final = (
    Dump("twinld.ttl", "turtle", "Turtle, for people and tools alike", FACTS,
         lambda m, n: turtle(_all(m, n), m.base), TW),
    Dump("twinld.nt", "ntriples", "N-Triples, one triple a line, sorted", FACTS, _whole, TW),
    Dump("twinld.rdf", "rdfxml", "RDF/XML, for older tools", FACTS,
         lambda m, n: rdfxml(_all(m, n), namespaces(m.base)), TW),
    Dump("twinld.jsonld", "jsonld", "JSON-LD with our context, one thing a line", FACTS,
         lambda m, n: jsonld(_all(m, n), m.context), TW),
    Dump("twinld.nq", "nquads", "N-Quads, one quad a line, sorted graph by graph", GRAPHS, _nquads, TW),
    Dump("twinld.trig", "trig", "TriG, one block a graph", GRAPHS, _trig, TW),
    Dump("places.csv", "csv", PLACES.description, TABLE_GROUP,
         lambda m, n: lines(PLACES, n.of(m.index.places())), "http://www.w3.org/ns/csvw", counts="rows"),
    Dump("agreements.csv", "csv", AGREEMENTS.description, TABLE_GROUP,
         lambda m, n: lines(AGREEMENTS, n.of(row for row, _ in m.index.agreements())), "http://www.w3.org/ns/csvw",
         counts="rows"),
    Dump("claims.csv", "csv", CLAIMS.description, TABLE_GROUP,
         lambda m, n: lines(CLAIMS, n.of(m.index.claims(m.claims))), "http://www.w3.org/ns/csvw", counts="rows"),
    Dump("memberships.csv", "csv", MEMBERSHIPS.description, TABLE_GROUP,
         lambda m, n: lines(MEMBERSHIPS, n.of(m.index.memberships())), "http://www.w3.org/ns/csvw", counts="rows"),
    Dump("csv-metadata.json", "csvw", "The columns of the tables, as CSV on the Web", TABLE_GROUP,
         lambda m, _: [csvw(m.done, m.licence, m.base)], "http://www.w3.org/ns/csvw", packed=False, counts=None),
    Dump("datapackage.json", "datapackage", "The tables as a Frictionless data package", TABLE_GROUP,
         lambda m, _: [datapackage(m.done, m.licence, m.base, m.identifier, m.date)],
         "https://specs.frictionlessdata.io/tabular-data-package/", packed=False, counts=None),
    Dump("places.geojson", "geojson", "A point for every place with coordinates", MAPS,
         lambda m, n: collection(n.of(place_features(m.index.places(), m.base))),
         "https://www.rfc-editor.org/rfc/rfc7946", counts="rows"),
    Dump("agreements.geojson", "geojson", "A line for every agreement between places with coordinates", MAPS,
         lambda m, n: collection(n.of(agreement_features(m.index.agreements(), m.base))),
         "https://www.rfc-editor.org/rfc/rfc7946", counts="rows"),
    Dump("twinld.graphml", "graphml", "The network: a node a place, an edge an agreement", MAPS,
         lambda m, n: graphml(m.index.parties(), n.of(m.index.agreements())), "http://graphml.graphdrawing.org/xmlns",
         counts="rows"),
    Dump("twinld-p190.nt", "ntriples", "Twin towns as Wikidata has them: item wdt:P190 item", PROFILES, _flat,
         "http://www.wikidata.org/entity/P190"),
    Dump("twinld-schema-org.ttl", "turtle", "Places, and agreements as events, in schema.org's terms", PROFILES,
         _schema, SCHEMA),
    Dump("twinld-links-wikidata.nt", "ntriples", "Which things are the same as which Wikidata item (owl:sameAs)",
         PROFILES, _links(WD), "http://rdfs.org/ns/void#Linkset"),
    Dump("twinld-links-geonames.nt", "ntriples", "Which things are the same as which GeoNames feature (owl:sameAs)",
         PROFILES, _links(GEONAMES), "http://rdfs.org/ns/void#Linkset"),
)  # fmt: skip
"""The dumps of what is CC0. Each other source has its own graphs in DATASETS."""

DATASETS: Final = (("nq", "nquads", _nquads), ("trig", "trig", _trig))
"""The dumps of each source under another licence: extension, format and writer."""


def write_dumps(
    folder: Path,
    default: GraphFile,
    graphs: list[GraphFile],
    open_licence: str,
    context: dict[str, Any],
    base: str,
    identifier: str = "",
    date: str = "",
) -> Iterator[DumpFile]:
    """Write all dumps: those of DUMPS from what is CC0, then each other source's graphs by themselves.

    `default` and `graphs` are sorted graph files; equal input gives equal bytes. `identifier` and `date` are the
    release's. Memory does not grow with the data: what has to be joined is looked up in a file (`index`).
    """
    open_graphs = [graph for graph in graphs if graph.licence == open_licence]
    with make_index(folder / ".index", default, open_graphs, base) as index:
        material = Material(default, open_graphs, index, context, base, open_licence, identifier, date)
        for dump in DUMPS:
            files = _write(folder, dump, material)
            material.done.extend(files)
            yield from files
        others = [graph for graph in graphs if graph.licence != open_licence]
        for owner in sorted({_owner(graph) for graph in others}):
            own = [graph for graph in others if _owner(graph) == owner]
            licence = _only_licence(owner, own)
            its = Material(default, own, index, context, base, licence, identifier, date)
            title = f"Graphs of {owner}, under its own licence"
            for extension, format_name, writer in DATASETS:
                yield from _write(folder, Dump(f"{owner}.{extension}", format_name, title, SOURCES, writer, TW), its)


def _owner(graph: GraphFile) -> str:
    return (graph.iri or "").rpartition("/")[2]


def _only_licence(owner: str, graphs: list[GraphFile]) -> str:
    """The licence of the graphs of one source; ReleaseError for two: a file has one."""
    licences = sorted({graph.licence for graph in graphs})
    if len(licences) > 1:
        raise ReleaseError(f"the graphs of {owner} are under {' and '.join(licences)}; give a source one licence")
    return licences[0]


def _write(folder: Path, dump: Dump, material: Material) -> list[DumpFile]:
    tally = Tally()
    files = write_file(folder / dump.name, dump.write(material, tally), packed=dump.packed)
    return [
        DumpFile(
            file.name,
            dump.title,
            dump.format,
            find_format(dump.format, DUMP_FORMATS).media_type,
            dump.group,
            material.licence,
            rebase(dump.conforms_to, material.base).rstrip("#") if dump.conforms_to is not None else None,
            file.compression,
            None if file.compression == NONE else dump.name,
            tally.total if dump.counts == "triples" else None,
            tally.total if dump.counts == "rows" else None,
            file.bytes,
            file.sha256,
        )
        for file in files
    ]


def read_context(folder: Path) -> dict[str, Any]:
    """The JSON-LD context of the ontology folder."""
    document: dict[str, Any] = json.loads((folder / "context.jsonld").read_text(encoding="utf-8"))
    return document


def copy_out(pieces: Iterable[str], out: BinaryIO) -> None:
    """Write pieces of text to a binary file."""
    for chunk in chunks(pieces):
        out.write(chunk)
