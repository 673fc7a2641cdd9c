"""The query editor in a real browser: it asks, shows table, map, chart and timeline, and needs no mouse."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.browser.conftest import Tab
from twinld.queries import query

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("parts_made")]
MAP = query("example_map_of_boston")


@pytest.fixture
def editor(tab: Callable[..., Tab], small: str) -> Callable[..., Tab]:
    def opened(path: str = "/sparql", **options: object) -> Tab:
        found = tab(small, **options)
        found.open(path)
        return found

    return opened


def drawn(tab: Tab, view: str) -> None:
    tab.page.wait_for_selector(f"#r-panel[data-drawn={view}]")


def test_an_example_is_run_and_shown_as_table_map_and_chart(editor: Callable[..., Tab]) -> None:
    tab = editor()
    page = tab.page
    page.select_option("#e-examples", "example_map_of_boston")
    page.click("#e-take")
    page.click("button.main")
    drawn(tab, "table")
    assert page.inner_text("#r-said").startswith("2 rows, in ")
    assert page.locator("#r-panel tbody tr").all_inner_texts()[0].split("\t")[:2] == ["place:kyoto", "Kyoto en"]
    assert page.locator("#r-panel a").first.get_attribute("href") == "/place/kyoto"
    page.click("#r-map")
    drawn(tab, "map")
    assert page.locator(".map-dot").count() == 2
    assert page.locator(".map-land").get_attribute("d").startswith("M")  # type: ignore[union-attr]
    page.select_option("#e-examples", "example_timeline_of_berlin")
    page.click("#e-take")
    page.click("button.main")
    page.click("#r-timeline")
    drawn(tab, "timeline")
    assert page.locator(".chart rect").count() == 2
    page.select_option("#e-examples", "cq04")
    page.click("#e-take")
    page.click("button.main")
    page.click("#r-chart")
    drawn(tab, "chart")
    assert page.locator(".chart rect").count() == 7
    tab.clean()


def test_the_address_is_that_of_the_query_and_works_without_a_script(
    editor: Callable[..., Tab], tab: Callable[..., Tab], small: str
) -> None:
    first = editor()
    first.page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", MAP)
    first.page.click("button.main")
    drawn(first, "table")
    path = first.page.url.removeprefix(small)
    assert path == f"sparql?query={quote(MAP, safe='*').replace('%20', '+')}"
    shared = editor(path)
    drawn(shared, "table")
    assert shared.page.locator("#server-rows").count() == 0
    assert "Cite this answer" in shared.page.inner_text("#server-answer")
    plain = tab(small, java_script_enabled=False)
    plain.open(path)
    assert plain.page.inner_text("#server-rows p").startswith("2 rows.")
    assert plain.page.input_value("textarea#query") == MAP
    shared.clean()


def test_nothing_but_the_query_is_sent(editor: Callable[..., Tab]) -> None:
    tab = editor("/sparql?lang=fr")
    sent: list[str] = []
    tab.page.on("request", lambda asked: sent.append(asked.url))
    tab.page.click("button.main")
    drawn(tab, "table")

    asked = [url for url in sent if "/sparql?" in url]
    assert len(asked) == 1
    assert list(parse_qs(urlsplit(asked[0]).query)) == ["query"]


def test_the_keyboard_is_enough(editor: Callable[..., Tab]) -> None:
    tab = editor()
    page = tab.page
    page.focus("#e-query")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?c { ?c a tw:Cou", delay=5)
    page.wait_for_selector(".CodeMirror-hints")
    page.keyboard.press("Enter")
    page.keyboard.type(" }")
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert "PREFIX tw: <https://w3id.org/twinld/ns#>" in text
    assert "?c a tw:Country }" in text
    page.keyboard.press("Control+Enter")
    drawn(tab, "table")
    assert page.locator("#r-panel tbody tr").count() == 11
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Ask"
    page.focus("#r-table")
    page.keyboard.press("ArrowRight")
    drawn(tab, "response")
    tab.clean()


def test_a_mistake_is_told_where_it_is(editor: Callable[..., Tab]) -> None:
    tab = editor()
    page = tab.page
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT * {\\n ?s ?p }')")
    page.click("button.main")
    page.wait_for_selector("[role=alert]")

    assert "^" in page.inner_text("[role=alert] pre")
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getCursor().line") == 1
    assert tab.foreign == []


def test_literals_are_text_whatever_they_hold(editor: Callable[..., Tab]) -> None:
    tab = editor()
    page = tab.page
    text = """SELECT ("<img src=x onerror=alert(1)>" AS ?a) ("{{b}}" AS ?b) (IRI("javascript:alert(1)") AS ?c) {}"""
    page.evaluate("(text) => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
    page.click("button.main")
    drawn(tab, "table")

    assert page.locator("#r-panel td").all_inner_texts() == [
        "<img src=x onerror=alert(1)>",
        "{{b}}",
        "javascript:alert(1)",
    ]
    assert page.locator("#r-panel td a, #r-panel td img").count() == 0
    tab.clean()


def test_on_a_phone_the_page_does_not_scroll_sideways(editor: Callable[..., Tab]) -> None:
    tab = editor(f"/sparql?query={quote(query('cq33'))}", viewport={"width": 390, "height": 844})
    drawn(tab, "table")

    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
