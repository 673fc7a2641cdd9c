"""The reference engine: pySHACL, with its results in the words of `Result`."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import rdflib
from rdflib.namespace import SH

from twinld.errors import SourceError
from twinld.terms import Term
from twinld.validate.compile.paths import sparql_path
from twinld.validate.compile.shapes import Triples
from twinld.validate.results import Result


def reference_results(data: rdflib.Graph, shapes: rdflib.Graph, only: Iterable[str] | None = None) -> list[Result]:
    """What pySHACL finds; with `only`, of the shapes of these names (IRIs).

    Raises SourceError when pySHACL refuses the shapes.
    """
    from pyshacl import validate
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    wanted: dict[str, Any] = {} if only is None else {"use_shapes": [str(name) for name in only]}
    with as_written():
        try:
            _, report, text = validate(data, shacl_graph=shapes, advanced=True, inplace=True, **wanted)
        except (ShapeLoadError, ReportableRuntimeError) as error:
            raise SourceError(f"shapes: {str(error).splitlines()[0]}; correct the shapes file") from None
    if not isinstance(report, rdflib.Graph):
        raise SourceError(f"shapes: {str(report or text).splitlines()[0]}; correct the shapes file")
    return list(results_of(report))


@contextmanager
def as_written() -> Iterator[None]:
    """Keeps rdflib from rewriting literals and from logging every literal that its datatype refuses."""
    logger = logging.getLogger("rdflib.term")
    before, normal = logger.level, rdflib.NORMALIZE_LITERALS
    logger.setLevel(logging.ERROR)
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        logger.setLevel(before)
        rdflib.NORMALIZE_LITERALS = normal


def results_of(report: rdflib.Graph) -> Iterator[Result]:
    """The results of a report in RDF, without those that only tell details of others."""
    triples = Triples((term_of(s), term_of(p), term_of(o)) for s, p, o in report)
    for owner in report.subjects(rdflib.RDF.type, SH.ValidationReport):
        for node in report.objects(owner, SH.result):
            found: dict[Any, Any] = {p: o for _, p, o in report.triples((node, None, None))}
            path, value = found.get(SH.resultPath), found.get(SH.value)
            yield Result(
                term_of(found[SH.focusNode]),
                "" if path is None else sparql_path(triples, term_of(path)),
                None if value is None else term_of(value),
                str(found[SH.sourceConstraintComponent]),
                str(found[SH.resultSeverity]),
                term_of(found.get(SH.sourceShape, node)),
                tuple(sorted(map(str, report.objects(node, SH.resultMessage)))),
            )


def term_of(node: Any) -> Term:
    """A term of rdflib as ours."""
    if isinstance(node, rdflib.Literal):
        datatype = None if node.datatype is None or node.language else str(node.datatype)
        return Term("literal", str(node), node.language, None if datatype == str(rdflib.XSD.string) else datatype)
    return Term("bnode" if isinstance(node, rdflib.BNode) else "iri", str(node))
