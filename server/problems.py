"""What a client is told when something is wrong: problem documents (RFC 9457), pages for browsers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException

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
        body = render_template("problem.html", status=status, title=title, detail=detail, called=called, **members)
        response = Response(body, status, content_type="text/html; charset=utf-8")
    else:
        document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        response = Response(text, status, content_type="application/problem+json")
    response.vary.add("Accept")
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
    elif status == HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = "something went wrong on our side; it was written to the log"
    return problem(status, detail, headers=headers)
