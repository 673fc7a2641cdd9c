"""A client of HTTP that keeps its word: a total deadline, a cap on size, no answer taken for what it is not.

Libraries limit the wait for each part of an answer, so that a server which sends a byte now and then holds them
for hours; here every wait is limited by what is left of the whole time (docs/decisions/0007-remote-stores.md).
"""

from __future__ import annotations

import contextlib
import http.client
import io
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import IO, Any, Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from twinld import __version__
from twinld.errors import OutsideError, QueryTimeout, ResultTooBig, UsageError
from twinld.store.credentials import Credentials

PART: Final = 1 << 16
_SPOOL_BYTES: Final = 1 << 20
_SAID_BYTES: Final = 1 << 16
_REDIRECTS: Final = 10
"""A persistent address leads over a handful of others; browsers stop at 20, but who needs ten is mostly in a loop."""
_MOVED: Final = {301, 302, 307, 308}
_READS: Final = {"GET", "HEAD"}
"""Methods that a 303 leaves as they are; after others it stands for what came of the request (RFC 9110, 15.4.4)."""
_ATTEMPTS: Final = _REDIRECTS + 3


@dataclass
class Reply:
    """An answer, whole: `body` is a file at its start, `length` its bytes.

    `framed` tells that the server said where the answer ends, so that it cannot have been cut off unseen.
    """

    status: int
    headers: Message
    body: IO[bytes]
    length: int
    framed: bool = True

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty when there is none."""
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip().lower()

    def said(self) -> str:
        """What the body says, as one line of at most 300 characters: for messages."""
        self.body.seek(0)
        text = re.sub(r"<[^>]*>", " ", self.body.read(4096).decode("utf-8", "replace"))
        return " ".join(text.split())[:300]


@dataclass
class Client:
    """Asks one server; connections are kept for the next request. Several threads may use it at once.

    Redirects are followed on the same server only, with the method and the body that were meant.
    """

    url: str
    credentials: Credentials = field(default_factory=Credentials)
    _idle: list[_Connection] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(f"{self.url!r} is no http(s) address; write one such as http://127.0.0.1:7878/query")
        if parts.username or parts.password:
            raise UsageError(f"{parts.hostname}: leave name and password out of the address; set TWINLD_STORE_USER")

    @property
    def server(self) -> str:
        """Scheme, name and port: what all addresses of this server begin with."""
        return "://".join(urlsplit(self.url)[:2])

    def request(
        self,
        method: str,
        url: str = "",
        body: bytes | IO[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        *,
        timeout_s: float,
        silence_s: float = 0,
        max_bytes: int = _SAID_BYTES,
        cut: bool = False,
    ) -> Reply:
        """The answer to a request of `url` (of the same server; empty: that of this client).

        Raises QueryTimeout when it is not there whole after `timeout_s` (the look-up of the name excepted), or when
        nothing came for `silence_s` (0: no such limit); ResultTooBig when its body is larger than `max_bytes`, of
        which with `cut` only so much is read; OutsideError when there is none, when it is cut off or leads to another
        server; UsageError for what is no address. Statuses are left to the caller.
        """
        target = url or self.url
        limits = _Limits(time.monotonic() + timeout_s, silence_s, max_bytes, cut)
        try:
            return self._whole(method, target, body, dict(headers or {}), limits)
        except TimeoutError:
            if silence_s and time.monotonic() < limits.deadline:
                raise QueryTimeout(f"{_shown(target)} sent nothing for {silence_s:g} s; is it overloaded?") from None
            raise QueryTimeout(f"{_shown(target)} did not answer in {timeout_s:g} s; ask for less") from None
        except UnicodeError:  # of the name of the server, which has to be one of the DNS
            raise UsageError(f"{_shown(target)} names no server; write one such as example.org") from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            what = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise OutsideError(f"{_shown(target)} cannot be asked ({what}); is it running?") from None

    def _whole(self, method: str, url: str, body: bytes | IO[bytes], headers: dict[str, str], limits: _Limits) -> Reply:
        redirects = 0
        for _ in range(_ATTEMPTS):
            wanted = self.credentials.header(method, _path(url))
            reply = self._once(method, url, body, {**headers, **wanted}, limits)
            try:
                if reply.status in _MOVED or (reply.status == http.HTTPStatus.SEE_OTHER and method in _READS):
                    redirects += 1
                    url = self._moved(url, str(reply.headers.get("Location", "")), redirects)
                elif reply.status != http.HTTPStatus.UNAUTHORIZED or not self.credentials.learn(reply.headers, url):
                    return reply
            except BaseException:
                reply.body.close()
                raise
            reply.body.close()
        raise OutsideError(f"{_shown(url)} asks for a password again and again; check TWINLD_STORE_PASSWORD")

    def _once(self, method: str, url: str, body: bytes | IO[bytes], headers: dict[str, str], limits: _Limits) -> Reply:
        """One request on a connection; a kept one that the server has closed meanwhile is replaced by a new one."""
        sent = {"User-Agent": f"twinld/{__version__}", "Accept-Encoding": "identity", **headers}
        while True:
            with self._connection(limits) as connection:
                fresh = connection.sock is None
                try:
                    if not isinstance(body, bytes):
                        sent["Content-Length"] = str(body.seek(0, io.SEEK_END))
                        body.seek(0)
                    connection.request(method, _path(url), body or None, sent)
                    answer = connection.getresponse()
                except (ConnectionError, http.client.RemoteDisconnected):
                    connection.close()
                    if fresh:
                        raise
                    continue
                return _read(connection, answer, url)

    @contextlib.contextmanager
    def _connection(self, limits: _Limits) -> Iterator[_Connection]:
        """A connection of our own for one request; kept afterwards when it is still in order."""
        with self._lock:
            connection = self._idle.pop() if self._idle else _connect(self.url)
        connection.limits = limits
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            with self._lock:
                self._idle.append(connection)

    def _moved(self, url: str, location: str, redirects: int) -> str:
        with contextlib.suppress(UnicodeError):  # headers are read as Latin-1, and most who write more mean UTF-8
            location = location.encode("latin-1").decode()
        try:
            target = urljoin(url, location)
            old, new = urlsplit(url), urlsplit(target)
        except ValueError:
            raise OutsideError(f"{_shown(url)} sends to {location!r}, which is no address") from None
        if not location or redirects > _REDIRECTS:
            raise OutsideError(f"{_shown(url)} sends from one address to another without end; give the last one")
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            raise OutsideError(
                f"{_shown(url)} sends to another server, {_shown(target)}; give that address if it is meant"
            )
        return target

    def close(self) -> None:
        """Close the kept connections; closing twice is fine."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def expect(reply: Reply, media_types: Sequence[str], url: str) -> Reply:
    """The answer, if it is of one of these types; OutsideError says what came instead."""
    if reply.media_type not in media_types:
        came, said = reply.media_type or "an answer without a type", reply.said()
        reply.body.close()
        raise OutsideError(
            f"{_shown(url)} answered {came} where {media_types[0]} was asked for ({said[:80]}); is this the endpoint?"
        )
    return reply


