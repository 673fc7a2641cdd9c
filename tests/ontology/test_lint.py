"""The lint of the ontology (shapes/ontology.ttl): our terms and concepts pass, and each rule has been seen to fail."""

import re
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, URIRef

from twinld import vocab
from twinld.validate.rules import load_rules, shape_files

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
OWN = [ONTOLOGY / "twinld.ttl", ONTOLOGY / "axioms.ttl", *sorted((ONTOLOGY / "vocab").glob("**/*.ttl"))]
SHAPES = Graph().parse(ROOT / "shapes" / "ontology.ttl")
IDS = sorted(str(node).rpartition("#")[2] for node in SHAPES.subjects(SH.severity))

TW = Namespace(vocab.TW)
TWV = Namespace(vocab.TWV)
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in vocab.PREFIXES.items())

GOOD = """
tw:Agreement a owl:Class ;
  rdfs:label "agreement"@en , "Abkommen"@de ;
  skos:definition "What two or more have agreed on."@en ;
  skos:example "Boston and Kyoto."@en ;
  rdfs:isDefinedBy <https://w3id.org/twinld/ns> ;
  vs:term_status "testing" .

tw:kind a owl:ObjectProperty ;
  rdfs:label "kind"@en , "Art"@de ;
  skos:definition "What sort of agreement it is."@en ;
  skos:example "Twinning for Boston and Kyoto."@en ;
  rdfs:domain tw:Agreement ;
  rdfs:isDefinedBy <https://w3id.org/twinld/ns> ;
  vs:term_status "testing" .

tw:start a owl:DatatypeProperty ;
  rdfs:label "start"@en , "Beginn"@de ;
  skos:definition "When it began."@en ;
  skos:example "1959 for Boston and Kyoto."@en ;
  schema:domainIncludes tw:Agreement ;
  rdfs:isDefinedBy <https://w3id.org/twinld/ns> ;
  vs:term_status "testing" .

twv:kind a skos:ConceptScheme ;
  skos:prefLabel "kind"@en , "Art"@de ;
  skos:definition "What sort of agreement it is."@en , "Welche Art es ist."@de .

twv:kind-trade a skos:Concept ;
  skos:prefLabel "trade"@en , "Handel"@de , "commerce"@fr ;
  skos:definition "About trade."@en , "Über Handel."@de ;
  skos:notation "trade" ;
  skos:inScheme twv:kind ;
  skos:topConceptOf twv:kind .

twv:kind-friendship a skos:Concept ;
  skos:prefLabel "friendship"@en , "Freundschaft"@de ;
  skos:definition "About friendship."@en , "Über Freundschaft."@de ;
  skos:notation "friendship" ;
  skos:inScheme twv:kind ;
  skos:broader twv:kind-trade .

agreement:x tw:kind twv:kind-trade .
"""

FAULTS = [
    ("O01", "without a label in German", ' , "Abkommen"@de', "", TW.Agreement),
    ("O01", "with a label of no language", '"Beginn"@de', '"Beginn"', TW.start),
    ("O01", "with two labels in English", '"Abkommen"@de', '"Abkommen"@de , "pact"@en', TW.Agreement),
    ("O02", "without a definition", '  skos:definition "When it began."@en ;\n', "", TW.start),
    ("O02", "with a definition of two sentences", "When it began.", "When it began. Or not.", TW.start),
    ("O03", "without an example", '  skos:example "Boston and Kyoto."@en ;\n', "", TW.Agreement),
    ("O04", "of another ontology", "<https://w3id.org/twinld/ns> ;", "<http://example.org/> ;", TW.Agreement),
    ("O05", "with a status of its own", '"testing"', '"nearly done"', TW.Agreement),
    ("O06", "on nothing", "  schema:domainIncludes tw:Agreement ;\n", "", TW.start),
    ("O06", "on nothing, with a class for its values", "rdfs:domain tw:", "rdfs:range tw:", TW.kind),
    ("O07", "with the label of another property", '"Beginn"@de', '"Art"@de', TW.start),
    ("O08", "with the example of another term", "1959 for Boston and Kyoto.", "Boston and Kyoto.", TW.start),
    ("O09", "a concept without a label in German", '"trade"@en , "Handel"@de', '"trade"@en', TWV["kind-trade"]),
    ("O09", "a scheme without a label in English", 'prefLabel "kind"@en , ', "prefLabel ", TWV.kind),
    ("O09", "a concept with two labels in French", '"commerce"@fr', '"commerce"@fr , "troc"@fr', TWV["kind-trade"]),
    ("O10", "a concept without a definition in German", ' , "Über Handel."@de', "", TWV["kind-trade"]),
    ("O11", "a concept without a place", "  skos:broader twv:kind-trade .", "  .", TWV["kind-friendship"]),
    ("O11", "a concept in two schemes", "inScheme twv:kind ;", "inScheme twv:kind , twv:sort ;", TWV["kind-trade"]),
    ("O11", "a notation with a space", 'notation "trade"', 'notation "the trade"', TWV["kind-trade"]),
    ("O12", "with the label of another concept", '"friendship"@en', '"trade"@en', TWV["kind-friendship"]),
    ("O13", "a concept that is not declared", "x tw:kind twv:kind-trade", "x tw:kind twv:kind-trad", TWV["kind-trad"]),
]
"""The rule, what breaks it, the change to `GOOD`, and the term that is found."""


