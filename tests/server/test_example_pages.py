"""Every example query has a page: how it works, its first rows, programs that ask it; and the words of the editor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import which

import pytest
from flask.testing import FlaskClient

from server import create_app
from tests.server.conftest import BROWSER, browsing
from twinld import site
from twinld.queries import query
from twinld.settings import Settings
from twinld.store import open_store

EXAMPLES = site.examples()
HOSTILE = 'SELECT (\'a\\\\"b\' AS ?x) ("""c`${d}""" AS ?y) { } # )-\' \'; rm -rf / #\n'


@pytest.fixture(scope="module")
def web(release: Path) -> Iterator[FlaskClient]:
    with browsing(release, workers=1) as client:
        yield client


def test_there_are_enough_examples_and_each_says_how_it_works() -> None:
    assert len(EXAMPLES) >= 56
    assert [one.name for one in EXAMPLES if not (one.how.endswith(".") and one.fast.endswith("."))] == []
    assert [one.name for one in EXAMPLES if "?place" in one.text and "slice_" in one.name] == []


@pytest.mark.parametrize("name", [one.name for one in EXAMPLES])
def test_every_example_has_a_page_with_its_rows(web: FlaskClient, name: str) -> None:
    answer = web.get(f"/examples/{name}", headers=BROWSER)
    text = unescape(answer.get_data(as_text=True))

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert query(name) in text
    assert "Why it is fast" in text
    if name != "cq13":  # whose right answer is empty
        assert ("<p>Yes.</p>" in text) or "<td>" in text


def test_the_page_of_an_example_shows_its_first_rows(client: FlaskClient) -> None:
    text = client.get("/examples/example_map_of_boston", headers=BROWSER).get_data(as_text=True)

    assert "<h1>Where are the twins of Boston?</h1>" in text
    assert "<p>2 rows.</p>" in text
    assert '<td><a href="/place/kyoto">https://w3id.org/twinld/id/place/kyoto</a></td>' in text
    assert 'href="/sparql?query=PREFIX' in text
    assert "SPARQLWrapper(&#34;http://127.0.0.1:8000/sparql&#34;)" in text


def test_a_query_is_also_a_file(client: FlaskClient) -> None:
    answer = client.get("/examples/cq01.rq")

    assert (answer.status_code, answer.mimetype) == (200, "application/sparql-query")
    assert answer.get_data(as_text=True) == query("cq01")


def test_examples_are_listed_by_who_asks_and_by_keyword(client: FlaskClient) -> None:
    every = client.get("/examples", headers=BROWSER).get_data(as_text=True)
    some = client.get("/examples?keyword=map", headers=BROWSER).get_data(as_text=True)

    assert all(f'<a href="/examples/{one.name}">' in every for one in EXAMPLES)
    assert every.index("Everybody asks") < every.index("Portals ask") < every.index("Researchers ask")
    assert some.count('<div class="example">') == 2
    assert '<a href="/examples/cq38">' in some


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/examples/best_conected", "did you mean best_connected?"),
        ("/examples/page_home", "there is no example 'page_home'"),
        ("/examples/nothing.rq", "there is no example 'nothing'"),
        ("/examples?keyword=maps", "did you mean map"),
    ],
)
def test_an_unknown_example_names_the_nearest(client: FlaskClient, path: str, said: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert said in answer.json["detail"]  # type: ignore[index]


# ------------------------------------------------------------------------------------------ the editor's words


def test_the_editor_completes_our_terms_and_those_in_use(client: FlaskClient) -> None:
    words = client.get("/sparql/editor.json").json

    assert words is not None
    assert words["prefixes"]["tw"] == "https://w3id.org/twinld/ns#"
    assert {"https://w3id.org/twinld/ns#Agreement", "https://w3id.org/twinld/ns#Claim"} <= set(words["classes"])
    assert {"https://w3id.org/twinld/ns#party", "http://www.w3.org/2003/01/geo/wgs84_pos#lat"} <= set(
        words["properties"]
    )
    assert "https://w3id.org/twinld/vocab/kind-twinning" in words["concepts"]
    assert words["examples"][0]["name"] == "agreements_by_country"
    assert len(words["examples"]) == len(EXAMPLES)


def test_the_words_stand_in_the_base_of_the_server(client: FlaskClient) -> None:
    app = create_app(Settings(base="http://localhost/x/"), open_store("memory:"))
    words = app.test_client().get("/sparql/editor.json").json

    assert words is not None
    assert words["prefixes"]["place"] == "http://localhost/x/id/place/"
    assert words["examples"][0]["text"].startswith("PREFIX tw: <http://localhost/x/ns#>")


# ---------------------------------------------------------------------------------------------- programs


def test_programs_are_given_for_a_query(client: FlaskClient) -> None:
    found = client.get("/sparql/samples.json", query_string={"query": "ASK {}"}).json

    assert found is not None
    assert [one["language"] for one in found["samples"]] == ["python", "r", "javascript", "curl"]
    assert client.get("/sparql/samples.json").status_code == 400


def test_python_and_javascript_hold_the_very_query(tmp_path: Path) -> None:
    made = {one.language: one.text for one in site.samples(HOSTILE, "http://127.0.0.1:9/sparql")}

    fake = "import sys, types\nclass W:\n    def __init__(self, url): pass\n"
    fake += "    def setQuery(self, text): sys.stdout.write(text)\n"
    fake += (
        "    def setReturnFormat(self, f): pass\n    def queryAndConvert(self): return {'results': {'bindings': []}}\n"
    )
    fake += "module = types.ModuleType('SPARQLWrapper'); module.JSON = 1; module.SPARQLWrapper = W\n"
    fake += "sys.modules['SPARQLWrapper'] = module\n"
    done = subprocess.run([sys.executable, "-c", fake + made["python"]], capture_output=True, text=True, check=True)
    assert done.stdout == f"\n{HOSTILE}"
    if which("node"):
        script = made["javascript"].partition("const answer")[0] + "process.stdout.write(query);"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
        assert done.stdout == f"\n{HOSTILE}"


def test_curl_gives_the_very_query_to_the_program() -> None:
    text = next(one.text for one in site.samples(HOSTILE, "http://127.0.0.1:9/sparql") if one.language == "curl")

    shown = f"curl() {{ printf '%s' \"${{@: -1}}\"; }}\n{text}"
    done = subprocess.run(["bash", "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout == f"query=\n{HOSTILE}"


def test_a_raw_string_of_r_does_not_end_in_the_query() -> None:
    text = next(one.text for one in site.samples(HOSTILE, "http://127.0.0.1:9/sparql") if one.language == "r")

    assert f"r'--(\n{HOSTILE})--'" in text


# --------------------------------------------------------------------------------------- answers are not run twice


def test_the_rows_of_a_page_are_kept_for_the_editor(released: FlaskClient) -> None:
    text = "SELECT ?s { GRAPH ?g { ?s a <https://w3id.org/twinld/ns#Country> } } ORDER BY ?s # once"
    pool = released.application.extensions["twinld"].current.pool
    asked: list[str] = []
    run = pool.run
    pool.run = lambda query, *rest, **more: asked.append(query) or run(query, *rest, **more)
    try:
        page = released.get("/sparql", query_string={"query": text}, headers=BROWSER)
        rows = released.get(
            "/sparql", query_string={"query": text}, headers={"Accept": "application/sparql-results+json"}
        )
    finally:
        pool.run = run

    assert (page.mimetype, rows.mimetype) == ("text/html", "application/sparql-results+json")
    assert len(json.loads(rows.data)["results"]["bindings"]) == 11
    assert asked == [text]
