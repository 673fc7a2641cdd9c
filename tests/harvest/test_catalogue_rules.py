"""Our shapes of a catalogue find what the published ones of DCAT-AP 3.0.1 find: every property, broken in every way.

A mutant is a copy of a catalogue, a data set, a distribution ... that differs from a valid one in one property. All
stand in one graph, each under an IRI of its own, so that each set of shapes is asked once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import FOAF, RDF, SH, XSD

from tests.harvest.serving import Change, catalogue_only, failures
from tests.publish.test_catalog import MANIFEST, made
from twinld.files import folder
from twinld.validate.catalogue import check_catalogue

DCAT, DCT = rdflib.Namespace("http://www.w3.org/ns/dcat#"), "http://purl.org/dc/terms/"
DATASET = "https://w3id.org/twinld/dataset"
LEADS = re.compile(r"<([^>]*)> <([^>]*)>: ")
BESIDE = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://e.example/> .

e:record a dcat:CatalogRecord ; dcterms:modified "2022-11-30"^^xsd:date ; foaf:primaryTopic e:topic .
e:topic a dcat:Resource .
e:series a dcat:DatasetSeries ; dcterms:title "Releases"@en ; dcterms:description "All releases"@en .
e:relationship a dcat:Relationship ; dcterms:relation e:topic ; dcat:hadRole e:role .
e:role a dcat:Role .
e:identifier a adms:Identifier ; skos:notation "10.1000/182" .
"""
"""A valid thing of each class that no catalogue of ours has."""

SECOND, NONE, LITERAL, TYPE = "a second value", "no value", "a literal", "a literal of another datatype"
NODE, BLANK, CLASS, SUBCLASS = "a node", "a blank node", "a node of no class", "a node of a class below"
ONE, SEVERAL = "a valid value", "several values"
BROKEN = {SECOND, NONE, LITERAL, NODE, CLASS}
"""What the published shapes find wherever it is made."""
KEPT = {ONE, SEVERAL}
"""What they never find."""

_DATE = "html/shacl/shapes.ttl wants the datatype of a date, dcat-ap-SHACL.ttl any literal; portals sort by it"
_IRI = "a URL that is a blank node can't be fetched"
DIFFERENT = {
    **{
        (f"{DCAT}{name}", f"{DCT}{date}", TYPE): _DATE
        for name in ("Catalog", "CatalogRecord", "Dataset", "DatasetSeries", "Distribution")
        for date in ("issued", "modified")
    },
    (f"{DCT}PeriodOfTime", f"{DCAT}startDate", TYPE): _DATE,
    (f"{DCT}PeriodOfTime", f"{DCAT}endDate", TYPE): _DATE,
    (f"{DCAT}Distribution", f"{DCAT}accessURL", BLANK): _IRI,
    (f"{DCAT}Distribution", f"{DCAT}downloadURL", BLANK): _IRI,
    (f"{DCAT}DataService", f"{DCAT}endpointURL", BLANK): _IRI,
    (f"{DCAT}Dataset", f"{DCT}identifier", SEVERAL): "by one identifier a portal knows the data set again",
    (f"{DCAT}CatalogRecord", str(FOAF.primaryTopic), SUBCLASS): "dcat-ap-SHACL.ttl wants a dcat:Dataset to be typed "
    "dcat:Resource too, html/shacl/range.ttl does not; by DCAT's own ontology every data set is one",
}
"""Where ours and the published shapes differ on purpose, and why: class, property, what was done to it."""


@dataclass(frozen=True)
class Rule:
    """What the published shapes say of one property of a class."""

    target: rdflib.term.Node
    path: rdflib.term.Node
    says: frozenset[tuple[rdflib.term.Node, rdflib.term.Node]]

    def value(self, name: str) -> rdflib.term.Node | None:
        """What a constraint asks for."""
        return next((value for constraint, value in self.says if constraint == SH[name]), None)


