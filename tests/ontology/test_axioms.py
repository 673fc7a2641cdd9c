"""What follows from the ontology: the right classes, no contradiction, nothing equal that is not."""

from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from rdflib import DCTERMS, ORG, OWL, RDF, SKOS, BNode, Graph, Literal, Namespace, URIRef

from twinld import vocab

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / "ontology" / "twinld.ttl",
    ROOT / "ontology" / "axioms.ttl",
    ROOT / "ontology" / "align" / "foreign-declarations.ttl",
    *sorted((ROOT / "ontology" / "vocab").glob("*.ttl")),
]
SAMPLE = (Path(__file__).parent / "sample.ttl").read_text("utf-8")

TW = Namespace(vocab.TW)
TWV = Namespace(vocab.TWV)
PLACE = Namespace(vocab.ID + "place/")
AGREEMENT = Namespace(vocab.ID + "agreement/")

PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in vocab.PREFIXES.items())

KIND_CLASSES = {
    "twinning": {"TwinningAgreement"},
    "friendship": {"FriendshipAgreement"},
    "cooperation": {"CooperationAgreement"},
    "economic-exchange": {"EconomicExchangeAgreement", "CooperationAgreement"},
    "trade": {"TradeAgreement"},
    "historic-bond": {"HistoricBond"},
    "unspecified": set(),
}

CONTRADICTIONS = [
    ("a place that is an agreement", "place:x a tw:Place , tw:Agreement .", {TW.Place, TW.Agreement}),
    ("a place that has parties", "place:x tw:party place:y ; a tw:Country .", {TW.Place, TW.Agreement}),
    ("a concept as a place", "place:y tw:country twv:kind-trade .", {TW.Place, SKOS.Concept}),
    ("a claim as a phase", "agreement:x tw:phase place:x . place:x a tw:Claim .", {TW.Phase, TW.Claim}),
    (
        "a pair as a party",
        "agreement:x tw:concernsPair place:x ; tw:unansweredBy place:x .",
        {TW.CityPair, TW.Place},
    ),
    ("a place that has members", "network:x tw:member place:y ; a tw:Place .", {TW.Place, TW.Membership}),
    ("a network as a place", "place:x tw:memberOf place:y . place:y a tw:Place .", {TW.Place, ORG.Organization}),
    ("the paper as the relation", "agreement:x tw:instrument agreement:x .", {TW.Agreement, TW.Instrument}),
    (
        "the signing as the event",
        "event:x tw:signs instrument:x ; a tw:LifecycleEvent .",
        {TW.Activity, TW.LifecycleEvent},
    ),
    ("a person as an office", "person:x tw:holder person:x .", {TW.Person, TW.OfficeHolding}),
    ("a role as a place", "agreement:x tw:partyRole place:x . place:x a tw:Place .", {TW.Place, TW.PartyRole}),
    ("a figure as a claim", "record:x tw:indicator twv:kind-trade ; a tw:Claim .", {TW.Statistic, TW.Claim}),
    (
        "two parties and three",
        "place:x a tw:BilateralAgreement , tw:MultilateralAgreement .",
        {TW.BilateralAgreement, TW.MultilateralAgreement},
    ),
]
"""What must not be, how it is written, and the two classes that it says are of one thing."""


def ontology() -> Graph:
    """The ontology, its axioms and its vocabularies."""
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    return graph


def closure(turtle: str, schema: Graph) -> Graph:
    """`turtle` with `schema`, and all that follows by OWL 2 RL; `schema` is unchanged."""
    graph = Graph()
    graph += schema
    graph.parse(data=PREFIXES + turtle, format="turtle")
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return graph


def errors(graph: Graph) -> list[str]:
    """What owlrl reports: each contradiction is a node of its error class with a message."""
    return [str(message) for message in graph.objects(None, ERRNS.error)]


@pytest.fixture(scope="module")
def schema() -> Graph:
    """The ontology without its texts, from which nothing follows: three times as fast."""
    graph = ontology()
    for triple in [triple for triple in graph if isinstance(triple[2], Literal)]:
        graph.remove(triple)
    return graph


@pytest.fixture(scope="module")
def inferred() -> Graph:
    """What follows from the sample and the whole ontology."""
    return closure(SAMPLE, ontology())


def test_the_files_are_found():
    assert [path.stem for path in FILES[:2]] == ["twinld", "axioms"]
    assert {path.stem for path in FILES[2:]} > {"kind", "reciprocity", "status", "verdict"}


def test_nothing_contradicts(inferred):
    assert errors(inferred) == []


