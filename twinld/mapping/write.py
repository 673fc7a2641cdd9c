"""Things to triples (docs/data-model.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from twinld.iris import agreement_iri, iri_of, place_iri, record_iri, source_iri
from twinld.model import Agreement, Claim, Place, Source, SourceRecord, Verdict
from twinld.terms import Triple, date, decimal, edtf, integer, iri, lang, text, typed
from twinld.vocab import (
    DCTERMS,
    GEONAMES,
    ID,
    PQ,
    PR,
    PROV,
    QB,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    TW,
    TWV,
    WD,
    WDS,
    WDT,
    WGS,
    XSD,
)

TYPE: Final = f"<{RDF}type>"
LABEL: Final = f"<{RDFS}label>"
LAT: Final = f"<{WGS}lat>"
LONG: Final = f"<{WGS}long>"


def tw(name: str) -> str:
    """A term of our ontology, as N-Triples text."""
    return f"<{TW}{name}>"


PLACE, COUNTRY, AGREEMENT = tw("Place"), tw("Country"), tw("Agreement")
RECORD, CLAIM, SOURCE = tw("SourceRecord"), tw("Claim"), tw("Source")
ITEM, P190_ITEM, ALT = tw("wikidataItem"), tw("p190Item"), tw("altIdentifier")
IN_COUNTRY, POPULATION, GEONAMES_FEATURE = tw("country"), tw("population"), tw("geonamesFeature")
ISO_CODE, KIND, PARTY = tw("isoCode"), tw("kind"), tw("party")
START, END, DATE = tw("start"), tw("end"), tw("date")
STATED_IN, LOCATOR, RECORD_OF = tw("statedIn"), tw("locator"), tw("recordOf")
STATED_BY, STATEMENT = tw("statedBySide"), tw("sourceStatement")
SUBJECT, PREDICATE = tw("claimSubject"), tw("claimPredicate")
VALUE, OBJECT, FROM = tw("claimValue"), tw("claimObject"), tw("fromRecord")
VERDICT, NOTE, ACCORDING_TO = tw("verdict"), tw("reviewNote"), tw("accordingTo")
EXTRACTED, ATTRIBUTION = tw("extracted"), tw("attribution")
QUOTE, OFFSET, READ_ON, SHA256 = tw("quote"), tw("quoteOffset"), tw("readOn"), tw("sha256")
LOCAL_TERM, THEME = tw("localTerm"), tw("theme")
ALIAS: Final = f"<{SKOS}altLabel>"
REVISION: Final = f"<{SCHEMA}version>"
RETRIEVED: Final = tw("retrievedAt")
AS_OF: Final = f"<{PQ}P585>"
REFERENCE: Final = f"<{PROV}wasDerivedFrom>"

LEVEL: Final = tw("level")
MORE: Final = {
    "P131": (tw("partOf"), "place"),
    "P281": (f"<{WDT}P281>", "text"),
    "P463": (f"<{WDT}P463>", "item"),
    "P571": (tw("inception"), "date"),
    "P576": (tw("dissolved"), "date"),
    "P856": (f"<{SCHEMA}url>", "address"),
    "P1366": (tw("replacedBy"), "place"),
}
"""Further fields of a place by their Wikidata property: the predicate, and what a value is."""


def item_term(item: str) -> str:
    """A Wikidata item as a term.

    >>> item_term("Q100")
    '<http://www.wikidata.org/entity/Q100>'
    """
    return f"<{WD}{item}>"


def place_triples(place: Place) -> Iterator[Triple]:
    """A place as it stands in graph curated (or facts/<source>)."""
    subject = f"<{place_iri(place.slug)}>"
    yield subject, TYPE, PLACE
    if place.iso_code is not None:
        yield subject, TYPE, COUNTRY
        yield subject, ISO_CODE, text(place.iso_code)
    for tag, label in place.labels:
        yield subject, LABEL, lang(label, tag)
    if place.item is not None:
        yield subject, ITEM, item_term(place.item)
    if place.p190_item is not None:
        yield subject, P190_ITEM, item_term(place.p190_item)
    for item in place.alt_identifiers:
        yield subject, ALT, item_term(item)
    if place.latitude is not None and place.longitude is not None:
        yield subject, LAT, decimal(place.latitude)
        yield subject, LONG, decimal(place.longitude)
    if place.country is not None:
        yield subject, IN_COUNTRY, f"<{place_iri(place.country)}>"
    if place.population is not None:
        yield subject, POPULATION, integer(place.population)
    if place.geonames is not None:
        yield subject, GEONAMES_FEATURE, f"<{GEONAMES}{place.geonames}/>"
    for tag, alias in place.aliases:
        yield subject, ALIAS, lang(alias, tag)
    for predicate, value in place.more:
        yield subject, predicate, value


def agreement_triples(agreement: Agreement) -> Iterator[Triple]:
    """An agreement as it stands in graph curated (or facts/<source>)."""
    subject = f"<{agreement_iri(agreement.slug)}>"
    yield subject, TYPE, AGREEMENT
    yield subject, KIND, f"<{TWV}kind-{agreement.kind}>"
    for party in agreement.parties:
        yield subject, PARTY, f"<{place_iri(party)}>"
    for organisation in agreement.organisations:
        yield subject, PARTY, f"<{iri_of('organisation', organisation)}>"
    if agreement.local_term is not None:
        yield subject, LOCAL_TERM, f"<{TWV}term-{agreement.local_term}>"
    for theme in agreement.themes:
        yield subject, THEME, f"<{TWV}theme-{theme}>"
    for predicate, value in ((START, agreement.start), (END, agreement.end), (DATE, agreement.date)):
        if value is not None:
            yield subject, predicate, edtf(value.edtf)


def record_triples(record: SourceRecord) -> Iterator[Triple]:
    """A source record as it stands in graph source/<name>; its words: `quote_triples`."""
    subject = f"<{record_iri(record.source, record.key)}>"
    yield subject, TYPE, RECORD
    yield subject, STATED_IN, f"<{source_iri(record.source)}>"
    yield subject, LOCATOR, text(record.locator)
    if record.record_of is not None:
        yield subject, RECORD_OF, f"<{record.record_of}>"
    if record.stated_by is not None:
        yield subject, STATED_BY, f"<{place_iri(record.stated_by)}>"
    if record.read_on is not None:
        yield subject, READ_ON, date(record.read_on)
    if record.statement is not None:
        yield subject, STATEMENT, iri(WDS + record.statement.replace("$", "-", 1))
    if record.as_of is not None:
        yield subject, AS_OF, edtf(record.as_of.edtf)
    if record.provenance is not None:
        yield subject, REVISION, integer(record.provenance.revision)
        yield subject, RETRIEVED, typed(record.provenance.retrieved, f"{XSD}dateTime")
        for number, reference in enumerate(record.provenance.references, 1):
            node = f"{subject[:-1]}#reference-{number}>"
            yield subject, REFERENCE, node
            for prop, value in reference:
                yield node, f"<{PR}{prop}>", reference_term(prop, value)


def population_triples(record: SourceRecord, place: str, population: str) -> Iterator[Triple]:
    """The population of a place (both as terms) at the time that a record is true of: a Statistic, in graph wikidata.

    An observation of the data cube of `ontology/align/cube.ttl`; a figure of unknown date is none.
    """
    record_term = f"<{record_iri(record.source, record.key)}>"
    subject = f"{record_term[:-1]}#population-statistic>"
    yield subject, TYPE, tw("Statistic")
    yield subject, TYPE, f"<{QB}Observation>"
    yield subject, f"<{QB}dataSet>", f"<{ID}dataset/statistics>"
    yield subject, tw("about"), place
    yield subject, tw("indicator"), f"<{TWV}indicator-inhabitants>"
    yield subject, tw("bound"), f"<{TWV}bound-exact>"
    yield subject, tw("value"), population
    if record.as_of is not None and record.as_of.year is not None:
        yield subject, tw("refYear"), integer(record.as_of.year)
    yield subject, ACCORDING_TO, record_term


def reference_term(prop: str, value: str) -> str:
    """A part of a reference as a term: an address or an item as an IRI, a date as a partial date."""
    if prop == "P854":
        return iri(value)
    return edtf(value) if prop == "P813" else item_term(value)


def quote_triples(record: SourceRecord, language: str) -> Iterator[Triple]:
    """The words of a record, which are its source's: in the graph of a document, or in graph quotations."""
    subject = f"<{record_iri(record.source, record.key)}>"
    if record.quote is not None:
        yield subject, QUOTE, lang(record.quote, language)
    if record.offset is not None:
        yield subject, OFFSET, integer(record.offset)


