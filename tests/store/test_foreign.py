"""RDF of strangers is read in every format that portals take, and in none does it reach anything."""

from __future__ import annotations

import pytest

from twinld.errors import SourceError
from twinld.store import foreign
from twinld.store.foreign import foreign_triples, rows_of

pytestmark = pytest.mark.alone

XSD = "http://www.w3.org/2001/XMLSchema#"
ROWS = [("http://e/a", "http://e/b", ("c", "", f"{XSD}string")), ("http://e/a", "http://e/b", "http://h/d")]
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://e/">'
    '<rdf:Description rdf:about="http://e/a"><b>c</b><b rdf:resource="d"/></rdf:Description></rdf:RDF>'
)
TEXTS = {
    "text/turtle": '<http://e/a> <http://e/b> "c" , <d> .',
    "text/n3": '<http://e/a> <http://e/b> "c" , <d> .',
    "application/rdf+xml": RDF_XML,
    "application/ld+json": '{"@graph":[{"@id":"http://e/a","http://e/b":["c",{"@id":"d"}]}]}',
    "application/n-triples": '<http://e/a> <http://e/b> "c" .\n<http://e/a> <http://e/b> <http://h/d> .\n',
}


@pytest.mark.parametrize("media_type", foreign.FOREIGN_TYPES)
def test_every_format_is_read(media_type: str) -> None:
    rows = foreign_triples(TEXTS[media_type].encode(), media_type, "http://h/c", 60)

    assert sorted(rows, key=str) == sorted(ROWS, key=str)


def test_blank_nodes_and_languages_survive() -> None:
    text = '<http://e/a> <http://e/b> _:x . _:x <http://e/c> "d"@de-AT .'
    (_, _, node), (again, _, literal) = foreign_triples(text.encode(), "text/turtle", "http://h/c", 60)

    assert node == again == "_:x"
    assert literal == ("d", "de-at", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(
        SourceError, match=r"^the catalogue as text/turtle: stopped after 0\.01 s; give a smaller file$"
    ):
        foreign_triples(b"", "text/turtle", "http://h/c", 0.01)


def test_more_triples_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MAX_TRIPLES", 1)
    with pytest.raises(SourceError, match="it holds more than 1 triples or 256,000,000 characters in them"):
        rows_of("PGE6Yj4gPGE6Yj4gPGE6Yj4sIDxhOmM+IC4=", "text/turtle", "http://h/c")
