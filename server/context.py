"""What the routes of one application share: settings, store, release, the pool; there are no globals."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from flask import current_app

import twinld
from twinld import site
from twinld.settings import Settings
from twinld.store import Store
from twinld.store.pool import Pool, open_pool

NAME: Final = "twinld"
MANIFEST: Final = "manifest.json"


@dataclass
class Context:
    """The parts of one application.

    `folder` is the release's, None when the store is of no release; `stamp` changes with software and manifest.
    """

    settings: Settings
    store: Store
    folder: Path | None
    ids: site.Ids
    about: site.About
    stamp: str
    kept: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Parts of pages that were made once, by what they depend on; empty while the store can change."""
    _pool: Pool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        """The start of every IRI of ours, from the settings and never from a request."""
        return self.settings.base

    @property
    def url(self) -> str:
        """The public address of this server, with a slash at its end."""
        return self.settings.url or f"http://{self.settings.host}:{self.settings.port}/"

    @property
    def root(self) -> str:
        """What stands before our paths in links: the path of the public address, without its last slash."""
        return urlsplit(self.settings.url).path.rstrip("/")

    @property
    def pool(self) -> Pool:
        """The query workers; started when the first query comes."""
        with self._lock:
            if self._pool is None:
                self._pool = open_pool(self.store, self.settings)
            return self._pool

    def etag(self, *parts: str) -> str | None:
        """A tag that changes with the release and with `parts`; None when no release says what is served."""
        if not self.about.release.id:
            return None
        key = json.dumps([self.stamp, self.about.release.id, self.url, *parts])
        return hashlib.sha256(key.encode()).hexdigest()[:24]

    def keep(self, key: tuple[str, ...], make: Callable[[], str]) -> str:
        """What `make` gives, kept if the store cannot change."""
        if self.store.writable:
            return make()
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def close(self) -> None:
        """End the query workers; the store is left open."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None


def make_context(settings: Settings, store: Store, pool: Pool | None = None) -> Context:
    """The context of a store; the release's folder is the one that holds it and a manifest."""
    folder = release_folder(store)
    about = site.about(site.Asker(store, settings.base))
    manifest = (folder / MANIFEST).read_bytes() if folder is not None else b""
    stamp = hashlib.sha256(twinld.__version__.encode() + manifest).hexdigest()
    return Context(settings, store, folder, site.Ids.read(folder), about, stamp, _pool=pool)


def release_folder(store: Store) -> Path | None:
    """The folder of the release that a store on disk is part of."""
    if store.path is None:
        return None
    path = store.path.resolve()
    return next((folder for folder in (path, path.parent) if (folder / MANIFEST).is_file()), None)


def context() -> Context:
    """The context of the application that answers this request."""
    return cast("Context", current_app.extensions[NAME])
