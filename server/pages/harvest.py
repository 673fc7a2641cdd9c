"""Can it be harvested? The checks of `twinld check-harvest`, made of this application by itself, once a release.

No request leaves the process: the application is asked as a server asks it, at its public address, and nothing else.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final
from urllib.parse import urljoin

from flask import Flask, Response, current_app, render_template
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wsgi import FileWrapper

from twinld.errors import PoolBusy
from twinld.site import catalog as data
from twinld.site.harvested import CHECKS, Answer, Outcome, answer_of, harvested

from ..answers import negotiate, respond
from ..context import Context, context
from ..negotiation import HTML
from .dumps import manifests

NAME: Final = "twinld-harvest"
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_MOST: Final = 3


@dataclass
class Replays:
    """The outcomes for the release that was asked for last; one is made at a time, so that no crowd makes many."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    stamp: str = ""
    found: list[Outcome] = field(default_factory=list)

    def get(self, stamp: str, make: Callable[[], list[Outcome]]) -> list[Outcome]:
        """The outcomes for a release by its stamp, made when they are first asked for.

        Raises PoolBusy while somebody else has them made, so that a crowd does not hold every thread of a server.
        """
        if self.stamp != stamp:
            if not self.lock.acquire(blocking=False):
                raise PoolBusy("the release is being harvested for somebody else; ask again in a few seconds")
            try:
                if self.stamp != stamp:  # nobody made them while this one came for the lock
                    self.found, self.stamp = make(), stamp
            finally:
                self.lock.release()
        return self.found


@dataclass(frozen=True)
class Ourselves:
    """Asks an application that is served at `url`, in this process."""

    app: Callable[[dict[str, Any], Any], Iterable[bytes]]
    url: str

    def ask(
        self,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        *,
        keep: int = 0,
        algorithm: str = "sha256",
    ) -> Answer | str:
        """The answer, after redirects; a sentence for an address of another server, which is not asked."""
        at = url
        for _ in range(_MOST + 1):
            if not at.startswith(self.url):
                return f"{at} is on another server, which is not asked from here"
            path, _, query = at.removeprefix(self.url).partition("?")
            asked = EnvironBuilder(f"/{path}", self.url, query, method=method, headers=(headers or {}).items())
            environ = {**asked.get_environ(), "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1"}
            environ["wsgi.file_wrapper"] = _wrapped
            if headers is not None and "Host" in headers:
                environ["HTTP_HOST"] = headers["Host"]
            parts, status, found = run_wsgi_app(self.app, environ)
            with contextlib.ExitStack() as ends:
                if hasattr(parts, "close"):
                    ends.callback(parts.close)
                code = int(status.split()[0])
                if code not in _REDIRECTS:
                    return answer_of(url, code, found.items(), iter(parts), keep, algorithm)
            at = urljoin(at, found["Location"])
        return f"{url} leads from one address to the next more than {_MOST} times"


def _wrapped(file: IO[bytes], _bytes: int = 0) -> FileWrapper:
    """A file in parts of a MiB: of small ones, each part would wait for whoever else runs in this process."""
    return FileWrapper(file, 1 << 20)


def register(app: Flask) -> None:
    """Add the route."""
    app.extensions[NAME] = Replays()
    app.add_url_rule("/harvest", "harvest", harvest)


def harvest() -> Response:
    """What a harvest by a portal is checked for, and what became of each check for this release."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    return respond(offer, _page)


def _page() -> str:
    here = context()
    outcomes = []
    if here.folder is not None:
        replays: Replays = current_app.extensions[NAME]
        outcomes = replays.get(here.stamp, lambda: _replay(here))
    return render_template("harvest.html", checks=CHECKS, outcomes=outcomes)


def _replay(here: Context) -> list[Outcome]:
    known = manifests()
    if here.release not in known:  # its manifest cannot be read any more
        return []

    def served(name: str) -> data.Served:
        return data.served(here.store, known[name], name, tuple(known), (here.base, here.url))

    last = known[here.release].get("previous") or ""
    before = served(last) if last in known and last != here.release else None
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return harvested(served(here.release), before, Ourselves(app, here.url))