def claim_iri(claim: Claim) -> str:
    """The IRI of a claim: a fragment of its record."""
    return f"{record_iri(*claim.record)}#{claim.name}"


def claim_triples(claim: Claim) -> Iterator[Triple]:
    """A claim as it stands in graph source/<name>."""
    subject = f"<{claim_iri(claim)}>"
    yield subject, TYPE, CLAIM
    yield subject, SUBJECT, claim.subject
    yield subject, PREDICATE, claim.predicate
    yield subject, OBJECT if claim.value.startswith("<") else VALUE, claim.value
    yield subject, FROM, f"<{record_iri(*claim.record)}>"


def source_triples(source: Source) -> Iterator[Triple]:
    """A source as it stands in graph curated."""
    subject = f"<{source_iri(source.name)}>"
    yield subject, TYPE, SOURCE
    if source.kind != "Source":
        yield subject, TYPE, tw(source.kind)
    yield subject, LABEL, lang(source.title, "en")
    if source.publisher:
        yield subject, f"<{DCTERMS}publisher>", text(source.publisher)
    yield subject, f"<{DCTERMS}source>", iri(source.homepage)
    yield subject, f"<{DCTERMS}license>", iri(source.licence)
    if source.description:
        yield subject, f"<{DCTERMS}description>", lang(source.description, "en")
    if source.rights:
        yield subject, f"<{DCTERMS}rights>", lang(source.rights, "en")
    if source.issued is not None:
        yield subject, f"<{DCTERMS}issued>", edtf(source.issued.edtf)
    if source.sha256:
        yield subject, SHA256, text(source.sha256)
    yield subject, EXTRACTED, edtf(source.extracted.edtf)
    if source.attribution:
        yield subject, ATTRIBUTION, text(source.attribution)


def verdict_triples(verdict: Verdict) -> Iterator[Triple]:
    """A verdict on a record as it stands in graph review."""
    subject = f"<{record_iri(verdict.source, verdict.key)}>"
    yield subject, VERDICT, f"<{TWV}verdict-{verdict.verdict}>"
    yield subject, NOTE, lang(verdict.note, "en")
    yield subject, ACCORDING_TO, f"<{source_iri(verdict.according_to)}>"
    if verdict.read_on:
        yield subject, f"<{DCTERMS}date>", typed(verdict.read_on, f"{XSD}date")
