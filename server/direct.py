"""Queries answered before the framework reads the request: it costs more than all else the endpoint does.

Taken are plain questions: GET with a query that is answered with data. All else, errors too, is left to the
application behind, which is told what went wrong and asks no worker again. What is sent is the same, headers and all,
whoever sends it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.wsgi import wrap_file

from twinld import site
from twinld.errors import TwinldError
from twinld.store.pool import Usage

from . import compression, protocol
from .answers import cache_headers
from .budget import client_of
from .context import Context, Shared
from .headers import all_headers
from .question import Found, Question, find, suffix_offer, wanted

FAILED: Final = "twinld.failed"
"""In the environ of a request that was asked here in vain: what went wrong, and what it cost, as Failed."""
_LONGEST: Final = 8_192
_CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Failed:
    """What went wrong with a query, and what it cost until then."""

    error: Exception
    usage: Usage


class Direct:
    """A WSGI application before another one, which gets all that is not plain."""

    def __init__(self, app: Wsgi, shared: Shared) -> None:
        self._app = app
        self._shared = shared

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        question = _question(environ, self._shared.settings.query_max_kib * 1024)
        if question is None:
            return self._app(environ, start_response)
        shared, usage = self._shared, Usage()
        here = shared.enter()
        try:
            client = client_of(environ, here.settings.trusted_hosts)
            found = find(shared, here, question, client, usage)
            shared.journal.query(question.query, found.outcome, 200, found.length, usage, here.release)
            etag = question.etag(here, f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
            headers = _headers(here, question, found, etag)
        except Exception as error:
            environ[FAILED] = Failed(error, usage)
            return self._app(environ, start_response)
        finally:
            shared.leave(here)
        start_response("200 OK", headers)
        return [found.body] if isinstance(found.body, bytes) else wrap_file(environ, found.body)


def _headers(here: Context, question: Question, found: Found, etag: str | None) -> Headers:
    headers = [("Content-Type", found.content_type), ("Content-Length", str(found.length))]
    if found.coding:
        headers.append(("Content-Encoding", found.coding))
    return [*headers, *cache_headers(here, etag, volatile=question.volatile), *all_headers(here)]


def _question(environ: Environ, max_bytes: int) -> Question | None:
    """What a plain request asks; None for any other one."""
    path: str = environ.get("PATH_INFO", "")
    if environ["REQUEST_METHOD"] != "GET" or not path.startswith("/sparql"):
        return None
    if any(name in environ for name in _CONDITIONS):
        return None
    parameters, accept = environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT")
    encodings: str = environ.get("HTTP_ACCEPT_ENCODING", "")
    usual = len(path) + len(parameters) + len(accept or "") + len(encodings) <= _LONGEST
    read = _remembered if usual else _read
    return read(path.removeprefix("/sparql"), parameters, accept, encodings, max_bytes)


def _read(suffix: str, parameters: str, accept: str | None, encodings: str, max_bytes: int) -> Question | None:
    if suffix and not suffix.startswith("."):
        return None
    try:
        asked = protocol.read_fields(parameters.encode("latin-1"), max_bytes)
        if asked.query is None:
            return None
        kind = site.query_kind(asked.query)
        offer = wanted(asked, suffix_offer(suffix.removeprefix(".")), kind, accept)
    except (TwinldError, protocol.TooLarge):
        return None
    if offer is None or offer.format is None:
        return None
    return Question(asked, asked.query, kind, offer, compression.coding_of(encodings))


_remembered = functools.lru_cache(maxsize=1_024)(_read)
"""Most requests come again and again."""
