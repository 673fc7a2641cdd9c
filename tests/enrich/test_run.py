"""A run asks for what has changed, survives kill -9 and failures, and never loses the last good extract."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twinld.enrich import Client, Manners, Run, enrich
from twinld.enrich.checkpoint import Checkpoint
from twinld.errors import FindingsError, LockedError, ServiceBanned, ServiceFailed, SourceError, UsageError
from twinld.publish.release import folder_lock

from .conftest import TestClock
from .driver import ITEMS
from .front import Front, of_store
from .rdf_model import Entity, Fact, Item
from .test_extract import rows
from .wikidata import Wikidata

pytestmark = pytest.mark.alone

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = 6
"""Questions that an item which is new costs its batch: its revision, and five about its content."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def read(front: Front, tmp_path: Path, clock: TestClock, **options: object) -> object:
    service = Client(front.url, "test@example.org", Manners(timeout_s=5, pause_s=0), clock)
    options = {"items": ITEMS, "batch": 10, "languages": ("en",), **options}
    run = Run(extract=tmp_path / "wikidata-live", work=tmp_path / "work", **options)  # type: ignore[arg-type]
    return enrich(run, service, clock)


def serve(wikidata: Wikidata, tmp_path: Path, *faults: str) -> Front:
    from twinld.store import open_store

    return Front(of_store(open_store(wikidata.write(tmp_path / "wikidata.nt"))), faults)


def chain(length: int) -> Wikidata:
    """Items Q1 to Q{length}, each twinned with the next."""
    wikidata = Wikidata()
    for number in range(1, length + 1):
        wikidata.entity(f"Q{number}").labels = {"en": f"Place {number}"}
        if number < length:
            wikidata.add(Fact(f"Q{number}", "P190", Item(f"Q{number + 1}")))
    return wikidata


def items(length: int) -> tuple[str, ...]:
    return tuple(f"Q{number}" for number in range(1, length + 1))


# ------------------------------------------------------------------------------------------------ what is asked


def test_a_first_run_asks_six_questions_a_batch_and_a_second_one(
    front: Front, clock: TestClock, tmp_path: Path
) -> None:
    first = read(front, tmp_path, clock, batch=200)
    asked = front.requests
    before = files(tmp_path / "wikidata-live")
    second = read(front, tmp_path, clock, batch=200)

    # revisions of seven items, and of Karlsruhe behind its redirect; their content; then the partners
    assert asked == 2 + 5 + REQUESTS
    assert front.requests - asked == 1
    assert (first.changed, second.changed) == (True, False)  # type: ignore[attr-defined]
    assert files(tmp_path / "wikidata-live") == before
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["drift.csv"]


def test_only_items_with_a_new_revision_are_read_again(clock: TestClock, tmp_path: Path) -> None:
    wikidata = chain(30)
    with serve(wikidata, tmp_path) as front:
        read(front, tmp_path, clock, items=items(30))
    wikidata.entity("Q7").labels["en"] = "Place seven"
    wikidata.entity("Q7").revision = 2
    clock.passed += 86400
    with serve(wikidata, tmp_path) as front:
        result = read(front, tmp_path, clock, items=items(30))
        assert front.requests == 3 + 5
    revisions = {row[0]: (row[2], row[4]) for row in rows(tmp_path / "wikidata-live", "revisions.csv")}

    assert (result.read, str(result.drift)) == (  # type: ignore[attr-defined]
        1,
        "0 added, 0 removed, 1 changed; 0 of 29 statements are gone (0.0 %)",
    )
    assert revisions["Q7"] == ("2", "2026-11-23T12:00:00Z")
    assert revisions["Q8"] == ("1", "2026-11-22T12:00:00Z")


def test_another_language_is_asked_of_items_that_have_not_changed(clock: TestClock, tmp_path: Path) -> None:
    wikidata = chain(3)
    wikidata.entity("Q2").labels["de"] = "Ort 2"
    with serve(wikidata, tmp_path) as front:
        read(front, tmp_path, clock, items=items(3))
        result = read(front, tmp_path, clock, items=items(3), languages=("en", "de"))
        again = read(front, tmp_path, clock, items=items(3), languages=("en", "de"))

    assert (result.read, again.changed) == (3, False)  # type: ignore[attr-defined]
    assert ("Q2", "", "de", "Ort 2") in rows(tmp_path / "wikidata-live", "labels.csv")


