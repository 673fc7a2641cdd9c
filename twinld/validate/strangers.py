"""Checks any file against any shapes, as SHACL has it: for data and shapes that aren't ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import rdflib

from twinld import terms
from twinld.errors import SourceError
from twinld.formats import Format, find_format
from twinld.model import Finding
from twinld.store import Store
from twinld.store.as_written import load_as_written
from twinld.validate.compile.engine import Engine
from twinld.validate.compile.shapes import Triples
from twinld.validate.compiled import owners, run_shapes
from twinld.validate.nodes import shown
from twinld.validate.report import Report
from twinld.validate.results import Result

_DATA: Final = "urn:x-twinld:data"
_SHAPES: Final = "urn:x-twinld:shapes"


def check_against(
    graph: rdflib.Graph | Path, shapes: rdflib.Graph | Path, format_of: dict[Path, Format], engine: str = "compiled"
) -> Report:
    """What breaks some shapes in a file or a graph; the graphs of a data set are taken together.

    `format_of` gives the format of each file. Raises SourceError for a file or shapes that are no good, and where
    there is nothing that the shapes are about: then nothing was validated.
    """
    name = str(graph) if isinstance(graph, Path) else "graph"
    data = _loaded(graph, format_of, _DATA)
    held = data.graphs()
    if not held:
        raise SourceError(f"{name}: there are no triples in it, so nothing was validated; give a file with data")
    which = str(shapes) if isinstance(shapes, Path) else "shapes"
    triples = Triples.of_store(_loaded(shapes, format_of, _SHAPES), _SHAPES)
    try:
        asked = Engine(data, triples, held)
        if not asked.with_targets():
            raise SourceError("no shape has a target; add sh:targetClass or another")
        if not any(asked.has_focus(shape) for shape in asked.with_targets()):
            raise SourceError(f"no node of {name} is the target of a shape, so nothing was validated")
        outcome = run_shapes(data, held, triples, engine)
    except SourceError as error:
        raise SourceError(f"{which}: {str(error).removeprefix('shapes: ')}") from None
    source = graph.name if isinstance(graph, Path) else "graph"
    where = str(graph) if isinstance(graph, Path) else ""
    found = tuple(_findings(asked, outcome.results, source, where))
    return Report(found, outcome.results, outcome.fallbacks)


def _loaded(graph: rdflib.Graph | Path, format_of: dict[Path, Format], name: str) -> Store:
    if isinstance(graph, Path):
        return load_as_written(graph, format_of[graph], name, graph.resolve().as_uri())
    nquads = isinstance(graph, rdflib.Dataset)
    data = graph.serialize(format="nquads" if nquads else "nt", encoding="utf-8")
    return load_as_written(data, find_format("nquads" if nquads else "ntriples"), name)


def _findings(asked: Engine, results: tuple[Result, ...], source: str, where: str) -> Iterator[Finding]:
    numbers: dict[str, str] = {}
    for result in results:
        named = sorted(shape.value for shape in owners(asked, result.shape) if shape.kind == "iri")
        kind = result.component.rpartition("#")[2].removesuffix("ConstraintComponent")
        rule = _last(result.shape.value if result.shape.kind == "iri" else named[0] if named else kind)
        message = result.messages[0] if result.messages else f"it breaks sh:{kind[:1].lower()}{kind[1:]}"
        message += f" of {result.path}" if result.path and not result.messages else ""
        severity = _last(result.severity)
        focus, value = (_numbered(numbers, shown(term)) for term in (result.focus, result.value))
        yield Finding(rule, severity, source, focus, message, where, value)


def _numbered(numbers: dict[str, str], name: str) -> str:
    return numbers.setdefault(name, f"_:b{len(numbers) + 1}") if name.startswith("_:") else name


def _last(iri: str) -> str:
    """The last part of an IRI, which names a shape in a report."""
    return terms.iri(iri)[1:-1].rstrip("#/").replace("/", "#").rpartition("#")[2]
