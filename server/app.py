"""The application: routes, what every answer carries, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from twinld.errors import TwinldError
from twinld.settings import Settings
from twinld.site import Texts, licence_of, read_texts
from twinld.store import Store
from twinld.store.pool import Pool
from twinld.vocab import BASE, rebase

from . import languages, links, problems
from .context import NAME, Shared, context, leave_context
from .direct import Direct
from .headers import all_headers
from .pages import PAGES
from .parts import PARTS, VENDOR, Served, parts
from .scripts import script_texts

_FORM_OVERHEAD: Final = 4
"""A form writes a byte as three (%C3), and has fields beside the query."""


def create_app(
    settings: Settings, store: Store, pool: Pool | None = None, texts: Mapping[str, Texts] | None = None
) -> Flask:
    """A WSGI application that answers for `store`; it has no globals, so several can live side by side.

    `texts` are the languages of its pages, English first; by default all that have a catalogue.
    The query workers start with the first query, unless a `pool` is given. `close_app` ends them; the store
    stays open.
    """
    app = Served(__name__, static_url_path="/static")
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.query_max_kib * 1024 * _FORM_OVERHEAD
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    shared = Shared(settings, store, pool)
    first = shared.current
    app.extensions[NAME] = shared
    app.extensions[languages.KNOWN] = dict(texts if texts is not None else read_texts())
    for page in PAGES:
        page.register(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    languages.install(app.jinja_env)
    app.jinja_env.globals |= {
        "root": first.root,
        "public_url": first.url,
        "menu": [(page.path, page.title, page.aside) for page in PAGES if page.title],
        "href": lambda iri: links.href(iri, first.root),
        "direction": links.direction,
        "shown_iri": lambda iri: rebase(iri, settings.base),
        "canonical": lambda iri: iri.replace(settings.base, BASE, 1) if iri.startswith(settings.base) else iri,
        "licence_of": licence_of,
        "contact": settings.contact,
        "part": part_finder(app, first.root),
        "script_texts": script_texts,
    }
    app.context_processor(of_release)
    app.before_request(pass_over_range)
    app.after_request(finish)
    app.teardown_request(leave_context)
    app.register_error_handler(TwinldError, problems.of_error)
    app.register_error_handler(HTTPException, problems.of_http)
    app.wsgi_app = Direct(app.wsgi_app, shared)  # type: ignore[method-assign]
    return app


def close_app(app: Flask) -> None:
    """End what the application has started."""
    shared: Shared = app.extensions[NAME]
    shared.close()


def part_finder(app: Flask, root: str) -> Callable[[str], str]:
    """Where a part that npm makes is served, by its plain name; "" when it was not made."""
    made = app.config[PARTS] = parts(Path(app.static_folder or ""))
    return lambda name: f"{root}{app.static_url_path}/{VENDOR}/{made[name]}" if name in made else ""


def of_release() -> dict[str, object]:
    """What every page names of the release that answers this request."""
    here = context()
    return {
        "release": here.about.release,
        "release_name": here.release,
        "graphs": tuple(here.about.graphs.values()),
        "licence_in": here.about.licence,
    }


def pass_over_range() -> None:
    """Read no `Range` but that of a GET for bytes: any other is to be ignored (RFC 9110, 14.2)."""
    if request.method != "GET" or not request.headers.get("Range", "").lower().startswith("bytes="):
        request.environ.pop("HTTP_RANGE", None)


def finish(response: Response) -> Response:
    """Add what every answer carries: safety, CORS, the release and how to cite it."""
    here = context()
    there = {name.lower() for name, _ in response.headers}
    if "link" in there and "cite-as" not in response.headers["Link"]:
        there.discard("link")
    response.headers.extend([(name, value) for name, value in all_headers(here) if name.lower() not in there])
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
