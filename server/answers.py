"""How a page or a description becomes a response: negotiated, tagged with its release, not sent twice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from flask import Response, current_app, request
from werkzeug.http import http_date

from . import compression, problems
from .cache import Kept
from .context import Context, context, shared_parts
from .negotiation import DATA_PAGE, Offer, choose
from .parts import PARTS

CACHE: Final = "public, max-age=300"


def negotiate(offers: Sequence[Offer], suffix: Offer | None = None) -> Offer | Response:
    """The representation that this request gets (a suffix wins over Accept), or the 406 that says what there is."""
    return suffix or choose(request.headers.get("Accept"), offers) or problems.not_acceptable(offers)


def respond(
    offer: Offer,
    make: Callable[[], str | bytes],
    *,
    links: Iterable[str] = (),
    vary: bool = True,
    in_language: str = "",
    keep: bool = False,
) -> Response:
    """What `make` gives as the body, or 304 without asking `make` when the client has it already.

    `in_language` is the language of the page where that is negotiated too. With `keep` the bytes are kept, as they are
    sent, under the path: for what many ask for and no parameter changes.
    """
    shared = context()
    coding = compression.coding(request)
    etag = shared.etag(request.full_path, offer.media_type, coding, *filter(None, [in_language]), *parts_of(offer))
    headers = {"Link": ", ".join(links)} if links else {}
    if etag is not None and request.if_none_match.contains_weak(etag):
        response = Response(status=304, headers=headers)
    else:
        key = (shared.stamp, request.path, offer.media_type, coding) if keep and not shared.store.writable else None
        response = _made(offer, make, coding, key)
        response.headers.extend(headers)
    tagged(shared, response, etag, vary=vary)
    if in_language:
        response.headers["Content-Language"] = in_language
        response.headers["Vary"] += ", Accept-Language"
    return response


def _made(offer: Offer, make: Callable[[], str | bytes], coding: str, key: tuple[str, ...] | None) -> Response:
    """A response with what `make` gives; with a key, what was kept under it, or what is then kept."""
    cache = shared_parts().cache
    kept = cache.get(key) if key is not None else None
    if kept is None:
        body = make()
        response = in_coding(coding, body.encode() if isinstance(body, str) else body, offer.content_type)
        if key is not None:
            cache.put(key, Kept(response.get_data(), offer.content_type, response.headers.get("Content-Encoding", "")))
        return response
    response = Response(kept.body, content_type=kept.content_type)
    if kept.coding:
        response.headers["Content-Encoding"] = kept.coding
    return response


def parts_of(offer: Offer) -> list[str]:
    """The parts that npm made, if a page may link them: then it is another page when they are made anew."""
    return sorted(current_app.config[PARTS].values()) if offer.format is None else []


def in_coding(coding: str, body: bytes, content_type: str) -> Response:
    """A response with these bytes, packed when the client takes it and it is worth it."""
    if not coding or len(body) < compression.LEAST_BYTES:
        return Response(body, content_type=content_type)
    return Response(compression.packed(body), content_type=content_type, headers={"Content-Encoding": coding})


def tagged(shared: Context, response: Response, etag: str | None, *, vary: bool = True) -> Response:
    """A response with what caches need; without a release nothing may be kept."""
    response.headers["Vary"] = "Accept, Accept-Encoding" if vary else "Accept-Encoding"
    if etag is None:
        response.headers["Cache-Control"] = "no-cache"
        return response
    response.set_etag(etag)
    response.headers["Cache-Control"] = CACHE
    modified = last_modified(shared.about.release.issued)
    if modified:
        response.headers["Last-Modified"] = modified
    return response


@functools.lru_cache(maxsize=16)
def last_modified(issued: str) -> str:
    """The day on which a release was issued, as HTTP writes it; "" when it does not say so."""
    try:
        return http_date(datetime.combine(date.fromisoformat(issued), time(), UTC))
    except ValueError:
        return ""


def alternates(path: str, offers: Sequence[Offer] = DATA_PAGE) -> list[str]:
    """Link headers to the other representations of a path."""
    return [
        f'<{context().root}{path}.{offer.extension}>; rel="alternate"; type="{offer.media_type}"' for offer in offers
    ]


def language() -> str:
    """The language of labels that `?lang=` asks for, else English."""
    wish = request.args.get("lang", "en").lower()
    return wish if wish.replace("-", "").isalnum() and wish.isascii() and len(wish) <= 35 else "en"


def language_of(languages: Sequence[str]) -> str:
    """Which of `languages` a page is in: `?lang=` if it is one of them, else by Accept-Language, else the first."""
    accepted = [tag for tag, q in request.accept_languages if q > 0]
    wishes = (tag.lower().partition("-")[0] for tag in (request.args.get("lang", ""), *accepted))
    return next((wish for wish in wishes if wish in languages), languages[0])
