"""The rules of `shapes/`: one home for id, name, severity and message, and the form of dates."""

import re
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import SH

from twinld.dates import PartialDate
from twinld.errors import SourceError
from twinld.store import open_store
from twinld.validate import check_graph, load_rules, rules
from twinld.vocab import BASE, TW

ROOT = Path(__file__).resolve().parents[2]
RULES = load_rules().by_id


def test_the_rules_were_found():
    assert {"A01", "A05", "D01", "G05", "G05w", "I01", "L01", "P02", "X01", "X08"} <= set(RULES)


def test_every_query_has_its_rule():
    files = {path.stem for path in (ROOT / "shapes" / "cross-record").glob("*.rq")}

    assert files == {rule.id for rule in RULES.values() if rule.query is not None}


@pytest.mark.parametrize("id_", sorted(id_ for id_, rule in RULES.items() if rule.query is not None))
def test_a_query_begins_with_its_question_and_returns_focus_and_graph(id_):
    query = RULES[id_].query
    text = re.sub(r"^#.*\n", "", query, flags=re.MULTILINE)

    assert re.match(r"# [A-Z].*\?", query)
    assert {"this", "graph"} <= set(re.findall(r"\?(\w+)", text.split("WHERE", 1)[0]))
    assert open_store("memory:").select(query) == []


def test_a_shape_has_a_target_or_a_query_and_never_sparql_for_each_node():
    shapes = load_rules().shapes
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)

    for id_, rule in RULES.items():
        node = rdflib.URIRef(f"{BASE}shapes#{id_}")
        assert any((node, target, None) in shapes for target in targets) == rule.is_shape, id_
        assert (rule.query is None) == (rule.is_shape or id_ == "X08"), id_
    assert (None, SH.sparql, None) not in shapes


def test_every_rule_is_in_the_documentation_with_its_severity():
    lines = (ROOT / "docs" / "shapes.md").read_text("utf-8").splitlines()
    rows = [line.split(" | ")[:2] for line in lines if re.match(r"\| `[A-Z]\d\d[a-z]?` \|", line)]

    assert rows == [[f"| `{rule.id}`", rule.severity] for rule in RULES.values()]


def test_every_rule_of_the_design_is_a_rule_or_accounted_for():
    design = ROOT.parent / "shared" / "design" / "DOMAIN.md"
    if not design.is_file():
        pytest.skip("the design is not beside the checkout")
    ids = re.findall(r"^\| ([A-Z]\d\d) \| [VWI](?:/W)? \|", design.read_text("utf-8"), re.MULTILINE)
    page = (ROOT / "docs" / "shapes.md").read_text("utf-8")
    accounted = {
        id_
        for cell in re.findall(r"^\| ([A-Z]\d\d(?:, [A-Z]\d\d)*) \|", page, re.MULTILINE)
        for id_ in cell.split(", ")
    }

    assert len(ids) == 90
    assert set(ids) - set(RULES) <= accounted <= set(ids)


CONCEPTS = [("A07", "theme"), ("A07b", "bindingness"), ("A07m", "motivation"), ("A04", "kind"), ("A05", "status")]


@pytest.mark.parametrize(("id_", "scheme"), CONCEPTS, ids=[row[1] for row in CONCEPTS])
def test_a_list_of_concepts_is_the_whole_vocabulary(id_, scheme):
    shapes = load_rules().shapes
    (head,) = shapes.objects(rdflib.URIRef(f"{BASE}shapes#{id_}"), SH["in"])
    vocabulary = rdflib.Graph().parse(ROOT / "ontology" / "vocab" / f"{scheme}.ttl")

    listed = {str(item) for item in shapes.items(head)}

    assert listed == {str(concept) for concept in vocabulary.subjects(rdflib.RDF.type, rdflib.SKOS.Concept)}


def test_what_the_shapes_need_is_read_from_them():
    found = load_rules()

    assert {f"{TW}Agreement", f"{TW}Place", f"{TW}Country", f"{TW}CityPair"} <= set(found.classes)
    assert f"{TW}Claim" not in found.classes
    assert {f"{TW}party", f"{TW}start", f"{TW}date", f"{TW}endLatest"} <= set(found.predicates)
    assert f"{TW}start" in found.targets
    assert f"{TW}party" not in found.targets
    assert not [name for name in found.predicates if "/vocab/" in name]


