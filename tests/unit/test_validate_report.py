"""Checking a store, a file and a graph, and the report: sorted, counted, named by graph, in four formats."""

import csv
import io
import json
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from twinld.errors import SourceError, UsageError
from twinld.formats import find_format
from twinld.model import Finding
from twinld.store import open_store
from twinld.validate import ENGINES, Report, check_graph, check_store, compiled, load_rules, nodes
from twinld.vocab import BASE

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "data" / "small.trig"
PREFIXES = """\
@prefix agreement: <https://w3id.org/twinld/id/agreement/> .
@prefix graph: <https://w3id.org/twinld/graph/> .
@prefix place: <https://w3id.org/twinld/id/place/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix tw: <https://w3id.org/twinld/ns#> .
@prefix twv: <https://w3id.org/twinld/vocab/> .
@prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
"""
SWEDEN = 'place:country-se a tw:Place , tw:Country ; rdfs:label "Sweden"@en .\n'
MALMO = 'place:malmo a tw:Place ; rdfs:label "Malmö"@sv ; tw:country place:country-se .\n'
_APART = compiled._apart
TWO_LABELS = 'place:malmo rdfs:label "Malmo"@en , "Malmoe"@en .\n'


def store_of(text: str, name: str = "trig"):
    store = open_store("memory:", writable=True)
    store.load((PREFIXES + text).encode(), find_format(name))
    return store


def brief(report: Report) -> list[tuple[str, str, str, str]]:
    """Rule, source, last part of the focus, and value of every finding."""
    return [(f.rule, f.source, f.focus.rpartition("/")[2], f.value) for f in report.findings]


# ------------------------------------------------------------------------------------------ a store


def test_the_small_release_has_just_the_gaps_of_its_sources():
    report = check_store(open_store(SMALL))

    assert report.conforms
    found = brief(report)
    assert {row[2] for row in found if row[0] == "I06"} >= {"berlin", "q771"}, "the small release has no tw:p190Item"
    assert [row for row in found if row[0] != "I06"] == [
        ("G05w", "curated", "q311975", ""),
        ("G05w", "facts/wd50k", "q35581", ""),
        ("G05w", "facts/wd50k", "q771", ""),
        ("L01w", "facts/wd50k", "q35581", ""),
        ("L01w", "facts/wd50k", "q771", ""),
        ("L02", "curated", "q311975", "Boston"),
        ("X16i", "inferred", "boston--q311975", f"{BASE}id/place/q311975"),
    ]


def test_a_release_of_another_base_is_checked_too():
    base = "http://localhost:8000/"
    store = open_store("memory:", writable=True)
    store.load(SMALL.read_text("utf-8").replace(BASE, base).encode(), find_format("trig"))

    found = {finding.focus.replace(base, BASE) for finding in check_store(store).findings}

    assert found == {finding.focus for finding in check_store(open_store(SMALL)).findings}


SOURCES = [
    ("curated", f"graph:curated {{ {SWEDEN}{MALMO}{TWO_LABELS} }}", "L01"),
    ("inferred", "graph:inferred { place:malmo tw:hasBeenTwinnedWith place:malmo }", "X02"),
    ("facts/wd50k", f"graph:curated {{ {SWEDEN} }} <{BASE}graph/facts/wd50k> {{ {MALMO}{TWO_LABELS} }}", "L01"),
    ("inferred/wd50k", f"<{BASE}graph/inferred/wd50k> {{ agreement:a--b tw:endYear 1990 }}", "D03"),
    ("http://example.org/g", f"<http://example.org/g> {{ {SWEDEN}{MALMO}{TWO_LABELS} }}", "L01"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "rule"), SOURCES, ids=[row[0] for row in SOURCES])
def test_the_source_of_a_finding_is_the_short_name_of_its_graph(source, text, rule):
    assert (source, rule) in {(f.source, f.rule) for f in check_store(store_of(text)).findings}


def test_the_source_of_a_finding_with_a_value_is_the_graph_that_says_it():
    text = (
        f"graph:curated {{ {SWEDEN}{MALMO} }} graph:inferred {{ place:malmo tw:wikidataItem <http://example.org/Q1> }}"
    )

    assert brief(check_store(store_of(text))) == [("I01", "inferred", "malmo", "http://example.org/Q1")]


