"""All agreements on one map of the world, drawn by the browser; below it the same as a table, made here."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import InputError, NotFound
from twinld.site import ENGLISH

from ..answers import negotiate, respond
from ..context import context
from ..languages import data_language, language
from ..negotiation import HTML, JSON
from ..tables import table_file

PATH: Final = "/explore"
_YEAR: Final = re.compile(r"-?[0-9]{1,4}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_WORDS: Final = ("country", "network", "source", "place")
_SWITCH: Final = {"": True, "yes": True, "no": False}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "explore", explore)
    app.add_url_rule(f"{PATH}/data.json", "explore_data", data)
    app.add_url_rule(f"{PATH}.<extension>", "explore_as", file)


def explore() -> Response:
    """The map, and the agreements of `?country=`, `?network=`, `?source=`, `?place=` and `?year=` as a table."""
    wish, number = _wish(), request.args.get("page", "1")
    if _NUMBER.fullmatch(number) is None:
        raise NotFound(f"{number[:20]!r} is no number of a page; write a number such as 2")
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    tag = language()
    found = _everything(tag)
    chosen = found.chosen(wish)
    pages = max(1, -(-len(chosen) // site.EXPLORE_ROWS))
    if int(number) > pages:
        raise NotFound(f"there is no page {number}; the last one is {pages}")
    first = (int(number) - 1) * site.EXPLORE_ROWS

    def page() -> str:
        return render_template(
            "explore.html",
            found=found,
            wish=wish,
            chosen=chosen,
            rows=[found.ties[one] for one in chosen[first : first + site.EXPLORE_ROWS]],
            first=first,
            number=int(number),
            pages=pages,
            located=sum(one in found.located for one in chosen),
            dated=sum(found.ties[one].start is not None for one in chosen),
            countries=[(site.code_of(thing), thing) for thing in found.countries],
            networks=[(site.slug_of(thing), thing) for thing, _ in found.networks],
            sources=[(site.slug_of(thing), thing) for thing in found.sources],
            query=lambda **more: _query(wish, **more),
            data=f"{PATH}/data.json" + ("" if tag == ENGLISH.language else f"?lang={tag}"),
        )

    return respond(offer, page)


def file(extension: str) -> Response:
    """The same table, whole, as CSV (no cell is run as a formula) or JSON."""
    wish = _wish()
    return table_file(extension, lambda: site.explore_table(_everything(data_language()), wish), "this is")


def data() -> Response:
    """What the map is drawn from: places and agreements in columns."""
    chosen = data_language()
    return respond(JSON, lambda: site.explore_data(_everything(chosen)), vary=False, keep=(chosen,))


def _everything(tag: str) -> site.Everything:
    shared = context()
    return site.everything(shared.store, language=tag, base=shared.base)


def _wish() -> site.MapView:
    """What the parameters ask for; InputError (400) for a year or a switch that cannot be read."""
    country, network, source, place = (request.args.get(name, "").strip()[:200] for name in _WORDS)
    year, undated = request.args.get("year", "").strip(), request.args.get("undated", "").strip()
    if year and _YEAR.fullmatch(year) is None:
        raise InputError(f"year={year[:20]!r} is no year; write one such as year=1989")
    if undated not in _SWITCH:
        raise InputError(f"undated={undated[:20]!r} is not understood; write undated=no, or leave it out")
    chosen = int(year) if year else None
    return site.MapView(country.lower(), network, source, place, chosen, _SWITCH[undated])


def _query(wish: site.MapView, **more: object) -> str:
    """A query string with what is wished for and something more; "" as a value takes it out."""
    values: dict[str, object] = {name: getattr(wish, name) for name in _WORDS}
    values |= {"year": "" if wish.year is None else wish.year, "undated": "" if wish.undated else "no"}
    return urlencode({name: value for name, value in {**values, **more}.items() if value != ""})
