"""How things are called: one name for any IRI of ours, whether it has a label or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from twinld.site.ask import Asker, Facts, tw
from twinld.site.things import LANGUAGE, Label, Named, choose, curie
from twinld.vocab import BASE, DCTERMS, ID, ONTOLOGY, RDFS, SKOS

LABELS: Final = (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCTERMS}title")
_PARTS: Final = (tw("party"), tw("pairMember"))
_JOINED: Final = (f"{ID}agreement/", f"{ID}pair/")


def names_of(
    asker: Asker, iris: Iterable[str], language: str = LANGUAGE, kept: dict[str, Facts] | None = None
) -> dict[str, Named]:
    """The name of each IRI of ours among `iris`: its label, else those of its parties, else the end of its IRI.

    A fragment without a label is called by the name of its owner and its own: "Marty Walsh: mayor of boston".
    What was asked is put into `kept` and not asked again.
    """
    facts: dict[str, Facts] = kept if kept is not None else {}
    return {iri: _named(asker, facts, iri, language) for iri in sorted(set(iris)) if iri.startswith(BASE)}


def _named(asker: Asker, kept: dict[str, Facts], iri: str, language: str) -> Named:
    if iri not in kept:
        kept[iri] = asker.facts("page_names", thing=iri)
    label = label_in(kept[iri], iri, language)
    if label is not None:
        return Named(iri, label.text, label.language)
    owner, _, fragment = iri.partition("#")
    if fragment and iri.startswith(ID):
        return part_of(_named(asker, kept, owner, language), iri)
    parts = sorted({term.value for part in _PARTS for term in kept[iri].all(iri, part)})
    if parts and iri.startswith(_JOINED):
        return Named(iri, " – ".join(_named(asker, kept, part, language).label for part in parts))
    return Named(iri, short(iri))


def part_of(whole: Named, iri: str) -> Named:
    """A fragment by the name of its owner and its own.

    >>> part_of(Named("https://w3id.org/twinld/id/person/m-w", "Marty Walsh"), "#mayor-of-boston").label
    'Marty Walsh: mayor of boston'
    """
    return Named(iri, f"{whole.label}: {iri.partition('#')[2].replace('-', ' ')}", whole.language)


def label_in(facts: Facts, iri: str, language: str) -> Label | None:
    """The label of a thing in the facts; what the ontology calls it goes before other graphs."""
    for predicate in LABELS:
        own = [term for term, graphs in facts.said(iri, predicate) if ONTOLOGY in graphs]
        label = choose(own or facts.all(iri, predicate), language)
        if label is not None:
            return label
    return None


def short(iri: str) -> str:
    """A name for an IRI without a label: ours without the base, others as prefix and name.

    >>> short("https://w3id.org/twinld/id/place/boston"), short("https://w3id.org/twinld/ns#party")
    ('place/boston', 'tw:party')
    """
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    return iri.removeprefix(BASE) if iri.startswith(BASE) and "#" not in iri else curie(iri)
