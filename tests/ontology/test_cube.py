"""Statistics as a data cube: well formed by the integrity constraints of the RDF Data Cube vocabulary, section 11."""

from pathlib import Path

import pytest
from rdflib import Graph

from twinld import vocab

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "ontology" / "twinld.ttl", ROOT / "ontology" / "align" / "cube.ttl"]
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in vocab.PREFIXES.items())
SET = f"<{vocab.ID}dataset/statistics>"
SET_BY_AREA = f"<{vocab.ID}dataset/statistics-by-area>"


def figure(name: str, rest: str) -> str:
    return f"<{vocab.ID}network/{name}> a tw:Statistic ; {rest} .\n"


COMMON = "tw:bound twv:bound-exact ; tw:indicator twv:indicator-partners ; tw:accordingTo record:"
PARTNERS = f"qb:dataSet {SET} ; tw:about network:sister-cities-international ; {COMMON}"
MEMBERS = f"qb:dataSet {SET_BY_AREA} ; tw:about network:oeaed ; {COMMON}a ; tw:area place:country-"

FIGURES = (
    figure("sister-cities-international#partners-1", f"{PARTNERS}a ; tw:value 2100")
    + figure("sister-cities-international#partners-2", f"{PARTNERS}b ; tw:value 2121 ; tw:refYear 2019")
    + figure("oeaed#members-jp", f"{MEMBERS}jp ; tw:value 3")
    + figure("oeaed#members-cn", f"{MEMBERS}cn ; tw:value 4")
    + "twv:indicator-partners skos:inScheme twv:indicator . twv:bound-exact skos:inScheme twv:bound ."
)

OBSERVATION = "?figure a/rdfs:subClassOf* qb:Observation"
OF_SET = "?figure qb:dataSet/qb:structure/qb:component"

CONSTRAINTS = {
    "IC-1": f"""{OBSERVATION} OPTIONAL {{ ?figure qb:dataSet ?one }} OPTIONAL {{ ?figure qb:dataSet ?other }}
        FILTER(!BOUND(?one) || ?one != ?other)""",
    "IC-2": """?set a qb:DataSet OPTIONAL { ?set qb:structure ?one } OPTIONAL { ?set qb:structure ?other }
        FILTER(!BOUND(?one) || ?one != ?other)""",
    "IC-3": """?structure a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?structure qb:component/qb:measure ?measure }""",
    "IC-4": "?dimension a qb:DimensionProperty FILTER NOT EXISTS { ?dimension rdfs:range ?range }",
    "IC-5": """?dimension a qb:DimensionProperty ; rdfs:range skos:Concept
        FILTER NOT EXISTS { ?dimension qb:codeList ?list }""",
    "IC-6": """?component qb:componentRequired false FILTER NOT EXISTS { ?component qb:attribute ?attribute }""",
    "IC-11": f"""{OBSERVATION} . {OF_SET}/qb:dimension ?dimension FILTER NOT EXISTS {{ ?figure ?dimension ?value }}""",
    "IC-12": f"""{OBSERVATION} ; qb:dataSet ?set . ?other qb:dataSet ?set FILTER(?figure != ?other)
        FILTER NOT EXISTS {{ ?set qb:structure/qb:component/qb:dimension ?dimension .
          ?figure ?dimension ?value . ?other ?dimension ?another FILTER(?value != ?another) }}""",
    "IC-13": f"""{OBSERVATION} . {OF_SET} ?component . ?component qb:componentRequired true ; qb:attribute ?attribute
        FILTER NOT EXISTS {{ ?figure ?attribute ?value }}""",
    "IC-14": f"""{OBSERVATION} . {OF_SET}/qb:measure ?measure FILTER NOT EXISTS {{ ?figure ?measure ?value }}""",
    "IC-19": f"""{OBSERVATION} . ?coded qb:codeList ?list . ?figure ?coded ?code
        FILTER NOT EXISTS {{ ?code skos:inScheme ?list }}""",
}
"""For each constraint the pattern of what must not be there."""

FAULTS = {
    "IC-1": f"<{vocab.ID}network/x#1> a tw:Statistic .",
    "IC-2": f"{SET} qb:structure <{vocab.ID}dataset/statistics-by-area#structure> .",
    "IC-3": "<http://example.org/structure> a qb:DataStructureDefinition .",
    "IC-4": "<http://example.org/dimension> a qb:DimensionProperty .",
    "IC-5": "<http://example.org/dimension> a qb:DimensionProperty ; rdfs:range skos:Concept .",
    "IC-6": f"<{vocab.ID}dataset/statistics#about> qb:componentRequired false .",
    "IC-11": figure("x#1", f"qb:dataSet {SET_BY_AREA} ; tw:about network:oeaed ; tw:value 1 ; {COMMON}a"),
    "IC-12": figure("x#1", f"{PARTNERS}a ; tw:value 2000"),
    "IC-13": figure("x#1", f"qb:dataSet {SET} ; tw:about network:x ; tw:accordingTo record:a ; tw:value 1"),
    "IC-14": figure("x#1", f"{PARTNERS}c"),
    "IC-19": figure("x#1", f"{PARTNERS}c ; tw:value 1 ; tw:bound twv:bound-unheard-of"),
}
"""For each constraint data that break it."""


def graph_with(turtle: str) -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    return graph.parse(data=PREFIXES + FIGURES + turtle, format="turtle")


@pytest.fixture(scope="module")
def cube() -> Graph:
    return graph_with("")


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_the_cube_is_well_formed(constraint, cube):
    found = list(cube.query(f"{PREFIXES} SELECT * WHERE {{ {CONSTRAINTS[constraint]} }}"))

    assert found == []


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_a_cube_that_is_not_well_formed_is_found(constraint):
    graph = graph_with(FAULTS[constraint])

    assert graph.query(f"{PREFIXES} ASK {{ {CONSTRAINTS[constraint]} }}").askAnswer


def test_figures_without_a_year_are_as_good_as_others(cube):
    rows = cube.query(
        f"{PREFIXES} SELECT ?value ?year {{ ?x a tw:Statistic ; tw:value ?value ; qb:dataSet {SET} "
        "OPTIONAL { ?x tw:refYear ?year } } ORDER BY ?value"
    )

    assert [tuple(term and term.toPython() for term in row) for row in rows] == [(2100, None), (2121, 2019)]