def test_a_run_of_other_languages_is_not_resumed(clock: TestClock, tmp_path: Path) -> None:
    with serve(chain(3), tmp_path, "ok", "status:403") as front:
        with pytest.raises(ServiceBanned):
            read(front, tmp_path, clock, items=items(3))
        with pytest.raises(UsageError, match="was begun with other languages or questions; leave --resume out"):
            read(front, tmp_path, clock, items=items(3), languages=("de",), resume=True)
        assert read(front, tmp_path, clock, items=items(3), resume=True).read == 3  # type: ignore[attr-defined]


def test_an_item_that_changes_while_it_is_read_is_read_again_by_the_next_run(clock: TestClock, tmp_path: Path) -> None:
    wikidata = chain(3)
    with serve(wikidata, tmp_path) as front:
        before = front.upstream
    wikidata.entity("Q2").labels["en"] = "Place two"
    wikidata.entity("Q2").facts.clear()
    wikidata.entity("Q2").revision = 2
    with serve(wikidata, tmp_path) as front:
        after, front.upstream = front.upstream, lambda query: before(query)
        asked = iter(range(100))
        front.upstream = lambda query: (before if next(asked) < 2 else after)(query)  # revisions, statements
        read(front, tmp_path, clock, items=items(3))
        torn = rows(tmp_path / "wikidata-live", "statements.csv")
        result = read(front, tmp_path, clock, items=items(3), confirmed=True)
        again = read(front, tmp_path, clock, items=items(3))

    assert (len(torn), result.read, again.changed) == (2, 1, False)  # type: ignore[attr-defined]
    assert [row[0] for row in rows(tmp_path / "wikidata-live", "statements.csv")] == ["Q1"]
    assert ("Q2", "", "en", "Place two") in rows(tmp_path / "wikidata-live", "labels.csv")


def test_two_runs_do_not_meet(front: Front, clock: TestClock, tmp_path: Path) -> None:
    inner: list[str] = []

    def during(query: str) -> bytes:
        if not inner:
            with pytest.raises(LockedError) as raised:
                read(front, tmp_path, TestClock())
            inner.append(str(raised.value))
        return upstream(query)

    upstream, front.upstream = front.upstream, during
    read(front, tmp_path, clock)

    assert inner == [f"{tmp_path}: another run works there; wait for it, or end it"]


def test_an_extract_is_not_replaced_while_a_build_reads_it(front: Front, clock: TestClock, tmp_path: Path) -> None:
    with folder_lock(tmp_path, extend=False):
        with pytest.raises(LockedError, match="a build reads the extract there"):
            read(front, tmp_path / "data", clock, held=tmp_path)
        asked = front.requests
    result = read(front, tmp_path / "data", clock, held=tmp_path, resume=True)

    assert (result.changed, front.requests) == (True, asked)  # type: ignore[attr-defined]
    assert (tmp_path / "data" / "wikidata-live" / "files.csv").exists()


def test_a_full_disk_is_one_line(
    front: Front, clock: TestClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Checkpoint, "store", full)
    with pytest.raises(SourceError, match=r"checkpoint.sqlite: database or disk is full; mend that and go on with"):
        read(front, tmp_path, clock)
    monkeypatch.undo()

    assert read(front, tmp_path, clock, resume=True).changed  # type: ignore[attr-defined]


def test_a_batch_that_is_too_much_is_halved(clock: TestClock, tmp_path: Path) -> None:
    with serve(chain(80), tmp_path, "trace", "status:504") as front:
        read(front, tmp_path, clock, items=items(80), batch=80)
        sizes = [query.count("wd:Q") for query in front.queries if "?revision" in query]

    assert sizes == [80, 40, 20, 40, 20]
    assert len(rows(tmp_path / "wikidata-live", "revisions.csv")) == 80


def test_one_request_at_a_time(front: Front, clock: TestClock, tmp_path: Path) -> None:
    read(front, tmp_path, clock)

    assert (front.requests > 50, front.most_parallel, len(front.agents)) == (True, 1, 1)


# ---------------------------------------------------------------------------------------------------- failures


