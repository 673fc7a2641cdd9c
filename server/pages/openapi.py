"""The HTTP interface in OpenAPI 3.1: every route of the application, with what it takes and answers.

Paths and methods are read from the routes themselves, a summary is the first line of the function that answers; what
those do not tell stands in one table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, current_app
from werkzeug.routing import Rule

import twinld
from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS, RESULT_FORMATS

from .. import negotiation
from ..answers import respond
from ..context import context

JSON: Final = ("application/json",)
HTML: Final = ("text/html",)
DATA: Final = tuple(row.media_type for row in (*GRAPH_FORMATS, *DATASET_FORMATS))
PAGE: Final = (*DATA, *HTML)
PROBLEM: Final = "application/problem+json"
ANY: Final = ("*/*",)
ATOM: Final = ("application/atom+xml",)
TABLES: Final = ("text/csv", "application/json")
SLICES: Final = ("text/csv", "application/geo+json")
_PARAMETER: Final = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Details:
    """What a route's rule does not tell: media types of a 200, other statuses, parameters of the query string."""

    types: Sequence[str] = PAGE
    statuses: Sequence[int] = (200, 304, 404, 406)
    query: dict[str, str] = field(default_factory=dict)
    words: str = ""


_PAGE: Final = {"page": "a number from 1"}
_NAMES: Final = {"lang": "language of names, a tag such as fr"}
_CHAIN: Final = {"from": "a place by id, name or Wikidata item", "to": "another place"}
_SEARCH: Final = {
    "q": "a name in any script, also with its country; or an item of Wikidata",
    "type": "place, country, network ...; agreement for agreements",
    "country": "code of a country",
    "network": "name of a network",
    "source": "name of a source",
    "status": "of agreements, such as ended",
    "kind": "of agreements, such as twinning",
    "decade": "in which agreements began, such as 1960",
    "stated": "both, one-sided or unknown",
    "licence": "of agreements, such as cc0",
    "limit": "results on a page, at most 100",
    **_NAMES,
    **_PAGE,
}
_EXPLORE: Final = {
    "country": "code of a country (ISO 3166-1)",
    "network": "name of a network",
    "source": "name of a source",
    "place": "id of a place without its type",
    "year": "a year: what had begun by then and not ended before",
    "undated": "no: without those whose start is not known",
    **_NAMES,
}
_FEED: Final = Details(ATOM, (200, 301, 304, 404), _PAGE)
DETAILS: Final[dict[str, Details]] = {
    "home": Details(PAGE, (200, 304, 406), {"lang": "language of the page and of names, a tag such as de"}),
    "search": Details((*HTML, *JSON, "text/csv"), (200, 303, 304, 400, 404, 406, 503), _SEARCH),
    "search_as": Details((*JSON, "text/csv", *HTML), (200, 304, 400, 404, 503), _SEARCH),
    "identified": Details((), (301, 303, 404, 410), {}, "From the IRI of a thing to its page"),
    "thing_agreement": Details(PAGE, (200, 304, 400, 404, 406), {"as-of": "a day such as 2016-06-30: did it hold?"}),
    "country": Details(SLICES, (200, 303, 304, 404)),
    "country_feed": Details(ATOM, (200, 304, 404), _PAGE),
    "place_csv": Details(("text/csv",), (200, 301, 304, 404, 410)),
    "place_geojson": Details(("application/geo+json",), (200, 301, 304, 404, 410)),
    "thing_place": Details(
        PAGE,
        (200, 301, 304, 400, 404, 406, 410),
        {"lang": "language of the page and of names", "as-of": "a year, month or day"},
    ),
    "world": Details(("image/svg+xml",), (200, 304)),
    "place_feed": _FEED,
    "network_feed": _FEED,
    "links": Details(
        HTML,
        (200, 304, 400, 404, 406),
        {
            "to": "the path of a thing, such as /place/boston",
            "by": "a property, such as tw:party",
            "in": "a graph",
            **_PAGE,
        },
    ),
    "report": Details(
        HTML,
        (200, 304, 400, 404, 406),
        {
            "of": "the path of a thing",
            "field": "what is wrong",
            "value": "as it is shown",
            "source": "name of a source",
        },
    ),
    "ns": Details((), (303,), {}, "From the namespace of the ontology to its page"),
    "ns_version": Details((), (303,), {}, "From a version of the ontology to its page"),
    "whole": Details(PAGE, (200, 304, 406)),
    "whole_as": Details(PAGE),
    "dataset_links": Details(("application/linkset+json",), (200, 304, 404)),
    "void": Details(DATA),
    "claims": Details(
        PAGE,
        (200, 304, 404, 406),
        {"source": "name of a source", "verdict": "accepted, disputed, refuted ...", **_PAGE},
    ),
    "changes": Details(PAGE, (200, 304, 406)),
    "changes_json": Details(JSON, (200, 304)),
    "changes_atom": Details(ATOM, (200, 304, 404), _PAGE),
    "release_changes": Details(
        (*PAGE, *JSON), query={"type": "type of the things that changed, such as place", **_PAGE}
    ),
    "conflicts": Details(HTML, (200, 404, 406), {"field": "what sources differ in"}),
    "conflicts_as": Details(TABLES, (200, 206, 304, 404, 416)),
    "quality": Details(
        HTML,
        (200, 304, 404, 406),
        {"rule": "name of a rule", "source": "name of a source", "country": "code of a country", **_PAGE},
    ),
    "quality_badge": Details(("image/svg+xml",), (200, 304)),
    "statistics": Details(HTML, (200, 304, 406)),
    "statistics_json": Details(JSON, (200, 304)),
    "statistics_table": Details(TABLES, (200, 304, 404)),
    "country_table": Details(TABLES, (200, 304, 404)),
    "network_table": Details(TABLES, (200, 304, 404)),
    "countries": Details(HTML, (200, 304, 406)),
    "countries_as": Details(TABLES, (200, 304, 404)),
    "networks": Details(HTML, (200, 304, 406)),
    "networks_as": Details(TABLES, (200, 304, 404)),
    "chain": Details((*HTML, *JSON), (200, 304, 400, 404, 406), _CHAIN),
    "chain_json": Details(JSON, (200, 304, 400, 404), _CHAIN),
    "thing_pair": Details(PAGE, (200, 301, 303, 304, 400, 404, 406, 410), _PAGE),
    "shapes": Details(("text/turtle", *HTML), (200, 304, 406)),
    "shapes_as": Details(("text/turtle", *HTML)),
    "shapes_query": Details(("application/sparql-query",), (200, 404)),
    "sparql": Details(
        (*(row.media_type for row in RESULT_FORMATS), *PAGE),
        (200, 304, 400, 403, 406, 413, 415, 429, 503),
        {
            "query": "a SELECT, ASK, CONSTRUCT or DESCRIBE query; without it the description of the endpoint",
            "default-graph-uri": "a graph of the default graph, again for more",
            "named-graph-uri": "a named graph, again for more",
            "format": "a format by name, where the Accept header has no wish",
            "timeout": "seconds, up to the limit of the server",
        },
        "Answer a query: SPARQL 1.1 Protocol",
    ),
    "sparql_editor": Details(JSON, (200, 304)),
    "sparql_samples": Details(JSON, (200, 304, 400, 413), {"query": "a query"}),
    "examples": Details(HTML, (200, 304, 404, 406), {"keyword": "what the examples are about, such as map"}),
    "example": Details(("text/html", "application/sparql-query")),
    "explore": Details(HTML, (200, 304, 400, 404, 406), {**_EXPLORE, **_PAGE}),
    "explore_as": Details(TABLES, (200, 304, 400, 404), _EXPLORE),
    "explore_data": Details(JSON, (200, 304), _NAMES),
    "dumps": Details(HTML, (200, 304, 406)),
    "latest": Details((), (302, 404)),
    "release": Details(HTML, (200, 302, 304, 404, 406, 410)),
    "dump": Details(ANY, (200, 206, 304, 404, 410, 416, 503)),
    "contribute": Details(HTML, (200, 304, 404, 406)),
    "contribution": Details(ANY, (200, 206, 304, 404, 416)),
    "healthz": Details(JSON, (200, 503)),
    "readyz": Details(JSON, (200, 503)),
    "version": Details(JSON, (200,)),
    "static": Details(ANY, (200, 206, 304, 404, 416), {}, "Style sheet, scripts, icon, and what npm made"),
    "robots": Details(("text/plain",), (200, 304)),
    "llms": Details(("text/plain",), (200, 304)),
    "sitemap": Details(("application/xml",), (200, 304)),
    "sitemap_part": Details(("application/xml",), (200, 304, 404)),
    "openapi": Details(JSON, (200, 304)),
    "harvest": Details(HTML, (200, 304, 406, 503)),
}
"""By the name of a route; one that is not here answers pages and data."""
_SAME: Final = {"sparql_as": "sparql", "claims_as": "claims", "ontology_as": "ontology"}
_STATUS: Final = {
    200: "the answer",
    206: "a part of the file",
    301: "it has moved for good",
    302: "the same of the release that is served",
    303: "the page",
    304: "what the client has is still right",
    400: "the request cannot be read",
    403: "the request would change data, or asks another endpoint",
    404: "there is no such thing in this release",
    406: "none of the formats that the client takes",
    410: "it was there and is gone for good",
    413: "the query or the answer is too big",
    415: "the body is of no type that is read",
    416: "the file is not that long",
    429: "too many seconds of queries",
    503: "too slow, too big, busy, or damaged on our disk; later again",
}
_PARAMETERS: Final = {
    "extension": "suffix of a format, such as ttl",
    "release": "name of a release",
    "name": "name of a file",
    "filename": "name of a file",
    "rest": "the rest of the id",
    "type_": "type of the id, such as place",
    "version": "version of the ontology",
    "number": "a number from 1",
    "slug": "the id of the thing without its type, such as boston",
    "code": "code of a country (ISO 3166-1), such as se",
    "id_": "id of a rule",
    "table": "key of a table, such as countries of /statistics or members of a network",
}


