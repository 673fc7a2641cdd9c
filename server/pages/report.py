"""The page on which a reader says that something is wrong: filled in with what it is about."""

from __future__ import annotations

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import InputError

from ..answers import negotiate, respond
from ..context import context
from ..languages import language
from ..negotiation import HTML


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/report", "report", report)


def report() -> Response:
    """A report about the thing of `?of=/place/boston`, filled in with `field`, `value` and `source`; sent by hand."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    shared = context()
    if not request.args.get("of"):
        raise InputError("of= is missing: write the path of a thing, such as of=/place/boston")
    of, field, value, source = (request.args.get(name, "").strip()[:300] for name in ("of", "field", "value", "source"))
    found = site.mistake(
        shared.store, of, field=field, value=value, source=source, contact=shared.settings.contact,
        release=shared.release, language=language(), base=shared.base,
    )  # fmt: skip
    return respond(offer, lambda: render_template("report.html", page=found))
