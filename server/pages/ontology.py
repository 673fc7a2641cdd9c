"""The page of the ontology, and the redirects of its namespace."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, render_template

from twinld import site

from ..answers import alternates, language_of, negotiate, respond
from ..context import context
from ..negotiation import DATA_PAGE, suffix_of
from .things import see_other

LANGUAGE_NAMES: Final = {"en": "English", "de": "Deutsch"}
"""Languages in which the page of the ontology is written, and their own names for themselves."""
WORDS: Final = {
    "Link to": "Verweis auf",
    "Terms": "Begriffe",
    "Classes": "Klassen",
    "Object properties": "Objekteigenschaften",
    "Datatype properties": "Dateneigenschaften",
    "Annotation properties": "Anmerkungseigenschaften",
    "Vocabularies": "Vokabulare",
    "Namespace": "Namensraum",
    "prefix": "Präfix",
    "version": "Version",
    "before it": "davor",
    "example": "Beispiel",
    "subclass of": "Unterklasse von",
    "subproperty of": "Untereigenschaft von",
    "domain": "Definitionsbereich",
    "range": "Wertebereich",
    "used on": "bei",
    "values": "Werte",
    "see also": "siehe auch",
    "subclasses": "Unterklassen",
    "has": "hat",
    "is the value of": "ist Wert von",
    "used": "verwendet",
    "status": "Stand",
    "Class diagram": "Klassendiagramm",
    "Classes and how they are linked": "Die Klassen und ihre Beziehungen",
    "The same in words": "Dasselbe in Worten",
    "diagram": "Jeder Kasten ist eine Klasse: unter ihrem Namen ihre Unterklassen, dann ihre Beziehungen und wohin "
    "sie führen.",
}
"""The page's own words in German; in English the keys are the words, but for "diagram"."""
ENGLISH: Final = {key: key for key in WORDS} | {
    "diagram": "Each box is a class: under its name its subclasses, then its relations and where they lead."
}
TITLES: Final = {"en": ENGLISH, "de": WORDS}


def register(app: Flask) -> None:
    """Add the routes; a version of the ontology leads to the one that is here."""
    app.add_url_rule("/ns", "ns", lambda: see_other("/ontology"))
    app.add_url_rule("/ns/<version>", "ns_version", lambda version: see_other("/ontology"))  # noqa: ARG005
    app.add_url_rule("/ontology", "ontology", ontology, defaults={"extension": ""})
    app.add_url_rule("/ontology.<extension>", "ontology_as", ontology)


def ontology(extension: str) -> Response:
    """All classes and properties on one page, each at its anchor; as data, the graph of the ontology."""
    shared = context()
    suffix = suffix_of(extension, DATA_PAGE, "the ontology is")
    offer = negotiate(DATA_PAGE, suffix)
    if isinstance(offer, Response):
        return offer
    row = offer.format
    if row is not None:
        return respond(
            offer,
            lambda: site.write(site.ontology_graph(shared.store, base=shared.base), row, shared.base),
            links=alternates("/ontology"),
        )

    chosen = language_of(list(LANGUAGE_NAMES))

    def page() -> str:
        found = site.ontology(shared.store, language=chosen, base=shared.base)
        given = {
            "page": found,
            "languages": list(LANGUAGE_NAMES),
            "language_names": LANGUAGE_NAMES,
            "path": "/ontology",
            "formats": DATA_PAGE,
        }
        body = shared.keep(
            ("ontology", chosen),
            lambda: render_template("_ontology.html", sentence=sentence(found), w=TITLES[chosen], **given),
        )
        return render_template("ontology.html", body=body, **given)

    return respond(offer, page, links=alternates("/ontology"), in_language=chosen)


def sentence(page: site.OntologyPage) -> str:
    """How much there is in the ontology, in the language of the page."""
    counts = [f"{len(terms)} {TITLES[page.language][title]}" for title, terms in page.groups]
    counts.append(f"{len(page.schemes)} {TITLES[page.language]['Vocabularies']}")
    if page.language == "de":
        return f"Diese Ontologie, Version {page.version}, hat {', '.join(counts[:-1])} und {counts[-1]}."
    return f"This ontology, version {page.version}, has {', '.join(counts[:-1])} and {counts[-1]}.".lower().capitalize()
