"""A headless Chromium and servers for it; skipped where the browser, its driver or the built parts are missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

import pytest

ALL = os.environ.get("TEST_BROWSER") == "all"
"""Whether every kind of page is opened, as `make browser` does."""
ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
AXE = ROOT / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
READY = {
    "/sparql": "#ask[data-ready]",
    "/sparql?query=": "#r-panel[data-drawn]",
    "/explore": "#explore[data-drawn]",
}
"""What a page has when its scripts are ready, by the start of its path."""
HARMLESS: tuple[str, ...] = ()
"""Messages of the console that say nothing wrong of a page of ours."""


@dataclass
class Tab:
    """A page of the browser, what its console said, and which other hosts it asked."""

    page: Any
    url: str
    scripts: bool = True
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a path of the server, until what it needs is there and its scripts have done their work."""
        self.page.goto(self.url + path.removeprefix("/"))
        for start, sign in READY.items():
            if self.scripts and path.startswith(start):
                self.page.wait_for_selector(sign)

    def clean(self) -> None:
        """Neither errors nor foreign requests so far."""
        assert (self.errors, self.foreign) == ([], [])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((path for name in PROGRAMS if (path := which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium; apt-get install chromium")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Callable[..., Tab]]:
    """Opens pages in contexts of their own; options are those of a context, such as `color_scheme`."""
    contexts = []

    def opened(url: str, **options: Any) -> Tab:
        context = chromium.new_context(viewport=options.pop("viewport", {"width": 1280, "height": 900}), **options)
        contexts.append(context)
        context.set_default_navigation_timeout(120_000)  # a busy machine answers late
        page = context.new_page()
        made = Tab(page, url, scripts=options.get("java_script_enabled", True))
        page.on("console", lambda said: _heard(made, said))
        page.on("pageerror", lambda error: made.errors.append(str(error)))
        page.on("request", lambda asked: _asked(made, asked.url))
        return made

    yield opened
    for context in contexts:
        context.close()


def _heard(tab: Tab, said: Any) -> None:
    if said.type == "error" and not any(words in said.text for words in HARMLESS):
        tab.errors.append(said.text)


def _asked(tab: Tab, url: str) -> None:
    if not url.startswith((tab.url, "data:", "blob:")):
        tab.foreign.append(url)


@pytest.fixture(scope="session")
def parts_made() -> None:
    if not (ROOT / "server/static/vendor/parts.json").is_file():
        pytest.skip("make browser-parts was not run")


@pytest.fixture(scope="session")
def small() -> Iterator[str]:
    """The address of a server of the small release."""
    yield from served(ROOT / "tests/data/small.trig")


@pytest.fixture(scope="session")
def real(release: Path) -> Iterator[str]:
    """The address of a server of the release."""
    yield from served(release)


def served(store: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "twinld", "serve", "--store", str(store), "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout.readline().rsplit(" ", 1)[-1].strip()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def violations(tab: Tab) -> list[str]:
    """What axe-core finds wrong on a page, one line each; the page must be of a context that bypasses the policy."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; make browser-parts")
    tab.page.add_script_tag(path=str(AXE))
    found = tab.page.evaluate("(tags) => axe.run(document, { runOnly: tags }).then((said) => said.violations)", TAGS)
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
