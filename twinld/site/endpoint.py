"""What the SPARQL page needs: the kind of a query, the endpoint's description and limits, example queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from twinld.errors import NotFound, OutsideError, nearest
from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, RESULT_FORMATS
from twinld.queries import asked_by, explanation, keywords, names, query, question, why_fast
from twinld.settings import SETTINGS, Settings
from twinld.site.about import about
from twinld.site.ask import Asker, once, rebase_back
from twinld.store import Quad, Row, Store
from twinld.store.query_text import form
from twinld.terms import integer, iri, lang, text, typed
from twinld.vocab import BASE, DCTERMS, DEFAULT_GRAPHS, PREFIXES, RDF, RDFS, SCHEMA, SD, SH, VOID, XSD, rebase

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
INTERNAL: Final = ("page_", "graph_", "names_", "void_", "enrich_", "wikidata_", "contribute_", "slice_", "search_")
"""Queries of these names are asked for pages, about one thing each; the others are questions of their own."""


LIMITS: Final = (
    "query_timeout_s",
    "result_max_mib",
    "query_max_kib",
    "query_max_depth",
    "query_max_tokens",
    "worker_memory_mib",
    "workers",
    "queue_max",
    "queue_wait_s",
    "budget_s",
    "budget_burst_s",
)
"""The settings that limit a query, in the order in which people meet them."""


@dataclass(frozen=True)
class Limit:
    """A limit of the endpoint: the name of its setting, its value with a unit, and what happens beyond it."""

    name: str
    value: int
    unit: str
    help: str


@dataclass(frozen=True)
class Example:
    """A question and the query that answers it; `how` explains the query, `fast` why it is answered soon.

    `asked_by` is "" for a question that anybody asks.
    """

    name: str
    question: str
    text: str
    asked_by: str = ""
    keywords: tuple[str, ...] = ()
    how: str = ""
    fast: str = ""


def query_kind(text: str) -> str:
    """What a query makes: "results" (SELECT, ASK) or "graph"; "" when it is no query. It is not checked."""
    return {"SELECT": "results", "ASK": "results", "CONSTRUCT": "graph", "DESCRIBE": "graph"}.get(form(text), "")


def examples(base: str = BASE) -> list[Example]:
    """The example queries of the SPARQL page, by name."""
    return [example(name, base) for name in names() if not name.startswith(INTERNAL)]


def example(name: str, base: str = BASE) -> Example:
    """An example query; NotFound, with the nearest, when none has this name."""
    known = [other for other in names() if not other.startswith(INTERNAL)]
    if name not in known:
        raise NotFound(f"there is no example {name[:80]!r}; {nearest(name[:80], known, 'examples')}")
    about_it = (asked_by(name), tuple(keywords(name)), explanation(name), why_fast(name))
    return Example(name, question(name), query(name, base), *about_it)


def limits(settings: Settings) -> list[Limit]:
    """The limits of the endpoint, as its settings have them."""
    table = {setting.name: setting for setting in SETTINGS}
    return [Limit(name, getattr(settings, name), table[name].unit, table[name].help) for name in LIMITS]


def service_description(store: Store, endpoint: str, settings: Settings | None = None) -> list[Quad]:
    """The quads that describe the endpoint (SPARQL 1.1 Service Description), sorted.

    With the size of each graph, classes and properties of the default graph with their counts (VoID), the
    example queries (SHACL's SPARQLExecutable, as query editors read them) and the limits (schema.org). `endpoint`
    is the URL at which queries are answered.
    """
    settings = settings or Settings()
    base = settings.base
    service = iri(endpoint)
    found: list[tuple[str, str, str]] = [
        (service, f"{RDF}type", iri(f"{SD}Service")),
        (service, f"{SD}endpoint", service),
        (service, f"{SD}supportedLanguage", iri(f"{SD}SPARQL11Query")),
        (service, f"{SD}defaultDataset", iri(f"{endpoint}#dataset")),
    ]
    rows = (*RESULT_FORMATS, *GRAPH_FORMATS, *DATASET_FORMATS)
    found += [(service, f"{SD}resultFormat", iri(FORMAT_IRIS[row.name])) for row in rows]
    found += _dataset(store, endpoint, base)
    found += _examples(endpoint, base)
    for limit in limits(settings):
        node = iri(f"{endpoint}#{limit.name}")
        found += [
            (service, f"{SCHEMA}additionalProperty", node),
            (node, f"{RDF}type", iri(f"{SCHEMA}PropertyValue")),
            (node, f"{SCHEMA}name", text(limit.name)),
            (node, f"{SCHEMA}value", integer(limit.value)),
            (node, f"{SCHEMA}unitText", text(limit.unit)),
            (node, f"{SCHEMA}description", lang(limit.help, "en")),
        ]
    return sorted({(s, iri(p), o, None) for s, p, o in found})


def _dataset(store: Store, endpoint: str, base: str) -> Iterator[tuple[str, str, str]]:
    """The default graph and the named graphs, with their sizes and licences."""
    info = about(Asker(store, base))
    default, dataset = iri(f"{endpoint}#default-graph"), iri(f"{endpoint}#dataset")
    yield dataset, f"{RDF}type", iri(f"{SD}Dataset")
    yield dataset, f"{SD}defaultGraph", default
    yield default, f"{RDF}type", iri(f"{SD}Graph")
    yield from _counts(store, default, endpoint)
    for name in store.graphs():
        node, graph = iri(f"{endpoint}#{name.removeprefix(base)}"), info.graphs.get(rebase_back(name, base))
        yield dataset, f"{SD}namedGraph", node
        yield node, f"{RDF}type", iri(f"{SD}NamedGraph")
        yield node, f"{SD}name", iri(name)
        yield node, f"{SD}graph", iri(name)
        if graph is not None and graph.triples is not None:
            yield iri(name), f"{VOID}triples", integer(graph.triples)
        if graph is not None and graph.licence is not None:
            yield iri(name), f"{DCTERMS}license", iri(graph.licence.iri)
        if rebase_back(name, base) in DEFAULT_GRAPHS:
            yield default, f"{DCTERMS}hasPart", iri(name)


def _counts(store: Store, default: str, endpoint: str) -> Iterator[tuple[str, str, str]]:
    """How many triples the default graph has, of each property, and how many things of each class; counted once."""
    kinds = (
        ("property", "void_properties", f"{VOID}propertyPartition", f"{VOID}property", f"{VOID}triples"),
        ("class", "void_classes", f"{VOID}classPartition", f"{VOID}class", f"{VOID}entities"),
    )
    for kind, name, partition, of, size in kinds:
        rows = counted(store, name)
        if kind == "property" and rows:
            yield default, f"{VOID}triples", integer(sum(int(row["n"].value) for row in rows))
        for row in rows:
            node = iri(f"{endpoint}#{kind}={quote(row['term'].value, safe='')}")
            yield default, partition, node
            yield node, of, iri(row["term"].value)
            yield node, size, integer(int(row["n"].value))


def counted(store: Store, name: str) -> list[Row]:
    """The rows of a counting query, counted once; none when an engine beside us does not count in time."""
    return once(store, (name,), lambda: _counted(store, name))


def _counted(store: Store, name: str) -> list[Row]:
    try:
        return store.select(query(name))
    except OutsideError:
        return []


def _examples(endpoint: str, base: str) -> Iterator[tuple[str, str, str]]:
    """The example queries, each whole: it declares the prefixes that it uses. SHACL has no word for DESCRIBE."""
    forms = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
    for example in examples(base):
        word = forms.get(form(example.text))
        if word is None:
            continue
        node = iri(f"{endpoint}#example-{example.name}")
        yield node, f"{RDF}type", iri(f"{SH}SPARQLExecutable")
        yield node, f"{RDF}type", iri(f"{SH}SPARQL{word.capitalize()}Executable")
        yield node, f"{SH}{word}", text(example.text)
        yield node, f"{RDFS}comment", lang(example.question, "en")
        yield node, f"{SCHEMA}target", iri(endpoint)
        yield node, f"{SH}prefixes", iri(f"{endpoint}#prefixes")
        for keyword in keywords(example.name):
            yield node, f"{SCHEMA}keywords", lang(keyword, "en")
        if asker := asked_by(example.name):
            audience = iri(f"{endpoint}#{asker.replace(' ', '-')}")
            yield node, f"{SCHEMA}audience", audience
            yield audience, f"{RDF}type", iri(f"{SCHEMA}Audience")
            yield audience, f"{SCHEMA}audienceType", lang(asker, "en")
    shapes = iri(f"{endpoint}#prefixes")
    for prefix, namespace in PREFIXES.items():
        node = iri(f"{endpoint}#prefix-{prefix}")
        yield shapes, f"{SH}declare", node
        yield node, f"{SH}prefix", text(prefix)
        yield node, f"{SH}namespace", typed(rebase(namespace, base), f"{XSD}anyURI")
