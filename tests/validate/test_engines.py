"""Both engines find the same: on planted faults of every rule, and as SHACL results with component and path."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.validate.faults import planted
from twinld.formats import find_format
from twinld.store.as_written import canonical, load_as_written
from twinld.validate import ENGINES, check, check_graph, load_rules
from twinld.validate.compile.shapes import Triples
from twinld.validate.compiled import run_shapes
from twinld.validate.reference import term_of

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = "@prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
B = "http://example.org/b"
NO_DAY = "2021-02-29"
BELOW = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A file with mostly good data and each fault once, and the ids of what it breaks."""
    data, ids = planted(8, 1)
    path = tmp_path_factory.mktemp("faults") / "planted.nq"
    path.write_bytes(data)
    return path, ids


def test_both_engines_find_every_planted_fault(faults: tuple[Path, set[str]]) -> None:
    path, ids = faults

    found = {engine: check_graph(path, engine=engine) for engine in ("compiled", "pyshacl")}

    assert found["compiled"] == found["pyshacl"]
    assert {finding.rule for finding in found["compiled"].findings} >= ids
    assert ids == set(load_rules().by_id)


def test_both_engines_give_the_same_results_of_shacl(faults: tuple[Path, set[str]]) -> None:
    path, _ = faults
    store = load_as_written(path, find_format("nquads"), "urn:x-graph", exact=False)
    shapes = Triples((term_of(s), term_of(p), canonical(term_of(o))) for s, p, o in load_rules().shapes)

    outcomes = {engine: run_shapes(store, store.graphs(), shapes, engine) for engine in ("compiled", "pyshacl")}

    one, other = (Counter(result.key for result in outcome.results) for outcome in outcomes.values())
    assert one == other
    assert len(one) > 20
    assert outcomes["compiled"].fallbacks == ()


CASES = [
    # what the store would rewrite is judged as it was written
    ("sh:path ex:p ; sh:datatype xsd:int", 'ex:a ex:p "7"^^xsd:int , "8"^^xsd:integer .', ["8"]),
    ("sh:path ex:p ; sh:pattern '^[0-9]$'", 'ex:a ex:p "07"^^xsd:integer , 7 .', ["07"]),
    ("sh:path ex:p ; sh:in ( 1.0 )", "ex:a ex:p 1 , 1.0 , 1.00 .", ["1", "1.00"]),
    ("sh:path ex:p ; sh:hasValue 1.0", "ex:a ex:p 1 .", [""]),
    ("sh:path ex:p ; sh:datatype xsd:date", 'ex:a ex:p "2021-02-29"^^xsd:date , "2020-02-29"^^xsd:date .', [NO_DAY]),
    ("sh:path ex:p ; sh:maxInclusive 10", 'ex:a ex:p 10.0 , 10.5 , "11"^^xsd:byte , "ten" .', ["10.5", "11", "ten"]),
    ("sh:path ex:p ; sh:pattern '^[A-Z]+$'", 'ex:a ex:p "DE" , "DE\\n" .', ["DE\n"]),
    ("sh:path ex:p ; sh:maxLength 3", 'ex:a ex:p "日本語" , "日本語で" , ex:b .', [B, "日本語で"]),
    # a long list of failing values, and blank nodes among them
    ("sh:path ex:p ; sh:node [ sh:path ex:q ; sh:minCount 1 ]", "ex:a ex:p [ ] , [ ex:q 1 ] , ex:b .", ["_:", B]),
    ("sh:path ex:p ; sh:closed true", "ex:a ex:p ex:b . ex:b ex:q 'x' .", ["x"]),
    ("sh:path ( ex:p ex:q ) ; sh:maxCount 1", "ex:a ex:p ex:b , ex:c . ex:b ex:q 1 . ex:c ex:q 1 , 2 .", [""]),
    ("sh:path [ sh:inversePath ex:p ] ; sh:class ex:C",
     f"ex:b ex:p ex:a . ex:c ex:p ex:a ; a ex:D . ex:D {BELOW} ex:C .", [B]),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "data", "values"), CASES, ids=[case[0][8:40] for case in CASES])
