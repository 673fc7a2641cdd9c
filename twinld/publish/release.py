"""A release on disk: built aside, verified, made durable, and switched in with one rename.

::

    build/
      .lock                    held by the one builder
      current -> releases/ID   what the server reads
      releases/ID/             store/ dumps/ reports/ ids.csv manifest.json checksums.csv ...; never changed
      releases/.tmp.PID/       a build under way; left-overs of a killed one are cleared by the next
      history/ID.json          what each release changed, also of those that are no longer on disk

A release of the same id but other content (data changed, date not) stands beside the first as `ID+2`.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from twinld.errors import LockedError, NotFound, ReleaseError, nearest
from twinld.publish import faults
from twinld.publish.durable import sync
from twinld.publish.history import history_names, keep_history

LOG: Final = logging.getLogger("twinld.publish")
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
    for left in (*releases.glob(".tmp.*"), *out.glob(".current.*"), *(out / "history").glob(".*")):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink()
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


def name_of(out: Path, manifest: dict[str, Any], whole: Callable[[Path], bool]) -> tuple[str, bool]:
    """The name of the release with this manifest, and whether the same one is on disk already.

    The first release of an id is called by it, another one `ID+N`; no name is used twice, not even that of a release
    that is no longer on disk, or of one that is not `whole` any more.
    """
    identifier = manifest["id"]
    folders = [path for path in (out / "releases").glob(f"{identifier}*") if _number(path.name, identifier)]
    same = next((path for path in folders if _content(path) == _without(manifest) and whole(path)), None)
    if same is not None:
        return same.name, True
    names = (*(path.name for path in folders), *history_names(out))
    last = max((_number(name, identifier) for name in names), default=0)
    return (f"{identifier}+{last + 1}" if last else identifier), False


def switch_in(out: Path, name: str, built: Path | None = None) -> Path:
    """Point `current` at the release of this name, after moving it from `built` to its place; returns its folder.

    At every instant `current` is the old release or the new one, whole.
    """
    releases = out / "releases"
    target = releases / name
    if built is not None:
        built.rename(target)
        sync(releases)
        faults.hit("publish.named")
    link = out / f".current.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / target.name)
    faults.hit("publish.switch")
    link.replace(out / "current")
    sync(out)
    faults.hit("publish.switched")
    return target


def settle(out: Path, keep: int) -> None:
    """Keep what every release changed in the history, and only the newest `keep` releases on disk."""
    keep_history(out)
    current = out / "current"
    if current.exists():
        _forget(out, current.resolve().name, keep)


def resume(out: Path, fault_of: Callable[[Path], str]) -> Path | None:
    """Switch in a release that a killed build left whole, named and not yet current; None when there is none.

    One with a fault (`fault_of` says the first, "" for none) is told and removed: it was never current, and its name
    is free for the next.
    """
    current = (out / "current").resolve().name if (out / "current").exists() else ""
    kept = set(history_names(out))
    for name in release_names(out):
        if name in kept or name == current:
            continue
        try:
            manifest = read_manifest(out / "releases" / name)
        except ReleaseError:  # damaged: nobody's successor
            continue
        if manifest.get("previous") != current:
            continue
        fault = fault_of(out / "releases" / name)
        if not fault:
            return switch_in(out, name)
        LOG.warning("%s; the build was killed before this release was current, so it is removed", fault)
        _remove(out / "releases" / name)
    return None


def _number(name: str, identifier: str) -> int:
    """1 for `ID`, N for `ID+N`, 0 for any other name; numbers only grow, so that no name is used twice."""
    if name == identifier:
        return 1
    start, _, number = name.rpartition("+")
    return int(number) if start == identifier and number.isdigit() else 0


def _content(folder: Path) -> dict[str, Any] | None:
    try:
        return _without(read_manifest(folder))
    except ReleaseError:
        return None


def _without(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest without what depends on the release before it."""
    return {key: value for key, value in manifest.items() if key not in {"name", "previous", "changes", "texts"}}


def _forget(out: Path, newest: str, keep: int) -> None:
    """Remove all but the newest release and others: renamed away first, so that no half one is ever seen."""
    others = [path for path in (out / "releases").iterdir() if path.is_dir() and not path.name.startswith(".")]
    others = [path for path in others if path.name != newest]
    for old in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[keep - 1 :]:
        if not _in_use(old):
            _remove(old)


def _remove(folder: Path) -> None:
    away = folder.with_name(f".tmp.old.{folder.name}")
    folder.rename(away)
    faults.hit("publish.forgotten")
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
            if folder.is_symlink():
                raise NotFound(f"{folder}: leads to {folder.readlink()}, which is no release; run twinld build")
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
