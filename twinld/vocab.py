"""Namespaces, graph IRIs and the few constants that several layers name.

IRIs are written against one canonical base; another base (`TWINLD_BASE`) is put in when quads, queries and
vocabularies are read or written (`rebase`), never in code.
"""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/twinld/"

TW: Final = BASE + "ns#"
TWV: Final = BASE + "vocab/"
ID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"
QB: Final = "http://purl.org/linked-data/cube#"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
SF: Final = "http://www.opengis.net/ont/sf#"
WGS: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
SCHEMA: Final = "https://schema.org/"
VOID: Final = "http://rdfs.org/ns/void#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
WD: Final = "http://www.wikidata.org/entity/"
WDS: Final = "http://www.wikidata.org/entity/statement/"
WDT: Final = "http://www.wikidata.org/prop/direct/"
PQ: Final = "http://www.wikidata.org/prop/qualifier/"
PR: Final = "http://www.wikidata.org/prop/reference/"
GEONAMES: Final = "https://sws.geonames.org/"
SH: Final = "http://www.w3.org/ns/shacl#"
AS: Final = "https://www.w3.org/ns/activitystreams#"
VANN: Final = "http://purl.org/vocab/vann/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
ADMS: Final = "http://www.w3.org/ns/adms#"
SPDX: Final = "http://spdx.org/rdf/terms#"

EDTF: Final = "http://id.loc.gov/datatypes/edtf/EDTF-level1"
"""Datatype of every partial date (Library of Congress, EDTF level 1)."""

CC0: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY: Final = "https://creativecommons.org/licenses/by/4.0/"

PREFIXES: Final[dict[str, str]] = {
    "tw": TW,
    "twv": TWV,
    "place": ID + "place/",
    "agreement": ID + "agreement/",
    "pair": ID + "pair/",
    "network": ID + "network/",
    "organisation": ID + "organisation/",
    "person": ID + "person/",
    "event": ID + "event/",
    "instrument": ID + "instrument/",
    "source": ID + "source/",
    "record": ID + "record/",
    "graph": GRAPH,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "org": ORG,
    "qb": QB,
    "geo": GEO,
    "sf": SF,
    "wgs": WGS,
    "schema": SCHEMA,
    "void": VOID,
    "sd": SD,
    "wd": WD,
    "wds": WDS,
    "wdt": WDT,
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "vann": VANN,
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "dcat": DCAT,
    "foaf": FOAF,
    "vcard": VCARD,
    "adms": ADMS,
    "spdx": SPDX,
}
"""Prefixes of every Turtle and TriG file we write, of every query we keep and of the query page."""

CURATED: Final = GRAPH + "curated"
"""Resolved facts from CC0 sources: one place per place, one agreement per relation."""
WIKIDATA: Final = GRAPH + "wikidata"
"""Gap-filling facts of a stored Wikidata extract (written by the enrichment stage)."""
INFERRED: Final = GRAPH + "inferred"
"""What follows from the CC0 facts: pairs, distances, shortcuts, status, companions of dates."""
REVIEW: Final = GRAPH + "review"
"""The project's own judgement of records and claims, only where it is not "accepted"."""
ONTOLOGY: Final = GRAPH + "ontology"
"""The ontology and its SKOS vocabularies."""
QUOTATIONS: Final = GRAPH + "quotations"
"""The words of web pages that records quote: not ours to license."""
STATISTICS: Final = GRAPH + "statistics"
"""Numbers counted from the CC0 facts, so that questions for them need not count."""
RELEASE: Final = GRAPH + "release"
"""What this release is: its id, its graphs, their licences and sizes."""
PUSHED: Final = GRAPH + "pushed"
"""In a remote store only: what `twinld push` put there, graph by graph."""

DEFAULT_GRAPHS: Final = (CURATED, WIKIDATA, INFERRED, STATISTICS, ONTOLOGY)
"""The endpoint's default graph is the union of these: all CC0 (docs/decisions/0002)."""


def source_graph(name: str) -> str:
    """The graph of what one source said: its records and claims."""
    return f"{GRAPH}source/{name}"


def facts_graph(name: str) -> str:
    """The graph of facts that only a source under another licence has."""
    return f"{GRAPH}facts/{name}"


def inferred_graph(name: str) -> str:
    """The graph of what follows from `facts_graph(name)` and CC0 facts together."""
    return f"{GRAPH}inferred/{name}"


def rebase(text: str, base: str) -> str:
    """`text` (quads, a query, a vocabulary) with our canonical base replaced by `base`.

    >>> rebase("<https://w3id.org/twinld/id/place/boston>", "http://localhost/")
    '<http://localhost/id/place/boston>'
    """
    return text if base == BASE else text.replace(BASE, base)
