"""What every release changed, for pages and feeds: by release, by place or network, by country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from twinld.publish.change_forms import field_words, in_words, short, to_json, to_triples
from twinld.publish.changes import Change, Changes
from twinld.publish.citation import citation_texts, sentence
from twinld.publish.history import read_history
from twinld.publish.release import MANIFEST
from twinld.site.words import TYPES
from twinld.store import Quad
from twinld.texts import ENGLISH, Texts
from twinld.vocab import BASE

__all__ = [
    "Change", "ChangeLog", "Changes", "Told", "changes_graph", "changes_json", "citation_texts", "counts_words",
    "field_words", "in_words", "quads_words", "sentence", "short",
]  # fmt: skip

WORDS = {"added": "added", "changed": "changed", "merged": "merged into another", "removed": "no longer there"}
"""What became of a thing, as a title of a feed says it."""


class Told(NamedTuple):
    """One change and the release that made it."""

    changes: Changes
    change: Change

    @property
    def id(self) -> str:
        """The IRI of the change, which never changes."""
        return f"{self.changes.base}changes/{self.changes.release}#{self.change.type}/{self.change.slug}"

    @property
    def title(self) -> str:
        """Such as `Boston – Kyoto: changed`."""
        return f"{self.change.label}: {WORDS[self.change.change]}"

    @property
    def lines(self) -> list[str]:
        """What differs, a line a property; where a merged thing went."""
        if self.change.successor:
            return [f"now {self.change.successor}"]
        if self.change.change != "changed":
            return []
        return [field_words(item, self.changes.base) for item in self.change.fields]


@dataclass(frozen=True)
class ChangeLog:
    """The history of the build folder that a release stands in; an empty one for a store of no release.

    It is read when it is first asked for. `folder` is that of the release.
    """

    folder: Path | None = None

    @cached_property
    def releases(self) -> tuple[Changes, ...]:
        """What every release changed, the newest first."""
        if self.folder is None or self.folder.parent.name != "releases":
            return ()
        return tuple(read_history(self.folder.parent.parent))

    def release(self, name: str) -> Changes | None:
        """What one release changed; None when nobody knows it."""
        return next((changes for changes in self.releases if changes.release == name), None)

    def successor(self, name: str) -> str | None:
        """The release to take in the place of one that is no longer on disk; None when there never was such a one.

        That is the next one that is still there.
        """
        followers = [changes.release for changes in self.releases if changes.previous == name]
        if not followers and self.release(name) is None:
            return None
        seen: set[str] = set()
        while followers and followers[0] not in seen:
            if self.on_disk(followers[0]):
                return followers[0]
            seen.add(followers[0])
            followers = [changes.release for changes in self.releases if changes.previous == followers[0]]
        return self.folder.name if self.folder is not None else None

    def on_disk(self, name: str) -> bool:
        """Whether the files of a release are still there."""
        return self.folder is not None and (self.folder.parent / name / MANIFEST).is_file()

    @cached_property
    def _by_concern(self) -> dict[str, list[Told]]:
        found: dict[str, list[Told]] = {}
        for changes in self.releases:
            for change in changes.changes:
                for key in {*change.concerns, change.iri, *change.countries}:
                    found.setdefault(key, []).append(Told(changes, change))
        return found

    def of(self, key: str) -> Sequence[Told]:
        """The changes that concern a place or network (its IRI) or a country (its code), the newest first."""
        return self._by_concern.get(key, ())


def counts_words(counts: Mapping[str, Mapping[str, int]], texts: Texts = ENGLISH) -> str:
    """How many things of each type became what, as words.

    >>> counts_words({"place": {"added": 2, "changed": 1}})
    '2 places added, 1 place changed'
    """
    said = [
        texts.gettext("%(number)s %(things)s %(became)s")
        % {
            "number": texts.number(number),
            "things": texts.gettext(type_ if number == 1 else TYPES.get(type_, f"{type_}s")),
            "became": texts.gettext(kind),
        }
        for type_, kinds in counts.items()
        for kind, number in kinds.items()
    ]
    return ", ".join(said) or texts.gettext("no thing changed")


def quads_words(row: Mapping[str, Any], texts: Texts = ENGLISH) -> str:
    """How many quads of a graph came and went.

    >>> quads_words({"graph": "curated", "added": 1200, "removed": 1})
    'graph curated: 1,200 quads added, 1 removed'
    """
    form = texts.gettext("graph %(name)s") if row["graph"] else texts.gettext("default graph")
    said = texts.ngettext(
        "%(graph)s: %(added)s quad added, %(removed)s removed",
        "%(graph)s: %(added)s quads added, %(removed)s removed",
        row["added"],
    )
    told = {"added": texts.number(row["added"]), "removed": texts.number(row["removed"])}
    return said % {"graph": form % {"name": row["graph"]}, **told}


def changes_graph(some: Iterable[Changes], *, items: bool) -> list[Quad]:
    """The RDF of what releases changed; without `items` only how much."""
    told = (changes if items else replace(changes, changes=()) for changes in some)
    return [(*triple, None) for changes in told for triple in to_triples(changes)]


def changes_json(changes: Changes) -> str:
    """The JSON document of what a release changed."""
    return "".join(to_json(changes))


def thing_iri(type_: str, slug: str, base: str = BASE) -> str:
    """The IRI of a thing, as changes name it."""
    return f"{base}id/{type_}/{slug}"
