"""The endpoint: SPARQL 1.1 Protocol for programs, a form and a table for people, one address for both."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any, Final

from flask import Flask, Response, g, render_template, request
from werkzeug.wsgi import wrap_file

from twinld import site
from twinld.errors import QueryError, TwinldError
from twinld.store.pool import Answer, Usage

from .. import compression, problems, protocol
from ..answers import alternates, cache_headers, negotiate, parts_of, respond, sent, spoken, tagged
from ..budget import client_of
from ..cache import kept_as
from ..context import Context, context, shared_parts
from ..direct import FAILED, Failed
from ..languages import carried, texts
from ..negotiation import GRAPHS, HTML, JSON, Offer, wants_html
from ..question import IN_MEMORY_BYTES, Found, Question, ask, find, keep, offers_of, suffix_offer, wanted

SHOWN_ROWS: Final = 1_000
SHOWN_BYTES: Final = 4 << 20
"""A larger answer is not put into a page; the page says so and links the downloads."""


def register(app: Flask) -> None:
    """Add the routes; a suffix asks for a format like the Accept header does, and wins over it."""
    app.add_url_rule("/sparql", "sparql", sparql, methods=["GET", "POST"], defaults={"extension": ""})
    app.add_url_rule("/sparql.<extension>", "sparql_as", sparql, methods=["GET", "POST"])
    app.add_url_rule("/sparql/editor.json", "sparql_editor", editor, methods=["GET"])
    app.add_url_rule("/sparql/samples.json", "sparql_samples", samples, methods=["GET"])


def sparql(extension: str) -> Response:
    """Answer one request of the protocol."""
    suffix = suffix_offer(extension)
    html = suffix == HTML if suffix is not None else wants_html(request.headers.get("Accept"))
    try:
        asked = protocol.read(request, context().settings.query_max_kib * 1024)
    except protocol.TooLarge as error:
        return problems.problem(413, str(error), html=html)
    except protocol.Unsupported as error:
        return problems.problem(415, str(error), html=html)
    if asked.query is None:
        return _description(suffix)
    usage = Usage()
    response = _answered(asked, asked.query, suffix, usage, html=html)
    length = response.content_length or 0
    outcome = g.pop("outcome", None) or f"status {response.status_code}"
    shared_parts().journal.query(asked.query, outcome, response.status_code, length, usage, context().release)
    return response


def editor() -> Response:
    """What the query editor of a browser completes and offers: prefixes, terms, examples, formats."""
    here = context()
    return respond(JSON, lambda: json.dumps(site.editor_words(here.store, here.base), ensure_ascii=False), vary=False)


def samples() -> Response:
    """Programs that ask `?query=`, as they are copied: Python, R, JavaScript, curl."""
    try:
        query = protocol.read(request, context().settings.query_max_kib * 1024).query
    except protocol.TooLarge as error:
        return problems.problem(413, str(error))
    if query is None:
        raise QueryError("there is no query; give one as query=")
    found = site.samples(query, f"{context().url}sparql")
    return respond(
        JSON,
        lambda: json.dumps({"samples": [dataclasses.asdict(one) for one in found]}, ensure_ascii=False),
        vary=False,
    )


def _answered(asked: protocol.Asked, query: str, suffix: Offer | None, usage: Usage, *, html: bool) -> Response:
    kind = site.query_kind(query)
    offer = wanted(asked, suffix, kind, request.headers.get("Accept"))
    if offer is None:
        return _not_offered(suffix, kind)
    question = Question(asked, query, kind, offer, compression.coding(request))
    try:
        return _answer(question, usage)
    except TwinldError as error:
        response = problems.of_query(error, query, html=html)
        g.outcome = "Refused" if isinstance(error, QueryError) else type(error).__name__
        return response


def _not_offered(suffix: Offer | None, kind: str) -> Response:
    offers = offers_of(kind)
    if suffix is None:
        return problems.not_acceptable((*offers, HTML))
    return problems.problem(
        406, f"this query makes {'a graph' if kind == 'graph' else 'rows'}; {suffix.media_type} cannot hold it",
        offered=[offer.media_type for offer in offers],
    )  # fmt: skip


def _answer(question: Question, usage: Usage) -> Response:
    here, shared = context(), shared_parts()
    failed: Failed | None = request.environ.get(FAILED)
    if failed is not None:
        vars(usage).update(vars(failed.usage))
        raise failed.error
    etag = None
    is_page = question.offer.format is None
    if request.method != "POST":
        spoken_as = [texts().language] if is_page else []
        etag = question.etag(here, request.full_path, *spoken_as, *parts_of(question.offer))
        if etag is not None and request.if_none_match.contains_weak(etag):
            unchanged = tagged(here, Response(status=304), etag)
            return _marked(spoken(unchanged) if is_page else unchanged, "not modified")
    client = client_of(request.environ, here.settings.trusted_hosts)
    if is_page:
        return _marked(spoken(tagged(here, _page(here, question, client, usage), etag)), "ok")
    found = find(shared, here, question, client, usage)
    response = _sent(found)
    response.headers.update(cache_headers(here, etag, volatile=question.volatile))
    return _marked(response, found.outcome)


def _sent(found: Found) -> Response:
    if isinstance(found.body, bytes):
        return sent(found.body, found.content_type, found.coding)
    response = sent(wrap_file(request.environ, found.body), found.content_type, found.coding)
    response.call_on_close(found.body.close)
    response.content_length = found.length
    return response


def _page(here: Context, question: Question, client: str, usage: Usage) -> Response:
    """The answer as a page; what a page can show is kept, as the editor of the page asks for the same as data."""
    with ask(shared_parts(), here, question, client, usage) as answer:
        text = answer.body.read() if answer.length <= SHOWN_BYTES else None
        if text is not None and len(text) <= IN_MEMORY_BYTES:
            keep(shared_parts(), here, question, answer.format, text)
        return _table(here, question.query, answer, text)


def _marked(response: Response, outcome: str) -> Response:
    """With a word for the journal."""
    g.outcome = outcome
    return response


def _table(shared: Context, query: str, answer: Answer, text: bytes | None) -> Response:
    """A page with the answer: a table of rows, yes or no, or the triples as Turtle; `text` None: it is too large."""
    shown: dict[str, Any] = {"too_large": text is None, "length": answer.length}
    if text is not None:
        if answer.format.kind == "results":
            shown |= _rows(json.loads(text))
        else:
            shown["turtle"] = text.decode("utf-8")
        dataset, digest = f"{shared.base}dataset", hashlib.sha256(text).hexdigest()
        shown["cite"] = site.citation(query, shared.release, dataset, digest, answer.format.title, shown.get("count"))
    body = render_template(
        "sparql.html",
        query=query,
        shown=shown,
        seconds=answer.seconds,
        downloads=offers_of("graph" if answer.format.kind != "results" else "results"),
        examples=site.examples(shared.base),
        limits=site.limits(shared.settings),
        samples=site.samples(query, f"{shared.url}sparql"),
    )
    page = kept_as(carried(body, shared.root).encode(), HTML.content_type, compression.coding(request))
    return sent(page.body, page.content_type, page.coding)


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

        def page() -> str:
            examples, limits = site.examples(shared.base), site.limits(shared.settings)
            return render_template("sparql.html", query="", shown=None, examples=examples, limits=limits)

        return respond(offer, page, links=links)
    if row.kind == "results":
        return problems.not_acceptable((*GRAPHS, HTML))
    endpoint = f"{shared.url}sparql"
    return respond(
        offer,
        lambda: site.write(site.service_description(shared.store, endpoint, shared.settings), row, shared.base),
        links=links,
    )
