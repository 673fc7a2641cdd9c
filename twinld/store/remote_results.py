"""Reads what an endpoint answered: whole or not at all, in words that every engine's answer is brought into."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, BinaryIO, Final, cast

import pyoxigraph as ox

from twinld.errors import OutsideError, PoolBusy, QueryError, QueryTimeout, ResultTooBig
from twinld.formats import Format, find_format
from twinld.store.engine import RDF_FORMATS, RESULT_FORMATS, used_prefixes
from twinld.store.http import Reply
from twinld.store.remote_engines import Engine
from twinld.vocab import PREFIXES

MAX_ROWS: Final = "X-SPARQL-MaxRows"
"""Virtuoso's only sign that it stopped at a number of rows; the status is 200 and the body is whole."""
SQL_STATE: Final = "X-SQL-State"
_CANCELLED: Final = b"The SPARQL operation has been cancelled"
"""What Oxigraph's server writes at its deadline behind what it has sent already, with status 200."""
_PREFIX_SAMPLE: Final = 10_000
_HEAD_BYTES: Final = 1 << 16
_JSON_HEAD: Final = re.compile(rb'("vars"\s*:\s*)(\[[^\]]*\])')
_XML_HEAD: Final = re.compile(rb'(?:\s*<variable\s+name\s*=\s*"[^"<]*"\s*(?:/>|>\s*</variable>))+')
_XML_NAME: Final = re.compile(rb'name\s*=\s*"([^"<]*)"')

Rows = ox.QuerySolutions | ox.QueryBoolean


def refuse_cut(reply: Reply) -> None:
    """Raise what an engine says in headers only: ResultTooBig when it stopped at a number of rows, QueryTimeout."""
    rows, state = reply.headers.get(MAX_ROWS), reply.headers.get(SQL_STATE, "")
    if rows is not None:
        raise ResultTooBig(too_many(str(rows)))
    if state.startswith(("S1T", "57")):
        raise QueryTimeout(f"the store behind this endpoint stopped the query ({state}); ask for less")


def too_many(rows: str) -> str:
    """The sentence for an answer that an engine cuts off at a number of rows."""
    shown = f"{int(rows):,}" if rows.isdigit() else rows
    return (
        f"the store behind this endpoint stops at {shown} rows or triples and would leave out the rest; "
        "add LIMIT, ask for less, or use the dumps"
    )


def rows_of(reply: Reply, engine: Engine, order: Sequence[str] = ()) -> Rows:
    """The rows or the boolean of an answer, its columns in `order` as far as it names them.

    Reading goes on while rows are taken, so it belongs inside `whole`.
    """
    kind = find_format(reply.media_type)
    body = _ordered(reply.body, kind.name, order) if order else reply.body
    if engine.bnode and kind.name == "xml":
        body = cast("IO[bytes]", _Replaced(body, b"<bnode>" + engine.bnode, b"<bnode>"))
    return ox.parse_query_results(body, RESULT_FORMATS[kind.name])


def triples_of(reply: Reply, most: int | None = None) -> Iterator[ox.Triple]:
    """The triples of an answer; belongs inside `whole`, as rows do.

    Raises ResultTooBig at the end when there are `most` or more: then the engine has left out the rest.
    """
    if not reply.framed:
        raise OutsideError("the store behind this endpoint does not say where its answer ends; use HTTP/1.1")
    number, kind = 0, find_format(reply.media_type)
    for quad in ox.parse(reply.body, RDF_FORMATS[kind.name]):
        number += 1
        yield quad.triple
    if most is not None and number >= most:
        raise ResultTooBig(too_many(str(most)))


