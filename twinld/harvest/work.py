"""A harvest under way: what was fetched and read so far, for the checks that come after."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import rdflib

from twinld.harvest.graph import parse
from twinld.harvest.read import Dataset, File
from twinld.harvest.web import ALGORITHMS, Answer, Asks
from twinld.store.foreign import FOREIGN_TYPES

MAX_BYTES: Final = 50_000_000
"""What a harvester of CKAN reads of one address."""
ACCEPT: Final = {"Accept": "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8"}

Found = tuple[list[str], str]
"""What is wrong, and what to say when nothing is."""


@dataclass
class Harvest:
    """A harvest under way; it ends at `deadline` (of the monotonic clock).

    `answer` is that of the catalogue, `first` its graph as it came, `graph` that of all its pages.
    """

    url: str
    web: Asks
    shapes: Sequence[Path] = ()
    before: list[Dataset] | None = None
    alone: str = "this is the first harvest; give --state or --against"
    deadline: float = math.inf
    answer: Answer | None = None
    first: rdflib.Graph | None = None
    graph: rdflib.Graph | None = None
    found: list[Dataset] = field(default_factory=list)
    bodies: dict[tuple[str, str], Answer | str] = field(default_factory=dict)
    graphs: dict[tuple[str, ...], rdflib.Graph | str] = field(default_factory=dict)

    @property
    def left_s(self) -> float:
        """Seconds that are left."""
        return self.deadline - time.monotonic()

    def fetched(self, file: File) -> Answer | str:
        """A file, fetched once and hashed by the algorithm of its checksum, if that is known."""
        key = (file.download, file.algorithm if file.algorithm in ALGORITHMS else "sha256")
        if key not in self.bodies:
            self.bodies[key] = self.web.ask(file.download, algorithm=key[1])
        return self.bodies[key]

    def catalogue(self, url: str, host: str = "") -> Answer | str:
        """The answer of an address of the catalogue, in a format that harvesters take."""
        return self.web.ask(url, headers={**ACCEPT, "Host": host} if host else ACCEPT, keep=MAX_BYTES + 1)

    def read(self, answer: Answer, url: str) -> rdflib.Graph | str:
        """The graph of an answer, read once from the same bytes; a sentence where it can't be read."""
        if answer.media_type not in FOREIGN_TYPES:
            return f"the Content-Type is {answer.headers.get('content-type') or 'not given'!r}"
        if answer.length > MAX_BYTES:
            return f"more than {MAX_BYTES:,} bytes"
        key = (answer.digest, answer.media_type, url)
        if key not in self.graphs:
            self.graphs[key] = parse(answer.text, answer.media_type, url, max(self.left_s, 1))
        return self.graphs[key]

    def got(self) -> Answer:
        """What the catalogue answered."""
        if self.answer is None:
            raise AssertionError("get comes first")
        return self.answer

    def whole(self) -> rdflib.Graph:
        """What the catalogue says, on all its pages."""
        if self.graph is None:
            raise AssertionError("parses comes first")
        return self.graph

    def start(self) -> rdflib.Graph:
        """What the first page says."""
        if self.first is None:
            raise AssertionError("parses comes first")
        return self.first

    def files(self) -> list[File]:
        """The distributions of all data sets."""
        return [file for dataset in self.found for file in dataset.files]
