"""axe-core finds nothing wrong (WCAG 2.2 AA), in light and dark; `make browser` opens all kinds of page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import ALL, Tab, violations

pytestmark = pytest.mark.browser
SOME = [
    "/",
    "/place/berlin",
    "/place/berlin?lang=de",
    "/examples",
    "/examples/cq04",
    "/explore",
    "/explore?lang=de",
    "/sparql",
    "/sparql?query=SELECT+*+{+?s+?p+?o+}+LIMIT+5",
]
MORE = [
    "/search?q=ma", "/place/country-se", "/agreement/berlin--istanbul", "/pair/boston--kyoto", "/source/wd50k",
    "/links?to=/place/boston&by=tw:party&in=curated", "/report?of=/place/boston&field=name&value=Boston",
    "/record/wikidata-crawl/q2861-q52502", "/graph/facts/wd50k", "/vocab/kind", "/vocab/kind-unspecified", "/dataset",
    "/catalog", "/claims", "/conflicts", "/ontology", "/shapes", "/dumps/", "/changes", "/quality", "/contribute",
    "/harvest", "/place/none",
]  # fmt: skip


MISSING = ("/catalog", "/place/none")
"""What a store of no release does not have: a 404, which the console tells."""


def looked_at(tab: Tab, path: str) -> None:
    tab.open(path)
    assert violations(tab) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("parts_made")
def test_pages_can_be_used_by_everybody(tab: Callable[..., Tab], small: str, scheme: str) -> None:
    found = tab(small, color_scheme=scheme, bypass_csp=True)

    for path in [*SOME, *(MORE if ALL else [])]:
        looked_at(found, path)


@pytest.mark.usefixtures("parts_made")
def test_no_page_says_an_error_or_asks_another_host(tab: Callable[..., Tab], small: str) -> None:
    found = tab(small)

    for path in [*SOME, *(path for path in MORE if ALL and path not in MISSING)]:
        found.open(path)
    found.clean()
