"""The formats of graphs and of query results: one table, read by negotiation, dumps, commands and tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twinld.errors import UsageError, nearest


@dataclass(frozen=True)
class Format:
    """One way to write a graph, a dataset or a result.

    `kind` is "graph" (triples), "dataset" (quads), "results" (rows) or "file" (a dump in another form); `rdflib`
    is rdflib's name for it, None where rdflib has none; `aliases` are further names and media types that clients
    send for it.
    """

    name: str
    title: str
    media_type: str
    extension: str
    kind: str
    rdflib: str | None = None
    aliases: tuple[str, ...] = ()
    charset: bool = True

    @property
    def content_type(self) -> str:
        """The Content-Type header: text types name their charset."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


FORMATS: Final = (
    Format("turtle", "Turtle", "text/turtle", "ttl", "graph", "turtle", ("ttl", "application/x-turtle")),
    Format("jsonld", "JSON-LD", "application/ld+json", "jsonld", "graph", "json-ld", ("json-ld",), charset=False),
    Format("ntriples", "N-Triples", "application/n-triples", "nt", "graph", "nt", ("nt", "n-triples")),
    Format(
        "rdfxml",
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        "graph",
        "xml",
        ("rdf", "rdf+xml", "rdf-xml"),
        charset=False,
    ),
    Format("trig", "TriG", "application/trig", "trig", "dataset", "trig", ("application/x-trig",)),
    Format("nquads", "N-Quads", "application/n-quads", "nq", "dataset", "nquads", ("nq", "n-quads")),
    Format(
        "json",
        "SPARQL JSON",
        "application/sparql-results+json",
        "srj",
        "results",
        None,
        ("application/json", "sparql-json", "srj"),
        charset=False,
    ),
    Format(
        "xml",
        "SPARQL XML",
        "application/sparql-results+xml",
        "srx",
        "results",
        None,
        ("application/xml", "text/xml", "sparql-xml", "srx"),
        charset=False,
    ),
    Format("csv", "CSV", "text/csv", "csv", "results", None, ("comma-separated-values",)),
    Format("tsv", "TSV", "text/tab-separated-values", "tsv", "results", None, ("tab-separated-values",)),
)

GRAPH_FORMATS: Final = tuple(row for row in FORMATS if row.kind == "graph")
DATASET_FORMATS: Final = tuple(row for row in FORMATS if row.kind == "dataset")
RESULT_FORMATS: Final = tuple(row for row in FORMATS if row.kind == "results")

FILE_FORMATS: Final = (
    Format("geojson", "GeoJSON", "application/geo+json", "geojson", "file", charset=False),
    Format("graphml", "GraphML", "application/graphml+xml", "graphml", "file", charset=False),
    Format("csvw", "CSV on the Web", "application/csvm+json", "csv-metadata.json", "file", charset=False),
    Format(
        "datapackage", "Data Package", "application/vnd.datapackage+json", "datapackage.json", "file", charset=False
    ),
)
"""What only dumps and slices of a release are in: maps, networks, and descriptions of tables."""

_BY_NAME: Final = {row.name: row for row in FORMATS}

DUMP_FORMATS: Final = (
    *GRAPH_FORMATS,
    *DATASET_FORMATS,
    *(row for row in RESULT_FORMATS if row.name == "csv"),
    *FILE_FORMATS,
)
"""What the dumps of a release are in."""


def find_format(name: str, among: tuple[Format, ...] = FORMATS) -> Format:
    """The format of a name, a media type, an extension or an alias (any case); UsageError names the nearest.

    >>> find_format("nt").name
    'ntriples'
    """
    if among is FORMATS and name in _BY_NAME:  # asked with every query
        return _BY_NAME[name]
    wanted = name.strip().lower().removeprefix(".")
    for row in among:
        if wanted in {row.name, row.media_type, row.extension, *row.aliases}:
            return row
    raise UsageError(f"{name!r} is not a format here; {nearest(wanted, [row.name for row in among], 'formats')}")
