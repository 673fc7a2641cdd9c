"""The example queries, each on a page of its own: the query, how it works, what it answers, programs that ask it."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any, Final

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import NotFound, nearest
from twinld.formats import find_format

from ..answers import negotiate, respond
from ..context import Context, context
from ..negotiation import HTML, Offer, split_suffix

PATH: Final = "/examples"
SHOWN: Final = 20
"""Rows of an answer on the page of its query."""
_QUERY: Final = Offer("application/sparql-query")
_SUFFIX: Final = ".rq"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "examples", listing)
    app.add_url_rule(f"{PATH}/<slug>", "example", one)


def listing() -> Response:
    """All questions by who asks them; those of `?keyword=` only, if it is given."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    rows = sorted(site.examples(context().base), key=lambda row: (row.asked_by != "", row.asked_by, row.name))
    words = sorted({word for row in rows for word in row.keywords}, key=str.casefold)
    keyword = request.args.get("keyword", "")[:80]
    if keyword and keyword not in words:
        raise NotFound(f"no example is about {keyword!r}; {nearest(keyword, words, 'keywords')}")
    chosen = [row for row in rows if not keyword or keyword in row.keywords]
    groups = [(name, list(each)) for name, each in groupby(chosen, key=lambda row: site.group_of(row.asked_by))]
    return respond(
        offer, lambda: render_template("examples.html", groups=groups, count=len(chosen), words=words, keyword=keyword)
    )


def one(slug: str) -> Response:
    """One question with its query, its first rows and programs that ask it; `.rq` is the query alone."""
    here = context()
    name = slug.removesuffix(_SUFFIX) if slug.endswith(_SUFFIX) else split_suffix(slug, (HTML,))[0]
    example = site.example(name, here.base)
    if slug.endswith(_SUFFIX):
        return respond(_QUERY, lambda: example.text, vary=False)
    offer = negotiate((HTML,), HTML if slug != name else None)
    if isinstance(offer, Response):
        return offer
    links = [f'<{here.root}{PATH}/{name}{_SUFFIX}>; rel="alternate"; type="{_QUERY.media_type}"']

    def page() -> str:
        said: dict[str, Any] = json.loads(here.keep(("example", name), lambda: _answer(here, example.text)))
        samples = site.samples(example.text, f"{here.url}sparql")
        return render_template("example.html", example=example, answer=said, samples=samples)

    return respond(offer, page, links=links)


def _answer(here: Context, query: str) -> str:
    """The first rows of an answer of a worker, how many there are and how long it took, as JSON."""
    row = find_format("turtle" if site.query_kind(query) == "graph" else "json")
    with here.pool.run(query, row, timeout_s=here.settings.query_timeout_s, client="examples") as answer:
        text = answer.body.read()
        said: dict[str, Any] = {"seconds": answer.seconds}
    if row.name == "turtle":
        return json.dumps({**said, "turtle": text.decode("utf-8")[:10_000]})
    document = json.loads(text)
    if "boolean" in document:
        return json.dumps({**said, "boolean": document["boolean"]})
    rows = document["results"]["bindings"]
    return json.dumps({**said, "columns": document["head"]["vars"], "rows": rows[:SHOWN], "count": len(rows)})
