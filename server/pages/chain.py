"""The shortest chain of twins between two places."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import InputError

from ..answers import negotiate, respond
from ..context import context
from ..languages import data_language, language
from ..negotiation import HTML, JSON

PATH: Final = "/chain"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "chain", chain)
    app.add_url_rule(f"{PATH}.json", "chain_json", chain_json)


def chain() -> Response:
    """The chain from the place `?from=` to the place `?to=`; without both a form."""
    offer = negotiate((HTML, JSON))
    if isinstance(offer, Response):
        return offer
    texts = _texts()
    if offer is JSON:
        return chain_json()
    found = _chain(*texts, language()) if all(texts) else None
    return respond(offer, lambda: render_template("chain.html", chain=found, texts=texts, path=PATH))


def chain_json() -> Response:
    """The same as JSON."""
    texts = _texts()
    if not all(texts):
        raise InputError("a chain needs two places; write /chain.json?from=boston&to=moscow")
    found = _chain(*texts, data_language())
    return respond(JSON, lambda: site.json_text(found.as_json()), vary=request.path == PATH)


def _texts() -> tuple[str, str]:
    return request.args.get("from", "").strip()[:200], request.args.get("to", "").strip()[:200]


def _chain(first: str, second: str, tag: str) -> site.Chain:
    shared = context()
    one, other = (site.place_of(shared.store, text, base=shared.base) for text in (first, second))
    return site.chain(shared.store, one, other, language=tag, base=shared.base)
