"""Loads a file so that every literal can be read back as it was written.

The engine rewrites literals: `"01"^^xsd:integer` becomes `1`, and `"7"^^xsd:int` an xsd:integer. Who checks a
stranger's data must see what is there. So a literal that would be rewritten gets a datatype of its own, MARK and
the datatype's name, and `plain` takes it off again. Literals in canonical form, which is all of a release, are
untouched.

Queries of ours compare numbers, and a marked literal is none. So there are two ways: `exact` marks all of these, for
any shapes; otherwise only literals get a mark that would lose their datatype, and the others stay the numbers they are.
"""

from __future__ import annotations

import functools
import io
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import pyoxigraph as ox

from twinld.errors import UsageError
from twinld.formats import DATASET_FORMATS, Format
from twinld.store.embedded import OxigraphStore
from twinld.store.engine import RDF_FORMATS, named_node, opened, reading
from twinld.store.engine import term as engine_term
from twinld.terms import Term
from twinld.vocab import XSD

MARK: Final = "urn:x-as-written:"
"""What the datatype of a marked literal starts with; the name in the XSD namespace follows."""
_REWRITTEN: Final = frozenset((
    b"integer", b"decimal", b"double", b"float", b"boolean", b"byte", b"short", b"int", b"long", b"unsignedByte",
    b"unsignedShort", b"unsignedInt", b"unsignedLong", b"positiveInteger", b"negativeInteger", b"nonPositiveInteger",
    b"nonNegativeInteger", b"dateTime", b"date", b"time", b"gYear", b"gYearMonth", b"gMonth", b"gMonthDay", b"gDay",
    b"duration", b"yearMonthDuration", b"dayTimeDuration", b"dateTimeStamp",
))  # fmt: skip
"""The types of XSD whose literals the engine may rewrite."""
_RETYPED: Final = _REWRITTEN - {
    b"integer", b"decimal", b"double", b"float", b"boolean", b"dateTime", b"date", b"time", b"gYear", b"gYearMonth",
    b"gMonth", b"gMonthDay", b"gDay", b"duration", b"yearMonthDuration", b"dayTimeDuration",
}  # fmt: skip
"""The types that the engine may take for another."""
_END: Final = re.compile(rb'"\^\^<' + re.escape(XSD.encode()) + rb"([A-Za-z]+)>")
"""How a literal of XSD ends; looked for from the end, as most literals are of no type."""
_BATCH: Final = 20_000
_CHUNK: Final = 1 << 22
_LINES: Final = ("ntriples", "nquads")
_DATASETS: Final = {row.name for row in DATASET_FORMATS}


def load_as_written(
    source: Path | bytes, format_: Format, graph: str, base: str | None = None, *, exact: bool = True
) -> OxigraphStore:
    """A store in memory with the quads of a file; triples in no graph are in `graph`.

    `base` is what relative IRIs are read against; without it they are an error.
    Raises SourceError with the line for broken input.
    """
    syntax = RDF_FORMATS.get(format_.name)
    if syntax is None:
        raise UsageError(f"{format_.title} holds no RDF; give {', '.join(RDF_FORMATS)}")
    where = f"{source.parent.name}/{source.name}" if isinstance(source, Path) else "input"
    store = OxigraphStore.in_memory()
    stream = opened(source, where) if isinstance(source, Path) else io.BytesIO(source)
    triples = format_.name not in _DATASETS
    with reading(where), stream:
        if format_.name in _LINES:  # parsed once only, by the load: it tells the line of an error
            chunks = iter(lambda: stream.read(_CHUNK) + stream.readline(), b"")
        else:
            chunks = _written(ox.parse(stream, syntax, base_iri=base), triples)
        lines = io.BytesIO()
        for chunk in chunks:
            lines.write(_with_marks(chunk, _REWRITTEN if exact else _RETYPED))
        if triples:
            store.inner.bulk_load(lines.getvalue(), ox.RdfFormat.N_TRIPLES, to_graph=named_node(graph))
        else:
            store.inner.bulk_load(lines.getvalue(), ox.RdfFormat.N_QUADS)
            _move_default_graph(store.inner, named_node(graph))
    return store


