"""The tables of a built release as clients of others fetch them: csvw by its metadata, frictionless by its package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import csvw
import pytest
from werkzeug.wrappers import Request, Response

from tests.harvest.serving import Broken, Change, serving
from tests.harvest.test_portals import INSTALLED, client
from tests.pipeline.conftest import small_data
from twinld.pipeline import BuildOptions, build
from twinld.publish.tables import TABLES


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    return build(BuildOptions(data=small_data(folder), out=folder / "out")).folder


@pytest.fixture(scope="module")
def rows(built: Path) -> dict[str, int]:
    """How many rows each table has, by its file."""
    manifest = json.loads((built / "manifest.json").read_text())
    return {row["name"]: row["rows"] for row in manifest["files"] if row["format"] == "csv" and not row["of"]}


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[Broken]:
    changes: list[Change] = []
    with serving(built, changes) as url:
        yield Broken(f"{url.removesuffix('catalog')}dumps/latest/", changes)


def less(request: Request, response: Response) -> Response:
    """The places without their last row."""
    if request.path.endswith("/places.csv"):
        response.set_data(b"".join(response.get_data().splitlines(keepends=True)[:-1]))
    return response


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_csvw_finds_the_metadata_of_a_table_by_its_address(served, built, rows, table):
    read = csvw.CSVW(f"{served.url.replace('latest', built.name)}{table.file}", validate=True)
    [found] = [one for one in read.tables if str(one.url).endswith(table.file)]

    assert (read.is_valid, [str(warning.message) for warning in read.warnings]) == (True, [])
    assert [column.name for column in found.tableSchema.columns] == [column.name for column in table.columns]
    assert len(list(found.iterdicts())) == rows[table.file]


def test_every_row_is_about_a_thing_that_the_graphs_tell_of(built):
    document = csvw.CSVW(str(built / "dumps" / "csv-metadata.json")).to_json()
    described = {
        table["url"].rpartition("/")[2]: [row["describes"][0]["@id"] for row in table["row"]]
        for table in document["tables"]
    }
    lines = (built / "dumps" / "twinld.nq").read_text(encoding="utf-8").splitlines()
    subjects = {line.partition(" ")[0][1:-1] for line in lines}

    assert {name: len(set(ids)) > 0 and set(ids) <= subjects for name, ids in described.items() if ids} == {
        table.file: True for table in TABLES if described[table.file]
    }
    assert len(described["claims.csv"]) > 10
    assert all("%" not in iri for iri in described["claims.csv"])


def test_csvw_sees_a_cell_that_is_not_of_its_column(served, built):
    def worse(request: Request, response: Response) -> Response:
        if request.path.endswith("/places.csv"):
            response.set_data(response.get_data().replace(b",692600,", b",many,"))
        return response

    with served.by(worse) as url, pytest.raises(UserWarning, match="Invalid column value: many"):
        assert csvw.CSVW(f"{url.replace('latest', built.name)}places.csv", validate=True).is_valid


@INSTALLED
def test_frictionless_reads_the_package_at_its_newest_address(served, rows):
    assert client("tables", f"{served.url}datapackage.json") == {
        "errors": [], "rows": {name.removesuffix(".csv"): number for name, number in rows.items()},
    }  # fmt: skip


@INSTALLED
def test_frictionless_sees_a_row_that_is_missing(served):
    with served.by(less) as url:
        errors = client("tables", f"{url}datapackage.json")["errors"]

    assert {error.partition(":")[0] for error in errors} >= {"hash-count", "byte-count"}
