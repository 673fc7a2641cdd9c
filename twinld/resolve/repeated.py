"""Statements that repeat what stands in the same page already: one page says a thing once.

Some pages were typed into `data/curated/agreements.csv` and stand in a transcription too. A row of the transcription
that gives the same pair, the same address and the same date as a row of the curated page is not a second source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twinld.model import Source, Statement
from twinld.resolve.identity import Identity


def without_repeats(
    statements: Iterable[Statement], sources: Mapping[str, Source], identity: Identity
) -> list[Statement]:
    """The statements but those that a curated page states with the same address, places and date."""
    statements = list(statements)
    said = {_said(s, identity) for s in statements if s.locator is not None and sources[s.source].kind != "Source"}
    return [
        s
        for s in statements
        if s.locator is None or sources[s.source].kind != "Source" or _said(s, identity) not in said
    ]


def _said(statement: Statement, identity: Identity) -> tuple[frozenset[str], str, str]:
    """What a statement says, as far as a repetition is told by it: the places, the address and the date."""
    date = statement.start or statement.point
    address = (statement.locator or "").partition(" ")[0]
    return frozenset(map(identity.key, (statement.subject, statement.obj))), address, date.edtf if date else ""
