"""A harvest of our own server finds nothing; of a copy with one fault it finds that fault, by its name."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import rdflib
from rdflib.namespace import RDF, VOID
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from server import create_app
from server.app import close_app
from tests.server.conftest import SMALL
from twinld.cli import main
from twinld.harvest import CHECKS, check_harvest
from twinld.settings import Settings
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load

Change = Callable[[Request, Response], Response]
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
NAMES = {"twinld.nt": "ntriples", "places.csv": "csv"}


def write_release(releases: Path, name: str, word: str, names: dict[str, str] | None = None) -> Path:
    """A release with small files, as a build leaves it."""
    folder = releases / name
    (folder / "dumps").mkdir(parents=True)
    bulk_load(folder / "store", [(SMALL, None)])
    (folder / "ids.csv").write_text("type,slug,key,minted_in,state,replaced_by\n")
    files = []
    for file, form in (names or NAMES).items():
        body = f"<http://example.org/{word}> <http://example.org/b> <http://example.org/c> .\n".encode()
        (folder / "dumps" / file).write_bytes(body)
        row = {"name": file, "format": form, "title": "Everything", "licence": CC0, "triples": 1}
        files.append({**row, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()})
    manifest = {"id": name, "date": name, "version": "0.1.0", "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@contextmanager
def serving(folder: Path, changes: list[Change] | None = None) -> Iterator[str]:
    """The address of the catalogue of a server on a free port; the last of `changes`, if any, alters its answers."""
    store = open_store(folder)
    address = ["http://127.0.0.1:1/"]

    def application(environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        method = "GET" if changes and request.method == "HEAD" else request.method  # its length is that of the changed
        response = Response.from_app(app, {**environ, "REQUEST_METHOD": method}, buffered=True)
        return (changes[-1](request, response) if changes else response)(environ, start)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    address[0] = f"http://127.0.0.1:{server.server_port}/"
    app = create_app(Settings(url=address[0], workers=1), store)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{address[0]}catalog"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        close_app(app)
        store.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("harvest") / "releases", "2022-11-30", "a")


class Broken:
    """A server that runs on, with one fault at a time."""

    def __init__(self, url: str, changes: list[Change]) -> None:
        self.url, self.changes = url, changes

    @contextmanager
    def by(self, change: Change) -> Iterator[str]:
        """The address of the catalogue, while the fault is there."""
        self.changes.append(change)
        try:
            yield self.url
        finally:
            self.changes.clear()


def running(folder: Path) -> Iterator[Broken]:
    changes: list[Change] = []
    with serving(folder, changes) as url:
        yield Broken(url, changes)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Broken]:
    yield from running(folder)


@pytest.fixture(scope="module")
def next_server(next_folder: Path) -> Iterator[Broken]:
    yield from running(next_folder)


def failures(url: str, **options: Any) -> dict[str, str]:
    """What failed, with the reason."""
    return {outcome.check.name: outcome.found for outcome in check_harvest(url, **options) if outcome.ok is False}


def test_our_own_server_can_be_harvested(server):
    outcomes = check_harvest(server.url)

    assert [outcome.check for outcome in outcomes] == list(CHECKS)
    assert {outcome.check.name: outcome.found for outcome in outcomes if outcome.ok is not True} == {
        "again": "not checked: this is the first harvest; give --state or --against"
    }


def test_the_real_release_can_be_harvested_and_void_counts_it(release):
    manifest = json.loads((release / "manifest.json").read_text())
    with serving(release) as url:
        found = {outcome.check.name: (outcome.ok, outcome.found) for outcome in check_harvest(url)}
        with urllib.request.urlopen(url.replace("catalog", ".well-known/void")) as answer:
            described = rdflib.Graph().parse(data=answer.read(), format="turtle")

    total = sum(row["bytes"] for row in manifest["files"])
    assert {name for name, (ok, _) in found.items() if ok is not True} == {"again"}
    assert found["downloads"][1] == f"{len(manifest['files'])} files, {total:,} bytes"
    dataset = rdflib.URIRef("https://w3id.org/twinld/dataset")
    assert int(str(described.value(dataset, VOID.triples))) == manifest["counts"]["triples"]
    assert len(set(described.subjects(RDF.type, VOID.Linkset))) >= 2


# -------------------------------------------------------------------------------------------- planted faults


def catalogue_only(change: Callable[[str], str]) -> Change:
    """A fault in the text of the catalogue."""

    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog" and response.status_code == 200:
            response.set_data(change(response.get_data(as_text=True)))
        return response

    return changed


def headers(**values: str) -> Change:
    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog":
            for name, value in values.items():
                response.headers[name.replace("_", "-")] = value
        return response

    return changed


def on(path: str, change: Change) -> Change:
    return lambda request, response: change(request, response) if request.path == path else response


def cut(request: Request, response: Response) -> Response:
    response.set_data(response.get_data()[:-5])
    return response


def altered(request: Request, response: Response) -> Response:
    body = response.get_data()
    response.set_data(body[:-5] + b"xxx .")
    return response


def missing(request: Request, response: Response) -> Response:
    return Response("gone", 404)


def no_head(request: Request, response: Response) -> Response:
    return Response("", 500) if request.method == "HEAD" and request.path == "/catalog" else response


def other_head(request: Request, response: Response) -> Response:
    if request.method == "HEAD" and request.path == "/catalog":
        response.headers["Content-Type"] = "text/html"
    return response


def by_host(request: Request, response: Response) -> Response:
    if request.path == "/catalog" and request.host == "portal.invalid":
        response.set_data(response.get_data(as_text=True).replace("https://w3id.org/twinld/", "http://portal.invalid/"))
    return response


def counting() -> Change:
    asked = [0]

    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog" and request.host != "portal.invalid":
            asked[0] += 1
            response.set_data(
                response.get_data(as_text=True) + f"\n<http://e.example/{asked[0]}> a <http://e.example/T> .\n"
            )
        return response

    return changed


def unconditional(request: Request, response: Response) -> Response:
    if request.path == "/catalog":
        del response.headers["ETag"], response.headers["Last-Modified"]
    return response


def never_304(request: Request, response: Response) -> Response:
    return (
        Response("<http://e.example/a> a <http://e.example/b> .", 200, content_type="text/turtle")
        if (response.status_code == 304)
        else response
    )


def huge(text: str) -> str:
    return text + "#" * 50_000_001


DATASET = "<https://w3id.org/twinld/dataset>"
TWO = f"{DATASET[:-1]}-2021> a <http://www.w3.org/ns/dcat#Dataset> .\n"
NEXT = "<http://e.example/c> <http://www.w3.org/ns/hydra/core#next> <{}> .\n"
FAULTS: list[tuple[str, Change, str]] = [
    ("get", on("/catalog", missing), "status 404"),
    ("head", no_head, "HEAD gives status 500"),
    ("head", other_head, "HEAD says content-type 'text/html', GET says 'text/turtle; charset=utf-8'"),
    ("content-type", headers(Content_Type="text/plain"), "the Content-Type is 'text/plain'"),
    ("size", catalogue_only(huge), "bytes"),
    ("parses", catalogue_only(lambda text: text[: len(text) // 2]), "it cannot be read as text/turtle"),
    ("parses", catalogue_only(lambda text: ""), "it holds no triple"),
    ("paging", catalogue_only(lambda text: text + NEXT.format("/catalog")), "leads back to a page"),
    ("paging", catalogue_only(lambda text: text + NEXT.format("/nowhere")), "cannot be read"),
    ("one dataset", catalogue_only(lambda text: text + TWO), "2 data sets"),
    (
        "shapes",
        catalogue_only(lambda text: text.replace("dcterms:publisher", "dcterms:creator")),
        "A catalogue has one publisher",
    ),
    (
        "shapes",
        catalogue_only(lambda text: text.replace("dcat:contactPoint", "dcat:contact")),
        "A data set has a contact",
    ),
    (
        "stable iris",
        catalogue_only(lambda text: text.replace("dataset#twinld.nt>", "dataset#2022-11-30-twinld.nt>")),
        "holds the release 2022-11-30",
    ),
    ("foreign host", by_host, "with Host: portal.invalid it names <http://portal.invalid/"),
    ("same answer", counting(), "the second answer differs from the first"),
    ("conditional get", unconditional, "neither ETag nor Last-Modified is sent"),
    ("conditional get", never_304, "If-None-Match is answered with 200"),
    ("downloads", on("/dumps/2022-11-30/twinld.nt", missing), "twinld.nt: 404"),
    ("lengths", on("/dumps/2022-11-30/twinld.nt", cut), "the catalogue says 71"),
    ("checksums", on("/dumps/2022-11-30/places.csv", altered), "places.csv: SHA-256 "),
    ("access", on("/dumps/latest/places.csv", missing), "latest/places.csv: 404"),
    ("services", on("/sparql.ttl", missing), "sparql.ttl: 404"),
]
FOLLOWS = {
    "one dataset": {"shapes"},
    "same answer": {"foreign host"},
    "downloads": {"access"},
    "lengths": {"access", "checksums"},
}
"""Checks that a fault breaks too."""


@pytest.mark.parametrize(("name", "change", "reason"), FAULTS, ids=[f"{row[0]}-{row[2][:20]}" for row in FAULTS])
def test_a_planted_fault_is_named(server, name, change, reason):
    with server.by(change) as url:
        found = failures(url)

    assert set(found) == {name} | FOLLOWS.get(name, set())
    assert reason in found[name]


def test_every_check_has_a_planted_fault():
    assert {name for name, _, _ in FAULTS} | {"again"} == {check.name for check in CHECKS}


# ------------------------------------------------------------------------------------- one harvest after another


@pytest.fixture(scope="module")
def next_folder(folder: Path) -> Path:
    return write_release(folder.parent, "2023-01-31", "b")


def again(url: str, state: Path) -> tuple[bool | None, str]:
    outcome = check_harvest(url, state=state)[-1]
    return outcome.ok, outcome.found


def with_same_address(url: str, state: Path) -> None:
    """Put the address of a server where that of the one before stood: a public address stays the same."""
    text = state.read_text()
    old = json.loads(text)["datasets"][0]["files"][0]["access"][0].partition("/dumps/")[0]
    state.write_text(text.replace(old, url.removesuffix("/catalog")))


def test_two_releases_in_a_row_are_one_update(server, next_server, tmp_path):
    state = tmp_path / "harvest.json"

    assert again(server.url, state) == (None, "not checked: this is the first harvest; give --state or --against")
    assert again(server.url, state) == (True, "0 new, 0 removed, 0 updated")
    with_same_address(next_server.url, state)
    assert again(next_server.url, state) == (True, "0 new, 0 removed, 1 updated")
    assert again(next_server.url, state) == (True, "0 new, 0 removed, 0 updated")


def test_the_catalogue_of_another_release_can_be_compared_with(server, next_server):
    outcome = check_harvest(next_server.url, against=server.url)[-1]

    assert (outcome.check.name, outcome.ok, outcome.found) == ("again", True, "0 new, 0 removed, 1 updated")


AGAIN: list[tuple[str, Change, str]] = [
    (
        "a moved data set",
        catalogue_only(lambda text: text.replace("w3id.org/twinld/dataset", "w3id.org/twinld/data")),
        "a new data set https://w3id.org/twinld/data",
    ),
    (
        "a moved IRI under the same identifier",
        catalogue_only(lambda text: text.replace("<https://w3id.org/twinld/dataset>", "<https://w3id.org/twinld/d>")),
        "the data set <https://w3id.org/twinld/dataset> is now <https://w3id.org/twinld/d>",
    ),
    (
        "a lost distribution",
        catalogue_only(lambda text: text.replace("dataset#places.csv>", "dataset#cities.csv>")),
        "the distribution <https://w3id.org/twinld/dataset#places.csv> is removed",
    ),
    (
        "a change within a release",
        catalogue_only(lambda text: text.replace('"2023-01-31"', '"2022-11-30"').replace("-01-31", "-11-30")),
        "it changed and the release is still 2022-11-30",
    ),
]


@pytest.mark.parametrize(("claim", "change", "reason"), AGAIN, ids=[row[0] for row in AGAIN])
def test_what_a_portal_would_delete_is_named(server, next_server, tmp_path, claim, change, reason):
    state = tmp_path / "harvest.json"
    check_harvest(server.url, state=state)
    before = state.read_text()
    with next_server.by(change) as url:
        found = failures(url, state=state)

    assert reason in found["again"]
    assert state.read_text() == before, "a failed harvest is not kept"


# ------------------------------------------------------------------------------------------- the command


def test_the_command_prints_a_row_a_check(server, capsys):
    assert main(["check-harvest", server.url]) == 0
    out, err = capsys.readouterr()

    assert [line.split("\t")[0] for line in out.splitlines()] == [check.name for check in CHECKS]
    assert err == f"{server.url}: 17 checks, 0 failed\n"


def test_the_command_gives_reason_and_remedy_and_fails(server, capsys):
    with server.by(catalogue_only(lambda text: text + TWO)) as url:
        assert main(["check-harvest", url]) == 1
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    row = next(row for row in rows if row[0] == "one dataset")

    assert row[1] == "FAILED"
    assert row[2].startswith("2 data sets: https://w3id.org/twinld/dataset")
    assert row[3].startswith("list old releases and series elsewhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "this is no state of a harvest"), ("no json", "this is no state of a harvest")],
)
def test_a_file_that_is_no_state_is_refused(tmp_path, capsys, text, message):
    state = tmp_path / "state.json"
    state.write_text(text)

    assert main(["check-harvest", "http://127.0.0.1:1/catalog", "--state", str(state)]) == 2
    assert message in capsys.readouterr().err


def test_a_server_that_is_not_there_is_a_failed_check(capsys):
    assert main(["check-harvest", "http://127.0.0.1:1/catalog"]) == 1
    out, err = capsys.readouterr()
    first, *rest = [line.split("\t") for line in out.splitlines()]

    assert first[:2] == ["get", "FAILED"]
    assert "cannot be asked" in first[2]
    assert {tuple(row[1:3]) for row in rest} == {("-", "not checked: get failed")}
    assert err.endswith("1 check, 1 failed\n")


def test_published_shapes_can_be_given(shared, server):
    shapes = [shared / "standards/dcat-ap-3.0.1/shacl/dcat-ap-SHACL.ttl"]
    outcomes = check_harvest(server.url, shapes=shapes)

    assert {outcome.check.name: outcome.ok for outcome in outcomes}["shapes"] is True
