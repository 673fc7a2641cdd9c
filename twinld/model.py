"""The things twinld speaks of, as frozen dataclasses.

Two families. **Records** are what a source file says, row by row, in the source's own identifiers; ingest
reads them and nobody changes them. **Things** are what stands in the published graphs under IRIs of ours:
places, agreements, source records, claims; `twinld.mapping` turns each to triples and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from twinld.dates import PartialDate

KINDS: Final = (
    "twinning", "friendship", "cooperation", "economic-exchange", "trade", "historic-bond", "unspecified",
)  # fmt: skip
"""What an agreement can be: the concepts of twv:kind."""
TWINNED: Final = frozenset({"twinning", "unspecified"})
"""Kinds that make twins: twinning, and unspecified where a P190 record supports it (so far all do)."""
NOT_IN_FORCE: Final = frozenset({"ended", "planned", "suspended", "unknown"})
"""Statuses whose agreements make no twins now; a dormant one is in force, and nobody acts on it."""
VERDICTS: Final = ("accepted", "disputed", "refuted", "opinion", "unverified")
"""What the project can judge of a record or a claim: the concepts of twv:verdict."""

# ----------------------------------------------------------------------------------------------- sources


@dataclass(frozen=True)
class Source:
    """Where facts come from: one folder of `data/sources/`, described by its `source.toml`.

    `licence` is an IRI; `open` (CC0 or public domain) decides whether its facts enter the default graph.
    `directed` says whether a statement stands on one side; `lists_all` whether a statement that is missing
    means that the side does not state it (a crawl) or nothing (a sample). `rank` orders sources when several
    give a value: the lowest is shown. `extracted` is when the source was read, as a partial date.

    Pages and documents that single facts were typed from are sources of `data/curated/sources.csv`. A `quoted`
    one lends us its words: its facts are free, while its graph, which holds the quotations, is under `licence`
    and `rights`. `family` names the graph of its records where that is not its own. `kind` is a class below
    tw:Source; `sha256` is that of a document's bytes; `language` is that of its words. `dates` says whether
    `extracted` may be the date of a release; `undated` that nobody knows when it listed what it states.
    """

    name: str
    title: str
    publisher: str
    homepage: str
    licence: str
    attribution: str
    extracted: PartialDate
    description: str
    rank: int
    directed: bool = True
    lists_all: bool = False
    kind: str = "Source"
    quoted: bool = False
    rights: str = ""
    family: str = ""
    issued: PartialDate | None = None
    sha256: str = ""
    language: str = "und"
    fills: bool = False
    dates: bool = True
    undated: bool = False

    @property
    def open(self) -> bool:
        """Whether its facts are CC0 (or in the public domain)."""
        return self.quoted or "publicdomain" in self.licence

    @property
    def listed(self) -> PartialDate | None:
        """When it listed what it states: an extract on its day, a page or a document when it was issued, if known."""
        return (None if self.undated else self.extracted) if self.kind == "Source" else self.issued

    @property
    def graph(self) -> str:
        """The name of the graph of its records: that of its family, else its own."""
        return self.family or self.name

    @property
    def curated(self) -> bool:
        """Whether its facts stand in graph curated."""
        return self.open and not self.fills


# ----------------------------------------------------------------------------------------------- records


Reference = tuple[tuple[str, str], ...]
"""One reference of Wikidata: (property, value), such as ("P854", an address), ("P248", "Q..."), ("P813", a day)."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record of Wikidata comes from: the revision of its item, when it was read (xsd:dateTime), and the
    references that Wikidata itself gives for it.
    """

    revision: int
    retrieved: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A source says that two places are partners: one Wikidata P190 statement, or one undirected link.

    `subject` and `obj` are identifiers of the source: Wikidata items, or `<source>:<key>` where it names none; `key`
    is the source's own id of the statement, or is made of the row's content; `rank` is "preferred", "normal" or
    "deprecated"; `statement` is Wikidata's id of the statement, where the source gives it.

    Rows typed by hand also say the `kind`, which `relation` of the pair they are about (1: the first, which bare
    P190 statements are about too), the `local_term`, and the place in the source: `record` is the key of the
    record they stand in (None: their own), `locator`, `quote` and the day it was `read_on`. `themes` and `status` are
    short names of concepts of these vocabularies.
    """

    source: str
    key: str
    subject: str
    obj: str
    where: str
    rank: str = "normal"
    start: PartialDate | None = None
    end: PartialDate | None = None
    point: PartialDate | None = None
    statement: str | None = None
    kind: str = "unspecified"
    relation: int = 1
    local_term: str | None = None
    record: str | None = None
    locator: str | None = None
    quote: str | None = None
    read_on: str | None = None
    provenance: Provenance | None = None
    themes: tuple[str, ...] = ()
    status: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What a source says about one place, in one row or document.

    `labels` are (language tag, text), "und" where the source does not say the language. `country` is in the
    source's own words: a QID, an ISO 3166-1 alpha-2 code or a name.
    Latitude and longitude are WGS 84 degrees. `geonames` is the number of the GeoNames feature. `more` are further
    values by their Wikidata property, `as_of` is the date that the row is true of. `level` is the short name of a
    concept of the level vocabulary, such as "city" or "county".
    """

    source: str
    key: str
    item: str
    where: str
    labels: tuple[tuple[str, str], ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    country: str | None = None
    population: int | None = None
    geonames: int | None = None
    iso_code: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    as_of: PartialDate | None = None
    statement: str | None = None
    provenance: Provenance | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """A source says that `item` is now `target`."""

    source: str
    key: str
    item: str
    target: str
    where: str


Record = Statement | PlaceFacts | Redirect

# ----------------------------------------------------------------------------------------------- findings


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One result of a check: which rule, how grave, whose data, where, and what to do.

    `severity` is "Violation", "Warning" or "Info"; `focus` the IRI or the row that is meant; `where` a
    "file:line" or the graph.
    """

    rule: str
    severity: str
    source: str
    focus: str
    message: str
    where: str = ""
    value: str = ""


