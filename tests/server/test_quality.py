"""The page of the data's quality and its badge."""

from __future__ import annotations

import json
from pathlib import Path

from flask.testing import FlaskClient

from tests.server.conftest import BROWSER


def test_the_page_leads_to_the_resources(released: FlaskClient, release_folder: Path) -> None:
    place = "https://w3id.org/twinld/id/place/malmo"
    document = {
        "rules": {"L01w": {"name": "label", "severity": "Warning", "message": "L01w: add a <label>."}},
        "countries": {},
        "findings": [["L01w", "Warning", "curated", place, "", "", "", ""]],
    }
    report = release_folder / "reports" / "quality.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps(document))

    page = released.get("/quality?rule=L01w", headers=BROWSER)
    text = page.get_data(as_text=True)

    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert 'href="/quality?rule=L01w#findings"' in text
    assert '<a href="/place/malmo">place/malmo</a>' in text
    assert "Add a &lt;label&gt;." in text
    assert released.get("/quality?page=2", headers=BROWSER).status_code == 404
    assert released.get("/quality?page=x", headers=BROWSER).status_code == 404
    badge = released.get("/quality.svg")
    assert badge.content_type.startswith("image/svg+xml")
    assert "<title>data: valid, 1 warning</title>" in badge.get_data(as_text=True)


def test_without_a_release_the_page_says_so(client: FlaskClient) -> None:
    answer = client.get("/quality", headers=BROWSER)

    assert answer.status_code == 200
    assert "so there is nothing to show" in answer.get_data(as_text=True)
    assert "data: unknown" in client.get("/quality.svg").get_data(as_text=True)
