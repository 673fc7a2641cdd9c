"""Checks data against the shapes of `shapes/`: a release, or a file of somebody else (docs/shapes.md).

Places and agreements are checked node by node, what concerns several records by one query a rule. Both give
findings; whether data conforms is counted from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import rdflib

from twinld.errors import SourceError, UsageError, nearest
from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, Format, find_format
from twinld.model import Finding
from twinld.store import Store, open_store
from twinld.store.as_written import load_as_written
from twinld.store.scan import Scan
from twinld.validate.compiled import ENGINES, check_nodes_compiled
from twinld.validate.cross_record import check_records_together
from twinld.validate.nodes import Layer, Progress, check_nodes
from twinld.validate.report import WRITERS, Report
from twinld.validate.rules import Rule, load_rules
from twinld.validate.strangers import check_against
from twinld.vocab import BASE, CURATED, GRAPH, INFERRED, RDF, TW, WIKIDATA, rebase

__all__ = ["ENGINES", "WRITERS", "Progress", "Report", "Rule", "check", "check_graph", "check_store", "load_rules"]

_LOOSE: Final = GRAPH + "file"
"""Where triples that stand in no graph are put to be checked."""


def check(
    graph: rdflib.Graph | Path | str, shapes: rdflib.Graph | Path | str | None = None, engine: str = "compiled"
) -> Report:
    """What breaks the rules in a file or a graph: ours, or the SHACL shapes that are given.

    Never a good report over nothing: SourceError when there is nothing that the rules or shapes are about, and for
    a file that can't be read. `engine` is "compiled" or "pyshacl"; both find the same. Whoever doesn't trust a file
    calls `twinld.validate.apart.check_file_apart`.

    >>> check(rdflib.Graph().parse(format="turtle", data='''
    ... <http://example.org/a> a <https://w3id.org/twinld/ns#Place> .
    ... ''')).counts
    {('graph', 'G05w', 'Warning'): 1, ('graph', 'L01w', 'Warning'): 1}
    """
    given = Path(graph) if isinstance(graph, str) else graph
    if shapes is not None:
        rules = Path(shapes) if isinstance(shapes, str) else shapes
        files = [path for path in (given, rules) if isinstance(path, Path)]
        for path in files:
            if not path.is_file():
                raise SourceError(f"{path}: there is no such file")
        return check_against(given, rules, {path: _format(path) for path in files}, engine)
    return check_graph(given, engine=engine, something=True)


def check_store(
    store: Store, progress: Progress | None = None, scan: Scan | None = None, engine: str = "compiled"
) -> Report:
    """All rules on a release: node by node in the graphs of facts and what follows, the others on all graphs.

    The source of a finding is its graph's short name, such as "curated" or "facts/wd50k". A store that has only
    a default graph is checked as a file is. Nothing is changed. `scan` reads graphs faster than the store does,
    where the caller has them as files.
    """
    base = _base(store.graphs())
    if not _layers(store.graphs(), base) and store.count():
        copy = open_store("memory:", writable=True)
        _move_default_graph(store, copy)
        return _check(copy, BASE, progress, {_LOOSE: "default"}, engine=engine)
    return _check(store, base, progress, scan=scan, engine=engine)


def check_graph(
    graph: rdflib.Graph | Path | str,
    progress: Progress | None = None,
    engine: str = "compiled",
    something: bool = False,
) -> Report:
    """All rules on a file (Turtle, JSON-LD, N-Triples, RDF/XML, TriG, N-Quads) or a graph of rdflib.

    `where` of a finding is the file; its source the graph's short name, for triples in no graph the file's name
    ("graph" for one of rdflib). Raises SourceError for a file that can't be read (with `something`, also for one
    with nothing in it that a rule is about), UsageError for one of unknown format.
    """
    if isinstance(graph, rdflib.Graph):
        where, name = "", "graph"
        nquads = isinstance(graph, rdflib.Dataset)
        format_ = find_format("nquads" if nquads else "ntriples")
        data = graph.serialize(format="nquads" if nquads else "nt", encoding="utf-8")
        store = load_as_written(data, format_, _LOOSE, exact=False)
    else:
        path = Path(graph)
        where, name = str(path), path.name
        if not path.is_file():
            raise SourceError(f"{path}: there is no such file")
        store = load_as_written(path, _format(path), _LOOSE, exact=False)
    base = _base(store.graphs())
    if something:
        _refuse_nothing(store, base, where or name)
    report = _check(store, base, progress, {_LOOSE: name}, engine=engine)
    return Report(tuple(_renamed(report.findings, where)))


def _refuse_nothing(store: Store, base: str, where: str) -> None:
    """SourceError when no rule is about anything in a store."""
    if not store.graphs():
        raise SourceError(f"{where}: there are no triples in it, so nothing was validated; give a file with data")
    rows = store.select("SELECT DISTINCT ?p WHERE { GRAPH ?g { ?s ?p ?o } }")
    rows += store.select(f"SELECT DISTINCT ?p WHERE {{ GRAPH ?g {{ ?s <{RDF}type> ?p }} }}")
    rules = load_rules(base)
    known = {*rules.classes, *rules.targets}
    if not any(row["p"].value in known or row["p"].value.startswith(rebase(TW, base)) for row in rows):
        raise SourceError(
            f"{where}: it has nothing that a rule is about, so nothing was validated; the rules are about places and "
            f"agreements in the terms of {rebase(TW, base)}"
        )


def _format(path: Path) -> Format:
    known = (*GRAPH_FORMATS, *DATASET_FORMATS)
    extensions = [row.extension for row in known]
    suffix = path.suffix.removeprefix(".")
    if suffix not in extensions:
        hint = nearest(suffix, extensions, "endings")
        raise UsageError(f"{path}: {path.suffix or 'no ending'} is not the ending of an RDF file; {hint}")
    return find_format(suffix, known)


def _move_default_graph(source: Store, target: Store) -> None:
    """Put the triples of a default graph into a named graph, where the rules look."""
    if source.count():
        triples = source.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
        target.load(lines.encode(), find_format("ntriples"), _LOOSE, checked=True)


def _base(graphs: Iterable[str]) -> str:
    """What our IRIs start with in these graphs: a release may have been built with another base."""
    ends = tuple(graph.removeprefix(BASE) for graph in (CURATED, INFERRED))
    for graph in graphs:
        for end in ends:
            if graph.endswith("/" + end):
                return graph.removesuffix(end)
    return BASE


def _layers(graphs: Iterable[str], base: str) -> list[Layer]:
    """The graphs that are checked node by node: CC0, then each other licence's facts, then strangers'."""
    held = set(graphs)
    ours = rebase(GRAPH, base)
    free = tuple(graph for graph in (rebase(iri, base) for iri in (CURATED, WIKIDATA, INFERRED)) if graph in held)
    layers = [Layer(free)] if free else []
    starts = (f"{ours}facts/", f"{ours}inferred/")
    names = {graph.removeprefix(start) for start in starts for graph in held if graph.startswith(start)}
    for name in sorted(names):
        layers.append(Layer(tuple(f"{start}{name}" for start in starts if f"{start}{name}" in held), free))
    others = tuple(sorted(graph for graph in held if not graph.startswith(ours) or graph == _LOOSE))
    return [*layers, Layer(others)] if others else layers


def _check(
    store: Store,
    base: str,
    progress: Progress | None,
    names: dict[str, str] | None = None,
    scan: Scan | None = None,
    engine: str = "compiled",
) -> Report:
    if engine not in ENGINES:
        raise UsageError(f"{engine!r} is no engine; {nearest(engine, ENGINES, 'engines')}")
    rules = load_rules(base)
    ours = rebase(GRAPH, base)

    def source_of(graph: str) -> str:
        return (names or {}).get(graph) or graph.removeprefix(ours)

    findings: list[Finding] = []
    seen: set[tuple[str, str, str]] = set()
    for layer in _layers(store.graphs(), base):
        if engine == "pyshacl":
            found = list(check_nodes(store, layer, rules, source_of, progress, scan))
        else:
            found = list(check_nodes_compiled(store, layer, rules, source_of, progress))
        # what a CC0 graph does wrong is told once, not again where it completes facts of another licence
        findings += (item for item in found if (item.rule, item.focus, item.value) not in seen)
        seen |= {(item.rule, item.focus, item.value) for item in found}
    findings += check_records_together(store, rules, source_of, progress, scan)
    return Report(tuple(findings))


def _renamed(findings: Iterable[Finding], where: str) -> Iterator[Finding]:
    """The findings with their file, and with blank nodes numbered: an engine labels them anew on every run.

    The number follows from what was found of a node, so that the same file gives the same report.
    """
    found = sorted(findings)
    traits: dict[str, list[tuple[str, ...]]] = {}
    for item in found:
        for name, role in ((item.focus, "focus"), (item.value, "value")):
            if name.startswith("_:"):
                other = item.value if role == "focus" else item.focus
                trait = (item.rule, role, item.source, "_:" if other.startswith("_:") else other)
                traits.setdefault(name, []).append(trait)
    order = sorted(traits, key=lambda name: sorted(traits[name]))
    labels = {name: f"_:b{number}" for number, name in enumerate(order, 1)}
    for item in found:
        focus, value = labels.get(item.focus, item.focus), labels.get(item.value, item.value)
        yield replace(item, focus=focus, value=value, where=where)
