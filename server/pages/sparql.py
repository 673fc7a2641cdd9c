"""The endpoint: SPARQL 1.1 Protocol for programs, a form and a table for people, one address for both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from flask import Flask, Response, render_template, request
from werkzeug.wsgi import wrap_file

from twinld import site
from twinld.errors import TwinldError, UsageError, nearest
from twinld.formats import find_format
from twinld.store.pool import Answer

from .. import problems, protocol
from ..answers import alternates, negotiate, respond, tagged
from ..context import Context, context
from ..negotiation import GRAPHS, HTML, RESULTS, Offer, choose, takes_anything, wants_html

SHOWN_ROWS: Final = 1_000
SHOWN_BYTES: Final = 4 << 20
"""A larger answer is not put into a page; the page says so and links the downloads."""


def register(app: Flask) -> None:
    """Add the routes; a suffix asks for a format like the Accept header does, and wins over it."""
    app.add_url_rule("/sparql", "sparql", sparql, methods=["GET", "POST"], defaults={"extension": ""})
    app.add_url_rule("/sparql.<extension>", "sparql_as", sparql, methods=["GET", "POST"])


def sparql(extension: str) -> Response:
    """Answer one request of the protocol."""
    suffix = _suffix(extension)
    html = suffix == HTML if suffix is not None else wants_html(request.headers.get("Accept"))
    try:
        asked = protocol.read(request, context().settings.query_max_kib * 1024)
    except protocol.TooLarge as error:
        return problems.problem(413, str(error), html=html)
    except protocol.Unsupported as error:
        return problems.problem(415, str(error), html=html)
    if asked.query is None:
        return _description(suffix)
    kind = site.query_kind(asked.query)
    offer = _offer(asked, suffix, kind)
    if isinstance(offer, Response):
        return offer
    try:
        return _answer(asked, asked.query, offer, kind)
    except TwinldError as error:
        return problems.of_query(error, asked.query, html=html)


def _suffix(extension: str) -> Offer | None:
    if not extension:
        return None
    offers = {offer.extension: offer for offer in (*RESULTS, *GRAPHS, HTML)} | {"json": RESULTS[0], "xml": RESULTS[1]}
    if extension not in offers:
        raise UsageError(f"there is no /sparql.{extension}; {nearest(extension, offers, 'suffixes')}")
    return offers[extension]


def _offer(asked: protocol.Asked, suffix: Offer | None, kind: str) -> Offer | Response:
    """The representation of an answer: by suffix, by parameters of a client without a wish, by Accept."""
    offers = GRAPHS if kind == "graph" else RESULTS
    if suffix is not None:
        if suffix in (*offers, HTML):
            return suffix
        return problems.problem(
            406, f"this query makes {'a graph' if kind == 'graph' else 'rows'}; {suffix.media_type} cannot hold it",
            offered=[offer.media_type for offer in offers],
        )  # fmt: skip
    accept = request.headers.get("Accept")
    if takes_anything(accept):
        row = asked.format_among(tuple(offer.format for offer in offers if offer.format is not None))
        return next((offer for offer in offers if offer.format == row), offers[0])
    chosen = choose(accept, (*offers, HTML))
    if chosen is None and kind == "":  # the query cannot be read: that is what the client should hear
        return offers[0]
    return chosen or problems.not_acceptable((*offers, HTML))


def _answer(asked: protocol.Asked, query: str, offer: Offer, kind: str) -> Response:
    shared = context()
    etag = None
    if request.method != "POST":
        etag = shared.etag(request.full_path, offer.media_type, query, *asked.default_graphs, "|", *asked.named_graphs)
        if etag is not None and request.if_none_match.contains_weak(etag):
            return tagged(shared, Response(status=304), etag)
    row = offer.format or find_format("turtle" if kind == "graph" else "json")
    answer = shared.pool.run(
        query,
        row if kind else None,
        default_graphs=asked.default_graphs or None,
        named_graphs=asked.named_graphs or None,
    )
    if offer.format is None:
        with answer:
            return tagged(shared, _table(shared, query, answer), etag)
    response = Response(
        wrap_file(request.environ, answer.body), content_type=answer.format.content_type, direct_passthrough=True
    )
    response.call_on_close(answer.close)
    response.content_length = answer.length
    return tagged(shared, response, etag)


def _table(shared: Context, query: str, answer: Answer) -> Response:
    """A page with the answer: a table of rows, yes or no, or the triples as Turtle."""
    shown: dict[str, Any] = {"too_large": answer.length > SHOWN_BYTES, "length": answer.length}
    if not shown["too_large"]:
        text = answer.body.read()
        if answer.format.kind == "results":
            shown |= _rows(json.loads(text))
        else:
            shown["turtle"] = text.decode("utf-8")
    offers: Sequence[Offer] = RESULTS if answer.format.kind == "results" else GRAPHS
    body = render_template(
        "sparql.html",
        query=query,
        shown=shown,
        seconds=answer.seconds,
        downloads=offers,
        examples=site.examples(shared.base),
    )
    return Response(body, content_type=HTML.content_type)


def _rows(document: dict[str, Any]) -> dict[str, Any]:
    if "boolean" in document:
        return {"boolean": document["boolean"]}
    rows = document["results"]["bindings"]
    return {"columns": document["head"]["vars"], "rows": rows[:SHOWN_ROWS], "count": len(rows)}


def _description(suffix: Offer | None) -> Response:
    """The bare endpoint: its service description, or the form for a browser."""
    shared = context()
    offer = negotiate((*GRAPHS, HTML), suffix)
    if isinstance(offer, Response):
        return offer
    row = offer.format
    links = alternates("/sparql", GRAPHS)
    if row is None:
        examples = site.examples(shared.base)
        return respond(
            offer, lambda: render_template("sparql.html", query="", shown=None, examples=examples), links=links
        )
    if row.kind == "results":
        return problems.not_acceptable((*GRAPHS, HTML))
    endpoint = f"{shared.url}sparql"
    return respond(
        offer,
        lambda: site.write(site.service_description(shared.store, endpoint, base=shared.base), row, shared.base),
        links=links,
    )
