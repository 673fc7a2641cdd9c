"""A checksum is verified by the algorithm that the catalogue names; another one, or one that nobody knows, fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

from tests.harvest.serving import Change, catalogue_only, failures
from twinld.harvest import check_harvest
from twinld.harvest.read import datasets, read_state, write_state
from twinld.harvest.web import ALGORITHMS

SHA256 = "checksumAlgorithm_sha256"
KNOWN = "(known are md5, sha1, sha256, sha384, sha512)"


@pytest.fixture(scope="module")
def body(folder: Path) -> bytes:
    """What both files of the release hold."""
    return (folder / "dumps" / "twinld.nt").read_bytes()


def declared(body: bytes, named: str, made: str, change: Callable[[str], str] = str) -> Change:
    """A catalogue whose checksums are made by an algorithm and named as those of another."""
    old, new = hashlib.sha256(body).hexdigest(), hashlib.new(made, body, usedforsecurity=False).hexdigest()
    return catalogue_only(
        lambda text: text.replace(SHA256, f"checksumAlgorithm_{named}").replace(f'"{old}"', f'"{change(new)}"')
    )


def rows(found: str) -> list[str]:
    """What was found of each file, without the start of its address."""
    return [row.rpartition("/")[2] for row in found.split("; ")]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_checksum_of_each_algorithm_is_verified(server, body, name):
    with server.by(declared(body, name, name)) as url:
        assert failures(url) == {}
    with server.by(declared(body, name, name, str.upper)) as url:
        assert failures(url) == {}, "hexadecimal digits may be capital letters"


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_checksum_of_another_file_fails(server, body, name):
    right = hashlib.new(name, body, usedforsecurity=False).hexdigest()
    wrong = hashlib.new(name, b"another", usedforsecurity=False).hexdigest()
    with server.by(declared(body, name, name, lambda _: wrong)) as url:
        found = failures(url)

    reason = f"{ALGORITHMS[name]} {right[:12]}…, the catalogue says {wrong[:12]}…"
    assert set(found) == {"checksums"}
    assert rows(found["checksums"]) == [f"places.csv: {reason}", f"twinld.nt: {reason}"]


@pytest.mark.parametrize(("named", "made"), [("md5", "sha256"), ("sha256", "md5"), ("sha512", "sha384")])
def test_a_checksum_of_another_algorithm_fails_and_its_length_is_told(server, body, named, made):
    right = hashlib.new(named, body, usedforsecurity=False).hexdigest()
    said = hashlib.new(made, body, usedforsecurity=False).hexdigest()
    with server.by(declared(body, named, made)) as url:
        found = failures(url)

    reason = f"{ALGORITHMS[named]} {right[:12]}…, the catalogue says {said[:12]}…"
    length = f"which has {len(said)} digits and not {len(right)}"
    assert set(found) == {"checksums"}
    assert rows(found["checksums"]) == [f"places.csv: {reason}, {length}", f"twinld.nt: {reason}, {length}"]


def test_an_algorithm_that_is_not_known_fails_by_its_name(server, body):
    with server.by(declared(body, "adler32", "sha256")) as url:
        found = failures(url)

    assert set(found) == {"checksums"}
    assert rows(found["checksums"]) == [
        f"{name}: the algorithm is adler32 {KNOWN}" for name in ("places.csv", "twinld.nt")
    ]


def test_an_algorithm_that_is_not_named_fails(server):
    with server.by(catalogue_only(lambda text: text.replace("spdx:algorithm", "spdx:method"))) as url:
        found = failures(url)

    assert set(found) == {"shapes", "checksums"}
    assert "A checksum has one algorithm, a node typed spdx:ChecksumAlgorithm." in found["shapes"]
    assert f"places.csv: the algorithm is not named {KNOWN}" in found["checksums"]


@pytest.mark.parametrize("start", ["http", "https"])
def test_both_spellings_of_an_algorithm_are_read(start):
    data = rdflib.Graph().parse(
        data=f"""
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix spdx: <http://spdx.org/rdf/terms#> .
        @prefix e: <http://e.example/> .
        e:d a dcat:Dataset ; dcat:distribution e:f . e:f spdx:checksum
          [ spdx:algorithm <{start}://spdx.org/rdf/terms#checksumAlgorithm_sha1> ; spdx:checksumValue "AB" ] .""",
        format="turtle",
    )
    file = datasets(data)[0].files[0]

    assert (file.checksum, file.algorithm) == ("ab", "sha1")


def test_a_harvest_that_was_kept_before_algorithms_were_read_is_compared_with(server, tmp_path):
    state = tmp_path / "harvest.json"
    check_harvest(server.url, state=state)
    now = state.read_text()
    document = json.loads(now)
    for dataset in document["datasets"]:
        for file in dataset["files"]:
            assert file.pop("algorithm") == "sha256"
            file["sha256"] = file.pop("checksum")
    state.write_text(json.dumps(document))

    assert write_state(read_state(state.read_text(), "")) == now
    assert {outcome.check.name: outcome.found for outcome in check_harvest(server.url, state=state)}["again"] == (
        "0 new, 0 removed, 0 updated"
    )
