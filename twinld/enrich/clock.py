"""Time and chance, given to whoever waits, so that a test can say what they are."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime


class Clock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time in UTC, to the second."""
        return datetime.now(UTC).replace(microsecond=0)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A random number from 0 to 1."""
        return random.random()  # noqa: S311 (jitter needs no secret)


def stamp(moment: datetime) -> str:
    """A moment as xsd:dateTime in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
