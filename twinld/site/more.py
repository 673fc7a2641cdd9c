"""What is said of a place or an agreement beside its core: themes, people, activities, networks, papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twinld.site.ask import Asker, Facts, is_open, once, tw
from twinld.site.called import label_in, short
from twinld.site.things import LANGUAGE, Named
from twinld.texts import later
from twinld.vocab import ID, TW, TWV

OWN: Final = (
    "level", "partOf", "continent", "localGovernment", "inception", "dissolved", "officialLanguage", "localTerm",
    "theme", "motivation", "bindingness", "participationMode", "instrument", "outcome", "succeeds", "recognisedBy",
    "replacedBy",
)  # fmt: skip
"""Properties of a thing that are shown, by local name, in this order."""
LINKS: Final = {
    "agreement": later("activities under it"),
    "coreCity": later("core city of"),
    "localGovernment": later("governs"),
    "host": later("hosted"),
    "visitor": later("visited as"),
    "atPlace": later("lies here"),
    "supports": later("supported by"),
    "succeeds": later("succeeded by"),
    "outcome": later("came of"),
    "partOf": later("parts"),
    "replacedBy": later("replaces"),
    "area": later("figures about it"),
}
"""How a link from another thing reads from this one's side, by the local name of its property."""
PARTS: Final = (
    ("network/", later("member of"), "member"),
    ("person/", later("people who spoke for it"), "onBehalfOf"),
)
"""Things that reach this one by a membership or an office: the start of their ids, and how that reads from here."""


@dataclass(frozen=True)
class Row:
    """One property with its values, which are things or (IRI "") plain text; `term` is the property's IRI."""

    title: str
    term: str
    values: tuple[Named, ...]


def term_facts(asker: Asker) -> Facts:
    """The whole ontology with its vocabularies; asked once of a store that cannot change."""
    return once(asker.store, ("ontology", asker.base), lambda: asker.facts("page_ontology"))


def term_named(asker: Asker, iri: str, language: str = LANGUAGE) -> Named | None:
    """A term of the ontology or a concept by its label, None when it has none."""
    label = label_in(term_facts(asker), iri, language)
    return Named(iri, label.text, label.language) if label is not None else None


def term_called(asker: Asker, iri: str, language: str = LANGUAGE) -> Named:
    """A term by its label, else by its prefix and name."""
    return term_named(asker, iri, language) or Named(iri, short(iri))


def linked(asker: Asker) -> frozenset[str]:
    """The things that anything links with; asked once of a store that cannot change, since few have such links."""
    return once(
        asker.store,
        ("linked", asker.base),
        lambda: frozenset(row["s"].value for row in asker.rows("page_linked") if row["s"].kind == "iri"),
    )


def more_of(asker: Asker, iri: str, own: Facts, language: str = LANGUAGE) -> tuple[Row, ...]:
    """The rows of a thing: its further properties, then what links to it. Asks one question, if anything does."""
    near = asker.facts("page_more", thing=iri) if iri in linked(asker) else Facts()
    rows = []
    for name in OWN:
        values = [term for term, graphs in own.said(iri, tw(name)) if is_open(graphs)]
        things = [
            _thing(asker, near, term.value, language) if term.kind == "iri" else Named("", term.value, term.language)
            for term in values
        ]
        if things:
            title = term_named(asker, tw(name), language)
            rows.append(Row(title.label if title is not None else name, tw(name), _sorted(things)))
    shown: set[str] = set()
    for name, title_ in LINKS.items():
        subjects = near.pointing(tw(name), iri)
        shown.update(subjects)
        if subjects:
            rows.append(Row(title_, tw(name), _sorted([_thing(asker, near, other, language) for other in subjects])))
    for start, title_, name in PARTS:
        subjects = [other for other in near.subjects() if other.startswith(ID + start) and other not in shown]
        if subjects:
            rows.append(Row(title_, tw(name), _sorted([_thing(asker, near, other, language) for other in subjects])))
    return tuple(rows)


def _thing(asker: Asker, near: Facts, iri: str, language: str) -> Named:
    if iri.startswith((TW, TWV)):
        return term_called(asker, iri, language)
    owner = iri.partition("#")[0]
    label = label_in(near, owner, language)
    if label is not None:
        return Named(iri, label.text, label.language)
    end = owner.removeprefix(ID).partition("/")[2] or short(owner)
    return Named(iri, end.replace("--", " – ") if owner.startswith(f"{ID}agreement/") else end)


def _sorted(things: list[Named]) -> tuple[Named, ...]:
    return tuple(sorted(things, key=lambda thing: (thing.label.casefold(), thing.iri)))
