"""Constraints written in SPARQL (SHACL 1.0, section 5), asked of all focus nodes at once where that is the same."""

from __future__ import annotations

import re
from typing import Final

from twinld.terms import iri
from twinld.validate.compile.shapes import Constraint, Triples, sh

_HEAD: Final = re.compile(r"\s*SELECT\s+(?:DISTINCT\s+)?(?P<names>[^{]*?)\s*(?:WHERE\s*)?\{", re.IGNORECASE)
_TOO_MUCH: Final = re.compile(
    r"\b(?:SELECT|UNION|MINUS|VALUES|SERVICE|GROUP|HAVING|LIMIT|OFFSET)\b|[$?](?:PATH|currentShape|shapesGraph)\b"
    r"|\bAS\s+[$?]this\b",
    re.IGNORECASE,
)
"""What means another thing when `$this` is not one node but all of them; the focus nodes come first in the group."""
_QUOTED: Final = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|#[^\n]*")


def set_based(triples: Triples, constraint: Constraint, focus: str, from_: str = "") -> str | None:
    """The query of a sh:sparql with the focus nodes in it; None when it can only be asked node by node."""
    select = constraint.more.get("select")
    if select is None:
        return None
    text = select.value
    head = _HEAD.match(text)
    bare = _QUOTED.sub(" ", text)
    if head is None or _TOO_MUCH.search(bare[bare.find("{") :]) or not re.search(r"[$?]this\b", head["names"]):
        return None
    if "(" in head["names"] or "*" in head["names"]:
        return None
    names = re.sub(r"[$]", "?", head["names"])
    body = re.sub(r"[$]this\b", "?this", text[head.end() :])
    return f"{_prefixes(triples, constraint)}SELECT DISTINCT {names} {from_}WHERE {{ {focus} {body}"


def _prefixes(triples: Triples, constraint: Constraint) -> str:
    declared = {}
    for ontology in triples.values(constraint.value, sh("prefixes")):
        for declaration in triples.values(ontology, sh("declare")):
            prefix, namespace = (triples.value(declaration, sh(name)) for name in ("prefix", "namespace"))
            if prefix is not None and namespace is not None:
                declared[prefix.value] = namespace.value
    return "".join(f"PREFIX {prefix}: {iri(namespace)} " for prefix, namespace in sorted(declared.items()))