def rules(published: rdflib.Graph) -> list[Rule]:
    """The rules of the published shapes, by class and property; a property shape is there for each constraint."""
    found: dict[tuple[rdflib.term.Node, rdflib.term.Node], set[tuple[rdflib.term.Node, rdflib.term.Node]]] = {}
    for shape, target in published.subject_objects(SH.targetClass):
        for part in published.objects(shape, SH.property):
            path = published.value(part, SH.path)
            if path is not None:  # two are named and not defined
                found.setdefault((target, path), set()).update(published.predicate_objects(part))
    return [Rule(target, path, frozenset(says)) for (target, path), says in sorted(found.items())]


def mutations(rule: Rule, data: rdflib.Graph) -> Iterator[tuple[str, list[rdflib.term.Node]]]:
    """What can be done to a property, with the values that it then has; their classes are added to `data`."""

    def fresh(node: rdflib.term.Node | None = None) -> rdflib.term.Node:
        thing = node or rdflib.URIRef(f"http://e.example/value/{len(data)}")
        data.add((thing, RDF.type, rule.value("class") or rdflib.RDFS.Resource))
        return thing

    datatype = rule.value("datatype")
    dated = str(rule.path).endswith(("issued", "modified", "Date"))
    if rule.value("nodeKind") == SH.Literal:
        lexical = {XSD.decimal: ("1.5", "2.5"), XSD.duration: ("P1D", "P2D"), XSD.hexBinary: ("ab", "cd")}
        written = lexical.get(datatype, ("2022-11-30", "2023-01-31") if dated else ("1", "2"))
        typed = datatype or (XSD.date if dated else None)
        good: list[rdflib.term.Node] = [rdflib.Literal(text, datatype=typed) for text in written]
        yield NODE, [rdflib.URIRef("http://e.example/node")]
        yield BLANK, [rdflib.BNode()]
        yield TYPE, [rdflib.Literal("true", datatype=XSD.boolean)]
    else:
        good = [fresh(), fresh()]
        yield LITERAL, [rdflib.Literal("text")]
        yield BLANK, [fresh(rdflib.BNode())]
        if rule.value("class") is not None:
            yield CLASS, [rdflib.URIRef("http://e.example/node")]
        if rule.value("class") == DCAT.Resource:
            yield SUBCLASS, [rdflib.URIRef(DATASET)]
    yield ONE, good[:1]
    if rule.value("maxCount") is not None:
        yield SECOND, good
    else:
        yield SEVERAL, good
    if rule.value("minCount") is not None:
        yield NONE, []


@pytest.fixture(scope="module")
def published(shared: Path) -> Path:
    """The published shapes."""
    return shared / "standards/dcat-ap-3.0.1/shacl/dcat-ap-SHACL.ttl"


def found(data: rdflib.Graph, files: list[Path]) -> set[tuple[str, str]]:
    """What breaks a shape, and which of its properties does."""
    leads = [LEADS.match(line) for line in check_catalogue(data, files)]
    return {(lead[1], lead[2]) for lead in leads if lead is not None}


def base() -> rdflib.Graph:
    """Our catalogue, cut to three files, and a thing of each class that it lacks."""
    return made(files=MANIFEST["files"][:3]).parse(data=BESIDE, format="turtle")


def test_what_the_mutants_are_made_of_is_valid(published):
    assert check_catalogue(base()) == []
    assert check_catalogue(base(), [published]) == []


def test_ours_are_about_the_same_properties(published):
    theirs, ours = (
        rules(rdflib.Graph().parse(path)) for path in (published, folder("shapes") / "catalogue/dcat-ap.ttl")
    )

    assert len(theirs) > 130
    assert [(rule.target, rule.path) for rule in ours] == [(rule.target, rule.path) for rule in theirs]


