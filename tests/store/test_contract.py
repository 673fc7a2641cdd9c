"""What every store does, whatever it is built on."""

import csv
import io
import json
import threading
import xml.etree.ElementTree as ET

import pyoxigraph
import pytest
import rdflib
import store_data as data
from store_data import AGREEMENT, BOSTON, LE_MANS, PADERBORN, PHASE, PREFIXES, START

from tests.backends import ENGINES
from tests.store.store_kinds import TURTLE, disk, file, memory, packed_dump, release, writable_disk, written
from twinld.errors import (
    QueryError,
    ReleaseError,
    ResultTooBig,
    ServiceRefused,
    SourceError,
    UpdateRefused,
)
from twinld.formats import FORMATS, find_format
from twinld.store import Store, open_store
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore, as_ntriples
from twinld.terms import Term
from twinld.vocab import CURATED, INFERRED

KINDS = [memory, writable_disk, disk, file, packed_dump, release]


def remote(engine, name: str) -> Store:
    """The data in the engine of a name; its deviations are in deviations.toml."""
    backend = engine(name)
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    for graph, triples in data.NAMED.items():
        target.put(graph, as_ntriples(triples))
    target.close()
    return open_store(backend.location)


def kind_name(kind) -> str:
    return kind if isinstance(kind, str) else kind.__name__


@pytest.fixture(scope="module", params=[*KINDS, *ENGINES], ids=kind_name)
def store(request, engine, tmp_path_factory):
    """A store of each kind, for questions."""
    kind = request.param
    opened = remote(engine, kind) if isinstance(kind, str) else kind(tmp_path_factory.mktemp(kind.__name__))
    yield opened
    opened.close()


@pytest.fixture(params=[*KINDS, *ENGINES], ids=kind_name)
def own_store(request, engine, tmp_path):
    """A store of each kind, for one test that changes or closes it."""
    kind = request.param
    opened = remote(engine, kind) if isinstance(kind, str) else kind(tmp_path)
    yield opened
    opened.close()


def test_graphs_are_named_and_sorted(store):
    assert store.graphs() == [CURATED, INFERRED, data.DEMO]


def test_graphs_are_counted(store):
    found = [store.count(graph) for graph in (None, CURATED, INFERRED, data.DEMO, "http://example.org/none")]

    assert found == [15, 12, 3, 3, 0]


def test_rows_hold_terms_in_every_script(store):
    rows = store.select(PREFIXES + "SELECT ?label { ?place rdfs:label ?label } ORDER BY LANG(?label)", place=BOSTON)

    expected = [("بوسطن", "ar"), ("Boston", "en"), ("Бостон", "ru"), ("波士頓", "zh-hant")]
    assert [{"label": Term("literal", value, tag)} for value, tag in expected] == rows


def test_literals_keep_their_lexical_form(store):
    rows = store.select(
        PREFIXES + "SELECT ?o { VALUES ?p { tw:start tw:sameCountry <http://www.w3.org/2003/01/geo/wgs84_pos#lat> }"
        " ?s ?p ?o } ORDER BY STR(?o)"
    )

    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert [
        {"o": Term("literal", "0836", None, "http://id.loc.gov/datatypes/edtf/EDTF-level1")},
        {"o": Term("literal", "42.358", None, xsd + "decimal")},
        {"o": Term("literal", "false", None, xsd + "boolean")},
    ] == rows


def test_quotes_lines_and_emoji_come_back(store):
    rows = store.select(PREFIXES + "SELECT ?text { GRAPH ?g { ?record tw:locator ?text } }")

    assert [{"text": Term("literal", data.ODD_TEXT)}] == rows


def test_unbound_variables_are_left_out_of_a_row(store):
    query = PREFIXES + "SELECT ?place ?lat { ?place a tw:Place OPTIONAL { ?place tw:none ?lat } } ORDER BY ?place"

    rows = store.select(query)

    assert [{"place": Term("iri", f"{data.EX}place/{slug}")} for slug in ("boston", "le-mans", "paderborn")] == rows