def test_what_a_cc0_graph_does_wrong_is_told_once():
    text = f"graph:curated {{ {SWEDEN}{MALMO}{TWO_LABELS} }} <{BASE}graph/facts/wd50k> {{ place:malmo wgs:lat 55.6 }}"

    assert [row[:3] for row in brief(check_store(store_of(text)))] == [("L01", "curated", "malmo")]


BESIDE = {
    "as it is": ("", True),
    "a blank node": ("place:malmo rdfs:seeAlso _:b . _:b rdfs:comment 'x' .", False),
    "a blank node as subject alone": ("_:b rdfs:comment 'x' .", False),
    "what looks like one": ("place:malmo rdfs:comment 'a _:b .' .", True),
}
"""What a graph says besides, and whether it is then checked in a store of its own."""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("more", "apart"), BESIDE.values(), ids=BESIDE)
def test_facts_of_another_licence_are_checked_with_the_cc0_graphs_beside_them(more, apart, engine, monkeypatch):
    stores = []
    monkeypatch.setattr(compiled, "_apart", lambda *given: stores.append(_APART(*given)) or stores[-1])
    facts = f"place:malmo rdfs:label 'Malmoe'@sv . {more}"

    report = check_store(
        store_of(f"graph:curated {{ {SWEDEN}{MALMO} }} <{BASE}graph/facts/wd50k> {{ {facts} }}"), engine=engine
    )

    assert [row[:3] for row in brief(report)] == [("L01", "facts/wd50k", "malmo")]
    if engine == "compiled":
        (own,) = stores
        assert (own is not None) is apart
        assert own is None or own.count(f"{BASE}graph/curated") == MALMO.count(" ; ") + 1, "only what it says of Malmö"


def test_the_focus_is_the_place_also_where_the_shape_looks_at_the_value():
    text = f"graph:curated {{ {SWEDEN}{MALMO} place:malmo wgs:lat 0.0 ; wgs:long 0.0 }}"

    assert brief(check_store(store_of(text))) == [("G04", "curated", "malmo", "0")]


def test_a_store_with_a_default_graph_only_is_checked():
    assert [row[:2] for row in brief(check_store(store_of(SWEDEN + MALMO + TWO_LABELS, "turtle")))] == [
        ("L01", "default")
    ]


BATCHES = [(1, 1), (4, 2), (5, 2), (2_000, 2_000), (2_001, 2_000)]


@pytest.mark.parametrize(("places", "batch"), BATCHES)
def test_a_violation_in_the_last_batch_is_found(places, batch, monkeypatch):
    monkeypatch.setattr(nodes, "BATCH", batch)
    text = "".join(
        f'place:p{i:04d} a tw:Place ; rdfs:label "P"@en ; tw:country place:country-se .\n' for i in range(places)
    )
    last = f"place:p{places - 1:04d} wgs:lat 91.0 .\n"
    seen = []

    store = store_of(f"graph:curated {{ {text}{last} place:a tw:isoCode 'SE' }}")

    report = check_store(store, lambda *row: seen.append(row), engine="pyshacl")

    assert [row for row in brief(report) if row[0] == "G01"] == [("G01", "curated", f"p{places - 1:04d}", "91")]
    assert ("nodes", places + 1, places + 1) in seen
    assert seen[-1][1] == seen[-1][2]


def test_the_batches_give_what_pyshacl_gives_for_the_whole(monkeypatch):
    monkeypatch.setattr(nodes, "BATCH", 3)
    import pyshacl

    together = rdflib.Graph()
    for path in sorted((ROOT / "tests" / "shapes").glob("*/invalid-*.ttl")):
        together.parse(path)
    _, expected, _ = pyshacl.validate(together, shacl_graph=load_rules().shapes)
    shapes = {str(shape).rpartition("#")[2] for shape in expected.objects(None, SH.sourceShape)}

    found = {finding.rule for finding in check_graph(together).findings}

    assert len(shapes) > 10
    assert shapes == {rule for rule in found if load_rules().by_id[rule].is_shape}


# ------------------------------------------------------------------------------------------ a file or a graph


@pytest.mark.parametrize("extension", ["ttl", "nt", "jsonld", "rdf"])
def test_triples_of_a_file_have_its_name_as_source(extension, tmp_path):
    graph = rdflib.Graph().parse(data=PREFIXES + SWEDEN + MALMO + TWO_LABELS, format="turtle")
    path = tmp_path / f"mine.{extension}"
    path.write_text(graph.serialize(format=find_format(extension).rdflib), encoding="utf-8")

    (finding,) = check_graph(path).findings

    assert (finding.rule, finding.source, finding.where) == ("L01", "mine.ttl".replace("ttl", extension), str(path))


