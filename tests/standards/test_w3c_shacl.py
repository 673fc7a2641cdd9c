"""Both engines on the 98 core cases of the W3C's SHACL suite (../shared/standards/w3c-shacl, from w3c/data-shapes)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
import rdflib
from rdflib.collection import Collection

from tests.conftest import ROOT
from twinld.formats import find_format
from twinld.store.as_written import load_as_written
from twinld.validate.compile.shapes import Triples
from twinld.validate.compiled import run_shapes
from twinld.validate.reference import as_written, results_of

FOLDER = ROOT.parent / "shared" / "standards" / "w3c-shacl" / "tests" / "core"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
NUMBER = 98
ASIDE = {"pyshacl": {"property/uniqueLang-002": 'pySHACL takes sh:uniqueLang "1" for true; the case says it is not'}}
"""Where an engine is known not to give what the suite expects, and why."""

pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the cases are not here (../shared/standards/w3c-shacl)"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@dataclass(frozen=True)
class Case:
    """One case: its name, the files, and the keys of the results that it expects."""

    name: str
    data: Path
    shapes: Path
    expected: Counter[tuple[str, ...]]


def _path(iri: rdflib.term.Node | None) -> Path:
    return Path(unquote(urlparse(str(iri)).path))


def cases(manifest: Path = FOLDER / "manifest.ttl") -> Iterator[Case]:
    """The cases of a manifest and of those that it includes."""
    graph = rdflib.Graph()
    with as_written():
        graph.parse(manifest, format="turtle", publicID=manifest.as_uri())
    for included in sorted(graph.objects(None, MF.include)):
        yield from cases(_path(included))
    for head in graph.objects(None, MF.entries):
        for entry in Collection(graph, head):
            action = graph.value(entry, MF.action)
            data, shapes = (_path(graph.value(action, name)) for name in (SHT.dataGraph, SHT.shapesGraph))
            name = f"{manifest.parent.name}/{str(entry).rpartition('/')[2]}"
            yield Case(name, data, shapes, Counter(result.key for result in results_of(graph)))


def _asked(case: Case, engine: str) -> tuple[Counter[tuple[str, ...]], tuple[str, ...]]:
    data = load_as_written(case.data, find_format("turtle"), "urn:x-graph", case.data.as_uri())
    shapes = data
    if case.shapes != case.data:
        shapes = load_as_written(case.shapes, find_format("turtle"), "urn:x-graph", case.shapes.as_uri())
    outcome = run_shapes(data, ["urn:x-graph"], Triples.of_store(shapes, "urn:x-graph"), engine)
    return Counter(result.key for result in outcome.results), outcome.fallbacks


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_an_engine_gives_what_the_suite_expects(engine: str) -> None:
    found = list(cases())
    assert len(found) == NUMBER

    wrong: dict[str, tuple[object, object]] = {}
    alone = 0
    for case in found:
        results, fallbacks = _asked(case, engine)
        alone += not fallbacks
        if results != case.expected:
            wrong[case.name] = (results - case.expected, case.expected - results)
    print(f"{engine}: {NUMBER - len(wrong)} of {NUMBER} cases, {alone} of them without the other engine")

    assert set(wrong) == set(ASIDE.get(engine, {})), wrong
    assert alone == NUMBER
