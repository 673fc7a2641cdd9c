"""What the endpoint keeps and whom it lets ask: answers up to so many bytes, query seconds of each client."""

from __future__ import annotations

import pytest

from server.budget import Budget, client_of
from server.cache import Cache, Kept
from twinld.errors import OverBudget


def test_a_cache_forgets_the_least_used_and_keeps_nothing_long() -> None:
    cache = Cache(100_000)
    for number in range(40):
        cache.put(number, Kept(b"x" * 3_000, "text/csv"))
        cache.get(0)
    cache.put("long", Kept(b"x" * 4_000, "text/csv"))
    cache.put(0, Kept(b"y" * 10, "text/csv"))

    assert cache.bytes <= 100_000
    assert [cache.get(key) is None for key in (0, 1, 39, "long")] == [False, True, False, True]
    cache.clear()
    assert (cache.bytes, cache.get(0)) == (0, None)


def test_seconds_come_back_up_to_the_burst() -> None:
    now = [0.0]
    budget = Budget(60, 120, lambda: now[0])
    budget.spend("a", 150)
    with pytest.raises(OverBudget) as told:
        budget.admit("a")
    assert (told.value.retry_after_s, budget.left_s("a"), budget.left_s("b")) == (31, -30, 120)
    now[0] = 31.0
    budget.admit("a")
    now[0] = 1000.0
    assert budget.left_s("a") == 120
    without = Budget(0, 1, lambda: now[0])
    without.spend("a", 1000)
    without.admit("a")


WHO = [
    ("nobody between", "192.0.2.1", "", "192.0.2.1"),
    ("a header that anyone can send", "192.0.2.1", "10.9.9.9", "192.0.2.1"),
    ("a proxy", "10.0.0.1", "192.0.2.7", "192.0.2.7"),
    ("a proxy, and a header of the client", "10.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7"),
    ("a proxy, and a long header of the client", "10.0.0.1", "1.1.1.1, " * 1_000 + "192.0.2.7", "192.0.2.7"),
    ("two proxies", "10.0.0.1", "192.0.2.7, 10.3.0.1", "192.0.2.7"),
    ("a proxy that names nobody", "10.0.0.1", "unknown", "10.0.0.1"),
    ("IPv6", "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ("IPv4 in IPv6", "::ffff:10.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"),
]


@pytest.mark.parametrize(("address", "heard", "client"), [case[1:] for case in WHO], ids=[case[0] for case in WHO])
def test_the_client_is_who_a_trusted_proxy_heard(address: str, heard: str, client: str) -> None:
    environ = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": heard}

    assert client_of(environ, "10.0.0.0/8,fd00::/8") == client
    assert client_of(environ, "") == client_of({"REMOTE_ADDR": address}, "10.0.0.0/8"), "nobody is trusted"
