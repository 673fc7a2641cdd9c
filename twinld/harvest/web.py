"""The requests of a harvest: one client a server, redirects followed, whole bodies in files, each hashed."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from twinld.errors import OutsideError, UsageError
from twinld.store.http import PART, Client, Reply

TIMEOUT_S: Final = 60.0
SILENCE_S: Final = 30.0
"""What is waited for the next part of an answer: portals give up sooner."""
DOWNLOAD_S: Final = 3_600.0
MAX_DOWNLOAD: Final = 64 << 30
ALGORITHMS: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
"""How checksums are made that can be verified: SPDX's names, which are hashlib's too, and how people write them."""


@dataclass(frozen=True)
class Answer:
    """An answer: `url` is what was asked; `headers` by their names in lower case.

    `length` and `digest` are of what was read of its body, all of which is in `text` where a part was asked for.
    """

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
        """The answer, hashed by `algorithm`; with `keep`, no more than that many bytes of its body.

        A sentence where none came.
        """


@dataclass
class Web:
    """Asks servers until `deadline` (of the monotonic clock); connections are kept until `close`."""

    deadline: float = math.inf
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
        """The answer, hashed by `algorithm`; with `keep`, no more than that many bytes of its body.

        A sentence where none came. Without `keep`, the body is read to its end, for its length and hash, and not kept.
        """
        left_s = self.deadline - time.monotonic()
        if left_s <= 0:
            return f"{url} was not asked: the time was up"
        limit_s = min(TIMEOUT_S if keep else DOWNLOAD_S, left_s)
        most = keep or MAX_DOWNLOAD
        try:
            reply = self._client(url).request(
                method, url, headers=headers, timeout_s=limit_s, silence_s=SILENCE_S, max_bytes=most, cut=bool(keep)
            )
        except (OutsideError, UsageError) as error:
            return str(error)
        return _answer(url, reply, keep, algorithm)

    def _client(self, url: str) -> Client:
        """The client of the server; UsageError for what is no address."""
        client = Client(url)
        return self.clients.setdefault(client.server, client)

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
    """An answer from its status, headers and body in parts: of all parts, or with `keep` of so many bytes."""
    digest, text, length = hashlib.new(algorithm, usedforsecurity=False), bytearray(), 0
    for whole in parts:
        part = whole[: keep - length] if keep else whole
        digest.update(part)
        length += len(part)
        if keep:
            text += part
            if length >= keep:
                break
    named = {name.lower(): str(value) for name, value in headers}
    return Answer(url, status, named, length, digest.hexdigest(), bytes(text))
