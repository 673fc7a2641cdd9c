"""A release on disk: built aside, verified, made durable, and switched in with one rename.

::

    build/
      .lock                    held by the one builder
      current -> releases/ID   what the server reads
      releases/ID/             store/ dumps/ reports/ ids.csv manifest.json; never changed once it is there
      releases/.tmp.PID/       a build under way; left-overs of a killed one are cleared by the next

A release of the same id but other content (data changed, date not) stands beside the first as `ID+2`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from twinld.errors import LockedError, NotFound, ReleaseError, nearest

KEEP: Final = 3
"""How many releases stay on disk, the current one included."""
MANIFEST: Final = "manifest.json"


@contextmanager
def builder_lock(out: Path) -> Iterator[None]:
    """Hold the lock of a build folder; LockedError, naming the holder, when somebody else does."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "an unknown process"
            raise LockedError(f"{out}: another build holds the lock ({holder}); wait for it, or end it") from None
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


@contextmanager
def folder_lock(folder: Path, *, extend: bool = True) -> Iterator[None]:
    """Hold a data folder, whatever the build folder; LockedError when somebody who extends its ledger holds it.

    Several builds may read a folder that none of them will `extend`.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if extend else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise LockedError(f"{folder}: another build reads or extends it; wait for it, or end it") from None
    finally:
        os.close(handle)


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """A folder to build in; it is gone afterwards, as are those that killed builds left behind."""
    releases = out / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    for left in releases.glob(".tmp.*"):
        shutil.rmtree(left, ignore_errors=True)
    place = releases / f".tmp.{os.getpid()}"
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a release: JSON, keys sorted."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release; ReleaseError when it is not there or broken."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"{folder}: no {MANIFEST}: this is not a release; run twinld build") from None
    except ValueError as error:
        raise ReleaseError(f"{folder / MANIFEST}: {error}") from None
    return manifest


def make_durable(folder: Path) -> None:
    """Flush every file and folder below `folder` to disk, folders last."""
    for place, folders, files in os.walk(folder, topdown=False):
        for name in files:
            sync(Path(place) / name)
        for name in folders:
            sync(Path(place) / name)
    sync(folder)


def sync(path: Path) -> None:
    """Flush a file or a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def switch_in(out: Path, built: Path, identifier: str) -> Path:
    """Move a finished release to its place and point `current` at it; returns its folder.

    At every instant `current` is the old release or the new one, whole.
    """
    releases = out / "releases"
    known = [path for path in releases.glob(f"{identifier}*") if _number(path.name, identifier)]
    target = next((path for path in known if _same(path, built)), None)
    if target is None:
        last = max((_number(path.name, identifier) for path in known), default=0)
        target = releases / (f"{identifier}+{last + 1}" if last else identifier)
        built.rename(target)
        sync(releases)
    link = out / f".current.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / target.name)
    link.replace(out / "current")
    sync(out)
    _forget(out, target)
    return target


def _number(name: str, identifier: str) -> int:
    """1 for `ID`, N for `ID+N`, 0 for any other name; numbers only grow, so that no name is used twice."""
    if name == identifier:
        return 1
    start, _, number = name.rpartition("+")
    return int(number) if start == identifier and number.isdigit() else 0


def _same(one: Path, other: Path) -> bool:
    try:
        return read_manifest(one) == read_manifest(other)
    except ReleaseError:
        return False


def _forget(out: Path, newest: Path) -> None:
    """Remove all but the newest releases: renamed away first, so that no half one is ever seen."""
    others = [path for path in (out / "releases").iterdir() if path.is_dir() and not path.name.startswith(".")]
    others = sorted((path for path in others if path != newest), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEEP - 1 :]:
        if _in_use(old):
            continue
        away = old.with_name(f".tmp.old.{old.name}")
        old.rename(away)
        shutil.rmtree(away, ignore_errors=True)


def release_names(out: Path) -> list[str]:
    """The ids of the releases in a build folder, newest first."""
    folders = [path for path in (out / "releases").glob("*") if (path / MANIFEST).is_file()]
    folders = [path for path in folders if not path.name.startswith(".")]
    return [path.name for path in sorted(folders, key=_order, reverse=True)]


def _order(path: Path) -> tuple[str, int]:
    name, _, number = path.name.partition("+")
    return name, int(number) if re.fullmatch(r"\d+", number) else 1


def find_release(out: Path, identifier: str | None = None) -> Path:
    """The folder of a release, the current one when no id is given; NotFound names what there is."""
    if identifier is None:
        folder = out / "current"
        if not (folder / MANIFEST).is_file():
            raise NotFound(f"{out}: no release yet; run twinld build")
        return folder.resolve()
    folder = out / "releases" / identifier
    if not re.fullmatch(r"[\w.+-]+", identifier) or not (folder / MANIFEST).is_file():
        raise NotFound(f"release {identifier!r} is not here; {nearest(identifier, release_names(out), 'releases')}")
    return folder


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep a release on disk while it is served: builders leave it alone. Nothing for a folder that is none."""
    if not (folder / MANIFEST).is_file():
        yield
        return
    with (folder / MANIFEST).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _in_use(folder: Path) -> bool:
    if not (folder / MANIFEST).is_file():
        return False
    with (folder / MANIFEST).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
