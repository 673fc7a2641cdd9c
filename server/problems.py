"""What a client is told when something is wrong: problem documents (RFC 9457), pages for browsers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from twinld.errors import (
    InputError,
    NotFound,
    OutsideError,
    OverBudget,
    PoolBusy,
    QueryCrash,
    QueryError,
    QueryTimeout,
    ResultTooBig,
    ServiceRefused,
    TwinldError,
    UpdateRefused,
)
from twinld.site import later

from .context import context
from .languages import carried, texts
from .negotiation import Offer, wants_html

STATUS: Final[dict[type[TwinldError], int]] = {
    NotFound: 404,
    UpdateRefused: 403,
    ServiceRefused: 403,
    QueryError: 400,
    InputError: 400,
    ResultTooBig: 413,
    QueryTimeout: 503,
    QueryCrash: 503,
    PoolBusy: 503,
    OverBudget: 429,
    OutsideError: 502,
    TwinldError: 500,
}
"""The status of an error of the library: that of its nearest class in this table."""
EXPLAINED: Final = {
    400: later("The address or the query has something that cannot be read."),
    403: later("This is not allowed here: queries are answered, and nothing is changed."),
    404: later("There is nothing at this address in this release."),
    405: later("This address cannot be used in this way."),
    406: later("What was asked for is not offered in this form."),
    410: later("This was here once and is no longer in use."),
    413: later("The request or its answer is too large."),
    415: later("What was sent is of a type that is not taken."),
    416: later("The file has no such part."),
    429: later("This client has used up the time for queries that it has for now."),
    500: later("Something went wrong on our side."),
    502: later("A service that this server asks gave no answer."),
    503: later("There is no answer at the moment: too much is asked at once, or the query takes too long."),
}
"""What a page says of a status, in its language; the detail below it is in English."""
PHRASES: Final = (
    later("Bad Request"), later("Forbidden"), later("Not Found"), later("Method Not Allowed"), later("Not Acceptable"),
    later("Gone"), later("Request Entity Too Large"), later("Content Too Large"), later("Unsupported Media Type"),
    later("Requested Range Not Satisfiable"), later("Range Not Satisfiable"), later("Too Many Requests"),
    later("Internal Server Error"), later("Bad Gateway"), later("Service Unavailable"),
)  # fmt: skip
"""The titles of the statuses, as this Python or a later one has them."""
RETRY_AFTER_S: Final = 10


def status_of(error: TwinldError) -> int:
    """The HTTP status of an error of the library."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(
    status: int,
    detail: str,
    *,
    html: bool | None = None,
    headers: dict[str, str] | None = None,
    called: Callable[[str], Any] | None = None,
    **members: Any,
) -> Response:
    """A problem document; a page when the client is a browser (`html` None: by its Accept header).

    `members` are added to the document as they are, those of None are left out. `called` names what the addresses of
    `near` lead to, for the page.
    """
    title = HTTPStatus(status).phrase
    members = {name: value for name, value in members.items() if value is not None}
    if wants_html(request.headers.get("Accept")) if html is None else html:
        told = EXPLAINED.get(status, EXPLAINED[500])
        body = render_template(
            "problem.html", status=status, title=title, told=told, detail=detail, called=called, **members
        )
        response = Response(carried(body, context().root), status, content_type="text/html; charset=utf-8")
        response.headers["Content-Language"] = texts().language
    else:
        document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        response = Response(text, status, content_type="application/problem+json")
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Cache-Control"] = "no-cache"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    response.headers.update(headers or {})
    return response


def of_error(error: TwinldError, *, html: bool | None = None, **members: Any) -> Response:
    """The problem of an error of the library; with the seconds to wait, when it knows them."""
    after_s = getattr(error, "retry_after_s", None)
    headers = {"Retry-After": str(after_s)} if after_s is not None else None
    return problem(status_of(error), str(error), html=html, headers=headers, **members)


def of_query(error: TwinldError, query: str, *, html: bool | None = None) -> Response:
    """The problem of a query: with its line, its column and a caret under the place, if they are known."""
    if not isinstance(error, QueryError) or error.line is None:
        return of_error(error, html=html, query=query if html else None)
    lines = query.split("\n")
    text = lines[error.line - 1].rstrip("\r") if 0 < error.line <= len(lines) else ""
    column = error.column or 1
    caret = "".join("\t" if letter == "\t" else " " for letter in text[: column - 1]) + "^"
    return of_error(
        error,
        html=html,
        line=error.line,
        column=error.column,
        excerpt=[text, caret],
        query=query if html else None,
    )


def not_acceptable(offers: Sequence[Offer]) -> Response:
    """406, and what is offered."""
    offered = [offer.media_type for offer in offers]
    detail = f"this is offered as {', '.join(offered)}; name one of them in Accept, or */*"
    return problem(406, detail, html=False, offered=offered)


def of_http(error: HTTPException) -> Response:
    """The problem of an error that Flask or Werkzeug found: no such path, no such method, too large."""
    status = error.code or 500
    headers = {}
    detail = error.description or HTTPStatus(status).phrase
    if status == HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.path}"
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        headers["Allow"] = allowed
        detail = f"{request.method} is not possible here; this address takes {allowed}"
    elif isinstance(error, RequestedRangeNotSatisfiable) and error.length is not None:
        headers["Content-Range"] = f"bytes */{error.length}"  # RFC 9110, 15.5.17
        detail = f"the file has {error.length} bytes; ask for one part of bytes 0 to {error.length - 1}"
    elif status == HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = "something went wrong on our side; it was written to the log"
    return problem(status, detail, headers=headers)
