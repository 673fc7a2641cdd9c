"""What SPARQL 1.1 says of expressions, paths, groups and dates, asked of every engine on one small set of data.

The answers are those of the specification. Where an engine gives another, tests/deviations.toml says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backends import ENGINES, Backend
from twinld.store import Store, open_store
from twinld.store.binding import to_text
from twinld.store.credentials import Credentials
from twinld.store.graph_store import GraphStore
from twinld.vocab import CURATED, GRAPH, XSD

OTHER = GRAPH + "source/other"
DATA = f"""
<http://e/a> <http://e/next> <http://e/b> .
<http://e/b> <http://e/next> <http://e/c> .
<http://e/c> <http://e/next> <http://e/a> .
<http://e/c> <http://e/next> <http://e/d> .
<http://e/a> <http://e/name> "Ahlen"@de .
<http://e/b> <http://e/name> "Bergen"@no .
<http://e/c> <http://e/name> "\u0106uprija"@sr-latn .
<http://e/d> <http://e/name> "Dublin" .
<http://e/a> <http://e/size> "10"^^<{XSD}integer> .
<http://e/b> <http://e/size> "2.5"^^<{XSD}decimal> .
<http://e/c> <http://e/size> "0"^^<{XSD}integer> .
<http://e/a> <http://e/since> "0836"^^<{XSD}gYear> .
<http://e/b> <http://e/since> "1962-01-22"^^<{XSD}date> .
<http://e/c> <http://e/since> "-0044"^^<{XSD}gYear> .
<http://e/a> <http://e/open> "true"^^<{XSD}boolean> .
<http://e/b> <http://e/open> "false"^^<{XSD}boolean> .
<http://e/a> <http://e/for> "P1Y"^^<{XSD}duration> .
<http://e/a> <http://e/at> "POINT(13.4 52.52)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> .
<http://e/a> <http://e/big> "123456789012345678"^^<{XSD}integer> .
<http://e/a> <http://e/text> "one\\ttwo\\r\\nthree \\\\ \\"four\\"" .
"""
ELSEWHERE = '<http://e/a> <http://e/name> "elsewhere" .\n<http://e/x> <http://e/next> <http://e/y> .\n'


def memory(folder: Path) -> Store:
    quads = [line.removesuffix(".") + f"<{CURATED}> ." for line in DATA.strip().splitlines()]
    quads += [line.removesuffix(".") + f"<{OTHER}> ." for line in ELSEWHERE.strip().splitlines()]
    (folder / "data.nq").write_text("\n".join(quads) + "\n", encoding="utf-8")
    return open_store(folder / "data.nq")


@pytest.fixture(scope="module", params=["embedded", *ENGINES])
def store(
    request: pytest.FixtureRequest, engine: Callable[[str], Backend], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    if request.param == "embedded":
        opened = memory(tmp_path_factory.mktemp("answers"))
        yield opened
        opened.close()
        return
    backend = engine(request.param)
    target = GraphStore(backend.store_url, Credentials(backend.user, backend.password))
    target.put(CURATED, DATA.encode())
    target.put(OTHER, ELSEWHERE.encode())
    opened = open_store(backend.location)
    yield opened
    opened.close()
    target.delete(CURATED)
    target.delete(OTHER)
    target.close()


def number(value: object, kind: str = "integer") -> str:
    return f'"{value}"^^<{XSD}{kind}>'


A, B, C, D = ("<http://e/a>", "<http://e/b>", "<http://e/c>", "<http://e/d>")
YES, NO = number("true", "boolean"), number("false", "boolean")
WKT = '"POINT(13.4 52.52)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
ANSWERS = [
    # paths
    ("one or more steps", "{ <http://e/a> e:next+ ?x }", [[A], [B], [C], [D]]),
    ("none or more steps", "{ <http://e/d> e:next* ?x }", [[D]]),
    ("none or one step", "{ <http://e/a> e:next? ?x }", [[A], [B]]),
    ("a step back", "{ <http://e/d> ^e:next ?x }", [[C]]),
    ("two steps", "{ <http://e/a> e:next/e:next ?x }", [[C]]),
    ("a choice of steps", "{ <http://e/d> e:next|e:name ?x }", [['"Dublin"']]),
    ("any step but one", "{ <http://e/d> !e:next ?x }", [['"Dublin"']]),
    ("more steps in a graph", f"{{ GRAPH <{CURATED}> {{ <http://e/b> e:next+ ?x }} }}", [[A], [B], [C], [D]]),
    ("more steps with both ends open", "{ ?x e:next+ <http://e/d> }", [[A], [B], [C]]),
    ("all pairs of a path", "(COUNT(*) AS ?x) { ?from e:next+ ?to }", [[number(12)]]),
    # numbers
    ("the sum of two kinds", "(SUM(?n) AS ?x) { ?s e:size ?n }", [[number("12.5", "decimal")]]),
    ("the average", "(AVG(?n) AS ?x) { ?s e:size ?n FILTER(?n > 0) }", [[number("6.25", "decimal")]]),
    ("the least and the most", "(MIN(?n) AS ?x) (MAX(?n) AS ?y) { ?s e:size ?n }", [[number(0), number(10)]]),
    ("division", "(7 / 2 AS ?x) {}", [[number("3.5", "decimal")]]),
    ("division by zero is no value", "?x { ?s e:size ?n FILTER(?n = 0) BIND(1 / ?n AS ?x) }", [[]]),
    ("rounding", "(ROUND(2.5) AS ?x) (FLOOR(-2.5) AS ?y) {}", [[number("3", "decimal"), number("-3", "decimal")]]),
    ("numbers are compared by value", "?x { ?x e:size ?n FILTER(?n = 10.0) }", [[A]]),
    ("a long number", "?x { ?s e:big ?x }", [[number(123456789012345678)]]),
    # texts
    ("the language", "(LANG(?n) AS ?x) { <http://e/c> e:name ?n }", [['"sr-latn"']]),
    ("a range of languages", "?x { ?x e:name ?n FILTER(LANGMATCHES(LANG(?n), 'sr')) }", [[C]]),
    ("a plain text is a string", "(DATATYPE(?n) AS ?x) { <http://e/d> e:name ?n }", [[f"<{XSD}string>"]]),
    ("letters, not bytes", "(STRLEN(?n) AS ?x) { <http://e/c> e:name ?n }", [[number(7)]]),
    ("capitals keep the language", "(UCASE(?n) AS ?x) { <http://e/c> e:name ?n }", [['"ĆUPRIJA"@sr-latn']]),
    ("a part keeps the language", "(SUBSTR(?n, 2, 3) AS ?x) { <http://e/a> e:name ?n }", [['"hle"@de']]),
    ("a pattern", "?x { ?x e:name ?n FILTER(REGEX(?n, '^b', 'i')) }", [[B]]),
    ("a replacement", "(REPLACE('abab', 'b(a)?', '$1-') AS ?x) {}", [['"aa--"']]),
    ("texts together", "(GROUP_CONCAT(?n; SEPARATOR='|') AS ?x) { <http://e/d> e:name ?n }", [['"Dublin"']]),
    ("tab, line and quote", "?x { ?s e:text ?x }", [['"one\ttwo\\r\\nthree \\\\ \\"four\\""']]),
    ("what an address looks like", "(ENCODE_FOR_URI('Malmö 1') AS ?x) {}", [['"Malm%C3%B6%201"']]),
    # truth
    ("true", "?x { <http://e/a> e:open ?x }", [[YES]]),
    ("not", "?x { ?x e:open ?o FILTER(!?o) }", [[B]]),
    ("a comparison", "(1 < 2 AS ?x) {}", [[YES]]),
    ("exists", "(EXISTS { <http://e/a> e:open ?o } AS ?x) {}", [[YES]]),
    ("an error or true is true", "?x { ?x e:size ?n FILTER(1 / ?n > 0 || ?n = 0) }", [[A], [B], [C]]),
    ("the first that has a value", "(COALESCE(?none, 'x') AS ?x) {}", [['"x"']]),
    ("if", "(IF(BOUND(?none), 1, 2) AS ?x) {}", [[number(2)]]),
    # dates
    ("a year", "?x { <http://e/a> e:since ?x }", [[number("0836", "gYear")]]),
    ("a year before our era", "?x { <http://e/c> e:since ?x }", [[number("-0044", "gYear")]]),
    ("the year of a date", "(YEAR(?d) AS ?x) { <http://e/b> e:since ?d }", [[number(1962)]]),
    ("a date is compared", "?x { ?x e:since ?d FILTER(?d < '1970-01-01'^^xsd:date) }", [[B]]),
    ("a duration", "?x { <http://e/a> e:for ?x }", [[number("P1Y", "duration")]]),
    ("a place", "?x { <http://e/a> e:at ?x }", [[WKT]]),
    # groups and joins
    ("groups", "?s (COUNT(*) AS ?x) { ?s e:next ?o } GROUP BY ?s HAVING(COUNT(*) > 1)", [[C, number(2)]]),
    ("an empty group is counted", "(COUNT(*) AS ?x) { ?s e:nothing ?o }", [[number(0)]]),
    ("an empty group by something", "?s (COUNT(*) AS ?x) { ?s e:nothing ?o } GROUP BY ?s", []),
    ("each once", "(COUNT(DISTINCT ?s) AS ?x) { ?s e:next ?o }", [[number(3)]]),
    ("optional", "?s ?x { ?s e:name ?n OPTIONAL { ?s e:open ?x } FILTER(?s IN (e:b, e:d)) }", [[B, NO], [D]]),
    ("minus", "?x { ?x e:name ?n MINUS { ?x e:next ?o } }", [[D]]),
    ("not exists", "?x { ?x e:name ?n FILTER NOT EXISTS { ?x e:size ?o } }", [[D]]),
    ("values with a gap", "?s ?x { VALUES (?s ?x) { (e:a UNDEF) (UNDEF 1) } FILTER(!BOUND(?s)) }", [[number(1)]]),
    ("a query in the query", "?x { { SELECT ?x { ?x e:size ?n } ORDER BY DESC(?n) LIMIT 1 } }", [[A]]),
    # graphs
    ("the default graph is the curated one", "?x { e:a e:name ?x }", [['"Ahlen"@de']]),
    ("a graph by its name", f"?x {{ GRAPH <{OTHER}> {{ e:a e:name ?x }} }}", [['"elsewhere"']]),
    ("graphs of a thing", "?x { GRAPH ?x { e:a e:name ?n } }", [[f"<{CURATED}>"], [f"<{OTHER}>"]]),
]
PREFIXES = f"PREFIX e: <http://e/> PREFIX xsd: <{XSD}>\n"


@pytest.mark.parametrize(("query", "expected"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_an_answer_is_the_specifications(store: Store, query: str, expected: list[list[str]]) -> None:
    rows = store.select(PREFIXES + "SELECT " + ("?x " if query.startswith("{") else "") + query)

    names = ("s", "x", "y")
    assert sorted([to_text(row[name]) for name in names if name in row] for row in rows) == expected


ORDERED = [
    ("numbers by value", "?x { ?x e:size ?n } ORDER BY ?n", [C, B, A]),
    ("the greatest first", "?x { ?x e:size ?n } ORDER BY DESC(?n)", [A, B, C]),
    ("what has no value comes first", "?x { ?x e:name ?n OPTIONAL { ?x e:size ?z } } ORDER BY ?z ?x", [D, C, B, A]),
    ("texts by code point", "?x { ?x e:name ?n } ORDER BY STR(?n)", [A, B, D, C]),
    ("by two things", "?x { ?x e:next ?o } ORDER BY DESC(?x) ?o LIMIT 2", [C, C]),
    ("a part of them", "?x { ?x e:name ?n } ORDER BY ?x LIMIT 2 OFFSET 1", [B, C]),
]


@pytest.mark.parametrize(("query", "expected"), [row[1:] for row in ORDERED], ids=[row[0] for row in ORDERED])
def test_rows_are_in_order(store: Store, query: str, expected: list[str]) -> None:
    assert [to_text(row["x"]) for row in store.select(f"{PREFIXES}SELECT {query}")] == expected
