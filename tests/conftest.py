"""What all tests share: the folder of given data, Hypothesis profiles, and warnings that are not ours."""

import contextlib
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.backends import ENGINES, Backend, Missing
from twinld.errors import LockedError
from twinld.store import Store, open_store

ROOT = Path(__file__).resolve().parents[1]

# "ci" is the default: the same examples on every run and no deadline, since machines differ in speed.
# `pytest --hypothesis-profile=explore` looks further.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=5000)
hypothesis.settings.load_profile("ci")

# Warnings are errors (pyproject.toml). A library's warning about itself is named here, with the reason.
LIBRARY_WARNINGS = (
    # rdflib 7.6 calls names that it has itself deprecated; our own calls of them still fail.
    r"ignore:ConjunctiveGraph is deprecated:DeprecationWarning:rdflib\.",
    r"ignore:Dataset\.(contexts|default_context) is deprecated:DeprecationWarning:rdflib\.",
)


FIRST = (
    "unit/test_resolve.py", "pipeline/test_matching_sample.py", "crash/test_crash.py",
    "pipeline/test_reasoning.py", "pipeline/test_many_sources.py", "ontology/test_axioms.py", "pipeline/test_build.py",
    "validate/test_engines.py", "pipeline/test_document_dates.py", "cli/test_cli.py",
)  # fmt: skip
"""Files of tests that take longest, so they are begun first: at the end one core would wait for the other."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to build the release while several processes begin with tests that can do without it."""
    several = getattr(session.config.option, "numprocesses", None) and not hasattr(session.config, "workerinput")
    if several and not os.environ.get("TEST_RELEASE"):
        builder = subprocess.Popen(
            [sys.executable, "-m", "twinld", "build", "--out", str(ROOT / "build")],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        session.config.add_cleanup(lambda: _ended(builder))


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def pytest_configure(config: pytest.Config) -> None:
    for line in LIBRARY_WARNINGS:
        config.addinivalue_line("filterwarnings", line)


DEVIATIONS: dict[str, dict[str, str]] = tomllib.loads((ROOT / "tests/deviations.toml").read_text("utf-8"))
"""What engines are known to answer in another way: by engine, by test without the engine's name, the reason."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest; expect each deviation to fail: one that stays away or has no test is an error."""
    order = {ROOT / "tests" / name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))
    found = {f"{item.path.relative_to(ROOT / 'tests')}" for item in items if item.path.is_relative_to(ROOT / "tests")}
    for engine_name, rows in DEVIATIONS.items():
        unseen = {row for row in rows if row.partition("::")[0] in found}
        for item in items:
            plain = item.name.replace(f"[{engine_name}-", "[").replace(f"[{engine_name}]", "")
            if plain == item.name or not item.path.is_relative_to(ROOT / "tests"):
                continue
            row = f"{item.path.relative_to(ROOT / 'tests')}::{plain}"
            if row in rows:
                item.add_marker(pytest.mark.xfail(reason=rows[row], strict=True))
                unseen.discard(row)
        if unseen and not any("::" in argument for argument in config.args):
            raise pytest.UsageError(f"tests/deviations.toml: {engine_name} has no test {', '.join(sorted(unseen))}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def release() -> Path:
    """The release of the data in this checkout, as `make serve` builds it: nothing is done when it is there.

    TEST_RELEASE names the folder of a release to test with instead, while pages are worked on.
    """
    from twinld.pipeline import BuildOptions, build

    if given := os.environ.get("TEST_RELEASE"):
        return Path(given).resolve()
    while True:
        try:
            return build(BuildOptions(out=ROOT / "build")).folder
        except LockedError:  # the process that makes it, or a test in another one
            time.sleep(1)


@pytest.fixture(scope="session")
def store(release: Path) -> Iterator[Store]:
    """The store of the release, opened once: what is asked of all places is asked once of it."""
    opened = open_store(release)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout; a test that needs it is skipped where it is not."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Backend]]:
    """A running server of each engine by its name, started when it is first asked for; skipped where it can't be."""
    with contextlib.ExitStack() as stack:
        started: dict[str, Backend | Missing] = {}

        def running(name: str) -> Backend:
            if name not in started:
                try:
                    started[name] = stack.enter_context(ENGINES[name](tmp_path_factory.mktemp(name)))
                except Missing as missing:
                    started[name] = missing
            found = started[name]
            if isinstance(found, Missing):
                pytest.skip(str(found))
            return found

        yield running
