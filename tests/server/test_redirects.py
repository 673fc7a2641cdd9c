"""From identifiers to documents, from old ids to new ones, and what is said of ids that lead nowhere."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER

SEE_OTHER = [
    ("/id/place/boston", "/place/boston"),
    ("/id/place/Q100", "/place/boston"),
    ("/id/place/Q503361", "/place/malmo"),
    ("/id/place/Q311975", "/place/q311975"),
    ("/id/agreement/berlin--istanbul", "/agreement/berlin--istanbul"),
    ("/id/pair/berlin--istanbul", "/pair/berlin--istanbul"),
    ("/id/source/wd50k", "/source/wd50k"),
    ("/id/record/wd50k/q64-q406", "/record/wd50k/q64-q406"),
    ("/country/SE", "/place/country-se"),
    ("/ns", "/ontology"),
    ("/ns/0.1.0", "/ontology"),
]


@pytest.mark.parametrize(("path", "target"), SEE_OTHER)
def test_an_identifier_leads_to_its_document(client: FlaskClient, path: str, target: str) -> None:
    answer = client.get(path, headers={"Accept": "text/turtle", "Host": "evil.example"})

    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    assert client.get(target).status_code == 200


NOWHERE = ["/id/place/a/b/c", "/id/thing/boston", "/id/place/%0d%0ax", "/id/place//evil.example", "/country/%3Cb%3E"]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_no_id_is_never_redirected_to(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "Location" not in answer.headers


MERGED = [
    ("/place/boston-us", "/place/boston"),
    ("/place/boston-old", "/place/boston"),
    ("/place/boston-us.ttl", "/place/boston.ttl"),
    ("/id/place/boston-us", "/id/place/boston"),
    ("/agreement/boston-us--kyoto", "/agreement/boston--kyoto"),
]


@pytest.mark.parametrize(("path", "target"), MERGED)
def test_a_merged_id_moved_permanently(released: FlaskClient, path: str, target: str) -> None:
    answer = released.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (301, target)
    assert released.get(path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("path", ["/place/atlantis", "/id/place/atlantis", "/place/atlantis.ttl"])
def test_a_gone_id_is_gone(released: FlaskClient, path: str) -> None:
    assert (released.get(path).status_code, released.get(path).mimetype) == (410, "application/problem+json")
    page = released.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (410, "text/html")


def test_an_unknown_slug_gets_near_matches_in_the_wanted_type(client: FlaskClient) -> None:
    answer = client.get("/place/bostn", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is no place 'bostn' in this release",
        "near": ["/place/boston", "/place/q311975"],
    }

    page = client.get("/place/bostn", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (
        '<a href="/place/boston"><bdi lang="en" dir="ltr">Boston</bdi></a> <code class="curie">place/boston</code>'
        in (page.get_data(as_text=True))
    )
    assert 'role="search"' in page.get_data(as_text=True)

    assert client.get("/place/bostn.html").mimetype == "text/html"
    assert client.get("/place/bostn.ttl", headers=BROWSER).mimetype == "application/problem+json"


def test_a_wikidata_item_as_slug_names_its_place(client: FlaskClient) -> None:
    answer = client.get("/place/q100")

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["near"][0] == "/place/boston"


def test_no_other_path_is_there(client: FlaskClient) -> None:
    answer = client.get("/nothing/here")

    assert (answer.status_code, answer.json["detail"]) == (404, "there is nothing at /nothing/here")  # type: ignore[index]


def test_markup_in_a_path_is_shown_as_text(client: FlaskClient) -> None:
    text = client.get("/place/<script>alert(1)<%2Fscript>", headers=BROWSER).get_data(as_text=True)

    assert "<script>" not in text
    assert "&lt;script&gt;" in text
