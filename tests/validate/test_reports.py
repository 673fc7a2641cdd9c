"""The reports of shapes that aren't ours: as SHACL has them, and as a page that no value can break out of."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from twinld.validate import Report, check
from twinld.validate.reference import results_of

EX = rdflib.Namespace("http://example.org/")


@pytest.fixture
def report(tmp_path: Path) -> Report:
    (tmp_path / "data.ttl").write_text(
        "@prefix ex: <http://example.org/> .\n"
        "ex:a a ex:T ; ex:p '<script>' , ex:b ; ex:q <javascript:x> . ex:b a ex:T ; ex:p ex:a ."
    )
    (tmp_path / "shapes.ttl").write_text(
        "@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property ex:P .\n"
        "ex:P sh:path ex:p ; sh:nodeKind sh:IRI ; sh:maxCount 1 ; sh:severity sh:Warning ; sh:message 'one & only' .\n"
        "ex:Q sh:targetObjectsOf ex:q ; sh:nodeKind sh:Literal ."
    )
    return check(tmp_path / "data.ttl", tmp_path / "shapes.ttl")


def test_the_rdf_report_has_what_shacl_asks_for(report: Report) -> None:
    graph = rdflib.Graph().parse(data=report.write("ttl"), format="turtle")

    assert sorted(result.key for result in results_of(graph)) == sorted(result.key for result in report.results)
    (kind,) = (node for node in graph.subjects(SH.sourceShape, EX.P) if (node, SH.value, None) in graph)
    assert (kind, SH.focusNode, EX.a) in graph
    assert (kind, SH.resultPath, EX.p) in graph
    assert (kind, SH.resultSeverity, SH.Warning) in graph
    assert (kind, SH.resultMessage, rdflib.Literal("one & only")) in graph
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == len(report.results) == 3


def test_a_page_shows_values_as_text_and_links_only_what_is_safe(report: Report) -> None:
    page = report.write("html")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "one &amp; only" in page
    assert '<a href="http://example.org/a">' in page
    assert 'href="javascript' not in page
    assert "<li>javascript:x" in page
    assert "<strong>The data does not conform.</strong> 1 Violation, 2 Warnings." in page
