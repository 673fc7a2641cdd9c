"""Whether an agreement held on a day, as far as its dates tell: certain, possible, no or unknown."""

from __future__ import annotations

from typing import Final

from twinld.dates import PartialDate, day_key

ANSWERS: Final = ("certain", "possible", "no", "unknown")
"""What can be said of an agreement and a day; of all agreements the four add up to all."""


def held(
    start: PartialDate | None, end: PartialDate | None, point: PartialDate | None, day: str, *, over: bool = False
) -> str:
    """Whether an agreement with these dates held on `day` (xsd:date); `over` when it has ended, by whatever day.

    Nothing but an end ends it: that a source lacks it says nothing. Without a date it is unknown, never no. A point in
    time (a source that gives the same start and end) says that it held then, and nothing of any other day.

    >>> held(PartialDate("1959"), None, None, "1990-01-01"), held(PartialDate("1959"), None, None, "1959-05-01")
    ('certain', 'possible')
    >>> held(PartialDate("1959"), None, None, "1958-12-31"), held(None, None, PartialDate("1991"), "2000-01-01")
    ('no', 'unknown')
    """
    now = day_key(day)
    if start is None and end is None:
        return _at(point, now)
    begins, begun = (start.earliest, start.latest) if start is not None else (None, None)
    ends, ended = (end.earliest, end.latest) if end is not None else (None, None)
    if (begins is not None and now < day_key(begins)) or (ended is not None and now > day_key(ended)):
        return "no"
    sure = begun is not None and now >= day_key(begun)
    open_ended = (end is None and not over) or (ends is not None and now < day_key(ends))
    return "certain" if sure and open_ended else "possible"


def _at(point: PartialDate | None, now: tuple[int, str]) -> str:
    if point is None or point.earliest is None or point.latest is None:
        return "unknown"
    first, last = day_key(point.earliest), day_key(point.latest)
    if not first <= now <= last:
        return "unknown"
    return "certain" if first == last else "possible"
