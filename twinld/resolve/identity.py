"""Which identifiers mean one place: by redirects that sources state and by decisions of `reconciliation.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twinld.model import Redirect
from twinld.resolve.decisions import Decisions


def is_local(item: str) -> bool:
    """Whether an identifier is a source's own, written `<source>:<key>`, and no Wikidata item.

    >>> is_local("wdqs-2017:Graz|Austria"), is_local("Q13298")
    (True, False)
    """
    return ":" in item


class Identity:
    """The place that an item means. The key of a place is the item of the place itself."""

    def __init__(self, redirects: Iterable[Redirect], decisions: Decisions) -> None:
        self.redirected: dict[str, str] = {record.item: record.target for record in redirects}
        self._next: dict[str, str] = {**self.redirected, **decisions.same}
        self.p190: dict[str, str] = dict(decisions.p190)
        self.minted: set[str] = set()

    def key(self, item: str) -> str:
        """The key of the place that `item` means: the end of its chain of redirects and decisions.

        A chain that closes on itself ends at its smallest item.
        """
        seen = [item]
        while (after := self._next.get(seen[-1])) is not None:
            if after in seen:
                return min(seen[seen.index(after) :])
            seen.append(after)
        return seen[-1]

    def match(self, places: Mapping[str, str]) -> None:
        """Take over what identifiers of sources' own were matched to: {identifier: key}; a new place means itself."""
        self._next.update({local: key for local, key in places.items() if key != local})
        self.minted |= {local for local, key in places.items() if key == local}

    def resolves(self, *items: str) -> bool:
        """Whether all of them mean places: an identifier of a source's own does once it is matched to an item,
        or a person decided that it is a new place.
        """
        keys = [self.key(item) for item in items]
        return not any(is_local(key) and key not in self.minted for key in keys)

    def merged(self) -> dict[str, str]:
        """Every item that means another place's key, with that key."""
        return {item: self.key(item) for item in self._next if self.key(item) != item}
