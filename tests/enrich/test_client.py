"""The client survives every fault of a service, asks politely, and says what failed and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from twinld import __version__
from twinld.enrich.answer import Row
from twinld.enrich.cache import Cache, key_of, normal
from twinld.enrich.client import Client, Manners, TooMuchError, in_parts
from twinld.enrich.questions import about
from twinld.errors import ServiceBanned, ServiceFailed, SourceError, UsageError
from twinld.terms import Term

from .conftest import TestClock
from .front import Front

CONTACT = "https://example.org/; someone@example.org"
QUERY = about("revisions", ["Q64", "Q84"])
QUICK = Manners(timeout_s=10, max_bytes=1 << 20, pause_s=0, tries=5, failures=8)
HASTY = replace(QUICK, timeout_s=0.6)
"""For faults that a deadline has to end."""
ROWS = [("Q64", "1"), ("Q84", "1")]


def client(front: Front, clock: TestClock, manners: Manners = QUICK) -> Client:
    return Client(front.url, CONTACT, manners, clock)


def found(asked: Client, query: str = QUERY) -> list[tuple[str, str]]:
    return sorted((row["item"].value[31:], row["revision"].value) for row in asked.select(query))


SURVIVED = [
    ("status:500", 2, [1.0]),
    ("status:502", 2, [1.0]),
    ("status:503", 2, [1.0]),
    ("html200", 2, [1.0]),
    ("htmljson", 2, [1.0]),
    ("truncated", 2, [1.0]),
    ("truncjson", 2, [1.0]),
    ("error", 2, [1.0]),
    ("reset", 2, [1.0]),
    ("empty", 2, [1.0]),
    ("notatable", 2, [1.0]),
    ("boolean", 2, [1.0]),
    ("deep", 2, [1.0]),
    ("badgzip", 2, [1.0]),
    ("halfgzip", 2, [1.0]),
    ("dup", 1, []),
    ("redirect:301", 2, []),
    ("redirect:307", 2, []),
    ("redirect:303", 2, []),
    ("429:7", 2, [7.0]),
    ("429:0", 2, [1.0]),
    ("429:soon", 2, [1.0]),
    ("429:\u00b2", 2, [1.0]),
    ("429date:2026-11-22T12:00:42+00:00", 2, [42.0]),
    ("429date:2026-11-22T11:00:00+00:00", 2, [1.0]),
    ("503:120", 2, [120.0]),
]
"""A fault, the requests that it takes, and what was waited: full jitter is half of 2 s by this clock's chance."""


@pytest.mark.parametrize(("fault", "requests", "slept"), SURVIVED, ids=[row[0] for row in SURVIVED])
def test_a_fault_is_survived(front: Front, clock: TestClock, fault: str, requests: int, slept: list[float]) -> None:
    front.faults.append(fault)

    assert found(client(front, clock)) == ROWS
    assert (front.requests, clock.slept, front.most_parallel) == (requests, slept, 1)


TOO_MUCH = ["slow", "drip", "dripheaders", "huge", "bomb", "trace", "timeout500", "status:504", "status:413"]


@pytest.mark.parametrize("fault", TOO_MUCH)
def test_what_takes_too_long_or_is_too_large_is_not_asked_again_as_it_is(
    front: Front, clock: TestClock, fault: str
) -> None:
    front.faults.append(fault)

    with pytest.raises(TooMuchError):
        client(front, clock, HASTY).select(QUERY)
    assert front.requests == 1


STOPS = [
    ("status:403", ServiceBanned, "refuses us (status 403"),
    ("ban:429", ServiceBanned, "You have been banned until 2026-11-23T00:00:00Z"),
    ("ban:503", ServiceBanned, "You have been banned until"),
    ("ban:200", ServiceBanned, "refuses us (status 200: 'You have been banned until"),
    ("400", ServiceFailed, "refuses the request (status 400: 'MALFORMED QUERY')"),
    ("status:404", ServiceFailed, "refuses the request (status 404"),
    ("redirectout", ServiceFailed, "it redirects to http://localhost.example/sparql; if that is right"),
    ("429:86400", ServiceFailed, "asks to wait 86400 s (now 2026-11-22T12:00:00Z); ask again then"),
]


@pytest.mark.parametrize(("fault", "error", "message"), STOPS, ids=[row[0] for row in STOPS])
def test_a_refusal_ends_it_at_the_first_request(
    front: Front, clock: TestClock, fault: str, error: type[Exception], message: str
) -> None:
    front.faults.append(fault)

    with pytest.raises(error) as raised:
        client(front, clock).select(QUERY)
    assert message in str(raised.value)
    assert str(raised.value).startswith(front.url)
    assert (front.requests, clock.slept) == (1, [])


def test_a_circle_of_redirects_is_left(front: Front, clock: TestClock) -> None:
    front.faults.extend(["redirect:302"] * 20)

    with pytest.raises(ServiceFailed, match="redirects in a circle"):
        client(front, clock).select(QUERY)
    assert front.requests == 4


