"""Two made releases, one after the other, each served by a server that can be broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harvest.serving import Broken, running, write_release


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first release."""
    return write_release(tmp_path_factory.mktemp("harvest") / "releases", "2022-11-30", "a")


@pytest.fixture(scope="session")
def next_folder(folder: Path) -> Path:
    """The release after it, beside it."""
    return write_release(folder.parent, "2023-01-31", "b")


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[Broken]:
    """A server of the first release."""
    yield from running(folder)


@pytest.fixture(scope="session")
def next_server(next_folder: Path) -> Iterator[Broken]:
    """A server of the second release."""
    yield from running(next_folder)
