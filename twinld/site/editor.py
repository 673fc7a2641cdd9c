"""What a query editor completes and offers: prefixes, terms that the data has, concepts, examples, formats."""

from __future__ import annotations

from typing import Any, Final

from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, RESULT_FORMATS
from twinld.site.ask import Asker
from twinld.site.endpoint import counted, examples
from twinld.site.more import term_facts
from twinld.store import Store
from twinld.vocab import BASE, OWL, PREFIXES, RDF, SKOS, TW, rebase

_PROPERTIES: Final = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_ANYBODY: Final = "Everybody"


def editor_words(store: Store, base: str = BASE) -> dict[str, Any]:
    """A document for the editor: `classes`, `properties` and `concepts` are IRIs, those of ours and those in use.

    `prefixes` are ours, `examples` have their question, text and the `group` of those who ask it.
    """
    facts = term_facts(Asker(store, base))

    def of_type(*names: str) -> set[str]:
        return {iri for name in names for iri in facts.pointing(f"{RDF}type", name)}

    def used(name: str) -> set[str]:
        return {row["term"].value for row in counted(store, name)}

    classes = {iri for iri in of_type(f"{OWL}Class") if iri.startswith(TW)}
    properties = {iri for iri in of_type(*(f"{OWL}{name}" for name in _PROPERTIES)) if iri.startswith(TW)}
    return {
        "base": base,
        "prefixes": {prefix: rebase(namespace, base) for prefix, namespace in PREFIXES.items()},
        "classes": sorted({rebase(iri, base) for iri in classes} | used("void_classes")),
        "properties": sorted({rebase(iri, base) for iri in properties} | used("void_properties")),
        "concepts": sorted(rebase(iri, base) for iri in of_type(f"{SKOS}Concept")),
        "examples": [
            {"name": one.name, "question": one.question, "text": one.text, "group": group_of(one.asked_by)}
            for one in sorted(examples(base), key=lambda one: (one.asked_by != "", one.asked_by, one.name))
        ],
        "formats": [
            {"title": row.title, "extension": row.extension, "kind": "results" if row in RESULT_FORMATS else "graph"}
            for row in (*RESULT_FORMATS, *GRAPH_FORMATS, *DATASET_FORMATS)
        ],
    }


def group_of(asked_by: str) -> str:
    """The heading under which a question stands, by who asks it."""
    return asked_by[:1].upper() + asked_by[1:] if asked_by else _ANYBODY
