"""Everything that the page of the ontology needs: each class and property with definition, example and use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from twinld.site.about import about
from twinld.site.ask import Asker, Facts, once
from twinld.site.diagram import Diagram, diagram
from twinld.site.more import term_facts
from twinld.site.things import LANGUAGE, Label, Named, Release, choose, curie
from twinld.store import Store
from twinld.vocab import BASE, DCTERMS, OWL, PREFIXES, RDF, RDFS, SCHEMA, SKOS, TW

NS: Final = BASE + "ns"
KINDS: Final = (
    ("Classes", f"{OWL}Class"),
    ("Object properties", f"{OWL}ObjectProperty"),
    ("Datatype properties", f"{OWL}DatatypeProperty"),
    ("Annotation properties", f"{OWL}AnnotationProperty"),
)
RELATIONS: Final = (
    ("subclass of", f"{RDFS}subClassOf"),
    ("subproperty of", f"{RDFS}subPropertyOf"),
    ("domain", f"{RDFS}domain"),
    ("range", f"{RDFS}range"),
    ("used on", f"{SCHEMA}domainIncludes"),
    ("values", f"{SCHEMA}rangeIncludes"),
    ("see also", f"{RDFS}seeAlso"),
)
REFERRING: Final = (
    ("subclasses", (f"{RDFS}subClassOf",)),
    ("has", (f"{RDFS}domain", f"{SCHEMA}domainIncludes")),
    ("is the value of", (f"{RDFS}range", f"{SCHEMA}rangeIncludes")),
)
VS: Final = PREFIXES["vs"]


@dataclass(frozen=True)
class TermInfo:
    """A class or property; `name` is the anchor on the page.

    `relations` are curies by title: what the term says itself, then who refers to it; `used` counts the things of
    a class and the triples of a property, over all graphs of the release.
    """

    iri: str
    name: str
    label: Label
    labels: tuple[Label, ...]
    definition: Label | None
    note: Label | None
    examples: tuple[Label, ...]
    relations: tuple[tuple[str, tuple[str, ...]], ...]
    status: str
    used: int


@dataclass(frozen=True)
class SchemeInfo:
    """A vocabulary and the names of its concepts; `vocabulary` gives the rest of it."""

    iri: str
    label: Label
    definition: Label | None
    concepts: tuple[Named, ...]


@dataclass(frozen=True)
class OntologyPage:
    """The ontology: title, version and the one before it, terms by kind, vocabularies, class diagram."""

    title: Label
    description: Label | None
    version: str
    prior: str
    groups: tuple[tuple[str, tuple[TermInfo, ...]], ...]
    schemes: tuple[SchemeInfo, ...]
    diagram: Diagram
    language: str
    release: Release


def ontology(store: Store, *, language: str = LANGUAGE, base: str = BASE) -> OntologyPage:
    """The ontology as it is in the store; made once for each language of a store that cannot change."""
    asker = Asker(store, base)
    return once(store, ("ontology page", base, language), lambda: _page(asker, language))


def _page(asker: Asker, language: str) -> OntologyPage:
    facts = term_facts(asker)
    used = {row["term"].value: int(row["n"].value) for row in asker.rows("page_ontology_use") if "term" in row}
    back = _referring(facts)
    groups = tuple(
        (
            title,
            tuple(
                term_info(facts, iri, language, used.get(iri, 0), back)
                for iri in facts.pointing(f"{RDF}type", kind)
                if iri.startswith(TW)
            ),
        )
        for title, kind in KINDS
    )
    schemes = tuple(
        SchemeInfo(
            iri=iri,
            label=label_of(facts, iri, language),
            definition=choose(facts.all(iri, f"{SKOS}definition"), language),
            concepts=tuple(_named(facts, concept, language) for concept in facts.pointing(f"{SKOS}inScheme", iri)),
        )
        for iri in facts.pointing(f"{RDF}type", f"{SKOS}ConceptScheme")
    )
    return OntologyPage(
        title=choose(facts.all(NS, f"{DCTERMS}title"), language) or Label("The ontology", "en"),
        description=choose(facts.all(NS, f"{DCTERMS}description"), language),
        version=facts.value(NS, f"{OWL}versionInfo") or "",
        prior=(facts.value(NS, f"{OWL}priorVersion") or "").rpartition("/")[2],
        groups=tuple((title, terms) for title, terms in groups if terms),
        schemes=schemes,
        diagram=diagram(facts, language),
        language=language,
        release=about(asker).release,
    )


def _referring(facts: Facts) -> dict[tuple[str, str], list[str]]:
    """Which terms refer to a class, by that class and the title of the reference."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for iri in facts.subjects():
        if iri.startswith(TW):
            for title, predicates in REFERRING:
                targets = {term.value for predicate in predicates for term in facts.all(iri, predicate)}
                for target in targets:
                    found[target, title].append(iri)
    return found


def term_info(
    facts: Facts,
    iri: str,
    language: str,
    used: int = 0,
    back: Mapping[tuple[str, str], Sequence[str]] = MappingProxyType({}),
) -> TermInfo:
    """A term or concept with its texts and relations; `back` are the terms that refer to a class, by title."""
    labels = [Label(term.value, term.language) for term in facts.all(iri, f"{RDFS}label")]
    labels += [Label(term.value, term.language) for term in facts.all(iri, f"{SKOS}prefLabel")]
    examples = sorted(facts.all(iri, f"{SKOS}example"))
    in_language = [term for term in examples if term.language == language] or examples
    relations = [
        (title, tuple(curie(term.value) for term in sorted(facts.all(iri, predicate)) if term.kind == "iri"))
        for title, predicate in RELATIONS
    ]
    relations += [(title, tuple(map(curie, sorted(back.get((iri, title), ()))))) for title, _ in REFERRING]
    return TermInfo(
        iri=iri,
        name=iri.rpartition("#")[2] if "#" in iri else iri.rsplit("/", 1)[-1],
        label=label_of(facts, iri, language),
        labels=tuple(sorted(labels, key=lambda label: (label.language or "", label.text))),
        definition=choose(facts.all(iri, f"{SKOS}definition"), language),
        note=choose(facts.all(iri, f"{SKOS}scopeNote"), language),
        examples=tuple(Label(term.value, term.language) for term in in_language if term.kind == "literal"),
        relations=tuple((title, values) for title, values in relations if values),
        status=facts.value(iri, f"{VS}term_status") or "",
        used=used,
    )


def _named(facts: Facts, iri: str, language: str) -> Named:
    label = label_of(facts, iri, language)
    return Named(iri, label.text, label.language)


def label_of(facts: Facts, iri: str, language: str) -> Label:
    """The label of a term or concept in a language, else as `choose` falls back, else its short form."""
    terms = facts.all(iri, f"{RDFS}label") + facts.all(iri, f"{SKOS}prefLabel")
    return choose(terms, language) or Label(curie(iri))
