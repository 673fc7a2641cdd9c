"""What every answer carries: safety, CORS, release; what caches need; HEAD, OPTIONS and methods."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.links import direction, href, path_of
from tests.server.conftest import BROWSER
from twinld.settings import Settings
from twinld.store import open_store

EVERYWHERE = [
    "/",
    "/place/boston",
    "/place/boston.ttl",
    "/sparql",
    "/nothing",
    "/place/none",
    "/healthz",
    "/id/place/boston",
]
QUERY = "/sparql?query=SELECT+*+%7B+%3Fs+a+%3Chttps://w3id.org/twinld/ns%23Country%3E+%7D"
CACHED = [
    "/place/boston.ttl",
    "/place/boston.html",
    "/agreement/boston--kyoto.jsonld",
    "/",
    "/ontology.nt",
    "/sparql",
    QUERY,
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_is_safe_and_may_be_read_by_any_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Twinld-Release"] == "2022-11-30"
    assert 'rel="cite-as"' in ", ".join(answer.headers.getlist("Link"))


def test_an_answer_names_what_it_is_about_and_its_other_forms(client: FlaskClient) -> None:
    links = client.get("/place/boston").headers["Link"]

    assert links.startswith('<https://w3id.org/twinld/id/place/boston>; rel="cite-as", ')
    assert '</place/boston.jsonld>; rel="alternate"; type="application/ld+json"' in links


@pytest.mark.parametrize("path", CACHED)
def test_an_answer_is_not_sent_twice(client: FlaskClient, path: str) -> None:
    first = client.get(path, headers={"Accept": "*/*"})
    tag = first.headers["ETag"]
    again = client.get(path, headers={"Accept": "*/*", "If-None-Match": tag})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == tag
    spoken = ", Accept-Language" if first.content_type.startswith("text/html") else ""
    assert again.headers["Vary"] == first.headers["Vary"] == f"Accept, Accept-Encoding{spoken}"
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Last-Modified"] == "Wed, 30 Nov 2022 00:00:00 GMT"
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_every_representation_has_a_tag_of_its_own(client: FlaskClient) -> None:
    tags = {client.get("/place/boston", headers={"Accept": t}).headers["ETag"] for t in ("text/html", "text/turtle")}
    tags |= {client.get(path).headers["ETag"] for path in ("/place/kyoto", "/place/boston.html?lang=de")}

    assert len(tags) == 4


def test_without_a_release_nothing_is_kept(tmp_path: object) -> None:
    app = create_app(Settings(), open_store("memory:"))

    answer = app.test_client().get("/")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert "ETag" not in answer.headers
    assert "X-Twinld-Release" not in answer.headers


@pytest.mark.parametrize("path", ["/place/boston", "/", "/sparql", QUERY, "/healthz", "/place/none"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)

    assert head.data == b""
    assert head.status_code == got.status_code
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert head.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/sparql", {"GET", "HEAD", "OPTIONS", "POST"}), ("/place/boston", {"GET", "HEAD", "OPTIONS"})],
)
def test_a_preflight_is_answered(client: FlaskClient, path: str, methods: set[str]) -> None:
    answer = client.options(
        path, headers={"Origin": "https://a.example", "Access-Control-Request-Headers": "content-type"}
    )

    assert answer.status_code == 200
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == methods
    assert answer.headers["Access-Control-Allow-Headers"] == "Accept, Content-Type"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_with_those_that_are_taken(client: FlaskClient, method: str) -> None:
    answer = client.open("/sparql", method=method)

    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.post("/place/boston").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/", "/place/boston", "/place/boston.ttl", "/sparql", "/version", "/place/none"])
def test_the_host_of_a_request_is_never_repeated(client: FlaskClient, path: str) -> None:
    for headers in (BROWSER, {"Accept": "text/turtle"}):
        answer = client.get(path, headers={**headers, "Host": "evil.example", "X-Forwarded-Host": "evil.example"})

        assert b"evil" not in answer.data
        assert "evil" not in str(answer.headers)


def test_state_and_version_are_told(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok", "release": "2022-11-30"}
    assert client.get("/version").json == {
        "twinld": "0.1.0",
        "release": "2022-11-30",
        "issued": "2022-11-30",
        "base": "https://w3id.org/twinld/",
        "url": "http://127.0.0.1:8000/",
    }
    assert client.get("/healthz").headers["Cache-Control"] == "no-store"


def test_links_stand_under_the_path_of_the_public_address(client: FlaskClient) -> None:
    app = create_app(Settings(url="https://data.example/twins/"), client.application.extensions["twinld"].store)
    mounted = app.test_client()

    text = mounted.get("/place/boston", headers=BROWSER).get_data(as_text=True)
    assert 'href="/twins/static/twinld.css"' in text
    assert 'href="/twins/place/kyoto"' in text
    assert mounted.get("/id/place/boston").headers["Location"] == "/twins/place/boston"
    assert "https://data.example/twins/sparql" in mounted.get("/sparql").get_data(as_text=True)


def test_only_safe_schemes_become_links() -> None:
    iris = ["https://a/", "http://a/", "mailto:a@b", "geo:1,2", "javascript:alert(1)", "data:text/html,x", "http://["]

    assert [href(iri) is not None for iri in iris] == [True, True, True, True, False, False, False]


def test_things_of_ours_have_paths_of_ours() -> None:
    base = "https://w3id.org/twinld/"
    paths = {
        "id/place/boston": "/place/boston",
        "id/record/a/b#start": "/record/a/b#start",
        "graph/source/a": "/graph/source/a",
        "vocab/kind-trade": "/vocab/kind-trade",
        "ns#party": "/ontology#party",
        "ns": "/ontology",
        "dataset": "/dataset",
        'id/place/"x': "/place/%22x",
    }
    assert {iri: path_of(base + iri) for iri in paths} == paths
    assert path_of("https://elsewhere.example/") is None


def test_scripts_have_their_direction() -> None:
    tags = ["ar", "fa", "he", "az-arab", "ur-latn", "de", "zh-hant", "und", None]

    assert [direction(tag) for tag in tags] == ["rtl", "rtl", "rtl", "rtl", "ltr", "ltr", "ltr", "auto", "auto"]


def test_a_fault_of_ours_is_told_without_its_details(caplog: pytest.LogCaptureFixture) -> None:
    store = open_store("memory:")
    app = create_app(Settings(), store)
    store.close()

    answer = app.test_client().get("/place/boston")

    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"] == "something went wrong on our side; it was written to the log"
    assert "the store is closed" in caplog.text
