"""The end of a build: what changed since the last release, how to cite it, manifest, seal, and the switch."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from twinld.errors import InputError, NotFound, ReleaseError
from twinld.publish import faults, seal
from twinld.publish.change_forms import to_json
from twinld.publish.changes import Changes
from twinld.publish.citation import TEXTS, citation_texts
from twinld.publish.diff import difference
from twinld.publish.durable import make_durable
from twinld.publish.history import CHANGES
from twinld.publish.lines import GraphFile
from twinld.publish.release import find_release, name_of, resume, settle, switch_in, write_manifest
from twinld.publish.sides import Side, side_of


def finish_release(out: Path, place: Path, manifest: dict[str, Any], graphs: Sequence[GraphFile]) -> tuple[str, bool]:
    """Complete a release in `place`: changes, citation, manifest, seal; returns its name and whether it is a new one.

    Adds `name`, `previous`, `changes` (counts) and `texts` (files beside the dumps) to the manifest. A
    release with the same content that is on disk already is taken as it is. Raises ReleaseError when what is read
    back is not what was written.
    """
    name, there = name_of(out, manifest, lambda folder: not any(seal.faults(folder)))
    if there:
        return name, False
    manifest |= {"name": name, "previous": "", "texts": []}
    try:
        previous = find_release(out)
    except NotFound:
        told = Changes(name, "", manifest["date"], manifest["base"], {}, ())
        _write_changes(place, told)
    else:
        manifest["previous"] = previous.name
        told = _changes(place, previous, manifest, graphs)
    manifest["changes"] = {"counts": told.counts, **({"note": told.note} if told.note else {})}
    for text, content in citation_texts(manifest["id"], manifest["date"], manifest["base"]).items():
        (place / text).write_text(content, encoding="utf-8")
        manifest["texts"].append(_row(place / text, TEXTS[text]))
    manifest["texts"].append(_row(place / CHANGES, "What changed since the release before"))
    write_manifest(place, manifest)
    faults.hit("build.manifest")
    shutil.rmtree(place / "graphs")
    seal.seal(place, manifest)
    faults.hit("publish.sealed")
    return name, True


def _changes(place: Path, previous: Path, manifest: dict[str, Any], graphs: Sequence[GraphFile]) -> Changes:
    name = manifest["name"]
    named = {key: manifest[key] for key in ("base", "id", "date")}
    new = Side(name, graphs=tuple(graphs), ids=place / "ids.csv", **named)
    try:
        with difference(side_of(previous), new, place) as found:
            told = found.told()
            _write_changes(place, told)
    except (InputError, ReleaseError) as error:  # a damaged one, or one of another base, does not hold up the next
        told = Changes(name, previous.name, manifest["date"], manifest["base"], {}, (), note=_said(error, previous))
        _write_changes(place, told)
    return replace(told, changes=())


def _said(error: Exception, previous: Path) -> str:
    return f"what changed is not known: {str(error).replace(f'{previous.parent}/', '')}"


def _write_changes(place: Path, told: Changes) -> None:
    with (place / CHANGES).open("w", encoding="utf-8") as file:
        file.writelines(to_json(told))


def _row(path: Path, title: str) -> dict[str, Any]:
    content = path.read_bytes()
    return {"name": path.name, "title": title, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def publish(out: Path, name: str, built: Path | None, keep: int) -> Path:
    """Switch a release in, made durable and named if it is new (`built`), and forget old ones; returns its folder.

    Raises ReleaseError when the release is current and what comes after that failed.
    """
    if built is not None:
        make_durable(built)
        faults.hit("publish.durable")
    with _told(out, name):
        target = switch_in(out, name, built)
        settle(out, keep)
    return target


def recover(out: Path, keep: int) -> None:
    """Do what a killed build left undone: switch a whole release in, keep the history, forget old releases."""
    left = resume(out, lambda folder: next(seal.faults(folder), ""))
    if (out / "current").exists():
        with _told(out, left.name if left is not None else find_release(out).name):
            settle(out, keep)


@contextmanager
def _told(out: Path, name: str) -> Iterator[None]:
    """A full disk or the like after the pointer has moved is told as what it is."""
    try:
        yield
    except OSError as error:
        if (out / "current").resolve().name != name:
            raise
        raise ReleaseError(
            f"{name} is current, but its history or the removal of old releases failed: "
            f"{error.strerror or error}; run twinld build again"
        ) from error