BOUND = [
    ("it is returned", "SELECT ?place ?a { ?a tw:party ?place }", [{"place", "a"}]),
    ("it isn't returned", "SELECT ?a { ?a tw:party ?place }", [{"a"}]),
    ("it is counted with", "SELECT (COUNT(?place) AS ?n) { ?a tw:party ?place }", [{"n"}]),
    ("it is grouped by", "SELECT ?place (COUNT(*) AS ?n) { ?a tw:party ?place } GROUP BY ?place", [{"place", "n"}]),
    (
        "it is in a query in the query",
        "SELECT ?n { { SELECT ?place (COUNT(*) AS ?n) { ?a tw:party ?place } GROUP BY ?place } }",
        [{"n"}],
    ),
    ("it is only in a filter", "SELECT ?a { ?a tw:party ?x FILTER(?x = ?place) }", [{"a"}]),
    ("it is tested for being bound", "SELECT ?a { ?a tw:party ?place FILTER(BOUND(?place)) }", [{"a"}]),
    ("it stands beside EXISTS", "SELECT ?place { FILTER EXISTS { ?a tw:party ?place } }", [{"place"}]),
    ("all is returned", "SELECT * { ?a tw:party ?place }", [{"a", "place"}]),
]


@pytest.mark.parametrize(("claim", "query", "expected"), BOUND, ids=[case[0] for case in BOUND])
def test_a_bound_term_works_where(store, claim, query, expected):
    rows = store.select(PREFIXES + query, place=PADERBORN)
    nothing = store.select(PREFIXES + query, place=f"<{data.EX}place/nowhere>")

    assert expected == [set(row) for row in rows]
    wanted = {"a": AGREEMENT, "place": PADERBORN}
    assert [{f"<{row[name].value}>" for name in row if name in wanted} for row in rows] == [
        {wanted[name] for name in columns if name in wanted} for columns in expected
    ]
    assert [row["n"].value for row in rows if "n" in row] == ["1" for columns in expected if "n" in columns]
    assert [row["n"].value for row in nothing] == (["0"] if claim == "it is counted with" else [])


def test_a_bound_text_cannot_change_the_question(store):
    evil = '"\\u0022@en . ?s ?p ?o } #"'

    assert store.select(PREFIXES + "SELECT ?s { ?s rdfs:label ?label }", label=evil) == []
    assert store.ask(PREFIXES + "ASK { ?s rdfs:label ?label }", label='"Бостон"@ru')


@pytest.mark.parametrize("term", ["Boston", "_:b0", '"a" . ?s ?p "b"', "<a b>"])
def test_what_is_no_term_is_not_bound(store, term):
    with pytest.raises(QueryError, match=r"^\?label: .* give <http://\.\.\.> or a quoted literal$"):
        store.ask(PREFIXES + "ASK { ?s rdfs:label ?label }", label=term)


def test_a_name_that_is_no_variable_is_not_bound(store):
    with pytest.raises(QueryError, match=r"^the query has no variable \?lable; did you mean label\?$"):
        store.ask(PREFIXES + "ASK { ?s rdfs:label ?label }", lable=BOSTON)


def test_ask_tells_what_is_there(store):
    query = PREFIXES + "ASK { ?agreement tw:party ?place }"

    assert [store.ask(query, place=place) for place in (LE_MANS, BOSTON)] == [True, False]


def test_construct_is_sorted_and_each_triple_comes_once(store):
    triples = store.construct(PREFIXES + "CONSTRUCT { ?p tw:in ?a , ?a } WHERE { ?a tw:party ?p }")

    assert [(LE_MANS, f"<{data.TW}in>", AGREEMENT), (PADERBORN, f"<{data.TW}in>", AGREEMENT)] == triples


def test_construct_gives_text_as_our_terms_write_it(store):
    triples = store.construct(PREFIXES + "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", g=f"<{data.DEMO}>")

    assert sorted(data.DEMO_TRIPLES) == triples


def test_describe_gives_fragments_and_prefers_named_graphs(store):
    expected = [
        *((*triple, CURATED) for triple in data.CURATED_TRIPLES if triple[0] == AGREEMENT),
        *((*triple, INFERRED) for triple in data.INFERRED_TRIPLES if triple[0] in (AGREEMENT, PHASE)),
    ]

    assert sorted(expected) == store.describe(AGREEMENT[1:-1])


def test_describe_finds_fragments_that_point_back(store):
    expected = sorted((*triple, data.DEMO) for triple in data.DEMO_TRIPLES)

    assert expected == store.describe(data.RECORD[1:-1])


