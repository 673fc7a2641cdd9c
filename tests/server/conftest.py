"""Applications for all tests: on the small release, on quoted documents, on a folder with dumps and a ledger."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from server.app import close_app
from twinld.settings import Settings
from twinld.store import Store, open_store
from twinld.store.oxigraph import bulk_load

DATA = Path(__file__).resolve().parents[1] / "data"
SMALL = DATA / "small.trig"
DOCUMENTS = DATA / "documents.trig"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LEDGER = """type,slug,key,minted_in,state,replaced_by
place,boston,Q100,2022-01-01,active,
place,boston-us,Q100,2021-01-01,merged,boston
place,boston-old,Q100,2020-01-01,merged,boston-us
place,atlantis,Q33442,2021-01-01,gone,
agreement,boston--kyoto,Q100+Q34600,2022-01-01,active,
agreement,boston-us--kyoto,Q100+Q34600x,2022-01-01,merged,boston--kyoto
"""


class Client(FlaskClient):
    """A client that reads an answer to its end and closes it, as a server does."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **options})


@contextmanager
def browsing(place: Store | Path, **settings: Any) -> Iterator[FlaskClient]:
    """A client of an application for a store, or for what is at a place; what was opened here is closed here."""
    store = open_store(place) if isinstance(place, Path) else place
    app = create_app(Settings(**settings), store)
    app.test_client_class = Client
    yield app.test_client()
    close_app(app)
    if isinstance(place, Path):
        store.close()


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    opened = open_store(SMALL)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(store: Store) -> Iterator[Flask]:
    made = create_app(Settings(query_timeout_s=10, workers=1), store)
    made.test_client_class = Client
    yield made
    close_app(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def documents_store() -> Iterator[Store]:
    opened = open_store(DOCUMENTS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def documented(documents_store: Store) -> Iterator[FlaskClient]:
    with browsing(documents_store, workers=1) as client:
        yield client


@pytest.fixture(scope="session")
def release_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two releases as a build leaves it: the served one with store, ledger and dumps."""
    releases = tmp_path_factory.mktemp("build") / "releases"
    served = releases / "2022-11-30"
    (served / "dumps").mkdir(parents=True)
    bulk_load(served / "store", [(SMALL, None)])
    (served / "ids.csv").write_text(LEDGER)
    body = b"<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n" * 20
    more = (
        ("twinld.rdf", "rdfxml", "none", "facts"), ("twinld.ttl", "turtle", "none", "facts"),
        ("places.csv", "csv", "none", "tables"), ("places.csv.zst", "csv", "zstd", "tables"),
        ("places.geojson", "geojson", "none", "maps"),
    )  # fmt: skip
    for name in ("twinld.nt", "twinld.nq.gz", *(name for name, *_ in more)):
        (served / "dumps" / name).write_bytes(body)
    (served / "dumps" / "secret.txt").write_text("not in the manifest")
    row = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest(), "triples": 20, "title": "Everything"}
    cc0 = "https://creativecommons.org/publicdomain/zero/1.0/"
    files = [
        {**row, "name": "twinld.nt", "format": "ntriples", "licence": cc0},
        {**row, "name": "twinld.nq.gz", "format": "nquads", "licence": cc0},
        *(
            {**row, "name": name, "format": format_, "licence": cc0, "compression": packing, "group": group,
             "of": None if packing == "none" else name.removesuffix(".zst"), "triples": None, "rows": 20}
            for name, format_, packing, group in more
        ),
    ]  # fmt: skip
    manifest = {"id": "2022-11-30", "date": "2022-11-30", "files": files}
    (served / "manifest.json").write_text(json.dumps(manifest))
    older = releases / "2021-06-01"
    (older / "dumps").mkdir(parents=True)
    shutil.copy(served / "dumps" / "twinld.nt", older / "dumps")
    (older / "manifest.json").write_text(json.dumps({"id": "2021-06-01", "date": "2021-06-01", "files": files[:1]}))
    return served


@pytest.fixture(scope="session")
def released(release_folder: Path) -> Iterator[FlaskClient]:
    with browsing(release_folder) as client:
        yield client
