"""The SPARQL 1.1 Protocol cases of the W3C (w3c/rdf-tests, sparql11/protocol) that a read-only service can pass.

The cases are requests written out here as the suite describes them, with the graphs that it names loaded from a
file. Those of the update operation have one answer here: 403. The three of the service description come last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.server.conftest import browsing
from twinld.store import open_store
from twinld.vocab import SD

FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
HOME = "http://kasei.us/2009/09/sparql/data/"
"""The suite's graphs: data1.rdf, data2.rdf and data3.rdf, each saying what it is."""
DATA = "".join(
    f"<{HOME}data{n}.rdf> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document> "
    f"<{HOME}data{n}.rdf> .\n"
    for n in (1, 2, 3)
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = tmp_path_factory.mktemp("protocol") / "data.nq"
    path.write_text(DATA)
    with browsing(path, workers=1) as client:
        yield client


@dataclass(frozen=True)
class Request:
    """A request of the suite: its name there, and what it sends."""

    name: str
    method: str
    target: str = ""
    kind: str | None = None
    body: bytes = b""
    accept: str = ""

    def send(self, client: FlaskClient) -> TestResponse:
        headers = {"Accept": self.accept} if self.accept else {}
        return client.open(
            f"/sparql/{self.target}", method=self.method, data=self.body, content_type=self.kind, headers=headers
        )


def graphs(kind: str, *numbers: int) -> str:
    return "".join(f"&{kind}-graph-uri={quote(f'{HOME}data{n}.rdf', safe='')}" for n in numbers)


def in_form(query: str, rest: str = "") -> bytes:
    return f"query={quote(query)}{rest}".encode()


ASK, SELECT, DESCRIBE = "ASK {}", "SELECT (1 AS ?value) {}", "DESCRIBE <http://example.org/>"
CONSTRUCT = "CONSTRUCT { <s> <p> 1 } WHERE {}"
DOCUMENT = "<http://xmlns.com/foaf/0.1/Document>"
ONE = f"ASK {{ <{HOME}data1.rdf> a {DOCUMENT} }}"
BOTH = f"ASK {{ <{HOME}data1.rdf> a {DOCUMENT} . <{HOME}data2.rdf> a {DOCUMENT} }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{HOME}data1.rdf> a ?t }} GRAPH ?g2 {{ <{HOME}data2.rdf> a ?t }} }}"
FULL = (
    f"ASK {{ <{HOME}data3.rdf> a ?t . GRAPH ?g1 {{ <{HOME}data1.rdf> a ?t }} GRAPH ?g2 {{ <{HOME}data2.rdf> a ?t }} "
    f"FILTER NOT EXISTS {{ GRAPH ?g3 {{ <{HOME}data3.rdf> a ?t }} }} }}"
)
AMBIGUOUS = f"ASK FROM <{HOME}data3.rdf> {{ <{HOME}data1.rdf> a ?t . FILTER NOT EXISTS {{ <{HOME}data3.rdf> a ?t }} }}"
RESULTS_XML, RESULTS_JSON = "application/sparql-results+xml", "application/sparql-results+json"

TRUE = [
    Request("query_get", "GET", f"?query={quote(ASK)}{graphs('default', 0)}"),
    Request("query_post_form", "POST", f"?{graphs('default', 0)[1:]}", FORM, in_form(ASK)),
    Request("query_post_direct", "POST", kind=QUERY, body=ASK.encode()),
    Request("query_content_type_ask", "POST", kind=FORM, body=in_form(ASK), accept=RESULTS_XML),
    Request("query_dataset_default_graph", "POST", kind=FORM, body=in_form(ONE, graphs("default", 1))),
    Request("query_dataset_default_graphs_get", "GET", f"?query={quote(BOTH)}{graphs('default', 1, 2)}"),
    Request("query_dataset_default_graphs_post", "POST", f"?{graphs('default', 1, 2)[1:]}", QUERY, BOTH.encode()),
    Request("query_dataset_named_graphs_post", "POST", f"?{graphs('named', 1, 2)[1:]}", QUERY, NAMED.encode()),
    Request("query_dataset_named_graphs_get", "GET", f"?query={quote(NAMED)}{graphs('named', 1, 2)}"),
    Request("query_dataset_full", "POST", kind=FORM, body=in_form(FULL, graphs("default", 3) + graphs("named", 1, 2))),
    Request("query_multiple_dataset", "POST", kind=FORM, body=in_form(AMBIGUOUS, graphs("default", 1))),
]
KINDS = [
    (Request("query_content_type_select", "POST", kind=FORM, body=in_form(SELECT)), {RESULTS_XML, RESULTS_JSON}),
    (Request("query_content_type_describe", "POST", kind=FORM, body=in_form(DESCRIBE)), {"text/turtle"}),
    (Request("query_content_type_construct", "POST", kind=FORM, body=in_form(CONSTRUCT)), {"text/turtle"}),
]
BAD = [
    (Request("bad_query_method", "PUT", f"?query={quote(ASK)}", FORM), {405}),
    (Request("bad_multiple_queries", "GET", f"?query={quote(ASK)}&query={quote(SELECT)}"), {400}),
    (Request("bad_query_wrong_media_type", "POST", kind="text/plain", body=ASK.encode()), {415}),
    (Request("bad_query_missing_form_type", "POST", body=in_form(ASK)), {415}),
    (Request("bad_query_missing_direct_type", "POST", body=ASK.encode()), {415}),
    (Request("bad_query_non_utf8", "POST", kind=f"{QUERY}; charset=UTF-16", body=ASK.encode("utf-16")), {400, 415}),
    (Request("bad_update_wrong_media_type", "POST", kind="text/plain", body=b"CLEAR NAMED"), {415}),
    (Request("bad_update_missing_form_type", "POST", body=b"update=CLEAR%20NAMED"), {415}),
    (
        Request("bad_update_non_utf8", "POST", kind=f"{UPDATE}; charset=UTF-16", body="CLEAR ALL".encode("utf-16")),
        {415},
    ),
    (Request("bad_query_syntax", "GET", f"?query={quote('ASK {')}"), {400}),
]
INSERT = "INSERT DATA { <http://example.org/s> <http://example.org/p> 1 }"
UPDATES = [
    Request("update_post_form", "POST", kind=FORM, body=f"update={quote(INSERT)}".encode()),
    Request("update_post_direct", "POST", kind=UPDATE, body=INSERT.encode()),
    Request(
        "update_dataset_default_graph", "POST", kind=FORM, body=f"using-graph-uri={HOME}&update=CLEAR+ALL".encode()
    ),
    Request("update_base_uri", "POST", kind=FORM, body=b"update=" + quote(f"BASE <http://a/> {INSERT}").encode()),
    Request("bad_update_get", "GET", f"?update={quote(INSERT)}"),
    Request("bad_multiple_updates", "POST", kind=FORM, body=b"update=CLEAR+ALL&update=CLEAR+ALL"),
    Request("bad_update_syntax", "POST", kind=UPDATE, body=b"CREATE GRAPH"),
    Request("bad_update_dataset_conflict", "POST", f"?using-graph-uri={HOME}", UPDATE, b"CLEAR ALL"),
]


@pytest.mark.parametrize("request_", TRUE, ids=lambda request: request.name)
def test_a_query_is_answered_with_true(client: FlaskClient, request_: Request) -> None:
    answer = request_.send(client)

    assert answer.status_code == 200
    if request_.accept == RESULTS_XML:
        assert answer.mimetype == RESULTS_XML
        assert b"<boolean>true</boolean>" in answer.data
    else:
        assert json.loads(answer.data)["boolean"] is True


@pytest.mark.parametrize(("request_", "kinds"), KINDS, ids=[row[0].name for row in KINDS])
def test_an_answer_is_of_a_type_of_the_protocol(client: FlaskClient, request_: Request, kinds: set[str]) -> None:
    answer = request_.send(client)

    assert answer.status_code == 200
    assert answer.mimetype in kinds


@pytest.mark.parametrize(("request_", "statuses"), BAD, ids=[row[0].name for row in BAD])
def test_what_is_no_request_of_the_protocol_is_refused(
    client: FlaskClient, request_: Request, statuses: set[int]
) -> None:
    assert request_.send(client).status_code in statuses


@pytest.mark.parametrize("request_", UPDATES, ids=lambda request: request.name)
def test_updates_are_refused_and_change_nothing(client: FlaskClient, request_: Request) -> None:
    answer = request_.send(client)

    assert answer.status_code == 403
    count = client.get("/sparql?format=csv&query=SELECT+(COUNT(*)+AS+?n)+{GRAPH+?g+{?s+?p+?o}}")
    assert count.data == b"n\r\n3\r\n"


def test_every_combination_of_way_and_dataset_gives_the_same(client: FlaskClient) -> None:
    query = "SELECT ?s ?g { { ?s a ?t } UNION { GRAPH ?g { ?s a ?t } } } ORDER BY ?s ?g"
    dataset = graphs("default", 1, 2) + graphs("named", 3)
    ways = [
        Request("GET", "GET", f"?query={quote(query)}{dataset}"),
        Request("form", "POST", kind=FORM, body=in_form(query, dataset)),
        Request("form and address", "POST", f"?{dataset[1:]}", FORM, in_form(query)),
        Request("direct", "POST", f"?{dataset[1:]}", QUERY, query.encode()),
    ]
    answers = {way.name: json.loads(way.send(client).data)["results"]["bindings"] for way in ways}

    assert [row["s"]["value"][-5] for row in answers["GET"]] == ["1", "2", "3"]
    assert all(answer == answers["GET"] for answer in answers.values())


# ---------------------------------------------------------------------------------- service description


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> rdflib.Graph:
    """What GET on the endpoint answers: the case returns-rdf."""
    answer = client.get("/sparql")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def test_the_description_has_its_endpoint(description: rdflib.Graph) -> None:
    service = rdflib.URIRef("http://127.0.0.1:8000/sparql")

    assert (service, rdflib.URIRef(f"{SD}endpoint"), service) in description
    assert (service, rdflib.RDF.type, rdflib.URIRef(f"{SD}Service")) in description


def test_the_description_keeps_to_the_schema(description: rdflib.Graph) -> None:
    sd = rdflib.Namespace(SD)
    (service,) = description.subjects(rdflib.RDF.type, sd.Service)
    (dataset,) = description.objects(service, sd.defaultDataset)

    assert set(description.objects(service, sd.supportedLanguage)) == {sd.SPARQL11Query}
    assert (dataset, rdflib.RDF.type, sd.Dataset) in description
    assert len(list(description.objects(dataset, sd.defaultGraph))) == 1
    names = {
        str(name) for node in description.objects(dataset, sd.namedGraph) for name in description.objects(node, sd.name)
    }
    assert names == {f"{HOME}data{n}.rdf" for n in (1, 2, 3)}


def test_the_data_of_the_suite_is_the_data(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_text(DATA)
    store = open_store(path)

    assert (store.count(), store.graphs()) == (0, [f"{HOME}data{n}.rdf" for n in (1, 2, 3)])
    store.close()
