"""Everything that the page of the ontology needs: each term with definition and example, each concept by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twinld.site.about import about
from twinld.site.ask import Asker, Facts, once
from twinld.site.things import LANGUAGE, Label, Named, Release, choose, curie
from twinld.store import Store
from twinld.vocab import BASE, DCTERMS, OWL, RDF, RDFS, SCHEMA, SKOS, TW

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


@dataclass(frozen=True)
class TermInfo:
    """A class or property; `name` is the anchor on the page."""

    iri: str
    name: str
    label: Label
    labels: tuple[Label, ...]
    definition: Label | None
    note: Label | None
    examples: tuple[Label, ...]
    relations: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class SchemeInfo:
    """A vocabulary and the names of its concepts; `vocabulary` gives the rest of it."""

    iri: str
    label: Label
    definition: Label | None
    concepts: tuple[Named, ...]


@dataclass(frozen=True)
class OntologyPage:
    """The ontology: title, version, terms by kind, vocabularies."""

    title: Label
    description: Label | None
    version: str
    groups: tuple[tuple[str, tuple[TermInfo, ...]], ...]
    schemes: tuple[SchemeInfo, ...]
    release: Release


def ontology(store: Store, *, language: str = LANGUAGE, base: str = BASE) -> OntologyPage:
    """The ontology as it is in the store; asked once of a store that cannot change."""
    asker = Asker(store, base)
    facts = once(store, ("ontology", base), lambda: asker.facts("page_ontology"))
    groups = tuple(
        (
            title,
            tuple(term_info(facts, iri, language) for iri in facts.pointing(f"{RDF}type", kind) if iri.startswith(TW)),
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
        groups=tuple((title, terms) for title, terms in groups if terms),
        schemes=schemes,
        release=about(asker).release,
    )


def term_info(facts: Facts, iri: str, language: str) -> TermInfo:
    """A term or concept with its labels, definition, note, examples and relations."""
    labels = [Label(term.value, term.language) for name in ("label",) for term in facts.all(iri, f"{RDFS}{name}")]
    labels += [Label(term.value, term.language) for term in facts.all(iri, f"{SKOS}prefLabel")]
    examples = sorted(facts.all(iri, f"{SKOS}example"))
    relations = (
        (title, tuple(curie(term.value) for term in sorted(facts.all(iri, predicate)) if term.kind == "iri"))
        for title, predicate in RELATIONS
    )
    return TermInfo(
        iri=iri,
        name=iri.rpartition("#")[2] if "#" in iri else iri.rsplit("/", 1)[-1],
        label=label_of(facts, iri, language),
        labels=tuple(sorted(labels, key=lambda label: (label.language or "", label.text))),
        definition=choose(facts.all(iri, f"{SKOS}definition"), language),
        note=choose(facts.all(iri, f"{SKOS}scopeNote"), language),
        examples=tuple(Label(term.value, term.language) for term in examples if term.kind == "literal"),
        relations=tuple((title, values) for title, values in relations if values),
    )


def _named(facts: Facts, iri: str, language: str) -> Named:
    label = label_of(facts, iri, language)
    return Named(iri, label.text, label.language)


def label_of(facts: Facts, iri: str, language: str) -> Label:
    """The label of a term or concept in a language, else as `choose` falls back, else its short form."""
    terms = facts.all(iri, f"{RDFS}label") + facts.all(iri, f"{SKOS}prefLabel")
    return choose(terms, language) or Label(curie(iri))
