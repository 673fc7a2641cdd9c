"""What a build reads: one hash over all of it, so that an unchanged input needs no new build."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import twinld

_DATA: Final = ("*.csv", "*.toml", "*.ttl")


def input_hash(data: Path, folders: Iterable[Path], sources: dict[str, Path], options: Iterable[str]) -> str:
    """A SHA-256 over the options, the code, and every file that a build of these sources reads.

    The ledger counts only as far as it was before the build: it is not part of the hash.
    """
    digest = hashlib.sha256()
    for option in options:
        digest.update(option.encode() + b"\0")
    for path in _files(data, folders, sources):
        digest.update(f"{path.parent.name}/{path.name}\0".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def folder_hash(folder: Path) -> str:
    """A SHA-256 over the names and the bytes of the files of one source."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _DATA for path in folder.glob(pattern)):
        digest.update(f"{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(data: Path, folders: Iterable[Path], sources: dict[str, Path]) -> Iterator[Path]:
    code = Path(twinld.__file__).parent
    yield from sorted(path for pattern in ("*.py", "*.rq") for path in code.rglob(pattern))
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
    yield from sorted(path for pattern in _DATA for path in (data / "curated").glob(pattern))
    yield from (path for path in (data / "reconciliation.csv",) if path.exists())
    for folder in sources.values():
        yield from sorted(path for pattern in _DATA for path in folder.glob(pattern))
