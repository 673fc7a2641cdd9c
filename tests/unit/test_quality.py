"""The quality of a release: counts, change since the release before, drill-down and badge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from twinld.errors import NotFound
from twinld.model import Finding
from twinld.pipeline.quality import quality
from twinld.site import QualityPage, quality_badge, quality_page
from twinld.store import open_store

MALMO, SWEDEN = "https://w3id.org/twinld/id/place/malmo", "https://w3id.org/twinld/id/place/country-se"
PAIR = "https://w3id.org/twinld/id/agreement/lund--malmo"


def row(rule: str, severity: str, source: str, focus: str, country: str = "", message: str = "") -> list[str]:
    return [rule, severity, source, focus, "", "", country, message]


RULES = {
    "G05w": {"name": "country", "severity": "Warning", "message": "G05w: give the country."},
    "A01": {"name": "parties", "severity": "Violation", "message": "A01: give two parties."},
}


def page_of(folder: Path, **asked: Any) -> QualityPage:
    page = quality_page(folder, **asked)
    assert page is not None
    return page


def release(folder: Path, name: str, date: str, rows: list[list[str]]) -> Path:
    place = folder / name
    (place / "reports").mkdir(parents=True)
    (place / "manifest.json").write_text(json.dumps({"date": date}))
    document: dict[str, Any] = {"rules": RULES, "countries": {SWEDEN: "Sweden"}, "findings": rows}
    (place / "reports" / "quality.json").write_text(json.dumps(document))
    return place


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """The newer of two releases."""
    release(tmp_path, "2021-01-01", "2021-01-01", [row("G05w", "Warning", "curated", MALMO)] * 5)
    release(tmp_path, "2023-01-01", "2023-01-01", [])
    rows = [row("A01", "Violation", "facts/x", PAIR, SWEDEN, "A01: other.")]
    rows += [row("G05w", "Warning", "curated", f"{MALMO}-{number}") for number in range(150)]
    return release(tmp_path, "2022-01-01", "2022-01-01", rows)


def test_a_page_counts_by_rule_source_and_country_beside_the_release_before(two: Path) -> None:
    page = page_of(two)

    assert page.sentence == "The checks of release 2022-01-01 found 1 Violation, 150 Warnings."
    assert page.last == "2021-01-01"
    assert [(one.key, one.number, one.change) for one in page.totals] == [
        ("Violation", 1, "+1"),
        ("Warning", 150, "+145"),
        ("Info", 0, "±0"),
    ]
    assert [(one.label, one.number, one.before) for one in page.rules] == [
        ("G05w country", 150, 5),
        ("A01 parties", 1, 0),
    ]
    assert [(one.key, one.number) for one in page.sources] == [("curated", 150), ("facts/x", 1)]
    assert [(one.key, one.label, one.number) for one in page.countries] == [
        ("none", "no country known", 150),
        (SWEDEN, "Sweden", 1),
    ]


def test_findings_are_narrowed_and_come_a_hundred_a_page(two: Path) -> None:
    first, second = page_of(two, rule="G05w"), page_of(two, rule="G05w", country="none", page=2)

    assert (first.matching, first.pages, len(first.findings), len(second.findings)) == (150, 2, 100, 50)
    assert first.message == "Give the country."
    (only,) = page_of(two, country=SWEDEN).findings
    assert (only.rule, only.focus, only.country, only.message) == ("A01", PAIR, "Sweden", "Other.")
    assert page_of(two, rule="X99").findings == ()
    with pytest.raises(NotFound, match="there is no page 3; the last is 2"):
        quality_page(two, rule="G05w", page=3)


def test_a_release_without_a_report_says_so(tmp_path: Path) -> None:
    assert quality_page(tmp_path) is None
    assert quality_page(None) is None
    assert "data: unknown" in quality_badge(tmp_path)
    assert "data: unknown" in quality_badge(None)


def test_the_badge_tells_violations_first(two: Path) -> None:
    assert "<title>data: 1 violation</title>" in quality_badge(two)
    assert "<title>data: violations</title>" not in quality_badge(two)
    assert "<title>data: valid, 0 warnings</title>" in quality_badge(two.parent / "2023-01-01")


def test_a_finding_gets_the_country_of_its_place_or_of_its_first_party(tmp_path: Path) -> None:
    (tmp_path / "x.trig").write_text(
        "@prefix tw: <https://w3id.org/twinld/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f"<urn:g> {{ <{MALMO}> tw:country <{SWEDEN}> . <{PAIR}> tw:party <{MALMO}> , <urn:x> .\n"
        f'<{SWEDEN}> a tw:Country ; rdfs:label "Sweden"@en . }}'
    )
    nodes = (MALMO, PAIR, SWEDEN, "Q1")
    findings = [Finding("A01", "Violation", "curated", node, "A01: give it.") for node in nodes]

    document = quality(open_store(tmp_path / "x.trig"), findings)

    assert {found[3]: found[6] for found in document["findings"]} == {**dict.fromkeys(nodes[:3], SWEDEN), "Q1": ""}
    assert document["countries"] == {SWEDEN: "Sweden"}
    assert document["rules"]["A01"] == {"name": "parties", "severity": "Violation", "message": "A01: give it."}
