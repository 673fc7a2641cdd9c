"""What a build is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twinld.settings import Settings
from twinld.vocab import BASE


@dataclass(frozen=True)
class BuildOptions:
    """What to build: `sources` are "NAME" or "NAME=PATH" (empty: all of `data`); `date` is YYYY-MM-DD.

    `documents` is the folder of the documents that `data/curated` quotes, to compare the quotes with. `keep` is how
    many releases stay on disk, the current one included. `publisher`, its IRI and `contact` are for the catalogue.
    `retire` says that ids which nothing states any more are gone, and writes that to the ledger.
    """

    data: Path | None = None
    out: Path = Path("build")
    sources: tuple[str, ...] = ()
    base: str = BASE
    date: str | None = None
    force: bool = False
    documents: Path | None = None
    keep: int = Settings.keep_releases
    publisher: str = ""
    publisher_iri: str = ""
    contact: str = ""
    retire: bool = False


@dataclass(frozen=True)
class Stage:
    """One stage, for whoever watches: told when it begins (`seconds` is None) and when it is done."""

    name: str
    unit: str
    count: int = 0
    seconds: float | None = None


@dataclass(frozen=True)
class BuildResult:
    """A finished build: where it is, its manifest, and whether anything had to be done."""

    folder: Path
    manifest: dict[str, Any]
    fresh: bool


Watch = Callable[[Stage], None]
