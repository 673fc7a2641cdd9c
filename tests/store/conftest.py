"""A store of each kind, and a pool of workers on a store on disk."""

from pathlib import Path

import pytest
import store_data as data
from pool_runs import SETTINGS

from tests.backends import ENGINES
from tests.store.store_kinds import KINDS, kind_name, remote
from twinld.store import open_store
from twinld.store.oxigraph import bulk_load
from twinld.store.pool import open_pool


@pytest.fixture(scope="module", params=[*KINDS, *ENGINES], ids=kind_name)
def store(request, engine, tmp_path_factory):
    """A store of each kind, for questions."""
    kind = request.param
    opened = remote(engine, kind) if isinstance(kind, str) else kind(tmp_path_factory.mktemp(kind.__name__))
    yield opened
    opened.close()


@pytest.fixture(params=[*KINDS, *ENGINES], ids=kind_name)
def own_store(request, engine, tmp_path):
    """A store of each kind, for one test that changes or closes it."""
    kind = request.param
    opened = remote(engine, kind) if isinstance(kind, str) else kind(tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A store on disk."""
    path = tmp_path_factory.mktemp("pool")
    (path / "all.nq").write_bytes(data.nquads())
    bulk_load(path / "store", [(path / "all.nq", None)])
    return path / "store"


@pytest.fixture(scope="module")
def workers(folder):
    """A pool on it."""
    opened = open_pool(open_store(folder), SETTINGS)
    yield opened
    opened.close()
