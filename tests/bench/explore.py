"""How long /explore takes in a headless Chromium, from the start of the navigation until every line is drawn."""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parents[2]
TIMES = 7
TARGET_MS = 1_500
WATCH = """
new MutationObserver(() => {
  const box = document.getElementById("explore");
  if (!box?.dataset.drawn || window.waiting) return;
  window.waiting = true;
  // What a script has drawn is on the screen one frame later.
  requestAnimationFrame(() => requestAnimationFrame(() => (window.drawnAt = performance.now())));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def run(release: Path, say: Callable[[str, str, str, bool | None], bool]) -> bool:
    """Print the median of some loads of the page, each in a context without a cache."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "twinld", "serve", "--store", str(release), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().rsplit(" ", 1)[-1].strip()
    try:
        with urllib.request.urlopen(f"{url}explore/data.json") as answer:  # the server is warm after that
            bytes_ = len(answer.read())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            times = []
            for _ in range(TIMES):
                page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
                page.add_init_script(WATCH)
                page.goto(f"{url}explore")
                page.wait_for_selector("#explore[data-drawn]")
                while page.evaluate("window.drawnAt ?? null") is None:
                    page.wait_for_timeout(20)
                times.append(page.evaluate("window.drawnAt"))
                drawn = page.get_attribute("#explore", "data-drawn")
                page.context.close()
            browser.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    median = statistics.median(times)
    figure = f"{median:.0f} ms ({min(times):.0f} to {max(times):.0f}), {drawn} lines, data {bytes_ / 1000:.0f} kB"
    return say("/explore in Chromium, until all is drawn", figure, f"<= {TARGET_MS} ms", median <= TARGET_MS)
