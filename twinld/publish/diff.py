"""What differs between two releases: one pass over both, in memory that grows with the changes and not with the data.

Both sides are sorted, so they are merged as they are read. Lines of the graphs of facts that concern a thing are
sorted by the thing (on disk when there are many) and put together to one change a thing; of other graphs only
how many quads were added and removed is counted.
"""

from __future__ import annotations

import heapq
import itertools
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from twinld.errors import InputError
from twinld.publish.changes import Change, Changes, Field
from twinld.publish.sides import Side
from twinld.terms import parse
from twinld.vocab import GRAPH, ID, RDF, RDFS, TW, rebase

TYPES: Final = ("agreement", "event", "instrument", "network", "organisation", "person", "place")
"""Types of ids whose changes are told, in the order in which they are told."""
_CHUNK: Final = 100_000
_TYPE, _LABEL, _COUNTRY, _PARTY = f"{RDF}type", f"{RDFS}label", f"{TW}country", f"{TW}party"
_KEPT: Final = frozenset((_TYPE, _LABEL, _COUNTRY, _PARTY))
"""Properties that are read of things that did not change too: they name what did."""


@dataclass(frozen=True)
class GraphChange:
    """How many quads of one graph were added and removed; `graph` is its short name, "" the default graph."""

    graph: str
    added: int
    removed: int


@dataclass
class Difference:
    """What differs between two sides: `counts` by type and kind of change, `graphs`, and the changes."""

    old: Side
    new: Side
    graphs: list[GraphChange] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    _file: IO[str] | None = None
    _named: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def changes(self) -> Iterator[Change]:
        """Each thing that was added, removed, merged or changed, by type and slug."""
        if self._file is None:
            return
        self._file.seek(0)
        for line in self._file:
            change = Change.read(json.loads(line))
            yield change.named(self._named) if change.type != "place" else change

    def told(self) -> Changes:
        """The changes with their head, to be written once; what is not in memory is read as it is written."""
        graphs = tuple({"graph": row.graph, "added": row.added, "removed": row.removed} for row in self.graphs)
        date = self.new.date or self.old.date
        return Changes(self.new.name, self.old.name, date, self.new.base, self.counts, graphs, self.changes())

    def close(self) -> None:
        """Give the space on disk back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Difference:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def difference(old: Side, new: Side, folder: Path | None = None) -> Difference:
    """What differs between two sides; `folder` is where to put what does not fit in memory.

    Raises InputError for a file that is cut off or not sorted.
    """
    if old.base != new.base:
        raise InputError(f"{old.name} has IRIs under {old.base} and {new.name} under {new.base}: they share no thing")
    found = Difference(old, new)
    successors = {f"{type_}/{slug}": into for type_, slug, into in new.moved() if type_ in TYPES}
    records = _Sorted(folder)
    try:
        found.graphs = list(_compare(old, new, records))
        found._file = tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder)  # noqa: SIM115
        counted: Counter[tuple[str, str]] = Counter()
        wanted: set[str] = set()
        for owner, rows in itertools.groupby(records.sorted(), key=lambda row: row.partition(b"\t")[0]):
            thing = _Thing(owner.decode(), rows, new.base)
            change = thing.change(successors)
            if change is not None:
                counted[change.type, change.change] += 1
                wanted |= {iri for iri in change.concerns if "/id/place/" in iri}
                found._file.write(json.dumps(change.row(), ensure_ascii=False) + "\n")
            if thing.iri in wanted:
                found._named[thing.iri] = thing.label(), thing.countries()
    finally:
        records.close()
    for (type_, kind), number in sorted(counted.items()):
        found.counts.setdefault(type_, {})[kind] = number
    return found


def _compare(old: Side, new: Side, records: _Sorted) -> Iterator[GraphChange]:
    before, after = old.by_graph(), new.by_graph()
    one, other = next(before, None), next(after, None)
    prefix = rebase(GRAPH, new.base)
    while one is not None or other is not None:
        graph = min(side[0] for side in (one, other) if side is not None)
        left = one[1] if one is not None and one[0] == graph else iter(())
        right = other[1] if other is not None and other[0] == graph else iter(())
        name = graph.removeprefix(prefix)
        facts = name in {"", "curated", "wikidata"} or name.startswith("facts/")
        added, removed = _merge(left, right, records.taker(name, new.base) if facts else None)
        if added or removed:
            yield GraphChange(name, added, removed)
        if one is not None and one[0] == graph:
            one = next(before, None)
        if other is not None and other[0] == graph:
            other = next(after, None)


def _merge(left: Iterator[bytes], right: Iterator[bytes], take: _Taker | None) -> tuple[int, int]:
    """How many lines only the right has, and only the left; `take` gets those of both that concern a thing."""
    added = removed = 0
    a, b = next(left, None), next(right, None)
    while a is not None and b is not None:
        if a == b:
            if take is not None:
                take.same(a)
            a, b = next(left, None), next(right, None)
        elif a < b:
            removed += 1
            if take is not None:
                take.line(b"-", a)
            a = next(left, None)
        else:
            added += 1
            if take is not None:
                take.line(b"+", b)
            b = next(right, None)
    for sign, first, rest in ((b"-", a, left), (b"+", b, right)):
        for line in itertools.chain(() if first is None else (first,), rest):
            if take is not None:
                take.line(sign, line)
            added += sign == b"+"
            removed += sign == b"-"
    return added, removed


class _Taker:
    """Takes the lines of one graph that concern a thing of ours: `type/slug fragment property graph sign object`."""

    def __init__(self, put: _Sorted, graph: str, base: str) -> None:
        self._put = put
        self._graph = graph.encode()
        self._start = b"<" + rebase(ID, base).encode()
        self._types = {type_.encode() for type_ in TYPES}
        self._kept = {f"<{rebase(name, base)}>".encode() for name in _KEPT}

    def same(self, line: bytes) -> None:
        """A line of both sides: kept when it names a thing."""
        if line.startswith(self._start) and line.split(b" ", 2)[1] in self._kept:
            self.line(b"=", line)

    def line(self, sign: bytes, line: bytes) -> None:
        """A line of one side."""
        if not line.startswith(self._start):
            return
        subject, property_, value = line.split(b" ", 2)
        owner, _, fragment = subject[len(self._start) : -1].partition(b"#")
        if owner.partition(b"/")[0] in self._types:
            self._put.add(b"\t".join((owner, fragment, property_[1:-1], self._graph, sign, value)))


class _Sorted:
    """Lines that are sorted: in memory, or in files when there are many."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._waiting: list[bytes] = []
        self._files: list[IO[bytes]] = []

    def taker(self, graph: str, base: str) -> _Taker:
        return _Taker(self, graph, base)

    def add(self, line: bytes) -> None:
        self._waiting.append(line)
        if len(self._waiting) >= _CHUNK:
            self._waiting.sort()
            file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
            self._files.append(file)
            file.writelines(line + b"\n" for line in self._waiting)
            file.seek(0)
            self._waiting = []

    def sorted(self) -> Iterator[bytes]:
        self._waiting.sort()
        spilled = ((line[:-1] for line in file) for file in self._files)
        return heapq.merge(*spilled, self._waiting)

    def close(self) -> None:
        for file in self._files:
            file.close()


