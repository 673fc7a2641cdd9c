"""The catalogue and the data set's page: what portals, search engines and people are told, and that it is true."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
import rdflib
from flask.testing import FlaskClient

from server import create_app
from server.app import close_app
from tests.server.conftest import BROWSER, Client
from twinld.settings import Settings
from twinld.store import open_store

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
DATASET = rdflib.URIRef("https://w3id.org/twinld/dataset")
FILES = [
    "twinld.nt", "twinld.nq.gz", "twinld.rdf", "twinld.ttl", "places.csv", "places.csv.zst", "places.geojson",
]  # fmt: skip
PACKED = {"twinld.nq.gz", "places.csv.zst"}


def graph(client: FlaskClient, path: str, **headers: str) -> rdflib.Graph:
    answer = client.get(path, headers={"Accept": "text/turtle", **headers})
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.get_data(as_text=True), format="turtle")


def test_the_catalogue_lists_exactly_one_data_set(released):
    found = graph(released, "/catalog")

    assert list(found.subjects(rdflib.RDF.type, DCAT.Dataset)) == [DATASET]
    assert list(found.objects(None, DCAT.dataset)) == [DATASET]
    assert list(found.subjects(rdflib.RDF.type, DCAT.DatasetSeries)) == []
    assert list(found.objects(DATASET, DCT.identifier)) == [rdflib.Literal(str(DATASET))]


@pytest.mark.parametrize(
    ("suffix", "media_type", "parser"),
    [
        ("ttl", "text/turtle", "turtle"),
        ("jsonld", "application/ld+json", "json-ld"),
        ("rdf", "application/rdf+xml", "xml"),
    ],
)
def test_the_catalogue_says_the_same_in_every_format(released, suffix, media_type, parser):
    answer = released.get(f"/catalog.{suffix}")
    read = rdflib.Graph().parse(data=answer.get_data(as_text=True), format=parser)

    assert answer.mimetype == media_type
    assert set(read) == set(graph(released, "/catalog"))
    assert released.get("/catalog", headers={"Accept": media_type}).data == answer.data


def test_every_file_has_its_size_and_checksum(released):
    found = graph(released, "/catalog")
    for name in FILES:
        node = rdflib.URIRef(f"{DATASET}#{name}")
        address = str(found.value(node, DCAT.downloadURL))
        body = released.get(address.removeprefix("http://127.0.0.1:8000")).data
        checksum = found.value(node, SPDX.checksum)

        assert (DATASET, DCAT.distribution, node) in found
        assert int(str(found.value(node, DCAT.byteSize))) == len(body) > 0
        assert str(found.value(checksum, SPDX.checksumValue)) == hashlib.sha256(body).hexdigest()
        assert str(found.value(node, DCAT.accessURL)) == f"http://127.0.0.1:8000/dumps/latest/{name}"
        assert address == f"http://127.0.0.1:8000/dumps/2022-11-30/{name}"
    assert len(set(found.objects(DATASET, DCAT.distribution))) == len(FILES)


def test_a_packed_file_names_its_packing_beside_its_type(released):
    found = graph(released, "/catalog")
    packed, plain = (rdflib.URIRef(f"{DATASET}#{name}") for name in ("twinld.nq.gz", "twinld.nt"))
    iana = "https://www.iana.org/assignments/media-types/"

    assert str(found.value(packed, DCAT.mediaType)) == f"{iana}application/n-quads"
    assert str(found.value(packed, DCAT.compressFormat)) == f"{iana}application/gzip"
    assert found.value(plain, DCAT.compressFormat) is None
    table = rdflib.URIRef(f"{DATASET}#places.csv.zst")
    assert str(found.value(table, DCAT.mediaType)) == f"{iana}text/csv"
    assert str(found.value(table, DCAT.compressFormat)) == f"{iana}application/zstd"


def test_a_foreign_host_changes_nothing(released):
    assert set(graph(released, "/catalog", Host="evil.example")) == set(graph(released, "/catalog"))


def test_the_same_catalogue_is_not_sent_twice(released):
    first = released.get("/catalog.ttl")
    again = released.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert released.head("/catalog.ttl").headers["Content-Length"] == str(len(first.data))


def test_old_releases_stand_on_the_page_of_the_data_set_alone(released):
    found = graph(released, "/dataset")
    versions = {rdflib.URIRef(f"{DATASET}#release-{name}") for name in ("2022-11-30", "2021-06-01")}

    assert set(found.objects(DATASET, DCAT.hasVersion)) == versions
    assert list(found.objects(DATASET, DCAT.hasCurrentVersion)) == [rdflib.URIRef(f"{DATASET}#release-2022-11-30")]
    assert list(found.objects(DATASET, DCT.identifier)) == [rdflib.Literal(str(DATASET))]
    assert list(found.objects(DATASET, DCAT.version)) == [rdflib.Literal("2022-11-30")]
    assert set(graph(released, "/catalog").objects(DATASET, DCAT.hasVersion)) == set()


def test_the_first_page_says_the_same_as_data(released):
    assert set(graph(released, "/")) == set(graph(released, "/dataset"))


def test_iris_are_the_same_for_another_release(release_folder):
    store = open_store(release_folder)
    app = create_app(Settings(url="https://twins.example/"), store)
    app.test_client_class = Client
    found = graph(app.test_client(), "/catalog")
    close_app(app)
    store.close()

    assert set(found.objects(DATASET, DCAT.distribution)) == {rdflib.URIRef(f"{DATASET}#{name}") for name in FILES}
    assert str(found.value(DATASET, DCAT.landingPage)) == "https://twins.example/dataset"


def test_search_engines_read_the_files_in_the_page(released):
    page = released.get("/dataset", headers=BROWSER).get_data(as_text=True)
    documents = [
        json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    ]

    assert [document["@type"] for document in documents] == ["Dataset", "sc:Dataset"]
    assert documents[1]["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    read = rdflib.Graph().parse(data=json.dumps(documents[1]), format="json-ld")
    cr = rdflib.Namespace("http://mlcommons.org/croissant/")
    assert len(set(read.subjects(rdflib.RDF.type, cr.FileObject))) == len(FILES)
    assert set(read.objects(DATASET, DCT.conformsTo)) == {
        rdflib.Literal("http://mlcommons.org/croissant/1.0", lang="en")
    }
    assert [(row["@id"], len(row["field"])) for row in documents[1]["recordSet"]] == [("places", 13)]
    [column] = read.objects(predicate=cr.column, subject=read.value(
        read.value(next(s for s in read.subjects(rdflib.RDF.type, cr.Field) if str(s).endswith("places/label")),
                   cr.source), cr.extract))  # fmt: skip
    assert str(column) == "label"
    for document in documents:
        rows = {row["name"]: row for row in document["distribution"]}
        assert list(rows) == FILES
        body = released.get("/dumps/2022-11-30/twinld.nt").data
        assert rows["twinld.nt"]["sha256"] == hashlib.sha256(body).hexdigest()
        assert rows["twinld.nt"]["contentUrl"] == "http://127.0.0.1:8000/dumps/2022-11-30/twinld.nt"
        assert rows["twinld.nq.gz"]["encodingFormat"] == "application/gzip"
        assert rows["places.csv.zst"]["encodingFormat"] == "application/zstd"
        assert rows["places.csv"]["encodingFormat"] == "text/csv"


def test_nothing_in_the_page_ends_its_script_early(released):
    from server.pages.catalog import embedded

    assert embedded({"a": "</script>"}) == '{\n "a": "\\u003c/script>"\n}'


def test_links_lead_programs_to_files_and_metadata(released):
    links = released.head("/dataset", headers=BROWSER).headers["Link"]
    by_relation: dict[str, list[str]] = {}
    for address, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', links):
        by_relation.setdefault(relation, []).append(address)

    assert by_relation["cite-as"] == [str(DATASET)]
    assert by_relation["item"] == [
        f"http://127.0.0.1:8000/dumps/2022-11-30/{name}" for name in sorted(FILES, key=PACKED.__contains__)
    ]
    assert by_relation["describedby"] == [f"http://127.0.0.1:8000/catalog.{end}" for end in ("ttl", "jsonld", "rdf")]
    assert by_relation["type"] == ["https://schema.org/Dataset", "https://schema.org/AboutPage"]
    assert by_relation["license"] == ["https://creativecommons.org/publicdomain/zero/1.0/"]
    assert by_relation["author"] == [f"{DATASET}#publisher"]
    linkset = json.loads(released.get("/dataset.linkset").data)["linkset"]
    assert [row["href"] for row in linkset[0]["item"]] == by_relation["item"]


def test_a_page_and_a_file_lead_to_the_set_that_they_are_of(released):
    page = released.head("/place/boston", headers=BROWSER).headers["Link"]
    file = ", ".join(released.head("/dumps/2022-11-30/twinld.nt").headers.getlist("Link"))
    collection = '<http://127.0.0.1:8000/dataset>; rel="collection"; type="text/html"'

    assert collection in page
    assert collection in file
    assert '<http://127.0.0.1:8000/place/boston.ttl>; rel="describedby"; type="text/turtle"' in page
    assert '<https://w3id.org/twinld/id/place/boston>; rel="cite-as"' in page


@pytest.mark.parametrize("path", ["/catalog", "/catalog.ttl", "/.well-known/void", "/dataset.linkset"])
def test_without_a_release_there_is_no_catalogue(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert "no release on disk" in answer.get_data(as_text=True)


def test_a_format_that_is_not_offered_is_named(released):
    answer = released.get("/catalog.xyz")

    assert answer.status_code == 404
    assert "the catalogue is not offered as .xyz" in answer.get_data(as_text=True)
