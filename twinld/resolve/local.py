"""Identifiers that sources made themselves, matched to places: source by source, with CC0 evidence only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from twinld.model import PlaceFacts, Source, Statement
from twinld.resolve.decisions import Decisions
from twinld.resolve.identity import Identity, is_local
from twinld.resolve.known import Known, describe
from twinld.resolve.matching import Match, match
from twinld.resolve.places import Countries


def match_locals(
    rows: Iterable[PlaceFacts],
    statements: Iterable[Statement],
    sources: Mapping[str, Source],
    identity: Identity,
    countries: Countries,
    decisions: Decisions,
) -> dict[str, Match]:
    """What every identifier of a source's own means, by identifier.

    What is known are rows and statements of CC0 sources about items. A source's own rows are compared with those
    alone, never with another source's: what one source means does not hang on whether another one is there.
    """
    rows, statements = list(rows), list(statements)
    local: dict[str, list[PlaceFacts]] = {}
    for row in rows:
        if is_local(row.item):
            local.setdefault(row.source, []).append(row)
    if not local:
        return {}
    country = country_of(countries)
    free = [row for row in rows if sources[row.source].open and not is_local(row.item)]
    links = {
        (identity.key(s.subject), identity.key(s.obj))
        for s in statements
        if sources[s.source].open and not is_local(s.subject) and not is_local(s.obj)
    }
    known = Known(describe(free, identity.key, country), links)
    found: dict[str, Match] = {}
    for source, own in sorted(local.items()):
        pairs = [(_side(s.subject, identity), _side(s.obj, identity)) for s in statements if s.source == source]
        found |= match(own, known, links=pairs, country=country, decided=decisions.places)
    return found


def _side(item: str, identity: Identity) -> str:
    return item if is_local(item) else identity.key(item)


def country_of(countries: Countries) -> Callable[[str], str | None]:
    """Finds the key of a country in a source's words, also when a region stands beside it: `Nord, France`."""

    @cache
    def key(stated: str) -> str | None:
        whole = countries.key(stated)
        if whole is not None:
            return whole
        parts = [part.strip() for part in re.split(r"[,()（）]|\s-\s", stated)]
        keys = {found for part in parts if part and (found := countries.key(part)) is not None}
        return keys.pop() if len(keys) == 1 else None

    return key
