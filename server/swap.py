"""Picks up a new release while the old one is served: nobody waits and no request is lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from twinld import site
from twinld.errors import TwinldError
from twinld.settings import Settings
from twinld.store import Store, open_store

from .context import MANIFEST, Context, Shared, make_context, stamp_of

LOG = logging.getLogger("twinld.swap")


@dataclass(frozen=True)
class Found:
    """A release that should be served: its name for the log, what tells it from others, and how its store opens.

    What `open` starts is pushed on the stack, which is closed when nobody uses the release any more.
    """

    name: str
    stamp: str
    open: Callable[[ExitStack], Store]


class Follow(Protocol):
    """Where releases come from."""

    def look(self, served: Context) -> Found | None:
        """The release that should be served instead of `served`; None when that is the one."""


@dataclass(frozen=True)
class FollowLink:
    """Releases on disk: `link` leads to the folder of the one that should be served.

    `hold` keeps the folder of a release on disk for as long as its context manager is entered.
    """

    link: Path
    hold: Callable[[Path], AbstractContextManager[None]]

    def look(self, served: Context) -> Found | None:
        """The folder that the link leads to, unless that is served."""
        try:
            folder = self.link.resolve(strict=True)
        except OSError:  # between two builds there may be none
            return None
        if folder == served.folder or not (folder / MANIFEST).is_file():
            return None

        def opened(ends: ExitStack) -> Store:
            ends.enter_context(self.hold(folder))
            return open_store(folder)

        return Found(folder.name, str(folder), opened)


@dataclass(frozen=True)
class FollowStore:
    """A store of another engine, which `twinld push` fills: what it says of itself tells its releases apart.

    While a push goes on it names no release, and the one before is served on from what is there.
    """

    location: str

    def look(self, served: Context) -> Found | None:
        """The release that the store names now, unless it is the one that it named when it was opened."""
        store = open_store(self.location)
        try:
            name = site.content(site.Asker(store, served.base))
            stamp = stamp_of(store, served.base, None)
        finally:
            store.close()
        if not name or stamp == served.stamp:
            return None
        return Found(name.partition(" ")[0], stamp, lambda _ends: open_store(self.location))


class Watcher:
    """Looks every `settings.reload_s` seconds whether there is another release, and serves it.

    The new release has its store open, one worker ready and a query answered before anybody gets it. What
    cannot be served is written to the log once and the old release stays.
    """

    def __init__(self, shared: Shared, settings: Settings, follow: Follow) -> None:
        self._shared = shared
        self._settings = settings
        self._follow = follow
        self._said = ""
        self._refused = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="releases", daemon=True)
        self._thread.start()

    def look(self) -> bool:
        """Look now; whether a new release was switched in."""
        found = None
        try:
            found = self._follow.look(self._shared.current)
            if found is None or found.stamp == self._refused:
                return False
            self._shared.swap(self._opened(found))
        except (TwinldError, OSError) as error:
            said = f"{found.name} is not served: {error}" if found else f"no look at the releases: {error}"
            if said != self._said:
                LOG.warning(said)
            self._said, self._refused = said, found.stamp if found else ""
            return False
        self._said = self._refused = ""
        return True

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        self._thread.join()

    def _opened(self, found: Found) -> Context:
        with ExitStack() as stack:
            store = found.open(stack)
            stack.callback(store.close)
            new = make_context(self._settings, store)
            ends = stack.pop_all()
            try:
                new.on_close = ends.close
                new.warm()
            except BaseException:
                new.close()
                raise
        return new

    def _watch(self) -> None:
        while not self._stopped.wait(self._settings.reload_s):
            self.look()
