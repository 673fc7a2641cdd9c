"""The page of the ontology, and the redirects of its namespace."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, render_template

from twinld import site
from twinld.site import later

from ..answers import alternates, negotiate, respond
from ..context import context
from ..languages import texts
from ..negotiation import DATA_PAGE, suffix_of
from .things import see_other

GROUPS: Final = {
    "Classes": later("%(number)s classes"),
    "Object properties": later("%(number)s object properties"),
    "Datatype properties": later("%(number)s datatype properties"),
    "Annotation properties": later("%(number)s annotation properties"),
}
"""What the sentence at the top says of each group of terms, by its title."""
RELATIONS: Final = (
    later("Classes"), later("Object properties"), later("Datatype properties"), later("Annotation properties"),
    later("subclass of"), later("subproperty of"), later("domain"), later("range"), later("used on"), later("values"),
    later("see also"), later("subclasses"), later("has"), later("is the value of"),
)  # fmt: skip
"""The titles of groups and of relations between terms."""


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

    chosen = texts().language

    def page() -> str:
        found = site.ontology(shared.store, language=chosen, base=shared.base)
        given = {"page": found, "path": "/ontology", "formats": DATA_PAGE}
        body = shared.keep(
            ("ontology", chosen), lambda: render_template("_ontology.html", sentence=sentence(found), **given)
        )
        return render_template("ontology.html", body=body, **given)

    return respond(offer, page, links=alternates("/ontology"))


def sentence(page: site.OntologyPage) -> str:
    """How much there is in the ontology, in the language of the page."""
    said = texts()
    counts = [said.gettext(GROUPS[title]) % {"number": said.number(len(terms))} for title, terms in page.groups]
    schemes = said.ngettext("%(number)s vocabulary", "%(number)s vocabularies", len(page.schemes))
    counts.append(schemes % {"number": said.number(len(page.schemes))})
    form = said.gettext("This ontology, version %(version)s, has %(terms)s.")
    return form % {"version": page.version, "terms": said.listing(counts)}