def test_describe_of_an_unknown_iri_is_empty(store):
    assert store.describe(f"{data.EX}place/nowhere") == []


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


def test_relative_iris_are_ours_unless_the_query_has_a_base(store):
    query = "SELECT ?s { ?s a <ns#Agreement> FILTER(?s = <id/agreement/le-mans--paderborn>) }"

    assert written(store, query, "tsv") == f"?s\n{AGREEMENT}\n".encode()
    assert written(store, f"BASE <http://example.org/> {query}", "tsv") == b"?s\n"


def test_columns_are_named_when_there_are_no_rows(store):
    query = "SELECT ?b ?a { ?a <http://example.org/none> ?b }"

    assert written(store, query) == b'{"head":{"vars":["b","a"]},"results":{"bindings":[]}}'


DATASETS = [
    ("the default graph is the release's", "", {}, 15),
    ("FROM chooses", f"FROM <{INFERRED}>", {}, 3),
    ("default_graphs choose", "", {"default_graphs": [CURATED, data.DEMO]}, 15),
    ("default_graphs override FROM", f"FROM <{CURATED}>", {"default_graphs": [INFERRED]}, 3),
    ("named_graphs alone leave no default graph", "", {"named_graphs": [INFERRED]}, 0),
]


@pytest.mark.parametrize(("claim", "clause", "dataset", "expected"), DATASETS, ids=[case[0] for case in DATASETS])
def test_datasets(store, claim, clause, dataset, expected):
    query = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}"

    assert f"n\r\n{expected}\r\n".encode() == written(store, query, "csv", **dataset)


def test_named_graphs_are_those_that_are_given(store):
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"

    body = written(store, query, "csv", default_graphs=[CURATED], named_graphs=[data.DEMO])

    assert f"g\r\n{data.DEMO}\r\n".encode() == body


def test_an_empty_graph_answers(store):
    assert store.select("SELECT ?s { GRAPH <http://example.org/none> { ?s ?p ?o } }") == []
    assert len(store.graph("http://example.org/none")) == 0


def test_a_graph_comes_as_rdflib_unchanged(store):
    graph = store.graph(CURATED)

    expected = rdflib.Graph()
    for s, p, o in data.CURATED_TRIPLES:
        expected.parse(data=f"{s} {p} {o} .", format="nt")
    assert set(expected) == set(graph)
    assert [rdflib.Literal("0836", datatype=rdflib.URIRef(START.split("<")[1][:-1]))] == [
        value for value in graph.objects() if str(value) == "0836"
    ]


def test_dump_has_every_quad(store):
    out = io.BytesIO()

    store.dump(out)

    wanted, found = (
        set(pyoxigraph.parse(body, pyoxigraph.RdfFormat.N_QUADS)) for body in (data.nquads(), out.getvalue())
    )
    assert wanted == found


class Full(io.BytesIO):
    def write(self, data: object) -> int:
        raise ResultTooBig("full")


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "ASK {}"])
def test_what_out_raises_ends_the_answer(store, query):
    with pytest.raises(ResultTooBig, match=r"^full$"):
        store.write(query, None, Full())


BROKEN = [
    ("a prefix", "SELECT * {\n  ?s foaf:name ?o }", QueryError, (2, 6), "the prefix foaf: is not declared"),
    ("our prefix", "SELECT * { ?s a tw:Place }", QueryError, (1, 17), "PREFIX tw: <https://w3id.org/twinld/ns#>"),
    ("a keyword", "SELECT * { ?s ?p ?o\nFLITER(?o > 1) }", QueryError, (2, 1), "did you mean FILTER"),
    ("the end", "SELECT * {\n?s ?p ?o", QueryError, (2, 9), "the text ends too early"),
    ("a quote", "ASK { ?s ?p 'abc }", QueryError, (1, 13), "the quote that starts here is not closed"),
    ("nothing", "  # nothing", QueryError, (1, 1), "there is no query here"),
    ("two queries", "ASK {} ASK {}", QueryError, (1, 8), "a second query starts here; send one at a time"),
    ("an update", "PREFIX a: <http://a/> # SELECT\nDELETE WHERE { ?s ?p ?o }", UpdateRefused, None, "SPARQL Update"),
    ("SERVICE", "ASK { SERVICE <http://127.0.0.1:9/> {} }", ServiceRefused, (1, 7), "SERVICE is not allowed"),
    (
        "no space before it",
        "PREFIX e: <http://e/> ASK { ?s a e:City;SERVICE <http://a/> {} }",
        ServiceRefused,
        (1, 41),
        "",
    ),
    ("no space after it", "PREFIX s: <http://s/> ASK { SERVICEs:a {} }", ServiceRefused, (1, 29), ""),
]


