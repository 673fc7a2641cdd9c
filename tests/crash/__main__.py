"""`python -m tests.crash [ROUNDS]`: kill builds at random moments (default 1,000), print what became of them."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.crash.builder import Builder
from tests.crash.loop import kill_loop
from tests.pipeline.conftest import small_data


def main(arguments: list[str]) -> int:
    """Run the loop; an AssertionError tells the first half release."""
    rounds = int(arguments[0]) if arguments else 1000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        started = time.monotonic()
        with Builder(small_data(place), place / "out", place / "log") as builder:
            counted = kill_loop(builder, rounds)
    said = ", ".join(f"{number} {what}" for what, number in sorted(counted.items()))
    print(f"{rounds} builds: {said}; 0 half releases, 0 half ledgers; {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
