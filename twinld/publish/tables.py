"""The tables of a release: which columns each has, what they mean, and what the rows are.

One table for CSV, its CSV on the Web metadata, its data package and the documentation. A cell holds one value, or
several with a blank between where `many` says so; an empty cell is a value that is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from twinld.vocab import EDTF, ID, TW, TWV, WD, WGS


@dataclass(frozen=True)
class Column:
    """One column: `datatype` as in XSD, `property` the IRI it stands for, `value_url` a template of the value's IRI.

    `refers` is the table whose first column the cell names.
    """

    name: str
    title: str
    description: str
    datatype: str = "string"
    property: str | None = None
    value_url: str | None = None
    required: bool = False
    refers: str | None = None
    many: bool = False


@dataclass(frozen=True)
class Table:
    """One table: `about` is a template of the IRI that a row is about; its first column is the key."""

    name: str
    title: str
    description: str
    about: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The name of its CSV file."""
        return f"{self.name}.csv"

    @property
    def key(self) -> str:
        """The name of the first column."""
        return self.columns[0].name


class PlaceRow(NamedTuple):
    """A row of the table of places; every value as text, "" for none. Numbers are in their canonical form."""

    place: str
    label: str = ""
    label_language: str = ""
    type: str = "place"
    country: str = ""
    country_code: str = ""
    latitude: str = ""
    longitude: str = ""
    population: str = ""
    twin_count: str = ""
    wikidata_item: str = ""
    p190_item: str = ""
    geonames: str = ""


class AgreementRow(NamedTuple):
    """A row of the table of agreements; `further_places` are the third party and those after it."""

    agreement: str
    place_a: str = ""
    label_a: str = ""
    country_a: str = ""
    item_a: str = ""
    latitude_a: str = ""
    longitude_a: str = ""
    place_b: str = ""
    label_b: str = ""
    country_b: str = ""
    item_b: str = ""
    latitude_b: str = ""
    longitude_b: str = ""
    further_places: str = ""
    other_parties: str = ""
    kind: str = ""
    status: str = ""
    reciprocity: str = ""
    start: str = ""
    end: str = ""
    date: str = ""
    sources: str = ""


_ITEM: Final = WD + "{%s}"
_PLACE: Final = f"{ID}place/{{%s}}"


def _side(letter: str, ordinal: str) -> tuple[Column, ...]:
    place = f"place_{letter}"
    return (
        Column(place, f"{ordinal} place", f"The {ordinal.lower()} party, by the order of ids", property=f"{TW}party",
               value_url=_PLACE % place, refers="places"),
        Column(f"label_{letter}", f"{ordinal} name", f"The name of {place}, as in the table of places"),
        Column(f"country_{letter}", f"{ordinal} country", f"ISO 3166-1 code of the country of {place}"),
        Column(f"item_{letter}", f"{ordinal} item", f"The Wikidata item of {place} that such statements stand on"),
        Column(f"latitude_{letter}", f"{ordinal} latitude", f"Latitude of {place}, WGS 84 degrees", "decimal"),
        Column(f"longitude_{letter}", f"{ordinal} longitude", f"Longitude of {place}, WGS 84 degrees", "decimal"),
    )  # fmt: skip


PLACES: Final = Table(
    "places", "Places", "Every place of the release, countries included: one a row", f"{ID}place/{{place}}",
    (
        Column("place", "Place", "The id of the place, the end of its IRI", required=True),
        Column("label", "Name", "In English, else in the first language that has one, else of unknown language"),
        Column("label_language", "Language of the name", "Its language tag; und where no source says it"),
        Column("type", "Type", "country or place"),
        Column("country", "Country", "The country that the place is in", property=f"{TW}country",
               value_url=_PLACE % "country", refers="places"),
        Column("country_code", "Country code", "ISO 3166-1 code of that country, or of the country itself"),
        Column("latitude", "Latitude", "WGS 84 degrees, north positive", "decimal", f"{WGS}lat"),
        Column("longitude", "Longitude", "WGS 84 degrees, east positive", "decimal", f"{WGS}long"),
        Column("population", "Population", "How many people live there", "integer", f"{TW}population"),
        Column("twin_count", "Twins", "How many places it is or was twinned with", "integer", f"{TW}twinCount"),
        Column("wikidata_item", "Wikidata item", "The item of the place", property=f"{TW}wikidataItem",
               value_url=_ITEM % "wikidata_item"),
        Column("p190_item", "Item of its statements", "The item that Wikidata's twin town statements (P190) stand on",
               property=f"{TW}p190Item", value_url=_ITEM % "p190_item"),
        Column("geonames", "GeoNames id", "The feature in GeoNames", property=f"{TW}geonamesFeature",
               value_url="https://sws.geonames.org/{geonames}/"),
    ),
)  # fmt: skip