def test_ours_find_in_every_mutant_what_the_published_shapes_find(published):
    data, made_of = base(), base()
    mutants: dict[tuple[str, str], tuple[str, str, str]] = {}
    for rule in rules(rdflib.Graph().parse(published)):
        model = min(made_of.subjects(RDF.type, rule.target))
        for what, values in mutations(rule, data):
            mutant = rdflib.URIRef(f"http://e.example/mutant/{len(mutants)}")
            for name, value in made_of.predicate_objects(model):
                if name != rule.path:
                    data.add((mutant, name, value))
            for value in values:
                data.add((mutant, rule.path, value))
            mutants[str(mutant), str(rule.path)] = (str(rule.target), str(rule.path), what)

    theirs, ours = found(data, [published]), found(data, [])

    assert len(mutants) > 600
    assert {what for key, what in mutants.items() if what[2] in BROKEN and key not in theirs} == set()
    assert {what for key, what in mutants.items() if what[2] in KEPT and key in theirs} == set()
    assert {what for key, what in mutants.items() if (key in ours) != (key in theirs)} == set(DIFFERENT)


# -------------------------------------------------------------------------------- without the published shapes

FREQUENCY = f"<http://e.example/daily> a <{DCT}Frequency> ."


def plus(name: str, value: str, more: str = "", node: str = DATASET) -> Change:
    """One more value of a property."""
    return catalogue_only(lambda text: f"{text}\n<{node}> <{name}> {value} . {more}\n")


PLANTED = [
    (plus(f"{DCT}accrualPeriodicity", '"daily"'), f"<{DCT}accrualPeriodicity>",
     "A data set has at most one frequency, a node typed dcterms:Frequency."),
    (plus(f"{DCT}accrualPeriodicity", "<http://e.example/daily>", FREQUENCY), f"<{DCT}accrualPeriodicity>",
     "A data set has at most one frequency, a node typed dcterms:Frequency."),
    (plus(f"{DCT}temporal", '"since 1947"'), f"<{DCT}temporal>",
     "The periods of a data set are nodes typed dcterms:PeriodOfTime."),
    (plus(f"{DCT}spatial", '"the world"'), f"<{DCT}spatial>",
     "The areas of a data set are nodes typed dcterms:Location."),
    (plus(f"{DCT}language", '"en"'), f"<{DCT}language>",
     "The languages of a data set are nodes typed dcterms:LinguisticSystem."),
    (plus(f"{DCT}language", "<http://e.example/en>"), f"<{DCT}language>",
     "The languages of a data set are nodes typed dcterms:LinguisticSystem."),
    (plus(str(DCAT.version), '"2.0"'), f"<{DCAT.version}>",
     "A data set has at most one name of its version, a literal."),
    (plus(f"{DCT}title", "<http://e.example/title>"), f"<{DCT}title>",
     "A data set has a title, a literal."),
    (plus(f"{DCT}issued", '"last week"'), f"<{DCT}issued>",
     "A data set has at most one day of issue, an xsd:date, dateTime, gYearMonth or gYear."),
    (plus(str(FOAF.page), '"https://e.example/"'), f"<{FOAF.page}>",
     "The pages of documentation of a data set are nodes typed foaf:Document."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "message"), PLANTED)
def test_a_planted_fault_is_a_row_of_the_harvest(server, change, path, message):
    with server.by(change) as url:
        assert failures(url) == {"shapes": f"<{DATASET}> {path}: {message}"}


def test_faults_of_a_file_are_named_by_its_iri(server):
    node = f"{DATASET}#twinld.nt"
    with server.by(plus(str(DCAT.byteSize), '"12"', f'<{node}> <{DCT}rights> "all" .', node)) as url:
        rows = failures(url)

    assert rows["shapes"] == (
        f"<{node}> <{DCT}rights>: The statements of rights of a distribution are nodes typed dcterms:RightsStatement.; "
        f"<{node}> <{DCAT.byteSize}>: A distribution has at most one size in bytes, an xsd:nonNegativeInteger."
    )
