"""What the checks of the release found: counts by rule, source and country, and the resources behind them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import NotFound

from ..answers import negotiate, respond
from ..context import context
from ..negotiation import HTML, Offer

PATH: Final = "/quality"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_SVG: Final = Offer("image/svg+xml")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "quality", quality)
    app.add_url_rule(f"{PATH}.svg", "quality_badge", badge)


def quality() -> Response:
    """The counts, and the findings of `?rule=`, `?source=` and `?country=`, a hundred a page."""
    folder = context().folder
    chosen = {name: request.args.get(name, "")[:200] for name in ("rule", "source", "country")}
    number = request.args.get("page", "1")
    if _NUMBER.fullmatch(number) is None:
        raise NotFound(f"{number[:20]!r} is no number of a page; write a number such as 2")
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    page = site.quality_page(folder, **chosen, page=int(number))
    base = context().base
    return respond(offer, lambda: render_template("quality.html", page=page, path=PATH, query=_query, base=base))


def badge() -> Response:
    """The badge, for a README or a page of somebody else."""
    return respond(_SVG, lambda: site.quality_badge(context().folder), vary=False)


def _query(chosen: dict[str, str], **more: object) -> str:
    """A query string with what is chosen and something more; "" as a value takes it out."""
    return urlencode({name: value for name, value in {**chosen, **more}.items() if value})