@pytest.mark.parametrize("extension", ["trig", "nq"])
def test_quads_of_a_file_have_their_graph_as_source(extension, tmp_path):
    dataset = rdflib.Dataset()
    dataset.parse(data=PREFIXES + f"graph:curated {{ {SWEDEN}{MALMO}{TWO_LABELS} }}", format="trig")
    path = tmp_path / f"mine.{extension}"
    path.write_text(dataset.serialize(format=find_format(extension).rdflib), encoding="utf-8")

    assert [(f.rule, f.source, f.where) for f in check_graph(str(path)).findings] == [("L01", "curated", str(path))]
    assert [(f.rule, f.source, f.where) for f in check_graph(dataset).findings] == [("L01", "curated", "")]


def test_triples_beside_the_graphs_of_a_file_are_checked(tmp_path):
    path = tmp_path / "mine.trig"
    path.write_text(
        PREFIXES + SWEDEN + MALMO + TWO_LABELS + "graph:curated { place:lund a tw:Place }", encoding="utf-8"
    )

    assert ("L01", "mine.trig") in {(f.rule, f.source) for f in check_graph(path).findings}


def test_a_graph_of_rdflib_is_checked_and_left_alone():
    graph = rdflib.Graph().parse(data=PREFIXES + SWEDEN + MALMO + TWO_LABELS, format="turtle")
    before = set(graph)

    assert [(f.rule, f.source) for f in check_graph(graph).findings] == [("L01", "graph")]
    assert set(graph) == before


def test_blank_nodes_are_numbered_in_the_same_way_every_time(tmp_path):
    path = tmp_path / "mine.ttl"
    path.write_text(PREFIXES + '[] a tw:Place . [] a tw:Place ; wgs:lat 91.0 ; rdfs:label "X"@en .', encoding="utf-8")

    first, second = check_graph(path), check_graph(path)

    assert first == second
    assert [row[0] + row[2] for row in brief(first)] == ["G01_:b1", "G05w_:b1", "G05w_:b2", "L01w_:b2"]


def test_a_value_that_its_datatype_refuses_is_a_finding_and_not_a_traceback(caplog):
    report = check_store(store_of(f'graph:curated {{ {SWEDEN}{MALMO} place:malmo wgs:lat "north" }}'))

    assert {row[0] for row in brief(report)} == {"G01"}
    assert caplog.records == []


UNREADABLE = [
    ("mine.ttl", "place:malmo a", SourceError, "mine.ttl"),
    ("mine.xlsx", "", UsageError, "not the ending of an RDF file"),
    ("mine.turtle", "", UsageError, "did you mean ttl"),
    ("mine", "", UsageError, "no ending"),
]


