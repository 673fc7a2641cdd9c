"""The server under waitress, asked by the clients that people use; and how it starts and stops."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pandas
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from server.run import listen
from tests.server.conftest import SMALL
from twinld.errors import UsageError

PREFIXES = "PREFIX tw: <https://w3id.org/twinld/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
SELECT = PREFIXES + "SELECT ?code ?name { ?c tw:isoCode ?code ; rdfs:label ?name } ORDER BY ?code LIMIT 2"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?c rdfs:label ?name } WHERE { ?c tw:isoCode 'SE' ; rdfs:label ?name }"
PROGRAM = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from server.run import serve
from twinld.settings import Settings
from twinld.store import open_store
serve(Settings(port=PORT, workers=1), open_store({str(SMALL)!r}), lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


def start(port: int) -> subprocess.Popen[str]:
    """A server in a process of its own, which heeds SIGINT also where these tests were started to ignore it."""
    root = SMALL.parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("PORT", str(port))],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    process = start(0)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=20)
    assert (rest, process.returncode) == ("stopped\n", 0)


def test_the_server_tells_its_address(url: str) -> None:
    assert url.startswith("http://127.0.0.1:")
    described = rdflib.Graph().parse(f"{url}sparql")
    assert rdflib.URIRef(f"{url}sparql") in set(described.subjects())


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:SPARQLWrapper")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_reads_rows_and_graphs(url: str, method: str) -> None:
    wrapper = SPARQLWrapper(f"{url}sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(JSON)
    found = wrapper.queryAndConvert()
    assert [row["name"]["value"] for row in found["results"]["bindings"]] == ["Australia", "Germany"]
    wrapper.setReturnFormat(CSV)
    assert wrapper.queryAndConvert() == b"code,name\r\nAU,Australia\r\nDE,Germany\r\n"
    wrapper.setReturnFormat(XML)
    assert len(wrapper.queryAndConvert().getElementsByTagName("result")) == 2
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(TURTLE)
    assert b'"Sweden"@en' in wrapper.queryAndConvert()


def test_rdflibs_store_reads_rows_and_graphs(url: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}sparql"))

    assert [(str(code), str(name)) for code, name in graph.query(SELECT)] == [("AU", "Australia"), ("DE", "Germany")]
    assert [str(name) for _, _, name in graph.query(CONSTRUCT)] == ["Sweden"]
    assert bool(graph.query(PREFIXES + "ASK { ?a tw:end ?end }"))


def test_pandas_reads_a_table_from_an_address(url: str) -> None:
    table = pandas.read_csv(f"{url}sparql?format=csv&query={quote(SELECT)}")

    assert table.to_dict("list") == {"code": ["AU", "DE"], "name": ["Australia", "Germany"]}


def test_curl_gets_json_and_what_it_asks_for(url: str) -> None:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("there is no curl here")

    def curl(*options: str) -> str:
        command = [program, "--silent", "--fail", "--get", *options, "--data-urlencode", f"query={SELECT}"]
        return subprocess.run([*command, f"{url}sparql"], capture_output=True, text=True, check=True).stdout

    assert json.loads(curl())["head"] == {"vars": ["code", "name"]}
    assert curl("-H", "Accept: text/csv") == "code,name\nAU,Australia\nDE,Germany\n"  # text mode reads CR LF as LF
    assert curl("--compressed", "-H", "Accept: text/csv").startswith("code,name")


@pytest.mark.parametrize("form", ["sparql@{}", "{}"], ids=["named as an endpoint", "found by its description"])
def test_comunica_reads_rows(url: str, form: str) -> None:
    program = os.environ.get("COMUNICA") or shutil.which("comunica-sparql")
    if program is None:
        pytest.skip("there is no comunica-sparql here (@comunica/query-sparql 3.3 works on Node 20); COMUNICA names it")
    source = form.format(f"{url}sparql")
    found = subprocess.run([program, source, SELECT], capture_output=True, text=True, check=True, timeout=120).stdout

    assert [row["name"] for row in json.loads(found)] == ['"Australia"@en', '"Germany"@en']


def test_rdflib_reads_a_thing_from_its_address(url: str) -> None:
    graph = rdflib.Graph().parse(f"{url}id/place/boston")

    boston = rdflib.URIRef("https://w3id.org/twinld/id/place/boston")
    assert rdflib.Literal("Boston", lang="en") in set(graph.objects(boston, rdflib.RDFS.label))


def test_a_port_in_use_gives_the_next_free_one() -> None:
    first = listen("127.0.0.1", 0)
    port = first.getsockname()[1]
    second = listen("127.0.0.1", port)

    assert port < second.getsockname()[1] <= port + 50
    first.close()
    second.close()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match="give another"):
        listen("192.0.2.1", 8000)
    with pytest.raises(UsageError, match="no address of this machine"):
        listen("not a host", 8000)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_and_its_workers(number: signal.Signals, tmp_path: Path) -> None:
    process = start(0)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    pandas.read_csv(f"{address}sparql?format=csv&query={quote(SELECT)}")

    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)

    assert (rest, process.returncode) == ("stopped\n", 0)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.rsplit(":", 1)[1].rstrip("/")))) != 0
