from collections import Counter

import pyoxigraph
import pytest
import rdflib
from rdflib.serializer import Serializer

from twinld.errors import UsageError
from twinld.formats import (
    DATASET_FORMATS,
    DUMP_FORMATS,
    FILE_FORMATS,
    FORMATS,
    GRAPH_FORMATS,
    RESULT_FORMATS,
    find_format,
)

NAMES = [row.name for row in FORMATS]
WITH_CHARSET = {"turtle", "ntriples", "trig", "nquads", "csv", "tsv"}


def test_the_formats_by_kind():
    assert [row.name for row in GRAPH_FORMATS] == ["turtle", "jsonld", "ntriples", "rdfxml"]
    assert [row.name for row in DATASET_FORMATS] == ["trig", "nquads"]
    assert [row.name for row in RESULT_FORMATS] == ["json", "xml", "csv", "tsv"]
    assert [row.name for row in FILE_FORMATS] == ["geojson", "graphml", "csvw", "datapackage"]
    assert {row.kind for row in FILE_FORMATS} == {"file"}
    assert len(FORMATS) == len(GRAPH_FORMATS) + len(DATASET_FORMATS) + len(RESULT_FORMATS)


def test_no_name_stands_for_two_formats():
    names = Counter(
        name for row in (*FORMATS, *FILE_FORMATS) for name in {row.name, row.media_type, row.extension, *row.aliases}
    )

    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if name != name.lower()] == []


@pytest.mark.parametrize("row", [*FORMATS, *FILE_FORMATS], ids=lambda row: row.name)
def test_a_format_is_found_by_each_of_its_names(row):
    for name in (
        row.name,
        row.media_type,
        row.extension,
        f".{row.extension}",
        row.name.upper(),
        *row.aliases,
    ):
        assert find_format(f" {name} ", (*FORMATS, *FILE_FORMATS)) is row


def test_dumps_are_in_graph_and_dataset_formats_in_csv_and_in_files():
    assert [row.name for row in DUMP_FORMATS] == [
        "turtle", "jsonld", "ntriples", "rdfxml", "trig", "nquads", "csv", "geojson", "graphml", "csvw", "datapackage",
    ]  # fmt: skip


@pytest.mark.parametrize("row", FORMATS, ids=NAMES)
def test_pyoxigraph_knows_the_format_by_the_same_media_type_and_extension(row):
    kind = pyoxigraph.QueryResultsFormat if row.kind == "results" else pyoxigraph.RdfFormat
    found = kind.from_media_type(row.media_type)

    assert found.media_type.removesuffix("; charset=utf-8") == row.media_type
    assert found.file_extension == row.extension


@pytest.mark.parametrize("row", [*GRAPH_FORMATS, *DATASET_FORMATS], ids=lambda row: row.name)
def test_rdflib_writes_and_reads_the_format(row):
    assert rdflib.plugin.get(row.rdflib, Serializer) is not None
    data = rdflib.Dataset() if row.kind == "dataset" else rdflib.Graph()
    data.parse(data="<http://e.org/s> <http://e.org/p> 'o'@en .", format="turtle")
    text = data.serialize(format=row.rdflib)

    again = type(data)().parse(data=text, format=row.rdflib)

    assert [quad[:3] for quad in again] == [quad[:3] for quad in data]


@pytest.mark.parametrize("row", FORMATS, ids=NAMES)
def test_text_formats_name_their_charset(row):
    expected = f"{row.media_type}; charset=utf-8" if row.name in WITH_CHARSET else row.media_type

    assert row.content_type == expected


REFUSED = [
    ("turtel", FORMATS, "'turtel' is not a format here; did you mean turtle?"),
    ("csv", GRAPH_FORMATS, "'csv' is not a format here; formats: jsonld, ntriples, rdfxml, turtle"),
    ("", DATASET_FORMATS, "'' is not a format here; formats: nquads, trig"),
]


@pytest.mark.parametrize(("name", "among", "message"), REFUSED, ids=["near", "other kind", "empty"])
def test_an_unknown_format_is_refused_with_what_there_is(name, among, message):
    with pytest.raises(UsageError) as raised:
        find_format(name, among)

    assert str(raised.value) == message
