"""Checks a catalogue against shapes of DCAT-AP: ours in `shapes/catalogue/`, or files of shapes that are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rdflib
from rdflib.namespace import RDF, SH

from twinld.errors import SourceError
from twinld.files import folder


def check_catalogue(data: rdflib.Graph, files: Sequence[Path] = ()) -> list[str]:
    """What of a catalogue breaks a shape of severity Violation: node, property and message, sorted, each once.

    Without `files` the shapes are ours. References to shapes that no file defines are left out: the published
    shapes of DCAT-AP 3.0.1 have hundreds. Raises SourceError for a file that can't be read as Turtle.
    """
    import pyshacl

    shapes = rdflib.Graph()
    for path in files or sorted((folder("shapes") / "catalogue").glob("*.ttl")):
        try:
            shapes.parse(path)
        except (OSError, ValueError, SyntaxError) as error:
            raise SourceError(f"{path}: {' '.join(str(error).split())[:200]}; give a file of SHACL shapes") from None
    for subject, predicate, shape in list(shapes.triples((None, SH.property, None))):
        if (shape, SH.path, None) not in shapes:
            shapes.remove((subject, predicate, shape))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    if not isinstance(report, rdflib.Graph):
        raise SourceError(f"the shapes cannot be used: {' '.join(str(report).split())[:200]}")
    broken = report.subjects(RDF.type, SH.ValidationReport)
    results = {row for node in broken for row in report.objects(node, SH.result)}
    return sorted(
        {_line(report, row) for row in results if report.value(row, SH.resultSeverity) == SH.Violation},
    )


def _line(report: rdflib.Graph, row: rdflib.term.Node) -> str:
    path = report.value(row, SH.resultPath)
    where = f" {path.n3()}" if isinstance(path, rdflib.URIRef) else ""
    return f"<{report.value(row, SH.focusNode)}>{where}: {report.value(row, SH.resultMessage)}"
