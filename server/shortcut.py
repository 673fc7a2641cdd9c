"""Answers that are kept, given before the request is read as a whole: the same question is asked again and again.

Nothing is decided here. A response that the endpoint made from an answer it keeps is remembered with the headers it
was sent with, under all that this depends on: path, parameters, and what the client takes. It is given again as long
as its release is served and the answer is kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from twinld.store.pool import Usage

from .context import Shared

ANSWER: Final = "twinld.answer"
"""In the environ of a request: what it was answered with, as Given."""
_MOST: Final = 1_024
_LONGEST: Final = 8_192
_DEPENDS: Final = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING")
_CONDITIONS: Final = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")

Environ = dict[str, Any]
Given = tuple[str, Hashable, str]
"""The stamp of the release, the key of the kept answer, and the query."""
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class _Known:
    stamp: str
    answer: Hashable
    query: str
    headers: Headers


class Shortcut:
    """A WSGI application before another one, which it asks for all that is not known."""

    def __init__(self, app: Wsgi, shared: Shared) -> None:
        self._app = app
        self._shared = shared
        self._known: OrderedDict[tuple[str, ...], _Known] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        key = _key(environ)
        if key is None:
            return self._app(environ, start_response)
        known, here = self._known.get(key), self._shared.current
        if known is not None and known.stamp == here.stamp:
            kept = self._shared.cache.get(known.answer)
            if kept is not None:
                length = len(kept.body)
                self._shared.journal.query(known.query, "cached", 200, length, Usage(), here.release)
                start_response("200 OK", list(known.headers))
                return [kept.body]

        def remember(status: str, headers: Headers, *more: Any) -> Any:
            given: Given | None = environ.get(ANSWER)
            if given is not None and status.startswith("200 "):
                self._remember(key, _Known(*given, list(headers)))
            return start_response(status, headers, *more)

        return self._app(environ, remember)

    def _remember(self, key: tuple[str, ...], known: _Known) -> None:
        with self._lock:
            self._known[key] = known
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def _key(environ: Environ) -> tuple[str, ...] | None:
    """All that an answer of the endpoint depends on; None for a request that has to be read."""
    if environ["REQUEST_METHOD"] != "GET" or not environ.get("PATH_INFO", "").startswith("/sparql"):
        return None
    if any(name in environ for name in _CONDITIONS):
        return None
    key = tuple(environ.get(name, "") for name in _DEPENDS)
    return key if sum(map(len, key)) <= _LONGEST else None