@pytest.mark.parametrize(("name", "text", "error", "message"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_a_file_that_cannot_be_read_is_named(name, text, error, message, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(error, match=message):
        check_graph(tmp_path / name)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"none\.ttl: there is no such file"):
        check_graph(tmp_path / "none.ttl")


# ------------------------------------------------------------------------------------------ the report

BAD = Finding("A01", "Violation", "curated", f"{BASE}id/agreement/a--b", "A01: give two parties.")
FAR = Finding("X09", "Warning", "inferred", f"{BASE}id/pair/a--b", "X09: look.", "", "0")
ITEM = Finding(
    "I01",
    "Violation",
    "facts/x",
    f"{BASE}id/place/a",
    "I01: write http.",
    "a.ttl",
    "https://www.wikidata.org/entity/Q1",
)
ROW = Finding("S04", "Info", "kyiv", "kyiv-3", "'Atlantis' is no country", "kyiv.csv:3", 'a "b"')  # fmt: skip
REPORT = Report((ROW, FAR, ITEM, BAD))


def test_findings_are_sorted_and_stand_once():
    assert Report((FAR, BAD, FAR)).findings == (BAD, FAR)
    assert Report((BAD, FAR)) == Report((FAR, BAD))


def test_findings_are_counted_by_source_rule_and_severity():
    assert list(Report((FAR, BAD, ITEM)).counts.items()) == [
        (("curated", "A01", "Violation"), 1),
        (("facts/x", "I01", "Violation"), 1),
        (("inferred", "X09", "Warning"), 1),
    ]


def test_only_violations_make_a_report_not_conform():
    assert (Report().conforms, Report().violations) == (True, ())
    assert (Report((FAR, ROW)).conforms, Report((FAR, ROW)).violations) == (True, ())
    assert (REPORT.conforms, REPORT.violations) == (False, (BAD, ITEM))


def test_text_groups_by_rule_and_says_what_to_do():
    many = tuple(
        Finding("A05", "Violation", "curated", f"{BASE}id/agreement/a--{n}", "A05: derive it.") for n in range(5)
    )
    assert Report((*many, ROW, FAR)).write("text") == (
        "5 Violations, 1 Warning, 1 Info\n"
        "\n"
        "A05 Violation, 5 times: status\n"
        "  Derive it.\n"
        "  - https://w3id.org/twinld/id/agreement/a--0 (curated)\n"
        "  - https://w3id.org/twinld/id/agreement/a--1 (curated)\n"
        "  - https://w3id.org/twinld/id/agreement/a--2 (curated)\n"
        "  ... and 2 more\n"
        "\n"
        "X09 Warning, 1 time: pairs apart\n"
        "  Look.\n"
        "  - https://w3id.org/twinld/id/pair/a--b: 0 (inferred)\n"
        "\n"
        "S04 Info, 1 time\n"
        "  'Atlantis' is no country\n"
        '  - kyiv-3: a "b" (kyiv, kyiv.csv:3)\n'
    )
    assert Report().write("text") == "Nothing found.\n"


def test_text_shows_the_message_of_each_finding_where_they_differ():
    other = Finding("S04", "Info", "kyiv", "kyiv-4", "'Ruritania' is no country", "kyiv.csv:4")

    assert Report((ROW, other)).write("text") == (
        "2 Infos\n"
        "\n"
        "S04 Info, 2 times\n"
        '  - kyiv-3: a "b" (kyiv, kyiv.csv:3)\n'
        "    'Atlantis' is no country\n"
        "  - kyiv-4 (kyiv, kyiv.csv:4)\n"
        "    'Ruritania' is no country\n"
    )


def test_json_holds_everything():
    document = json.loads(REPORT.write("json"))

    assert document["conforms"] is False
    assert document["counts"][0] == {"source": "curated", "rule": "A01", "severity": "Violation", "count": 1}
    assert Report(tuple(Finding(**finding) for finding in document["findings"])) == REPORT


def test_csv_holds_everything():
    rows = list(csv.DictReader(io.StringIO(REPORT.write("csv"))))

    assert list(rows[0]) == ["rule", "severity", "source", "focus", "value", "where", "message"]
    assert Report(tuple(Finding(**row) for row in rows)) == REPORT


def test_ttl_is_a_validation_report():
    graph = rdflib.Graph().parse(data=REPORT.write("ttl"), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    results = {graph.value(result, SH.focusNode): result for result in graph.objects(report, SH.result)}

    assert [value.toPython() for value in graph.objects(report, SH.conforms)] == [False]
    assert set(results) == {
        rdflib.URIRef(BAD.focus),
        rdflib.URIRef(FAR.focus),
        rdflib.URIRef(ITEM.focus),
        rdflib.Literal("kyiv-3"),
    }
    item, row = results[rdflib.URIRef(ITEM.focus)], results[rdflib.Literal("kyiv-3")]
    assert graph.value(item, SH.sourceShape) == rdflib.URIRef(f"{BASE}shapes#I01")
    assert graph.value(item, SH.resultSeverity) == SH.Violation
    assert graph.value(item, SH.value) == rdflib.URIRef(ITEM.value)
    assert str(graph.value(item, SH.resultMessage)) == "I01: write http. (facts/x, a.ttl)"
    assert graph.value(row, SH.value) is None
    assert str(graph.value(row, SH.resultMessage)) == "'Atlantis' is no country Found: a \"b\" (kyiv, kyiv.csv:3)"


CONFORMING = [((), True), ((FAR,), False), ((BAD,), False)]


@pytest.mark.parametrize(("findings", "conforms"), CONFORMING)
def test_ttl_conforms_as_shacl_says_only_without_any_result(findings, conforms):
    graph = rdflib.Graph().parse(data=Report(findings).write("ttl"), format="turtle")

    assert [value.toPython() for value in graph.objects(None, SH.conforms)] == [conforms]


def test_an_unknown_format_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean json"):
        REPORT.write("jsno")