@pytest.mark.parametrize(("claim", "query", "error", "place", "message"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_query_that_cannot_be_read_says_where_and_why(store, claim, query, error, place, message):
    with pytest.raises(QueryError) as caught:
        written(store, query)

    assert type(caught.value) is error
    assert message in str(caught.value)
    assert place is None or place == (caught.value.line, caught.value.column)
    with pytest.raises(error):
        store.select(query)


def test_service_in_other_places_is_no_service(store):
    query = (
        "PREFIX service: <http://example.org/service/> # SERVICE <http://example.org/> {}\n"
        "ASK { VALUES ?o { 'SERVICE <http://x/> {}' <http://example.org/SERVICE> service:SERVICE } }"
    )

    assert store.ask(query)


@pytest.mark.parametrize(
    ("query", "name"),
    [("SELECT * { ?s ?p ?o }", row.name) for row in FORMATS if row.kind != "results"]
    + [("CONSTRUCT WHERE { ?s ?p ?o }", row.name) for row in FORMATS if row.kind == "results"],
)
def test_a_format_of_the_wrong_kind_is_refused(store, query, name):
    with pytest.raises(QueryError, match=rf"^{find_format(name).title} holds (a graph|rows), this query makes"):
        written(store, query, name)


def test_a_query_of_the_wrong_kind_is_refused(store):
    for method, query in [(store.select, "ASK {}"), (store.ask, "SELECT * {}"), (store.construct, "ASK {}")]:
        with pytest.raises(QueryError, match="this is not a"):
            method(query)


def test_a_graph_name_that_is_no_iri_is_refused(store):
    with pytest.raises(QueryError, match=r"^'a b' is not an IRI"):
        written(store, "ASK {}", default_graphs=["a b"])


def test_every_thread_may_ask(store):
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(store.count())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [15] * 4


def test_loading_is_for_writable_stores(own_store):
    more = b"<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n"
    if not own_store.writable:
        with pytest.raises(
            ReleaseError, match=r"is read-only; open it with writable=True$|never changed; fill it with"
        ):
            own_store.load(more, TURTLE)
        return

    assert [own_store.load(more, TURTLE, graph) for graph in (None, None, "http://example.org/g")] == [1, 0, 1]
    assert own_store.count("http://example.org/g") == 1


@pytest.mark.parametrize("size", [10, 100_000], ids=["small", "large"])
@pytest.mark.parametrize("kind", [memory, writable_disk], ids=lambda kind: kind.__name__)
def test_loading_is_all_or_nothing(tmp_path, kind, size):
    store = kind(tmp_path)
    good = "".join(f"<http://example.org/s{n}> <http://example.org/p> <http://example.org/o> .\n" for n in range(size))
    bad = tmp_path / "bad.nt"
    bad.write_text(good + "<http://example.org/s> <http://example.org/p> nothing .\n")

    with pytest.raises(SourceError, match=rf"bad\.nt:{size + 1}: .*; nothing of it was loaded$"):
        store.load(bad, find_format("ntriples"))

    assert store.count() == 15
    store.close()


def test_closing_twice_is_fine(own_store):
    own_store.close()
    own_store.close()

    with pytest.raises(ValueError, match=r"^the store is closed$"):
        own_store.graphs()


@pytest.mark.parametrize("kind", [writable_disk, disk, release], ids=lambda kind: kind.__name__)
def test_the_path_is_what_other_processes_can_open(tmp_path, kind):
    store = kind(tmp_path)
    path = store.path
    store.close()

    assert open_store(path).count() == 15


@pytest.mark.parametrize("kind", [memory, file, packed_dump], ids=lambda kind: kind.__name__)
def test_a_store_in_memory_has_no_path(tmp_path, kind):
    assert kind(tmp_path).path is None