FAILURES = [
    (["status:500"] * 9, ServiceFailed, "no usable answer after 5 tries"),
    (["html200"] * 9, ServiceFailed, "the last: it answers with text/html"),
    (["status:403"], ServiceBanned, "refuses us (status 403"),
    (["429:9999"], ServiceFailed, "asks to wait 9999 s"),
]


@pytest.mark.parametrize(("faults", "error", "message"), FAILURES, ids=[row[2] for row in FAILURES])
def test_a_failure_keeps_what_was_read_and_resume_goes_on(
    front: Front, clock: TestClock, tmp_path: Path, faults: list[str], error: type[Exception], message: str
) -> None:
    front.faults.extend(["ok"] * 20 + faults)
    with pytest.raises(error) as raised:
        read(front, tmp_path, clock)
    asked = front.requests
    front.faults.clear()
    read(front, tmp_path, clock, resume=True)
    resumed, whole = front.requests - asked, tmp_path / "whole"
    read(front, whole, TestClock())

    assert message in str(raised.value)
    assert f"items are kept in {tmp_path / 'work' / 'checkpoint.sqlite'}; go on with --resume." in str(raised.value)
    assert "There is no older extract." in str(raised.value)
    assert resumed < front.requests - asked - resumed
    assert without_times(tmp_path / "wikidata-live") == without_times(whole / "wikidata-live")


def without_times(folder: Path) -> dict[str, object]:
    """An extract without the moments at which it was read (waiting takes time)."""
    revisions = [row[:4] + row[5:] for row in rows(folder, "revisions.csv")]
    return {**files(folder), "revisions.csv": revisions, "files.csv": None}


def test_the_last_extract_stays_in_use_and_its_date_is_shown(clock: TestClock, tmp_path: Path) -> None:
    with serve(chain(5), tmp_path) as front:
        read(front, tmp_path, clock, items=items(5))
    before = files(tmp_path / "wikidata-live")
    clock.passed += 86400
    with serve(chain(5), tmp_path, *["status:500"] * 9) as front, pytest.raises(ServiceFailed) as raised:
        read(front, tmp_path, clock, items=items(5))

    assert "The extract of 2026-11-22 stays in use." in str(raised.value)
    assert files(tmp_path / "wikidata-live") == before


def test_items_that_cannot_be_read_even_alone_are_named_and_the_others_are_kept(
    clock: TestClock, tmp_path: Path
) -> None:
    with serve(chain(15), tmp_path, *["ok"] * 2, "trace") as front, pytest.raises(ServiceFailed) as raised:
        read(front, tmp_path, clock, items=items(15), batch=10)
    assert "10 items could not be read even by 10 (the rows end in an error report): Q1, Q2, Q3, Q4, Q5" in str(
        raised.value
    )
    with serve(chain(15), tmp_path) as front:
        assert read(front, tmp_path, clock, items=items(15), resume=True).changed  # type: ignore[attr-defined]


def test_a_service_that_only_fails_is_asked_no_more_than_eight_times(clock: TestClock, tmp_path: Path) -> None:
    with serve(chain(200), tmp_path, *["trace"] * 50) as front:
        with pytest.raises(ServiceFailed, match="8 requests failed in a row"):
            read(front, tmp_path, clock, items=items(200), batch=10)
        assert front.requests == 8


def test_there_is_nothing_to_resume(front: Front, clock: TestClock, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no run to resume; leave --resume out"):
        read(front, tmp_path, clock, resume=True)


def test_an_item_that_is_none_is_refused_before_anything_is_asked(
    front: Front, clock: TestClock, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="'Q64 } # ' is not a Wikidata item; write it as Q100"):
        read(front, tmp_path, clock, items=("Q64 } # ",))
    assert front.requests == 0


def test_a_run_that_died_between_two_extracts_brings_the_last_one_back(clock: TestClock, tmp_path: Path) -> None:
    with serve(chain(5), tmp_path) as front:
        read(front, tmp_path, clock, items=items(5))
        before = files(tmp_path / "wikidata-live")
        (tmp_path / "wikidata-live").rename(tmp_path / ".wikidata-live.old")
        assert not read(front, tmp_path, clock, items=items(5)).changed  # type: ignore[attr-defined]

    assert files(tmp_path / "wikidata-live") == before


def test_kill_at_twenty_random_moments_and_resume_give_the_extract_of_an_undisturbed_run(
    front: Front, tmp_path: Path
) -> None:
    def start(folder: Path, how: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "tests.enrich.driver",
            front.url,
            str(folder / "wikidata-live"),
            str(folder),
            how,
        ]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)

    def ended(process: subprocess.Popen[bytes]) -> None:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, b"")

    ended(start(tmp_path / "whole", "new"))
    expected, whole = files(tmp_path / "whole" / "wikidata-live"), front.requests
    chance, killed = random.Random(190), 0
    for number in range(20):
        folder = tmp_path / str(number)
        asked, moment = front.requests, chance.randrange(1, whole)
        process = start(folder, "new")
        while front.requests - asked < moment and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        process.kill()
        process.communicate()
        killed += process.returncode == -9
        if (folder / "checkpoint.sqlite").exists():
            ended(start(folder, "resume"))
        assert files(folder / "wikidata-live") == expected, f"killed after {moment} of {whole} requests"

    assert killed >= 18  # a run or two may have ended before its kill


