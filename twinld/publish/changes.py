"""What changed between two releases, as records that keep what was: versions and deletions can be told from them.

The JSON form stands in a release (`reports/changes.json`) and in the history of a build folder: one change a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

KINDS: Final = ("added", "changed", "merged", "removed")
"""What can become of a thing; `merged` leads to its successor."""


@dataclass(frozen=True)
class Field:
    """One property (IRI) of a thing in one graph (short name): its terms before and after, those that differ.

    `part` is the fragment of a part of the thing that has the property, "" for the thing itself.
    """

    property: str
    graph: str
    part: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """As a JSON object; what is empty is left out."""
        row = {"property": self.property, "graph": self.graph, "part": self.part, "old": self.old, "new": self.new}
        return {name: value for name, value in row.items() if value or name in {"property", "graph"}}

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Field:
        """A field from its JSON object."""
        return cls(
            row["property"], row["graph"], row.get("part", ""), tuple(row.get("old", ())), tuple(row.get("new", ()))
        )


@dataclass(frozen=True)
class Change:
    """What became of one thing: `change` is one of KINDS, `successor` the IRI that a merged one leads to.

    `countries` are codes (ISO 3166-1); `concerns` are the IRIs of places and networks that it tells about, its own
    with them. An added or removed thing has all its values in `fields`, a changed one those that differ.
    """

    iri: str
    type: str
    slug: str
    change: str
    label: str
    countries: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    successor: str | None = None
    fields: tuple[Field, ...] = ()

    def named(self, places: Mapping[str, tuple[str, tuple[str, ...]]]) -> Change:
        """With the names and countries of the places that it concerns; `places` has both by IRI."""
        known = [places[iri] for iri in self.parties if iri in places]
        label = " – ".join(name for name, _ in known) if self.type == "agreement" and known else self.label
        near = (code for iri in self.concerns for code in places.get(iri, ("", ()))[1])
        return replace(self, label=label, countries=tuple(sorted({*self.countries, *near})))

    def row(self) -> dict[str, Any]:
        """As a JSON object; what is empty is left out."""
        row = {
            "change": self.change, "type": self.type, "slug": self.slug, "iri": self.iri, "label": self.label,
            "countries": self.countries, "parties": self.parties, "concerns": self.concerns,
            "successor": self.successor, "fields": [item.row() for item in self.fields],
        }  # fmt: skip
        return {name: value for name, value in row.items() if value}

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Change:
        """A change from its JSON object."""
        return cls(
            row["iri"], row["type"], row["slug"], row["change"], row.get("label", row["slug"]),
            tuple(row.get("countries", ())), tuple(row.get("parties", ())), tuple(row.get("concerns", ())),
            row.get("successor"), tuple(Field.read(item) for item in row.get("fields", ())),
        )  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """What one release changed: `release` and `previous` are names of releases, `date` the day it was issued.

    `counts` are how many things by type and kind of change; `graphs` how many quads of each graph were `added` and
    `removed`. `changes` may be read only once when it is no tuple.
    `note` says why nothing is told, when the release before could not be read.
    """

    release: str
    previous: str
    date: str
    base: str
    counts: Mapping[str, Mapping[str, int]]
    graphs: tuple[Mapping[str, Any], ...]
    changes: Iterable[Change] = ()
    note: str = ""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Changes:
        """From the JSON document; KeyError or TypeError when it is no such document."""
        return cls(
            document["release"], document["previous"], document["date"], document["base"], document["counts"],
            tuple(document["graphs"]), tuple(Change.read(row) for row in document["changes"]),
            document.get("note", ""),
        )  # fmt: skip

    @property
    def total(self) -> int:
        """How many things changed."""
        return sum(sum(kinds.values()) for kinds in self.counts.values())


def document(head: Mapping[str, Any], changes: Iterable[Change]) -> Iterator[str]:
    """The JSON document, in pieces: `head` is all but the changes, which come one a line."""
    start = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
    yield start.removesuffix("\n}") + ',\n "changes": ['
    comma = "\n  "
    for change in changes:
        yield comma + json.dumps(change.row(), ensure_ascii=False)
        comma = ",\n  "
    yield "\n ]\n}\n"
