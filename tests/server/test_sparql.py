"""The endpoint by the SPARQL 1.1 Protocol: what is asked in which way, what comes back, what is refused."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rdflib
from flask.testing import FlaskClient

from server import create_app
from server.problems import STATUS, status_of
from tests.server.conftest import BROWSER, Client
from twinld import errors
from twinld.formats import find_format
from twinld.settings import Settings
from twinld.store import Store
from twinld.store.pool import Answer, Pool
from twinld.vocab import GRAPH

PREFIXES = "PREFIX tw: <https://w3id.org/twinld/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
SELECT = PREFIXES + "SELECT ?code ?name { ?c tw:isoCode ?code ; rdfs:label ?name } ORDER BY ?code LIMIT 2"
ASK = PREFIXES + "ASK { ?a tw:end ?end }"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?c rdfs:label ?name } WHERE { ?c tw:isoCode 'SE' ; rdfs:label ?name }"
ROWS = [("AU", "Australia"), ("DE", "Germany")]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def ask(client: FlaskClient, query: str, accept: str | None = None, **more: str) -> Any:
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", query_string={"query": query, **more}, headers=headers)


def rows(answer: Any) -> list[tuple[str, ...]]:
    document = json.loads(answer.data)
    names = document["head"]["vars"]
    return [tuple(row[name]["value"] for name in names) for row in document["results"]["bindings"]]


# ------------------------------------------------------------------------------------------ ways to ask


def test_a_query_is_asked_in_three_ways(client: FlaskClient) -> None:
    got = ask(client, SELECT)
    form = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", data=SELECT, content_type="application/sparql-query; charset=UTF-8")

    for answer in (got, form, direct):
        assert (answer.status_code, answer.content_type) == (200, "application/sparql-results+json")
        assert rows(answer) == ROWS
        assert answer.headers["Vary"] == "Accept, Accept-Encoding"


def test_text_beyond_ascii_arrives(client: FlaskClient) -> None:
    query = PREFIXES + "SELECT ?p { ?p rdfs:label 'Malmö'@de }"

    for answer in (ask(client, query), client.post("/sparql", data={"query": query})):
        assert rows(answer) == [("https://w3id.org/twinld/id/place/malmo",)]


def test_the_dataset_of_the_request_is_used(client: FlaskClient) -> None:
    release = f"{GRAPH}release"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    default = rows(ask(client, COUNT, **{"default-graph-uri": release}))
    both = client.get(f"/sparql?query={quote(COUNT)}&default-graph-uri={release}&default-graph-uri={GRAPH}review")
    overridden = ask(
        client, f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}review> {{ ?s ?p ?o }}", **{"default-graph-uri": release}
    )
    in_url = client.post(f"/sparql?default-graph-uri={release}", data=COUNT, content_type="application/sparql-query")

    assert default == rows(overridden) == rows(in_url) == rows(ask(client, named, **{"named-graph-uri": release}))
    assert rows(both) == [(str(int(default[0][0]) + 8),)]


def test_the_default_graph_is_cc0(client: FlaskClient) -> None:
    query = PREFIXES + "ASK { <https://w3id.org/twinld/id/agreement/berlin--tehran> a tw:Agreement }"
    with_graph = query.replace("{", "{ GRAPH ?g {", 1).replace("}", "}}", 1)

    assert json.loads(ask(client, query).data)["boolean"] is False
    assert json.loads(ask(client, with_graph).data)["boolean"] is True


# ---------------------------------------------------------------------------------------------- formats


def read_rows(text: str, name: str) -> list[tuple[str, ...]]:
    if name == "json":
        return [tuple(v["value"] for v in row.values()) for row in json.loads(text)["results"]["bindings"]]
    if name == "xml":
        namespace = "{http://www.w3.org/2005/sparql-results#}"
        root = ElementTree.fromstring(text)
        return [tuple("".join(b.itertext()).strip() for b in r) for r in root.iter(f"{namespace}result")]
    read = [tuple(row) for row in csv.reader(io.StringIO(text), delimiter="\t" if name == "tsv" else ",")]
    assert read[0] == (("?code", "?name") if name == "tsv" else ("code", "name"))
    return [tuple(cell.removesuffix("@en").strip('"') for cell in row) for row in read[1:]]


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_rows_come_in_every_format_by_accept_by_parameter_and_by_suffix(client: FlaskClient, name: str) -> None:
    row = find_format(name)
    answers = [
        ask(client, SELECT, row.media_type),
        ask(client, SELECT, format=name),
        ask(client, SELECT, "*/*", output=name),
        client.get(f"/sparql.{row.extension}", query_string={"query": SELECT}, headers=BROWSER),
    ]

    for answer in answers:
        assert (answer.status_code, answer.content_type) == (200, row.content_type)
        assert read_rows(answer.get_data(as_text=True), name) == ROWS
        assert answer.headers["Content-Length"] == str(len(answer.data))


@pytest.mark.parametrize("name", ["turtle", "jsonld", "ntriples", "rdfxml", "trig", "nquads"])
def test_graphs_come_in_every_format(client: FlaskClient, name: str) -> None:
    row = find_format(name)
    for answer in (ask(client, CONSTRUCT, row.media_type), ask(client, CONSTRUCT, format=row.extension)):
        assert (answer.status_code, answer.content_type) == (200, row.content_type)
        graph = rdflib.Dataset(default_union=True) if row.kind == "dataset" else rdflib.Graph()
        graph.parse(data=answer.data, format=row.rdflib)
        assert [str(name) for name in graph.objects(None, rdflib.RDFS.label)] == ["Sweden"]


FORMAT_CASES = [
    ("YASGUI", "application/sparql-results+json,*/*;q=0.9", {}, SELECT, "json"),
    ("curl", "*/*", {}, SELECT, "json"),
    ("curl, graph", "*/*", {}, CONSTRUCT, "turtle"),
    (
        "SPARQLWrapper: Accept wins",
        "application/sparql-results+xml",
        {"format": "json", "output": "json"},
        SELECT,
        "xml",
    ),
    ("SPARQLStore", "application/sparql-results+xml, application/rdf+xml", {}, SELECT, "xml"),
    ("SPARQLStore, graph", "application/sparql-results+xml, application/rdf+xml", {}, CONSTRUCT, "rdfxml"),
    ("R", "*/*", {"output": "csv"}, SELECT, "csv"),
    ("SPARQLWrapper's names", None, {"format": "json-ld", "output": "json-ld"}, CONSTRUCT, "jsonld"),
    ("an unknown name is ignored", None, {"format": "n3", "results": "turtle"}, CONSTRUCT, "turtle"),
    ("a name of the other kind is ignored", None, {"format": "csv"}, CONSTRUCT, "turtle"),
    ("application/json", "application/json", {}, ASK, "json"),
    ("unknown parameters are ignored", None, {"timeout": "30000", "debug": "on"}, SELECT, "json"),
]


@pytest.mark.parametrize(
    ("accept", "more", "query", "name"), [case[1:] for case in FORMAT_CASES], ids=[case[0] for case in FORMAT_CASES]
)
def test_clients_get_what_they_expect(
    client: FlaskClient, accept: str | None, more: dict[str, str], query: str, name: str
) -> None:
    answer = ask(client, query, accept, **more)

    assert (answer.status_code, answer.content_type) == (200, find_format(name).content_type)


def test_columns_are_there_without_rows_and_in_the_order_of_the_query(client: FlaskClient) -> None:
    answer = ask(client, "SELECT * { ?z <http://nothing.example/> ?a . ?m ?b ?z }")

    assert json.loads(answer.data) == {"head": {"vars": ["z", "a", "m", "b"]}, "results": {"bindings": []}}


def test_what_cannot_hold_the_answer_is_not_acceptable(client: FlaskClient) -> None:
    answer = ask(client, SELECT, "text/turtle")

    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert answer.json["offered"][:2] == ["application/sparql-results+json", "application/sparql-results+xml"]
    assert client.get("/sparql.ttl", query_string={"query": SELECT}).status_code == 406
    assert client.get("/sparql.exe", query_string={"query": SELECT}).status_code == 404


# -------------------------------------------------------------------------------------- bare and people


def test_the_bare_endpoint_describes_itself(client: FlaskClient) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    service = rdflib.URIRef("http://127.0.0.1:8000/sparql")
    for accept in (None, "*/*", "application/n-quads,text/turtle;q=0.6,text/html;q=0.2", "application/ld+json"):
        answer = client.get("/sparql", headers={"Accept": accept} if accept else {})
        assert answer.status_code == 200
        row = find_format(answer.mimetype)
        graph = rdflib.Dataset(default_union=True) if row.kind == "dataset" else rdflib.Graph()
        graph.parse(data=answer.data, format=row.rdflib)
        assert (service, sd.endpoint, service) in graph
        assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
        assert len(list(graph.objects(service, sd.resultFormat))) == 10
        assert rdflib.URIRef(f"{GRAPH}facts/wd50k") in set(graph.objects(None, sd.name))


def test_a_browser_gets_a_form(client: FlaskClient) -> None:
    text = client.get("/sparql", headers=BROWSER).get_data(as_text=True)

    assert '<textarea id="query" name="query"' in text
    assert text.count('href="/sparql?query=') >= 3


def test_a_browser_gets_a_table_with_links_and_downloads(client: FlaskClient) -> None:
    query = PREFIXES + "SELECT ?p ?name { ?p tw:country ?c ; rdfs:label ?name . ?c tw:isoCode 'IR' } ORDER BY ?name"
    text = client.get("/sparql", query_string={"query": query}, headers=BROWSER).get_data(as_text=True)
    labels = "SELECT ?l { <https://w3id.org/twinld/id/place/berlin> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    names = client.get("/sparql", query_string={"query": labels}, headers=BROWSER).get_data(as_text=True)

    assert '<th scope="col">p</th><th scope="col">name</th>' in text
    assert "/sparql.csv?query=" in text
    assert '<span lang="ar" dir="rtl">برلين</span>' in names
    assert "12 rows." in names


def test_a_browser_gets_yes_or_no_or_turtle(client: FlaskClient) -> None:
    def page(query: str) -> str:
        return client.get("/sparql", query_string={"query": query}, headers=BROWSER).get_data(as_text=True)

    assert "<p>Yes. " in page(ASK)
    assert "<p>No. " in page("ASK { FILTER(false) }")
    assert "&#34;Sweden&#34;@en" in page(CONSTRUCT)


def test_a_long_table_says_that_it_is_not_whole(client: FlaskClient) -> None:
    query = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    text = client.get("/sparql", query_string={"query": query}, headers=BROWSER).get_data(as_text=True)
    whole = len(json.loads(ask(client, query).data)["results"]["bindings"])

    assert f"The first 1,000 of {whole:,} rows; the downloads have them all." in text
    assert text.count("<tr><td>") >= 1000


def test_values_cannot_bring_markup_into_a_page(client: FlaskClient) -> None:
    query = "SELECT ('<script>x</script>' AS ?a) (IRI('javascript:x') AS ?b) {}"
    text = client.get("/sparql", query_string={"query": query}, headers=BROWSER).get_data(as_text=True)

    assert "<script>" not in text
    assert 'href="javascript' not in text


# ----------------------------------------------------------------------------------------------- errors


def test_a_slip_is_shown_with_its_place(client: FlaskClient) -> None:
    answer = ask(client, "SELECT ?a {\n  ?a a tw:Place\n}")

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "line 2, column 8: the prefix tw: is not declared; "
        "put PREFIX tw: <https://w3id.org/twinld/ns#> at the start",
        "line": 2,
        "column": 8,
        "excerpt": ["  ?a a tw:Place", "       ^"],
    }
    page = client.get("/sparql", query_string={"query": "SELECT ?a {\n  ?a a tw:Place\n}"}, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "  ?a a tw:Place\n       ^</pre>" in page.get_data(as_text=True)
    assert "Ask again" in page.get_data(as_text=True)


FORM = "application/x-www-form-urlencoded"
REFUSED = [
    ("an empty query", "GET", "/sparql?query=", None, None, 400),
    ("a blank query", "GET", "/sparql?query=+", None, None, 400),
    ("two queries", "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, None, 400),
    ("a form without a query", "POST", "/sparql", b"a=b", FORM, 400),
    ("a query in the form and in the address", "POST", "/sparql?query=ASK%7B%7D", b"query=ASK%7B%7D", FORM, 400),
    ("an empty body", "POST", "/sparql", b"", "application/sparql-query", 400),
    ("broken UTF-8 in the address", "GET", "/sparql?query=ASK%7B%7D%23%FF", None, None, 400),
    ("broken UTF-8 in a form", "POST", "/sparql", b"query=ASK%7B%7D%23%FF", FORM, 400),
    ("broken UTF-8 in a body", "POST", "/sparql", b"ASK {} # \xff", "application/sparql-query", 400),
    ("a graph that is no IRI", "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=a+b", None, None, 400),
    ("a timeout that is no number", "GET", "/sparql?query=ASK%7B%7D&timeout=soon", None, None, 400),
    ("a timeout in the past", "GET", "/sparql?query=ASK%7B%7D&timeout=-1", None, None, 400),
    ("too many brackets", "POST", "/sparql", b"ASK {" + b"{" * 200 + b"}" * 201, "application/sparql-query", 400),
    ("not SPARQL at all", "GET", "/sparql?query=hello", None, None, 400),
    ("an update in a query", "GET", "/sparql?query=DROP+ALL", None, None, 403),
    ("an update in the address", "GET", "/sparql?update=DROP+ALL", None, None, 403),
    ("an update in a form", "POST", "/sparql", b"update=DROP+ALL", FORM, 403),
    ("an update as a body", "POST", "/sparql", b"DROP ALL", "application/sparql-update", 403),
    ("another endpoint", "GET", "/sparql?query=ASK%7BSERVICE%3Chttp://a/%3E%7B%7D%7D", None, None, 403),
    ("a query that is too long", "POST", "/sparql", b"ASK {} #" + b"x" * 262_144, "application/sparql-query", 413),
    ("a body that is too long", "POST", "/sparql", b"query=" + b"x" * 2_000_000, FORM, 413),
    ("another content type", "POST", "/sparql", b"ASK {}", "text/plain", 415),
    ("no content type", "POST", "/sparql", b"ASK {}", None, 415),
    ("another charset", "POST", "/sparql", b"ASK {}", "application/sparql-query; charset=latin-1", 415),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_the_protocol_does_not_allow_is_refused_with_a_sentence(
    client: FlaskClient, method: str, path: str, body: bytes | None, kind: str | None, status: int
) -> None:
    answer = client.open(path, method=method, data=body, content_type=kind)
    page = client.open(path, method=method, data=body, content_type=kind, headers=BROWSER)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    assert len(answer.json["detail"]) > 20
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_wrong_query_is_told_before_a_wrong_format(client: FlaskClient) -> None:
    assert ask(client, "hello", "text/turtle").status_code == 400


class Failing:
    """A pool in which every query ends in the same way."""

    def __init__(self, error: errors.TwinldError) -> None:
        self.error = error

    def run(self, query: str, format: object, **options: object) -> Answer:  # noqa: A002  the pool's word
        raise self.error

    def state(self) -> dict[str, object]:
        return {}

    def close(self) -> None:
        pass


OUTCOMES = [
    (errors.QueryTimeout("the query ran longer than 30 s"), 503),
    (errors.QueryCrash("the query needs too much memory"), 503),
    (errors.PoolBusy("no worker was free in 5 s"), 503),
    (errors.ResultTooBig("the result has more than 128 MiB"), 413),
]


@pytest.mark.parametrize(("error", "status"), OUTCOMES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("accept", ["*/*", BROWSER["Accept"]], ids=["program", "browser"])
def test_what_happens_to_a_query_becomes_a_status(
    store: Store, error: errors.TwinldError, status: int, accept: str
) -> None:
    pool: Pool = Failing(error)
    answer = ask(create_app(Settings(), store, pool).test_client(), SELECT, accept)

    assert answer.status_code == status
    assert str(error)[1:] in answer.get_data(as_text=True)
    assert (answer.headers.get("Retry-After") == "10") is (status == 503)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in answer.headers


def test_every_error_of_the_library_has_a_status() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.TwinldError)]

    assert len(kinds) > 10
    assert {kind.__name__: status_of(kind("x")) for kind in kinds if kind not in STATUS} == {
        "UsageError": 400,
        "SourceError": 400,
        "FindingsError": 500,
        "ReleaseError": 500,
        "ServiceFailed": 502,
        "ServiceBanned": 502,
        "LockedError": 500,
    }


def test_a_query_that_takes_too_long_is_ended_and_the_next_is_answered(store: Store) -> None:
    app = create_app(Settings(query_timeout_s=1, workers=1), store)
    app.test_client_class = Client
    try:
        client = app.test_client()
        endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        assert ask(client, endless).status_code == 503
        assert rows(ask(client, SELECT)) == ROWS
    finally:
        app.extensions["twinld"].close()
