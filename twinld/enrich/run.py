"""Reading Wikidata: which items have changed, then their content, then the partners that we did not know.

Everything is asked in batches and written to a checkpoint batch by batch. An extract is put in the place of the last
one only when every item was read; until then the last one stays in use.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twinld.enrich import checkpoint as states
from twinld.enrich.answer import Row
from twinld.enrich.checkpoint import Checkpoint
from twinld.enrich.client import Service, TooMuchError
from twinld.enrich.clock import Clock, stamp
from twinld.enrich.drift import Drift, compare
from twinld.enrich.extract import Rows, extract
from twinld.enrich.questions import BATCH, CONTENT, LEAST, about, asked, is_item
from twinld.enrich.store_extract import asked_for, put_in_place, recover, write_extract
from twinld.errors import FindingsError, LockedError, ServiceFailed, SourceError, UsageError
from twinld.vocab import WD

CHECKPOINT: Final = "checkpoint.sqlite"
DRIFT: Final = "drift.csv"
_WAVES: Final = 1
"""Partners that we did not know are read; their own partners are not."""


@dataclass(frozen=True)
class Run:
    """What to read and where to: `items` of our places, `extract` the stored extract, `work` the folder of the
    checkpoint. `drift_percent` of the statements may vanish without `confirmed`. `batch` items are asked for at once.
    `held` is the folder that a build holds while it reads the extract.
    """

    items: Sequence[str]
    extract: Path
    work: Path
    languages: Sequence[str]
    resume: bool = False
    confirmed: bool = False
    drift_percent: float = 5
    batch: int = BATCH
    held: Path | None = None


@dataclass(frozen=True)
class Result:
    """A finished run: items on the list, read anew, redirected and deleted, problems, and the drift. `changed` is
    False when nothing had, and then nothing was written.
    """

    changed: bool
    items: int
    read: int
    redirected: int
    deleted: int
    problems: int
    drift: Drift


Watch = Callable[[str, int, int], None]
"""Told what is being done, how many items of it are done, and of how many."""


def enrich(run: Run, service: Service, clock: Clock | None = None, watch: Watch = lambda *_: None) -> Result:
    """Read what is new or has changed and store it as the extract.

    Raises ServiceFailed when the service gives no answer (what was read is kept, and `resume` goes on from there),
    FindingsError when too much has vanished, UsageError when there is no run to resume, LockedError while another
    run or a build holds the folders.
    """
    clock = clock or Clock()
    with ExitStack() as stack:
        for folder in sorted({run.work.absolute(), run.extract.parent.absolute()}):
            stack.enter_context(_held(folder, "another run works"))
        return _enrich(run, service, clock, watch)


def _enrich(run: Run, service: Service, clock: Clock, watch: Watch) -> Result:
    recover(run.extract)
    work = _opened(run, clock)
    try:
        _read_all(run, work, service, clock, watch)
        return _finished(run, work, service, clock)
    except sqlite3.Error as error:  # a full disk, most of all
        raise SourceError(f"{work.path}: {error}; mend that and go on with --resume") from None
    except ServiceFailed as error:
        done, whole = work.count(states.READ, states.SAME, states.REDIRECT, states.DELETED), work.count()
        raise type(error)(
            f"{error}; {done:,} of {whole:,} items are kept in {work.path}; go on with --resume. {_in_use(run.extract)}"
        ) from None
    finally:
        work.close()


@contextmanager
def _held(folder: Path, who: str) -> Iterator[None]:
    """Hold a folder alone; LockedError, which says who holds it, when somebody does."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"{folder}: {who} there; wait for it, or end it") from None
        yield
    finally:
        os.close(handle)


def _opened(run: Run, clock: Clock) -> Checkpoint:
    path = run.work / CHECKPOINT
    wrong = next((item for item in run.items if not is_item(item)), None)
    if wrong is not None:
        raise SourceError(f"{wrong!r} is not a Wikidata item; write it as Q100")
    if run.resume and not path.exists():
        raise UsageError(f"{path}: there is no run to resume; leave --resume out")
    work, wanted = Checkpoint(path), asked(run.languages)
    if run.resume and work.note("started"):
        if work.note("asked") != wanted:
            work.close()
            raise UsageError(f"{path}: that run was begun with other languages or questions; leave --resume out")
        work.mark([(item, states.OPEN, None, None, None) for item in work.next(states.FAILED, 1 << 30)])
    else:
        work.begin(run.items, run.extract, stamp(clock.now()), wanted, same=asked_for(run.extract) == wanted)
    return work