_ASKED: Final = ("search", "links", "report")
"""Pages that are about what their parameters name, so that no list of pages has them."""


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/openapi.json", "openapi", openapi)


def openapi() -> Response:
    """The HTTP interface in OpenAPI 3.1."""
    here = context()

    def make() -> str:
        return json.dumps(document(current_app, here.url), ensure_ascii=False, indent=1) + "\n"

    return respond(negotiation.JSON, make, vary=False)


def pages(app: Flask) -> list[str]:
    """The paths of the pages that are no thing's own, without their first slash."""
    rules = (rule for rule in app.url_map.iter_rules() if not _PARAMETER.search(rule.rule))
    found = (rule for rule in rules if "text/html" in _details(rule).types)
    return sorted(rule.rule[1:] for rule in found if rule.endpoint not in _ASKED)


def document(app: Flask, url: str) -> dict[str, Any]:
    """The description of an application's routes that is served at `url`."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        item = paths.setdefault(_PARAMETER.sub(r"{\2}", rule.rule), {})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            item[method.lower()] = _operation(app, rule, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "twinld",
            "version": twinld.__version__,
            "summary": "Twin cities of the world as linked open data",
            "description": "Every GET also answers HEAD; every path answers OPTIONS. Accept chooses the format, a "
            "suffix wins over it. Errors are problem+json (RFC 9457), or HTML for a browser.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": {
                "Problem": {
                    "type": "object",
                    "properties": {
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                    },
                    "required": ["title", "status"],
                }
            }
        },
    }


def _details(rule: Rule) -> Details:
    return DETAILS.get(_SAME.get(rule.endpoint, rule.endpoint), Details())


def _operation(app: Flask, rule: Rule, method: str) -> dict[str, Any]:
    details = _details(rule)
    words = (app.view_functions[rule.endpoint].__doc__ or "").strip().partition("\n")[0].rstrip(".")
    slug = re.sub(r"\W+", "_", rule.rule).strip("_") or "home"
    found: dict[str, Any] = {
        "operationId": f"{method.lower()}_{rule.endpoint}_{slug}",
        "summary": details.words or words,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"},
                 "description": _PARAMETERS.get(name, "the rest of the path")}
                for _, name in _PARAMETER.findall(rule.rule)
            ),
            *(
                {"name": name, "in": "query", "schema": {"type": "string"}, "description": meaning}
                for name, meaning in (details.query.items() if method == "GET" else ())
            ),
        ],
        "responses": {str(status): _response(status, details.types) for status in details.statuses},
    }  # fmt: skip
    if method == "POST":
        form = {"type": "object", "properties": {name: {"type": "string"} for name in details.query}}
        found["requestBody"] = {
            "content": {
                "application/x-www-form-urlencoded": {"schema": form},
                "application/sparql-query": {"schema": {"type": "string"}},
            }
        }
    return found


def _response(status: int, types: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"description": _STATUS[status]}
    if status in {200, 206} and types:
        found["content"] = {name: {} for name in types}
    elif status >= 400:
        found["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {}}
    return found
