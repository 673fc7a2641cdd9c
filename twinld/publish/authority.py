"""The codes that a catalogue of DCAT-AP uses: EU authority tables, licences, media types, each with its kind.

A portal validates offline, so a catalogue says of every code what it is: its class, its scheme, its label
(DCAT-AP 3.0.1, controlled vocabularies).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from twinld.terms import Triple, iri, lang, typed
from twinld.vocab import DCAT, DCTERMS, GEO, RDF, SKOS

EU: Final = "http://publications.europa.eu/resource/authority/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
_CREATIVE_COMMONS: Final = "https://creativecommons.org/"


@dataclass(frozen=True)
class Code:
    """A code: its IRI, English label, class in Dublin Core ("" for none beside skos:Concept), scheme.

    `same` is another IRI of the same thing, `type` the ADMS type of a licence, `box` what a continent lies in,
    in whole degrees: west, south, east, north.
    """

    iri: str
    label: str
    kind: str = ""
    scheme: str = ""
    same: str = ""
    type: str = ""
    box: tuple[int, int, int, int] | None = None

    def triples(self) -> Iterator[Triple]:
        """What a catalogue says of the code."""
        node = iri(self.iri)
        if self.kind:
            yield node, iri(f"{RDF}type"), iri(f"{DCTERMS}{self.kind}")
        if self.scheme:
            yield node, iri(f"{RDF}type"), iri(f"{SKOS}Concept")
            yield node, iri(f"{SKOS}inScheme"), iri(self.scheme)
            yield node, iri(f"{SKOS}prefLabel"), lang(self.label, "en")
            yield iri(self.scheme), iri(f"{RDF}type"), iri(f"{SKOS}ConceptScheme")
            yield iri(self.scheme), iri(f"{DCTERMS}title"), lang(SCHEMES[self.scheme], "en")
        elif self.label and self.kind != "MediaType":
            yield node, iri(f"{DCTERMS}title"), lang(self.label, "en")
        if self.same:
            yield node, iri(f"{SKOS}exactMatch"), iri(self.same)
        if self.type:
            yield node, iri(f"{DCTERMS}type"), iri(self.type)
            yield iri(self.type), iri(f"{RDF}type"), iri(f"{SKOS}Concept")
            yield iri(self.type), iri(f"{SKOS}prefLabel"), lang(_TYPES[self.type.removeprefix(_TYPE)], "en")
            yield iri(self.type), iri(f"{SKOS}inScheme"), iri(f"{_TYPE}1.0")
            yield iri(f"{_TYPE}1.0"), iri(f"{RDF}type"), iri(f"{SKOS}ConceptScheme")
            yield iri(f"{_TYPE}1.0"), iri(f"{DCTERMS}title"), lang("Licence type", "en")
        if self.box is not None:
            yield from _place(node, *self.box)


def _place(node: str, west: int, south: int, east: int, north: int) -> Iterator[Triple]:
    """Where a continent lies, coarsely (well-known text writes longitude first: OGC 06-103r4, 7.2)."""
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ",".join(f"{x} {y}" for x, y in corners)
    yield node, iri(f"{DCAT}bbox"), typed(f"POLYGON(({ring}))", f"{GEO}wktLiteral")
    middle = f"POINT({(west + east) // 2} {(south + north) // 2})"
    yield node, iri(f"{DCAT}centroid"), typed(middle, f"{GEO}wktLiteral")


_TYPE: Final = "http://purl.org/adms/licencetype/"
_TYPES: Final = {
    "PublicDomain": "public domain",
    "Attribution": "attribution",
    "ViralEffect-ShareAlike": "share alike",
    "OtherRestrictiveClauses": "other restrictive clauses",
    "UnknownIPR": "unknown rights",
}


SCHEMES: Final = {
    f"{EU}data-theme": "Data theme",
    f"{EU}file-type": "File type",
    f"{EU}frequency": "Frequency",
    f"{EU}language": "Language",
    f"{EU}licence": "Licence",
    f"{EU}access-right": "Access right",
    f"{EU}continent": "Continent",
    "http://purl.org/adms/publishertype/1.0": "Publisher type",
    f"{EU}planned-availability": "Planned availability",
}


def _eu(table: str, code: str, label: str, kind: str = "", same: str = "") -> Code:
    return Code(f"{EU}{table}/{code}", label, kind, f"{EU}{table}", same)


def _continent(name: str, *box: int) -> Code:
    west, south, east, north = box
    return replace(_eu("continent", name.upper(), name, "Location"), box=(west, south, east, north))


def _licence(code: str, label: str, same: str, type_: str) -> Code:
    return replace(_eu("licence", code, label, "LicenseDocument", same), type=_TYPE + type_)


THEMES: Final = (
    _eu("data-theme", "INTR", "International issues"),
    _eu("data-theme", "REGI", "Regions and cities"),
    _eu("data-theme", "GOVE", "Government and public sector"),
)
NON_PROFIT: Final = Code(
    "http://purl.org/adms/publishertype/NonProfitOrganisation",
    "non-profit organisation",
    scheme="http://purl.org/adms/publishertype/1.0",
)
IRREGULAR: Final = _eu("frequency", "IRREG", "irregular", "Frequency")
PUBLIC: Final = _eu("access-right", "PUBLIC", "public", "RightsStatement")
STABLE: Final = _eu("planned-availability", "STABLE", "stable")
CONTINENTS: Final = (
    _continent("Africa", -18, -35, 52, 38),
    _continent("America", -170, -56, -34, 84),
    _continent("Asia", 25, -11, 180, 82),
    _continent("Europe", -32, 34, 67, 82),
    _continent("Oceania", 110, -48, 180, 20),
)
LANGUAGES: Final = {
    "en": _eu("language", "ENG", "English", "LinguisticSystem"),
    "de": _eu("language", "DEU", "German", "LinguisticSystem"),
    "fr": _eu("language", "FRA", "French", "LinguisticSystem"),
    "es": _eu("language", "SPA", "Spanish", "LinguisticSystem"),
    "ja": _eu("language", "JPN", "Japanese", "LinguisticSystem"),
    "ru": _eu("language", "RUS", "Russian", "LinguisticSystem"),
    "zh": _eu("language", "ZHO", "Chinese", "LinguisticSystem"),
}
"""Languages in which the concepts of the data set have labels; names of places are in many more."""

LICENCES: Final = {
    code.same: code
    for code in (
        _licence("CC0", "CC0 1.0", f"{_CREATIVE_COMMONS}publicdomain/zero/1.0/", "PublicDomain"),
        _licence("CC_BY_4_0", "CC BY 4.0", f"{_CREATIVE_COMMONS}licenses/by/4.0/", "Attribution"),
        _licence("CC_BYSA_4_0", "CC BY-SA 4.0", f"{_CREATIVE_COMMONS}licenses/by-sa/4.0/", "ViralEffect-ShareAlike"),
        _licence("ODC_BL", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/", "ViralEffect-ShareAlike"),
        _licence("ODC_BY", "ODC-By 1.0", "https://opendatacommons.org/licenses/by/1-0/", "Attribution"),
    )
}
"""EU codes by the IRI of the licence itself; a licence that is not here stands under its own IRI."""


def _key(address: str) -> str:
    """An address without what differs between ways to write it: scheme, last slash, a version with a dash."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/").replace("1-0", "1.0")


