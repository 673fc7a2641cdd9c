"""One SPARQL request over HTTP, whose answer comes whole, in time and under a size, or not at all.

SPARQLWrapper makes the request; what it lacks is here: a deadline for the whole of it (its own is for each read, so
that a body of one byte at a time has none), a cap on the size, the check that the body is as long as it says, and
packed bodies. Nothing is tried again here.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import SPARQLWrapper

from twinld import __version__

_CHUNK: Final = 1 << 16
_REDIRECTS: Final = 3


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers (names in lower case) and the unpacked body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The type of the body without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class SlowError(Exception):
    """No whole answer within the deadline: smaller questions may help."""


class BigError(Exception):
    """An answer above the cap: smaller questions may help."""


class BrokenError(Exception):
    """The connection or the body broke off: the same question may help."""


class ElsewhereError(Exception):
    """A redirect that is not followed."""


def agent(contact: str) -> str:
    """The User-Agent that Wikimedia's policy asks for: who, how to reach them, and with which library."""
    return f"twinld/{__version__} ({contact}) SPARQLWrapper/{SPARQLWrapper.__version__}"


def request_for(endpoint: str, query: str, contact: str) -> urllib.request.Request:
    """The POST of a query (SPARQL 1.1 Protocol, 2.1.2: URL-encoded parameters), for an answer in JSON."""
    wrapper = SPARQLWrapper.SPARQLWrapper(endpoint, agent=agent(contact))
    wrapper.setMethod(SPARQLWrapper.POST)
    wrapper.setReturnFormat(SPARQLWrapper.JSON)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept-Encoding", "gzip")
    wrapper.setQuery(query)
    return wrapper._createRequest()


def send(request: urllib.request.Request, timeout_s: float, max_bytes: int) -> Answer:
    """The answer of a server, whatever its status.

    A redirect is followed on the same host, three times at most, by the same POST. Raises SlowError, BigError,
    BrokenError or ElsewhereError.
    """
    for _ in range(_REDIRECTS + 1):
        answer = _send_once(request, timeout_s, max_bytes)
        target = answer.headers.get("location", "")
        if answer.status not in {301, 302, 303, 307, 308} or not target:
            return answer
        target = urljoin(request.full_url, target)
        old, new = urlsplit(request.full_url), urlsplit(target)
        if new.hostname != old.hostname or (new.scheme, old.scheme) == ("http", "https"):
            raise ElsewhereError(f"it redirects to {target}; if that is right, make it the endpoint")
        request = urllib.request.Request(target, request.data, dict(request.header_items()))  # noqa: S310 (checked)
    raise ElsewhereError(f"it redirects in a circle ({target})")


def _send_once(request: urllib.request.Request, timeout_s: float, max_bytes: int) -> Answer:
    watchdog = _Watchdog(timeout_s)
    with watchdog:
        try:
            try:
                response = _opener(watchdog).open(request, timeout=timeout_s)
            except urllib.error.HTTPError as error:  # has a status, headers and a body like any other answer
                response = error
            with response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                body = _body(response, headers, max_bytes)
                if watchdog.expired:
                    raise SlowError(f"no whole answer within {timeout_s:g} s")
                return Answer(response.status, headers, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if watchdog.expired or isinstance(reason, TimeoutError):
                raise SlowError(f"no whole answer within {timeout_s:g} s") from error
            raise BrokenError(f"the connection failed ({type(reason).__name__}: {reason})") from error
        except BrokenError:
            if watchdog.expired:
                raise SlowError(f"no whole answer within {timeout_s:g} s") from None
            raise


def _body(response: Any, headers: dict[str, str], max_bytes: int) -> bytes:
    """The body, unpacked, when it is as long as the headers say."""
    packed = headers.get("content-encoding", "").strip().lower() in {"gzip", "x-gzip"}
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if packed else None
    parts: list[bytes] = []
    came = size = 0
    while chunk := response.read(_CHUNK):
        came += len(chunk)
        try:
            part = unpacker.decompress(chunk, max_bytes + 1) if unpacker else chunk
        except zlib.error as error:
            raise BrokenError(f"the body cannot be unpacked ({error})") from None
        size += len(part)
        if size > max_bytes or (unpacker is not None and unpacker.unconsumed_tail):
            raise BigError(f"the answer is larger than {max_bytes >> 20} MiB")
        parts.append(part)
    expected = headers.get("content-length", "")
    if (expected.isdigit() and came < int(expected)) or (unpacker is not None and not unpacker.eof):
        raise BrokenError(f"the body breaks off after {came} bytes" + (f" of {expected}" if expected else ""))
    return b"".join(parts)


class _Watchdog:
    """Ends a connection at a deadline, whatever it is doing: connecting, waiting, or dripping byte by byte."""

    def __init__(self, timeout_s: float) -> None:
        self.expired = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(timeout_s, self._expire)
        self._timer.daemon = True

    def watch(self, connected: socket.socket) -> None:
        self._socket = connected
        if self.expired:
            self._expire()

    def _expire(self) -> None:
        self.expired = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to `send`: urllib would follow a POST with a GET, and anywhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opener(watchdog: _Watchdog) -> urllib.request.OpenerDirector:
    """An opener whose connections are watched; proxies of the environment are used as ever."""

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watchdog.watch(self.sock)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            watchdog.watch(self.sock)

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Secure, req, context=ssl.create_default_context())

    return urllib.request.build_opener(PlainHandler, SecureHandler, _NoRedirect)
