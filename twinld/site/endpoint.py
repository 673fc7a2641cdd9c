"""What the SPARQL page needs: the kind of a query, a description of the endpoint, example queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, RESULT_FORMATS
from twinld.queries import names, query, question
from twinld.site.about import about
from twinld.site.ask import Asker, rebase_back
from twinld.store import Quad, Store
from twinld.store.query_text import form
from twinld.terms import integer, iri
from twinld.vocab import BASE, DCTERMS, DEFAULT_GRAPHS, RDF, SD, VOID

FORMAT_IRIS: Final = {
    "turtle": "http://www.w3.org/ns/formats/Turtle",
    "jsonld": "http://www.w3.org/ns/formats/JSON-LD",
    "ntriples": "http://www.w3.org/ns/formats/N-Triples",
    "rdfxml": "http://www.w3.org/ns/formats/RDF_XML",
    "trig": "http://www.w3.org/ns/formats/TriG",
    "nquads": "http://www.w3.org/ns/formats/N-Quads",
    "json": "http://www.w3.org/ns/formats/SPARQL_Results_JSON",
    "xml": "http://www.w3.org/ns/formats/SPARQL_Results_XML",
    "csv": "http://www.w3.org/ns/formats/SPARQL_Results_CSV",
    "tsv": "http://www.w3.org/ns/formats/SPARQL_Results_TSV",
}
INTERNAL: Final = ("page_", "graph_", "names_", "enrich_", "wikidata_", "contribute_")
"""Queries of these names are asked for pages, about one thing each; the others are questions of their own."""


@dataclass(frozen=True)
class Example:
    """A question and the query that answers it."""

    name: str
    question: str
    text: str


def query_kind(text: str) -> str:
    """What a query makes: "results" (SELECT, ASK) or "graph"; "" when it is no query. It is not checked."""
    return {"SELECT": "results", "ASK": "results", "CONSTRUCT": "graph", "DESCRIBE": "graph"}.get(form(text), "")


def examples(base: str = BASE) -> list[Example]:
    """The example queries of the SPARQL page, by name."""
    return [Example(name, question(name), query(name, base)) for name in names() if not name.startswith(INTERNAL)]


def service_description(store: Store, endpoint: str, *, base: str = BASE) -> list[Quad]:
    """The quads that describe the endpoint (SPARQL 1.1 Service Description), sorted; graphs with their sizes.

    `endpoint` is the URL at which queries are answered.
    """
    info = about(Asker(store, base))
    service, default = iri(endpoint), iri(f"{endpoint}#default-graph")
    dataset = iri(f"{endpoint}#dataset")
    found: list[tuple[str, str, str]] = [
        (service, f"{RDF}type", iri(f"{SD}Service")),
        (service, f"{SD}endpoint", service),
        (service, f"{SD}supportedLanguage", iri(f"{SD}SPARQL11Query")),
        (service, f"{SD}defaultDataset", dataset),
        (dataset, f"{RDF}type", iri(f"{SD}Dataset")),
        (dataset, f"{SD}defaultGraph", default),
        (default, f"{RDF}type", iri(f"{SD}Graph")),
    ]
    rows = (*RESULT_FORMATS, *GRAPH_FORMATS, *DATASET_FORMATS)
    found += [(service, f"{SD}resultFormat", iri(FORMAT_IRIS[row.name])) for row in rows]
    for name in store.graphs():
        node, graph = iri(f"{endpoint}#{name.removeprefix(base)}"), info.graphs.get(rebase_back(name, base))
        found += [
            (dataset, f"{SD}namedGraph", node),
            (node, f"{RDF}type", iri(f"{SD}NamedGraph")),
            (node, f"{SD}name", iri(name)),
            (node, f"{SD}graph", iri(name)),
        ]
        if graph is not None and graph.triples is not None:
            found.append((iri(name), f"{VOID}triples", integer(graph.triples)))
        if graph is not None and graph.licence is not None:
            found.append((iri(name), f"{DCTERMS}license", iri(graph.licence.iri)))
        if rebase_back(name, base) in DEFAULT_GRAPHS:
            found.append((default, f"{DCTERMS}hasPart", iri(name)))
    return sorted((s, iri(p), o, None) for s, p, o in found)
