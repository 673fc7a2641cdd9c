"""A local Wikidata of real documents and facts, and a clock that does not tick by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from twinld.enrich.clock import Clock
from twinld.store import Store, open_store

from .front import Front, of_store
from .wikidata import Wikidata, add_documents, add_partners, add_places, the_local_wikidata


class TestClock(Clock):
    """Time passes only when somebody sleeps; what was slept is kept. Chance is always a half."""

    __test__ = False

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)) -> None:
        self.start = start
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return (self.start + timedelta(seconds=self.passed)).replace(microsecond=0)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds

    def chance(self) -> float:
        return 0.5


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def documents(shared: Path) -> Wikidata:
    """The seven entity documents, the redirect, their partners, and what is known of those places."""
    wikidata = Wikidata()
    add_documents(wikidata, shared)
    add_partners(wikidata)
    add_places(wikidata)
    return wikidata


@pytest.fixture(scope="session")
def documents_file(documents: Wikidata, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return documents.write(tmp_path_factory.mktemp("documents") / "wikidata.nt")


@pytest.fixture(scope="session")
def documents_store(documents_file: Path) -> Iterator[Store]:
    store = open_store(documents_file)
    yield store
    store.close()


@pytest.fixture
def front(documents_store: Store) -> Iterator[Front]:
    with Front(of_store(documents_store)) as serving:
        yield serving


@pytest.fixture(scope="session")
def whole_file(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The local Wikidata of all 10,055 items of the crawl."""
    return the_local_wikidata(shared).write(tmp_path_factory.mktemp("whole") / "wikidata.nt")
