"""Thirty places of the release and every other kind of page: console, foreign requests, axe-core, dark, phone, print.

`make browser` opens them (some minutes). What each place is chosen for stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import ALL, Tab, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not ALL, reason="TEST_BROWSER=all opens them (make browser)"),
]
PLACES = {
    "boston": "documents, visits, two agreements under another licence",
    "q311975": "the other Boston",
    "malmo": "a name with an umlaut",
    "toledo-es": "one of two of the name",
    "toledo-us": "the other",
    "paderborn": "the longest bond",
    "le-mans": "the other side of it",
    "heihe": "Chinese names, an annual event",
    "blagoveshchensk": "the other side of it",
    "shimonoseki": "a network",
    "kaliningrad": "many partners, names that changed",
    "q643919": "no label in any language",
    "q1000112": "coordinates only under another licence",
    "q16511122": "neither a label nor coordinates",
    "saint-petersburg": "most partners",
    "rio-de-janeiro": "many partners in the south",
    "galkayo": "known only under CC BY-SA",
    "suva": "by the line of 180 degrees",
    "wellington": "lines across it",
    "utqiagvik": "in the far north",
    "ushuaia": "in the far south",
    "jerusalem": "names from right to left, a contested place",
    "taipei": "a contested country",
    "kyiv": "names in many scripts",
    "sao-paulo": "accents",
    "montreal": "agreements under another licence",
    "country-de": "a country with most agreements",
    "country-fj": "a country of few",
    "country-va": "a country that is a city",
    "tamworth": "known only under CC BY-SA, namesakes",
}
KINDS = [
    "/agreement/boston--kyoto", "/agreement/le-mans--paderborn", "/agreement/boston--sekondi-takoradi",
    "/pair/boston--kyoto", "/pair/country-de--country-fr", "/network/oeaed", "/network/sister-cities-international",
    "/organisation/italian-new-england-chamber-of-commerce", "/person/marty-walsh", "/event/belfast-boston-signing",
    "/instrument/protocol-of-five-cities", "/source/wikidata-crawl", "/source/mikhailova-2013",
    "/record/boston-gov/q100-q34600", "/graph/curated", "/vocab/kind", "/vocab/kind-twinning", "/countries",
    "/networks", "/ontology", "/shapes", "/examples", "/harvest",
    "/statistics", "/quality", "/conflicts", "/claims", "/changes", "/dumps/", "/dataset", "/catalog",
    "/contribute",
    "/chain?from=boston&to=moscow", "/search?q=malmo", "/search?type=agreement&status=ended",
    "/links?to=/place/boston&by=tw:party&in=curated", "/report?of=/place/boston&field=population&value=1",
    "/explore?country=fj", "/place/boston?as-of=1990",
]  # fmt: skip
PHONE = {"width": 390, "height": 800}


def seen(page: Any, path: str, found: Tab) -> None:
    """The page as it is, dark, on a phone and on paper: nothing wrong, nothing that sticks out."""
    assert violations(found) == [], f"{path} light"
    page.emulate_media(color_scheme="dark")
    assert violations(found) == [], f"{path} dark"
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{path} is wider than a phone"
    page.emulate_media(color_scheme="light", media="print")
    assert page.evaluate("document.querySelector('.top').checkVisibility()") is False, f"{path} prints the menu"


def looked_at(tab: Callable[..., Tab], url: str, path: str) -> None:
    strict, found = tab(url), tab(url, bypass_csp=True)
    strict.open(path)
    strict.clean()
    found.open(path)
    seen(found.page, path, found)


@pytest.mark.usefixtures("parts_made")
@pytest.mark.parametrize("slug", PLACES)
def test_a_real_place_can_be_used_by_everybody(tab: Callable[..., Tab], real: str, slug: str) -> None:
    looked_at(tab, real, f"/place/{slug}")


@pytest.mark.usefixtures("parts_made")
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("path", ["/", "/place/boston", "/place/country-de", *KINDS])
def test_a_real_page_of_every_kind_can_be_used_by_everybody(
    tab: Callable[..., Tab], real: str, path: str, language: str
) -> None:
    looked_at(tab, real, path if language == "en" else f"{path}{'&' if '?' in path else '?'}lang={language}")


@pytest.mark.usefixtures("parts_made")
def test_the_search_box_is_used_with_the_keyboard_alone(tab: Callable[..., Tab], real: str) -> None:
    found = tab(real)
    found.open("/")
    page = found.page
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('input[data-suggest]')"):
            break
    page.keyboard.type("moskva")
    page.wait_for_selector(".suggestions [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/place/moscow*")
    found.clean()


@pytest.mark.usefixtures("parts_made")
def test_the_folded_part_of_the_menu_opens_with_the_keyboard(tab: Callable[..., Tab], real: str) -> None:
    found = tab(real)
    found.open("/")
    page = found.page
    page.focus(".aside-menu summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/claims"
    assert page.evaluate("document.activeElement.checkVisibility()") is True
