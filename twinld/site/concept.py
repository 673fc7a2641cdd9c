"""A concept of a vocabulary: its texts, its labels in all languages, and what is above and below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twinld.site.ask import Asker, Facts
from twinld.site.called import short
from twinld.site.more import term_facts
from twinld.site.things import LANGUAGE, Label, Named, choose
from twinld.store import Store
from twinld.vocab import BASE, RDF, RDFS, SKOS, TWV


@dataclass(frozen=True)
class ConceptInfo:
    """A concept with its texts, its labels in all languages, and the concepts below it."""

    iri: str
    label: Label
    labels: tuple[Label, ...]
    alternatives: tuple[Label, ...]
    definition: Label | None
    note: Label | None
    examples: tuple[Label, ...]
    notation: str
    broader: tuple[Named, ...]
    narrower: tuple[ConceptInfo, ...]

    @property
    def name(self) -> str:
        """The end of its IRI, and its anchor on the page of its vocabulary."""
        return self.iri.rpartition("/")[2]


def concept_info(store: Store, name: str, *, language: str = LANGUAGE, base: str = BASE) -> ConceptInfo | None:
    """A concept such as "kind-twinning" with all below it, None when there is no such concept."""
    facts, iri = term_facts(Asker(store, base)), TWV + name
    return _concept(facts, iri, language) if facts.has(iri) and f"{SKOS}Concept" in _types(facts, iri) else None


def _types(facts: Facts, iri: str) -> set[str]:
    return {term.value for term in facts.all(iri, f"{RDF}type")}


def _broader(facts: Facts, iri: str) -> list[str]:
    return sorted(term.value for term in facts.all(iri, f"{SKOS}broader"))


def _label(facts: Facts, iri: str, language: str) -> Label:
    labels = facts.all(iri, f"{SKOS}prefLabel") + facts.all(iri, f"{RDFS}label")
    return choose(labels, language) or Label(short(iri))


def _concept(facts: Facts, iri: str, language: str, above: tuple[str, ...] = ()) -> ConceptInfo:
    below = set(facts.pointing(f"{SKOS}broader", iri)) - {iri, *above}
    return ConceptInfo(
        iri=iri,
        label=_label(facts, iri, language),
        labels=_texts(facts, iri, ("prefLabel",)),
        alternatives=_texts(facts, iri, ("altLabel", "hiddenLabel")),
        definition=choose(facts.all(iri, f"{SKOS}definition"), language),
        note=choose(facts.all(iri, f"{SKOS}scopeNote"), language),
        examples=_texts(facts, iri, ("example",)),
        notation=facts.value(iri, f"{SKOS}notation") or "",
        broader=tuple(_named(facts, other, language) for other in _broader(facts, iri)),
        narrower=tuple(_concept(facts, other, language, (*above, iri)) for other in sorted(below)),
    )


def _named(facts: Facts, iri: str, language: str) -> Named:
    label = _label(facts, iri, language)
    return Named(iri, label.text, label.language)


def _texts(facts: Facts, iri: str, names: Iterable[str]) -> tuple[Label, ...]:
    terms = [term for name in names for term in facts.all(iri, SKOS + name)]
    return tuple(
        sorted(
            (Label(term.value, term.language) for term in terms), key=lambda label: (label.language or "", label.text)
        )
    )