AGREEMENTS: Final = Table(
    "agreements", "Agreements", "Every agreement, with its first two places side by side: one a row",
    f"{ID}agreement/{{agreement}}",
    (
        Column("agreement", "Agreement", "The id of the agreement, the end of its IRI", required=True),
        *_side("a", "First"), *_side("b", "Second"),
        Column("further_places", "Further places", "The other parties of an agreement of more than two",
               property=f"{TW}party", value_url=_PLACE % "further_places", many=True),
        Column("other_parties", "Other parties", "Parties that are no places, such as organisation/some-chamber",
               property=f"{TW}party", value_url=f"{ID}{{+other_parties}}", many=True),
        Column("kind", "Kind", "The end of the concept's IRI, such as twinning", property=f"{TW}kind",
               value_url=f"{TWV}kind-{{kind}}"),
        Column("status", "Status", "The end of the concept's IRI, such as active or ended", property=f"{TW}status",
               value_url=f"{TWV}status-{{status}}"),
        Column("reciprocity", "Reciprocity", "Whether both sides state it in Wikidata", property=f"{TW}reciprocity",
               value_url=f"{TWV}reciprocity-{{reciprocity}}"),
        Column("start", "Start", "EDTF date: 1962, 1962-01, 1962-01-22, 196X", EDTF, f"{TW}start"),
        Column("end", "End", "EDTF date", EDTF, f"{TW}end"),
        Column("date", "Date", "EDTF date on which it is known to have held, where no start is", EDTF, f"{TW}date"),
        Column("sources", "Sources", "The CC0 sources with a record of it", many=True),
    ),
)  # fmt: skip

CLAIMS: Final = Table(
    "claims", "Claims", "What the records of the CC0 sources say, one statement a row", f"{ID}record/{{+claim}}",
    (
        Column("claim", "Claim", "The id of the claim: its record, and what of it", required=True),
        Column("source", "Source", "The id of the source", value_url=f"{ID}source/{{source}}"),
        Column("record", "Record", "The id of the record, with its source's", property=f"{TW}fromRecord",
               value_url=f"{ID}record/{{+record}}"),
        Column("locator", "Locator", "Where in the source the record stands"),
        Column("read_on", "Read on", "The day on which the source was read", "date"),
        Column("subject", "Subject", "The thing it is about", "anyURI", f"{TW}claimSubject", "{+subject}"),
        Column("property", "Property", "What of it", "anyURI", f"{TW}claimPredicate", "{+property}"),
        Column("value", "Value", "The value, where it is no thing", property=f"{TW}claimValue"),
        Column("datatype", "Datatype", "The datatype of the value; empty for text", "anyURI"),
        Column("language", "Language", "The language tag of the value"),
        Column("object", "Object", "The value, where it is a thing", "anyURI", f"{TW}claimObject", "{+object}"),
        Column("verdict", "Verdict", "Our judgement of the claim or its record, where it is not accepted"),
    ),
)  # fmt: skip

MEMBERSHIPS: Final = Table(
    "memberships", "Memberships", "Which place is in which network of cities", f"{ID}network/{{+membership}}",
    (
        Column("membership", "Membership", "The id of the membership: its network, and who", required=True),
        Column("network", "Network", "The id of the network", property=f"{TW}network",
               value_url=f"{ID}network/{{network}}"),
        Column("network_label", "Name of the network", "In English, else as for places"),
        Column("member", "Member", "The place", property=f"{TW}member", value_url=_PLACE % "member", refers="places"),
        Column("member_label", "Name of the member", "As in the table of places"),
        Column("start", "Start", "EDTF date", EDTF, f"{TW}start"),
        Column("end", "End", "EDTF date", EDTF, f"{TW}end"),
    ),
)  # fmt: skip

TABLES: Final = (PLACES, AGREEMENTS, CLAIMS, MEMBERSHIPS)
