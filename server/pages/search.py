"""The search: things by any of their names, agreements by what is known of them, as a page, CSV and JSON."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import InputError, NotFound

from ..answers import alternates, negotiate, respond
from ..context import Context, context
from ..languages import data_language, language
from ..negotiation import CSV, HTML, JSON, Offer, suffix_of
from .things import see_other

PATH: Final = "/search"
MOST: Final = 100
"""So many results are given at once, if `limit` asks for them."""
WAIT_S: Final = 5.0
"""So long a request waits for an index that is being made."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
OFFERS: Final = (HTML, JSON, CSV)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "search", search, methods=["GET"], defaults={"extension": ""})
    app.add_url_rule(f"{PATH}.<extension>", "search_as", search, methods=["GET"])


def search(extension: str) -> Response:
    """Things by their names, and agreements, narrowed by facets; straight to the thing when one is called so."""
    here = context()
    offer = negotiate(OFFERS, suffix_of(extension, OFFERS, "results are"))
    if isinstance(offer, Response):
        return offer
    index = site.index_of(here.store, here.base, wait_s=WAIT_S)
    if index is None:
        return _by_slug(here, offer)
    names = [facet.name for facet in site.FACETS]
    wish = site.Wish.of(request.args.get("q", ""), **{name: request.args.get(name, "") for name in names})
    number, size = _number("page", 1), _number("limit", site.SEARCH_PAGE)
    if size > MOST:
        raise InputError(f"limit={size} is too many; at most {MOST} results are given at once")
    if offer is HTML and not extension and set(request.args) <= {"q", "lang"} and wish.q:
        path = site.exact_hit(index, wish.q)
        if path is not None:
            return see_other(f"/{path}")
    links = [_with_query(link) for link in alternates(PATH, (JSON, CSV))]
    if offer is CSV:
        return respond(offer, lambda: site.search_csv(index, wish, data_language()), links=links)
    if offer is JSON and "limit" in request.args and not wish.facets and number == 1:
        return respond(offer, lambda: _short(index, wish, size, here), links=links)
    tag = language() if offer is HTML else data_language()
    page = site.search(index, wish, number=number, size=size, language=tag)
    if offer is JSON:
        return respond(offer, lambda: _json(site.page_object(page, here.base)), links=links)

    def make() -> str:
        query = site.as_sparql(index, wish, here.base)
        return render_template("search.html", page=page, path=PATH, sparql=query, facets=site.FACETS)

    return respond(offer, make, links=links)


def _short(index: site.Index, wish: site.Wish, limit: int, here: Context) -> str:
    """What a box that completes what is typed needs, and no more."""
    hits, total = site.suggest(index, wish.q, limit, data_language()) if wish.q else ([], 0)
    found = [site.hit_object(hit, here.base) for hit in hits]
    return _json({"q": wish.q, "total": total, "results": [{**row, "path": here.root + row["path"]} for row in found]})


def _by_slug(here: Context, offer: Offer) -> Response:
    """The list of a store that gives no index: places whose address is like the text."""
    if offer is not HTML:
        raise NotFound("this store gives no index of names, so results are a page only; leave out the suffix")
    text = request.args.get("q", "").strip()[: site.LONGEST]
    found = site.near(here.store, "place", text, base=here.base)
    item = site.slug_of_item(here.store, text, base=here.base)
    if item is not None or (found and found[0] == text.lower() and len(found) == 1):
        return see_other(f"/place/{item or found[0]}")
    return respond(offer, lambda: render_template("search_by_slug.html", text=text, found=found))


def _number(name: str, usual: int) -> int:
    given = request.args.get(name, str(usual))
    if _NUMBER.fullmatch(given) is None:
        raise InputError(f"{name}={given[:20]!r} is no number; write one such as 2")
    return int(given)


def _with_query(link: str) -> str:
    """A link to the same results: with the parameters of this address, but for the page."""
    asked = request.query_string.decode("ascii", "ignore")
    query = "&".join(part for part in asked.split("&") if part and not part.startswith(("page=", "limit=")))
    query = re.sub(r"[^A-Za-z0-9%&=+._~:/-]", "", query)
    return link.replace(">", f"?{query}>", 1) if query else link


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False) + "\n"
