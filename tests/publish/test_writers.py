"""Turtle, TriG and JSON-LD read back as exactly the triples that were written, by several readers."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from pathlib import Path

import pyld.jsonld
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from twinld.files import folder
from twinld.publish.dumps import read_context, write_dumps
from twinld.publish.jsonld import jsonld
from twinld.publish.lines import GraphFile, merge_graphs, write_graph
from twinld.publish.turtle import trig, turtle
from twinld.terms import Triple, boolean, date, decimal, edtf, integer, lang, text, typed
from twinld.vocab import BASE, CC0, CC_BY, GEO, ID, PREFIXES, RDF, RDFS, SCHEMA, TW, TWV, WD, WGS

CONTEXT = read_context(folder("ontology"))
LABEL, TYPE = f"<{RDFS}label>", f"<{RDF}type>"

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20).map(
    lambda value: unicodedata.normalize("NFC", value)
)
SUBJECTS = st.sampled_from(
    [f"<{ID}place/boston>", f"<{ID}place/boston#point>", f"<{ID}record/wikidata-crawl/q1-q2>", f"<{WD}Q100>"]
)
IRIS = st.sampled_from(
    [f"<{WD}Q100>", f"<{ID}agreement/boston--kyoto>", f"<{TWV}status-active>", f"<{TWV}kind-unspecified>", "<urn:x>",
     "<https://e.org/a.b>", "<https://e.org/ends.>", f"<{ID}place/x/y>", "<http://a/%20b>", f"<{TW}Place>",
     f"<{ID}place/>"]
)  # fmt: skip
VALUES = st.one_of(
    TEXTS.map(text),
    st.builds(lang, TEXTS, st.sampled_from(["en", "zh-hant", "und", "ar"])),
    st.integers(-(10**18), 10**18).map(integer),
    st.decimals(-1000, 1000, places=4).map(lambda value: decimal(Decimal(value))),
    st.booleans().map(boolean),
    st.sampled_from([date("0836-01-01"), edtf("198X"), typed("POINT(1 2)", f"{GEO}wktLiteral"), typed("x", "urn:d")]),
)
PREDICATES = st.sampled_from(
    [LABEL, *(f"<{TW}{name}>" for name in ("start", "startEarliest", "population", "distanceKm", "sameCountry", "party",
     "kind", "status", "locator", "claimValue", "claimObject")), f"<{WGS}lat>", f"<{SCHEMA}sameAs>", "<urn:other>",
     f"<{GEO}asWKT>", "<http://purl.org/dc/terms/description>", "<http://purl.org/dc/terms/publisher>"]
)  # fmt: skip
TRIPLES = st.lists(
    st.one_of(
        st.tuples(SUBJECTS, PREDICATES, VALUES | IRIS),
        st.tuples(SUBJECTS, st.just(TYPE), IRIS),
    ),
    max_size=12,
).map(lambda triples: sorted(set(triples)))


def oxigraph_reads(document: str, format_: ox.RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(document.encode(), format_)}


def as_oxigraph(triples: list[Triple]) -> set[str]:
    return oxigraph_reads("".join(f"{s} {p} {o} .\n" for s, p, o in triples), ox.RdfFormat.N_TRIPLES)


@given(TRIPLES)
def test_turtle_reads_back_the_same(triples: list[Triple]) -> None:
    assert oxigraph_reads("".join(turtle(triples, BASE)), ox.RdfFormat.TURTLE) == as_oxigraph(triples)


@given(TRIPLES)
def test_trig_reads_back_the_same_in_its_graph(triples: list[Triple]) -> None:
    document = "".join(trig([(f"{BASE}graph/curated", triples)], BASE))
    quads = list(ox.parse(document.encode(), ox.RdfFormat.TRIG))

    assert {str(quad.triple) for quad in quads} == as_oxigraph(triples)
    assert {quad.graph_name.value for quad in quads} <= {f"{BASE}graph/curated"}


@given(TRIPLES)
def test_jsonld_reads_back_the_same(triples: list[Triple]) -> None:
    document = "".join(jsonld(triples, CONTEXT))

    assert oxigraph_reads(document, ox.RdfFormat.JSON_LD) == as_oxigraph(triples)


def test_a_place_in_all_three_is_read_alike_by_rdflib_and_pyld() -> None:
    place = f"<{ID}place/malmo>"
    triples = sorted(
        [
            (place, TYPE, f"<{TW}Place>"), (place, LABEL, lang("Malmö", "sv")), (place, LABEL, lang("马尔默", "zh")),
            (place, f"<{WGS}lat>", decimal(Decimal("55.583333333"))), (place, f"<{TW}population>", integer(350647)),
            (place, f"<{TW}country>", f"<{ID}place/country-se>"), (place, f"<{TW}wikidataItem>", f"<{WD}Q2211>"),
        ]
    )  # fmt: skip
    expected = {str(t) for t in _rdflib("".join(f"{s} {p} {o} .\n" for s, p, o in triples), "nt")}
    document = "".join(jsonld(triples, CONTEXT))
    by_pyld = pyld.jsonld.to_rdf(json.loads(document), {"format": "application/n-quads"})

    assert {str(t) for t in _rdflib("".join(turtle(triples, BASE)), "turtle")} == expected
    assert {str(t) for t in _rdflib(document, "json-ld")} == expected
    assert oxigraph_reads(by_pyld, ox.RdfFormat.N_QUADS) == as_oxigraph(triples)


def _rdflib(document: str, format_: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=document, format=format_)


def test_turtle_is_readable() -> None:
    agreement = f"<{ID}agreement/boston--kyoto>"
    triples = sorted(
        [
            (agreement, TYPE, f"<{TW}Agreement>"), (agreement, f"<{TW}party>", f"<{ID}place/boston>"),
            (agreement, f"<{TW}party>", f"<{ID}place/kyoto>"), (agreement, f"<{TW}startYear>", integer(1959)),
            (agreement, f"<{TW}start>", edtf("1959")),
        ]
    )  # fmt: skip
    header = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())

    assert "".join(turtle(triples, BASE)) == (
        f"{header}\nagreement:boston--kyoto a tw:Agreement ;\n"
        "  tw:party place:boston , place:kyoto ;\n"
        '  tw:start "1959"^^edtf:EDTF-level1 ;\n'
        "  tw:startYear 1959 .\n"
    )


def test_the_short_word_for_type_stands_only_where_turtle_reads_it() -> None:
    triples = [("<http://x/s>", f"<{RDF}type>", f"<{RDF}type>"), ("<http://x/s>", "<http://x/p>", f"<{RDF}type>")]

    text_ = "".join(turtle(sorted(triples), BASE))

    assert "<http://x/s> a rdf:type ;\n  <http://x/p> rdf:type .\n" in text_


def test_jsonld_uses_the_short_keys() -> None:
    agreement = f"<{ID}agreement/boston--kyoto>"
    triples = sorted(
        [
            (agreement, TYPE, f"<{TW}Agreement>"), (agreement, f"<{TW}kind>", f"<{TWV}kind-unspecified>"),
            (agreement, f"<{TW}start>", edtf("1959")), (agreement, LABEL, lang("京都", "ja")),
        ]
    )  # fmt: skip

    assert json.loads("".join(jsonld(triples, CONTEXT)))["@graph"] == [
        {
            "id": "agreement:boston--kyoto",
            "type": "Agreement",
            "kind": "unspecified",
            "start": "1959",
            "label": {"ja": "京都"},
        }
    ]


def test_another_base_is_put_in_everywhere(tmp_path: Path) -> None:
    graph = write_graph(
        tmp_path / "g.nt", f"{BASE}graph/curated", [(f"<{ID}place/a>", TYPE, f"<{TW}Place>")], CC0, "http://x.org/"
    )
    document = "".join(turtle(graph.triples(), "http://x.org/"))

    assert graph.iri == "http://x.org/graph/curated"
    assert "w3id.org/twinld" not in graph.path.read_text() + document
    assert "place:a a tw:Place" in document


def test_graph_files_are_sorted_and_hold_each_triple_once(tmp_path: Path) -> None:
    triples = [("<urn:b>", "<urn:p>", '"1"'), ("<urn:a>", "<urn:p>", '"1"'), ("<urn:b>", "<urn:p>", '"1"')]
    one = write_graph(tmp_path / "1.nt", "urn:g", triples, CC0, BASE)
    two = write_graph(
        tmp_path / "2.nt", "urn:h", [("<urn:a>", "<urn:p>", '"1"'), ("<urn:c>", "<urn:p>", '"1"')], CC0, BASE
    )
    both = merge_graphs(tmp_path / "3.nt", [one, two], CC0)

    assert one.path.read_text() == '<urn:a> <urn:p> "1" .\n<urn:b> <urn:p> "1" .\n'
    assert (one.count, both.count, [s for s, _, _ in both.triples()]) == (2, 3, ["<urn:a>", "<urn:b>", "<urn:c>"])


@pytest.fixture
def graphs(tmp_path: Path) -> tuple[GraphFile, list[GraphFile]]:
    facts = [(f"<{ID}place/a>", TYPE, f"<{TW}Place>")]
    other = [(f"<{ID}place/sentinel>", TYPE, f"<{TW}Place>")]
    default = write_graph(tmp_path / "d.nt", None, facts, CC0, BASE)
    named = [
        write_graph(tmp_path / "c.nt", f"{BASE}graph/curated", facts, CC0, BASE),
        write_graph(tmp_path / "f.nt", f"{BASE}graph/facts/by", other, CC_BY, BASE),
        write_graph(tmp_path / "s.nt", f"{BASE}graph/source/by", other, CC_BY, BASE),
    ]
    return default, named


def test_each_licence_has_dumps_of_its_own(tmp_path: Path, graphs: tuple[GraphFile, list[GraphFile]]) -> None:
    out = tmp_path / "dumps"
    out.mkdir()
    files = list(write_dumps(out, *graphs, CC0, CONTEXT, BASE))

    assert [(f.name, f.format, f.triples, f.licence) for f in files] == [
        ("twinld.nt", "ntriples", 1, CC0), ("twinld.ttl", "turtle", 1, CC0), ("twinld.jsonld", "jsonld", 1, CC0),
        ("twinld.nq", "nquads", 1, CC0), ("twinld.trig", "trig", 1, CC0),
        ("by.nq", "nquads", 2, CC_BY), ("by.trig", "trig", 2, CC_BY),
    ]  # fmt: skip
    for file in files:
        assert ("sentinel" in (out / file.name).read_text()) == (file.licence == CC_BY), file.name
        assert (out / file.name).stat().st_size == file.bytes
