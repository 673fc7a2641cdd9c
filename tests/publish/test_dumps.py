"""Every dump of a small made release: what it holds, that it reads back, that equal data gives equal bytes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import csvw
import geojson
import networkx
import pyoxigraph as ox
import pytest
import rdflib
import zstandard

from twinld.errors import ReleaseError
from twinld.files import folder
from twinld.publish.csvs import guard_of, lines
from twinld.publish.dumps import DUMPS, GROUPS, DumpFile, read_context, write_dumps
from twinld.publish.lines import GraphFile, merge_graphs, write_graph
from twinld.publish.maps import line
from twinld.publish.tables import AGREEMENTS, PLACES, TABLES, AgreementRow, PlaceRow
from twinld.terms import Triple, date, decimal, edtf, integer, lang, text, typed
from twinld.vocab import (
    BASE,
    CC0,
    CC_BY,
    CURATED,
    GEO,
    GEONAMES,
    ID,
    OWL,
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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DumpFile]]:
    root = tmp_path_factory.mktemp("dumps")
    out = root / "dumps"
    out.mkdir()
    return out, list(write_dumps(out, *graph_files(root / "graphs"), CC0, CONTEXT, BASE, "2022-11-30", "2022-11-30"))


@pytest.fixture(scope="module")
def out(made: tuple[Path, list[DumpFile]]) -> Path:
    return made[0]


@pytest.fixture(scope="module")
def files(made: tuple[Path, list[DumpFile]]) -> dict[str, DumpFile]:
    return {file.name: file for file in made[1]}


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------------------------ what is there


def test_the_files_are_those_of_the_table_and_of_each_source_with_another_licence(files: dict[str, DumpFile]) -> None:
    plain = [file.name for file in files.values() if file.of is None]

    assert plain == [*(dump.name for dump in DUMPS), "closed.nq", "closed.trig"]
    assert [file.group for file in files.values()] == sorted((f.group for f in files.values()), key=list(GROUPS).index)
    assert {dump.name for dump in DUMPS if not dump.packed} == {"csv-metadata.json", "datapackage.json"}


def test_every_file_is_as_its_row_says(out: Path, files: dict[str, DumpFile]) -> None:
    assert {path.name for path in out.iterdir()} == set(files)
    for name, file in files.items():
        content = (out / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256), name


def test_packed_files_unpack_to_the_plain_ones(out: Path, files: dict[str, DumpFile]) -> None:
    packed = [file for file in files.values() if file.of is not None]

    assert len(packed) == 2 * (len(DUMPS) - 2 + 2)
    for file in packed:
        content = (out / file.name).read_bytes()
        if file.compression == "gzip":
            assert (file.name, content[4:8]) == (f"{file.of}.gz", bytes(4)), "a time would change the bytes"
            plain = gzip.decompress(content)
        else:
            assert (file.name, file.compression) == (f"{file.of}.zst", "zstd")
            plain = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        assert plain == (out / str(file.of)).read_bytes(), file.name
        assert (file.media_type, file.triples, file.rows) == (
            files[str(file.of)].media_type, files[str(file.of)].triples, files[str(file.of)].rows,
        )  # fmt: skip


def test_equal_data_gives_equal_bytes(tmp_path: Path, files: dict[str, DumpFile]) -> None:
    (tmp_path / "out").mkdir()
    graphs = graph_files(tmp_path / "graphs")
    again = write_dumps(tmp_path / "out", *graphs, CC0, CONTEXT, BASE, "2022-11-30", "2022-11-30")

    assert {file.name: file for file in again} == files


def test_what_another_licence_covers_is_in_the_files_of_its_source_only(out: Path, files: dict[str, DumpFile]) -> None:
    for file in files.values():
        if file.of is None:
            assert ("sentinel" in (out / file.name).read_text()) == (file.licence == CC_BY), file.name
    assert {file.name for file in files.values() if file.licence != CC0 and file.of is None} == {
        "closed.nq",
        "closed.trig",
    }


def test_a_source_under_two_licences_is_refused(tmp_path: Path) -> None:
    default, graphs = graph_files(tmp_path / "graphs")
    more = write_graph(tmp_path / "m.nt", f"{BASE}graph/facts/closed", FACTS[:1], "urn:other", BASE)

    with pytest.raises(ReleaseError, match=r"closed are under .*; give a source one licence"):
        list(write_dumps(tmp_path, default, [*graphs, more], CC0, CONTEXT, BASE))


# ------------------------------------------------------------------------------------------------------- RDF


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("twinld.ttl", "turtle"), ("twinld.rdf", "xml"), ("twinld.jsonld", "json-ld"), ("twinld.nt", "nt")],
)
def test_a_dump_of_the_facts_reads_back_in_rdflib_and_pyoxigraph(
    out: Path, files: dict[str, DumpFile], name: str, theirs: str
) -> None:
    expected = {(s, p, o) for s, p, o in rdflib.Graph().parse(data=nt(FACTS), format="nt")}
    format_ = ox.RdfFormat.from_extension(name.rpartition(".")[2])

    assert set(rdflib.Graph().parse(out / name, format=theirs)) == expected
    assert {str(q.triple) for q in ox.parse(path=str(out / name), format=format_)} == oxigraph(nt(FACTS))
    assert files[name].triples == len(expected)


@pytest.mark.parametrize("extension", ["nq", "trig"])
def test_a_dump_of_graphs_reads_back(out: Path, files: dict[str, DumpFile], extension: str) -> None:
    expected = {
        (q.graph_name.value, str(q.triple))
        for name, said in ((CURATED, FACTS), (REVIEW, REVIEWED), (source_graph("open"), RECORDS))
        for q in ox.parse(nt(said).encode(), ox.RdfFormat.N_TRIPLES, base_iri=None)
        for q in [ox.Quad(*q.triple, ox.NamedNode(name))]
    }
    format_ = ox.RdfFormat.from_extension(extension)
    theirs = rdflib.Dataset().parse(out / f"twinld.{extension}", format={"nq": "nquads"}.get(extension, extension))

    found = {
        (q.graph_name.value, str(q.triple)) for q in ox.parse(path=str(out / f"twinld.{extension}"), format=format_)
    }
    assert found == expected
    assert len(theirs) == len(expected) == files[f"twinld.{extension}"].triples


def nt(triples: list[Triple]) -> str:
    return "".join(sorted({f"{s} {p} {o} .\n" for s, p, o in triples}))


def oxigraph(document: str) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(document.encode(), ox.RdfFormat.N_TRIPLES)}


def test_the_flat_profile_holds_wikidata_s_statements(out: Path) -> None:
    assert (out / "twinld-p190.nt").read_text() == f"<{WD}Q1> <{WDT}P190> <{WD}Q2> .\n"


def test_links_are_one_for_one(out: Path) -> None:
    same = f"<{OWL}sameAs>"

    assert (out / "twinld-links-wikidata.nt").read_text().splitlines() == [
        f"{thing('place/kyoto')} {same} <{WD}Q1> .", f"{thing('place/suva')} {same} <{WD}Q2> .",
    ], "Q3 is given for two places, and would make one of both"  # fmt: skip
    assert (out / "twinld-links-geonames.nt").read_text() == f"{thing('place/kyoto')} {same} <{GEONAMES}1857910/> .\n"
    assert "sameAs> <http://www.w3.org/2002/07/owl" not in (out / "twinld.nt").read_text()


def test_the_profile_of_schema_org_uses_its_terms_alone(out: Path) -> None:
    graph = rdflib.Graph().parse(out / "twinld-schema-org.ttl", format="turtle")
    schema = rdflib.Namespace(SCHEMA)
    kyoto, event = rdflib.URIRef(f"{ID}place/kyoto"), rdflib.URIRef(f"{ID}agreement/kyoto--suva")

    assert {str(p) for p in graph.predicates() if not str(p).startswith(SCHEMA)} == {f"{RDF}type"}
    assert set(graph.objects(event, schema.about)) == {kyoto, rdflib.URIRef(f"{ID}place/suva")}
    assert [str(o) for o in graph.objects(event, schema.startDate)] == ["1962-01"]
    assert list(graph.objects(event, schema.endDate)) == [], "198X has no form there"
    assert set(graph.objects(kyoto, schema.name)) == {rdflib.Literal("京都 <&>", lang="ja"), rdflib.Literal("Kyōto")}
    point = graph.value(kyoto, schema.geo)
    assert (str(graph.value(point, schema.latitude)), str(graph.value(point, schema.longitude))) == ("35", "135.75")


# ----------------------------------------------------------------------------------------------------- tables


def test_the_columns_are_the_fields_of_the_rows() -> None:
    assert tuple(column.name for column in PLACES.columns) == PlaceRow._fields
    assert tuple(column.name for column in AGREEMENTS.columns) == AgreementRow._fields


def test_places_have_their_values(out: Path) -> None:
    found = {row["place"]: row for row in rows(out, "places.csv")}

    assert list(found) == ["country-fj", "country-jp", "kyoto", "nara", "nara-too", "suva"]
    assert found["kyoto"] == {
        "place": "kyoto", "label": "京都 <&>", "label_language": "ja", "type": "place", "country": "country-jp",
        "country_code": "JP", "latitude": "35", "longitude": "135.75", "population": "1463723", "twin_count": "",
        "wikidata_item": "Q1", "p190_item": "Q1", "geonames": "1857910",
    }  # fmt: skip
    assert (found["country-fj"]["type"], found["country-fj"]["country_code"]) == ("country", "FJ")
    assert found["suva"]["label"] == '=HYPERLINK("x"), Suva', "in a dump a cell is the value"


def test_agreements_have_their_parties_side_by_side(out: Path) -> None:
    found = {row["agreement"]: row for row in rows(out, "agreements.csv")}
    chosen = ("place_a", "country_a", "latitude_a", "place_b", "item_b", "further_places", "other_parties", "start",
              "end", "kind", "sources")  # fmt: skip

    assert {name: tuple(row[key] for key in chosen) for name, row in found.items()} == {
        "chambers": ("", "", "", "", "", "", "organisation/one organisation/two", "", "", "twinning", ""),
        "kyoto--nara": ("kyoto", "JP", "35", "nara", "Q3", "", "", "1999", "", "twinning", "open"),
        "kyoto--suva": ("kyoto", "JP", "35", "suva", "Q2", "", "", "1962-01", "198X", "twinning", "open"),
        "three": ("kyoto", "JP", "35", "nara", "Q3", "suva", "", "", "", "twinning", ""),
    }


def test_claims_have_their_record_and_verdict(out: Path) -> None:
    assert rows(out, "claims.csv") == [
        {
            "claim": f"open/{key}#label", "source": "open", "record": f"open/{key}", "locator": f"row {key}",
            "read_on": "2022-01-02", "subject": f"{ID}agreement/{subject}", "property": f"{RDFS}label", "value": value,
            "datatype": "", "language": "en", "object": "", "verdict": verdict,
        }
        for key, subject, value, verdict in [
            ("1", "kyoto--suva", "Kyoto and Suva", "disputed"), ("1-2", "kyoto--nara", "two\nlines", ""),
        ]
    ]  # fmt: skip


def test_memberships_have_their_network_and_place(out: Path) -> None:
    assert [tuple(row.values()) for row in rows(out, "memberships.csv")] == [
        ("net#kyoto", "net", "Net", "kyoto", "京都 <&>", "2004", "")
    ]


def test_csvw_reads_every_table_as_its_metadata_says(out: Path) -> None:
    group = csvw.TableGroup.from_file(out / "csv-metadata.json")
    found = {str(table.url): list(table) for table in group.tables}

    assert list(found) == [table.file for table in TABLES]
    assert group.check_referential_integrity() is True
    assert {name: len(read) for name, read in found.items()} == {
        "places.csv": 6, "agreements.csv": 4, "claims.csv": 2, "memberships.csv": 1,
    }  # fmt: skip
    kyoto = next(row for row in found["places.csv"] if row["place"] == "kyoto")
    assert (kyoto["population"], kyoto["latitude"], kyoto["twin_count"]) == (1463723, Decimal(35), None)
    three = next(row for row in found["agreements.csv"] if row["agreement"] == "three")
    assert three["further_places"] == ["suva"]


def test_a_cell_that_is_not_of_its_column_is_found_by_csvw(out: Path, tmp_path: Path) -> None:
    for name in ("places.csv", "agreements.csv", "claims.csv", "memberships.csv", "csv-metadata.json"):
        (tmp_path / name).write_text((out / name).read_text().replace("1463723", "many"))

    with pytest.raises(ValueError, match="many"):
        list(csvw.TableGroup.from_file(tmp_path / "csv-metadata.json").tables[0])


def test_the_data_package_lists_the_tables_with_size_and_hash(out: Path, files: dict[str, DumpFile]) -> None:
    package = json.loads((out / "datapackage.json").read_text())

    assert (package["version"], package["created"]) == ("2022-11-30", "2022-11-30T00:00:00Z")
    assert [(r["path"], r["bytes"], r["hash"]) for r in package["resources"]] == [
        (table.file, files[table.file].bytes, f"sha256:{files[table.file].sha256}") for table in TABLES
    ]
    for resource in package["resources"]:
        header = next(csv.reader(io.StringIO((out / resource["path"]).read_text())))
        assert [column["name"] for column in resource["schema"]["fields"]] == header


def test_a_guarded_table_runs_no_formula_and_keeps_its_numbers() -> None:
    row = PlaceRow("x", "=1+1", "en", "@a", "+b", "-c", "-33.5", "-70", "-1")

    assert guard_of(PLACES)(row)[:9] == ["x", "'=1+1", "en", "'@a", "'+b", "'-c", "-33.5", "-70", "-1"]
    assert "'=1+1" in "".join(lines(PLACES, [row], guarded=True))
    assert "'" not in "".join(lines(PLACES, [row]))


# ------------------------------------------------------------------------------------------ maps and networks


def features(out: Path, name: str) -> dict[str, Any]:
    read = geojson.loads((out / name).read_text())

    assert (read.is_valid, read.errors()) == (True, [])
    return {feature["id"].removeprefix(ID): feature for feature in read["features"]}


def test_places_are_points_with_longitude_first(out: Path) -> None:
    found = features(out, "places.geojson")

    assert {name: feature["geometry"]["coordinates"] for name, feature in found.items()} == {
        "place/kyoto": [135.75, 35.0], "place/suva": [-178.25, -18.0],
    }  # fmt: skip
    assert (found["place/kyoto"]["properties"]["population"], found["place/suva"]["properties"]["country_code"]) == (
        1463723, "FJ",
    )  # fmt: skip


def test_agreements_are_lines_that_end_at_the_antimeridian(out: Path) -> None:
    found = features(out, "agreements.geojson")

    assert list(found) == ["agreement/kyoto--suva", "agreement/three"], "Nara has no coordinates"
    pieces = found["agreement/kyoto--suva"]["geometry"]
    assert pieces["type"] == "MultiLineString"
    assert pieces["coordinates"] == [
        [[135.75, 35.0], [180.0, -15.983696]],
        [[-180.0, -15.983696], [-178.25, -18.0]],
    ]


LINES = [
    ("plain", (10.0, 1.0), (20.0, 2.0), [[(10.0, 1.0), (20.0, 2.0)]]),
    ("half the globe", (-90.0, 0.0), (90.0, 0.0), [[(-90.0, 0.0), (90.0, 0.0)]]),
    ("westward", (-170.0, 0.0), (170.0, 10.0), [[(-170.0, 0.0), (-180.0, 5.0)], [(180.0, 5.0), (170.0, 10.0)]]),
    ("from it", (180.0, 1.0), (-170.0, 2.0), [[(-180.0, 1.0), (-170.0, 2.0)]]),
    ("to it", (-170.0, 2.0), (180.0, 1.0), [[(-170.0, 2.0), (-180.0, 1.0)]]),
    ("along it", (180.0, 1.0), (-180.0, 2.0), [[(-180.0, 1.0), (-180.0, 2.0)]]),
]


@pytest.mark.parametrize(("one", "other", "expected"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_a_line_takes_the_short_way(
    one: tuple[float, float], other: tuple[float, float], expected: list[list[tuple[float, float]]]
) -> None:
    assert line(one, other) == expected


def test_networkx_reads_the_network(out: Path) -> None:
    read = networkx.read_graphml(out / "twinld.graphml", force_multigraph=True)

    assert set(read.nodes) == {"kyoto", "nara", "suva"}
    assert read.nodes["kyoto"] == {
        "label": "京都 <&>", "type": "place", "country_code": "JP", "latitude": 35.0, "longitude": 135.75,
        "population": 1463723, "wikidata_item": "Q1",
    }  # fmt: skip
    assert sorted((*sorted((a, b)), data["agreement"]) for a, b, data in read.edges(data=True)) == [
        ("kyoto", "nara", "kyoto--nara"), ("kyoto", "nara", "three"), ("kyoto", "suva", "kyoto--suva"),
        ("kyoto", "suva", "three"), ("nara", "suva", "three"),
    ]  # fmt: skip
