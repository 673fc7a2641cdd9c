"""Every dump of a small made release: what it holds, that it reads back, that equal data gives equal bytes."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import zstandard

from tests.publish.small_graphs import CONTEXT, FACTS, RECORDS, REVIEWED, graph_files, thing
from twinld.errors import ReleaseError
from twinld.publish.dumps import DUMPS, GROUPS, DumpFile, write_dumps
from twinld.publish.lines import write_graph
from twinld.terms import Triple
from twinld.vocab import BASE, CC0, CC_BY, CURATED, GEONAMES, ID, OWL, RDF, REVIEW, SCHEMA, WD, WDT, source_graph

# ------------------------------------------------------------------------------------------------ what is there


def test_the_files_are_those_of_the_table_and_of_each_source_with_another_licence(files: dict[str, DumpFile]) -> None:
    plain = [file.name for file in files.values() if file.of is None]

    assert plain == [*(dump.name for dump in DUMPS), "closed.nq", "closed.trig"]
    assert [file.group for file in files.values()] == sorted((f.group for f in files.values()), key=list(GROUPS).index)
    assert {dump.name for dump in DUMPS if not dump.packed} == {"csv-metadata.json", "datapackage.json"}


def test_every_file_is_as_its_row_says(out: Path, files: dict[str, DumpFile]) -> None:
    assert {path.name for path in out.iterdir()} == set(files)
    for name, file in files.items():
        content = (out / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256), name


def test_packed_files_unpack_to_the_plain_ones(out: Path, files: dict[str, DumpFile]) -> None:
    packed = [file for file in files.values() if file.of is not None]

    assert len(packed) == 2 * (len(DUMPS) - 2 + 2)
    for file in packed:
        content = (out / file.name).read_bytes()
        if file.compression == "gzip":
            assert (file.name, content[4:8]) == (f"{file.of}.gz", bytes(4)), "a time would change the bytes"
            plain = gzip.decompress(content)
        else:
            assert (file.name, file.compression) == (f"{file.of}.zst", "zstd")
            plain = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        assert plain == (out / str(file.of)).read_bytes(), file.name
        assert (file.media_type, file.triples, file.rows) == (
            files[str(file.of)].media_type, files[str(file.of)].triples, files[str(file.of)].rows,
        )  # fmt: skip


def test_equal_data_gives_equal_bytes(tmp_path: Path, files: dict[str, DumpFile]) -> None:
    (tmp_path / "out").mkdir()
    graphs = graph_files(tmp_path / "graphs")
    again = write_dumps(tmp_path / "out", *graphs, CC0, CONTEXT, BASE, "2022-11-30", "2022-11-30")

    assert {file.name: file for file in again} == files


def test_what_another_licence_covers_is_in_the_files_of_its_source_only(out: Path, files: dict[str, DumpFile]) -> None:
    for file in files.values():
        if file.of is None:
            assert ("sentinel" in (out / file.name).read_text()) == (file.licence == CC_BY), file.name
    assert {file.name for file in files.values() if file.licence != CC0 and file.of is None} == {
        "closed.nq",
        "closed.trig",
    }


def test_a_source_under_two_licences_is_refused(tmp_path: Path) -> None:
    default, graphs = graph_files(tmp_path / "graphs")
    more = write_graph(tmp_path / "m.nt", f"{BASE}graph/facts/closed", FACTS[:1], "urn:other", BASE)

    with pytest.raises(ReleaseError, match=r"closed are under .*; give a source one licence"):
        list(write_dumps(tmp_path, default, [*graphs, more], CC0, CONTEXT, BASE))


# ------------------------------------------------------------------------------------------------------- RDF


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("twinld.ttl", "turtle"), ("twinld.rdf", "xml"), ("twinld.jsonld", "json-ld"), ("twinld.nt", "nt")],
)
def test_a_dump_of_the_facts_reads_back_in_rdflib_and_pyoxigraph(
    out: Path, files: dict[str, DumpFile], name: str, theirs: str
) -> None:
    expected = {(s, p, o) for s, p, o in rdflib.Graph().parse(data=nt(FACTS), format="nt")}
    format_ = ox.RdfFormat.from_extension(name.rpartition(".")[2])

    assert set(rdflib.Graph().parse(out / name, format=theirs)) == expected
    assert {str(q.triple) for q in ox.parse(path=str(out / name), format=format_)} == oxigraph(nt(FACTS))
    assert files[name].triples == len(expected)


@pytest.mark.parametrize("extension", ["nq", "trig"])
def test_a_dump_of_graphs_reads_back(out: Path, files: dict[str, DumpFile], extension: str) -> None:
    expected = {
        (q.graph_name.value, str(q.triple))
        for name, said in ((CURATED, FACTS), (REVIEW, REVIEWED), (source_graph("open"), RECORDS))
        for q in ox.parse(nt(said).encode(), ox.RdfFormat.N_TRIPLES, base_iri=None)
        for q in [ox.Quad(*q.triple, ox.NamedNode(name))]
    }
    format_ = ox.RdfFormat.from_extension(extension)
    theirs = rdflib.Dataset().parse(out / f"twinld.{extension}", format={"nq": "nquads"}.get(extension, extension))

    found = {
        (q.graph_name.value, str(q.triple)) for q in ox.parse(path=str(out / f"twinld.{extension}"), format=format_)
    }
    assert found == expected
    assert len(theirs) == len(expected) == files[f"twinld.{extension}"].triples


def nt(triples: list[Triple]) -> str:
    return "".join(sorted({f"{s} {p} {o} .\n" for s, p, o in triples}))


def oxigraph(document: str) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(document.encode(), ox.RdfFormat.N_TRIPLES)}


def test_the_flat_profile_holds_wikidata_s_statements(out: Path) -> None:
    assert (out / "twinld-p190.nt").read_text() == f"<{WD}Q1> <{WDT}P190> <{WD}Q2> .\n"


def test_links_are_one_for_one(out: Path) -> None:
    same = f"<{OWL}sameAs>"

    assert (out / "twinld-links-wikidata.nt").read_text().splitlines() == [
        f"{thing('place/kyoto')} {same} <{WD}Q1> .", f"{thing('place/suva')} {same} <{WD}Q2> .",
    ], "Q3 is given for two places, and would make one of both"  # fmt: skip
    assert (out / "twinld-links-geonames.nt").read_text() == f"{thing('place/kyoto')} {same} <{GEONAMES}1857910/> .\n"
    assert "sameAs> <http://www.w3.org/2002/07/owl" not in (out / "twinld.nt").read_text()


def test_the_profile_of_schema_org_uses_its_terms_alone(out: Path) -> None:
    graph = rdflib.Graph().parse(out / "twinld-schema-org.ttl", format="turtle")
    schema = rdflib.Namespace(SCHEMA)
    kyoto, event = rdflib.URIRef(f"{ID}place/kyoto"), rdflib.URIRef(f"{ID}agreement/kyoto--suva")

    assert {str(p) for p in graph.predicates() if not str(p).startswith(SCHEMA)} == {f"{RDF}type"}
    assert set(graph.objects(event, schema.about)) == {kyoto, rdflib.URIRef(f"{ID}place/suva")}
    assert [str(o) for o in graph.objects(event, schema.startDate)] == ["1962-01"]
    assert list(graph.objects(event, schema.endDate)) == [], "198X has no form there"
    assert set(graph.objects(kyoto, schema.name)) == {rdflib.Literal("京都 <&>", lang="ja"), rdflib.Literal("Kyōto")}
    point = graph.value(kyoto, schema.geo)
    assert (str(graph.value(point, schema.latitude)), str(graph.value(point, schema.longitude))) == ("35", "135.75")
