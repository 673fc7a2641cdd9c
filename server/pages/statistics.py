"""The numbers of the release as charts and tables, each also as CSV, JSON and a query; all countries, all networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from twinld import site

from ..answers import alternates, negotiate, respond
from ..context import context
from ..languages import data_language, language, texts
from ..negotiation import CSV, HTML, JSON
from ..tables import table_file

PATH: Final = "/statistics"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "statistics", statistics)
    app.add_url_rule(f"{PATH}.json", "statistics_json", statistics_json)
    app.add_url_rule(f"{PATH}/<table>.<extension>", "statistics_table", table)
    app.add_url_rule("/countries", "countries", countries)
    app.add_url_rule("/countries.<extension>", "countries_as", table, defaults={"table": "countries"})
    app.add_url_rule("/networks", "networks", networks)
    app.add_url_rule("/networks.<extension>", "networks_as", networks_file)


def statistics() -> Response:
    """The numbers of the release: each as a chart with its table, its query and a file."""
    shared = context()
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer

    def page() -> str:
        return render_template(
            "statistics.html", page=numbers(), path=PATH, name=site.namer(shared.store, language(), base=shared.base),
            sparql=sparql,
        )  # fmt: skip

    return respond(offer, lambda: _kept(PATH, page))


def statistics_json() -> Response:
    """All tables as far as the page shows them, as JSON; each is whole in a file of its own."""
    shared = context()

    def make() -> str:
        found = numbers()
        name = site.namer(shared.store, data_language(), base=shared.base)
        tables = [site.to_json(table, name, table.head) for table in found.tables.values()]
        told = {key: getattr(found, key) for key in ("agreements", "dated", "started", "pairs", "located", "abroad",
                                                     "median_km", "told")}  # fmt: skip
        return site.json_text({"release": shared.release, **told, "tables": tables})

    return respond(JSON, make, vary=False)


def table(table: str, extension: str) -> Response:
    """One table, whole, as CSV or JSON."""
    return table_file(extension, lambda: numbers().table(table))


def countries() -> Response:
    """Every country whose places have agreements, with what is counted of it."""
    shared = context()
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer

    def page() -> str:
        return render_template(
            "countries.html", page=numbers(), table=numbers().table("countries"), sparql=sparql,
            name=site.namer(shared.store, language(), base=shared.base),
        )  # fmt: skip

    return respond(offer, lambda: _kept("/countries", page), links=alternates("/countries", (CSV,)))


def networks() -> Response:
    """Every network, forum and umbrella organisation, with how many members are known."""
    shared = context()
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    rows = site.network_list(shared.store, language=language(), base=shared.base)
    return respond(offer, lambda: render_template("networks.html", rows=rows, sparql=sparql))


def networks_file(extension: str) -> Response:
    """Every network, as CSV or JSON."""
    shared = context()
    return table_file(extension, lambda: site.network_table(shared.store, base=shared.base), "networks are")


def _kept(path: str, make: Callable[[], str]) -> str:
    """A page as it was made before in this language, when nothing else in its address could make it another one."""
    kept = not request.args.keys() - {"lang"} and language() == texts().language
    return context().keep((path, language()), make) if kept else make()


def numbers() -> site.Numbers:
    """The numbers of the release that answers this request."""
    shared = context()
    return site.numbers(shared.store, shared.folder, base=shared.base)


def sparql(query: str, **iris: str) -> str:
    """Where a kept query leads: to the query page with its text, and `iris` in the place of its variables."""
    here = context()
    return f"{here.root}/sparql?{urlencode({'query': site.query_text(query, here.base, **iris)})}"
