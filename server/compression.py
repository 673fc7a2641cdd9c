"""Packs answers with gzip for the clients that take it; the bytes are the same every time."""

from __future__ import annotations

import functools
import tempfile
import zlib
from typing import IO, Final

from flask import Request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

LEAST_BYTES: Final = 1_024
"""What is shorter fits in one packet anyway."""
_LEVEL: Final = 1
_GZIP: Final = 31  # zlib's number for the largest window in a gzip frame, without a time
_PART: Final = 1 << 18
_SPOOL_BYTES: Final = 1 << 20


def coding(request: Request) -> str:
    """The content coding that a client gets: "gzip", or "" for none (RFC 9110, section 12.5.3)."""
    return coding_of(request.headers.get("Accept-Encoding", ""))


@functools.lru_cache(maxsize=256)
def coding_of(accepted: str) -> str:
    """The same for an Accept-Encoding header."""
    return "gzip" if parse_accept_header(accepted, Accept)["gzip"] > 0 else ""


def packed(body: bytes) -> bytes:
    """The bytes as gzip."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def packed_file(body: IO[bytes]) -> tuple[IO[bytes], int]:
    """A file as gzip in a new file at its start, and its length; the first one is closed."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    target = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115  the answer owns it
    with body:
        while part := body.read(_PART):
            target.write(packer.compress(part))
    target.write(packer.flush())
    length = target.tell()
    target.seek(0)
    return target, length
