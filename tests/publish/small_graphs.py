"""The graphs of a small made release: odd names, a place beyond the antimeridian, records, two licences."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from twinld.files import folder
from twinld.publish.dumps import read_context
from twinld.publish.lines import GraphFile, merge_graphs, write_graph
from twinld.terms import Triple, date, decimal, edtf, integer, lang, text, typed
from twinld.vocab import (
    BASE,
    CC0,
    CC_BY,
    CURATED,
    GEO,
    GEONAMES,
    ID,
    RDF,
    RDFS,
    REVIEW,
    SCHEMA,
    SF,
    TW,
    TWV,
    WD,
    WDT,
    WGS,
    source_graph,
)

CONTEXT = read_context(folder("ontology"))
TYPE, LABEL = f"<{RDF}type>", f"<{RDFS}label>"


def tw(name: str) -> str:
    return f"<{TW}{name}>"


def thing(path: str) -> str:
    return f"<{ID}{path}>"


def place(slug: str, label: str, item: str, where: tuple[str, str] | None, country: str = "jp") -> list[Triple]:
    iri = thing(f"place/{slug}")
    said = [
        (iri, TYPE, tw("Place")), (iri, TYPE, f"<{SCHEMA}AdministrativeArea>"), (iri, LABEL, label),
        (iri, tw("wikidataItem"), f"<{WD}{item}>"), (iri, tw("p190Item"), f"<{WD}{item}>"),
        (iri, f"<{SCHEMA}sameAs>", f"<{WD}{item}>"), (iri, tw("country"), thing(f"place/country-{country}")),
    ]  # fmt: skip
    if where is None:
        return said
    latitude, longitude = where
    point = thing(f"place/{slug}#point")
    wkt = typed(f"POINT({longitude} {latitude})", f"{GEO}wktLiteral")
    return [
        *said, (iri, f"<{WGS}lat>", decimal(Decimal(latitude))), (iri, f"<{WGS}long>", decimal(Decimal(longitude))),
        (iri, f"<{GEO}hasDefaultGeometry>", point), (point, TYPE, f"<{SF}Point>"), (point, f"<{GEO}asWKT>", wkt),
    ]  # fmt: skip


def agreement(slug: str, *parties: str, **values: str) -> list[Triple]:
    iri = thing(f"agreement/{slug}")
    return [
        (iri, TYPE, tw("Agreement")), (iri, tw("kind"), f"<{TWV}kind-twinning>"),
        (iri, tw("status"), f"<{TWV}status-active>"),
        *((iri, tw("party"), thing(party)) for party in parties),
        *((iri, tw(name), edtf(value)) for name, value in values.items()),
    ]  # fmt: skip


COUNTRIES = [
    triple
    for code in ("jp", "fj")
    for iri in [thing(f"place/country-{code}")]
    for triple in [
        (iri, TYPE, tw("Place")), (iri, TYPE, tw("Country")), (iri, LABEL, lang(code, "en")),
        (iri, tw("isoCode"), text(code.upper())),
    ]
]  # fmt: skip
FACTS = [
    *COUNTRIES,
    *place("kyoto", lang("京都 <&>", "ja"), "Q1", ("35", "135.75")),
    (thing("place/kyoto"), LABEL, lang("Kyōto", "und")),
    (thing("place/kyoto"), tw("population"), integer(1463723)),
    (thing("place/kyoto"), tw("geonamesFeature"), f"<{GEONAMES}1857910/>"),
    *place("suva", lang('=HYPERLINK("x"), Suva', "en"), "Q2", ("-18", "-178.25"), "fj"),
    *place("nara", lang("Nara", "en"), "Q3", None),
    *place("nara-too", lang("Nara too", "en"), "Q3", None),
    *agreement("kyoto--suva", "place/kyoto", "place/suva", start="1962-01", end="198X"),
    *agreement("kyoto--nara", "place/kyoto", "place/nara", start="1999"),
    *agreement("three", "place/kyoto", "place/nara", "place/suva"),
    *agreement("chambers", "organisation/one", "organisation/two"),
    (f"<{WD}Q1>", f"<{WDT}P190>", f"<{WD}Q2>"),
    (thing("network/net"), LABEL, lang("Net", "en")),
    (thing("network/net#kyoto"), TYPE, tw("Membership")),
    (thing("network/net#kyoto"), tw("network"), thing("network/net")),
    (thing("network/net#kyoto"), tw("member"), thing("place/kyoto")),
    (thing("network/net#kyoto"), tw("start"), edtf("2004")),
]  # fmt: skip


def record(source: str, key: str, subject: str, label: str) -> list[Triple]:
    iri, claim = thing(f"record/{source}/{key}"), thing(f"record/{source}/{key}#label")
    return [
        (iri, TYPE, tw("SourceRecord")), (iri, tw("statedIn"), thing(f"source/{source}")),
        (iri, tw("locator"), text(f"row {key}")),
        (iri, tw("readOn"), date("2022-01-02")), (iri, tw("recordOf"), thing(subject)),
        (claim, TYPE, tw("Claim")), (claim, tw("fromRecord"), iri),
        (claim, tw("claimSubject"), thing(subject)), (claim, tw("claimPredicate"), LABEL),
        (claim, tw("claimValue"), lang(label, "en")),
    ]  # fmt: skip


RECORDS = [
    *record("open", "1", "agreement/kyoto--suva", "Kyoto and Suva"),
    *record("open", "1-2", "agreement/kyoto--nara", "two\nlines"),
]
REVIEWED = [(thing("record/open/1#label"), tw("verdict"), f"<{TWV}verdict-disputed>")]
SENTINEL = record("closed", "1", "agreement/kyoto--suva", "sentinel")


def graph_files(place_: Path) -> tuple[GraphFile, list[GraphFile]]:
    place_.mkdir()
    rows = [
        (CURATED, FACTS, CC0), (REVIEW, REVIEWED, CC0), (source_graph("open"), RECORDS, CC0),
        (source_graph("closed"), SENTINEL, CC_BY),
    ]  # fmt: skip
    graphs = [write_graph(place_ / f"{n}.nt", iri, said, licence, BASE) for n, (iri, said, licence) in enumerate(rows)]
    return merge_graphs(place_ / "default.nt", graphs[:1], CC0), graphs
