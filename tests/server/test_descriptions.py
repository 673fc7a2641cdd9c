"""RDF descriptions of things: which quads, and that every format says the same."""

from __future__ import annotations

import json
import re

import pytest
import rdflib
from flask.testing import FlaskClient

from twinld import site
from twinld.errors import UsageError
from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, Format, find_format
from twinld.store import Quad, Store
from twinld.vocab import BASE, CURATED, GRAPH, ID, INFERRED, TW

BERLIN = f"{ID}place/berlin"
THINGS = [
    BERLIN,
    f"{ID}agreement/berlin--istanbul",
    f"{ID}pair/boston--kyoto",
    f"{ID}source/wd50k",
    f"{ID}record/wikidata-crawl/q2861-q52502",
    f"{BASE}vocab/kind",
    f"{BASE}dataset",
    f"{GRAPH}facts/wd50k",
]


def triples(text: bytes, row: Format) -> set[tuple[rdflib.term.Node, ...]]:
    if row.kind == "graph":
        return set(rdflib.Graph().parse(data=text, format=row.rdflib))
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format=row.rdflib)
    return {(s, p, o) for s, p, o, _ in dataset.quads((None, None, None, None))}


@pytest.mark.parametrize("iri", THINGS)
def test_every_format_says_the_same(store: Store, iri: str) -> None:
    quads = site.graph_of(store, iri)
    expected = triples("".join(f"{s} {p} {o} .\n" for s, p, o, _ in quads).encode(), find_format("nt"))

    assert expected
    for row in (*GRAPH_FORMATS, *DATASET_FORMATS):
        assert triples(site.write(quads, row), row) == expected, row.title


def test_datasets_keep_graphs_and_so_licences_apart(store: Store) -> None:
    lines = site.write(site.graph_of(store, BERLIN), find_format("nquads")).decode().splitlines()

    assert f"<{BERLIN}> <{TW}hasBeenTwinnedWith> <{ID}place/tehran> <{GRAPH}inferred/wd50k> ." in lines
    assert f"<{BERLIN}> <{TW}hasBeenTwinnedWith> <{ID}place/istanbul> <{INFERRED}> ." in lines


def subjects(quads: list[Quad]) -> set[str]:
    return {s[1:-1].removeprefix(ID) for s, _, _, _ in quads}


def test_a_place_comes_with_its_agreements_and_the_names_of_its_partners(store: Store) -> None:
    quads = site.graph_of(store, BERLIN)

    assert subjects(quads) == {
        f"{BASE}place/berlin",
        "agreement/berlin--copenhagen",
        "agreement/berlin--istanbul",
        "agreement/berlin--moscow",
        "agreement/berlin--tehran",
        "place/berlin",
        "place/berlin#point",
        "place/copenhagen",
        "place/country-de",
        "place/istanbul",
        "place/moscow",
        "place/tehran",
    }
    start = '"1989-11-17"^^<http://id.loc.gov/datatypes/edtf/EDTF-level1>'
    assert (f"<{ID}agreement/berlin--istanbul>", f"<{TW}start>", start, CURATED) in quads
    assert not any((graph or "").startswith((f"{GRAPH}source/", f"{GRAPH}review")) for *_, graph in quads)


def test_a_record_comes_with_its_claims_and_its_verdict(store: Store) -> None:
    quads = site.graph_of(store, THINGS[4])

    assert {f"{ID}{name}" for name in subjects(quads)} >= {THINGS[4], f"{THINGS[4]}#twin"}
    assert f"{GRAPH}review" in {graph for *_, graph in quads}


def test_the_document_tells_its_licences(store: Store) -> None:
    def licences(slug: str) -> list[str]:
        quads = site.graph_of(store, f"{ID}place/{slug}")
        return [o for s, p, o, _ in quads if s == f"<{BASE}place/{slug}>" and p.endswith("license>")]

    cc0, by = (f"<https://creativecommons.org/{name}/>" for name in ("publicdomain/zero/1.0", "licenses/by/4.0"))
    assert (licences("boston"), licences("berlin"), licences("q771")) == ([cc0], [by, cc0], [by])


def test_turtle_is_short_and_json_is_plain(store: Store) -> None:
    quads = site.graph_of(store, f"{ID}agreement/berlin--istanbul")

    turtle = site.write(quads, find_format("turtle")).decode()
    assert "agreement:berlin--istanbul a tw:Agreement , tw:BilateralAgreement ;" in turtle
    assert '  tw:start "1989-11-17"^^edtf:EDTF-level1' in turtle
    assert set(re.findall(r"@prefix (\w+):", turtle)) >= {"tw", "twv", "place", "edtf"}
    assert "@prefix void:" not in turtle
    nodes = json.loads(site.write(quads, find_format("jsonld")))["@graph"]
    (agreement,) = (node for node in nodes if node["id"] == "agreement:berlin--istanbul")
    assert (agreement["kind"], agreement["start"], agreement["startYear"]) == ("unspecified", "1989-11-17", 1989)


ODD = [
    ('"a \\"b\\"\\n<c> & \\\\ d"', "quotes, lines, signs"),
    ('"a ^^<b>"@en', "what looks like a datatype"),
    ('"يوم"@ar', "right to left"),
    ('"5"^^<http://www.w3.org/2001/XMLSchema#decimal>', "a decimal that looks whole"),
    ('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', "a boolean"),
    ("<http://example.org/a(b)?c=d&e=%C3%A9#f>", "an IRI with signs"),
    ("<https://w3id.org/twinld/id/place/a.b.>", "a dot at the end"),
]


@pytest.mark.parametrize("term", [case[0] for case in ODD], ids=[case[1] for case in ODD])
@pytest.mark.parametrize("row", [*GRAPH_FORMATS, *DATASET_FORMATS], ids=lambda row: row.name)
def test_odd_terms_survive_every_format(term: str, row: Format) -> None:
    quad: Quad = (f"<{BERLIN}>", "<http://example.org/terms/odd>", term, CURATED)
    expected = triples(f"{quad[0]} {quad[1]} {quad[2]} .".encode(), find_format("nt"))

    assert triples(site.write([quad], row), row) == expected


def test_what_a_format_cannot_hold_is_said() -> None:
    with pytest.raises(UsageError, match="CSV is for rows"):
        site.write([], find_format("csv"))
    with pytest.raises(UsageError, match="take Turtle"):
        site.write([("<a:b>", "<http://example.org/1>", "<a:c>", None)], find_format("rdfxml"))


def test_another_base_is_written_as_such(client: FlaskClient) -> None:
    text = client.get("/place/boston.ttl").get_data(as_text=True)

    assert f"@prefix place: <{ID}place/> ." in text
    assert "localhost" not in text
