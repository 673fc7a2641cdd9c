"""Writing a file and its packed forms in one pass: gzip (RFC 1952) and Zstandard (RFC 8878), equal for equal input."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import zstandard

_CHUNK: Final = 1 << 20
_GZIP_LEVEL: Final = 6
_ZSTD_LEVEL: Final = 3
_GZIP: Final = 31
"""zlib's word for a window of 32 KiB in a gzip wrapper; the wrapper holds no name and the time 0."""
NONE: Final = "none"
SUFFIXES: Final = {"gzip": ".gz", "zstd": ".zst"}
"""What is put after the name of a packed file, by how it is packed."""


@dataclass(frozen=True)
class Written:
    """One file that was written: how it is packed ("none", "gzip", "zstd"), its bytes and SHA-256."""

    name: str
    compression: str
    bytes: int
    sha256: str


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Plain:
    """No packing."""

    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def _packer(compression: str) -> _Packer:
    if compression == "gzip":
        return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP)
    if compression == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compressobj()
    return _Plain()


class _File:
    def __init__(self, path: Path, compression: str, file: BinaryIO) -> None:
        self._name, self._compression, self._file = path.name, compression, file
        self._packer = _packer(compression)
        self._digest = hashlib.sha256()
        self._size = 0

    def add(self, data: bytes) -> None:
        self._put(self._packer.compress(data))

    def end(self) -> Written:
        self._put(self._packer.flush())
        return Written(self._name, self._compression, self._size, self._digest.hexdigest())

    def _put(self, data: bytes) -> None:
        if data:
            self._file.write(data)
            self._digest.update(data)
            self._size += len(data)


def write_file(path: Path, pieces: Iterable[str], *, packed: bool) -> list[Written]:
    """Write pieces of text to `path`, and packed beside it if wished; the plain file comes first."""
    kinds = [NONE, *(SUFFIXES if packed else ())]
    with ExitStack() as stack:
        files = []
        for kind in kinds:
            place = path.with_name(path.name + SUFFIXES.get(kind, ""))
            files.append(_File(place, kind, stack.enter_context(place.open("wb"))))
        for chunk in chunks(pieces):
            for file in files:
                file.add(chunk)
        return [file.end() for file in files]


def chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Pieces of text as chunks of about a MiB of UTF-8."""
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= _CHUNK:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting).encode()
