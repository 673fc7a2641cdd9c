"""A bounded version of `make attack`: every hostile request, on the small release, with one second a query."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from tests.attack.hostile import Attack, attacks
from tests.attack.run import Report, run, send, server
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load

pytestmark = pytest.mark.alone

SMALL = Path(__file__).resolve().parents[1] / "data" / "small.trig"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk."""
    path = tmp_path_factory.mktemp("attack")
    with (path / "all.nq").open("wb") as out:
        open_store(SMALL).dump(out)
    bulk_load(path / "store", [(path / "all.nq", None)])
    return path / "store"


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return run(folder, 1, worker_memory_mib=512)


def test_there_are_more_than_two_hundred_hostile_requests() -> None:
    kinds = Counter(attack.kind for attack in attacks("127.0.0.1:9"))

    assert kinds.total() > 300
    assert set(kinds) == {
        "syntax", "encoding", "nesting", "crosses", "paths", "memory", "regex", "forgery", "updates", "protocol",
        "size", "raw",
    }  # fmt: skip


def test_every_hostile_request_has_the_right_answer_in_time(report: Report) -> None:
    assert report.faults == []
    assert sum(counts["ok"] for counts in report.verdicts.values()) > 300
    assert {status for status in report.statuses if status >= 500} <= {501, 503}  # 501: a coding of HTTP itself
    assert report.statuses[503] > 10, "nothing was expensive: the attacks have lost their edge"


def test_the_well_behaved_client_never_notices(report: Report) -> None:
    assert report.failed_probes == []
    assert len(report.probes_ms) > 300


def test_no_query_reaches_another_server(report: Report) -> None:
    assert report.hits == 0
    assert report.state["sandbox"] == "seccomp"


def test_killed_workers_mean_right_answers_or_clean_refusals(folder: Path) -> None:
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    done = threading.Event()

    def ask(number: int) -> None:
        while not done.is_set():
            number += 8
            query = quote(f"SELECT ({number} AS ?n) (COUNT(*) AS ?c) {{ ?s ?p ?o . ?s ?q ?r }}")
            status, headers, body = send(Attack("", "", frozenset(), "GET", f"/sparql?query={query}"), port, 30)
            seen[status] += 1
            if status == 200:
                row = json.loads(body)["results"]["bindings"][0]
                if row["n"]["value"] != str(number) or int(row["c"]["value"]) < 500:
                    wrong.append(body.decode())
            elif status != 503 or headers is None or "Retry-After" not in headers:
                wrong.append(f"{status} {body[:200]!r}")

    with server(folder, workers=2, budget_s=0, query_timeout_s=5) as (process, port):
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        choice, killed, end = random.Random(7), 0, time.monotonic() + 120
        while killed <= 20 and time.monotonic() < end:
            time.sleep(choice.random() / 10)
            workers = [one for zygote in process.children() for one in zygote.children()]
            if workers and seen[200] > 5 * killed:  # by number of answers, whatever the machine's speed
                os.kill(choice.choice(workers).pid, signal.SIGKILL)
                killed += 1
        done.set()
        for thread in threads:
            thread.join()
        assert psutil.pid_exists(process.pid)

    assert wrong == []
    assert killed > 20
    assert seen[200] > 100
