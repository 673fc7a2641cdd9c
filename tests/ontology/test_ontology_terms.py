"""The published ontology and vocabularies: every term explains itself, and every term used is defined."""

import re
import unicodedata
from pathlib import Path

import pytest
from rdflib import DCTERMS, ORG, OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from twinld import vocab

ROOT = Path(__file__).parents[2]
ONTOLOGY_FILE = ROOT / "ontology" / "twinld.ttl"
VOCABULARY_FILES = sorted((ROOT / "ontology" / "vocab").glob("*.ttl"))
PUBLISHED = [ONTOLOGY_FILE, *VOCABULARY_FILES]
DATA_MODEL = (ROOT / "docs" / "data-model.md").read_text("utf-8")

TW = Namespace(vocab.TW)
TWV = Namespace(vocab.TWV)
SCHEMA = Namespace(vocab.SCHEMA)
VS = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")
HEADER = URIRef(vocab.BASE + "ns")

ONTOLOGY = Graph().parse(ONTOLOGY_FILE)
TERMS = sorted(term for term in ONTOLOGY.subjects(unique=True) if term != HEADER)
CLASSES = [term for term in TERMS if (term, RDF.type, OWL.Class) in ONTOLOGY]
PROPERTIES = [term for term in TERMS if term not in CLASSES]

ORDER = [
    "a",
    "rdfs:label",
    "skos:definition",
    "skos:scopeNote",
    "skos:example",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:domain",
    "schema:domainIncludes",
    "rdfs:range",
    "schema:rangeIncludes",
    "rdfs:seeAlso",
    "rdfs:isDefinedBy",
    "vs:term_status",
]
"""Predicates of a term as they follow each other in the file (house style: "Turtle, SHACL and SPARQL")."""

NOT_IN_DATA_MODEL = {
    *("MultilateralAgreement", "TwinningAgreement", "FriendshipAgreement", "CooperationAgreement"),
    *("EconomicExchangeAgreement", "TradeAgreement", "HistoricBond"),  # classes that follow from data
    *("endYear", "endEarliest", "endLatest"),  # there as "likewise `end...`"
    *("untilEarliest", "untilLatest"),  # the example goes on
}

SYMMETRIC = {"hasBeenTwinnedWith", "twinnedWith", "sharesBorderWith", "cooperatesWith", "contradicts", "corroborates"}
TRANSITIVE = {"within"}
FUNCTIONAL = {"roleParty", "member", "network"}
"""Nothing is functional that two sources may state: these are the parts of a node that has just one."""
FOREIGN = {ORG.Organization, SKOS.Concept}
"""Classes of others that our properties are on."""

CONCEPTS = {
    scheme: set(concepts.split())
    for scheme, concepts in {
        "benefit": """
            tourism internationalisation economic-development sustainable-growth market-access shared-rd
            administrative-exchange global-ranking better-international-relations resilience-symbol globalisation
            diplomacy
        """,
        "bindingness": "legal social memorandum less-binding symbolic",
        "bound": "exact more-than approximately",
        "concept": """
            town-twinning city-diplomacy adjacent-twin-cities trans-border-agglomeration border-cities
            intermunicipal-cooperation media-coverage urbanisation globalisation internationalisation
        """,
        "continent": "africa asia europe north-america south-america oceania antarctica",
        "event-kind": "proposed signed renewed upgraded suspended resumed ended",
        "frequency": "annual once",
        "indicator": "members members-us partners partner-countries networks-and-forums parties inhabitants",
        "intensity": "low high",
        "kind": "twinning friendship cooperation economic-exchange trade historic-bond unspecified",
        "level": "country state oblast province region prefecture county city municipality town district",
        "method": "interview questionnaire",
        "motivation": """
            peace-reconciliation former-enemies friendship shared-aims cultural-ties cultural-exchange
            historical-links economic-ties educational-exchange best-practice-governance environment transport
            social-cohesion political military shared-challenge shared-disaster shared-name internationalisation
        """,
        "office": """highest-elected-representative mayor executive-mayor lord-mayor governor deputy-governor
            acting-mayor party-secretary representative""",
        "participation-mode": "official-representatives people-to-people institutional public-private volunteer",
        "rank": "shown kept rejected",
        "reciprocity": "mutual one-sided unknown",
        "status": "active presumed-active dormant suspended ended planned unknown",
        "term": """
            staedtepartnerschaft partnerstadt staedtefreundschaft jumelage ville-jumelee entente-de-collaboration
            declaration-d-amitie gemellaggio hermanamiento ciudad-hermanada shimai-toshi yuko-toshi
            youhao-chengshi jiemei-chengshi youhao-hezuo jamae-dosi uho-dosi gorod-pobratim brotherly-relations
            sister-city twin-town twin-city friendship-city friendly-exchange-city friendly-relations
            sisterhood-agreement
        """,
        "theme": """
            administration best-practice business climate-change commerce culture arts music heritage
            disaster-resilience economy biotechnology clean-technology financial-services manufacturing
            sustainable-growth foreign-investment foreign-talent industry tourism trade education
            bilateral-exchange joint-research teaching-programme environment health-care innovation
            park-management poverty-reduction reconciliation research-and-development science social sport
            technology transport transport-management
        """,
        "verdict": "accepted disputed refuted opinion unverified",
    }.items()
}
"""Concepts are kept for ever: this table only grows."""

