"""The endpoint: SPARQL 1.1 Protocol for programs, a form and a table for people, one address for both."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import Flask, Response, g, render_template, request
from werkzeug.wsgi import wrap_file

from twinld import site
from twinld.errors import NotFound, QueryError, TwinldError, nearest
from twinld.formats import Format, find_format
from twinld.store.pool import Answer, Usage
from twinld.store.query_text import look

from .. import compression, problems, protocol
from ..answers import alternates, in_coding, negotiate, parts_of, respond, spoken, tagged
from ..budget import client_of
from ..cache import Kept
from ..context import Context, context, shared_parts
from ..languages import carried, texts
from ..negotiation import GRAPHS, HTML, RESULTS, Offer, choose, takes_anything, wants_html
from ..shortcut import ANSWER

IN_MEMORY_BYTES: Final = 1 << 20
"""A longer answer is sent from its file."""
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
    usage = Usage()
    response = _answered(asked, asked.query, suffix, usage, html=html)
    length = response.content_length or 0
    outcome = g.pop("outcome", None) or f"status {response.status_code}"
    shared_parts().journal.query(asked.query, outcome, response.status_code, length, usage, context().release)
    return response


def editor() -> Response:
    """What the query editor of a browser completes and offers: prefixes, terms, examples, formats."""
    here = context()
    return _json(lambda: json.dumps(site.editor_words(here.store, here.base), ensure_ascii=False))


def samples() -> Response:
    """Programs that ask `?query=`, as they are copied: Python, R, JavaScript, curl."""
    try:
        query = protocol.read(request, context().settings.query_max_kib * 1024).query
    except protocol.TooLarge as error:
        return problems.problem(413, str(error))
    if query is None:
        raise QueryError("there is no query; give one as query=")
    found = site.samples(query, f"{context().url}sparql")
    return _json(lambda: json.dumps({"samples": [dataclasses.asdict(one) for one in found]}, ensure_ascii=False))


def _json(make: Callable[[], str]) -> Response:
    response = respond(Offer("application/json"), make, vary=False)
    response.headers["Content-Type"] = "application/json"
    return response


def _answered(asked: protocol.Asked, query: str, suffix: Offer | None, usage: Usage, *, html: bool) -> Response:
    kind = site.query_kind(query)
    offer = _offer(asked, suffix, kind)
    if isinstance(offer, Response):
        return offer
    try:
        return _answer(asked, query, offer, kind, usage)
    except TwinldError as error:
        response = problems.of_query(error, query, html=html)
        g.outcome = "Refused" if isinstance(error, QueryError) else type(error).__name__
        return response


def _suffix(extension: str) -> Offer | None:
    if not extension:
        return None
    offers = {offer.extension: offer for offer in (*RESULTS, *GRAPHS, HTML)} | {"json": RESULTS[0], "xml": RESULTS[1]}
    if extension not in offers:
        raise NotFound(f"there is no /sparql.{extension}; {nearest(extension, offers, 'suffixes')}")
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


def _answer(asked: protocol.Asked, query: str, offer: Offer, kind: str, usage: Usage) -> Response:
    here, shared = context(), shared_parts()
    seen = look(query)
    coding = compression.coding(request)
    graphs = (*asked.default_graphs, "|", *asked.named_graphs)
    etag = None
    if request.method != "POST" and not seen.volatile:
        spoken_as = [texts().language] if offer.format is None else []
        etag = here.etag(request.full_path, offer.media_type, coding, query, *graphs, *spoken_as, *parts_of(offer))
        if etag is not None and request.if_none_match.contains_weak(etag):
            unchanged = tagged(here, Response(status=304), etag)
            return _marked(spoken(unchanged) if offer.format is None else unchanged, "not modified")
    named = "\0".join((seen.normal, *graphs)).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(named).digest()  # a key is short, however long a query
    wanted = (here.stamp, digest, offer.media_type, coding)
    kept = (
        shared.cache.get(wanted) if offer.format is not None and not seen.volatile and not here.store.writable else None
    )
    if kept is not None:
        response = Response(kept.body, content_type=kept.content_type)
        if kept.coding:
            response.headers["Content-Encoding"] = kept.coding
        request.environ[ANSWER] = (here.stamp, wanted, query)
        return _marked(tagged(here, response, etag), "cached")
    answer = _run(asked, query, offer, kind, usage)
    key = (here.stamp, digest, answer.format.media_type, coding)
    if offer.format is None:
        with answer:
            text = answer.body.read() if answer.length <= SHOWN_BYTES else None
            if text is not None and len(text) <= IN_MEMORY_BYTES and not seen.volatile:
                _in_memory(answer.format, text, key)  # the editor of the page asks for the same as data
            return _marked(spoken(tagged(here, _table(here, query, answer, text), etag)), "ok")
    if answer.length <= IN_MEMORY_BYTES:
        with answer:
            response = _in_memory(answer.format, answer.body.read(), None if seen.volatile else key)
    else:
        response = _from_file(answer, coding)
    response = tagged(here, response, etag)
    if seen.volatile:
        response.headers["Cache-Control"] = "no-store"
    return _marked(response, "ok")


def _in_memory(row: Format, body: bytes, key: tuple[str, bytes, str, str] | None) -> Response:
    """A response with an answer, packed for those who take it, and kept under `key` (None: it is not)."""
    response = in_coding(compression.coding(request), body, row.content_type)
    if key is not None:
        kept = Kept(response.get_data(), row.content_type, response.headers.get("Content-Encoding", ""))
        shared_parts().cache.put(key, kept)
    return response


def _run(asked: protocol.Asked, query: str, offer: Offer, kind: str, usage: Usage) -> Answer:
    """The answer of a worker, at the cost of the client."""
    here, shared = context(), shared_parts()
    client = client_of(request.environ, here.settings.trusted_hosts)
    shared.budget.admit(client)
    limit_s = here.settings.query_timeout_s
    row = offer.format or find_format("turtle" if kind == "graph" else "json")
    try:
        return here.pool.run(
            query,
            row if kind else None,
            default_graphs=asked.default_graphs or None,
            named_graphs=asked.named_graphs or None,
            timeout_s=min(asked.timeout_s or limit_s, limit_s),
            client=client,
            usage=usage,
        )
    finally:
        shared.budget.spend(client, usage.run_s)


def _from_file(answer: Answer, coding: str) -> Response:
    """A long answer, sent from its file."""
    body, length = answer.body, answer.length
    headers = {"Content-Encoding": coding} if coding else {}
    if coding:
        body, length = compression.packed_file(body)
    response = Response(
        wrap_file(request.environ, body),
        content_type=answer.format.content_type,
        headers=headers,
        direct_passthrough=True,
    )
    response.call_on_close(body.close)
    response.content_length = length
    return response


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
    offers: Sequence[Offer] = RESULTS if answer.format.kind == "results" else GRAPHS
    body = render_template(
        "sparql.html",
        query=query,
        shown=shown,
        seconds=answer.seconds,
        downloads=offers,
        examples=site.examples(shared.base),
        limits=site.limits(shared.settings),
        samples=site.samples(query, f"{shared.url}sparql"),
    )
    return in_coding(compression.coding(request), carried(body, shared.root).encode(), HTML.content_type)


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