@dataclass(frozen=True)
class _Limits:
    """What an answer may take: `deadline` is of the monotonic clock, `silence_s` for each part, 0 for none."""

    deadline: float
    silence_s: float = 0
    max_bytes: int = _SAID_BYTES
    cut: bool = False


class _Wire:
    """The socket of a connection, whose every wait ends with what its connection may take."""

    def __init__(self, inner: socket.socket, connection: _Connection) -> None:
        self._inner = inner
        self._connection = connection

    def sendall(self, data: bytes) -> None:
        self._inner.settimeout(self._connection.left())
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002  http.client reads bytes only
        return io.BufferedReader(_Raw(self._inner, self._connection), PART)

    def close(self) -> None:
        self._inner.close()


class _Raw(io.RawIOBase):
    """What the socket receives."""

    def __init__(self, inner: socket.socket, connection: _Connection) -> None:
        self._inner = inner
        self._file = inner.makefile("rb", buffering=0)  # keeps the socket open for answers that outlive it
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._inner.settimeout(self._connection.left())
        return self._inner.recv_into(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Connection(http.client.HTTPConnection):
    """A connection whose requests keep `limits`."""

    limits = _Limits(0)

    def left(self) -> float:
        """Seconds that may pass until something comes."""
        left = self.limits.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self.limits.silence_s or left)

    def connect(self) -> None:
        self.timeout = self.left()
        super().connect()
        self.sock = _Wire(self.sock, self)


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same over TLS, with the certificates that the system trusts."""


def _connect(url: str) -> _Connection:
    parts = urlsplit(url)
    kind = _SecureConnection if parts.scheme == "https" else _Connection
    return kind(parts.hostname or "", parts.port, blocksize=PART)


def _read(connection: _Connection, answer: http.client.HTTPResponse, url: str) -> Reply:
    """The whole answer; of an error or a redirect only its beginning."""
    limits = connection.limits
    error = answer.status >= http.HTTPStatus.MULTIPLE_CHOICES
    most = _SAID_BYTES if error else limits.max_bytes
    framed = answer.chunked or answer.length is not None
    body = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  the reply owns it
    try:
        while part := answer.read(PART):
            body.write(part)
            if body.tell() > most:
                connection.close()  # the rest is not read
                if error or limits.cut:
                    break
                raise ResultTooBig(f"{_shown(url)} sends more than {most >> 20} MiB; add LIMIT, or ask for less")
        if answer.length and not error and body.tell() <= most:  # http.client says nothing when a body ends too early
            raise OutsideError(f"{_shown(url)} cut its answer off {answer.length:,} bytes before its end")
        length = body.tell()
        body.seek(0)
    except BaseException:
        body.close()
        raise
    finally:
        answer.close()
    return Reply(answer.status, answer.headers, body, length, framed)


def _parts(url: str) -> SplitResult:
    """The parts of an address; UsageError for what has none, such as http://[x or a port over 65,535."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  only this looks at it
    except ValueError as error:
        raise UsageError(f"{_shown(url)!r} is no address ({error}); write one such as http://example.org/") from None
    return parts


def _path(url: str) -> str:
    """What is asked for, with what is no ASCII as RFC 3987 (3.1) has it: percent-encoded UTF-8."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return re.sub(r"[^!-~]", lambda found: quote(found[0], safe=""), path)


def _shown(url: str) -> str:
    """An address for a message: without what may be long or secret."""
    return re.sub(r"//[^/]*@", "//", url.partition("?")[0])
