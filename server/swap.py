"""Picks up a new release while the old one is served: nobody waits and no request is lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from twinld.errors import TwinldError
from twinld.settings import Settings
from twinld.store import open_store

from .context import MANIFEST, Context, Shared, make_context

LOG = logging.getLogger("twinld.swap")


@dataclass(frozen=True)
class Follow:
    """Where releases come from: `link` leads to the folder of the one that should be served.

    `hold` keeps the folder of a release on disk for as long as its context manager is entered.
    """

    link: Path
    hold: Callable[[Path], AbstractContextManager[None]]


class Watcher:
    """Looks every `settings.reload_s` seconds whether `follow.link` leads elsewhere, and serves what is there.

    The new release has its store open, one worker ready and a query answered before anybody gets it. What
    cannot be served is written to the log and the old release stays.
    """

    def __init__(self, shared: Shared, settings: Settings, follow: Follow) -> None:
        self._shared = shared
        self._settings = settings
        self._follow = follow
        self._refused: Path | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="releases", daemon=True)
        self._thread.start()

    def look(self) -> bool:
        """Look now; whether a new release was switched in."""
        try:
            folder = self._follow.link.resolve(strict=True)
        except OSError:  # between two builds there may be none
            return False
        served = self._shared.current.folder
        if folder in {served, self._refused} or not (folder / MANIFEST).is_file():
            return False
        try:
            self._shared.swap(self._opened(folder))
        except (TwinldError, OSError) as error:
            self._refused = folder
            LOG.warning("%s is not served: %s", folder.name, error)
            return False
        self._refused = None
        return True

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        self._thread.join()

    def _opened(self, folder: Path) -> Context:
        with ExitStack() as stack:
            stack.enter_context(self._follow.hold(folder))
            store = open_store(folder)
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
