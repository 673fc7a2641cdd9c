"""`python -m tests`: every test, on all cores, then by themselves those that measure time (mark `alone`).

Left out are those of mark `long`, which show on all of the data what others show on a part: `make long` runs them.

Arguments go to pytest. Ends with the worst of the two exit codes; no test in one of the two is fine, none in both is
not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NO_TESTS = 5
"""What pytest ends with when it found none."""
TESTS = Path(__file__).resolve().parent
ALL = ("-m", "not alone and not long", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
ALONE = ("-m", "alone and not long")


def main(arguments: list[str]) -> int:
    """Run both parts, whatever the first one ends with."""
    named = any((ROOT / argument.partition("::")[0]).exists() for argument in arguments)
    codes = [run(*ALL, *arguments), run(*ALONE, *([] if named else files_alone()), *arguments)]
    found = [code for code in codes if code != NO_TESTS]
    return max(found, default=NO_TESTS, key=abs)


def run(*arguments: str) -> int:
    """What pytest ends with."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def files_alone() -> list[str]:
    """The files with tests that are run by themselves: reading all others too takes longer than most tests."""
    return sorted(str(path) for path in TESTS.rglob("test_*.py") if "mark.alone" in path.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
