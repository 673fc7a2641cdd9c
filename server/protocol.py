"""What a request asks of the endpoint, as the SPARQL 1.1 Protocol (section 2) has it; nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flask import Request

from twinld.errors import QueryError, UpdateRefused, UsageError
from twinld.formats import Format, find_format

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_FORMAT_PARAMETERS: Final = ("format", "output", "results")
_NO_UPDATE: Final = "this endpoint is read-only: it takes queries and no updates"


class TooLarge(Exception):  # noqa: N818  it becomes a 413, not an error of the library
    """A query that is longer than the setting allows."""


class Unsupported(Exception):  # noqa: N818  it becomes a 415
    """A content type or charset that the protocol does not have."""


@dataclass(frozen=True)
class Asked:
    """A request of the protocol; `query` is None for the bare endpoint. `wished` are names of formats.

    `timeout_s` is the client's own limit, None when it has none.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    timeout_s: float | None = None

    def format_among(self, rows: tuple[Format, ...]) -> Format | None:
        """The first format that the parameters name among `rows`; names that are not known are ignored."""
        for name in self.wished:
            try:
                return find_format(name, rows)
            except UsageError:
                continue
        return None


def read(request: Request, max_bytes: int) -> Asked:
    """What a GET or POST asks.

    Raises QueryError for no query, an empty one, two, or text that is not UTF-8; UpdateRefused for an update;
    TooLarge and Unsupported.
    """
    fields = _fields(request.query_string)
    text: str | None = None
    if request.method == "POST":
        kind = request.mimetype
        charset = request.mimetype_params.get("charset", "utf-8").lower()
        if charset not in {"utf-8", "utf8"}:
            raise Unsupported(f"the charset {charset} is not taken; send UTF-8")
        if kind == UPDATE:
            raise UpdateRefused(_NO_UPDATE)
        if kind == QUERY:
            text = _utf8(request.get_data(cache=False), "the query")
        elif kind == FORM:
            fields += _fields(request.get_data(cache=False))
        else:
            raise Unsupported(f"{kind or 'a body without a Content-Type'} is not taken; send {FORM} or {QUERY}")
    return _asked(fields, text, post=request.method == "POST", max_bytes=max_bytes)


def read_fields(raw: bytes, max_bytes: int) -> Asked:
    """What the parameters of a GET ask; errors as in `read`."""
    return _asked(_fields(raw), None, post=False, max_bytes=max_bytes)


def _asked(fields: list[tuple[str, str]], text: str | None, *, post: bool, max_bytes: int) -> Asked:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    if "update" in {key for key, _ in fields}:
        raise UpdateRefused(_NO_UPDATE)
    queries = [*values("query"), *([text] if text is not None else [])]
    if len(queries) > 1:
        raise QueryError(f"{len(queries)} queries in one request; send one")
    if queries and not queries[0].strip():
        raise QueryError("the query is empty; write one such as SELECT * { ?s ?p ?o } LIMIT 10")
    if post and not queries:
        raise QueryError(f"there is no query; send one in the field `query`, or as {QUERY}")
    if queries and len(queries[0].encode()) > max_bytes:
        raise TooLarge(f"the query has {len(queries[0].encode()):,} bytes; {max_bytes:,} are the limit")
    wished = tuple(value for name in _FORMAT_PARAMETERS for value in values(name))
    timeouts = values("timeout")
    return Asked(
        queries[0] if queries else None,
        values("default-graph-uri"),
        values("named-graph-uri"),
        wished,
        _timeout(timeouts[0]) if timeouts else None,
    )


def _timeout(text: str) -> float | None:
    """Seconds; as with other servers 0 and an empty text stand for no limit of the client's own."""
    try:
        seconds = float(text or 0)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise QueryError(f"timeout={text[:20]!r} is no number of seconds; write one such as timeout=5")
    return seconds or None


def _fields(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise QueryError(f"the parameters are not UTF-8 ({error.reason}); percent-encode UTF-8") from None


def _utf8(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{what} is not UTF-8: byte {error.start + 1} cannot be read; send UTF-8") from None
