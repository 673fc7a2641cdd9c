"""SHACL paths as SPARQL 1.1 paths (SHACL 1.0, section 2.3.1)."""

from __future__ import annotations

from typing import Final

from twinld import terms
from twinld.errors import SourceError
from twinld.terms import Term
from twinld.validate.compile.shapes import Triples, name_of, sh
from twinld.vocab import RDF

_FIRST: Final = Term("iri", RDF + "first")
_REPEATED: Final = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def sparql_path(triples: Triples, node: Term, depth: int = 0) -> str:
    """A path as SPARQL writes it; SourceError when the node is no path, or holds itself.

    A sequence is `(a/b)`, an alternative `(a|b)`, so that two paths are the same when their texts are.
    """
    if depth > 50:
        raise SourceError("shapes: a sh:path holds itself; write it out")
    if node.kind == "iri":
        return terms.iri(node.value)
    if node.kind == "bnode":
        if triples.values(node, _FIRST):
            return _joined("/", [sparql_path(triples, item, depth + 1) for item in triples.list(node)])
        inverse = triples.value(node, sh("inversePath"))
        if inverse is not None:
            return f"^{sparql_path(triples, inverse, depth + 1)}"
        either = triples.value(node, sh("alternativePath"))
        if either is not None:
            return _joined("|", [sparql_path(triples, item, depth + 1) for item in triples.list(either)])
        for name, sign in _REPEATED.items():
            repeated = triples.value(node, sh(name))
            if repeated is not None:
                return f"({sparql_path(triples, repeated, depth + 1)}){sign}"
    raise SourceError(f"shapes: {name_of(node)} is no path; write an IRI, a list, sh:inversePath or another of SHACL")


def _joined(sign: str, parts: list[str]) -> str:
    if len(parts) < 2:
        raise SourceError("shapes: a path of a list needs two members or more; write the one alone")
    return f"({sign.join(parts)})"
