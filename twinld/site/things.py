"""What pages are made of: names in a language, values with their sources, sentences, sources, the release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from twinld.labels import ENGLISH, rank
from twinld.terms import Term
from twinld.texts import later
from twinld.vocab import CC0, PREFIXES

LANGUAGE: Final = ENGLISH
_PLACEHOLDER: Final = re.compile(r"%(?:\((\w+)\)s|(%))")


@dataclass(frozen=True)
class Label:
    """A text in a language; "und" when no source says which, None when it is no language (an id).

    `graph` may tell which graph has it, where no CC0 graph does.
    """

    text: str
    language: str | None = None
    graph: str = ""


@dataclass(frozen=True)
class Named:
    """A thing and the one label chosen for it.

    `graph` is the one that has the label, or that says that the thing belongs here, where no CC0 graph does.
    """

    iri: str
    label: str
    language: str | None = None
    graph: str = ""

    def __str__(self) -> str:
        return self.label

    def only_in(self, graph: str) -> Named:
        """The same, said by this graph alone; "" for what a CC0 graph says."""
        return replace(self, graph=graph) if graph else self


@dataclass(frozen=True)
class Sentence:
    """One plain sentence; its names stay things, so that a page can link them and mark their language."""

    parts: tuple[str | Named, ...]

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)


def filled(text: str, **parts: str | Named | list[str | Named]) -> tuple[str | Named, ...]:
    """A text with its placeholders filled by things, which stay things; a list stands for its members.

    >>> [str(part) for part in filled("%(one)s and %(other)s, 100 %%", one="a", other=[Named("iri", "b")])]
    ['a and ', 'b', ', 100 %']
    """
    found: list[str | Named] = []
    for piece in _pieces(text, parts):
        if isinstance(piece, str) and found and isinstance(last := found[-1], str):
            found[-1] = last + piece
        elif piece != "":
            found.append(piece)
    return tuple(found)


def _pieces(text: str, parts: dict[str, str | Named | list[str | Named]]) -> Iterator[str | Named]:
    at = 0
    for match in _PLACEHOLDER.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        part = "%" if match[2] else parts[match[1]]
        yield from part if isinstance(part, list) else [part]
    yield text[at:]


@dataclass(frozen=True)
class Licence:
    """A licence and its short name."""

    iri: str
    name: str

    @property
    def open(self) -> bool:
        """Whether it is CC0 or the public domain."""
        return "publicdomain" in self.iri


@dataclass(frozen=True)
class SourceInfo:
    """A source: `of` is the half of its title before the first comma ("Wikidata"), `part` the other half."""

    iri: str
    title: str
    publisher: str = ""
    homepage: str = ""
    licence: Licence | None = None
    attribution: str = ""
    extracted: str = ""
    description: str = ""

    @property
    def of(self) -> str:
        """Who speaks: "Wikidata" in "Wikidata, crawl of September 2016"."""
        return self.title.partition(", ")[0]

    @property
    def part(self) -> str:
        """Which of its data: "crawl of September 2016"; empty when the title has no comma."""
        return self.title.partition(", ")[2]


@dataclass(frozen=True)
class GraphInfo:
    """A named graph: its IRI, its short name ("facts/wd50k"), licence, size and source."""

    iri: str
    name: str
    licence: Licence | None = None
    triples: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Release:
    """The release in the store; `id` is empty when the store holds none. `rights` says why it may not be published."""

    id: str = ""
    issued: str = ""
    title: str = ""
    rights: str = ""


@dataclass(frozen=True)
class About:
    """What every page may need to name: the release, its sources and its graphs, by IRI."""

    release: Release = Release()
    sources: dict[str, SourceInfo] = field(default_factory=dict)
    graphs: dict[str, GraphInfo] = field(default_factory=dict)

    def source(self, iri: str) -> SourceInfo:
        """A source by its IRI; one that is not described is named by the end of its IRI."""
        return self.sources.get(iri) or SourceInfo(iri, iri.rsplit("/", 1)[-1])

    def licence(self, graph: str) -> Licence | None:
        """The licence of a graph."""
        info = self.graphs.get(graph)
        return info.licence if info is not None else None


@dataclass(frozen=True)
class Value:
    """A value as shown: a thing, or a text with language or datatype."""

    text: str
    iri: str | None = None
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True)
class Stated:
    """A value that sources state; `shown` says that it is the one in the resolved graphs, `why` why it is not."""

    value: Value
    shown: bool
    by: tuple[tuple[SourceInfo, str], ...]
    """Each source with the IRI of its record."""
    why: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Claims:
    """All values that sources state for one property; `several` says that it may well have more than one."""

    predicate: str
    title: str
    values: tuple[Stated, ...]
    several: bool = False

    @property
    def disagree(self) -> bool:
        """Whether there is more than one value of what can have only one."""
        return len(self.values) > 1 and not self.several


@dataclass(frozen=True)
class Verdict:
    """How a record was judged, why, and by which source."""

    word: str
    note: Label | None
    according_to: SourceInfo | None


_LICENCES: Final = (
    ("creativecommons.org/publicdomain/zero/1.0", "CC0 1.0"),
    ("creativecommons.org/publicdomain/mark/1.0", later("public domain")),
    ("creativecommons.org/licenses/by/3.0", "CC BY 3.0"),
    ("creativecommons.org/licenses/by/4.0", "CC BY 4.0"),
    ("creativecommons.org/licenses/by-sa/4.0", "CC BY-SA 4.0"),
    ("rightsstatements.org/vocab/InC/1.0", later("in copyright")),
    ("rightsstatements.org/vocab/UND/1.0", later("copyright undetermined")),
)


def licence_of(iri: str) -> Licence:
    """A licence by its IRI; one that is not in our list is named by its IRI.

    >>> licence_of("https://creativecommons.org/licenses/by/4.0/").name
    'CC BY 4.0'
    """
    bare = iri.removeprefix("https://").removeprefix("http://").rstrip("/")
    return Licence(iri, next((name for start, name in _LICENCES if bare.startswith(start)), iri))


OPEN: Final = licence_of(CC0)


def curie(iri: str) -> str:
    """The short form of an IRI with our prefixes, or the IRI.

    >>> curie("https://w3id.org/twinld/ns#party")
    'tw:party'
    """
    fits = [(start, name) for name, start in PREFIXES.items() if iri.startswith(start) and len(iri) > len(start)]
    if not fits:
        return iri
    start, name = max(fits, key=lambda fit: len(fit[0]))
    return f"{name}:{iri[len(start) :]}"


def choose(labels: Iterable[Term], language: str = LANGUAGE) -> Label | None:
    """The label to show, by `twinld.labels`.

    Among several of one language the first in text order; among languages the first tag.
    """
    known = [Label(term.value, term.language) for term in labels if term.kind == "literal"]
    return min(
        known, key=lambda label: (rank(label.language, language), label.language or "", label.text), default=None
    )
