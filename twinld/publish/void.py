"""The description of the data set in VoID: its size, classes, properties and links, its dumps and its endpoint.

Source: Describing Linked Datasets with the VoID Vocabulary (W3C Interest Group Note, 3 March 2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from twinld.publish.catalog import DESCRIPTION, TITLE, Edition, File, Where, download
from twinld.terms import Triple, date, integer, iri, lang, text
from twinld.vocab import CC0, DCTERMS, FOAF, OWL, RDF, TW, VOID

LINKS: Final = {
    f"{TW}wikidataItem": ("wikidata", "Wikidata", "http://www.wikidata.org/entity/"),
    f"{TW}p190Item": ("wikidata-p190", "Wikidata, items that hold the partnerships", "http://www.wikidata.org/entity/"),
    f"{TW}geonamesFeature": ("geonames", "GeoNames", "https://sws.geonames.org/"),
}
"""Properties that lead to one other data set: name of the linkset, title and IRI space of that set."""
LINKSETS: Final = {
    "twinld-links-wikidata.nt": f"{TW}wikidataItem",
    "twinld-links-geonames.nt": f"{TW}geonamesFeature",
}
"""The dumps that are a linkset of owl:sameAs each: the property of LINKS that leads to the same data set."""


def void(
    release: Edition,
    where: Where,
    properties: Mapping[str, int],
    classes: Mapping[str, int],
    formats: Mapping[str, str],
) -> list[Triple]:
    """The description as triples, sorted.

    `properties` and `classes` count triples and things of the default graph by IRI; `formats` are the IRIs of
    W3C's formats by media type.
    """
    document, node = iri(where.page(".well-known/void")), iri(where.iri("dataset"))
    found = [
        (document, f"{RDF}type", iri(f"{VOID}DatasetDescription")),
        (document, f"{FOAF}primaryTopic", node),
        (document, f"{DCTERMS}title", lang(f"VoID description: {TITLE}", "en")),
        (node, f"{RDF}type", iri(f"{VOID}Dataset")),
        (node, f"{DCTERMS}title", lang(TITLE, "en")),
        (node, f"{DCTERMS}description", lang(DESCRIPTION, "en")),
        (node, f"{DCTERMS}identifier", text(where.iri("dataset"))),
        (node, f"{DCTERMS}modified", date(release.day)),
        (node, f"{DCTERMS}license", iri(CC0)),
        (node, f"{FOAF}homepage", iri(where.page("dataset"))),
        (node, f"{VOID}sparqlEndpoint", iri(where.page("sparql"))),
        (node, f"{VOID}uriSpace", text(where.base)),
        (node, f"{VOID}vocabulary", iri(where.iri("ns#"))),
        (node, f"{VOID}rootResource", iri(where.iri("ns"))),
        (node, f"{VOID}triples", integer(sum(properties.values()))),
        (node, f"{VOID}properties", integer(len(properties))),
        (node, f"{VOID}classes", integer(len(classes))),
    ]
    for file in release.files:
        if file.licence == CC0 and file.media_type in formats and _of_the_set(file, where):
            found.append((node, f"{VOID}dataDump", iri(download(release.name, file.name, where))))
            found.append((node, f"{VOID}feature", iri(formats[file.media_type])))
    for term, number in properties.items():
        part = iri(where.iri(f"dataset#property={quote(term, safe='')}"))
        found += [
            (node, f"{VOID}propertyPartition", part),
            (part, f"{VOID}property", iri(term)),
            (part, f"{VOID}triples", integer(number)),
        ]
    for term, number in classes.items():
        part = iri(where.iri(f"dataset#class={quote(term, safe='')}"))
        found += [
            (node, f"{VOID}classPartition", part),
            (part, f"{VOID}class", iri(term)),
            (part, f"{VOID}entities", integer(number)),
        ]
    for term, (name, title, space) in LINKS.items():
        predicate = term.replace(TW, where.iri("ns#"), 1)
        if predicate in properties:
            found += _linkset(where, node, name, title, space, predicate, properties[predicate])
    for file in release.files:
        if file.name in LINKSETS and file.triples is not None:
            name, title, space = LINKS[LINKSETS[file.name]]
            found += _linkset(where, node, f"{name}-same", title, space, f"{OWL}sameAs", file.triples, name)
            linkset = iri(where.iri(f"dataset#links-{name}-same"))
            found += [
                (linkset, f"{VOID}dataDump", iri(download(release.name, form.name, where)))
                for form in release.files
                if file.name in {form.name, form.of}
            ]
    return sorted({(s, iri(p), o) for s, p, o in found})


def _of_the_set(file: File, where: Where) -> bool:
    """Whether a file holds the data set itself: not one of its facts in another model, nor links beside it."""
    return not file.conforms_to or where.iri("ns") in file.conforms_to


def _linkset(
    where: Where, node: str, name: str, title: str, space: str, predicate: str, number: int, target_name: str = ""
) -> list[tuple[str, str, str]]:
    """A linkset to the data set `target_name`, which is called as the linkset is if it has no name of its own."""
    linkset, target = iri(where.iri(f"dataset#links-{name}")), iri(where.iri(f"dataset#target-{target_name or name}"))
    return [
        (node, f"{VOID}subset", linkset),
        (linkset, f"{RDF}type", iri(f"{VOID}Linkset")),
        (linkset, f"{DCTERMS}title", lang(f"Links to {title}", "en")),
        (linkset, f"{VOID}linkPredicate", iri(predicate)),
        (linkset, f"{VOID}subjectsTarget", node),
        (linkset, f"{VOID}objectsTarget", target),
        (linkset, f"{VOID}triples", integer(number)),
        (target, f"{RDF}type", iri(f"{VOID}Dataset")),
        (target, f"{DCTERMS}title", lang(title, "en")),
        (target, f"{VOID}uriSpace", text(space)),
    ]