def plain(term: Term) -> Term:
    """A term as its file has it, without the mark."""
    if term.datatype is None or not term.datatype.startswith(MARK):
        return term
    return Term("literal", term.value, None, XSD + term.datatype.removeprefix(MARK))


def marked(term: Term) -> Term:
    """A term as the store holds it."""
    if term.datatype is None or not term.datatype.startswith(XSD):
        return term
    name = term.datatype.removeprefix(XSD)
    kept = name.encode() not in _REWRITTEN or _is_kept(term.value.encode(), name.encode())
    return term if kept else Term("literal", term.value, None, MARK + name)


def canonical(term: Term) -> Term:
    """A term as the engine keeps it; one that would lose its datatype is left alone."""
    if marked(term) is term or (term.datatype or "").removeprefix(XSD).encode() in _RETYPED:
        return term
    literal = ox.Literal(term.value, datatype=ox.NamedNode(term.datatype or ""))
    return engine_term(_kept(literal))


def _move_default_graph(store: ox.Store, graph: ox.NamedNode) -> None:
    quads = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
    store.clear_graph(ox.DefaultGraph())


def _written(quads: Iterator[ox.Quad], triples: bool) -> Iterator[bytes]:
    """Quads as N-Quads, or, when they are all in one graph, as N-Triples."""
    given: Any = (quad.triple for quad in quads) if triples else quads
    format_ = ox.RdfFormat.N_TRIPLES if triples else ox.RdfFormat.N_QUADS
    while lines := ox.serialize(itertools.islice(given, _BATCH), format=format_):
        yield lines


def _with_marks(lines: bytes, names: frozenset[bytes]) -> bytes:
    """Lines of N-Triples or N-Quads with the literals marked that the engine would rewrite."""
    parts = []
    done = 0
    for match in _END.finditer(lines):
        end, name = match.start(), match[1]
        start = lines.rfind(b'"', 0, end) + 1
        sure = _KEPT.get(name)
        if sure is not None and sure(lines, start, end):
            continue
        if name not in names or lines[start - 2 : start - 1] == b"\\":  # what holds a quote is no number
            continue
        if _is_kept(lines[start:end], name):
            continue
        parts += [lines[done:end], b'"^^<', MARK.encode(), name, b">"]
        done = match.end()
    return b"".join([*parts, lines[done:]]) if parts else lines


_KEPT: Final[dict[bytes, Callable[..., object]]] = {
    b"integer": re.compile(rb"0|-?[1-9][0-9]{0,17}").fullmatch,
    b"decimal": re.compile(rb"0|-?[1-9][0-9]{0,11}|-?(?:0|[1-9][0-9]{0,11})\.[0-9]{0,11}[1-9]").fullmatch,
    b"boolean": re.compile(rb"true|false").fullmatch,
    b"date": re.compile(rb"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}").fullmatch,
    b"dateTime": re.compile(rb"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?").fullmatch,
    b"gYear": re.compile(rb"[1-9][0-9]{3}").fullmatch,
    b"gYearMonth": re.compile(rb"[1-9][0-9]{3}-[0-9]{2}").fullmatch,
}
"""Lexical forms that are surely canonical."""
_SIMPLE: Final = {
    b"integer": re.compile(rb"[+-]?[0-9]{1,12}"),
    b"decimal": re.compile(rb"[+-]?[0-9]{1,9}[.][0-9]{1,6}"),
}
"""Numbers that are surely rewritten when they aren't canonical."""
_PROBE: Final = ox.NamedNode("urn:x-probe")
_TRIED: Final = ox.Store()


@functools.lru_cache(maxsize=1 << 12)
def _is_kept(value: bytes, name: bytes) -> bool:
    """Whether the engine keeps a literal as it is written: it is asked."""
    if name in _SIMPLE and _SIMPLE[name].fullmatch(value):
        return _KEPT[name](value) is not None
    literal = ox.Literal(value.decode(), datatype=ox.NamedNode(XSD + name.decode()))
    return str(_kept(literal)) == str(literal)


def _kept(literal: ox.Literal) -> ox.Literal:
    """What the engine makes of a literal."""
    _TRIED.add(ox.Quad(_PROBE, _PROBE, literal))
    (quad,) = _TRIED
    _TRIED.clear()
    return cast("ox.Literal", quad.object)
