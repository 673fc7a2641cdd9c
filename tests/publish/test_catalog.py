"""The catalogue against the shapes of DCAT-AP 3.0.1, its codes against the tables of the EU, and VoID's numbers."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, SH, SKOS, VOID

from twinld.formats import DUMP_FORMATS, find_format
from twinld.publish.authority import EU, LICENCES, file_type, licence, media_type
from twinld.publish.catalog import Where, catalogue, edition
from twinld.publish.dumps import DUMPS
from twinld.publish.void import LINKSETS, void

WHERE = Where("https://w3id.org/twinld/", "https://twins.example/")
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
LICENCE_IRIS = [
    *LICENCES,
    "https://creativecommons.org/licenses/by/3.0/",
    "http://rightsstatements.org/vocab/InC/1.0/",
    "http://rightsstatements.org/vocab/UND/1.0/",
]
NAMES = [
    ("twinld.ttl", "turtle", {}),
    ("twinld.nq.zst", "nquads", {"compression": "zstd", "of": "twinld.nq"}),
    ("places.csv", "csv", {"media_type": "text/csv", "conforms_to": "http://www.w3.org/ns/csvw"}),
    ("twinld.geojson", "geojson", {"media_type": "application/geo+json"}),
    ("twinld.graphml", "graphml", {"media_type": "application/graphml+xml"}),
    ("twinld.rdf", "rdfxml", {}),
    ("twinld.jsonld.gz", "jsonld", {}),
    ("twinld.trig", "trig", {}),
]
MANIFEST = {
    "id": "2022-11-30",
    "date": "2022-11-30",
    "version": "0.1.0",
    "files": [
        {"name": name, "format": form, "bytes": 3, "sha256": "ab" * 32, "title": name, "triples": 1,
         "licence": LICENCE_IRIS[number % len(LICENCE_IRIS)], **more}
        for number, (name, form, more) in enumerate(NAMES)
    ],
}  # fmt: skip
SETS = [
    "html/shacl/shapes.ttl",
    "html/shacl/range.ttl",
    "html/shacl/deprecateduris.ttl",
    "html/shacl/shapes_recommended.ttl",
    "html/shacl/mdr-vocabularies.shape.ttl",
    "shacl/ranges.ttl",
    "shacl/dcat-ap-SHACL.ttl",
]
SPDX_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def made(**more: object) -> rdflib.Graph:
    triples = catalogue(edition({**MANIFEST, **more}, "2022-11-30", 836), WHERE)
    return rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")


def findings(data: rdflib.Graph, path: Path) -> list[tuple[str, str, str]]:
    """Severity, property and value of each result; shapes that the set does not define are left out first."""
    shapes = rdflib.Graph().parse(path)
    for subject, predicate, shape in list(shapes.triples((None, SH.property, None))):
        if (shape, SH.path, None) not in shapes:
            shapes.remove((subject, predicate, shape))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    return sorted(
        (str(report.value(row, SH.resultSeverity)).rpartition("#")[2], str(report.value(row, SH.resultPath)),
         str(report.value(row, SH.value)))
        for row in report.objects(None, SH.result)
    )  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_the_catalogue_keeps_every_shape_of_dcat_ap(shared, name):
    found = findings(made(), shared / "standards/dcat-ap-3.0.1" / name)

    if name.endswith("mdr-vocabularies.shape.ttl"):  # its pattern is not SPDX's namespace; its publishers are the EU's
        publisher = WHERE.iri("dataset#publisher")
        known = {
            ("Violation", "http://spdx.org/rdf/terms#algorithm", SPDX_SHA256),
            ("Warning", "http://purl.org/dc/terms/publisher", publisher),
        }
        assert set(found) == known
    else:
        assert found == []


def test_the_shapes_see_a_catalogue_that_breaks_them(shared):
    data = made()
    data.remove((None, rdflib.URIRef("http://www.w3.org/ns/dcat#accessURL"), None))

    found = findings(data, shared / "standards/dcat-ap-3.0.1/html/shacl/shapes.ttl")

    assert found == [("Violation", "http://www.w3.org/ns/dcat#accessURL", "None")] * len(NAMES)


def test_every_code_is_in_the_tables_of_the_eu(shared):
    table = rdflib.Graph().parse(shared / "standards/eu-authority-excerpt.ttl")
    data = made()
    codes = {s for s in data.subjects() if str(s).startswith(EU) and str(s).removeprefix(EU).count("/") == 1}
    known = set(table.subjects())
    beyond = {rdflib.URIRef(f"{EU}file-type/XML")}  # the excerpt lacks it

    assert len(codes) > 20
    assert codes - known == beyond
    for code in codes & known:
        assert set(data.objects(code, SKOS.inScheme)) == set(table.objects(code, SKOS.inScheme))
        assert set(table.objects(code, RDF.type)) <= set(data.objects(code, RDF.type))


def test_a_publisher_and_a_contact_that_a_build_was_told_stand_in_the_catalogue():
    data = made(publisher={"name": "City of Malmö", "iri": "https://malmo.example/"}, contact="data@malmo.example")
    vcard, dct = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#"), rdflib.Namespace("http://purl.org/dc/terms/")
    publisher = rdflib.URIRef("https://malmo.example/")

    assert set(data.objects(None, dct.publisher)) == {publisher}
    assert str(data.value(publisher, rdflib.FOAF.name)) == "City of Malmö"
    assert list(data.objects(None, vcard.hasEmail)) == [rdflib.URIRef("mailto:data@malmo.example")]


@pytest.mark.parametrize(
    ("contact", "name", "value"),
    [
        ("data@malmo.example", "hasEmail", "mailto:data@malmo.example"),
        ("mailto:data@malmo.example", "hasEmail", "mailto:data@malmo.example"),
        ("https://malmo.example/data", "hasURL", "https://malmo.example/data"),
        ("Anna of https://malmo.example/~anna or anna@malmo.example", "hasURL", "https://malmo.example/~anna"),
        ("", "hasURL", "https://twins.example/contribute"),
    ],
)
def test_a_contact_is_a_page_or_a_mail_address(contact, name, value):
    vcard = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")

    assert list(made(contact=contact).objects(None, vcard[name])) == [rdflib.URIRef(value)]


def test_a_licence_without_a_code_stands_under_its_own_iri():
    assert licence(CC0).iri == f"{EU}licence/CC0"
    assert licence("http://rightsstatements.org/vocab/UND/1.0/").iri == "http://rightsstatements.org/vocab/UND/1.0/"
    assert licence("http://www.opendatacommons.org/licenses/odbl/1.0").iri == f"{EU}licence/ODC_BL"


@pytest.mark.parametrize(
    ("name", "registered", "code"),
    [
        ("text/turtle", "text/turtle", "RDF_TURTLE"),
        ("application/graphml+xml", "application/xml", "XML"),
        ("application/x-unheard", "application/x-unheard", None),
    ],
)
def test_a_media_type_has_its_registered_name_and_its_code(name, registered, code):
    found = file_type(name)

    assert media_type(name).iri == f"https://www.iana.org/assignments/media-types/{registered}"
    assert (found.iri if found is not None else None) == (f"{EU}file-type/{code}" if code else None)


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.name)
def test_every_dump_has_a_file_type_of_the_eu(dump):
    assert file_type(find_format(dump.format, DUMP_FORMATS).media_type) is not None


def test_the_same_release_gives_the_same_catalogue():
    one = catalogue(edition(MANIFEST, "2022-11-30"), WHERE)

    assert one == catalogue(edition(MANIFEST, "2022-11-30"), WHERE) == sorted(set(one))


def test_void_counts_partitions_and_links():
    tw = WHERE.iri("ns#")
    properties, classes = {f"{tw}wikidataItem": 7, f"{tw}party": 5}, {f"{tw}Place": 3}
    triples = void(edition(MANIFEST, "2022-11-30"), WHERE, properties, classes, {"text/turtle": "http://f.example/T"})
    found = rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")
    node = rdflib.URIRef(WHERE.iri("dataset"))
    [linkset] = found.subjects(RDF.type, VOID.Linkset)

    assert int(str(found.value(node, VOID.triples))) == 12
    parts = found.objects(node, VOID.propertyPartition)
    assert sorted(int(str(found.value(part, VOID.triples))) for part in parts) == [5, 7]
    assert [str(found.value(part, VOID["class"])) for part in found.objects(node, VOID.classPartition)] == [
        f"{tw}Place"
    ]
    assert str(found.value(linkset, VOID.linkPredicate)) == f"{tw}wikidataItem"
    assert int(str(found.value(linkset, VOID.triples))) == 7
    assert [str(dump) for dump in found.objects(node, VOID.dataDump)] == [
        "https://twins.example/dumps/2022-11-30/twinld.ttl"
    ]


def test_the_linksets_of_void_are_the_dumps_that_say_they_are():
    assert set(LINKSETS) == {dump.name for dump in DUMPS if dump.conforms_to == str(VOID.Linkset)}


def test_void_tells_of_every_dump_of_links_and_of_no_other_model():
    ns = WHERE.iri("ns")
    names = [
        ("twinld.nt", ns, None, 9),
        ("twinld-p190.nt", "http://www.wikidata.org/entity/P190", None, 4),
        ("twinld-links-wikidata.nt", str(VOID.Linkset), None, 3),
        ("twinld-links-wikidata.nt.gz", str(VOID.Linkset), "twinld-links-wikidata.nt", 3),
    ]
    files = [
        {"name": name, "format": "ntriples", "bytes": 1, "sha256": "ab" * 32, "licence": CC0, "triples": triples,
         "conforms_to": model, "of": of, "compression": "gzip" if of else "none"}
        for name, model, of, triples in names
    ]  # fmt: skip
    formats = {"application/n-triples": "http://f.example/N"}
    triples = void(edition({**MANIFEST, "files": files}, "2022-11-30"), WHERE, {}, {}, formats)
    found = rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")
    node, linkset = (rdflib.URIRef(WHERE.iri(f"dataset{end}")) for end in ("", "#links-wikidata-same"))
    start = "https://twins.example/dumps/2022-11-30/"

    assert [str(dump) for dump in found.objects(node, VOID.dataDump)] == [f"{start}twinld.nt"]
    assert (node, VOID.subset, linkset) in found
    assert {str(dump) for dump in found.objects(linkset, VOID.dataDump)} == {
        f"{start}twinld-links-wikidata.nt", f"{start}twinld-links-wikidata.nt.gz",
    }  # fmt: skip
    assert (found.value(linkset, VOID.linkPredicate), int(str(found.value(linkset, VOID.triples)))) == (
        rdflib.OWL.sameAs, 3,
    )  # fmt: skip
    assert found.value(linkset, VOID.objectsTarget) == rdflib.URIRef(WHERE.iri("dataset#target-wikidata"))
