"""The application: routes, what every answer carries, and what becomes of errors."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from twinld.errors import TwinldError
from twinld.settings import Settings
from twinld.site import date_words, licence_of
from twinld.store import Store
from twinld.store.pool import Pool
from twinld.vocab import BASE, rebase

from . import links, problems
from .context import NAME, Context, make_context
from .pages import PAGES

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-Twinld-Release",
}
"""What every answer carries. All we have is public, so any page may read it, errors too; never with credentials."""
_FORM_OVERHEAD: Final = 4
"""A form writes a byte as three (%C3), and has fields beside the query."""


def create_app(settings: Settings, store: Store, pool: Pool | None = None) -> Flask:
    """A WSGI application that answers for `store`; it has no globals, so several can live side by side.

    The query workers start with the first query, unless a `pool` is given. `close_app` ends them; the store
    stays open.
    """
    app = Flask(__name__, static_url_path="/static")
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.query_max_kib * 1024 * _FORM_OVERHEAD
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    shared = make_context(settings, store, pool)
    app.extensions[NAME] = shared
    for page in PAGES:
        page.register(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["date"] = date_words
    app.jinja_env.globals |= {
        "root": shared.root,
        "public_url": shared.url,
        "release": shared.about.release,
        "menu": [(page.path, page.title) for page in PAGES if page.title],
        "href": lambda iri: links.href(iri, shared.root),
        "direction": links.direction,
        "shown_iri": lambda iri: rebase(iri, settings.base),
        "canonical": lambda iri: iri.replace(settings.base, BASE, 1) if iri.startswith(settings.base) else iri,
        "graphs": tuple(shared.about.graphs.values()),
        "licence_of": licence_of,
    }
    app.after_request(lambda response: finish(shared, response))
    app.register_error_handler(TwinldError, problems.of_error)
    app.register_error_handler(HTTPException, problems.of_http)
    return app


def close_app(app: Flask) -> None:
    """End what the application has started."""
    shared: Context = app.extensions[NAME]
    shared.close()


def finish(shared: Context, response: Response) -> Response:
    """Add what every answer carries: safety, CORS, the release and how to cite it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if shared.about.release.id:
        response.headers["X-Twinld-Release"] = shared.about.release.id
    if "cite-as" not in response.headers.get("Link", ""):
        response.headers.add("Link", f'<{shared.base}dataset>; rel="cite-as"')
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
