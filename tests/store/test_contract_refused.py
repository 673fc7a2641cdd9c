"""What no store answers, and that it says where in a query it stopped, and why."""

import pytest
from store_data import BOSTON, PREFIXES

from tests.store.store_kinds import written
from twinld.errors import QueryError, ServiceRefused, UpdateRefused
from twinld.formats import FORMATS, find_format

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


@pytest.mark.parametrize("term", ["Boston", "_:b0", '"a" . ?s ?p "b"', "<a b>"])
def test_what_is_no_term_is_not_bound(store, term):
    with pytest.raises(QueryError, match=r"^\?label: .* give <http://\.\.\.> or a quoted literal$"):
        store.ask(PREFIXES + "ASK { ?s rdfs:label ?label }", label=term)


def test_a_name_that_is_no_variable_is_not_bound(store):
    with pytest.raises(QueryError, match=r"^the query has no variable \?lable; did you mean label\?$"):
        store.ask(PREFIXES + "ASK { ?s rdfs:label ?label }", lable=BOSTON)
