"""The release of this checkout as a newcomer meets it: a running server, asked by real clients."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pandas
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper

from twinld.queries import query, with_prefixes
from twinld.vocab import ID, TW


@pytest.fixture(scope="module")
def url(release: Path, root: Path) -> Iterator[str]:
    """The address of `twinld serve` on a free port."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWINLD_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "twinld", "serve", "--store", str(release), "--port", "0"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"twinld serves \S+ at (http://127\.0\.0\.1:\d+/)\n", line)
    assert match is not None, line
    yield match[1]
    process.send_signal(signal.SIGTERM)
    assert (process.communicate(timeout=30)[0], process.returncode) == ("", 0)


def test_curl_follows_an_id_to_turtle(url: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    done = subprocess.run(
        ["curl", "-sSL", "--noproxy", "*", "-H", "Accept: text/turtle", "-w", "%{http_code} %{num_redirects}",
         f"{url}id/place/boston"],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    turtle, _, end = done.stdout.rpartition("\n")

    assert end == "200 1"
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    twinned = rdflib.URIRef(f"{TW}twinnedWith")
    assert len(list(graph.objects(rdflib.URIRef(f"{ID}place/boston"), twinned))) == 16


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:SPARQLWrapper")
def test_sparqlwrapper_counts_what_is_not_answered(url: str) -> None:
    wrapper = SPARQLWrapper(f"{url}sparql")
    wrapper.setQuery(with_prefixes("SELECT (COUNT(*) AS ?n) { ?statement tw:unansweredBy ?place }"))
    wrapper.setReturnFormat(JSON)

    assert wrapper.queryAndConvert()["results"]["bindings"] == [
        {"n": {"type": "literal", "value": "623", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}
    ]


def test_rdflibs_store_counts_the_twins_of_saint_petersburg(url: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}sparql"))

    ((number,),) = graph.query(with_prefixes("SELECT (COUNT(?t) AS ?n) { place:saint-petersburg tw:twinnedWith ?t }"))
    assert number.toPython() == 99


def test_rdflib_reads_a_thing_from_its_address(url: str) -> None:
    graph = rdflib.Graph().parse(f"{url}id/agreement/berlin--istanbul")

    agreement = rdflib.URIRef(f"{ID}agreement/berlin--istanbul")
    assert [year.toPython() for year in graph.objects(agreement, rdflib.URIRef(f"{TW}startYear"))] == [1989]


def test_pandas_reads_the_one_sided_counts_and_the_twins_of_boston(url: str) -> None:
    counts = pandas.read_csv(f"{url}sparql?format=csv&query={quote(query('one_sided_count'))}")
    twins = pandas.read_csv(f"{url}sparql?format=csv&query={quote(query('twins_of_boston'))}")

    assert counts.to_dict("list") == {"oneSided": [623], "left": [540]}
    assert list(twins.columns) == ["twin", "country", "since"]
    assert list(twins["twin"])[:5] == ["Athens", "Barcelona", "Beira", "Belfast", "Boston"]
    assert len(twins) == 16
