"""How tests ask a pool of workers: settings, queries that are soon answered or never, and waiting."""

import threading
import time

import store_data as data

from twinld.errors import OutsideError
from twinld.formats import find_format
from twinld.settings import Settings

SETTINGS = Settings(workers=2, queue_wait_s=5, query_timeout_s=20, result_max_mib=1, worker_memory_mib=1024)
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r . ?s ?t ?u }"
SMALL = data.PREFIXES + "SELECT ?start { ?a tw:start ?start }"


def body(workers, query: str, name: str | None = None, **options) -> bytes:
    with workers.run(query, find_format(name) if name else None, **options) as answer:
        read = answer.body.read()
        assert answer.length == len(read)
        assert name is None or answer.format == find_format(name)
        assert answer.seconds >= 0
    return read


def in_background(workers, query: str, **options) -> tuple[threading.Thread, list[BaseException]]:
    """A thread that runs a query, and the list that its error will be in."""
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            workers.run(query, None, **options).close()
        except OutsideError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, errors


def until(condition, seconds: float = 20.0) -> None:
    """Waits for what another process does; fails when it doesn't happen."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
