"""The stages in order: ingest, check, resolve, infer, validate, publish (docs/pipeline.md).

`build` makes a release from `data/`; `open_release` opens one for questions.
"""

from __future__ import annotations

from pathlib import Path

from twinld.pipeline.build import build
from twinld.pipeline.options import BuildOptions, BuildResult, Stage
from twinld.publish.release import find_release
from twinld.settings import build_folder
from twinld.store import Store, open_store

__all__ = ["BuildOptions", "BuildResult", "Stage", "build", "open_release"]


def open_release(identifier: str | None = None, out: Path | None = None) -> Store:
    """The store of a release (default: the current one) in a build folder (default: the checkout's `build`).

    Raises NotFound, naming what is there, when there is no such release.
    """
    return open_store(find_release(out or build_folder(), identifier))