_BY_KEY: Final = {_key(address): code for address, code in LICENCES.items()}
_OTHER_LICENCES: Final = {
    f"{_CREATIVE_COMMONS}licenses/by/3.0/": ("CC BY 3.0", "Attribution"),
    f"{_CREATIVE_COMMONS}licenses/by-sa/3.0/": ("CC BY-SA 3.0", "ViralEffect-ShareAlike"),
    f"{_CREATIVE_COMMONS}publicdomain/mark/1.0/": ("Public Domain Mark 1.0", "PublicDomain"),
    "http://rightsstatements.org/vocab/InC/1.0/": ("In Copyright", "OtherRestrictiveClauses"),
    "http://rightsstatements.org/vocab/UND/1.0/": ("Copyright Undetermined", "UnknownIPR"),
}

_FILE_TYPES: Final = {
    "text/turtle": ("RDF_TURTLE", "RDF Turtle"),
    "application/n-triples": ("RDF_N_TRIPLES", "RDF N-Triples"),
    "application/n-quads": ("RDF_N_QUADS", "RDF N-Quads"),
    "application/trig": ("RDF_TRIG", "RDF TriG"),
    "application/rdf+xml": ("RDF_XML", "RDF XML"),
    "application/ld+json": ("JSON_LD", "JSON-LD"),
    "application/csvm+json": ("JSON_LD", "JSON-LD"),
    "application/json": ("JSON", "JSON"),
    "application/vnd.datapackage+json": ("JSON", "JSON"),
    "application/geo+json": ("GEOJSON", "GeoJSON"),
    "text/csv": ("CSV", "CSV"),
    "text/tab-separated-values": ("TSV", "TSV"),
    "application/graphml+xml": ("XML", "XML"),
    "application/xml": ("XML", "XML"),
    "application/zip": ("ZIP", "ZIP"),
}
_NOT_REGISTERED: Final = {"application/graphml+xml": "application/xml"}
"""Media types that IANA doesn't list, and the nearest that it does."""
COMPRESSIONS: Final = {"gzip": "application/gzip", "zstd": "application/zstd", "zip": "application/zip"}


def licence(address: str) -> Code:
    """The code of a licence: that of the EU where there is one, else its own IRI."""
    code = _BY_KEY.get(_key(address))
    if code is not None:
        return code
    label, type_ = _OTHER_LICENCES.get(address, (address, "UnknownIPR"))
    return Code(address, label, "LicenseDocument", type=_TYPE + type_)


def media_type(name: str) -> Code:
    """The code of a media type: its page in the registry of IANA."""
    registered = _NOT_REGISTERED.get(name, name)
    return Code(f"{IANA}{registered}", registered, "MediaType")


def file_type(name: str) -> Code | None:
    """The EU code of the kind of file that a media type means; None when the table has none."""
    found = _FILE_TYPES.get(name)
    return _eu("file-type", found[0], found[1], "MediaTypeOrExtent") if found is not None else None
