"""The W3C's SPARQL 1.1 cases: read from their manifests, run anywhere that takes a query, compared as they say.

The folder is `../shared/standards/w3c-sparql11`, part of w3c/rdf-tests; its manifests are explained at
https://www.w3.org/2009/sparql/docs/tests/README.html.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from twinld.vocab import XSD

HOME: Final = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""Where the cases live on the web; file names in queries and graph names are relative to it."""
MF: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
GROUPS: Final = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping",
    "json-res", "negation", "project-expression", "property-path", "subquery", "syntax-query",
)  # fmt: skip
MEDIA_TYPES: Final = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "nt": "application/n-triples",
}
RESULTS: Final = {
    "srx": ox.QueryResultsFormat.XML,
    "srj": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "csv": ox.QueryResultsFormat.CSV,
}

Ask = Callable[[str, str], bytes]
"""Takes a query and the kind of answer (a key of MEDIA_TYPES); raises Refused when the query is none."""
Row = Mapping[str, str]


class Refused(Exception):  # noqa: N818  an outcome that cases ask for
    """What was asked cannot read the query."""


@dataclass(frozen=True)
class Case:
    """One case: its kind (the class in the manifest), files, and the query's text with its base."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]
    result: Path | None

    @property
    def text(self) -> str:
        """The query, its relative IRIs made whole as the suite has them."""
        return f"BASE <{url(self.query)}>\n{self.query.read_text('utf-8')}"

    @property
    def dataset(self) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """What it is asked of: the files of the default graph, and those that are named graphs."""
        return self.data, self.graphs


def url(path: Path) -> str:
    """The web address of a file of the suite."""
    return f"{HOME}{path.parent.name}/{path.name}"


def cases(folder: Path) -> list[Case]:
    """Every case of the groups, in the order of the manifests."""
    found = []
    for group in GROUPS:
        home = f"{HOME}{group}/"
        graph = rdflib.Graph().parse(folder / group / "manifest.ttl", publicID=f"{home}manifest.ttl")

        def file(node: rdflib.term.Node, group: str = group, home: str = home) -> Path:
            return folder / group / str(node).removeprefix(home)

        for entries in graph.objects(None, MF.entries):
            for entry in Collection(graph, entries):
                action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
                query = graph.value(action, QT.query) or action
                found.append(
                    Case(
                        f"{group}/{str(entry).rpartition('#')[2]}",
                        str(graph.value(entry, rdflib.RDF.type)).rpartition("#")[2],
                        file(query),
                        tuple(sorted(file(node) for node in graph.objects(action, QT.data))),
                        tuple(sorted(file(node) for node in graph.objects(action, QT.graphData))),
                        file(result) if result is not None else None,
                    )
                )
    return found


def quads(case: Case) -> Iterator[ox.Quad]:
    """The data of a case; blank nodes of each file are its own."""
    for path in case.data:
        yield from ox.parse(path=path, base_iri=url(path), rename_blank_nodes=True)
    for path in case.graphs:
        name = ox.NamedNode(url(path))
        for quad in ox.parse(path=path, base_iri=url(path), rename_blank_nodes=True):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def in_process(case: Case) -> Ask:
    """The engine itself, on the data of a case."""
    store = ox.Store()
    store.extend(quads(case))

    def ask(query: str, kind: str) -> bytes:
        try:
            found = store.query(query)
        except (SyntaxError, RuntimeError) as error:
            raise Refused(str(error)) from None
        return bytes(found.serialize(format=ox.RdfFormat.N_TRIPLES if kind == "nt" else RESULTS[kind]) or b"")

    return ask


def fault(case: Case, ask: Ask) -> str:
    """What is wrong with the answer to a case; empty when it is right."""
    wanted = _kind(case)
    try:
        answer = ask(case.text, wanted)
    except Refused as refused:
        return "" if case.kind.startswith("Negative") else f"refused: {refused}"
    if case.kind.startswith("Negative"):
        return "it was answered and is no query"
    if case.result is None:
        return ""
    if wanted == "nt":
        expected, found = rdflib.Graph().parse(case.result), rdflib.Graph().parse(data=answer, format="nt")
        return "" if isomorphic(expected, found) else "another graph"
    if wanted == "csv":
        return "" if _csv(case.result.read_bytes()) == _csv(answer) else f"another table: {answer!r}"
    return _difference(_table(case.result.read_bytes(), case.result.suffix[1:], case), _table(answer, wanted, case))


def _kind(case: Case) -> str:
    """What to ask for: the format of the expected result; a graph for a CONSTRUCT."""
    if case.result is None:
        return "nt" if "CONSTRUCT" in case.query.read_text("utf-8").upper() else "srj"
    if case.result.suffix == ".ttl":
        graph = rdflib.Graph().parse(case.result)
        return "srj" if (None, rdflib.RDF.type, RS.ResultSet) in graph else "nt"
    return case.result.suffix[1:]


Table = tuple[frozenset[str], list[Row]] | bool


def _table(body: bytes, kind: str, case: Case) -> Table:
    if kind == "ttl":
        return _result_set(rdflib.Graph().parse(data=body, format="turtle"))
    found = ox.parse_query_results(body, RESULTS[kind])
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    rows = [{name: _term(value) for name, value in zip(names, row, strict=True) if value is not None} for row in found]
    return frozenset(names), rows


def _result_set(graph: rdflib.Graph) -> Table:
    """Rows as RDF (https://www.w3.org/2001/sw/DataAccess/tests/result-set)."""
    top = graph.value(None, rdflib.RDF.type, RS.ResultSet)
    rows = []
    for solution in graph.objects(top, RS.solution):
        row = {}
        for binding in graph.objects(solution, RS.binding):
            node = graph.value(binding, RS.value)
            assert node is not None
            (quad,) = ox.parse(f"<x:s> <x:p> {node.n3()} .", ox.RdfFormat.TURTLE)
            row[str(graph.value(binding, RS.variable))] = _term(quad.object)
        rows.append(row)
    return frozenset(str(name) for name in graph.objects(top, RS.resultVariable)), rows


def _term(value: object) -> str:
    """A term as text, numbers and booleans by their value: 1.0 and 1.00 are the same answer."""
    if isinstance(value, ox.Literal):
        kind = value.datatype.value.removeprefix(XSD)
        try:
            if kind in {"integer", "decimal"}:
                return f"{Decimal(value.value).normalize():f} {kind}"
            if kind in {"double", "float"}:
                return f"{float(value.value)!r} {kind}"
        except (ValueError, InvalidOperation):
            return str(value)
        if kind == "boolean":
            return {"1": "true", "0": "false"}.get(value.value, value.value) + " boolean"
    return str(value)


def _difference(expected: Table, found: Table) -> str:
    if isinstance(expected, bool) or isinstance(found, bool):
        return "" if expected is found else f"{found} and not {expected}"
    if expected[0] != found[0]:
        return f"columns {sorted(found[0])} and not {sorted(expected[0])}"
    if len(expected[1]) != len(found[1]):
        return f"{len(found[1])} rows and not {len(expected[1])}"
    if same_rows(expected[1], found[1]):
        return ""
    wanted, got = (Counter(tuple(sorted(row.items())) for row in rows) for rows in (expected[1], found[1]))
    return f"missing {list(wanted - got)[:2]}, too much {list(got - wanted)[:2]}"


def same_rows(expected: list[Row], found: list[Row], known: dict[str, str] | None = None) -> bool:
    """Whether the rows are the same in any order, blank nodes named as they like but each always alike."""
    if not expected:
        return not found
    known = known or {}
    first, rest = expected[0], expected[1:]
    for index, row in enumerate(found):
        names = _matched(first, row, known)
        if names is not None and same_rows(rest, found[:index] + found[index + 1 :], names):
            return True
    return False


def _matched(one: Row, other: Row, known: dict[str, str]) -> dict[str, str] | None:
    """The blank nodes of `one` by those of `other`, if the rows can be the same."""
    if one.keys() != other.keys():
        return None
    names = dict(known)
    for column, value in one.items():
        there = other[column]
        if value.startswith("_:") and there.startswith("_:"):
            if names.setdefault(value, there) != there or list(names.values()).count(there) > 1:
                return None
        elif value != there:
            return None
    return names


def _csv(body: bytes) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """A table as text; blank nodes are only told to be blank nodes."""
    rows = list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))
    return rows[0], Counter(tuple("_:" if cell.startswith("_:") else cell for cell in row) for row in rows[1:])