def findings(graph: Graph) -> list[tuple[str, URIRef]]:
    """(rule, term) of every violation."""
    _, report, _ = validate(graph, shacl_graph=SHAPES)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        rule = str(report.value(result, SH.sourceShape)).rpartition("#")[2]
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        found.append((rule, value if focus == URIRef(vocab.BASE + "ns") else focus))
    return sorted(set(found))


def good(old: str = "", new: str = "") -> Graph:
    """The small ontology, with one place of it changed."""
    assert old in GOOD
    return Graph().parse(data=PREFIXES + GOOD.replace(old, new, 1), format="turtle")


@pytest.fixture(scope="module")
def own() -> Graph:
    graph = Graph()
    for path in OWN:
        graph.parse(path)
    return graph


def test_our_terms_and_concepts_pass(own):
    assert len(set(own.subjects(RDFS.isDefinedBy))) > 160
    assert len(set(own.subjects(RDF.type, SKOS.Concept))) > 150

    assert findings(own) == []


def test_a_small_ontology_passes():
    assert findings(good()) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "term"),
    [(rule, old, new, term) for rule, _, old, new, term in FAULTS],
    ids=[f"{row[0]} {row[1]}" for row in FAULTS],
)
def test_a_fault_is_found(rule, old, new, term):
    found = findings(good(old, new))

    assert (rule, term) in found
    assert {name for name, _ in found} == {rule}


def test_every_rule_has_been_seen_to_fail():
    assert len(IDS) == 13
    assert {row[0] for row in FAULTS} == set(IDS)


def test_a_rule_has_a_name_and_says_what_to_do():
    for id_ in IDS:
        (name,) = SHAPES.objects(URIRef(f"{vocab.BASE}shapes#{id_}"), SH.name)
        (message,) = SHAPES.objects(URIRef(f"{vocab.BASE}shapes#{id_}"), SH.message)
        assert name.language == message.language == "en"
        assert message.startswith(f"{id_}: ")
        assert message.endswith(".")


def test_no_release_is_checked_against_the_lint():
    assert "ontology.ttl" not in shape_files(ROOT / "shapes")
    assert set(load_rules().by_id) & set(IDS) == set()


def test_every_property_of_concepts_is_watched(own):
    concepts = {term for term in own.subjects(RDFS.range, SKOS.Concept) if term in TW}
    watched = set(SHAPES.objects(URIRef(f"{vocab.BASE}shapes#O13"), SH.targetObjectsOf))
    assert OWL.hasValue in watched

    assert {term for term in watched if term in TW} == concepts


def test_texts_name_only_terms_and_concepts_that_exist(own):
    known = set(map(str, own.subjects()))
    spaces = {"tw": vocab.TW, "twv": vocab.TWV}
    texts = [str(text) for text in own.objects() if isinstance(text, Literal)]
    named = {spaces[prefix] + local for text in texts for prefix, local in re.findall(r"\b(twv?):([\w-]*\w)", text)}
    assert len(named) > 50

    assert named - known == set()