def test_back_off_doubles_and_ends_after_all_tries(front: Front, clock: TestClock) -> None:
    front.faults.extend(["status:500"] * 20)

    with pytest.raises(ServiceFailed, match="no usable answer after 5 tries, the last: status 500"):
        client(front, clock).select(QUERY)
    assert (front.requests, clock.slept) == (5, [1.0, 2.0, 4.0, 8.0])


def test_the_circuit_opens_after_failures_in_a_row_and_nothing_more_is_asked(front: Front, clock: TestClock) -> None:
    front.faults.extend(["status:500"] * 50)
    asked = client(front, clock)
    with pytest.raises(ServiceFailed):
        asked.select(QUERY)
    with pytest.raises(ServiceFailed, match="8 requests failed in a row"):
        asked.select(QUERY)
    with pytest.raises(ServiceFailed, match="8 requests failed in a row"):
        asked.select(QUERY)

    assert front.requests == 8


def test_nobody_listens(clock: TestClock) -> None:
    asked = Client("http://127.0.0.1:9/sparql", CONTACT, QUICK, clock)

    with pytest.raises(ServiceFailed, match="the connection failed"):
        asked.select(QUERY)


def test_a_request_says_who_asks_and_takes_packed_json_by_post(front: Front, clock: TestClock) -> None:
    client(front, clock).select(QUERY)

    headers = front.headers[0]
    assert front.agents == {f"twinld/{__version__} ({CONTACT}) SPARQLWrapper/2.0.0"}
    assert headers["Accept-Encoding"] == "gzip"
    assert "application/sparql-results+json" in headers["Accept"]
    assert front.queries == [QUERY]


def test_nobody_goes_online_without_a_contact(front: Front) -> None:
    with pytest.raises(UsageError, match="TWINLD_CONTACT is empty"):
        Client(front.url, "")
    assert front.requests == 0


def test_between_two_requests_there_is_a_pause(front: Front, clock: TestClock) -> None:
    asked = client(front, clock, Manners(timeout_s=5, pause_s=1))
    for _ in range(3):
        asked.select(QUERY)

    assert (front.requests, front.most_parallel, clock.slept) == (3, 1, [1.0, 1.0])


def test_another_machine_is_never_asked_without_a_pause(clock: TestClock) -> None:
    assert Client("https://query.example/sparql", CONTACT, Manners(pause_s=0), clock)._least_pause_s == 1.0


def test_an_answer_is_kept_under_the_normal_query_and_used_for_the_same_revisions_only(
    front: Front, clock: TestClock, tmp_path: Path
) -> None:
    asked = client(front, clock)
    asked.keep(Cache(tmp_path / "cache.sqlite", "2026-11-22T12:00:00Z"))
    other_layout = QUERY.replace("\n", "   \n# a comment\n")
    rows = [asked.select(QUERY, "one"), asked.select(other_layout, "one")]
    assert (front.requests, rows[0] == rows[1]) == (1, True)

    asked.select(QUERY, "two")
    asked.select(QUERY)
    assert front.requests == 3
    asked.close()


def test_an_old_answer_is_forgotten(tmp_path: Path) -> None:
    path, key = tmp_path / "cache.sqlite", key_of("http://a/", "SELECT * {}")
    old = Cache(path, "2026-11-01T00:00:00Z")
    old.put(key, "tag", b"{}", "application/json")
    assert old.get(key, "tag") == (b"{}", "application/json")
    old.close()

    new = Cache(path, "2026-11-09T00:00:00Z")
    assert new.get(key, "tag") is None
    new.close()


NORMAL = [
    ("SELECT *\n  {\t?s ?p ?o }", "SELECT * { ?s ?p ?o }"),
    ("SELECT * # all\n{ ?s ?p ?o }", "SELECT * { ?s ?p ?o }"),
    ('ASK { ?s ?p "a  # b" }', 'ASK { ?s ?p "a  # b" }'),
    ("ASK { <http://a/#b> ?p ?o }", "ASK { <http://a/#b> ?p ?o }"),
]


@pytest.mark.parametrize(("query", "expected"), NORMAL)
def test_the_normal_form_of_a_query_keeps_what_it_means(query: str, expected: str) -> None:
    assert normal(query) == expected


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_text("no database")

    with pytest.raises(SourceError, match=r"cache.sqlite: is no cache \(file is not a database\); remove it"):
        Cache(path, "2026-11-22T12:00:00Z")


def test_a_list_is_asked_for_in_smaller_parts_when_it_is_too_much() -> None:
    asked: list[int] = []

    def ask(part: Sequence[int]) -> list[Row]:
        asked.append(len(part))
        if len(part) > 50:
            raise TooMuchError("no whole answer within 90 s")
        return [{"n": Term("literal", str(number))} for number in part]

    rows = list(in_parts(range(230), ask, 200, 10))

    assert [int(row["n"].value) for row in rows] == list(range(230))
    assert asked == [200, 100, 50, 100, 50, 100, 50, 80, 40, 40]


def test_a_list_that_is_too_much_even_in_the_smallest_parts_is_given_up() -> None:
    def ask(part: Sequence[int]) -> list[Row]:
        raise TooMuchError("no whole answer within 90 s")

    with pytest.raises(ServiceFailed, match=r"10 at once are too many for the service .no whole answer within 90 s"):
        list(in_parts(range(200), ask, 200, 10))
