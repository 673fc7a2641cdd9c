"""Everything that the page of a vocabulary needs: its concepts in their hierarchy, each with its definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from twinld.site.about import about
from twinld.site.ask import Asker, Facts, tw
from twinld.site.ontology import TermInfo, label_of, term_info
from twinld.site.things import LANGUAGE, Label, Named, Release, choose
from twinld.store import Store
from twinld.vocab import BASE, RDF, SCHEMA, SKOS

SCHEME: Final = f"{SKOS}ConceptScheme"


@dataclass(frozen=True)
class Entry:
    """A concept; `depth` is 0 on top, `others` are its alternative labels, `match` is its wider concept elsewhere."""

    term: TermInfo
    depth: int
    others: tuple[Label, ...]
    match: Named | None


@dataclass(frozen=True)
class VocabularyPage:
    """A concept scheme; `unreviewed` says that nobody has reviewed the labels in the language asked for."""

    iri: str
    label: Label
    definition: Label | None
    note: Label | None
    entries: tuple[Entry, ...]
    language: str
    unreviewed: bool
    release: Release


def vocabulary(store: Store, iri: str, *, language: str = LANGUAGE, base: str = BASE) -> VocabularyPage | None:
    """The vocabulary with this IRI, each concept before those below it; None when `iri` is no concept scheme.

    Among concepts below the same one, levels are in the order of their rank and all others in that of their IRIs.
    """
    asker = Asker(store, base)
    facts = asker.facts("page_vocabulary", scheme=iri)
    if iri not in facts.pointing(f"{RDF}type", SCHEME):
        return None
    return VocabularyPage(
        iri=iri,
        label=label_of(facts, iri, language),
        definition=choose(facts.all(iri, f"{SKOS}definition"), language),
        note=choose(facts.all(iri, f"{SKOS}scopeNote"), language),
        entries=tuple(_below(facts, f"{SKOS}topConceptOf", iri, 0, language)),
        language=language,
        unreviewed=any(
            term.value == language for subject in facts.subjects() for term in facts.all(subject, f"{SCHEMA}inLanguage")
        ),
        release=about(asker).release,
    )


def _below(facts: Facts, relation: str, wider: str, depth: int, language: str) -> Iterator[Entry]:
    for concept in sorted(facts.pointing(relation, wider), key=lambda concept: (_rank(facts, concept), concept)):
        yield _entry(facts, concept, depth, language)
        yield from _below(facts, f"{SKOS}broader", concept, depth + 1, language)


def _rank(facts: Facts, concept: str) -> int:
    return int(facts.value(concept, tw("levelRank")) or 0)


def _entry(facts: Facts, concept: str, depth: int, language: str) -> Entry:
    others = [Label(term.value, term.language) for term in facts.all(concept, f"{SKOS}altLabel")]
    match = facts.value(concept, f"{SKOS}broadMatch")
    label = label_of(facts, match, language) if match is not None else Label("")
    return Entry(
        term=term_info(facts, concept, language),
        depth=depth,
        others=tuple(sorted(others, key=lambda other: (other.language or "", other.text))),
        match=Named(match, label.text, label.language) if match is not None else None,
    )