@pytest.mark.parametrize(
    ("turtle", "classes"), [case[1:] for case in CONTRADICTIONS], ids=[case[0] for case in CONTRADICTIONS]
)
def test_a_contradiction_is_found(turtle, classes, schema):
    (message,) = errors(closure(turtle, schema))

    assert message.startswith("Disjoint classes")
    assert {URIRef(word) for word in message.split()} >= classes


def test_nothing_is_the_same_as_another_thing(inferred):
    same = [(one, other) for one, other in inferred.subject_objects(OWL.sameAs) if one != other]

    assert [pair for pair in same if isinstance(pair[0], URIRef) or isinstance(pair[1], URIRef)] == []


def test_the_class_follows_from_the_kind(schema):
    graph = closure("\n".join(f"agreement:{kind} tw:kind twv:kind-{kind} ." for kind in KIND_CLASSES), schema)

    for kind, classes in KIND_CLASSES.items():
        found = {cls for cls in graph.objects(AGREEMENT[kind], RDF.type) if cls in TW}
        assert found == {TW[cls] for cls in classes | {"Agreement"}}
        assert list(graph.objects(AGREEMENT[kind], TW.kind)) == [TWV[f"kind-{kind}"]], "and no second kind"


def test_every_kind_is_tried():
    kinds = Graph().parse(ROOT / "ontology" / "vocab" / "kind.ttl")

    assert set(KIND_CLASSES) == {str(notation) for notation in kinds.objects(None, SKOS.notation)}


def test_twinning_holds_both_ways_and_twins_of_twins_are_not_twins(schema):
    graph = closure("place:a tw:twinnedWith place:b . place:b tw:twinnedWith place:c .", schema)

    for relation in (TW.twinnedWith, TW.hasBeenTwinnedWith):
        assert set(graph.subject_objects(relation)) == {
            (PLACE.a, PLACE.b),
            (PLACE.b, PLACE.a),
            (PLACE.b, PLACE.c),
            (PLACE.c, PLACE.b),
        }


def test_what_was_twinned_need_not_be_twinned(schema):
    graph = closure("place:kyiv tw:hasBeenTwinnedWith place:moscow .", schema)

    assert (PLACE.moscow, TW.hasBeenTwinnedWith, PLACE.kyiv) in graph
    assert list(graph.subject_objects(TW.twinnedWith)) == []


def test_a_place_lies_in_all_that_its_region_lies_in(schema):
    graph = closure("place:padua tw:partOf place:veneto . place:veneto tw:partOf place:country-it .", schema)

    assert set(graph.objects(PLACE.padua, TW.within)) == {PLACE.veneto, PLACE["country-it"]}
    assert set(graph.objects(PLACE.padua, TW.partOf)) == {PLACE.veneto}


def test_what_replaces_a_thing_need_not_be_a_place(schema):
    graph = closure("network:grcn tw:replaces network:100-resilient-cities .", schema)
    old, new = (URIRef(f"{vocab.ID}network/{slug}") for slug in ("100-resilient-cities", "grcn"))

    assert (old, TW.replacedBy, new) in graph
    assert (old, DCTERMS.isReplacedBy, new) in graph
    assert {cls for node in (old, new) for cls in graph.objects(node, RDF.type)} <= {OWL.Thing}


def test_a_membership_has_one_member(schema):
    graph = closure("network:oeaed tw:member place:dalian , place:qingdao .", schema)

    assert (PLACE.dalian, OWL.sameAs, PLACE.qingdao) in graph, "so two members of one node are a fault that shows"


def test_two_sources_may_disagree(schema):
    graph = closure(
        "agreement:x tw:start '1983'^^edtf:EDTF-level1 , '1982'^^edtf:EDTF-level1 ;"
        " tw:status twv:status-active , twv:status-ended ; tw:kind twv:kind-trade , twv:kind-friendship .",
        schema,
    )

    assert errors(graph) == []
    assert (TWV["status-active"], OWL.sameAs, TWV["status-ended"]) not in graph


def test_a_wikidata_item_is_a_link_and_not_the_same_thing(inferred):
    malmo = PLACE.malmo
    item, municipality = (URIRef(vocab.WD + qid) for qid in ("Q2211", "Q503361"))
    same_as = URIRef(vocab.SCHEMA + "sameAs")

    assert (malmo, same_as, item) in inferred
    assert (malmo, same_as, municipality) not in inferred
    assert (item, RDF.type, TW.Place) not in inferred


def test_only_plain_restrictions_are_used():
    axioms = Graph().parse(ROOT / "ontology" / "axioms.ttl")
    restrictions = list(axioms.subjects(RDF.type, OWL.Restriction))
    assert len(restrictions) == 6

    for node in restrictions:
        assert isinstance(node, BNode)
        assert list(axioms.objects(node, OWL.onProperty)) == [TW.kind]
        assert len(list(axioms.objects(node, OWL.hasValue))) == 1
