"""The catalogue of a release in DCAT-AP 3.0.1: what a portal harvests, made from the manifest alone.

One dcat:Dataset, one dcat:Distribution a file, one dcat:DataService an interface that is really served. IRIs hang
on the base and hold no release, so that a portal finds the same things in every release; what is fetched is at
the public address of the server: `dcat:accessURL` is the newest file of a name, `dcat:downloadURL` the file of
this release, whose size and checksum stand beside it. Everything that is pointed at says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from twinld.errors import UsageError
from twinld.formats import find_format
from twinld.publish.authority import (
    COMPRESSIONS,
    CONTINENTS,
    EU,
    IRREGULAR,
    LANGUAGES,
    NON_PROFIT,
    PUBLIC,
    STABLE,
    THEMES,
    Code,
    file_type,
    licence,
    media_type,
)
from twinld.terms import Triple, date, iri, lang, text, typed
from twinld.vocab import CC0, DCAT, DCTERMS, FOAF, RDF, RDFS, SPDX, VCARD, VOID, XSD

TITLE: Final = "Twin cities of the world as linked open data"
DESCRIPTION: Final = (
    "Partnerships between the towns, cities and regions of the world: places, agreements, networks and the claims "
    "that sources make of them, each value with who states it and when it was read, as RDF with an ontology, "
    "vocabularies and shapes."
)
KEYWORDS: Final = (
    "twin cities", "sister cities", "town twinning", "city partnerships", "city diplomacy", "linked open data", "RDF",
    "SPARQL",
)  # fmt: skip
PUBLISHER: Final = "The twinld developers"
"""Who publishes a release whose build was not told (TWINLD_PUBLISHER)."""
_DCATAP: Final = "http://data.europa.eu/r5r/"
_PAGE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_MAIL: Final = re.compile(r"[^\s@:<>\"]+@[^\s@<>\"]+")
_SPARQL_PROTOCOL: Final = "http://www.w3.org/TR/sparql11-protocol/"
_OPENAPI: Final = "https://spec.openapis.org/oas/v3.1.0"


@dataclass(frozen=True)
class Where:
    """Where a release is served: `base` of its IRIs, public address `url` of its server; both end with a slash."""

    base: str
    url: str

    def iri(self, path: str) -> str:
        """An IRI of ours, which never changes."""
        return self.base + path

    def page(self, path: str) -> str:
        """An address at which something is fetched."""
        return self.url + path


@dataclass(frozen=True)
class File:
    """A file of a release, as the catalogue tells of it; `packing` is the media type of its packing, "" for none."""

    name: str
    title: str
    media_type: str
    packing: str
    licence: str
    bytes: int
    sha256: str
    conforms_to: tuple[str, ...] = ()
    of: str = ""
    triples: int | None = None


@dataclass(frozen=True)
class Edition:
    """A release for the catalogue: `name` is that of its folder, which no other has; `day` is YYYY-MM-DD.

    `since` is the earliest year of any agreement, None where none is known.
    """

    name: str
    day: str
    files: tuple[File, ...]
    publisher: str = PUBLISHER
    publisher_iri: str = ""
    contact: str = ""
    since: int | None = None
    version: str = ""


def edition(manifest: dict[str, Any], name: str, since: int | None = None) -> Edition:
    """A release by its manifest."""
    who = manifest.get("publisher") or {}
    return Edition(
        name,
        manifest["date"],
        tuple(_file(row) for row in manifest.get("files", ())),
        who.get("name") or PUBLISHER,
        who.get("iri") or "",
        manifest.get("contact") or "",
        since,
        manifest.get("version", ""),
    )


def _file(row: dict[str, Any]) -> File:
    name = row["name"]
    suffixes = PurePosixPath(name).suffixes
    packed = {".gz": "gzip", ".zst": "zstd", ".zip": "zip"}.get(suffixes[-1] if suffixes else "", "")
    packing = COMPRESSIONS.get(row.get("compression") or packed, "")
    conforms = row.get("conforms_to") or ()
    return File(
        name,
        row.get("title") or name,
        row.get("media_type") or _media_type(row.get("format", ""), suffixes),
        packing,
        row.get("licence") or "",
        row.get("bytes", 0),
        row.get("sha256", ""),
        (conforms,) if isinstance(conforms, str) else tuple(conforms),
        row.get("of") or "",
        row.get("triples"),
    )


def _media_type(format_name: str, suffixes: list[str]) -> str:
    for wanted in (format_name, *reversed(suffixes)):
        try:
            return find_format(wanted).media_type
        except UsageError:
            continue
    return "application/octet-stream"


def catalogue(release: Edition, where: Where) -> list[Triple]:
    """The catalogue that portals harvest: exactly one data set, its files and services; sorted."""
    node = iri(where.iri("catalog"))
    found = [
        (node, f"{RDF}type", iri(f"{DCAT}Catalog")),
        (node, f"{DCTERMS}title", lang("Catalogue of twinld", "en")),
        (node, f"{DCTERMS}description", lang("The data set of twinld, its files and its services.", "en")),
        (node, f"{DCTERMS}publisher", iri(_publisher(release, where))),
        (node, f"{DCTERMS}license", iri(licence(CC0).iri)),
        (node, f"{DCTERMS}issued", date(release.day)),
        (node, f"{DCTERMS}modified", date(release.day)),
        (node, f"{DCTERMS}language", iri(LANGUAGES["en"].iri)),
        (node, f"{DCAT}themeTaxonomy", iri(f"{EU}data-theme")),
        (node, f"{DCAT}dataset", iri(where.iri("dataset"))),
        (node, f"{FOAF}homepage", iri(where.url)),
        (iri(where.url), f"{RDF}type", iri(f"{FOAF}Document")),
        *((node, f"{DCTERMS}spatial", iri(code.iri)) for code in CONTINENTS),
        *((node, f"{DCAT}service", iri(service)) for service in (where.iri("sparql"), where.iri("dataset#api"))),
    ]
    return _sorted(found, [*licence(CC0).triples(), *LANGUAGES["en"].triples(), *dataset(release, where)])


def dataset(release: Edition, where: Where) -> list[Triple]:
    """The data set with its files and services, as a catalogue and its own page tell of it; sorted."""
    node = iri(where.iri("dataset"))
    period, provenance = iri(where.iri("dataset#temporal")), iri(where.iri("dataset#provenance"))
    found = [
        (node, f"{RDF}type", iri(f"{DCAT}Dataset")),
        (node, f"{RDF}type", iri(f"{VOID}Dataset")),
        (node, f"{DCTERMS}identifier", text(where.iri("dataset"))),
        (node, f"{DCTERMS}title", lang(TITLE, "en")),
        (node, f"{DCTERMS}description", lang(DESCRIPTION, "en")),
        *((node, f"{DCAT}keyword", lang(word, "en")) for word in KEYWORDS),
        *((node, f"{DCAT}theme", iri(code.iri)) for code in THEMES),
        *((node, f"{DCTERMS}language", iri(code.iri)) for code in LANGUAGES.values()),
        *((node, f"{DCTERMS}spatial", iri(code.iri)) for code in CONTINENTS),
        (node, f"{DCTERMS}temporal", period),
        (period, f"{RDF}type", iri(f"{DCTERMS}PeriodOfTime")),
        (period, f"{DCAT}endDate", date(release.day)),
        *((period, f"{DCAT}startDate", typed(f"{year:04d}", f"{XSD}gYear")) for year in _some(release.since)),
        (node, f"{DCTERMS}publisher", iri(_publisher(release, where))),
        (node, f"{DCTERMS}creator", iri(_publisher(release, where))),
        (node, f"{DCAT}contactPoint", iri(where.iri("dataset#contact"))),
        (node, f"{DCTERMS}accrualPeriodicity", iri(IRREGULAR.iri)),
        (node, f"{DCTERMS}accessRights", iri(PUBLIC.iri)),
        (node, f"{DCTERMS}modified", date(release.day)),
        (node, f"{DCAT}version", text(release.name)),
        (node, f"{DCTERMS}provenance", provenance),
        (provenance, f"{RDF}type", iri(f"{DCTERMS}ProvenanceStatement")),
        (provenance, f"{RDFS}label", lang(
            "Taken over from open sources, each named with the day it was read; resolved, inferred and checked "
            "by twinld.", "en")),
        (node, f"{DCTERMS}conformsTo", iri(where.iri("ns"))),
        (iri(where.iri("ns")), f"{RDF}type", iri(f"{DCTERMS}Standard")),
        (iri(where.iri("ns")), f"{DCTERMS}title", lang("The twinld ontology", "en")),
        (node, f"{DCAT}landingPage", iri(where.page("dataset"))),
        (node, f"{FOAF}page", iri(where.page("ontology"))),
        *((iri(where.page(page)), f"{RDF}type", iri(f"{FOAF}Document")) for page in ("dataset", "ontology")),
        *((node, f"{DCAT}distribution", iri(distribution(file.name, where))) for file in release.files),
    ]  # fmt: skip
    codes = [*THEMES, *LANGUAGES.values(), *CONTINENTS, IRREGULAR, PUBLIC]
    rest = [triple for code in codes for triple in code.triples()]
    rest += [*_agents(release, where), *_services(release, where)]
    for file in release.files:
        rest += _distribution(file, release, where)
    return _sorted(found, rest)


def distribution(name: str, where: Where) -> str:
    """The IRI of the distribution of a file: the same in every release."""
    return where.iri(f"dataset#{name}")


def download(release: str, name: str, where: Where) -> str:
    """Where a file of one release is fetched; it never changes there."""
    return where.page(f"dumps/{release}/{name}")


def _distribution(file: File, release: Edition, where: Where) -> Iterator[Triple]:
    node, checksum = iri(distribution(file.name, where)), iri(distribution(f"{file.name}-sha256", where))
    latest = where.page(f"dumps/latest/{file.name}")
    plain = [
        (f"{RDF}type", iri(f"{DCAT}Distribution")),
        (f"{DCTERMS}identifier", text(distribution(file.name, where))),
        (f"{DCTERMS}title", lang(file.name, "en")),
        (f"{DCTERMS}description", lang(file.title, "en")),
        (f"{DCAT}accessURL", iri(latest)),
        (f"{DCAT}downloadURL", iri(download(release.name, file.name, where))),
        (f"{DCAT}byteSize", typed(str(file.bytes), f"{XSD}nonNegativeInteger")),
        (f"{DCTERMS}issued", date(release.day)),
        (f"{DCTERMS}modified", date(release.day)),
        (f"{SPDX}checksum", checksum),
    ]
    pointed: list[tuple[str, Code | None]] = [
        (f"{DCAT}mediaType", media_type(file.media_type)),
        (f"{DCTERMS}format", file_type(file.media_type)),
        (f"{DCAT}compressFormat", media_type(file.packing) if file.packing else None),
        (f"{DCTERMS}license", licence(file.licence) if file.licence else None),
        (f"{_DCATAP}availability", STABLE),
        *((f"{DCTERMS}conformsTo", Code(address, "", "Standard")) for address in file.conforms_to),
    ]
    for predicate, value in plain:
        yield node, iri(predicate), value
    for predicate, code in pointed:
        if code is not None:
            yield node, iri(predicate), iri(code.iri)
            yield from code.triples()
    algorithm = iri(f"{SPDX}checksumAlgorithm_sha256")
    yield checksum, iri(f"{RDF}type"), iri(f"{SPDX}Checksum")
    yield checksum, iri(f"{SPDX}algorithm"), algorithm
    yield checksum, iri(f"{SPDX}checksumValue"), typed(file.sha256, f"{XSD}hexBinary")
    yield algorithm, iri(f"{RDF}type"), iri(f"{SPDX}ChecksumAlgorithm")


def _publisher(release: Edition, where: Where) -> str:
    return release.publisher_iri or where.iri("dataset#publisher")


def _agents(release: Edition, where: Where) -> Iterator[Triple]:
    """Publisher and contact."""
    publisher, contact = iri(_publisher(release, where)), iri(where.iri("dataset#contact"))
    yield publisher, iri(f"{RDF}type"), iri(f"{FOAF}Agent")
    yield publisher, iri(f"{FOAF}name"), lang(release.publisher, "en")
    if release.publisher == PUBLISHER:
        yield publisher, iri(f"{DCTERMS}type"), iri(NON_PROFIT.iri)
        yield from NON_PROFIT.triples()
    yield contact, iri(f"{RDF}type"), iri(f"{VCARD}Organization")
    yield contact, iri(f"{RDF}type"), iri(f"{VCARD}Kind")
    yield contact, iri(f"{VCARD}fn"), lang(release.publisher, "en")
    page, mail = _PAGE.search(release.contact), _MAIL.search(release.contact)
    if mail is not None and page is None:
        yield contact, iri(f"{VCARD}hasEmail"), iri(f"mailto:{mail.group()}")
    else:
        yield contact, iri(f"{VCARD}hasURL"), iri(page.group() if page is not None else where.page("contribute"))


def _services(release: Edition, where: Where) -> Iterator[Triple]:
    """The interfaces that a server of this release really has: SPARQL, and HTTP with OpenAPI."""
    rows = (
        ("sparql", "SPARQL endpoint", "sparql", "sparql.ttl", _SPARQL_PROTOCOL, "SPARQL 1.1 Protocol",
         "Questions in SPARQL 1.1 to all graphs of the data set."),
        ("dataset#api", "HTTP interface", "", "openapi.json", _OPENAPI, "OpenAPI 3.1",
         "Every thing of the data set as a page and as data, by content negotiation."),
    )  # fmt: skip
    for path, title, endpoint, description, standard, standard_title, words in rows:
        node, document = iri(where.iri(path)), iri(where.page(description))
        yield node, iri(f"{RDF}type"), iri(f"{DCAT}DataService")
        yield node, iri(f"{DCTERMS}identifier"), text(where.iri(path))
        yield node, iri(f"{DCTERMS}title"), lang(title, "en")
        yield node, iri(f"{DCTERMS}description"), lang(words, "en")
        yield node, iri(f"{DCAT}endpointURL"), iri(where.page(endpoint))
        yield node, iri(f"{DCAT}endpointDescription"), document
        yield from (
            (address, iri(f"{RDF}type"), iri(f"{RDFS}Resource")) for address in (iri(where.page(endpoint)), document)
        )
        yield from ((node, iri(f"{DCAT}keyword"), lang(word, "en")) for word in KEYWORDS)
        yield from ((node, iri(f"{DCAT}theme"), iri(code.iri)) for code in THEMES)
        yield node, iri(f"{DCAT}servesDataset"), iri(where.iri("dataset"))
        yield node, iri(f"{DCAT}contactPoint"), iri(where.iri("dataset#contact"))
        yield node, iri(f"{DCTERMS}publisher"), iri(_publisher(release, where))
        yield node, iri(f"{DCTERMS}accessRights"), iri(PUBLIC.iri)
        yield node, iri(f"{DCTERMS}license"), iri(licence(CC0).iri)
        yield node, iri(f"{DCTERMS}conformsTo"), iri(standard)
        yield iri(standard), iri(f"{RDF}type"), iri(f"{DCTERMS}Standard")
        yield iri(standard), iri(f"{DCTERMS}title"), lang(standard_title, "en")
    yield from licence(CC0).triples()


def versions(releases: Iterable[str], where: Where, served: str) -> list[Triple]:
    """For the data set's own page: the releases that can still be had, newest first, as versions in a series.

    They are not in the harvested catalogue, where each would be one data set more.
    """
    series, node = iri(where.iri("dataset#series")), iri(where.iri("dataset"))
    found = [
        (series, f"{RDF}type", iri(f"{DCAT}DatasetSeries")),
        (series, f"{DCTERMS}title", lang(f"{TITLE}: releases", "en")),
        (series, f"{DCTERMS}description", lang("Every release of the data set that can still be downloaded.", "en")),
    ]
    names = list(releases)
    for place, name in enumerate(names):
        version = iri(where.iri(f"dataset#release-{name}"))
        found += [
            (version, f"{RDF}type", iri(f"{DCAT}Dataset")),
            (version, f"{DCTERMS}title", lang(f"{TITLE}, release {name}", "en")),
            (version, f"{DCTERMS}description", lang(f"The release {name} of the data set.", "en")),
            (version, f"{DCAT}version", text(name)),
            (version, f"{DCAT}isVersionOf", node),
            (version, f"{DCAT}inSeries", series),
            (version, f"{DCAT}landingPage", iri(where.page(f"dumps/{name}/"))),
            (iri(where.page(f"dumps/{name}/")), f"{RDF}type", iri(f"{FOAF}Document")),
            (node, f"{DCAT}hasVersion", version),
        ]
        if name == served:
            found.append((node, f"{DCAT}hasCurrentVersion", version))
        if place + 1 < len(names):
            found.append((version, f"{DCAT}previousVersion", iri(where.iri(f"dataset#release-{names[place + 1]}"))))
    return _sorted(found, [])


def _some(value: int | None) -> tuple[int, ...]:
    return () if value is None else (value,)


def _sorted(found: Iterable[Triple], rest: Iterable[Triple]) -> list[Triple]:
    """Triples whose predicates are IRIs, and ready ones, sorted and each once."""
    return sorted({*((s, iri(p), o) for s, p, o in found), *rest})
