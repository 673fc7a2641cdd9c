"""The example queries as data: SHACL's SPARQLExecutable, which query editors list with no configuration."""

from __future__ import annotations

from typing import Final

from twinld.queries import asked_by, keywords, names, query, question
from twinld.store import Quad
from twinld.store.query_text import form
from twinld.terms import iri, lang, text, typed
from twinld.vocab import BASE, OWL, PREFIXES, RDF, RDFS, SCHEMA, SH, XSD, rebase

INTERNAL: Final = ("page_", "graph_", "names_")
"""Queries of these names are asked for pages, about one thing each; the others are questions of their own."""


def questions_for_people() -> list[str]:
    """The names of the queries that people ask, sorted."""
    return [name for name in names() if not name.startswith(INTERNAL)]


def executables(endpoint: str, *, base: str = BASE) -> list[Quad]:
    """The quads that describe the example queries of the endpoint at that URL, unsorted.

    Each is `<endpoint#NAME> a sh:SPARQLExecutable` with its question, text, prefixes, keywords, who asks it and the
    endpoint as target; `sh:declare` names the prefixes (SHACL 1.0, 5.2.1; SHACL-AF, 5).
    """
    prefixes = iri(f"{endpoint}#prefixes")
    found: list[tuple[str, str, str]] = [(prefixes, f"{RDF}type", iri(f"{OWL}Ontology"))]
    for prefix, namespace in PREFIXES.items():
        node = iri(f"{endpoint}#prefix-{prefix}")
        found += [
            (prefixes, f"{SH}declare", node),
            (node, f"{SH}prefix", text(prefix)),
            (node, f"{SH}namespace", typed(rebase(namespace, base), f"{XSD}anyURI")),
        ]
    for name in questions_for_people():
        node, query_text = iri(f"{endpoint}#{name}"), query(name, base)
        ask = form(query_text) == "ASK"
        found += [
            (node, f"{RDF}type", iri(f"{SH}SPARQLExecutable")),
            (node, f"{RDF}type", iri(f"{SH}SPARQL{'Ask' if ask else 'Select'}Executable")),
            (node, f"{RDFS}comment", lang(question(name), "en")),
            (node, f"{SH}{'ask' if ask else 'select'}", text(query_text)),
            (node, f"{SH}prefixes", prefixes),
            (node, f"{SCHEMA}target", iri(endpoint)),
        ]
        found += [(node, f"{SCHEMA}keywords", lang(word, "en")) for word in keywords(name)]
        if asked_by(name):
            audience = iri(f"{endpoint}#{asked_by(name).replace(' ', '-')}")
            found += [
                (node, f"{SCHEMA}audience", audience),
                (audience, f"{RDF}type", iri(f"{SCHEMA}Audience")),
                (audience, f"{SCHEMA}audienceType", lang(asked_by(name), "en")),
            ]
    return [(s, iri(p), o, None) for s, p, o in dict.fromkeys(found)]
