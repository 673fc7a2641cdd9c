"""The record sets of Croissant: a field a column, of the type of the column, read from the file that is there."""

from __future__ import annotations

from twinld.publish.croissant import record_sets
from twinld.publish.tables import TABLES
from twinld.vocab import BASE, TW

FILES = [table.file for table in TABLES]


def field(record_set: str, name: str, files: list[str] = FILES, base: str = BASE) -> dict[str, object]:
    [found] = [row for row in record_sets(files, base) if row["name"] == record_set]
    [wanted] = [row for row in found["field"] if row["name"] == name]
    return {key: value for key, value in wanted.items() if key not in {"@type", "name", "description"}}


def test_every_table_is_a_record_set_with_its_columns_and_key():
    assert [(row["@id"], row["key"], [column["name"] for column in row["field"]]) for row in record_sets(FILES)] == [
        (table.name, {"@id": f"{table.name}/{table.key}"}, [column.name for column in table.columns])
        for table in TABLES
    ]


def test_a_table_that_is_not_there_is_no_record_set_and_nothing_names_it():
    assert [row["name"] for row in record_sets(["twinld.nt", "agreements.csv", "places.csv.gz"])] == ["agreements"]
    assert "references" in field("agreements", "place_a")
    assert "references" not in field("agreements", "place_a", ["agreements.csv"])


def test_a_field_says_its_type_column_property_and_the_field_that_it_names():
    assert field("places", "population") == {
        "@id": "places/population", "dataType": "sc:Integer", "equivalentProperty": f"{TW}population",
        "source": {"fileObject": {"@id": "places.csv"}, "extract": {"column": "population"}},
    }  # fmt: skip
    assert field("agreements", "place_b", base="https://twins.example/") == {
        "@id": "agreements/place_b", "dataType": "sc:Text", "equivalentProperty": "https://twins.example/ns#party",
        "source": {"fileObject": {"@id": "agreements.csv"}, "extract": {"column": "place_b"}},
        "references": {"field": {"@id": "places/place"}},
    }  # fmt: skip
    types = {name: field(*name.split("/"))["dataType"] for name in ("places/latitude", "claims/read_on",
                                                                    "claims/subject", "agreements/start")}  # fmt: skip
    assert types == {"places/latitude": "sc:Float", "claims/read_on": "sc:Date", "claims/subject": "sc:URL",
                     "agreements/start": "sc:Text"}  # fmt: skip


def test_a_column_of_many_values_is_split_and_no_table_is_joined_with_itself():
    sources = field("agreements", "sources")

    assert (sources["repeated"], sources["source"]) == (True, {
        "fileObject": {"@id": "agreements.csv"}, "extract": {"column": "sources"}, "transform": {"separator": " "},
    })  # fmt: skip
    assert "references" not in field("places", "country"), "its place is in the same table: readers would go in a ring"
