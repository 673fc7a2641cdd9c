"""The seal of a release: size and SHA-256 of its every file, written when all was read back, and checked ever after.

`checksums.csv` (file, bytes, sha256) lists all files but itself. Sizes, and the contents of the manifest, of which the
catalogue is made, are checked whenever a release is served; all contents, and what the store holds, by `verify`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from twinld.errors import ReleaseError, TwinldError
from twinld.publish.release import MANIFEST, in_use, read_manifest
from twinld.store import open_store

CHECKSUMS: Final = "checksums.csv"
COLUMNS: Final = ("file", "bytes", "sha256")
_SHOWN: Final = 5


class Sealed(NamedTuple):
    """One file as the seal has it; `sha256` is "" where only the size is known."""

    name: str
    bytes: int
    sha256: str


def seal(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Read every file of a finished release back, and write the seal.

    Raises ReleaseError when a file is not what was written, or when the store does not hold what the manifest says.
    """
    written = {row.name: row for row in _of_manifest(manifest)}
    found = {path: read_back(folder, path) for path in _files(folder)}
    lost = sorted(set(written) - set(found))
    if lost:
        raise ReleaseError(f"{folder / lost[0]}: was written and is not there; check the disk")
    for name, row in written.items():
        if found[name] != row:
            raise ReleaseError(f"{folder / name}: reads back as other bytes than were written; check the disk")
    for fault in store_faults(folder, manifest):
        raise ReleaseError(fault)
    with (folder / CHECKSUMS).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found[name] for name in sorted(found))


def _of_manifest(manifest: Mapping[str, Any]) -> Iterator[Sealed]:
    for row in manifest.get("files", []):
        yield Sealed(f"dumps/{row['name']}", row["bytes"], row["sha256"])
    if index := manifest.get("search"):
        yield Sealed(index["name"], index["bytes"], index["sha256"])


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in (path.relative_to(folder).as_posix() for path in paths) if name != CHECKSUMS)


def read_back(folder: Path, name: str) -> Sealed:
    """A file as it is on disk."""
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Sealed(name, file.tell(), digest)


def sealed(folder: Path) -> list[Sealed]:
    """What the seal lists; of a release without one (made by twinld 0.1) the dumps that its manifest lists.

    Raises ReleaseError when the seal itself is damaged.
    """
    path = folder / CHECKSUMS
    if not path.is_file():
        return list(_of_manifest(read_manifest(folder)))
    text = path.read_text(encoding="utf-8", errors="replace")
    rows = list(csv.reader(text.splitlines()))
    try:
        if not text.endswith("\n") or tuple(rows[0]) != COLUMNS or len(rows) == 1:
            raise ValueError
        return [Sealed(name, int(size), digest) for name, size, digest in rows[1:]]
    except (ValueError, IndexError):
        raise ReleaseError(f"{path}: this is no whole list of file, bytes, sha256; build the release again") from None


def size_faults(folder: Path) -> Iterator[str]:
    """What is missing, cut off or too long in a release, and whether its manifest was changed: one line a file."""
    for row in sealed(folder):
        path = folder / row.name
        if not path.is_file():
            yield f"{path}: is missing; it has {row.bytes:,} bytes"
        elif path.stat().st_size != row.bytes:
            yield f"{path}: has {path.stat().st_size:,} bytes and should have {row.bytes:,}"
        elif row.name == MANIFEST:
            yield from _other_content(folder, row)


def _other_content(folder: Path, row: Sealed) -> Iterator[str]:
    found = read_back(folder, row.name).sha256
    if found != row.sha256:
        yield f"{folder / row.name}: has the SHA-256 {found} and should have {row.sha256}"


def check_sizes(folder: Path) -> None:
    """Refuse a release with a file that is missing or has another size than it was published with, or another manifest.

    Raises ReleaseError, naming the first few; cheap enough for every start of a server.
    """
    read_manifest(folder)
    found = list(size_faults(folder))
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise ReleaseError(f"{'; '.join(found[:_SHOWN])}{more}; this release is damaged: twinld build makes it anew")


def faults(folder: Path) -> Iterator[str]:
    """Everything that is wrong with a release, one line a fault: sizes, contents, unknown files, the store."""
    wrong = list(size_faults(folder))
    yield from wrong
    rows = sealed(folder)
    for row in rows:
        path = folder / row.name
        if row.sha256 and row.name != MANIFEST and path.is_file() and path.stat().st_size == row.bytes:
            yield from _other_content(folder, row)
    if (folder / CHECKSUMS).is_file():
        for name in sorted(set(_files(folder)) - {row.name for row in rows}):
            yield f"{folder / name}: was not published with this release; remove it"
    if not wrong:
        yield from store_faults(folder, read_manifest(folder))


def store_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """What the store of a release holds more or less than its manifest says, graph by graph."""
    expected: dict[str | None, int] = {row["iri"]: row["triples"] for row in manifest["graphs"]}
    expected[None] = manifest["counts"]["triples"]
    try:
        store = open_store(folder / "store")
    except (TwinldError, OSError, ValueError) as error:
        yield f"{folder / 'store'}: cannot be opened ({error})"
        return
    try:
        for iri, count in expected.items():
            held = store.count(iri)
            if held != count:
                yield f"{folder / 'store'}: {iri or 'the default graph'} holds {held:,} of {count:,} triples"
    finally:
        store.close()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a release on disk while it is served, once its sizes were checked; nothing for a folder that is none."""
    with in_use(folder):
        if (folder / MANIFEST).is_file():
            check_sizes(folder)
        yield
