"""Between our words and pyoxigraph's: terms, formats and errors, each by one function or table."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

import pyoxigraph as ox

from twinld.errors import QueryError, SourceError, UsageError
from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, Format, find_format
from twinld.store.binding import to_text
from twinld.terms import Term
from twinld.vocab import PREFIXES, XSD

RDF_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
RESULT_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}

_STRING: Final = XSD + "string"

Value = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def term(value: Value) -> Term:
    """A term of the engine as ours: a plain string has neither language nor datatype."""
    if isinstance(value, ox.NamedNode):
        return Term("iri", value.value)
    if isinstance(value, ox.Literal):
        datatype = None if value.language else value.datatype.value
        return Term("literal", value.value, value.language, None if datatype == _STRING else datatype)
    if isinstance(value, ox.BlankNode):
        return Term("bnode", value.value)
    return Term("triple", f"<<( {value} )>>")


def term_text(value: Value) -> str:
    """A term of the engine as our N-Triples text; the engine escapes more characters than we do."""
    shown = str(value)
    return to_text(term(value)) if "\\" in shown and isinstance(value, ox.Literal) else shown


def named_node(iri: str) -> ox.NamedNode:
    """An IRI for the engine; QueryError when it is none."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{iri!r} is not an IRI ({error}); write one such as http://example.org/g") from None


def format_of(path: Path) -> Format:
    """The RDF format that a file's name tells, also before a last `.gz`; UsageError when it tells none."""
    name = path.name.lower().removesuffix(".gz")
    extension = name.rpartition(".")[2] if "." in name else ""
    try:
        return find_format(extension, GRAPH_FORMATS + DATASET_FORMATS)
    except UsageError:
        known = ", ".join(f".{row.extension}" for row in GRAPH_FORMATS + DATASET_FORMATS)
        raise UsageError(f"{path}: the name tells no RDF format; end it in {known} or these and .gz") from None


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Turns what a broken file raises into a SourceError that starts with `where` and the line."""
    try:
        yield
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise SourceError(f"{where}{line}: {error.msg}; nothing of it was loaded") from None
    except (EOFError, zlib.error) as error:
        raise SourceError(f"{where}: the packed file is cut off or damaged ({error}); get it again") from None
    except gzip.BadGzipFile as error:
        raise SourceError(f"{where}: this is no gzip file ({error}); drop the .gz or pack it") from None
    except MemoryError as error:
        raise SourceError(f"{where}: {error or 'out of memory'}; a term may have 16 MiB at most") from None


def opened(path: Path, where: str) -> BinaryIO:
    """A file for reading, unpacked if its name ends in `.gz`; SourceError when it cannot be opened."""
    try:
        if path.suffix.lower() == ".gz":
            return cast("BinaryIO", gzip.open(path))
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"{where}: cannot be read ({error.strerror}); give a file that can") from None


def used_prefixes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Those of our prefixes that IRIs of these triples start with."""
    starts: set[str] = set()
    for triple in triples:
        for part in triple:
            value = part.datatype.value if isinstance(part, ox.Literal) else str(part).strip("<>")
            starts.add(value[: max(value.rfind("/"), value.rfind("#")) + 1])
    return {name: iri for name, iri in PREFIXES.items() if any(start.startswith(iri) for start in starts)}
