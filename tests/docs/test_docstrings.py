"""The examples in docstrings run."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "twinld").rglob("*.py")
    if path.name != "__main__.py" and ">>> " in path.read_text("utf-8")
)


def test_the_examples_were_found():
    assert {"twinld.dates", "twinld.errors", "twinld.formats", "twinld.iris", "twinld.terms"} <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run(module):
    results = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)

    assert (results.failed, results.attempted > 0) == (0, True)