VOCABULARY = Graph()
for path in VOCABULARY_FILES:
    VOCABULARY.parse(path)
CONCEPT_IRIS = sorted(VOCABULARY.subjects(RDF.type, SKOS.Concept))


def name(iri: URIRef) -> str:
    return iri.rsplit("/", 1)[1].removeprefix("ns#")


def test_the_files_are_found():
    assert [path.stem for path in VOCABULARY_FILES] == sorted(CONCEPTS)
    assert len(CLASSES) > 40
    assert len(PROPERTIES) > 120
    assert len(CONCEPT_IRIS) == sum(map(len, CONCEPTS.values()))


def test_the_header_says_what_this_is():
    assert (HEADER, RDF.type, OWL.Ontology) in ONTOLOGY
    assert ONTOLOGY.value(HEADER, OWL.versionIRI) == URIRef(HEADER + "/0.2.0")
    assert ONTOLOGY.value(HEADER, OWL.versionInfo) == Literal("0.2.0")
    assert ONTOLOGY.value(HEADER, OWL.priorVersion) == URIRef(HEADER + "/0.1.0")
    assert ONTOLOGY.value(HEADER, DCTERMS.license) == URIRef(vocab.CC0)
    assert ONTOLOGY.value(HEADER, DCTERMS.creator) == Literal("The twinld developers")
    assert ONTOLOGY.value(HEADER, URIRef(vocab.VANN + "preferredNamespacePrefix")) == Literal("tw")
    assert ONTOLOGY.value(HEADER, URIRef(vocab.VANN + "preferredNamespaceUri")) == Literal(vocab.TW)
    for text in (DCTERMS.title, DCTERMS.description):
        assert {"en", "de"} == {value.language for value in ONTOLOGY.objects(HEADER, text)}


@pytest.mark.parametrize("term", TERMS, ids=name)
def test_a_term_explains_itself(term):
    languages = [label.language for label in ONTOLOGY.objects(term, RDFS.label)]
    definitions = list(ONTOLOGY.objects(term, SKOS.definition))
    examples = list(ONTOLOGY.objects(term, SKOS.example))

    assert term.startswith(vocab.TW)
    assert sorted(languages) == ["de", "en"]
    assert [definition.language for definition in definitions] == ["en"]
    assert re.fullmatch(r"[A-Z][^.]*\.", definitions[0]), "one sentence"
    assert examples
    assert {example.language for example in examples} == {"en"}
    assert list(ONTOLOGY.objects(term, RDFS.isDefinedBy)) == [HEADER]
    assert list(ONTOLOGY.objects(term, VS.term_status)) == [Literal("testing")]


@pytest.mark.parametrize("term", PROPERTIES, ids=name)
def test_a_property_says_what_it_is_on(term):
    types = set(ONTOLOGY.objects(term, RDF.type))
    hints = [
        *ONTOLOGY.objects(term, RDFS.domain),
        *ONTOLOGY.objects(term, SCHEMA.domainIncludes),
    ]

    assert len(types & {OWL.ObjectProperty, OWL.DatatypeProperty}) == 1
    assert hints
    assert set(hints) <= {*CLASSES, *FOREIGN}


def test_few_properties_have_a_logic_of_their_own():
    kinds = {OWL.SymmetricProperty: SYMMETRIC, OWL.TransitiveProperty: TRANSITIVE, OWL.FunctionalProperty: FUNCTIONAL}
    declared = {(name(term), kind) for term in TERMS for kind in ONTOLOGY.objects(term, RDF.type)}
    plain = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}

    assert {(term, kind) for term, kind in declared if kind not in plain} == {
        (term, kind) for kind, terms in kinds.items() for term in terms
    }


def test_names_tell_classes_from_properties():
    assert [term for term in CLASSES if not name(term)[0].isupper()] == []
    assert [term for term in PROPERTIES if not name(term)[0].islower()] == []


