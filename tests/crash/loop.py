"""Builds that are killed at random moments, over and over: never may anybody see a half release."""

from __future__ import annotations

import datetime
import random
import signal
import time
from collections import Counter
from pathlib import Path

from tests.crash.builder import Builder
from tests.crash.check import known, left_overs, look

FIRST = datetime.date(2020, 1, 1)
"""The release before all that are killed; each has a day of its own."""


def change(data: Path, number: int) -> None:
    """Make the data say something new, so that the next build has something to do: Boston grows and has a new twin."""
    from twinld.layout import write_inventory

    path = data / "sources" / "crawl" / "places.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    grown = f"Q100,,42.358333333,-71.0625,US,{700_000 + number},4930956,"
    lines = [grown if line.startswith("Q100,") else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (path.parent / "statements.csv").open("a", encoding="utf-8") as file:
        file.write(f"Q100,Q{500_000 + number},,,,,,\n")
    write_inventory(path.parent)


def kill_loop(builder: Builder, rounds: int, seed: int = 2022) -> Counter[str]:
    """Kill so many builds at random moments; how many ended how: `killed`, `left a folder`, `published`.

    After each the current release is the one before or the new one, whole; a last build that nobody kills ends well.
    """
    chance = random.Random(seed)
    counted: Counter[str] = Counter()
    data, out = builder.data, builder.out
    started = time.monotonic()
    assert builder.build("", "--date", str(FIRST))[0] == 0
    length = time.monotonic() - started
    for number in range(rounds):
        before = look(out, data)
        change(data, number)
        date = str(FIRST + datetime.timedelta(days=number + 1))
        running = builder.start("", "--date", date)
        time.sleep(chance.uniform(0.0, 1.15 * length))
        running.kill()
        code = running.wait()
        assert code in {0, -signal.SIGKILL}, running.said()
        after = look(out, data)
        assert before <= after <= date, (before, after)
        counted["killed" if code else "ended before"] += 1
        counted["published" if after == date else "not published"] += 1
        counted["left a folder"] += any((out / "releases").glob(".tmp.*"))
    code, said = builder.build("", "--date", "2050-01-01")
    assert (code, look(out, data)) == (0, "2050-01-01"), said
    assert left_overs(out, data) == []
    assert known(out) >= {str(FIRST), "2050-01-01"}
    return counted
