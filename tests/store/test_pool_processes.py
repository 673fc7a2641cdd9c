"""The processes of a pool: replaced when they die, gone when the pool or its owner is."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import store_data as data
from pool_runs import FOREVER, SETTINGS, SMALL, body, in_background, until

from twinld.errors import PoolBusy, QueryCrash, QueryTimeout, SourceError
from twinld.formats import find_format
from twinld.store import open_store
from twinld.store.pool import Usage, open_pool

pytestmark = pytest.mark.alone


def test_a_worker_killed_while_idle_is_not_noticed(workers):
    until(lambda: workers.state()["idle"] == 3)
    for pid in workers.state()["pids"]:
        os.kill(pid, signal.SIGKILL)

    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'


def test_a_worker_killed_while_idle_is_replaced(workers):
    until(lambda: workers.state()["idle"] == 3)
    pids = set(workers.state()["pids"])
    for pid in pids:
        os.kill(pid, signal.SIGKILL)

    until(lambda: workers.state()["idle"] == 3 and not pids & set(workers.state()["pids"]))


@pytest.mark.parametrize(("after_s", "error"), [(0.3, QueryTimeout), (2.0, QueryCrash)], ids=["early", "late"])
def test_a_worker_killed_from_outside_while_it_works_is_noticed_only_late(folder, after_s, error):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=2))
    until(lambda: workers.state()["idle"] == 3)
    first = set(workers.state()["pids"])
    usage = Usage()
    thread, found = in_background(workers, FOREVER, timeout_s=3, usage=usage)
    until(lambda: workers.state()["idle"] == 2)
    time.sleep(after_s)
    busy = max(first, key=lambda pid: sum(psutil.Process(pid).cpu_times()[:2]))
    os.kill(busy, signal.SIGKILL)
    thread.join()

    assert [error] == [type(one) for one in found]
    assert (usage.lost_workers, usage.run_s <= 3.5) == (1, True)
    workers.close()


CRASH = "SELECT (COUNT(*) AS ?n) { " + "{" * 90 + "}" * 90 + " FILTER(" + "!" * 4_000 + "true) }"


def test_a_query_that_kills_two_workers_is_not_run_again(folder, monkeypatch):
    (script := folder.parent / "sitecustomize.py").write_text(
        "import twinld.store.worker\ntwinld.store.worker.STACK_MIB = (1,)\n"
    )
    monkeypatch.setattr("twinld.store.process._python_path", lambda: [str(script.parent)])
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1))
    assert workers.state()["stack_mib"] == 1
    usage = Usage()

    with pytest.raises(QueryCrash, match=r"^the query brought its worker down \(SIG"):
        workers.run(CRASH, None, usage=usage)
    assert usage.lost_workers == 2
    with pytest.raises(
        QueryCrash, match=r"^this query brought 2 workers down and is not run for another 600 s"
    ) as told:
        workers.run(CRASH.replace(" FILTER", "\n # again\n FILTER"), None)

    assert told.value.retry_after_s in {600, 601}
    assert workers.state()["replaced_by"] == {"crash": 2}
    assert workers.state()["quarantined"] == 1
    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'
    workers.close()
    script.unlink()


def test_a_killed_zygote_is_replaced(folder):
    workers = open_pool(open_store(folder), SETTINGS)
    until(lambda: workers.state()["idle"] == 3)
    before = set(workers.state()["pids"])
    os.kill(workers._zygote.pid, signal.SIGKILL)

    until(lambda: workers.state()["idle"] == 3 and not before & set(workers.state()["pids"]))
    assert body(workers, "ASK {}") == b'{"head":{},"boolean":true}'
    workers.close()


def test_close_leaves_no_process_and_no_folder(folder):
    store = open_store()
    store.load(data.nquads(), find_format("nquads"))
    workers = open_pool(store, SETTINGS)
    until(lambda: workers.state()["idle"] == 3)
    pids = workers.state()["pids"]
    copies = {
        argument for pid in pids for argument in psutil.Process(pid).cmdline() if Path(argument, "CURRENT").is_file()
    }
    assert body(workers, SMALL, "csv") == b"start\r\n0836\r\n"

    workers.close()
    workers.close()

    assert [len(pids), len(copies)] == [3, 1]
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not any(Path(copy).exists() for copy in copies)
    with pytest.raises(PoolBusy, match=r"^the pool is closed"):
        workers.run("ASK {}", None)


def test_closing_ends_a_query_that_runs(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1))
    thread, errors = in_background(workers, FOREVER)
    until(lambda: workers.state()["running"] == 1)
    workers.close()
    thread.join()

    assert [PoolBusy] == [type(error) for error in errors]


def test_workers_end_with_the_process_that_started_them(folder):
    code = (
        "import sys\nfrom twinld.settings import Settings\nfrom twinld.store import open_store\n"
        "from twinld.store.pool import open_pool\n"
        "p = open_pool(open_store(sys.argv[1]), Settings(workers=1))\n"
        "print(*p.state()['pids'], flush=True)\nsys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()

    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_a_store_that_cannot_be_opened_is_an_error(tmp_path, folder):
    broken = tmp_path / "store"
    broken.mkdir()
    (broken / "CURRENT").write_text("MANIFEST-000099\n")
    store = open_store(folder)
    store._path = broken

    with pytest.raises(SourceError, match="cannot be opened as a store"):
        open_pool(store, SETTINGS)