def test_a_shape_finds_these_values(shape: str, data: str, values: list[str], tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA + data, "utf-8")
    (tmp_path / "shapes.ttl").write_text(f"{SHAPES}ex:S a sh:PropertyShape ; sh:targetNode ex:a ; {shape} .", "utf-8")

    report = check(tmp_path / "data.ttl", tmp_path / "shapes.ttl")

    assert sorted("_:" if f.value.startswith("_:") else f.value for f in report.findings) == sorted(values)
    assert report.fallbacks == ()


def test_a_large_class_is_read_from_its_properties_with_the_same_result(tmp_path: Path) -> None:
    lines = [f"ex:n{number} a ex:T ; ex:p {number % 50} ; ex:l 'a'@en ." for number in range(2_100)]
    lines += ["ex:n7 ex:p 51 ; ex:l 'b'@EN .", "ex:other ex:p 52 , 53 ; ex:l 'a'@en , 'b'@en .", "ex:n2100 a ex:T ."]
    (tmp_path / "data.ttl").write_text(DATA + "\n".join(lines))
    (tmp_path / "shapes.ttl").write_text(
        SHAPES + "ex:S a sh:NodeShape ; sh:targetClass ex:T ;"
        "sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 1 ; sh:maxInclusive 50 ] ,"
        " [ sh:path ex:l ; sh:uniqueLang true ] ."
    )

    report = check(tmp_path / "data.ttl", tmp_path / "shapes.ttl")

    found = {(result.focus.value[19:], result.component.rpartition("#")[2][:-19]) for result in report.results}
    assert found == {("n7", "MaxCount"), ("n7", "MaxInclusive"), ("n7", "UniqueLang"), ("n2100", "MinCount")}
    other = check(tmp_path / "data.ttl", tmp_path / "shapes.ttl", "pyshacl")
    assert [result.key for result in report.results] == [result.key for result in other.results]


def test_what_is_not_compiled_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA + "ex:a a ex:T ; ex:p 1 .")
    (tmp_path / "shapes.ttl").write_text(
        SHAPES + "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:minCuont 2 ] ."
    )

    report = check(tmp_path / "data.ttl", tmp_path / "shapes.ttl")

    assert report.fallbacks == ("without a name has sh:minCuont, which has no query",)


def test_a_message_of_sparql_names_the_values(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA + "ex:a a ex:T ; ex:p 1 . ex:b a ex:T ; ex:p 9 .")
    (tmp_path / "shapes.ttl").write_text(
        SHAPES + "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:sparql [ sh:message 'not {?value}'@en ; "
        "sh:select 'SELECT $this ?value WHERE { $this <http://example.org/p> ?value FILTER(?value > 5) }' ] ."
    )

    report, other = (check(tmp_path / "data.ttl", tmp_path / "shapes.ttl", engine) for engine in ENGINES)

    assert [(f.focus[19:], f.value, f.message) for f in report.findings] == [("b", "9", "not 9")]
    assert report.fallbacks == ()
    assert [result.key for result in report.results] == [result.key for result in other.results]


def test_what_has_no_query_goes_to_pyshacl_and_the_report_says_so(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(DATA + "ex:a a ex:T ; ex:p ex:b . ex:b ex:p 1 . ex:c a ex:U .")
    (tmp_path / "shapes.ttl").write_text(
        SHAPES + "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:sparql [ sh:message 'odd'@en ; sh:select "
        "'SELECT $this WHERE { $this <http://example.org/p> ?o } GROUP BY $this HAVING (COUNT(?o) > 0)' ] ."
        "ex:R a sh:NodeShape ; sh:targetClass ex:U ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    )

    report = check(tmp_path / "data.ttl", tmp_path / "shapes.ttl")

    assert [(f.rule, f.focus[19:], f.value[19:], f.message) for f in report.findings] == [
        ("R", "c", "", "it breaks sh:minCount of <http://example.org/q>"),
        ("S", "a", "a", "odd"),
    ]
    assert report.fallbacks == ("the sh:sparql of http://example.org/S is only answered node by node",)
    assert "Checked by pySHACL, node by node: the sh:sparql of http://example.org/S" in report.write("text")
