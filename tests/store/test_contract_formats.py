"""How every store writes its answers: the same rows and graphs in each format, and the whole as a dump."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pyoxigraph
import pytest
import rdflib
import store_data as data
from store_data import LE_MANS, PADERBORN, PREFIXES, START

from tests.store.store_kinds import written
from twinld.errors import ResultTooBig
from twinld.formats import find_format

ROWS = PREFIXES + "SELECT ?start ?party { ?a tw:start ?start ; tw:party ?party } ORDER BY ?party"


def test_json_is_exact(store):
    body = written(store, ROWS)

    date = {"type": "literal", "value": "0836", "datatype": "http://id.loc.gov/datatypes/edtf/EDTF-level1"}
    bindings = [
        {"start": date, "party": {"type": "uri", "value": f"{data.EX}place/{slug}"}}
        for slug in ("le-mans", "paderborn")
    ]
    assert {"head": {"vars": ["start", "party"]}, "results": {"bindings": bindings}} == json.loads(body)


def test_csv_is_exact(store):
    body = written(store, PREFIXES + "SELECT ?text { GRAPH ?g { ?r tw:locator ?text } }", "csv")

    assert list(csv.reader(io.StringIO(body.decode(), newline=""))) == [["text"], [data.ODD_TEXT]]
    assert body.startswith(b"text\r\n")
    assert body.endswith(b"\r\n")


def test_tsv_is_exact(store):
    expected = f"?start\t?party\n{START}\t{LE_MANS}\n{START}\t{PADERBORN}\n"

    assert expected.encode() == written(store, ROWS, "tsv")


def test_xml_is_exact(store):
    root = ET.fromstring(written(store, ROWS, "xml"))

    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [variable.get("name") for variable in root.iter(space + "variable")] == ["start", "party"]
    assert [(uri.text or "").rpartition("/")[2] for uri in root.iter(space + "uri")] == ["le-mans", "paderborn"]


@pytest.mark.parametrize(
    ("name", "expected"), [("json", b'{"head":{},"boolean":true}'), ("csv", b"true"), ("tsv", b"true")]
)
def test_a_boolean_is_written(store, name, expected):
    assert expected == written(store, "ASK { ?s ?p ?o }", name)


@pytest.mark.parametrize("name", ["turtle", "jsonld", "ntriples", "rdfxml", "trig", "nquads"])
def test_a_graph_means_the_same_in_every_format(store, name):
    body = written(store, "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", name)

    read = rdflib.Dataset().parse(data=body, format=find_format(name).rdflib)
    expected = {triple for graph in store.graphs() for triple in store.graph(graph)}
    assert expected == {quad[:3] for quad in read}


def test_turtle_has_only_the_prefixes_it_uses(store):
    body = written(store, PREFIXES + "CONSTRUCT WHERE { ?a tw:start ?start }")

    assert body == (
        b"@prefix agreement: <https://w3id.org/twinld/id/agreement/> .\n"
        b"@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .\n"
        b"@prefix tw: <https://w3id.org/twinld/ns#> .\n"
        b'agreement:le-mans--paderborn tw:start "0836"^^edtf:EDTF-level1 .\n'
    )


def test_star_has_its_columns_in_order_of_appearance(store):
    query = PREFIXES + "SELECT * { ?zoo a tw:Agreement ; tw:start ?begin . MINUS { ?zoo tw:end ?aaa } }"

    assert written(store, query, "tsv").splitlines()[0] == b"?zoo\t?begin"


def test_columns_are_named_when_there_are_no_rows(store):
    query = "SELECT ?b ?a { ?a <http://example.org/none> ?b }"

    assert written(store, query) == b'{"head":{"vars":["b","a"]},"results":{"bindings":[]}}'


class Full(io.BytesIO):
    def write(self, data: object) -> int:
        raise ResultTooBig("full")


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "ASK {}"])
def test_what_out_raises_ends_the_answer(store, query):
    with pytest.raises(ResultTooBig, match=r"^full$"):
        store.write(query, None, Full())


def test_dump_has_every_quad(store):
    out = io.BytesIO()

    store.dump(out)

    wanted, found = (
        set(pyoxigraph.parse(body, pyoxigraph.RdfFormat.N_QUADS)) for body in (data.nquads(), out.getvalue())
    )
    assert wanted == found
