"""Statements that repeat what stands in the same page already: one page says a thing once.

Some pages were typed into `data/curated/agreements.csv` and stand in a transcription too. A row of the transcription
that gives the same relation of the same pair, the same address and the same date as a row of the curated page is not a
second source; what only the transcription has of that page (a term, themes, a status) the curated row gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from twinld.model import Source, Statement
from twinld.resolve.identity import Identity

_Said = tuple[frozenset[str], int, str, str]


def without_repeats(
    statements: Iterable[Statement], sources: Mapping[str, Source], identity: Identity
) -> list[Statement]:
    """The statements but those that a curated page states with the same address, places, relation and date; these
    complete what the curated page leaves open.
    """
    statements = list(statements)
    on_page = {name for name, source in sources.items() if source.kind != "Source"}
    repeats: dict[_Said, list[Statement]] = {_said(s, identity): [] for s in statements if s.source in on_page}
    kept: list[Statement] = []
    for statement in statements:
        said = _said(statement, identity) if statement.locator is not None else None
        if said in repeats and statement.source not in on_page:
            repeats[said].append(statement)
        else:
            kept.append(statement)
    return [_completed(s, repeats[_said(s, identity)]) if s.source in on_page else s for s in kept]


def _said(statement: Statement, identity: Identity) -> _Said:
    """What a statement says, as far as a repetition is told by it: places, relation, address and date."""
    date = statement.start or statement.point
    address = (statement.locator or "").partition(" ")[0]
    places = frozenset(map(identity.key, (statement.subject, statement.obj)))
    return places, statement.relation, address, date.edtf if date else ""


def _completed(statement: Statement, repeats: Iterable[Statement]) -> Statement:
    """A statement with the end, term, themes and status of its repetitions where it has none of its own."""
    for more in repeats:
        statement = replace(
            statement,
            end=statement.end or more.end,
            local_term=statement.local_term or more.local_term,
            themes=statement.themes or more.themes,
            status=statement.status or more.status,
        )
    return statement