# ------------------------------------------------------------------------------------------------------- drift


def test_an_extract_that_loses_too_much_waits_to_be_confirmed(clock: TestClock, tmp_path: Path) -> None:
    wikidata = chain(20)
    with serve(wikidata, tmp_path) as front:
        read(front, tmp_path, clock, items=items(20))
    before = files(tmp_path / "wikidata-live")
    for number in (3, 4):
        wikidata.entity(f"Q{number}").facts.clear()
        wikidata.entity(f"Q{number}").revision = 2
    with serve(wikidata, tmp_path) as front:
        with pytest.raises(FindingsError) as raised:
            read(front, tmp_path, clock, items=items(20))
        assert files(tmp_path / "wikidata-live") == before
        read(front, tmp_path, clock, items=items(20), resume=True, confirmed=True)

    assert "2 of 19 statements are gone (10.5 %), more than 5 %" in str(raised.value)
    assert "--resume --confirm" in str(raised.value)
    drift = rows(tmp_path / "work", "drift.csv")
    assert [(row[0], row[1], row[2]) for row in drift] == [
        ("removed", "statements.csv", "Q3"),
        ("removed", "statements.csv", "Q4"),
    ]
    assert len(rows(tmp_path / "wikidata-live", "statements.csv")) == 17


def test_drift_tells_what_was_added_removed_and_changed(clock: TestClock, tmp_path: Path) -> None:
    wikidata = chain(40)
    with serve(wikidata, tmp_path) as front:
        read(front, tmp_path, clock, items=items(40))
    changed, removed = wikidata.entity("Q5"), wikidata.entity("Q6")
    changed.facts = [Fact("Q5", "P190", Item("Q6"), guid=changed.facts[0].id, rank="deprecated")]
    removed.facts.clear()
    wikidata.add(Fact("Q7", "P190", Item("Q1")))
    for qid in ("Q5", "Q6", "Q7"):
        wikidata.entity(qid).revision = 2
    with serve(wikidata, tmp_path) as front:
        result = read(front, tmp_path, clock, items=items(40))

    drift = result.drift  # type: ignore[attr-defined]
    assert (drift.added, drift.removed, drift.changed) == (1, 1, 1)
    assert sorted((row[0], row[2]) for row in rows(tmp_path / "work", "drift.csv")) == [
        ("added", "Q7"),
        ("changed", "Q5"),
        ("removed", "Q6"),
    ]


def test_redirected_and_deleted_items_are_flagged(clock: TestClock, tmp_path: Path) -> None:
    wikidata = chain(40)
    with serve(wikidata, tmp_path) as front:
        read(front, tmp_path, clock, items=items(40))
    wikidata.entities["Q9"] = Entity("Q9", target="Q10")
    del wikidata.entities["Q20"]
    with serve(wikidata, tmp_path) as front:
        result = read(front, tmp_path, clock, items=items(40), confirmed=True)
        again = read(front, tmp_path, clock, items=items(40))
    states = {row[0]: row[1] for row in rows(tmp_path / "wikidata-live", "revisions.csv")}

    assert (result.redirected, result.deleted, again.changed) == (1, 1, False)  # type: ignore[attr-defined]
    assert (states["Q9"], states["Q20"], states["Q10"]) == ("redirect", "deleted", "read")
    assert rows(tmp_path / "wikidata-live", "redirects.csv") == [("Q9", "Q10")]
