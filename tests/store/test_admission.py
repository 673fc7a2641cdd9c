"""Who may ask next, and what is not asked again: without any worker."""

import contextlib
import os
import threading
import time

import pytest

from twinld.errors import OutsideError, PoolBusy, QueryCrash, QueryTimeout, ResultTooBig, ServiceRefused
from twinld.store import frames
from twinld.store.admission import Quarantine, Queue
from twinld.store.query_text import look, refuse_service

pytestmark = pytest.mark.alone


def test_quarantine_ends_and_an_answer_clears_a_query():
    now = [0.0]
    kept = Quarantine(lambda: now[0])
    for _ in range(2):
        kept.strike("ASK  {}")
    with pytest.raises(QueryCrash):
        kept.refuse("ASK {} # all")
    kept.refuse("ASK { }")
    now[0] = 601.0
    kept.refuse("ASK {}")
    kept.strike("ASK {}")
    kept.forgive("ASK {}")
    kept.strike("ASK {}")
    kept.refuse("ASK {}")

    assert len(kept) == 0


def test_the_next_is_who_has_the_fewest_running():
    queue = Queue(2, 8, threading.RLock())
    first, second, other = (queue.enter(name, free=False) for name in ("a", "a", "b"))
    assert queue.next() is first
    queue.start(first)
    queue.leave(first)

    assert queue.next() is other
    queue.end("a")
    assert (queue.running, queue.next()) == (0, second)


@pytest.mark.parametrize(
    ("free", "closed", "woken"),
    [(True, False, ["b"]), (False, False, []), (False, True, ["a", "a", "b"]), (True, True, ["a", "a", "b"])],
)
def test_who_is_next_is_woken_when_a_worker_is_free_and_all_at_the_end(free, closed, woken):
    told = []
    queue = Queue(2, 8, threading.RLock())
    queue.start(queue.enter("a", free=True))
    queue.leave(queue.next())
    for client in ("a", "a", "b"):
        ticket = queue.enter(client, free=False)
        ticket.ready.notify = lambda client=client: told.append(client)

    queue.wake(free=free, closed=closed)

    assert told == woken


SLOW_TO_READ = [
    '"' + '\\"' * 131_000,
    "a." * 131_000,
    '"""' + '\\"""' * 65_000,
    "a-" * 131_000,
    "?" * 262_000,
    "_:" * 131_000,
]


@pytest.mark.parametrize("text", SLOW_TO_READ, ids=lambda text: text[:6])
def test_no_text_takes_long_to_read(text):
    started = time.process_time()
    look(text)
    with contextlib.suppress(ServiceRefused):
        refuse_service(text + " service")

    assert time.process_time() - started < 6  # a text read again and again takes minutes


def test_frames_come_out_as_they_went_in():
    reading, writing = os.pipe()
    sent = [(b"D", b"x" * 70_000), (b"E", b"{}"), (b"D", b"")]
    sender = threading.Thread(target=lambda: frames.send(writing, *sent))
    sender.start()
    incoming, found = frames.Frames(), []
    while len(found) < len(sent):
        found += incoming.add(os.read(reading, 1000))
    sender.join()
    os.close(reading)
    os.close(writing)

    assert sent == found


def test_errors_of_the_pool_are_services_that_failed():
    assert all(issubclass(error, OutsideError) for error in (QueryTimeout, QueryCrash, PoolBusy, ResultTooBig))
