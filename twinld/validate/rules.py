"""The rules, read from `shapes/`: the one home of every id, name, severity and message."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rdflib
from rdflib.namespace import RDF, SH

from twinld.errors import SourceError
from twinld.files import folder
from twinld.vocab import BASE, rebase

NOT_FOR_DATA: Final = "ontology.ttl"
"""The file of `shapes/` that checks our own terms and no data; all others are read."""
SEVERITIES: Final = ("Violation", "Warning", "Info")
"""From the gravest down."""
_PATHS: Final = (
    SH.path, SH.inversePath, SH.targetSubjectsOf, SH.targetObjectsOf,
    SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals,
)  # fmt: skip
"""What names a property that must be there when a shape is checked; paths in a list are read too."""


@dataclass(frozen=True)
class Rule:
    """One rule: what it demands, how grave it is to break it, and what to do then.

    `file` is where it stands in `shapes/`. `is_shape` says that it is checked node by node; a rule over several
    records has the text of its `query` (X08: None, see `twinld.validate.shortcuts`).
    """

    id: str
    name: str
    severity: str
    message: str
    file: str
    is_shape: bool = True
    query: str | None = None


@dataclass(frozen=True)
class Rules:
    """All rules by id, sorted; `shapes` holds those that are checked node by node.

    `classes` and `predicates` (IRIs) are all that a node needs for these; `targets` those of the predicates
    whose subjects are focus nodes or point to one.
    """

    base: str
    by_id: dict[str, Rule]
    shapes: rdflib.Graph
    classes: tuple[str, ...]
    predicates: tuple[str, ...]
    targets: tuple[str, ...]


def shape_files(place: Path) -> tuple[str, ...]:
    """The names of the files with rules for data in the folder of the shapes, sorted."""
    return tuple(sorted(path.name for path in place.glob("*.ttl") if path.name != NOT_FOR_DATA))


@functools.cache
def load_rules(base: str = BASE) -> Rules:
    """The rules with our IRIs under `base`; SourceError for a rule that isn't whole."""
    place = folder("shapes")
    shapes = rdflib.Graph()
    by_id: dict[str, Rule] = {}
    for name in shape_files(place):
        graph = rdflib.Graph().parse(data=rebase((place / name).read_text("utf-8"), base), format="turtle")
        shapes += graph
        for node in sorted(set(graph.subjects(SH.severity, None)), key=str):
            rule = _rule(graph, node, place, name, base)
            if rule.id in by_id:
                raise SourceError(
                    f"shapes/{name}: {rule.id} stands in {by_id[rule.id].file} already; choose another id"
                )
            by_id[rule.id] = rule
    return Rules(
        base,
        dict(sorted(by_id.items())),
        shapes,
        _iris(shapes, (SH.targetClass, SH["class"])),
        tuple(sorted({*_iris(shapes, _PATHS), *_listed(shapes)})),
        _iris(shapes, (SH.targetSubjectsOf, SH.targetObjectsOf)),
    )


def _rule(graph: rdflib.Graph, node: rdflib.term.Node, place: Path, file: str, base: str) -> Rule:
    id_ = str(node).rpartition("#")[2]
    texts = {}
    for what in (SH.name, SH.severity, SH.message):
        values = list(graph.objects(node, what))
        if len(values) != 1:
            raise SourceError(f"shapes/{file}: {id_} has {len(values)} values of {what}; write one")
        texts[what] = str(values[0])
    severity = texts[SH.severity].rpartition("#")[2]
    if severity not in SEVERITIES:
        raise SourceError(f"shapes/{file}: {id_} has the severity {severity}; write sh:{', sh:'.join(SEVERITIES)}")
    if not texts[SH.message].startswith(f"{id_}: "):
        raise SourceError(f"shapes/{file}: the message of {id_} starts otherwise; write {id_ + ': '!r} first")
    query = None
    for target in graph.objects(node, rdflib.URIRef(f"{base}shapes#query")):
        path = place / str(target).removeprefix(f"{base}shapes/")
        if not path.is_file():
            raise SourceError(f"shapes/{file}: {id_} names {path.name}, which is not in {path.parent}; write it")
        query = rebase(path.read_text("utf-8"), base)
    over_records = (node, RDF.type, rdflib.URIRef(f"{base}shapes#CrossRecordRule")) in graph
    return Rule(id_, texts[SH.name], severity, texts[SH.message], f"shapes/{file}", not over_records, query)


def _iris(shapes: rdflib.Graph, predicates: tuple[rdflib.URIRef, ...]) -> tuple[str, ...]:
    found = {value for what in predicates for value in shapes.objects(None, what)}
    return tuple(sorted(str(value) for value in found if isinstance(value, rdflib.URIRef)))


def _listed(shapes: rdflib.Graph) -> set[str]:
    """The properties in lists of paths (sh:alternativePath, sequences), but not those of sh:in."""
    heads = {*shapes.objects(None, SH.alternativePath), *shapes.objects(None, SH.path)}
    members = {item for head in heads if (head, RDF.first, None) in shapes for item in shapes.items(head)}
    return {str(item) for item in members if isinstance(item, rdflib.URIRef)}
