"""Where quads live: one contract, whatever the engine.

`open_store(location)` gives a Store of any RDF file (in memory), of a folder of Oxigraph (on disk) or of a
release. Terms go in and come out as in `twinld.terms`: IRIs and literals as N-Triples text going in, `Term`
coming out. Terms are bound to a query's variables, never pasted into its text.
"""

# ruff: noqa: A002  `format` is our word for a row of FORMATS, and a keyword that callers write

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from twinld.formats import Format
from twinld.terms import Term, Triple

if TYPE_CHECKING:
    import rdflib

Row = dict[str, Term]
"""One solution: only the bound variables."""
Quad = tuple[str, str, str, str | None]
"""Subject, predicate, object as N-Triples text, and the IRI of the graph (None: the default graph)."""


class Store(Protocol):
    """A set of quads that can be asked. Every store passes the claims of `tests/store/test_contract*.py`."""

    @property
    def path(self) -> Path | None:
        """The folder that other processes can open read-only; None for a store in memory."""

    @property
    def writable(self) -> bool:
        """Whether `load` works."""

    def load(
        self, source: Path | bytes | BinaryIO, format: Format, graph: str | None = None, *, checked: bool = False
    ) -> int:
        """Add the quads of a file; triples go to `graph` (an IRI; None: the default graph).

        `checked` tells that we wrote the file ourselves, so that IRIs and language tags needn't be checked again.
        Returns how many quads are new. All or nothing: raises SourceError with the line for broken input,
        ReleaseError when the store is read-only.
        """

    def select(self, query: str, **terms: str) -> list[Row]:
        """The rows of a SELECT; `terms` (N-Triples text) are bound to the variables of those names.

        Raises QueryError when the query cannot be read or is not a SELECT.
        """

    def ask(self, query: str, **terms: str) -> bool:
        """The answer of an ASK."""

    def construct(self, query: str, **terms: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, sorted, each once."""

    def describe(self, iri: str) -> list[Quad]:
        """Every quad whose subject is `iri` or one of its fragments (`iri#...`), sorted, in all graphs.

        Fragments are those that triples link with `iri`, in either direction, over any number of steps
        (only from it when a thousand triples or more point to it, as to a class or a country).
        The default graph of a release repeats its named graphs, so quads of named graphs come first choice:
        a quad of the default graph is left out when a named graph has it.
        """

    def write(
        self,
        query: str,
        format: Format | None,
        out: BinaryIO,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Format:
        """Run any query and write its answer natively serialised to `out`; returns the format written.

        `format` None chooses JSON for rows and booleans, Turtle for graphs. `default_graphs` and
        `named_graphs` (IRIs) build the dataset as the SPARQL protocol says (section 2.1.4) and override FROM.
        `SELECT *` has its columns in order of first appearance. Relative IRIs are read against our canonical
        base, unless the query has a BASE. Raises QueryError for a query that cannot be
        read, an update, a SERVICE clause, or a format of the wrong kind; what `out` raises is passed on.
        """

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""

    def count(self, graph: str | None = None) -> int:
        """How many triples a named graph has (None: the default graph); 0 when there is no such graph."""

    def graph(self, iri: str | None = None) -> rdflib.Graph:
        """One graph as an rdflib Graph of its own: for small ones."""

    def dump(self, out: BinaryIO) -> None:
        """Write every quad as N-Quads, in no order."""

    def close(self) -> None:
        """Let go of files; the store cannot be used afterwards. Closing twice is fine."""


def open_store(location: str | Path = "memory:", *, writable: bool = False) -> Store:
    """The store at a location; see STORES in `twinld.store.oxigraph` for what a location can be.

    Raises NotFound when there is nothing at it, SourceError when what is there is no RDF.
    """
    from twinld.store.oxigraph import open_location

    return open_location(str(location), writable=writable)
