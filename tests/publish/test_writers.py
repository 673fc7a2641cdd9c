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

from twinld.errors import UsageError
from twinld.files import folder
from twinld.publish.dumps import read_context
from twinld.publish.jsonld import jsonld
from twinld.publish.lines import merge_graphs, write_graph
from twinld.publish.rdfxml import NOT_XML, namespaces, rdfxml
from twinld.publish.turtle import trig, turtle
from twinld.terms import Triple, boolean, date, decimal, edtf, integer, lang, parse, text, typed
from twinld.vocab import BASE, CC0, GEO, ID, PREFIXES, RDF, RDFS, SCHEMA, TW, TWV, WD, WGS

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


@given(TRIPLES)
def test_rdfxml_reads_back_the_same_but_for_what_xml_cannot_hold(triples: list[Triple]) -> None:
    kept = [t for t in triples if not NOT_XML.search(parse(t[2]).value)]
    document = "".join(rdfxml(kept, namespaces(BASE)))

    assert oxigraph_reads(document, ox.RdfFormat.RDF_XML) == as_oxigraph(kept)


def test_rdfxml_declares_a_foreign_namespace_where_it_is_used() -> None:
    document = "".join(rdfxml([("<urn:s>", "<http://e.org/a?b&c#p>", '"<x>"@en')], {RDF: "rdf"}))

    assert '<ns0:p xmlns:ns0="http://e.org/a?b&amp;c#" xml:lang="en">&lt;x&gt;</ns0:p>' in document
    assert {str(t) for t in _rdflib(document, "xml")} == {
        str(t) for t in _rdflib('<urn:s> <http://e.org/a?b&c#p> "<x>"@en .', "nt")
    }


def test_rdfxml_refuses_a_predicate_that_no_xml_name_stands_for() -> None:
    with pytest.raises(UsageError, match="cannot be written in RDF/XML"):
        "".join(rdfxml([("<urn:s>", "<http://e.org/1>", '"x"')], {RDF: "rdf"}))


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


def test_every_prefix_stands_for_all_before_the_last_slash_or_hash() -> None:
    """By which the writer of Turtle finds it (`twinld.publish.turtle`)."""
    assert [prefix for prefix, namespace in PREFIXES.items() if not namespace.endswith(("/", "#"))] == []
    assert len(set(PREFIXES.values())) == len(PREFIXES)
