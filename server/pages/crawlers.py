"""For programs that walk the web: sitemaps, robots.txt, llms.txt."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from flask import Flask, Response, current_app

from twinld import site
from twinld.errors import NotFound
from twinld.site import crawl

from ..answers import respond
from ..context import Context, context
from ..negotiation import Offer
from . import changes, dumps, examples
from .openapi import pages

MOST: Final = 50_000
"""So many addresses stand in one sitemap at most (sitemaps.org)."""
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/robots.txt", "robots", robots)
    app.add_url_rule("/llms.txt", "llms", llms)
    app.add_url_rule("/sitemap.xml", "sitemap", sitemap)
    app.add_url_rule("/sitemap-<int:number>.xml", "sitemap_part", sitemap_part)


def robots() -> Response:
    """What robots may walk: all but searches, queries, chains, lists of links and reports of mistakes."""
    here = context()
    lines = ["User-agent: *", f"Disallow: {here.root}/search", f"Disallow: {here.root}/sparql?",
             f"Disallow: {here.root}/chain?from=", f"Disallow: {here.root}/links?", f"Disallow: {here.root}/report?",
             "Allow: /",
             f"Sitemap: {here.url}sitemap.xml", ""]  # fmt: skip
    return respond(Offer("text/plain"), lambda: "\n".join(lines), vary=False)


def llms() -> Response:
    """What language models should know of this server, as Markdown."""
    here = context()
    return respond(Offer("text/plain"), lambda: crawl.llms(here.store, here.base, here.url), vary=False)


def sitemap() -> Response:
    """The index of the sitemaps."""
    here = context()

    def make() -> str:
        modified = _modified(here)
        parts = range(1, _parts(here) + 1)
        rows = "".join(f"<sitemap><loc>{here.url}sitemap-{n}.xml</loc>{modified}</sitemap>\n" for n in parts)
        return f"{_XML}<sitemapindex {_SPACE}>\n{rows}</sitemapindex>\n"

    return _xml(make)


def sitemap_part(number: int) -> Response:
    """One sitemap: at most 50,000 addresses of pages."""
    here = context()
    if not 1 <= number <= _parts(here):
        raise NotFound(f"there is no sitemap {number}; there are {_parts(here)}")

    def make() -> str:
        modified = _modified(here)
        paths = _paths(here)[(number - 1) * MOST : number * MOST]
        rows = "".join(f"<url><loc>{escape(here.url + path)}</loc>{modified}</url>\n" for path in paths)
        return f"{_XML}<urlset {_SPACE}>\n{rows}</urlset>\n"

    return _xml(make)


def _parts(here: Context) -> int:
    return -(-len(_paths(here)) // MOST)


def _paths(here: Context) -> list[str]:
    """The pages of the site, of the example queries, of releases and what these changed, then those of all things."""
    some = (
        *(f"{examples.PATH}/{example.name}" for example in site.examples(here.base)),
        *(f"/dumps/{name}/" for name in dumps.manifests()),
        *(f"{changes.PATH}/{known.release}" for known in here.log.releases),
    )
    return [*pages(current_app), *(path[1:] for path in some), *crawl.paths(here.store, here.base, here.folder)]


def _modified(here: Context) -> str:
    issued = here.about.release.issued
    return f"<lastmod>{issued}</lastmod>" if issued else ""


def _xml(make: object) -> Response:
    response = respond(Offer("application/xml"), make, vary=False)  # type: ignore[arg-type]
    response.headers["Content-Type"] = "application/xml"
    return response
