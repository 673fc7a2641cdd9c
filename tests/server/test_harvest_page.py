"""The page of the harvest: the application harvests itself, names what fails, and asks nobody else."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.pages.harvest import Ourselves, Replays
from tests.harvest.serving import write_release
from tests.server.conftest import BROWSER, browsing
from twinld.harvest import CHECKS

URL = "https://twins.example/at/"
FINE = {
    "one dataset": "https://w3id.org/twinld/dataset",
    "downloads": "2 files, 142 bytes",
    "conditional get": "304",
    "services": "2 services",
    "again": "not checked: no release before this one is on disk",
}


@contextmanager
def served(folder: Path) -> Iterator[FlaskClient]:
    with browsing(folder, url=URL, workers=1) as client:
        yield client


def outcomes(client: FlaskClient) -> dict[str, tuple[str, str]]:
    """Outcome and what was found by check, as the page shows them."""
    answer = client.get("/harvest", headers=BROWSER)
    assert answer.status_code == 200
    rows = re.findall(r"<tr>(<td.*?)</tr>", answer.get_data(as_text=True))
    cells = [[unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall("<td.*?>(.*?)</td>", row)] for row in rows]
    assert [row[0] for row in cells] == [check.name for check in CHECKS]
    assert [row[-1] for row in cells] == [check.remedy for check in CHECKS]
    return {row[0]: (row[1], row[2]) for row in cells}


def test_a_release_that_is_whole_can_be_harvested(tmp_path: Path) -> None:
    with served(write_release(tmp_path / "releases", "2022-11-30", "a")) as client:
        found = outcomes(client)
        page = client.get("/harvest", headers=BROWSER).get_data(as_text=True)

    assert {name for name, (outcome, _) in found.items() if outcome != "ok"} == {"again"}
    assert {name: found[name][1] for name in FINE} == FINE
    assert "Of the 17 that were made of release 2022-11-30, <strong>0</strong> failed." in page
    assert f"twinld check-harvest {URL}catalog" in page


def test_a_release_after_another_is_one_update(tmp_path: Path) -> None:
    write_release(tmp_path / "releases", "2022-11-30", "a")
    folder = write_release(tmp_path / "releases", "2023-01-31", "b", previous="2022-11-30")
    with served(folder) as client:
        assert outcomes(client)["again"] == ("ok", "0 new, 0 removed, 1 updated")


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        (lambda body: body[:-3] + b"x .", {"checksums": "places.csv: SHA-256 "}),
        (lambda body: body[:-3], {"downloads": "places.csv: 503", "access": "places.csv: 503"}),
    ],
)
def test_a_file_that_is_damaged_is_named(tmp_path: Path, change, failed) -> None:  # type: ignore[no-untyped-def]
    folder = write_release(tmp_path / "releases", "2022-11-30", "a")
    path = folder / "dumps" / "places.csv"
    path.write_bytes(change(path.read_bytes()))
    with served(folder) as client:
        found = outcomes(client)

    wrong = {name: said for name, (outcome, said) in found.items() if outcome == "failed"}
    assert set(wrong) == set(failed)
    assert all(failed[name] in said for name, said in wrong.items())


def test_it_is_made_once_a_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Ourselves.ask
    monkeypatch.setattr(Ourselves, "ask", lambda self, url, *a, **k: (asked.append(url), ask(self, url, *a, **k))[1])
    with served(write_release(tmp_path / "releases", "2022-11-30", "a")) as client:
        outcomes(client)
        first = len(asked)
        outcomes(client)

    assert first == len(asked) > 10


def test_who_comes_while_it_is_made_is_asked_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[tuple[int, str | None]] = []
    ask = Ourselves.ask

    with served(write_release(tmp_path / "releases", "2022-11-30", "a")) as client:

        def slow(self: Ourselves, url: str, *more: object, **named: object) -> object:
            if not others:
                answer = client.application.test_client().get("/harvest", headers=BROWSER)
                others.append((answer.status_code, answer.headers.get("Retry-After")))
            return ask(self, url, *more, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(Ourselves, "ask", slow)
        assert outcomes(client)["get"][0] == "ok"
        assert outcomes(client)["get"][0] == "ok"

    assert [status for status, _ in others] == [503]
    assert others[0][1] is not None


def test_no_other_server_is_asked() -> None:
    def never(_environ: object, _start: object) -> list[bytes]:
        raise AssertionError

    said = Ourselves(never, URL).ask("https://elsewhere.example/catalog")  # type: ignore[arg-type]

    assert said == "https://elsewhere.example/catalog is on another server, which is not asked from here"


def test_redirects_end(tmp_path: Path) -> None:
    def ring(_environ: object, start) -> list[bytes]:  # type: ignore[no-untyped-def]
        start("302 FOUND", [("Location", "/at/round")])
        return [b""]

    assert Ourselves(ring, URL).ask(f"{URL}a") == f"{URL}a leads from one address to the next more than 3 times"


def test_without_a_release_the_checks_are_listed(client: FlaskClient) -> None:
    page = client.get("/harvest", headers=BROWSER).get_data(as_text=True)

    assert page.count('<td class="nowrap">') == len(CHECKS)
    assert "Outcome" not in page


def test_a_harvest_that_was_made_while_somebody_came_for_the_lock_is_not_made_again() -> None:
    class Late:
        """A lock that is had only after another request has had it and made the harvest."""

        held = threading.Lock()

        def acquire(self, *, blocking: bool) -> bool:
            replays.found, replays.stamp = [], "r"
            return self.held.acquire(blocking=blocking)

        def release(self) -> None:
            self.held.release()

    made: list[str] = []
    replays = Replays(lock=Late())  # type: ignore[arg-type]

    assert replays.get("r", lambda: made.append("r") or []) == []
    assert made == []
    assert not Late.held.locked()
