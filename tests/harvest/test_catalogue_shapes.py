"""Our shapes of a catalogue: ours keeps them, and each can be broken, with its own message."""

from __future__ import annotations

import pytest
import rdflib
from rdflib.namespace import RDF, SH

from tests.publish.test_catalog import made
from twinld.errors import SourceError
from twinld.files import folder
from twinld.validate.catalogue import check_catalogue

SHAPES = rdflib.Graph()
for path in (folder("shapes") / "catalogue").glob("*.ttl"):
    SHAPES.parse(path)
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
ABSENT = {"A catalogue record", "A series", "A relationship", "An identifier"}
"""What no catalogue of ours holds."""


def messages(predicate: rdflib.URIRef) -> set[str]:
    """The messages of the shapes that have a constraint, of what our catalogues hold."""
    found = {str(SHAPES.value(shape, SH.message)) for shape in SHAPES.subjects(predicate)}
    return {message for message in found if not any(message.startswith(f"{name} ha") for name in ABSENT)}


def ends(data: rdflib.Graph, wanted: set[str]) -> set[str]:
    lines = check_catalogue(data)
    return {message for message in wanted if any(line.endswith(message) for line in lines)}


def test_our_catalogue_keeps_them():
    assert check_catalogue(made()) == []


def test_every_property_that_is_left_out_is_named():
    bare = rdflib.Graph()
    for triple in made().triples((None, RDF.type, None)):
        bare.add(triple)

    assert len(messages(SH.minCount)) > 20
    assert ends(bare, messages(SH.minCount)) == messages(SH.minCount)


def test_every_thing_that_does_not_say_its_class_is_named():
    data = made()
    for triple in list(data.triples((None, RDF.type, None))):
        if triple[2] not in {DCAT.Catalog, DCAT.Dataset, DCAT.Distribution}:
            data.remove(triple)
    missed = ends(data, messages(SH["class"]))

    assert {message.rpartition(" ")[2] for message in missed} == {
        "dcat:DataService.", "dcterms:Frequency.", "dcterms:LicenseDocument.", "dcterms:LinguisticSystem.",
        "dcterms:Location.", "dcterms:MediaType.", "dcterms:MediaTypeOrExtent.", "dcterms:PeriodOfTime.",
        "dcterms:ProvenanceStatement.", "dcterms:RightsStatement.", "dcterms:Standard.", "foaf:Agent.",
        "foaf:Document.", "skos:Concept.", "skos:ConceptScheme.", "spdx:Checksum.", "vcard:Kind.",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["Dataset", "Distribution"])
def test_a_thing_without_an_iri_is_named(kind):
    data = made()
    data.add((rdflib.BNode(), RDF.type, DCAT[kind]))

    assert any("a blank node is a new" in line for line in check_catalogue(data))


def test_a_file_that_holds_no_shapes_is_refused(tmp_path):
    path = tmp_path / "shapes.ttl"
    path.write_text("this is no Turtle")

    with pytest.raises(SourceError, match=r"shapes\.ttl: .*give a file of SHACL shapes"):
        check_catalogue(made(), [path])
