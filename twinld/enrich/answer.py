"""Reading an answer of a SPARQL service: whole rows, or what is wrong with it.

Services say 200 and send a page of HTML, half a JSON document, or rows followed by the query and a Java stack
trace; none of that is rows (SPARQL 1.1 Query Results JSON Format).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from twinld.terms import Term

Row = dict[str, Term]
"""One solution: only the bound variables."""

_TRACE: Final = re.compile(rb"TimeoutException|timed out|timeout", re.IGNORECASE)
_KINDS: Final = {"uri": "iri", "bnode": "bnode", "literal": "literal", "typed-literal": "literal"}


class UnusableError(Exception):
    """The body is not rows; `slow` when it says that the service ran out of time."""

    def __init__(self, message: str, *, slow: bool = False) -> None:
        super().__init__(message)
        self.slow = slow


def rows_of(body: bytes, media_type: str) -> list[Row]:
    """The distinct rows of an answer, in its order. Raises UnusableError for anything else."""
    if media_type not in {"application/sparql-results+json", "application/json"}:
        start = body[:60].decode("utf-8", "replace").strip()
        raise UnusableError(f"it answers with {media_type or 'no type'} and not with JSON rows ({start!r})")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        if b"SPARQL-QUERY:" in body or b"Exception" in body:
            raise UnusableError("the rows end in an error report", slow=bool(_TRACE.search(body))) from None
        raise UnusableError(f"the JSON breaks off or is wrong ({error})") from None
    try:
        names = document["head"]["vars"]
        bindings = document["results"]["bindings"]
        if not isinstance(bindings, list) or not all(isinstance(name, str) for name in names):
            raise TypeError
        found = [{name: _term(value) for name, value in binding.items()} for binding in bindings]
    except (KeyError, TypeError, AttributeError):
        raise UnusableError("the JSON is not a table of rows (head.vars, results.bindings)") from None
    return distinct(found)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Rows without those that stand there twice."""
    return list({tuple(sorted(row.items())): row for row in rows}.values())


def _term(value: dict[str, Any]) -> Term:
    kind, text = _KINDS[value["type"]], value["value"]
    if not isinstance(text, str):
        raise TypeError
    return Term(kind, text, value.get("xml:lang"), value.get("datatype"))
