"""The requests of a harvest: one client a server, redirects followed, whole bodies in files, each hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from twinld.errors import OutsideError, UsageError
from twinld.store.http import PART, Client, Reply

TIMEOUT_S: Final = 60.0
DOWNLOAD_S: Final = 3_600.0
MAX_DOWNLOAD: Final = 64 << 30
ALGORITHMS: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
"""How checksums are made that can be verified: SPDX's names, which are hashlib's too, and how people write them."""


@dataclass(frozen=True)
class Answer:
    """An answer: `url` is what was asked; `headers` by their names in lower case; `digest` is of the whole body."""

    url: str
    status: int
    headers: Mapping[str, str]
    length: int
    digest: str
    text: bytes = b""

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Asks(Protocol):
    """Whoever asks an address for a harvest: over the network, or an application in the same process."""

    def ask(
        self,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        *,
        keep: int = 0,
        algorithm: str = "sha256",
    ) -> Answer | str:
        """The answer, with the first `keep` bytes of its body, hashed by `algorithm`; a sentence where none came."""


@dataclass
class Web:
    """Asks servers; connections are kept until `close`."""

    clients: dict[str, Client] = field(default_factory=dict)

    def ask(
        self,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        *,
        keep: int = 0,
        algorithm: str = "sha256",
    ) -> Answer | str:
        """The answer, with the first `keep` bytes of its body, hashed by `algorithm`; a sentence where none came.

        A body of more than `keep` bytes is read to its end, for its length and hash.
        """
        try:
            client = self._client(url)
            limit_s = TIMEOUT_S if keep else DOWNLOAD_S
            reply = client.request(method, url, headers=headers, timeout_s=limit_s, max_bytes=MAX_DOWNLOAD)
        except (OutsideError, UsageError) as error:
            return str(error)
        return _answer(url, reply, keep, algorithm)

    def _client(self, url: str) -> Client:
        start = "://".join(urlsplit(url)[:2])
        if start not in self.clients:
            self.clients[start] = Client(url)
        return self.clients[start]

    def close(self) -> None:
        """Close the kept connections."""
        for client in self.clients.values():
            client.close()
        self.clients.clear()


def _answer(url: str, reply: Reply, keep: int, algorithm: str) -> Answer:
    with reply.body as body:
        return answer_of(url, reply.status, reply.headers.items(), iter(lambda: body.read(PART), b""), keep, algorithm)


def answer_of(
    url: str,
    status: int,
    headers: Iterable[tuple[str, str]],
    parts: Iterator[bytes],
    keep: int,
    algorithm: str = "sha256",
) -> Answer:
    """An answer from its status, headers and body in parts: all of it is hashed, the first `keep` bytes are kept."""
    digest, text, length = hashlib.new(algorithm, usedforsecurity=False), bytearray(), 0
    for part in parts:
        digest.update(part)
        length += len(part)
        if len(text) < keep:
            text += part[: keep - len(text)]
    named = {name.lower(): str(value) for name, value in headers}
    return Answer(url, status, named, length, digest.hexdigest(), bytes(text))
