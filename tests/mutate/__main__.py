"""`make mutate`: every mutant of every rule, or of the rules that are named; what survives is printed."""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.mutate.equivalent import EQUIVALENT
from tests.mutate.run import all_mutants, survives


def main(only: tuple[str, ...]) -> int:
    """The exit code: 1 when a mutant survives that isn't known to say the same as its rule."""
    started = time.process_time()
    found = all_mutants(only)
    counts: Counter[str] = Counter()
    for mutant in found:
        if not survives(mutant):
            counts["killed"] += 1
        elif (mutant.rule, mutant.what) in EQUIVALENT:
            counts["equivalent"] += 1
        else:
            counts["survived"] += 1
            print(f"{mutant.rule}: {mutant.what}", flush=True)
    seconds = time.process_time() - started
    print(
        f"{len(found)} mutants of {len({mutant.rule for mutant in found})} rules: {counts['killed']} killed, "
        f"{counts['equivalent']} equivalent, {counts['survived']} survived, {seconds:.0f} CPU seconds"
    )
    return 1 if counts["survived"] else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
