"""What a page and its data say: as HTML, as words, as triples."""

from __future__ import annotations

import re
from html import unescape

import rdflib
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER


def html(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
    return answer.get_data(as_text=True)


def words(client: FlaskClient, path: str) -> str:
    """The words of a page: no markup, single spaces."""
    main = html(client, path).partition("<main")[2]
    return re.sub(r" ([.,;)])", r"\1", re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))))


def turtle(client: FlaskClient, path: str) -> rdflib.Graph:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle"), path
    return rdflib.Graph().parse(data=answer.data, format="turtle")
