"""The small data folder of the builds, for what is tested on a whole release; and all dumps of small made graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.conftest import data
from tests.publish.small_graphs import CONTEXT, graph_files
from twinld.publish.dumps import DumpFile, write_dumps
from twinld.vocab import BASE, CC0

__all__ = ["data"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DumpFile]]:
    """A folder with every dump, and the rows of the files."""
    root = tmp_path_factory.mktemp("dumps")
    out = root / "dumps"
    out.mkdir()
    return out, list(write_dumps(out, *graph_files(root / "graphs"), CC0, CONTEXT, BASE, "2022-11-30", "2022-11-30"))


@pytest.fixture(scope="session")
def out(made: tuple[Path, list[DumpFile]]) -> Path:
    """The folder with every dump."""
    return made[0]


@pytest.fixture(scope="session")
def files(made: tuple[Path, list[DumpFile]]) -> dict[str, DumpFile]:
    """The row of every dump by its name."""
    return {file.name: file for file in made[1]}
