"""Finds things whose slug is not known exactly: near matches for a 404 page, and a search by name."""

from __future__ import annotations

import bisect
import difflib
import re
from typing import Final

from twinld.iris import fold, iri_of
from twinld.site.ask import Asker, once
from twinld.store import Store
from twinld.vocab import BASE, WD

NEAR: Final = 8
_ITEM: Final = re.compile(r"[Qq][1-9][0-9]{0,15}")
_QUERIES: Final = {"place": "names_places", "agreement": "names_agreements"}


def near(store: Store, type_: str, slug: str, *, base: str = BASE) -> list[str]:
    """The slugs of a type that are nearest to `slug`: those that start like it, then those that look like it.

    At most NEAR of them; empty for a type without slugs of its own. Slugs are read once from a store that
    cannot change.
    """
    if type_ not in _QUERIES:
        return []
    slugs = _slugs(Asker(store, base), type_)
    wanted = "--".join(filter(None, map(fold, slug[:200].split("--"))))  # the slug of an agreement joins two
    if not wanted:
        return []
    at = bisect.bisect_left(slugs, wanted)
    found = [other for other in slugs[at : at + NEAR] if other.startswith(wanted)]
    if len(found) < NEAR:
        begin, end = (bisect.bisect_left(slugs, wanted[:1] + mark) for mark in ("", "~"))
        around = [other for other in slugs[begin:end] if abs(len(other) - len(wanted)) <= 3]
        found += difflib.get_close_matches(wanted, around, n=NEAR, cutoff=0.7)
    return list(dict.fromkeys(found))[:NEAR]


def slug_of_item(store: Store, text: str, *, base: str = BASE) -> str | None:
    """The slug of the place that has a Wikidata item (such as "Q100"), None when `text` is no item of one."""
    if _ITEM.fullmatch(text) is None:
        return None
    start = iri_of("place", "")
    rows = Asker(store, base).rows("names_item", item=WD + text.upper())
    slugs = sorted(row["s"].value.removeprefix(start) for row in rows if row["s"].value.startswith(start))
    return slugs[0] if slugs else None


def _slugs(asker: Asker, type_: str) -> list[str]:
    start = iri_of(type_, "")
    return once(
        asker.store,
        ("slugs", type_, asker.base),
        lambda: sorted({row["s"].value.removeprefix(start) for row in asker.rows(_QUERIES[type_])}),
    )
