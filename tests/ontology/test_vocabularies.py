"""The vocabularies as a whole: complete in English and German, a sound hierarchy, labels in five more languages."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, Namespace, URIRef
from vocabulary_checks import (
    concepts,
    label_faults,
    language_faults,
    name,
    place_faults,
    schemes,
    tags,
    text_faults,
)

from twinld import vocab

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "ontology" / "vocab").glob("*.ttl"))
LANGUAGES = ("es", "fr", "ja", "ru", "zh")
LABELS = {tag: ROOT / "ontology" / "vocab" / "labels" / f"{tag}.ttl" for tag in LANGUAGES}

TW = Namespace(vocab.TW)
TWV = Namespace(vocab.TWV)
SCHEMA = Namespace(vocab.SCHEMA)

NAMED = {
    "theme": """
        culture arts music heritage social education bilateral-exchange joint-research teaching-programme sport
        commerce trade tourism business economy biotechnology clean-technology financial-services manufacturing
        sustainable-growth industry science technology research-and-development innovation environment
        climate-change poverty-reduction transport transport-management park-management health-care administration
        best-practice foreign-investment foreign-talent reconciliation disaster-resilience
    """,
    "motivation": """
        peace-reconciliation former-enemies friendship shared-aims cultural-ties historical-links economic-ties
        educational-exchange best-practice-governance environment social-cohesion political military
        shared-challenge shared-disaster shared-name internationalisation
    """,
    "benefit": """
        tourism internationalisation economic-development sustainable-growth market-access shared-rd
        administrative-exchange global-ranking better-international-relations resilience-symbol
    """,
    "bindingness": "legal social memorandum less-binding symbolic",
    "participation-mode": "official-representatives people-to-people institutional public-private volunteer",
    "frequency": "annual once",
    "level": "country state oblast province region prefecture county city municipality town",
    "status": "planned active dormant suspended ended unknown",
    "bound": "exact more-than approximately",
    "concept": """
        town-twinning city-diplomacy trans-border-agglomeration border-cities intermunicipal-cooperation
        media-coverage urbanisation globalisation internationalisation adjacent-twin-cities
    """,
}
"""What the source documents of the project name, as it was listed when they were read."""

BELOW = {
    ("theme", "culture"): {"arts", "music", "heritage"},
    ("theme", "education"): {"bilateral-exchange", "joint-research", "teaching-programme"},
    ("theme", "economy"): {
        *("biotechnology", "clean-technology", "financial-services", "manufacturing", "sustainable-growth"),
        *("business", "commerce", "foreign-investment", "foreign-talent", "industry", "tourism", "trade"),
    },
    ("theme", "environment"): {"climate-change"},
    ("theme", "transport"): {"transport-management"},
    ("theme", "administration"): {"best-practice"},
    ("motivation", "peace-reconciliation"): {"former-enemies"},
    ("motivation", "shared-challenge"): {"environment", "transport"},
    ("kind", "cooperation"): {"economic-exchange"},
    ("indicator", "members"): {"members-us"},
    ("office", "mayor"): {"executive-mayor", "lord-mayor"},
}
"""Every concept that has narrower ones, with these."""

WORDS = {
    "staedtepartnerschaft": ("Städtepartnerschaft", "de", "twinning"),
    "partnerstadt": ("Partnerstadt", "de", "twinning"),
    "staedtefreundschaft": ("Städtefreundschaft", "de", "friendship"),
    "jumelage": ("jumelage", "fr", "twinning"),
    "ville-jumelee": ("ville jumelée", "fr", "twinning"),
    "entente-de-collaboration": ("entente de collaboration", "fr", "cooperation"),
    "declaration-d-amitie": ("déclaration d’amitié", "fr", "friendship"),
    "gemellaggio": ("gemellaggio", "it", "twinning"),
    "hermanamiento": ("hermanamiento", "es", "twinning"),
    "ciudad-hermanada": ("ciudad hermanada", "es", "twinning"),
    "shimai-toshi": ("姉妹都市", "ja", "twinning"),
    "yuko-toshi": ("友好都市", "ja", "twinning"),
    "youhao-chengshi": ("友好城市", "zh", "twinning"),
    "jiemei-chengshi": ("姐妹城市", "zh", "twinning"),
    "youhao-hezuo": ("友好合作", "zh", "cooperation"),
    "jamae-dosi": ("자매도시", "ko", "twinning"),
    "uho-dosi": ("우호도시", "ko", "friendship"),
    "gorod-pobratim": ("город-побратим", "ru", "twinning"),
    "brotherly-relations": ("brotherly relations", "en", "twinning"),
    "sister-city": ("sister city", "en", "twinning"),
    "twin-town": ("twin town", "en", "twinning"),
    "twin-city": ("twin city", "en", "twinning"),
    "friendship-city": ("friendship city", "en", "friendship"),
    "friendly-exchange-city": ("friendly exchange city", "en", "friendship"),
    "friendly-relations": ("friendly relations", "en", "friendship"),
    "sisterhood-agreement": ("sisterhood agreement", "en", "twinning"),
}
"""Each local term: the word, its language, and the kind that it usually stands for."""

RESULTS = {
    "proposed": "planned",
    "signed": "active",
    "renewed": "active",
    "upgraded": "ended",
    "suspended": "suspended",
    "resumed": "active",
    "ended": "ended",
}
RANKS = {
    "country": 0,
    **dict.fromkeys(("state", "oblast", "province", "region", "prefecture"), 1),
    "county": 2,
    **dict.fromkeys(("city", "municipality", "town"), 3),
    "district": 4,
}


def load(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


VOCABULARY = load(*FILES)
LABEL_GRAPHS = {tag: load(path) for tag, path in LABELS.items()}


def test_the_files_are_found():
    assert [path.stem for path in FILES] == sorted(map(name, schemes(VOCABULARY)))
    assert len(FILES) == 21
    assert sorted(LABELS.values()) == sorted((ROOT / "ontology" / "vocab").glob("*/*"))


@pytest.mark.parametrize("check", [text_faults, place_faults, label_faults])
def test_the_vocabularies_are_sound(check):
    assert sorted(check(VOCABULARY)) == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_covers_everything_once(tag):
    assert sorted(language_faults(VOCABULARY, LABEL_GRAPHS[tag], tag)) == []


def test_labels_of_all_languages_together_are_sound():
    whole = load(*FILES, *LABELS.values())

    assert sorted(label_faults(whole)) == []
    assert {tag for thing in concepts(whole) for tag in tags(whole, thing, SKOS.prefLabel)} == {
        *("en", "de", "it", "ko"),
        *LANGUAGES,
    }


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_file_of_labels_says_that_nobody_has_reviewed_it(tag):
    graph, note = LABEL_GRAPHS[tag], TWV[f"labels-{tag}"]

    assert list(graph.objects(note, RDF.type)) == [SCHEMA.CreativeWork]
    assert list(graph.objects(note, SCHEMA.inLanguage)) == [Literal(tag)]
    assert list(graph.objects(note, SCHEMA.creativeWorkStatus)) == [Literal("unreviewed")]
    assert list(graph.objects(note, DCTERMS.license)) == [URIRef(vocab.CC0)]
    for text in (DCTERMS.title, DCTERMS.description):
        assert tags(graph, note, text) == {"en": 1, "de": 1}
    assert LABELS[tag].read_text("utf-8").startswith("# Labels of all schemes and concepts in ")


@pytest.mark.parametrize("scheme", NAMED)
def test_what_the_documents_name_is_a_concept(scheme):
    named = {TWV[f"{scheme}-{notation}"] for notation in NAMED[scheme].split()}

    assert named - concepts(VOCABULARY) == set()


def test_the_hierarchy_is_as_listed():
    found = defaultdict(set)
    for wide, narrow in VOCABULARY.subject_objects(SKOS.narrower):
        scheme = name(VOCABULARY.value(wide, SKOS.inScheme))
        found[(scheme, str(VOCABULARY.value(wide, SKOS.notation)))].add(str(VOCABULARY.value(narrow, SKOS.notation)))

    assert found == BELOW


def test_a_local_term_has_its_word_its_language_and_its_usual_kind():
    found = {}
    for term in VOCABULARY.subjects(SKOS.inScheme, TWV["term"]):
        (kind,) = VOCABULARY.objects(term, SKOS.broadMatch)
        notation = str(VOCABULARY.value(term, SKOS.notation))
        word, tag, _ = WORDS[notation]
        assert (term, SKOS.prefLabel, Literal(word, tag)) in VOCABULARY
        found[notation] = (word, tag, str(VOCABULARY.value(kind, SKOS.notation)))

    assert found == WORDS


def test_only_local_terms_match_another_scheme():
    matching = set(VOCABULARY.subjects(SKOS.broadMatch))

    assert matching == set(VOCABULARY.subjects(SKOS.inScheme, TWV["term"]))
    assert set(VOCABULARY.objects(None, SKOS.broadMatch)) <= set(VOCABULARY.subjects(SKOS.inScheme, TWV.kind))


def test_an_event_says_which_status_follows():
    found = set(VOCABULARY.subject_objects(TW.resultingStatus))

    assert found == {(TWV[f"event-kind-{event}"], TWV[f"status-{status}"]) for event, status in RESULTS.items()}
    assert {status for _, status in found} <= concepts(VOCABULARY)
    assert {event for event, _ in found} == set(VOCABULARY.subjects(SKOS.inScheme, TWV["event-kind"]))


def test_a_level_has_its_rank():
    found = {name(level): rank.value for level, rank in VOCABULARY.subject_objects(TW.levelRank)}

    assert found == {f"level-{level}": rank for level, rank in RANKS.items()}
    assert len(found) == len(set(VOCABULARY.subjects(SKOS.inScheme, TWV.level)))


def test_an_example_is_given_once():
    examples = Counter(VOCABULARY.objects(None, SKOS.example))
    assert len(examples) > 100

    assert [str(example) for example, count in examples.items() if count > 1] == []


def test_senses_that_could_be_mixed_up_are_told_apart():
    def note(concept: str) -> str:
        return str(VOCABULARY.value(TWV[concept], SKOS.scopeNote))

    assert "twv:concept-adjacent-twin-cities" in note("term-sister-city")
    assert "twv:concept-adjacent-twin-cities" in note("term-twin-city")
    assert "Mary-Kate and Ashley Olsen" in note("term-twin-city")
    assert "twv:term-sister-city" in note("concept-adjacent-twin-cities")


def test_a_note_names_only_what_exists():
    named = {word for text in VOCABULARY.objects(None, SKOS.scopeNote) for word in re.findall(r"twv:([a-z-]+)", text)}
    assert len(named) > 20

    assert named - {name(thing) for thing in schemes(VOCABULARY) | concepts(VOCABULARY)} == set()


def test_the_documentation_counts_the_concepts():
    page = (ROOT / "docs" / "vocabularies.md").read_text("utf-8")
    counted = {}
    for row in re.findall(r"^\| (`.+`) \| .+ \| ([0-9, ]+) \|$", page, re.MULTILINE):
        counted |= dict(zip(re.findall(r"`(.+?)`", row[0]), map(int, row[1].split(", ")), strict=True))

    assert counted == {
        name(scheme): len(set(VOCABULARY.subjects(SKOS.inScheme, scheme))) for scheme in schemes(VOCABULARY)
    }


def test_the_query_of_the_documentation_finds_what_is_unreviewed():
    page = (ROOT / "docs" / "vocabularies.md").read_text("utf-8")
    (query,) = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    found = {(str(row.concept), row.label) for row in load(*FILES, *LABELS.values()).query(query)}

    assert (TWV + "theme-music", Literal("音楽", "ja")) in found
    assert {label.language for _, label in found} == set(LANGUAGES)
    assert len(found) == len(LANGUAGES) * len(concepts(VOCABULARY))


PLANTED = [
    (text_faults, "-twv:theme-music skos:prefLabel 'Musik'@de", "theme-music: 0 prefLabel in de"),
    (text_faults, "+twv:theme-music skos:prefLabel 'Tonkunst'@de", "theme-music: 2 prefLabel in de"),
    (
        text_faults,
        "-twv:frequency skos:definition 'How often an activity takes place.'@en",
        "frequency: 0 definition in en",
    ),
    (
        text_faults,
        "+twv:level-x a skos:Concept ; skos:definition 'Two. Sentences.'@en",
        "level-x: the definition is not one",
    ),
    (text_faults, "+twv:theme-x a skos:Concept ; skos:prefLabel 'Law'@en ; skos:definition 'Law.'@en", "is the label"),
    (
        text_faults,
        "+twv:theme-x a skos:Concept ; skos:definition 'Banks, insurers and stock exchanges.'@en",
        "theme-financial-services and theme-x: defined by the same words",
    ),
    (
        place_faults,
        "-twv:theme-culture skos:narrower twv:theme-arts",
        "theme-arts broader theme-culture: written one way",
    ),
    (place_faults, "-twv:bound skos:hasTopConcept twv:bound-exact", "bound-exact topConceptOf bound: written one way"),
    (place_faults, "+twv:theme-arts skos:related twv:theme-music", "theme-arts related theme-music: written one way"),
    (
        place_faults,
        "+twv:theme-arts skos:broader twv:theme-social",
        "theme-arts: neither on top of its scheme nor below one",
    ),
    (
        place_faults,
        "-twv:theme-sport skos:topConceptOf twv:theme",
        "theme-sport: neither on top of its scheme nor below one",
    ),
    (place_faults, "+twv:theme-culture skos:broader twv:theme-arts", "theme-culture: broader than itself"),
    (place_faults, "+twv:theme-arts skos:related twv:theme-culture", "theme-arts: related to what it is below"),
    (
        place_faults,
        "+twv:theme-arts skos:broader twv:kind-trade",
        "theme-arts: broader kind-trade is in another scheme",
    ),
    (place_faults, "+twv:theme-arts skos:inScheme twv:kind", "theme-arts: in 2 schemes"),
    (place_faults, "-twv:theme-arts skos:inScheme twv:theme", "theme-arts: in 0 schemes"),
    (place_faults, "-twv:theme-arts skos:notation 'arts'", "theme-arts: the notation is not the end"),
    (place_faults, "+twv:theme-arts skos:notation 'art'", "theme-arts: the notation is not the end"),
    (label_faults, "+twv:theme-arts skos:prefLabel 'music'@en", "theme-arts and theme-music: both called music"),
    (label_faults, "+twv:theme-arts skos:prefLabel 'art'@en", "theme-arts: 2 labels in en"),
    (label_faults, "+twv:theme-arts skos:altLabel 'arts'@en", "theme-arts: arts is both preferred and alternative"),
]
"""A fault, as a triple that is taken away (-) or added (+), and how it is reported."""


def planted(graph: Graph, change: str) -> Graph:
    """`graph` with a fault; `graph` is unchanged."""
    prefixes = f"@prefix twv: <{vocab.TWV}> . @prefix skos: <{SKOS}> . "
    triples = Graph().parse(data=f"{prefixes}{change[1:]} .", format="turtle")
    if change[0] == "-":
        assert all(triple in graph for triple in triples)
        return graph - triples
    return graph + triples


@pytest.mark.parametrize(("check", "change", "message"), PLANTED)
def test_a_planted_fault_is_found(check, change, message):
    assert [fault for fault in check(planted(VOCABULARY, change)) if message in fault]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("-twv:theme-arts skos:prefLabel 'arts'@fr", "theme-arts: 0 labels in fr"),
        ("+twv:theme-arts skos:prefLabel 'beaux-arts'@fr", "theme-arts: 2 labels in fr"),
        ("+twv:term-jumelage skos:prefLabel 'jumelage (mot)'@fr", "term-jumelage: 2 labels in fr"),
        ("+twv:theme-arts skos:prefLabel 'artes'@es", "theme-arts: artes is tagged es"),
        ("+twv:theme-art skos:prefLabel 'art'@fr", "theme-art: there is no such concept"),
        ("+twv:theme-arts skos:note 'à revoir'@fr", "theme-arts: note is no label"),
    ],
)
def test_a_planted_fault_in_a_language_is_found(change, message):
    assert message in set(language_faults(VOCABULARY, planted(LABEL_GRAPHS["fr"], change), "fr"))
