"""A release that was built with another base: its IRIs are written, shown and asked with that base."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, SMALL, browsing
from twinld.vocab import BASE, rebase

OTHER = "http://data.example/"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path: Path = tmp_path_factory.mktemp("other") / "small.trig"
    path.write_text(rebase(SMALL.read_text(), OTHER))
    with browsing(path, base=OTHER) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/place/berlin", "/agreement/berlin--istanbul", "/ontology", "/graph/curated"])
def test_pages_show_the_iris_of_that_base(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    text = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert BASE not in text
    assert path == "/" or OTHER in text


def test_a_page_has_the_same_rows(client: FlaskClient) -> None:
    text = client.get("/place/berlin", headers=BROWSER).get_data(as_text=True)

    assert 'href="/place/istanbul"' in text
    assert "2 of 3 are dated" in text
    assert text.index('href="/place/moscow"') < text.index('id="elsewhere"') < text.index('href="/place/tehran"')


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt", "rdf", "trig", "nq"])
def test_data_has_the_iris_of_that_base(client: FlaskClient, extension: str) -> None:
    answer = client.get(f"/place/boston.{extension}")

    assert BASE.encode() not in answer.data
    graph = rdflib.Dataset(default_union=True) if extension in {"trig", "nq"} else rdflib.Graph()
    graph.parse(data=answer.data, format={"rdf": "xml", "jsonld": "json-ld", "nq": "nquads"}.get(extension, extension))
    boston = rdflib.URIRef(f"{OTHER}id/place/boston")
    assert rdflib.Literal("Boston", lang="en") in set(graph.objects(boston, rdflib.RDFS.label))


def test_examples_and_headers_have_that_base(client: FlaskClient) -> None:
    assert f"<{OTHER}id/place/boston>" in client.get("/place/boston").headers["Link"]
    assert "data.example%2Fid%2Fplace%2F" in client.get("/sparql", headers=BROWSER).get_data(as_text=True)
    assert f"<{OTHER}graph/curated>" in client.get("/sparql", headers={"Accept": "application/n-triples"}).text
