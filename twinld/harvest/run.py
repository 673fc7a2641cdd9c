"""Runs the checks of a harvest in their order, and says of each what was found."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from twinld.errors import SourceError
from twinld.harvest.itself import ITSELF
from twinld.harvest.leads import LEADS
from twinld.harvest.read import Dataset, datasets, read_state, write_state
from twinld.harvest.table import CHECKS, Check
from twinld.harvest.web import Answer, Asks, Web
from twinld.harvest.work import Harvest

WITHIN_S: Final = 3_600.0
"""What a whole harvest may take if nothing else is said."""
STEPS: Final = {**ITSELF, **LEADS}
"""Each check by its name: the checks that it needs, and what makes it."""
_SHOWN: Final = 5
_LINE: Final = 400


@dataclass(frozen=True)
class Outcome:
    """What became of a check: `ok` is None when it was not made; `found` is a sentence, on one line."""

    check: Check
    ok: bool | None
    found: str


def check_harvest(
    url: str,
    *,
    shapes: Sequence[Path] = (),
    state: Path | None = None,
    against: str = "",
    within_s: float = WITHIN_S,
) -> list[Outcome]:
    """All checks of the catalogue at an address, in the order of CHECKS.

    `state` is a file that keeps what was harvested: compared with when it is there, and written anew when all is
    well. `against` is the address of the catalogue of another release to compare with. Checks for which no time is
    left after `within_s` fail, and say so. Raises SourceError for a state or shapes that can't be used.
    """
    web = Web(time.monotonic() + within_s)
    work = Harvest(url, web, shapes, deadline=web.deadline)
    try:
        if state is not None:
            work.before = _kept(state)
        if against and work.before is None:
            work.before = _other(work, against)
        outcomes = list(_outcomes(work, within_s))
    finally:
        web.close()
    if state is not None and all(outcome.ok is not False for outcome in outcomes):
        try:
            state.write_text(write_state(work.found), encoding="utf-8")
        except OSError as error:
            said = f"{outcomes[-1].found}; but the harvest cannot be kept: {state}: {error.strerror}"
            outcomes[-1] = replace(outcomes[-1], ok=False, found=_line(said))
    return outcomes


def replay(url: str, web: Asks, before: list[Dataset] | None, alone: str) -> list[Outcome]:
    """All checks of the catalogue at an address that `web` asks, after a harvest of `before`; `alone` says why none."""
    return list(_outcomes(Harvest(url, web, before=before, alone=alone, deadline=time.monotonic() + WITHIN_S)))


def _kept(state: Path) -> list[Dataset] | None:
    """The harvest that a file keeps, None for a file that is to be written."""
    if not state.parent.is_dir():
        raise SourceError(f"{state}: there is no folder {state.parent}; name a file in a folder that is there")
    try:
        return read_state(state.read_bytes(), str(state)) if state.exists() else None
    except OSError as error:
        raise SourceError(f"{state}: it cannot be read ({error.strerror}); name another file") from None


def _other(work: Harvest, url: str) -> list[Dataset]:
    answer = work.catalogue(url)
    graph = work.read(answer, url) if isinstance(answer, Answer) else answer
    if isinstance(graph, str):
        said = f"{url}: no catalogue to compare with ({_line(graph)}); "
        raise SourceError(f"{said}give the address of another release's catalogue")
    return datasets(graph)


def _outcomes(work: Harvest, within_s: float = WITHIN_S) -> Iterator[Outcome]:
    failed: dict[str, str] = {}  # and the check that was to blame
    for check in CHECKS:
        needs, run = STEPS[check.name]
        missing = next((name for name in needs if name in failed), None)
        if missing is not None:
            failed[check.name] = failed[missing]
            yield Outcome(check, None, f"not checked: {failed[missing]} failed")
            continue
        if check.name == "again" and work.before is None:
            yield Outcome(check, None, f"not checked: {work.alone}")
            continue
        late = work.left_s <= 0
        wrong, fine = ([f"not asked: the run took longer than {within_s:,.0f} s"], "") if late else run(work)
        if wrong:
            if late or check.name != "parses" or work.graph is None:  # literals of no type do not hinder the others
                failed[check.name] = check.name
            more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
            yield Outcome(check, False, "; ".join(map(_line, wrong[:_SHOWN])) + more)
        else:
            yield Outcome(check, True, _line(fine))


def _line(text: str) -> str:
    """A text of elsewhere on one line, without what a terminal would take for an order."""
    line = " ".join(text.split())
    safe = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
    return safe if len(safe) <= _LINE else f"{safe[:_LINE]}…"