class whole:  # noqa: N801  reads as a word: with whole(reply)
    """Turns an answer that breaks off, or goes on with a sentence, into an error; closes it at the end."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def __enter__(self) -> Reply:
        return self._reply

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        try:
            if isinstance(error, SyntaxError | ValueError | EOFError):
                self._reply.body.seek(max(0, self._reply.length - 4096))
                if _CANCELLED in self._reply.body.read():
                    raise QueryTimeout("the store behind this endpoint stopped the query; ask for less") from None
                raise OutsideError(
                    f"the store behind this endpoint gave an answer that is not whole or not {self._reply.media_type} "
                    f"({error})"
                ) from None
        finally:
            self._reply.body.close()


def write_rows(rows: Rows, format: Format | None, out: BinaryIO) -> Format:  # noqa: A002  our word for a row of FORMATS
    """Write rows or a boolean; None chooses JSON. Returns the format; QueryError for one that holds graphs."""
    chosen = format or find_format("json")
    rows.serialize(out, RESULT_FORMATS[rows_format(chosen).name])
    return chosen


def rows_format(format: Format) -> Format:  # noqa: A002
    """The format, if it holds rows."""
    if format.name not in RESULT_FORMATS:
        raise QueryError(f"{format.title} holds a graph, this query makes rows; ask for JSON")
    return format


def graph_format(format: Format) -> Format:  # noqa: A002
    """The format, if it holds a graph."""
    if format.name not in RDF_FORMATS:
        raise QueryError(f"{format.title} holds rows, this query makes a graph; ask for Turtle")
    return format


def write_triples(triples: Iterable[ox.Triple], format: Format | None, out: BinaryIO) -> Format:  # noqa: A002
    """Write a graph; None chooses Turtle. A small one gets only the prefixes that it uses."""
    chosen = graph_format(format or find_format("turtle"))
    waiting = iter(triples)
    first = list(itertools.islice(waiting, _PREFIX_SAMPLE))
    prefixes = None
    if chosen.name in {"turtle", "trig", "rdfxml"}:
        prefixes = dict(used_prefixes(first) if len(first) < _PREFIX_SAMPLE else PREFIXES)
    syntax = {"trig": "turtle", "nquads": "ntriples"}.get(chosen.name, chosen.name)
    ox.serialize(itertools.chain(first, waiting), out, RDF_FORMATS[syntax], prefixes=prefixes)
    return chosen


def _ordered(body: IO[bytes], kind: str, order: Sequence[str]) -> IO[bytes]:
    """The same answer with the columns of its head in `order`; rows name their columns, so they stay as they are."""
    head = body.read(_HEAD_BYTES)
    position = {name: index for index, name in enumerate(order)}

    def sorted_json(match: re.Match[bytes]) -> bytes:
        names = sorted(json.loads(match[2]), key=lambda name: position.get(name, len(position)))
        return match[1] + json.dumps(names).encode()

    def sorted_xml(match: re.Match[bytes]) -> bytes:
        names = [name.decode() for name in _XML_NAME.findall(match[0])]
        names.sort(key=lambda name: position.get(name, len(position)))
        return "".join(f'<variable name="{name}"/>' for name in names).encode()

    pattern, change = (_JSON_HEAD, sorted_json) if kind == "json" else (_XML_HEAD, sorted_xml)
    return _joined(pattern.sub(change, head, count=1), body)


class _Replaced:
    """A file with `old` replaced everywhere by the shorter `new`."""

    def __init__(self, inner: IO[bytes], old: bytes, new: bytes) -> None:
        self._inner = inner
        self._old = old
        self._new = new
        self._kept = b""

    def read(self, size: int = -1) -> bytes:
        part = self._inner.read(size)
        kept = (self._kept + part).replace(self._old, self._new)
        cut = max(0, len(kept) - len(self._old) + 1) if part and size >= 0 else len(kept)
        self._kept = kept[cut:]
        return kept[:cut] or (self.read(size) if part else b"")


class _Joined:
    """Some bytes, and a file behind them."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._rest.read(size)
        if size < 0:
            head, self._head = self._head, b""
            return head + self._rest.read()
        head, self._head = self._head[:size], self._head[size:]
        return head


def _joined(head: bytes, rest: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", _Joined(head, rest))


_BUSY: Final = {429, 503}
_LATE: Final = ("Transaction timed out", "S1T00", "exceeds the limit", "timed out")
_MANY: Final = "Sorted TOP clause specifies more"
"""Virtuoso refuses to sort what it would have to cut off afterwards."""


def refusal(status: int, said: str, url: str) -> OutsideError | QueryError:
    """What a status other than 200 means."""
    where = url.partition("?")[0]
    if status in _BUSY:
        return PoolBusy(f"the store behind this endpoint is busy ({status}); try again in a few seconds")
    if _MANY in said:
        return ResultTooBig(
            f"the store behind this endpoint sorts no more rows than it gives ({said[:120]}); ask for less"
        )
    if status == 504 or any(words in said for words in _LATE):
        return QueryTimeout(f"the store behind this endpoint stopped the query ({said[:120]}); ask for less")
    if status == 400:
        return QueryError(f"the store behind this endpoint cannot read the query: {said}")
    return OutsideError(f"{where} answered {status}: {said or 'nothing'}")
