"""What clients of others make of us: CKAN's parser, a Signposting client, a crawler of sitemaps, an OpenAPI validator.

They live in an environment of their own, which `make harvest` makes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.harvest.serving import serving, write_release

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-ckan/bin/python"
INSTALLED = pytest.mark.skipif(not PYTHON.exists(), reason="the clients of portals are not installed: make harvest")
pytestmark = INSTALLED

NAMES = {"twinld.nt": "ntriples", "places.csv": "csv", "twinld.nq.gz": "nquads"}
FORMATS = [("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")]
DATASET = "https://w3id.org/twinld/dataset"


def client(name: str, *arguments: str) -> Any:
    """What a client of others reads."""
    script = Path(__file__).with_name("clients.py")
    done = subprocess.run([PYTHON, script, name, *arguments], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return body


def ckan(url: str, suffix: str, parser: str, folder: Path) -> list[dict[str, Any]]:
    path = folder / f"catalog.{suffix}"
    path.write_bytes(fetched(f"{url}.{suffix}"))
    found: list[dict[str, Any]] = client("ckan", str(path), parser)
    return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two releases, one after the other."""
    releases = tmp_path_factory.mktemp("portals") / "releases"
    return [write_release(releases, name, name, NAMES) for name in ("2022-11-30", "2023-01-31")]


@pytest.mark.parametrize(("suffix", "parser"), FORMATS)
def test_ckan_reads_one_data_set_with_every_file(folders, tmp_path, suffix, parser):
    seen: list[dict[str, Any]] = []
    for folder in folders:
        with serving(folder) as url:
            [dataset] = ckan(url, suffix, parser, tmp_path)
            files = {row["name"]: row for row in dataset["resources"]}
            assert set(files) == set(NAMES)
            for row in files.values():
                body = fetched(row["download_url"])
                assert (row["size"], row["hash"]) == (len(body), hashlib.sha256(body).hexdigest())
                assert fetched(row["access_url"]) == body
        seen.append(dataset)

    extras = [{row["key"]: row["value"] for row in dataset["extras"]} for dataset in seen]
    assert [row["identifier"] for row in extras] == [row["uri"] for row in extras] == [DATASET, DATASET]
    assert [dataset["version"] for dataset in seen] == ["2022-11-30", "2023-01-31"]
    uris = [sorted(row["uri"] for row in dataset["resources"]) for dataset in seen]
    assert uris[0] == uris[1] == sorted(f"{DATASET}#{name}" for name in NAMES)
    hashes = [{row["hash"] for row in dataset["resources"]} for dataset in seen]
    assert hashes[0].isdisjoint(hashes[1])


def test_ckan_reads_the_real_release(release, tmp_path):
    with serving(release) as url:
        [dataset] = ckan(url, "ttl", "turtle", tmp_path)
        files = {row["name"]: row for row in dataset["resources"]}
        manifest = json.loads((release / "manifest.json").read_text())

    assert {name: (row["size"], row["hash"]) for name, row in files.items()} == {
        row["name"]: (row["bytes"], row["sha256"]) for row in manifest["files"]
    }
    assert len(files) >= 15


def test_a_signposting_client_finds_files_and_metadata(folders):
    with serving(folders[0]) as url:
        start = url.removesuffix("catalog")
        found = client("signposting", f"{start}dataset.html")

    assert found == {
        "citeAs": DATASET,
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "authors": [f"{DATASET}#publisher"],
        "items": sorted(f"{start}dumps/2022-11-30/{name}" for name in NAMES),
        "describedBy": sorted(f"{start}catalog.{suffix}" for suffix, _ in FORMATS),
        "types": ["https://schema.org/AboutPage", "https://schema.org/Dataset"],
        "linksets": [f"{start}dataset.linkset"],
    }


def test_a_crawler_finds_every_page_in_the_sitemaps(folders):
    with serving(folders[0]) as url:
        start = url.removesuffix("catalog")
        found = client("sitemap", start)

    assert {f"{start}{path}" for path in ("", "dataset", "place/boston", "sparql", "vocab/kind")} <= set(found)
    assert all(address.startswith(start) for address in found)


def test_the_description_in_openapi_is_valid(folders, tmp_path):
    with serving(folders[0]) as url:
        (tmp_path / "openapi.json").write_bytes(fetched(url.replace("catalog", "openapi.json")))

    assert client("openapi", str(tmp_path / "openapi.json")) == []


def test_the_validator_sees_a_description_that_is_wrong(tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "x"}, "paths": {}}))

    assert client("openapi", str(tmp_path / "openapi.json")) == ["'version' is a required property"]
