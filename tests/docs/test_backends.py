"""docs/backends.md says what the code does about other engines."""

from __future__ import annotations

from tests.backends import ENGINES
from tests.conftest import DEVIATIONS, ROOT
from twinld.store.graph_store import endpoint_beside
from twinld.store.remote_text import MAX_CHAIN, MAX_DEPTH

PAGE = (ROOT / "docs/backends.md").read_text("utf-8")


def test_every_deviation_is_documented() -> None:
    expected = [
        f"| {engine} | `{test.partition('::')[2]}` | {reason} |"
        for engine, rows in DEVIATIONS.items()
        for test, reason in rows.items()
    ]
    found = [line for line in PAGE.splitlines() if line.startswith(tuple(f"| {engine} |" for engine in ENGINES))]

    assert expected
    assert found == expected


def test_addresses_of_engines_are_those_that_push_knows() -> None:
    rows = [line.split("|") for line in PAGE.splitlines() if line.startswith("| ") and line.count("`/") == 2]
    addresses = {row[2].strip(" `"): row[3].strip(" `") for row in rows}

    assert len(addresses) == 4
    for store, query in addresses.items():
        assert endpoint_beside(f"http://127.0.0.1{store}") == f"http://127.0.0.1{query}"


def test_limits_of_a_query_text_are_those_of_the_code() -> None:
    assert f"not more than {MAX_DEPTH} brackets in each other or {MAX_CHAIN} operators" in " ".join(PAGE.split())