def test_a_range_is_a_datatype_of_owl_or_a_class():
    ranges = set(ONTOLOGY.objects(None, RDFS.range))
    assert ranges

    # xsd:date, rdf:langString and EDTF are outside OWL 2
    datatypes = {XSD.integer, XSD.decimal, XSD.boolean, XSD.string, XSD.dateTime}
    assert ranges - datatypes - set(CLASSES) == {SKOS.Concept}


def test_a_term_is_written_in_the_order_of_the_house_style():
    blocks = [block for block in ONTOLOGY_FILE.read_text("utf-8").split("\n\n") if block.startswith("tw:")]
    assert len(blocks) == len(TERMS), "one block a term, one blank line between"

    for block in blocks:
        first, *rest = block.splitlines()
        predicates = [first.split()[1]]
        predicates += [line.split()[0] for line in rest if re.match(r"  [a-z]", line)]
        places = [ORDER.index(predicate) for predicate in predicates]
        assert places == sorted(set(places)), first


def test_the_data_model_and_the_ontology_name_the_same_terms():
    used = set(re.findall(r"\btw:([A-Za-z]\w*)", DATA_MODEL))
    defined = {name(term) for term in TERMS}
    assert len(used) > 40

    assert used - defined == set(), "used, but not defined"
    assert defined - used - NOT_IN_DATA_MODEL == set(), "defined, but not used"
    assert defined >= NOT_IN_DATA_MODEL


def test_the_data_model_names_only_concepts_that_exist():
    used = {iri.rstrip("-") for iri in re.findall(r"\btwv:([a-z][a-z-]*)", DATA_MODEL)}
    assert len(used) > 15

    assert used - {name(concept) for concept in CONCEPT_IRIS} - set(CONCEPTS) == set()


@pytest.mark.parametrize("scheme", CONCEPTS)
def test_a_scheme_has_its_concepts(scheme):
    iri = TWV[scheme]
    graph = Graph().parse(ROOT / "ontology" / "vocab" / f"{scheme}.ttl")

    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [iri]
    assert {f"{scheme}-{concept}" for concept in CONCEPTS[scheme]} == {
        name(concept) for concept in graph.subjects(RDF.type, SKOS.Concept)
    }
    assert {iri} == set(graph.objects(None, SKOS.inScheme))
    assert list(graph.objects(iri, DCTERMS.license)) == [URIRef(vocab.CC0)]
    for text in (SKOS.prefLabel, SKOS.definition):
        assert sorted(value.language for value in graph.objects(iri, text)) == ["de", "en"]


@pytest.mark.parametrize("concept", CONCEPT_IRIS, ids=name)
def test_a_concept_explains_itself_and_has_its_place(concept):
    def objects(predicate):
        return list(VOCABULARY.objects(concept, predicate))

    (scheme,) = objects(SKOS.inScheme)
    (notation,) = objects(SKOS.notation)

    assert str(concept) == f"{scheme}-{notation}"
    labels = [value.language for value in objects(SKOS.prefLabel)]
    own = [tag for tag in labels if tag not in {"de", "en"}]
    assert sorted(labels) == sorted(["de", "en", *own])
    assert not own if scheme != TWV["term"] else len(own) <= 1, "a local term may be a word of another language"
    assert sorted(value.language for value in objects(SKOS.definition)) == ["de", "en"]
    assert all(definition.endswith(".") for definition in objects(SKOS.definition))
    assert len(objects(SKOS.topConceptOf) + objects(SKOS.broader)) == 1


@pytest.mark.parametrize(("one", "other"), [(SKOS.topConceptOf, SKOS.hasTopConcept), (SKOS.broader, SKOS.narrower)])
def test_relations_of_concepts_are_written_both_ways(one, other):
    forth = set(VOCABULARY.subject_objects(one))
    back = {(narrow, wide) for wide, narrow in VOCABULARY.subject_objects(other)}

    assert forth
    assert forth == back
    assert {node for pair in forth for node in pair} <= {*CONCEPT_IRIS, *(TWV[scheme] for scheme in CONCEPTS)}


def test_labels_of_a_scheme_are_unique():
    seen = [
        (scheme, label)
        for concept, scheme in VOCABULARY.subject_objects(SKOS.inScheme)
        for label in VOCABULARY.objects(concept, SKOS.prefLabel)
    ]
    assert seen
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_file_is_plain(path):
    graph = Graph().parse(path)
    nodes = {node for triple in graph for node in triple}
    literals = {node for node in nodes if isinstance(node, Literal)}
    assert literals

    assert {node for node in nodes if isinstance(node, BNode)} == set()
    tags = {literal.language for literal in literals if literal.language}
    assert tags == {tag.lower() for tag in tags}
    texts = [str(literal) for literal in literals]
    assert [text for text in texts if text != unicodedata.normalize("NFC", text.strip())] == []
