"""Builds with files that may not be published: apart from other releases, without dumps, and saying so."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from twinld.errors import UsageError
from twinld.ingest.takeover.unpublished import UNPUBLISHED, read_unpublished
from twinld.settings import build_folder


def unpublished_files(sources: Iterable[str], out: Path) -> tuple[dict[str, Path], list[str]]:
    """The files of `sources` ("NAME" or "NAME=PATH") that may not be published, by name, and the other entries.

    Raises UsageError for one without a file, and for a build with one into the folder of the published releases.
    """
    files: dict[str, Path] = {}
    others = []
    for entry in sources:
        name, _, path = entry.partition("=")
        if name not in UNPUBLISHED or (path and Path(path).is_dir()):
            others.append(entry)
            continue
        if not path or not Path(path).is_file():
            raise UsageError(f"{entry}: {name} is read from its file; write {name}=path/to/the/file")
        files[name] = Path(path)
    if files and out.resolve() == build_folder().resolve():
        raise UsageError(f"{', '.join(sorted(files))} may not be published; give a folder of its own with --out")
    return files, others


@contextmanager
def unpublished_folders(out: Path, files: Mapping[str, Path]) -> Iterator[dict[str, Path]]:
    """The files in our layout, by name, in a folder below `out` that is gone afterwards."""
    if not files:
        yield {}
        return
    out.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=out, prefix=".unpublished-"))
    try:
        yield {name: read_unpublished(name, path, place) for name, path in sorted(files.items())}
    finally:
        shutil.rmtree(place, ignore_errors=True)