def _read_all(run: Run, work: Checkpoint, service: Service, clock: Clock, watch: Watch) -> None:
    """Until nothing is open: ask for revisions, then for content, then add what was found on the way."""
    sizes = {states.OPEN: run.batch, states.CHANGED: run.batch}
    steps: dict[str, Callable[[list[str]], None]] = {
        states.OPEN: lambda items: _ask_revisions(work, service, items),
        states.CHANGED: lambda items: _ask_content(run, work, service, clock, items),
    }
    while True:
        for state, step in steps.items():
            while items := work.next(state, sizes[state]):
                watch(state, work.count() - work.count(states.OPEN, states.CHANGED), work.count())
                try:
                    step(items)
                except TooMuchError as error:
                    if len(items) <= LEAST:
                        work.mark((item, states.FAILED, None, None, None) for item in items)
                        work.set_note("failed", str(error))
                    sizes[state] = max(LEAST, len(items) // 2)
                else:
                    sizes[state] = min(run.batch, sizes[state] * 2)
        if not work.add(_partners(work), _WAVES):
            break
    failed = work.count(states.FAILED)
    if failed:
        shown = ", ".join(work.next(states.FAILED, 5))
        why = work.note("failed")
        raise ServiceFailed(f"{service.name}: {failed:,} items could not be read even by {LEAST} ({why}): {shown}")


def _ask_revisions(work: Checkpoint, service: Service, items: list[str]) -> None:
    """Which items of a batch are new or have changed, are redirected, or are gone. Always asked anew."""
    rows = service.select(about("revisions", items))
    revisions: dict[str, tuple[int, str]] = {}
    targets: dict[str, str] = {}
    for row in rows:
        item = row["item"].value.removeprefix(WD)
        if "target" in row:
            target = row["target"].value.removeprefix(WD)
            if is_item(target) and target != item:
                targets.setdefault(item, target)
        elif "revision" in row and row["revision"].value.isdigit():
            found = int(row["revision"].value), row["modified"].value if "modified" in row else ""
            revisions[item] = max(revisions.get(item, (0, "")), found)
    marks: list[tuple[str, str, int | None, str | None, str | None]] = []
    added: list[tuple[str, int]] = []
    changed = False
    for item in items:
        known = work.known(item)
        assert known is not None
        if item in targets:
            rows_now: Rows = {"redirects.csv": [(item, targets[item])]}
            if known.was_state != states.REDIRECT or work.rows(item).get("redirects.csv") != rows_now["redirects.csv"]:
                changed = True
                work.store([(item, states.REDIRECT, rows_now)], "")
            marks.append((item, states.REDIRECT, None, None, None))
            added.append((targets[item], known.wave))
        elif item not in revisions:
            if known.was_state != states.DELETED:
                changed = True
                work.store([(item, states.DELETED, {})], "")
            marks.append((item, states.DELETED, None, None, None))
        else:
            revision, modified = revisions[item]
            same = known.was_state == "read" and known.was == revision
            changed = changed or not same
            marks.append((item, states.SAME if same else states.CHANGED, revision, modified, None))
    work.mark(marks)
    for target, wave in added:
        work.add([target], wave)
    if changed:
        work.set_note("changed", "yes")


def _ask_content(run: Run, work: Checkpoint, service: Service, clock: Clock, items: list[str]) -> None:
    """The content of a batch. An answer of before counts when it is of the same revisions."""
    known = {item: work.known(item) for item in items}
    tag = hashlib.sha256(repr([(i, k and k.revision) for i, k in known.items()]).encode()).hexdigest()
    answers: dict[str, Iterable[Row]] = {}
    for name in CONTENT:
        answers[name] = service.select(about(name, items, run.languages), tag)
    found = extract(answers, items)
    work.store(((item, states.READ, rows) for item, rows in found.items()), stamp(clock.now()))


def _partners(work: Checkpoint) -> set[str]:
    """Items that ours name as partners and that are not on the list."""
    named = {row[1] for _, _, wave, *_, rows in work.items() if wave < _WAVES for row in rows.get("statements.csv", ())}
    return {item for item in named if work.known(item) is None}


def _finished(run: Run, work: Checkpoint, service: Service, clock: Clock) -> Result:
    if not work.note("changed") and (run.extract / "revisions.csv").exists():
        result = Result(False, work.count(), 0, work.count(states.REDIRECT), work.count(states.DELETED), 0, Drift())
        work.remove()
        return result
    new = run.extract.with_name(f".{run.extract.name}.new")
    counts = write_extract(work, new, stamp(clock.now())[:10], service.name, asked(run.languages))
    drift = compare(run.extract, new, run.work / DRIFT)
    if drift.share_percent > run.drift_percent and not run.confirmed:
        raise FindingsError(
            f"{drift}, more than {run.drift_percent:g} %; read {run.work / DRIFT}, then take it over with "
            f"--resume --confirm, or leave it. {_in_use(run.extract)}"
        )
    with ExitStack() as stack:
        if run.held is not None:
            stack.enter_context(_held(run.held, "a build reads the extract"))
        put_in_place(new, run.extract)
    result = Result(
        True, work.count(), work.count(states.READ), work.count(states.REDIRECT), work.count(states.DELETED),
        counts["problems.csv"], drift,
    )  # fmt: skip
    work.remove()
    return result


def _in_use(extract: Path) -> str:
    """Which extract stays in use."""
    path = extract / "source.toml"
    if not path.exists():
        return "There is no older extract."
    day = next((line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("extracted")), "")
    return f"The extract of {day.partition('=')[2].strip().strip(chr(34))} stays in use."