def test_rules_follow_another_base():
    found = load_rules("http://localhost:8000/")

    assert "http://localhost:8000/ns#Place" in found.classes
    assert "http://localhost:8000/ns#" in found.by_id["X01"].query
    assert BASE not in found.by_id["X01"].query


BROKEN = [
    ("no severity", "sh:severity sh:Violation", 'rdfs:comment "x"', "no rule"),
    ("an unknown severity", "sh:Violation", "sh:Grave", "A01 has the severity Grave"),
    ("two messages", '"A01: say."@en', '"A01: say."@en , "A01: more."@en', "A01 has 2 values of"),
    ("a message without its id", '"A01: say."@en', '"Say."@en', "the message of A01 starts otherwise"),
    ("a query that isn't there", "sh:name", "tws:query <cross-record/A01.rq> ; sh:name", "A01 names A01.rq"),
]
GOOD = """\
@base <https://w3id.org/twinld/shapes/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tws: <https://w3id.org/twinld/shapes#> .
tws:A01 sh:name "parties"@en ; sh:severity sh:Violation ; sh:message "A01: say."@en .
"""


@pytest.fixture
def shapes_in(tmp_path, monkeypatch):
    """Puts one file in place of `shapes/`."""

    def put(text: str) -> None:
        (tmp_path / "one.ttl").write_text(text, encoding="utf-8")
        monkeypatch.setattr(rules, "folder", lambda _name: tmp_path)
        load_rules.cache_clear()

    yield put
    load_rules.cache_clear()


@pytest.mark.parametrize(("claim", "old", "new", "message"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_rule_that_is_not_whole_is_refused(claim, old, new, message, shapes_in):
    shapes_in(GOOD.replace(old, new))

    if message == "no rule":
        assert load_rules().by_id == {}
    else:
        with pytest.raises(SourceError, match=re.escape(message)):
            load_rules()


def test_an_id_stands_once(shapes_in, tmp_path):
    shapes_in(GOOD)
    (tmp_path / "two.ttl").write_text(GOOD, encoding="utf-8")

    with pytest.raises(SourceError, match=r"two\.ttl: A01 stands in shapes/one\.ttl already"):
        load_rules()


# ------------------------------------------------------------------------------------------ the form of dates

RIGHT = (
    "1962", "1962-01", "1962-01-22", "0836", "-0044", "Y17000", "Y-17000", "198X", "19XX", "-01XX", "1985-04-XX",
    "1985-XX", "1985-XX-XX", "2001-21", "2001-24", "1960~", "1984?", "2004-06-11%", "1960/1991", "../1960",
    "1960/..", "1960-05/1991", "196X/1991", "0836?/19XX",
)  # fmt: skip
WRONG = (
    "62", "962", "1962-13", "1962-00", "1962-1", "1962-01-32", "1962-01-00", "1962/01/22", "1962-01-22T00:00", "1X62",
    "196x", "1962~?", "XXXX", "1962-21-01", "Y1962", "../..", "/", "1960/", "/1960", "..", "1960..1991",
    "1960/1970/1980", "1962-XX-22", "19620122", "c.1962",
)  # fmt: skip


def breaks_d01(text: str) -> bool:
    graph = rdflib.Graph()
    date = rdflib.Literal(text, datatype=rdflib.URIRef("http://id.loc.gov/datatypes/edtf/EDTF-level1"))
    graph.add((rdflib.URIRef(f"{BASE}id/agreement/a--b"), rdflib.URIRef(f"{TW}date"), date))
    return "D01" in {finding.rule for finding in check_graph(graph).findings}


@pytest.mark.parametrize("text", RIGHT)
def test_d01_takes_what_we_read_as_a_date(text):
    assert PartialDate(text).edtf == text
    assert not breaks_d01(text)


@pytest.mark.parametrize("text", WRONG)
def test_d01_refuses_what_we_do_not_read_as_a_date(text):
    with pytest.raises(ValueError, match=r"write|names|day|month|interval|ends|year"):
        PartialDate(text)
    assert breaks_d01(text)
