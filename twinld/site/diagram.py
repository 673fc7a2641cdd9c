"""The class diagram of the ontology: boxes and links, laid out from its classes and object properties alone."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from twinld.site.ask import Facts, tw
from twinld.site.called import label_in
from twinld.site.things import LANGUAGE, Label, curie
from twinld.vocab import OWL, RDF, RDFS, SCHEMA, SKOS, TW

COLUMNS: Final = 3
WIDTH: Final = 300
"""Of a box, in units of the drawing; text is about 7 units a letter."""
GUTTER: Final = 76
MARGIN: Final = 24
LINE: Final = 20
HEAD: Final = 34
GAP: Final = 26
LETTERS: Final = 40
FIRST: Final = tw("Agreement")
"""The class from which the others are reached, nearest first."""
_FROM: Final = (f"{RDFS}domain", f"{SCHEMA}domainIncludes")
_TO: Final = (f"{RDFS}range", f"{SCHEMA}rangeIncludes")


@dataclass(frozen=True)
class Link:
    """A property in the box of a class: its label and those of the classes that it leads to.

    `below` are the lines of these where they do not fit beside the label.
    """

    name: str
    label: Label
    targets: tuple[Label, ...]
    y: int
    below: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A class without a superclass of ours: its kinds (lines of the labels of its subclasses) and its properties."""

    name: str
    label: Label
    x: int
    y: int
    height: int
    kinds: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Diagram:
    """Boxes and the paths (SVG path data) between them, in a drawing of `width` by `height` units."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]


def diagram(facts: Facts, language: str = LANGUAGE) -> Diagram:
    """The diagram of the ontology in `facts`; the same facts give the same drawing.

    Subclasses stand in the box of their superclass, and a property that leads to one leads to that box. Properties
    that lead to a concept or to things of others have no line.
    """
    return _Drawing(facts, language).drawn()


class _Drawing:
    def __init__(self, facts: Facts, language: str) -> None:
        self.facts, self.language = facts, language
        self.classes = [iri for iri in facts.pointing(f"{RDF}type", f"{OWL}Class") if iri.startswith(TW)]
        self.top = {iri: self._top(iri) for iri in self.classes}
        self.links: dict[str, list[str]] = defaultdict(list)
        for iri in facts.pointing(f"{RDF}type", f"{OWL}ObjectProperty"):
            if iri.startswith(TW) and iri != tw("evidence"):
                for owner in dict.fromkeys(self.top[value] for value in self._ends(iri, _FROM) if value in self.top):
                    self.links[owner].append(iri)

    def drawn(self) -> Diagram:
        bottoms = [MARGIN] * COLUMNS
        boxes: dict[str, Box] = {}
        for iri in self._order():
            column = min(range(COLUMNS), key=lambda index: (bottoms[index], index))
            box = self._box(iri, MARGIN + column * (WIDTH + GUTTER), bottoms[column])
            boxes[iri] = box
            bottoms[column] += box.height + GAP
        return Diagram(
            width=2 * MARGIN + COLUMNS * WIDTH + (COLUMNS - 1) * GUTTER,
            height=max(bottoms) - GAP + MARGIN,
            boxes=tuple(boxes.values()),
            paths=tuple(self._paths(boxes)),
        )

    def _top(self, iri: str) -> str:
        above = sorted(term.value for term in self.facts.all(iri, f"{RDFS}subClassOf") if term.value.startswith(TW))
        return self._top(above[0]) if above else iri

    def _ends(self, iri: str, predicates: tuple[str, ...]) -> list[str]:
        return sorted({term.value for predicate in predicates for term in self.facts.all(iri, predicate)})

    def _targets(self, iri: str) -> list[str]:
        return list(dict.fromkeys(self.top[value] for value in self._ends(iri, _TO) if value in self.top))

    def _order(self) -> list[str]:
        """The boxes by their distance from the first class, then by name; those that nothing reaches come last."""
        near: dict[str, set[str]] = defaultdict(set)
        for owner, links in self.links.items():
            for target in (target for link in links for target in self._targets(link)):
                near[owner].add(target)
                near[target].add(owner)
        tops = sorted(set(self.top.values()))
        found = {FIRST: None} if FIRST in tops else {}
        waiting = deque(found)
        while waiting:
            for other in sorted(near[waiting.popleft()] - set(found), key=lambda iri: (-len(near[iri]), iri)):
                found[other] = None
                waiting.append(other)
        return [*found, *(iri for iri in tops if iri not in found)]

    def _label(self, iri: str) -> Label:
        return label_in(self.facts, iri, self.language) or Label(curie(iri).partition(":")[2])

    def _box(self, iri: str, x: int, y: int) -> Box:
        below = [self._label(other).text for other in self.classes if self.top[other] == iri and other != iri]
        kinds = _lines(below)
        links = []
        end = y + HEAD + len(kinds) * LINE
        for link in self.links[iri]:
            label = self._label(link)
            ends = self._ends(link, _TO)
            targets = tuple(self._label(target) for target in ends if target in self.top or target == _CONCEPT)
            names = [target.text for target in targets]
            long = len(", ".join(names)) + len(label.text) + 3 > LETTERS - 4  # two runs of text
            links.append(Link(link.removeprefix(TW), label, targets, end + LINE - 6, _lines(names) if long else ()))
            end += (1 + len(links[-1].below)) * LINE
        height = end - y + (8 if kinds or links else 0)
        return Box(iri.removeprefix(TW), self._label(iri), x, y, height, kinds, tuple(links))

    def _paths(self, boxes: dict[str, Box]) -> Iterator[str]:
        """One line from a box to each box that its properties lead to, from the first such property."""
        for iri, box in boxes.items():
            drawn = {iri}
            for link, shown in zip(self.links[iri], box.links, strict=True):
                for target in self._targets(link):
                    if target not in drawn:
                        drawn.add(target)
                        yield _path(box, boxes[target], shown.y - 4)


def _path(box: Box, target: Box, y: int) -> str:
    """A curve from the row at `y` to the head of another box, through the gutters."""
    end = target.y + HEAD // 2
    if box.x == target.x:
        side, bend = box.x, box.x - MARGIN // 2 - 6
        return f"M{side} {y}C{bend} {y} {bend} {end} {side} {end}"
    right = target.x > box.x
    start, stop = (box.x + WIDTH, target.x) if right else (box.x, target.x + WIDTH)
    bend = GUTTER // 2 if right else -GUTTER // 2
    return f"M{start} {y}C{start + bend} {y} {stop - bend} {end} {stop} {end}"


_CONCEPT: Final = f"{SKOS}Concept"


def _lines(words: Sequence[str]) -> tuple[str, ...]:
    """Words joined by commas, in lines of at most LETTERS."""
    lines = [""]
    for index, word in enumerate(words):
        piece = word + (", " if index < len(words) - 1 else "")
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > LETTERS:
            lines.append("")
        lines[-1] += piece
    return tuple(line.rstrip() for line in lines if line)