class _Thing:
    """The lines of one thing, put together."""

    def __init__(self, owner: str, rows: Iterable[bytes], base: str) -> None:
        self.type, _, self.slug = owner.partition("/")
        self.base = base
        self.iri = f"{rebase(ID, base)}{owner}"
        self._fields: dict[tuple[str, str, str], tuple[list[str], list[str]]] = {}
        self._kept: dict[tuple[str, str], list[str]] = {}
        self._typed = {"old": False, "new": False}
        country = f"<{rebase(ID, base)}place/country-"
        self._country = country
        kept = {rebase(name, base): name for name in _KEPT}
        for row in rows:
            _, part, property_, graph, sign, value = row.decode().split("\t", 5)
            if sign != "=":
                sides = self._fields.setdefault((part, property_, graph), ([], []))
                sides[sign == "+"].append(value)
            if part == "" and property_ in kept:
                name = kept[property_]
                for side in {"-": ("old",), "+": ("new",), "=": ("old", "new")}[sign]:
                    self._kept.setdefault((name, side), []).append(value)
                    if name == _TYPE:
                        self._typed[side] = True

    def _values(self, name: str) -> list[str]:
        return self._kept.get((name, "new")) or self._kept.get((name, "old")) or []

    def label(self) -> str:
        """The English label, else that of unknown language, else the first; the slug when there is none."""
        labels = sorted(self._values(_LABEL), key=lambda term: (term[-3:] != "@en", term[-4:] != "@und", term))
        return parse(labels[0]).value if labels else self.slug

    def countries(self) -> tuple[str, ...]:
        """The codes of the countries that it lies in."""
        named = [value for value in self._values(_COUNTRY) if value.startswith(self._country)]
        codes = {value[len(self._country) : -1].upper() for value in named}
        if self.type == "place" and self.slug.startswith("country-"):
            codes.add(self.slug.removeprefix("country-").upper())
        return tuple(sorted(codes))

    def change(self, successors: dict[str, str]) -> Change | None:
        """What became of it, None when nothing did."""
        if not self._fields:
            return None
        before, after = self._typed["old"], self._typed["new"]
        into = successors.get(f"{self.type}/{self.slug}", "")
        if before and not after:
            kind = "merged" if into else "removed"
        else:
            kind = "added" if after and not before else "changed"
        fields = tuple(
            Field(property_, graph, part, tuple(old), tuple(new))
            for (part, property_, graph), (old, new) in sorted(self._fields.items())
        )
        start = f"<{rebase(ID, self.base)}"
        named = {
            value[1:-1].partition("#")[0]
            for item in fields
            for value in (*item.old, *item.new)
            if value.startswith((f"{start}place/", f"{start}network/"))
        }
        parties = {value[1:-1] for value in self._values(_PARTY)}
        concerns = tuple(sorted(named | parties | {self.iri}))
        successor = f"{rebase(ID, self.base)}{self.type}/{into}" if into else None
        parties_in_order = tuple(sorted(parties))
        return Change(
            self.iri, self.type, self.slug, kind, self.label(), self.countries(), parties_in_order, concerns, successor,
            fields,
        )  # fmt: skip
