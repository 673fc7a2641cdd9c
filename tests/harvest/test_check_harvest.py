"""A harvest of our own server finds nothing; of a copy with one fault it finds that fault, by its name."""

from __future__ import annotations

import json
import urllib.request

import pytest
import rdflib
from rdflib.namespace import RDF, VOID
from werkzeug.wrappers import Request, Response

from tests.harvest.serving import TWO, Change, catalogue_only, failures, replaced, serving
from twinld.harvest import CHECKS, check_harvest
from twinld.harvest.graph import likeness, parse


def test_our_own_server_can_be_harvested(server):
    outcomes = check_harvest(server.url)

    assert [outcome.check for outcome in outcomes] == list(CHECKS)
    assert {outcome.check.name: outcome.found for outcome in outcomes if outcome.ok is not True} == {
        "again": "not checked: this is the first harvest; give --state or --against"
    }


FORMATS = ("text/turtle", "application/ld+json", "application/rdf+xml")


def test_our_catalogue_is_the_same_in_every_format(server):
    graphs = []
    for media_type in FORMATS:
        asked = urllib.request.Request(server.url, headers={"Accept": media_type})
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers.get_content_type() == media_type
            graphs.append(parse(answer.read(), media_type, server.url))

    assert [likeness(graphs[0], graph) for graph in graphs[1:]] == ["the same", "the same"]
    assert len(graphs[0]) > 100


@pytest.mark.long
def test_the_real_release_can_be_harvested_and_void_counts_it(release):
    manifest = json.loads((release / "manifest.json").read_text())
    with serving(release) as url:
        found = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}
        with urllib.request.urlopen(url.replace("catalog", ".well-known/void")) as answer:
            described = rdflib.Graph().parse(data=answer.read(), format="turtle")

    total = sum(row["bytes"] for row in manifest["files"])
    assert {name for name, (ok, _) in found.items() if ok is not True} == {"again"}
    assert found["downloads"][1] == f"{len(manifest['files'])} files, {total:,} bytes"
    dataset = rdflib.URIRef("https://w3id.org/twinld/dataset")
    assert int(str(described.value(dataset, VOID.triples))) == manifest["counts"]["triples"]
    assert len(set(described.subjects(RDF.type, VOID.Linkset))) >= 2


# ---------------------------------------------------------------------------------------- planted faults


def headers(**values: str) -> Change:
    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog":
            for name, value in values.items():
                response.headers[name.replace("_", "-")] = value
        return response

    return changed


def on(path: str, change: Change) -> Change:
    return lambda request, response: change(request, response) if request.path == path else response


def cut(request: Request, response: Response) -> Response:
    response.set_data(response.get_data()[:-5])
    return response


def altered(request: Request, response: Response) -> Response:
    body = response.get_data()
    response.set_data(body[:-5] + b"xxx .")
    return response


def missing(request: Request, response: Response) -> Response:
    return Response("gone", 404)


def no_head(request: Request, response: Response) -> Response:
    return Response("", 500) if request.method == "HEAD" and request.path == "/catalog" else response


def other_head(request: Request, response: Response) -> Response:
    if request.method == "HEAD" and request.path == "/catalog":
        response.headers["Content-Type"] = "text/html"
    return response


def by_host(request: Request, response: Response) -> Response:
    if request.path == "/catalog" and request.host == "portal.invalid":
        response.set_data(response.get_data(as_text=True).replace("https://w3id.org/twinld/", "http://portal.invalid/"))
    return response


def counting() -> Change:
    asked = [0]

    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog" and request.host != "portal.invalid":
            asked[0] += 1
            response.set_data(
                response.get_data(as_text=True) + f"\n<http://e.example/{asked[0]}> a <http://e.example/T> .\n"
            )
        return response

    return changed


def unconditional(request: Request, response: Response) -> Response:
    if request.path == "/catalog":
        del response.headers["ETag"], response.headers["Last-Modified"]
    return response


def never_304(request: Request, response: Response) -> Response:
    return (
        Response("<http://e.example/a> a <http://e.example/b> .", 200, content_type="text/turtle")
        if (response.status_code == 304)
        else response
    )


def huge(text: str) -> str:
    return text + "#" * 50_000_001


NEXT = "<http://e.example/c> <http://www.w3.org/ns/hydra/core#next> <{}> .\n"
FAULTS: list[tuple[str, Change, str]] = [
    ("get", on("/catalog", missing), "status 404"),
    ("head", no_head, "HEAD gives status 500"),
    ("head", other_head, "HEAD says content-type 'text/html', GET says 'text/turtle; charset=utf-8'"),
    ("content-type", headers(Content_Type="text/plain"), "the Content-Type is 'text/plain'"),
    ("size", catalogue_only(huge), "bytes"),
    ("parses", catalogue_only(lambda text: text[: len(text) // 2]), "it cannot be read as text/turtle"),
    ("parses", catalogue_only(lambda text: ""), "it holds no triple"),
    ("paging", catalogue_only(lambda text: text + NEXT.format("/catalog")), "leads back to a page"),
    ("paging", catalogue_only(lambda text: text + NEXT.format("/nowhere")), "cannot be read"),
    ("one dataset", catalogue_only(lambda text: text + TWO), "2 data sets"),
    (
        "shapes",
        replaced("dcterms:publisher", "dcterms:creator"),
        "A catalogue has one publisher, a node typed foaf:Agent.",
    ),
    (
        "shapes",
        replaced("dcat:contactPoint", "dcat:contact"),
        "A data set has a contact",
    ),
    (
        "stable iris",
        replaced("dataset#twinld.nt>", "dataset#2022-11-30-twinld.nt>"),
        "holds the release 2022-11-30",
    ),
    ("foreign host", by_host, "with Host: portal.invalid it names <http://portal.invalid/"),
    ("same answer", counting(), "the second answer differs from the first"),
    ("conditional get", unconditional, "neither ETag nor Last-Modified is sent"),
    ("conditional get", never_304, "If-None-Match is answered with 200"),
    ("downloads", on("/dumps/2022-11-30/twinld.nt", missing), "twinld.nt: 404"),
    ("lengths", on("/dumps/2022-11-30/twinld.nt", cut), "the catalogue says 71"),
    ("checksums", on("/dumps/2022-11-30/places.csv", altered), "places.csv: SHA-256 "),
    ("access", on("/dumps/latest/places.csv", missing), "latest/places.csv: 404"),
    ("services", on("/sparql.ttl", missing), "sparql.ttl: 404"),
]
FOLLOWS = {
    "one dataset": {"shapes"},
    "same answer": {"foreign host"},
    "downloads": {"access"},
    "lengths": {"access", "checksums"},
}
"""Checks that a fault breaks too."""


@pytest.mark.parametrize(("name", "change", "reason"), FAULTS, ids=[f"{row[0]}-{row[2][:20]}" for row in FAULTS])
def test_a_planted_fault_is_named(server, name, change, reason):
    with server.by(change) as url:
        found = failures(url)

    assert set(found) == {name} | FOLLOWS.get(name, set())
    assert reason in found[name]


def test_every_check_has_a_planted_fault():
    assert {name for name, _, _ in FAULTS} | {"again"} == {check.name for check in CHECKS}
