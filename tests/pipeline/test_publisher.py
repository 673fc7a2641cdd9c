"""Who publishes a release: in its manifest when it was told, and named when it is missing, before anything is built."""

from __future__ import annotations

import json

import pytest

from twinld.cli import main
from twinld.cli.serve import _held
from twinld.errors import ReleaseError, UsageError
from twinld.pipeline import BuildOptions, build
from twinld.pipeline.publisher import check_metadata, missing_settings, publisher_rows, refuse_unnamed
from twinld.settings import Settings

URL = "https://twins.example/"
FILE = {
    "name": "twinld.ttl", "title": "All", "format": "turtle", "bytes": 1, "sha256": "ab" * 32, "triples": 1,
    "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
}  # fmt: skip
MANIFEST = {"id": "2022-11-30", "date": "2022-11-30", "base": "https://w3id.org/twinld/", "files": [FILE]}


def test_on_ones_own_machine_a_missing_publisher_is_named():
    assert missing_settings(Settings()) == ["TWINLD_PUBLISHER", "TWINLD_CONTACT"]
    assert missing_settings(Settings(contact="a@b.example")) == ["TWINLD_PUBLISHER"]
    assert missing_settings(Settings(publisher="Malmö", contact="a@b.example", url=URL)) == []


def test_for_the_public_a_missing_publisher_stops_the_build():
    with pytest.raises(UsageError, match=r"^TWINLD_CONTACT: not set, and TWINLD_URL says"):
        missing_settings(Settings(publisher="Malmö", url=URL))


def test_the_command_stops_before_it_builds(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TWINLD_URL", URL)

    assert main(["build", "--data", str(data), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("twinld: TWINLD_PUBLISHER and TWINLD_CONTACT: not set, and TWINLD_URL")
    assert not (tmp_path / "out").exists()


def test_a_release_that_names_nobody_is_not_served_to_the_public(data, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    folder = build(BuildOptions(data, out, publisher="Malmö")).folder
    monkeypatch.setenv("TWINLD_URL", URL)

    assert main(["serve", "--out", str(out), "--port", "0"]) == 2
    assert capsys.readouterr().err.startswith(
        f"twinld: TWINLD_CONTACT: not set when release {folder.name} was built, so its catalogue names the project, "
    )


def test_a_release_that_names_somebody_is_served_to_the_public(data, tmp_path, monkeypatch, capsys):
    folder = build(BuildOptions(data, tmp_path / "out", publisher="Malmö", contact="a@b.example")).folder
    monkeypatch.setenv("TWINLD_URL", URL)

    refuse_unnamed(folder, Settings(url=URL))
    assert main(["serve", "--store", str(folder), "--host", "no.such.host.invalid"]) == 2
    assert "'no.such.host.invalid' is no address of this machine" in capsys.readouterr().err


def test_on_ones_own_machine_a_release_may_name_nobody(data, tmp_path):
    refuse_unnamed(build(BuildOptions(data, tmp_path / "out")).folder, Settings())
    refuse_unnamed(tmp_path, Settings(url=URL))  # no release: a file or a store of triples


def test_a_release_that_names_nobody_is_not_switched_in_while_another_is_served(data, tmp_path):
    options = BuildOptions(data, tmp_path / "out", publisher="Malmö", contact="a@b.example")
    named = build(options).folder
    nameless = build(BuildOptions(data, tmp_path / "out")).folder

    with _held(Settings(url=URL), named):
        pass
    with (
        pytest.raises(ReleaseError, match="TWINLD_PUBLISHER and TWINLD_CONTACT: not set"),
        _held(Settings(url=URL), nameless),
    ):
        pass


def test_a_publisher_of_blanks_is_none():
    assert Settings.from_environment({"TWINLD_PUBLISHER": "  "}).publisher == ""


def test_a_manifest_says_only_what_was_told():
    assert publisher_rows("", "", "") == {}
    assert publisher_rows("Malmö", "", "") == {"publisher": {"name": "Malmö"}}
    assert publisher_rows("Malmö", "https://m.example/", "a@b.example") == {
        "publisher": {"name": "Malmö", "iri": "https://m.example/"},
        "contact": "a@b.example",
    }


def test_another_publisher_is_another_release(data, tmp_path):
    out = tmp_path / "out"
    first = build(BuildOptions(data, out))
    told = build(BuildOptions(data, out, publisher="Malmö", contact="a@b.example"))

    assert (first.fresh, told.fresh) == (True, True)
    assert "publisher" not in first.manifest
    manifest = json.loads((told.folder / "manifest.json").read_text())
    assert (manifest["publisher"], manifest["contact"]) == ({"name": "Malmö"}, "a@b.example")
    assert build(BuildOptions(data, out, publisher="Malmö", contact="a@b.example")).fresh is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"files": []}, "A data set has distributions"),
        ({"files": [{**FILE, "licence": ""}]}, "A distribution has a licence"),
        ({"files": [{**FILE, "sha256": "no hash"}]}, "A checksum has one value, an xsd:hexBinary"),
    ],
)
def test_a_release_that_portals_could_not_read_is_not_published(change, message):
    check_metadata(MANIFEST, "2022-11-30")

    with pytest.raises(ReleaseError, match=message):
        check_metadata({**MANIFEST, **change}, "2022-11-30")
