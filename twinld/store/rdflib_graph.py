"""Quads of the engine as an rdflib Graph, without writing and parsing text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
import rdflib

_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """The triples of `quads`; lexical forms stay as they are ("0836" is not made "836")."""
    graph = rdflib.Graph()
    known: dict[object, rdflib.term.Node] = {}

    def node(value: object) -> rdflib.term.Node:
        found = known.get(value)
        if found is None:
            found = known[value] = _node(value)
        return found

    add = graph.store.add
    for subject, predicate, object_, _ in quads:
        add((node(subject), node(predicate), node(object_)), graph)
    return graph


def _node(value: object) -> rdflib.term.Node:
    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, ox.BlankNode):
        return rdflib.BNode(value.value)
    if isinstance(value, ox.Literal):
        if value.language:
            return rdflib.Literal(value.value, lang=value.language)
        datatype = value.datatype.value
        if datatype == _STRING:
            return rdflib.Literal(value.value)
        return rdflib.Literal(value.value, datatype=rdflib.URIRef(datatype), normalize=False)
    raise ValueError(f"{value} has no form in rdflib: it is a triple inside a triple (RDF 1.2)")
