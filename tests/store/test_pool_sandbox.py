"""What a worker may not do, whatever it is made to run: write files, reach the network."""

import socket
import time
from dataclasses import replace

import psutil
import pytest
from pool_runs import SETTINGS

from twinld.errors import ServiceRefused
from twinld.store import open_store
from twinld.store.pool import open_pool
from twinld.store.process import Zygote

pytestmark = pytest.mark.alone


def test_a_worker_writes_no_file(folder):
    workers = open_pool(open_store(folder), replace(SETTINGS, workers=1))
    limits = [psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE) for pid in workers.state()["pids"]]
    workers.close()

    assert set(limits) == {(0, 0)}


def test_no_text_of_a_query_reaches_the_network(folder, workers):
    """The text check is bypassed here: the engine reads `SERVICEs:x` as SERVICE, our tokens as a name."""
    assert workers.state()["sandbox"] == "seccomp"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        there = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
        query = f"PREFIX s: {there} PREFIX SERVICEs: {there} SELECT * {{ ?a ?b ?c . SERVICEs:x {{ ?s ?p ?o }} }}"

        with pytest.raises(ServiceRefused, match=r"^the query may not reach another server"):
            workers.run(query, None)

        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_worker_without_the_text_check_opens_no_socket(folder, tmp_path, monkeypatch):
    """Proves that the sandbox holds alone; the worker that runs here has the check taken out."""
    (tmp_path / "sitecustomize.py").write_text(
        "import twinld.store.embedded\ntwinld.store.embedded.refuse_service = lambda query: None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("twinld.store.process._python_path", lambda: [str(tmp_path)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        there = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        zygote = Zygote(folder, 1024)
        worker = zygote.worker()
        assert next(worker.replies(time.monotonic() + 30))[0] == b"R"
        found = []
        for word in ("SERVICE", "SERVICE SILENT"):
            query = f"ASK {{ {word} <{there}> {{ ?s ?p ?o }} }}"
            worker.ask(
                {"query": query, "format": None, "default_graphs": None, "named_graphs": None, "max_bytes": 1000}
            )
            kind, payload = next(worker.replies(time.monotonic() + 30))
            found.append((kind, b"Operation not permitted" in payload))
        worker.kill()
        worker.reap()
        zygote.close()

        assert found[0] == (b"X", True)
        with pytest.raises(TimeoutError):
            listener.accept()
