"""What a shape finds, as SHACL has it: the same from either engine."""

from __future__ import annotations

from typing import NamedTuple

from twinld.terms import Term


class Result(NamedTuple):
    """One validation result (SHACL 1.0, section 3.6.2).

    `path` is the path as SPARQL writes it ("" for none), `component` and `severity` are IRIs. A shape without a
    name is its blank node.
    """

    focus: Term
    path: str
    value: Term | None
    component: str
    severity: str
    shape: Term
    messages: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What two engines must agree on, with blank nodes all the same: they have no names that last."""
        return (_shown(self.focus), self.path, _shown(self.value), self.component, self.severity)


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    if term.kind == "bnode":
        return "_:"
    return repr(Term(term.kind, term.value, (term.language or "").lower() or None, term.datatype))
