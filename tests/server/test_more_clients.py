"""curl and Comunica against a running server, as people start them.

Comunica is installed by npm into build/ when it is first needed, as tests/clients/comunica/package-lock.json has
it; without Node, npm or a registry its tests are skipped.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rdflib

from tests.server.test_clients import CONSTRUCT, PREFIXES, SELECT, start
from tests.server.test_sparql import ROWS

LOCKED = Path(__file__).resolve().parents[1] / "clients/comunica"
INSTALL_S = 240


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    process = start(0)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def said(command: list[str], timeout_s: int = 60) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout_s)
    assert done.returncode == 0, done.stderr
    return done.stdout


# -------------------------------------------------------------------------------------------------- curl


@pytest.fixture(scope="module")
def curl() -> list[str]:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    return [program, "--silent", "--show-error", "--fail-with-body", "--max-time", "30"]


def test_curl_gets_json_for_rows_and_turtle_for_graphs(curl: list[str], url: str) -> None:
    rows = json.loads(said([*curl, f"{url}sparql", "--data-urlencode", f"query={SELECT}"]))
    graph = rdflib.Graph().parse(data=said([*curl, "-G", f"{url}sparql", "--data-urlencode", f"query={CONSTRUCT}"]))

    assert [(row["code"]["value"], row["name"]["value"]) for row in rows["results"]["bindings"]] == ROWS
    assert [str(name) for name in graph.objects()] == ["Sweden"]


def test_curl_posts_a_query_from_a_file(curl: list[str], url: str, tmp_path: Path) -> None:
    (tmp_path / "query.rq").write_text(SELECT)
    kind = ["-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv"]

    text = said([*curl, f"{url}sparql", *kind, "--data-binary", f"@{tmp_path / 'query.rq'}"])

    assert text.splitlines() == ["code,name", "AU,Australia", "DE,Germany"]


def test_curl_follows_an_iri_to_its_data_and_takes_it_packed(curl: list[str], url: str) -> None:
    text = said([*curl, "-L", "--compressed", "-H", "Accept: text/turtle", f"{url}id/place/boston"])
    head = said([*curl, "-I", f"{url}place/boston.ttl"])

    boston = rdflib.URIRef("https://w3id.org/twinld/id/place/boston")
    assert rdflib.Literal("Boston", lang="en") in set(
        rdflib.Graph().parse(data=text).objects(boston, rdflib.RDFS.label)
    )
    assert "HTTP/1.1 200 OK" in head
    assert "content-type: text/turtle; charset=utf-8" in head.lower()


def test_curl_ends_with_an_error_for_a_query_that_cannot_be_read(curl: list[str], url: str) -> None:
    done = subprocess.run(
        [*curl, f"{url}sparql", "--data-urlencode", "query=SELECT"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 22
    assert json.loads(done.stdout)["status"] == 400


# ---------------------------------------------------------------------------------------------- Comunica


@pytest.fixture(scope="module")
def comunica(root: Path) -> Callable[..., str]:
    """Runs a query over sources and gives what Comunica prints."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node and npm are not installed")
    folder = root / "build" / "comunica"
    program = folder / "node_modules/.bin/comunica-sparql"
    lock = (LOCKED / "package-lock.json").read_bytes()
    if not program.exists() or (folder / "package-lock.json").read_bytes() != lock:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCKED / name, folder)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=INSTALL_S)
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm did not install Comunica in {INSTALL_S} s")
        if done.returncode != 0:
            pytest.skip(f"npm cannot install Comunica here: {(done.stderr.splitlines() or ['no reason'])[-1]}")

    def run(query: str, *sources: str, kind: str) -> str:
        return said([str(program), *sources, "-q", query, "-t", kind], timeout_s=120)

    return run


def test_comunica_finds_the_endpoint_by_its_description(comunica: Callable[..., str], url: str) -> None:
    rows = json.loads(comunica(SELECT, f"{url}sparql", kind="application/sparql-results+json"))

    assert [(row["code"]["value"], row["name"]["value"]) for row in rows["results"]["bindings"]] == ROWS


def test_comunica_makes_a_graph(comunica: Callable[..., str], url: str) -> None:
    graph = rdflib.Graph().parse(data=comunica(CONSTRUCT, f"{url}sparql", kind="text/turtle"))

    assert [str(name) for name in graph.objects()] == ["Sweden"]


def test_comunica_joins_a_page_with_the_endpoint(comunica: Callable[..., str], url: str) -> None:
    query = PREFIXES + (
        "SELECT DISTINCT ?name { ?agreement tw:party <https://w3id.org/twinld/id/place/boston> , ?twin . "
        "?twin rdfs:label ?name FILTER(LANG(?name) = 'en' && ?name != 'Boston'@en) } ORDER BY ?name"
    )
    sources = [f"{url}place/boston.ttl", f"sparql@{url}sparql"]
    found = json.loads(comunica(query, *sources, kind="application/sparql-results+json"))
    alone = json.loads(comunica(query, f"{url}sparql", kind="application/sparql-results+json"))

    names = [[row["name"]["value"] for row in each["results"]["bindings"]] for each in (found, alone)]
    assert names == [["Kyoto", "Strasbourg"]] * 2