# ----------------------------------------------------------------------------------------------- things


@dataclass(frozen=True)
class Place:
    """A place as shown: one value a field (labels: one a language), each taken from the source of lowest rank.

    `slug` names its IRI. `p190_item` is the Wikidata item that carries its twinnings where that is another
    one (municipality, not settlement); `alt_identifiers` are items that redirect to it. `country` is the slug
    of the country's place; `iso_code` is set for countries only (ISO 3166-1 alpha-2). `aliases` are further names;
    `more` are further values as (predicate, value), both N-Triples terms.
    """

    slug: str
    item: str | None = None
    p190_item: str | None = None
    alt_identifiers: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    country: str | None = None
    population: int | None = None
    geonames: int | None = None
    iso_code: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Agreement:
    """A relation between places over time, as shown. `parties` are slugs in code point order.

    `organisations` are the slugs of parties that are no places; `local_term` is the name of a concept such as
    "stadtepartnerschaft". `status` is one that a source states, such as dormant, or ended by a day that nobody tells.
    `themes` are the short names of all concepts that sources give, sorted.
    """

    slug: str
    parties: tuple[str, ...]
    kind: str = "unspecified"
    start: PartialDate | None = None
    end: PartialDate | None = None
    date: PartialDate | None = None
    organisations: tuple[str, ...] = ()
    local_term: str | None = None
    status: str | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceRecord:
    """What one source says in one place: `key` within `source`; `locator` says where, in the source's words.

    `record_of` is the IRI of the agreement or place it was resolved to (None when it was not resolved);
    `stated_by` is the slug of the place on whose side it stands (None for an undirected source);
    `statement` is the number of the Wikidata statement, where the source gives it. Of a passage, `quote` are its
    exact words, `offset` the character (from 0) of the document at which they stand; of a page, `read_on` is the
    day it was read. `as_of` is the date it is true of.
    """

    source: str
    key: str
    locator: str
    record_of: str | None = None
    stated_by: str | None = None
    statement: str | None = None
    quote: str | None = None
    offset: int | None = None
    read_on: str | None = None
    provenance: Provenance | None = None
    as_of: PartialDate | None = None


@dataclass(frozen=True)
class Claim:
    """One value that one record states: the triple `subject predicate value`, all three as N-Triples terms.

    `record` is (source, key); `name` is the fragment that the claim's IRI adds to its record's.
    """

    record: tuple[str, str]
    name: str
    subject: str
    predicate: str
    value: str


@dataclass(frozen=True)
class Verdict:
    """The project's judgement of one record or claim, and the source that it rests on.

    `verdict` is a concept's short name such as "refuted"; `source` the name of a Source; `note` says why.
    """

    source: str
    key: str
    verdict: str
    according_to: str
    note: str
    read_on: str
