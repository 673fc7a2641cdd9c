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
PARTS = (
    ("-m", "not alone and not long", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"),
    ("-m", "alone and not long"),
)


def main(arguments: list[str]) -> int:
    """Run both parts, whatever the first one ends with."""
    codes = [
        subprocess.run([sys.executable, "-m", "pytest", *part, *arguments], cwd=ROOT, check=False).returncode
        for part in PARTS
    ]
    found = [code for code in codes if code != NO_TESTS]
    return max(found, default=NO_TESTS, key=abs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
