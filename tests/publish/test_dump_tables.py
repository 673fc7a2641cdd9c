"""The tables of a small made release: their cells, and what csvw and a data package make of them."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import csvw
import pytest

from twinld.publish.csvs import guard_of, lines
from twinld.publish.dumps import DumpFile
from twinld.publish.index import make_index
from twinld.publish.lines import GraphFile, write_graph
from twinld.publish.tables import AGREEMENTS, PLACES, TABLES, AgreementRow, PlaceRow
from twinld.vocab import BASE, CC0, ID, RDFS, TW, source_graph


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_are_the_fields_of_the_rows() -> None:
    assert tuple(column.name for column in PLACES.columns) == PlaceRow._fields
    assert tuple(column.name for column in AGREEMENTS.columns) == AgreementRow._fields


def test_places_have_their_values(out: Path) -> None:
    found = {row["place"]: row for row in rows(out, "places.csv")}

    assert list(found) == ["country-fj", "country-jp", "kyoto", "nara", "nara-too", "suva"]
    assert found["kyoto"] == {
        "place": "kyoto", "label": "京都 <&>", "label_language": "ja", "type": "place", "country": "country-jp",
        "country_code": "JP", "latitude": "35", "longitude": "135.75", "population": "1463723", "twin_count": "",
        "wikidata_item": "Q1", "p190_item": "Q1", "geonames": "1857910",
    }  # fmt: skip
    assert (found["country-fj"]["type"], found["country-fj"]["country_code"]) == ("country", "FJ")
    assert found["suva"]["label"] == '=HYPERLINK("x"), Suva', "in a dump a cell is the value"


def test_agreements_have_their_parties_side_by_side(out: Path) -> None:
    found = {row["agreement"]: row for row in rows(out, "agreements.csv")}
    chosen = ("place_a", "country_a", "latitude_a", "place_b", "item_b", "further_places", "other_parties", "start",
              "end", "kind", "sources")  # fmt: skip

    assert {name: tuple(row[key] for key in chosen) for name, row in found.items()} == {
        "chambers": ("", "", "", "", "", "", "organisation/one organisation/two", "", "", "twinning", ""),
        "kyoto--nara": ("kyoto", "JP", "35", "nara", "Q3", "", "", "1999", "", "twinning", "open"),
        "kyoto--suva": ("kyoto", "JP", "35", "suva", "Q2", "", "", "1962-01", "198X", "twinning", "open"),
        "three": ("kyoto", "JP", "35", "nara", "Q3", "suva", "", "", "", "twinning", ""),
    }


def test_claims_have_their_record_and_verdict(out: Path) -> None:
    assert rows(out, "claims.csv") == [
        {
            "claim": f"open/{key}#label", "source": "open", "record": f"open/{key}", "locator": f"row {key}",
            "read_on": "2022-01-02", "subject": f"{ID}agreement/{subject}", "property": f"{RDFS}label", "value": value,
            "datatype": "", "language": "en", "object": "", "verdict": verdict,
        }
        for key, subject, value, verdict in [
            ("1", "kyoto--suva", "Kyoto and Suva", "disputed"), ("1-2", "kyoto--nara", "two\nlines", ""),
        ]
    ]  # fmt: skip


def test_claims_are_sorted_by_id_whatever_graph_they_stand_in(tmp_path: Path) -> None:
    def stated(name: str, *claims: str) -> GraphFile:
        triples = [(f"<{ID}record/{claim}>", f"<{TW}claimValue>", '"x"') for claim in claims]
        return write_graph(tmp_path / f"{name}.nt", source_graph(name), triples, CC0, BASE)

    graphs = [stated("b", "b/1#label-be", "b/1#label-be-tarask", "b/1-2#label"), stated("a", "a/1#label", "c/1#label")]
    default = write_graph(tmp_path / "default.nt", None, [], CC0, BASE)
    with make_index(tmp_path / "index", default, graphs, BASE) as index:
        found = [row[0] for row in index.claims(graphs)]

    assert found == ["a/1#label", "b/1#label-be", "b/1#label-be-tarask", "b/1-2#label", "c/1#label"] == sorted(found)


def test_memberships_have_their_network_and_place(out: Path) -> None:
    assert [tuple(row.values()) for row in rows(out, "memberships.csv")] == [
        ("net#kyoto", "net", "Net", "kyoto", "京都 <&>", "2004", "")
    ]


def test_csvw_reads_every_table_as_its_metadata_says(out: Path) -> None:
    group = csvw.TableGroup.from_file(out / "csv-metadata.json")
    found = {str(table.url): list(table) for table in group.tables}

    assert list(found) == [table.file for table in TABLES]
    assert group.check_referential_integrity(strict=True) is True
    places = {row["place"] for row in found["places.csv"]}
    named = {row[side] for row in found["agreements.csv"] for side in ("place_a", "place_b")}
    assert named - places == {None}, "who is no place is in another column"
    assert {name: len(read) for name, read in found.items()} == {
        "places.csv": 6, "agreements.csv": 4, "claims.csv": 2, "memberships.csv": 1,
    }  # fmt: skip
    kyoto = next(row for row in found["places.csv"] if row["place"] == "kyoto")
    assert (kyoto["population"], kyoto["latitude"], kyoto["twin_count"]) == (1463723, Decimal(35), None)
    three = next(row for row in found["agreements.csv"] if row["agreement"] == "three")
    assert three["further_places"] == ["suva"]


def test_a_cell_that_is_not_of_its_column_is_found_by_csvw(out: Path, tmp_path: Path) -> None:
    for name in ("places.csv", "agreements.csv", "claims.csv", "memberships.csv", "csv-metadata.json"):
        (tmp_path / name).write_text((out / name).read_text().replace("1463723", "many"))

    with pytest.raises(ValueError, match="many"):
        list(csvw.TableGroup.from_file(tmp_path / "csv-metadata.json").tables[0])


def test_the_data_package_lists_the_tables_with_size_and_hash(out: Path, files: dict[str, DumpFile]) -> None:
    package = json.loads((out / "datapackage.json").read_text())

    assert (package["version"], package["created"]) == ("2022-11-30", "2022-11-30T00:00:00Z")
    assert [(r["path"], r["bytes"], r["hash"]) for r in package["resources"]] == [
        (table.file, files[table.file].bytes, f"sha256:{files[table.file].sha256}") for table in TABLES
    ]
    for resource in package["resources"]:
        header = next(csv.reader(io.StringIO((out / resource["path"]).read_text())))
        assert [column["name"] for column in resource["schema"]["fields"]] == header


def test_a_guarded_table_runs_no_formula_and_keeps_its_numbers() -> None:
    row = PlaceRow("x", "=1+1", "en", "@a", "+b", "-c", "-33.5", "-70", "-1")

    assert guard_of(PLACES)(row)[:9] == ["x", "'=1+1", "en", "'@a", "'+b", "'-c", "-33.5", "-70", "-1"]
    assert "'=1+1" in "".join(lines(PLACES, [row], guarded=True))
    assert "'" not in "".join(lines(PLACES, [row]))
