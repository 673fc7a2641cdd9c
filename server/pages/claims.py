"""The list of all passages of documents and web pages, word for word; narrowed by plain links and a form."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import NotFound

from ..answers import alternates, negotiate, respond
from ..context import context
from ..languages import language
from ..negotiation import DATA_PAGE, suffix_of

PATH: Final = "/claims"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "claims", claims, defaults={"extension": ""})
    app.add_url_rule(f"{PATH}.<extension>", "claims_as", claims)


def claims(extension: str) -> Response:
    """A page of passages, of `?source=` and `?verdict=` if they are given; as data, all of these at once."""
    shared = context()
    suffix = suffix_of(extension, DATA_PAGE, "passages are")
    chosen = {name: request.args.get(name, "")[:200] for name in ("source", "verdict")}
    query = urlencode({name: value for name, value in chosen.items() if value})
    links = [link.replace(">", f"?{query}>", 1) if query else link for link in alternates(PATH)]
    offer = negotiate(DATA_PAGE, suffix)
    if isinstance(offer, Response):
        return offer
    row = offer.format
    if row is not None:
        return respond(
            offer,
            lambda: site.write(site.claims_graph(shared.store, **chosen, base=shared.base), row, shared.base),
            links=links,
        )
    number = request.args.get("page", "1")
    if _NUMBER.fullmatch(number) is None:
        raise NotFound(f"{number[:20]!r} is no number of a page; write a number such as 2")
    page = site.claims(shared.store, **chosen, page=int(number), language=language(), base=shared.base)
    return respond(
        offer,
        lambda: render_template("claims.html", page=page, path=PATH, query=query, formats=DATA_PAGE),
        links=links,
    )
