"""What only a graph under another licence says stands on a page with its licence, and what is CC0 without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import browsing
from tests.server.reading import html
from tests.server.test_place_page import nesting

SHARED = """@prefix tw: <https://w3id.org/twinld/ns#> . @prefix place: <https://w3id.org/twinld/id/place/> .
    @prefix agreement: <https://w3id.org/twinld/id/agreement/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix graph: <https://w3id.org/twinld/graph/> . @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
    @prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
    graph:curated {
      place:country-yy a tw:Place , tw:Country ; rdfs:label "Whyland"@en ; tw:isoCode "YY" .
      place:near a tw:Place ; rdfs:label "Near"@en ; tw:country place:country-yy ; wgs:lat 1.0 ; wgs:long 2.0 .
      place:half a tw:Place ; rdfs:label "Halfway"@und .
      agreement:half--near a tw:Agreement ; tw:party place:half , place:near .
    }
    <https://w3id.org/twinld/graph/facts/shared> {
      place:half a tw:Place ; rdfs:label "Half"@en ; tw:country place:country-yy ; wgs:lat 3.0 ; wgs:long 4.0 .
      place:theirs a tw:Place ; rdfs:label "Theirs"@en .
      agreement:near--theirs a tw:Agreement ; tw:party place:near , place:theirs .
    }
    graph:release {
      <https://w3id.org/twinld/graph/facts/shared> a sd:NamedGraph ;
        dcterms:license <https://creativecommons.org/licenses/by-sa/4.0/> .
      graph:curated a sd:NamedGraph ; dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> .
    }"""
MARK = '<span class="licence" title="not CC0: only graph facts/shared says so">CC BY-SA 4.0</span>'


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = tmp_path_factory.mktemp("shared") / "shared.trig"
    path.write_text(SHARED, encoding="utf-8")
    with browsing(path) as client:
        yield client


WHYLAND = '<a href="/place/country-yy"><bdi lang="en" dir="ltr">Whyland</bdi>'
HALF = '<a href="/place/half"><bdi lang="und" dir="auto">Halfway</bdi>'
NEAR = '<a href="/place/near"><bdi lang="en" dir="ltr">Near</bdi>'
THEIRS = '<a href="/place/theirs"><bdi lang="en" dir="ltr">Theirs</bdi>'


@pytest.mark.parametrize(
    ("path", "marked", "free"),
    [
        ("/place/near", [f"<td>{WHYLAND} {MARK}", f"{THEIRS} {MARK}"], [f"<dd>{WHYLAND}</a>", f'"row">{HALF}</a>']),
        ("/place/half", [f"<dd>{WHYLAND} {MARK}", f"3.0000, 4.0000</a> {MARK}", f"Half</span> {MARK}"],
         ['<h1><bdi lang="und" dir="auto">Halfway</bdi></h1>', f"<td>{WHYLAND}</a>", "Halfway</span></dd>"]),
        ("/place/theirs", [f'<h1><bdi lang="en" dir="ltr">Theirs</bdi> {MARK}</h1>'], [f"<td>{WHYLAND}</a>"]),
        ("/place/country-yy", [f"<li>{HALF} {MARK}"], [f"<li>{NEAR}</a>"]),
        ("/agreement/half--near", [f"{WHYLAND} {MARK}"], [f"{WHYLAND}</a>", f"{HALF}</a>"]),
        ("/agreement/near--theirs", [f"{THEIRS} {MARK}"], [f"{WHYLAND}</a>"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_only_another_licence_has_is_marked(
    shared: FlaskClient, path: str, marked: list[str], free: list[str]
) -> None:
    text = html(shared, path)

    assert [part in text for part in marked] == [True] * len(marked)
    assert [part in text for part in free] == [True] * len(free), "what is CC0 is not marked"
    assert nesting(text) == ([], [])


@pytest.mark.parametrize("path", ["/place/near", "/place/half", "/agreement/half--near"])
def test_a_map_names_the_points_that_are_not_cc0(shared: FlaskClient, path: str) -> None:
    text = html(shared, path)

    assert f"Drawn where only a graph under another licence has them: {HALF} {MARK}</a>." in text
