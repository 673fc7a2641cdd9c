"""The quads that describe a thing, for its RDF answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from twinld.errors import NotFound
from twinld.site.about import DATASET, about
from twinld.site.ask import Asker, rebase_back, term_of
from twinld.store import Quad, Row, Store
from twinld.store.binding import to_text
from twinld.terms import Term
from twinld.terms import iri as term
from twinld.vocab import BASE, CC0, DCTERMS, DEFAULT_GRAPHS, GRAPH, ID, TWV, rebase

_SHOWN: Final = (*DEFAULT_GRAPHS, f"{GRAPH}facts/", f"{GRAPH}inferred/")
_THINGS: Final = (f"{ID}place/", f"{ID}agreement/", f"{ID}pair/")


def graph_of(store: Store, iri: str, *, base: str = BASE) -> list[Quad]:
    """The quads about a thing and its fragments, sorted; NotFound when there is none.

    A place, agreement or pair: what the resolved graphs say (curated, inferred, facts of other licences), the
    labels of what it points to, and for a place the core of its agreements. A record, a source, a graph, a
    vocabulary, the dataset: what any graph says. Two triples in the default graph tell the licences of what is
    given, on the IRI of the document. IRIs start with `base`, as in the store.
    """
    term_of(iri)
    asker = Asker(store, base)
    quads = set(_own(asker, iri))
    if not quads:
        raise NotFound(f"nothing is known of <{iri}> in this release")
    if iri.startswith(_THINGS):
        quads |= _linked(asker, iri)
    quads |= _document(asker, iri, quads)
    return sorted(quads, key=lambda quad: (quad[3] or "", *quad[:3]))


def ontology_graph(store: Store, *, base: str = BASE) -> list[Quad]:
    """All quads of the ontology and its vocabularies, sorted; IRIs start with `base`."""
    asker = Asker(store, base)
    return sorted(_quads(asker, asker.rows("page_ontology")))


def _own(asker: Asker, iri: str) -> list[Quad]:
    quads = asker.store.describe(rebase(iri, asker.base))
    if iri.startswith(TWV):  # a vocabulary comes with its concepts
        for row in asker.rows("graph_concepts", scheme=iri):
            quads += asker.store.describe(rebase(row["s"].value, asker.base))
    if not iri.startswith(_THINGS):
        return quads
    shown = tuple(rebase(graph, asker.base) for graph in _SHOWN)
    return [quad for quad in quads if quad[3] is not None and quad[3].startswith(shown)]


def _linked(asker: Asker, iri: str) -> set[Quad]:
    labels = [row for row in asker.rows("graph_labels", thing=iri) if row["s"].value.startswith(ID)]
    agreements = asker.rows("graph_agreements", place=iri) if iri.startswith(f"{ID}place/") else []
    return set(_quads(asker, labels + agreements))


def _quads(asker: Asker, rows: list[Row]) -> Iterator[Quad]:
    for row in rows:
        s, p, o, g = (_text(row[name], asker.base) for name in "spog")
        yield s, p, o, g[1:-1]


def _text(value: Term, base: str) -> str:
    return rebase(to_text(value), base) if value.kind == "iri" else to_text(value)


def _document(asker: Asker, iri: str, quads: set[Quad]) -> set[Quad]:
    """Which licences the document is under, and of which data set it is part."""
    info = about(asker)
    document = term(rebase(iri.replace(ID, BASE, 1), asker.base))
    if document == term(rebase(iri, asker.base)):
        return set()
    graphs = {rebase_back(quad[3], asker.base) for quad in quads if quad[3] is not None}
    licences = {found.iri for graph in graphs if (found := info.licence(graph)) is not None} or {CC0}
    dataset = term(rebase(DATASET, asker.base))
    given: set[Quad] = {(document, term(f"{DCTERMS}license"), term(licence), None) for licence in licences}
    return given | {(document, term(f"{DCTERMS}isPartOf"), dataset, None)}
