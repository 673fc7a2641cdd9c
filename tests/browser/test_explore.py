"""The map of /explore in a real browser: all of it is drawn, narrowed, selected by keyboard, kept in the address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest

from tests.browser.conftest import ALL, Tab

pytestmark = pytest.mark.browser


def opened(tab: Tab, path: str = "/explore") -> Any:
    tab.open(path)
    return tab.page


def drawn(tab: Tab, number: int) -> None:
    tab.page.wait_for_selector(f'#explore[data-drawn="{number}"]')


def test_the_map_is_narrowed_with_the_table_and_the_address(tab: Callable[..., Tab], small: str) -> None:
    found = tab(small)
    page = opened(found)
    drawn(found, 7)
    assert page.inner_text("#e-said") == "All 8 agreements: 7 on the map, 1 not located. 2 of 8 have a known start."
    page.select_option("#e-country", "de")
    drawn(found, 3)
    assert page.inner_text("#e-said").startswith("3 of 8 agreements: 3 on the map")
    page.check("#e-undated")
    drawn(found, 2)
    page.wait_for_selector("#e-table h2:text('2 agreements')")
    assert page.url == f"{small}explore?country=de&undated=no"
    again = tab(small)
    opened(again, "/explore?country=de&undated=no")
    drawn(again, 2)
    found.clean()
    again.clean()


def test_the_keyboard_selects_a_place_and_a_year(tab: Callable[..., Tab], small: str) -> None:
    found = tab(small)
    page = opened(found)
    page.focus("#e-find")
    page.keyboard.type("bost")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Boston (United States)"
    page.keyboard.press("Enter")
    page.wait_for_selector("#e-table h2:text('3 agreements')")
    assert page.inner_text("#e-said").startswith("3 of 8 agreements of Boston: 2 on the map, 1 not located.")
    assert page.url == f"{small}explore?place=boston"
    page.focus("#e-slider")
    page.keyboard.press("Home")
    assert page.input_value("#e-year") == "1989"
    drawn(found, 6)
    page.focus("#e-map")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    found.clean()


def test_the_year_leaves_what_has_no_start(tab: Callable[..., Tab], small: str) -> None:
    found = tab(small)
    page = opened(found, "/explore?year=1990")

    drawn(found, 6)
    assert page.inner_text("#e-said").startswith("7 of 8 agreements: 6 on the map, 1 not located. 1 of 7 have a known")


@pytest.mark.skipif(not ALL, reason="TEST_BROWSER=all draws it (make browser)")
def test_the_whole_release_is_drawn(tab: Callable[..., Tab], real: str) -> None:
    found = tab(real)
    page = opened(found)
    with urlopen(f"{real}explore/data.json") as answer:
        data = json.load(answer)
    located = [at is not None for at in data["places"]["at"]]
    lines = sum(
        located[one] and located[other]
        for parties in data["agreements"]["parties"]
        for place, one in enumerate(parties)
        for other in parties[place + 1 :]
    )

    assert lines > 15_000
    assert page.get_attribute("#explore", "data-drawn") == str(lines)
    assert f"All {len(data['agreements']['parties']):,} agreements" in page.inner_text("#e-said")
    found.clean()
