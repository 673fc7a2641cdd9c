"""What every store answers, whatever it is built on; `test_contract_*.py` have what else it does."""

import threading

import pytest
import rdflib
import store_data as data
from store_data import AGREEMENT, BOSTON, LE_MANS, PADERBORN, PHASE, PREFIXES, START

from tests.store.store_kinds import written
from twinld.terms import Term
from twinld.vocab import CURATED, INFERRED


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


def test_relative_iris_are_ours_unless_the_query_has_a_base(store):
    query = "SELECT ?s { ?s a <ns#Agreement> FILTER(?s = <id/agreement/le-mans--paderborn>) }"

    assert written(store, query, "tsv") == f"?s\n{AGREEMENT}\n".encode()
    assert written(store, f"BASE <http://example.org/> {query}", "tsv") == b"?s\n"


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


def test_every_thread_may_ask(store):
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(store.count())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [15] * 4
