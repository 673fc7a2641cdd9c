"""The Accept header, member by member (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient

from server.negotiation import DATA_PAGE, HTML, RESULTS, choose, split_suffix, takes_anything, wants_html
from tests.server.conftest import BROWSER

CASES = [
    ("no header", None, "ttl"),
    ("an empty header", "", "ttl"),
    ("curl", "*/*", "ttl"),
    ("a browser", BROWSER["Accept"], "html"),
    ("rdflib's Graph.parse", "application/rdf+xml, text/n3, text/turtle, application/trix;q=0.1", "ttl"),
    ("Comunica", "application/n-quads,application/trig;q=0.95,text/turtle;q=0.6,text/html;q=0.2", "nq"),
    ("a weight decides", "text/turtle;q=0.5, application/ld+json", "jsonld"),
    ("weight 0 refuses", "text/turtle;q=0, */*;q=0.1", "jsonld"),
    ("the exact member beats the range", "text/*;q=0.9, text/turtle;q=0.1, application/n-triples;q=0.5", "html"),
    ("a range of a type", "application/*", "jsonld"),
    ("exact before range at the same weight", "*/*, text/html", "html"),
    ("parameters do not matter", 'application/ld+json;profile="http://a/b,c;q=0"', "jsonld"),
    ("a parameter before q", "text/turtle;charset=utf-8;q=0.1, application/rdf+xml;q=0.2", "rdf"),
    ("capitals", "TEXT/TURTLE", "ttl"),
    ("a malformed member is ignored", "text, ;q=1, */turtle, application/n-triples", "nt"),
    ("a malformed weight is ignored with its member", "text/turtle;q=high, application/n-triples;q=0.1", "nt"),
    ("nothing that can be read is no wish", "bogus", "ttl"),
    ("JSON means JSON-LD", "application/json", "jsonld"),
    ("a picture", "image/png", None),
    ("everything refused", "*/*;q=0", None),
]


@pytest.mark.parametrize(("accept", "extension"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_best_representation_is_chosen(accept: str | None, extension: str | None) -> None:
    offer = choose(accept, DATA_PAGE)

    assert (offer.extension if offer else None) == extension


@pytest.mark.parametrize(("accept", "extension"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_place_comes_in_it_and_says_that_it_varies(
    client: FlaskClient, accept: str | None, extension: str | None
) -> None:
    answer = client.get("/place/boston", headers={} if accept is None else {"Accept": accept})

    assert "Accept" in answer.headers["Vary"]
    if extension is None:
        assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
        assert answer.json is not None
        assert answer.json["offered"] == [offer.media_type for offer in DATA_PAGE]
    else:
        assert answer.status_code == 200
        assert answer.mimetype == next(o.media_type for o in DATA_PAGE if o.extension == extension)


@pytest.mark.parametrize("offer", DATA_PAGE, ids=lambda offer: offer.extension)
def test_a_suffix_wins_over_accept(client: FlaskClient, offer: object) -> None:
    answer = client.get(f"/place/boston.{offer.extension}", headers={"Accept": "image/png"})

    assert (answer.status_code, answer.content_type) == (200, offer.content_type)


def test_results_have_aliases() -> None:
    assert [choose(name, RESULTS).extension for name in ("application/json", "text/xml", "text/csv")] == [
        "srj",
        "srx",
        "csv",
    ]


def test_a_suffix_that_is_none_stays_part_of_the_slug() -> None:
    assert split_suffix("a.b", DATA_PAGE) == ("a.b", None)
    assert split_suffix(".html", DATA_PAGE) == (".html", None)
    assert split_suffix("boston.html", DATA_PAGE) == ("boston", HTML)


def test_wishes_of_clients() -> None:
    assert [takes_anything(accept) for accept in (None, "", "*/*", "text/csv", "text/csv, */*;q=0.1")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [wants_html(accept) for accept in (None, "*/*", "text/html", "text/html;q=0.2, text/turtle")] == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("accept", ['"' + '\\"' * 100_000, "a/b;" + '"' * 100_001, "a/b," * 50_000, "\\" * 200_000])
def test_no_header_takes_long_to_read(accept: str) -> None:
    started = time.process_time()
    choose(accept, DATA_PAGE)

    assert time.process_time() - started < 3  # a header read again and again takes minutes
