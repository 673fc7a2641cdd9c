"""The ontology in the eyes of OWL: inside the profiles DL and RL (OWLAPI's checkers), and satisfiable (HermiT).

Both programs are Java and come with the package owlready2 (dependency group "owl"); without it, or without a JDK of
version 11, these tests are skipped. What rdflib and owlrl can tell of the same is in test_axioms.py.
"""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef

from twinld import vocab

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
CHECKERS = Path(__file__).parent / "Profiles.java"

CORE = [ONTOLOGY / "twinld.ttl", ONTOLOGY / "axioms.ttl", ONTOLOGY / "align" / "foreign-declarations.ttl"]
VOCABULARIES = sorted((ONTOLOGY / "vocab").glob("**/*.ttl"))
ALIGNMENTS = sorted({*(ONTOLOGY / "align").glob("*.ttl")} - {*CORE})

PARTS = {
    "core": CORE,
    "vocabularies": [*CORE, *VOCABULARIES],
    "alignments": [*CORE, *ALIGNMENTS],
}
OUTSIDE = {
    "core": [],
    "vocabularies": [],
    "alignments": [
        ("OWL2RLProfile", "accordingTo"),  # the cube needs a range, and owl:Thing is none of RL
        ("OWL2RLProfile", "about"),
    ],
}
"""For each part, what the checkers find: the profile and the property."""

FAULTS = {
    "a range that is no datatype of OWL": (
        lambda graph: graph.add((URIRef(vocab.TW + "quote"), RDFS.range, XSD.gYear)),
        {"OWL2RLProfile"},  # OWLAPI takes the other datatypes of XSD for known ones in DL
    ),
    "a range that nobody declares": (
        lambda graph: graph.add((URIRef(vocab.TW + "start"), RDFS.range, URIRef(vocab.EDTF))),
        {"OWL2DLProfile", "OWL2RLProfile"},
    ),
    "a class of others that is not declared": (
        lambda graph: graph.add((URIRef(vocab.TW + "Place"), RDFS.subClassOf, URIRef("http://example.org/Place"))),
        {"OWL2DLProfile", "OWL2RLProfile"},
    ),
    "a transitive property that is irreflexive": (
        lambda graph: graph.add((URIRef(vocab.TW + "within"), RDF.type, OWL.IrreflexiveProperty)),
        {"OWL2DLProfile", "OWL2RLProfile"},
    ),
}
"""What is put into the core, and the profiles that it leaves."""


def merged(paths: list[Path], target: Path, change=None) -> Path:
    """The files as one in RDF/XML, which every Java reader knows."""
    graph = Graph()
    for path in paths:
        graph.parse(path)
    if change is not None:
        change(graph)
    graph.serialize(target, format="xml")
    return target


def jars(folder: str) -> str:
    """The class path of a folder of owlready2; skips the test where it cannot be run."""
    package = importlib.util.find_spec("owlready2")
    if package is None or package.origin is None:
        pytest.skip("the checkers are not installed: pip install owlready2")
    if shutil.which("java") is None:
        pytest.skip("no java on the PATH")
    return str(Path(package.origin).parent / folder / "*")


def java(*arguments: str) -> str:
    done = subprocess.run(["java", *arguments], capture_output=True, text=True, timeout=300, check=False)
    if "jdk.compiler" in done.stderr or "release version" in done.stderr:
        pytest.skip("this Java cannot run a source file; it needs a JDK of version 11 or newer")
    assert done.returncode == 0, done.stderr
    return done.stdout


def violations(*files: Path) -> tuple[dict[str, int], list[tuple[str, str, str]]]:
    """The number of axioms of each file, and (file, profile, text) of each violation."""
    rows = [line.split("\t") for line in java("-cp", jars("pellet"), str(CHECKERS), *map(str, files)).splitlines()]
    axioms = {Path(file).stem: int(text) for file, what, text in rows if what == "axioms"}
    return axioms, [(Path(file).stem, what, text) for file, what, text in rows if what != "axioms"]


def test_the_files_are_found():
    assert len(VOCABULARIES) > 20
    assert [path.stem for path in ALIGNMENTS] == [
        *("cube", "dbpedia", "dcat", "geonames", "geosparql", "locn", "org", "prov", "schema", "skos", "time"),
        "wikidata",
    ]


def test_every_part_is_in_the_profiles(tmp_path):
    axioms, found = violations(*(merged(paths, tmp_path / f"{part}.rdf") for part, paths in PARTS.items()))

    assert all(count > 200 for count in axioms.values())
    assert axioms.keys() == PARTS.keys()
    for part, expected in OUTSIDE.items():
        texts = [(profile, text) for file, profile, text in found if file == part]
        assert len(texts) == len(expected), texts[:3]
        for profile, name in expected:
            assert [text for where, text in texts if where == profile and f"ns#{name}>" in text], (profile, name)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault, tmp_path):
    change, profiles = FAULTS[fault]

    _, found = violations(merged(CORE, tmp_path / "fault.rdf", change))

    assert {profile for _, profile, _ in found} == profiles


@pytest.mark.parametrize("part", PARTS)
def test_hermit_loads_it_and_every_class_can_have_members(part, tmp_path):
    file = merged(PARTS[part], tmp_path / f"{part}.rdf")

    answer = java("-cp", jars("hermit"), "org.semanticweb.HermiT.cli.CommandLine", "-U", file.as_uri())

    assert answer.split() == ["Classes", "equivalent", "to", "'owl:Nothing':", "owl:Nothing"]


def test_hermit_finds_a_class_that_nothing_can_be(tmp_path):
    fault = URIRef("http://example.org/PlaceAndAgreement")

    def change(graph: Graph) -> None:
        graph.add((fault, RDF.type, OWL.Class))
        graph.add((fault, RDFS.subClassOf, URIRef(vocab.TW + "Place")))
        graph.add((fault, RDFS.subClassOf, URIRef(vocab.TW + "Agreement")))

    file = merged(CORE, tmp_path / "fault.rdf", change)

    answer = java("-cp", jars("hermit"), "org.semanticweb.HermiT.cli.CommandLine", "-U", file.as_uri())

    assert str(fault) in answer
