"""Servers of small made releases on free ports of loopback, and what alters their answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from server import create_app
from server.app import close_app
from tests.server.conftest import SMALL
from twinld.harvest import check_harvest
from twinld.settings import Settings
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load

Change = Callable[[Request, Response], Response]
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
NAMES = {"twinld.nt": "ntriples", "places.csv": "csv"}
TWO = "<https://w3id.org/twinld/dataset-2021> a <http://www.w3.org/ns/dcat#Dataset> .\n"
"""A second data set in a catalogue."""


def write_release(
    releases: Path, name: str, word: str, names: dict[str, str] | None = None, previous: str = ""
) -> Path:
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
    manifest = {"id": name, "date": name, "version": "0.1.0", "files": files, "previous": previous}
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
    """A server of a release that can be broken."""
    changes: list[Change] = []
    with serving(folder, changes) as url:
        yield Broken(url, changes)


def catalogue_only(change: Callable[[str], str]) -> Change:
    """A fault in the text of the catalogue."""

    def changed(request: Request, response: Response) -> Response:
        if request.path == "/catalog" and response.status_code == 200:
            response.set_data(change(response.get_data(as_text=True)))
        return response

    return changed


def replaced(old: str, new: str) -> Change:
    """Another word in the text of the catalogue."""
    return catalogue_only(lambda text: text.replace(old, new))


def failures(url: str, **options: Any) -> dict[str, str]:
    """What failed, with the reason."""
    return {outcome.check.name: outcome.found for outcome in check_harvest(url, **options) if outcome.ok is False}
