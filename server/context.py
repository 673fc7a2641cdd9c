"""What the routes of one application share: settings, store, release, the pool; there are no globals.

What belongs to a release is a Context. A new release is a new one: whoever asks from then on gets it, and the
old one ends when the last request that has it is answered.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from flask import current_app, g

import twinld
from twinld import site
from twinld.settings import Settings
from twinld.site.changes import ChangeLog
from twinld.store import Store
from twinld.store.pool import Pool, open_pool

from .budget import Budget
from .cache import Cache
from .journal import Journal

NAME: Final = "twinld"
MANIFEST: Final = "manifest.json"


@dataclass
class Context:
    """The parts that belong to one release.

    `folder` is the release's, None when the store is of no release; `stamp` changes with software and manifest.
    `on_close` is called when nobody uses it any more.
    """

    settings: Settings
    store: Store
    folder: Path | None
    ids: site.Ids
    about: site.About
    stamp: str
    counted: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the build counted of each source, by its name."""
    kept: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Parts of pages that were made once, by what they depend on; empty while the store can change."""
    log: ChangeLog = field(default_factory=ChangeLog)
    _pool: Pool | None = None
    on_close: Callable[[], None] | None = None
    users: int = 0
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
    def release(self) -> str:
        """The name of the release: of its folder, which tells two builds of one id apart; "" for none."""
        return self.folder.name if self.folder is not None else self.about.release.id

    @property
    def pool(self) -> Pool:
        """The query workers; started when the first query comes."""
        with self._lock:
            if self._pool is None:
                self._pool = open_pool(self.store, self.settings)
            return self._pool

    def warm(self) -> None:
        """Have workers ready, and asked what the description of the endpoint and many pages tell."""
        site.ask_worker(self.pool)
        site.service_description(self.store, f"{self.url}sparql", self.settings)
        site.warm(self.store, self.base, folder=self.folder)

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
        """End the query workers, then whatever `on_close` ends."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None
            on_close, self.on_close = self.on_close, None
        if on_close is not None:
            on_close()


class Shared:
    """What one application has for as long as it lives; `current` is the context of the release it serves now."""

    def __init__(self, settings: Settings, store: Store, pool: Pool | None = None) -> None:
        self.settings = settings
        self.current = make_context(settings, store, pool)
        self.cache = Cache(settings.cache_mib << 20)
        self.budget = Budget(settings.budget_s, settings.budget_burst_s)
        self.journal = Journal(settings)
        self._lock = threading.Lock()

    @property
    def store(self) -> Store:
        """The store that is served now."""
        return self.current.store

    def enter(self) -> Context:
        """The context of a request that begins now; `leave` must follow."""
        with self._lock:
            self.current.users += 1
            return self.current

    def leave(self, used: Context) -> None:
        """A request is over; with it an old context, if this was its last."""
        with self._lock:
            used.users -= 1
            over = used is not self.current and used.users == 0
        if over:
            used.close()

    def swap(self, new: Context) -> None:
        """Serve `new` from now on; the old one ends with its last request."""
        with self._lock:
            old, self.current = self.current, new
            over = old.users == 0
        self.cache.clear()
        self.journal.swaps += 1
        if over:
            old.close()

    def close(self) -> None:
        """End the query workers and the log; a store that was given is left open."""
        self.current.close()
        self.journal.close()


def make_context(settings: Settings, store: Store, pool: Pool | None = None) -> Context:
    """The context of a store; the release's folder is the one that holds it and a manifest."""
    folder = release_folder(store)
    about = site.about(site.Asker(store, settings.base))
    stamp = stamp_of(store, settings.base, folder)
    said = json.loads((folder / MANIFEST).read_bytes()) if folder is not None else {}
    counted = {row["name"]: row for row in said.get("sources", ())}
    ids, log = site.Ids.read(folder), ChangeLog(folder)
    return Context(settings, store, folder, ids, about, stamp, counted, log=log, _pool=pool)


def stamp_of(store: Store, base: str, folder: Path | None) -> str:
    """What changes with our software and with what is served: its manifest, or what the store says of itself."""
    said = site.content(site.Asker(store, base)).encode() if folder is None else (folder / MANIFEST).read_bytes()
    return hashlib.sha256(twinld.__version__.encode() + said).hexdigest()


def release_folder(store: Store) -> Path | None:
    """The folder of the release that a store on disk is part of."""
    if store.path is None:
        return None
    path = store.path.resolve()
    return next((folder for folder in (path, path.parent) if (folder / MANIFEST).is_file()), None)


def shared_parts() -> Shared:
    """What the application that answers this request has beside a release."""
    return cast("Shared", current_app.extensions[NAME])


def context() -> Context:
    """The context that answers this request, the same from its first line to its last."""
    if "twinld" not in g:
        g.twinld = shared_parts().enter()
    return cast("Context", g.twinld)


def leave_context(_error: BaseException | None = None) -> None:
    """The request is over."""
    used = g.pop("twinld", None)
    if used is not None:
        shared_parts().leave(used)
