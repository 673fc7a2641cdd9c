"""The page /contribute shows the worklists that lie beside the releases, and sends no other file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html"}
INDEX = {
    "made": "2026-11-22",
    "extract": "2026-11-20",
    "classes": {"plausible": 2},
    "offers": {},
    "files": [
        {"name": "one-sided.csv", "title": "One-sided", "rows": 1540, "group": "list"},
        {"name": "quickstatements/2026-11-22-start-001.qs", "title": "Edits", "rows": 1, "group": "edits"},
    ],
}


@pytest.fixture
def lists(release_folder: Path) -> Iterator[Path]:
    folder = release_folder.parent.parent / "contribute"
    (folder / "quickstatements").mkdir(parents=True)
    (folder / "index.json").write_text(json.dumps(INDEX))
    (folder / "one-sided.csv").write_text("class\nplausible\n")
    (folder / "quickstatements" / "2026-11-22-start-001.qs").write_text("Q1\tP190\tQ2\n")
    (folder / "secret.txt").write_text("no")
    yield folder
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def test_the_page_lists_every_worklist_with_a_link(released: FlaskClient, lists: Path) -> None:
    page = released.get("/contribute", headers=BROWSER)
    text = page.get_data(as_text=True)

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-cache"
    assert "1,540 agreements are stated on one side only" in text
    assert all(f'href="/contribute/{row["name"]}"' in text for row in INDEX["files"])  # type: ignore[attr-defined,index]


@pytest.mark.parametrize(
    ("name", "media_type", "body"),
    [
        ("one-sided.csv", "text/csv; charset=utf-8", "class\nplausible\n"),
        ("quickstatements/2026-11-22-start-001.qs", "text/plain; charset=utf-8", "Q1\tP190\tQ2\n"),
    ],
)
def test_a_listed_file_is_sent(released: FlaskClient, lists: Path, name: str, media_type: str, body: str) -> None:
    answer = released.get(f"/contribute/{name}")

    assert (answer.status_code, answer.content_type, answer.get_data(as_text=True)) == (200, media_type, body)


@pytest.mark.parametrize("name", ["secret.txt", "index.json", "../releases/2022-11-30/manifest.json", "x.csv"])
def test_no_other_file_is_sent(released: FlaskClient, lists: Path, name: str) -> None:
    assert released.get(f"/contribute/{name}").status_code == 404


def test_the_release_has_lists_of_its_own_until_newer_ones_lie_beside_it(
    released: FlaskClient, release_folder: Path, lists: Path
) -> None:
    own = release_folder / "contribute"
    own.mkdir()
    (own / "index.json").write_text(json.dumps({**INDEX, "files": [], "made": "2022-11-30"}))
    shown = []
    for newer, older in ((own, lists), (lists, own)):
        os.utime(older / "index.json", (1_000_000_000, 1_000_000_000))
        os.utime(newer / "index.json", (1_100_000_000, 1_100_000_000))
        shown.append("30 November 2022" in released.get("/contribute", headers=BROWSER).get_data(as_text=True))
    shutil.rmtree(own)

    assert shown == [True, False]


def test_without_worklists_the_page_says_how_to_make_them(released: FlaskClient) -> None:
    page = released.get("/contribute", headers=BROWSER)

    assert page.status_code == 200
    assert "<code>twinld contribute</code> makes them" in page.get_data(as_text=True)
    assert released.get("/contribute/one-sided.csv").status_code == 404
