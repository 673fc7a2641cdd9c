"""How a page or a description becomes a response: negotiated, tagged with its release, not sent twice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from flask import Response, current_app, request
from werkzeug.http import http_date, quote_etag

from . import compression, problems
from .cache import kept_as
from .context import Context, context, shared_parts
from .languages import carried, texts
from .negotiation import DATA_PAGE, HTML, Offer, choose
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
    keep: tuple[str, ...] | None = None,
) -> Response:
    """What `make` gives as the body, or 304 without asking `make` when the client has it already.

    A page is of a language, and another thing in each; data is the same in all. With `keep` the bytes of data are
    kept, as they are sent, under the path and these words, those of its parameters that change it: for what many ask
    for.
    """
    shared = context()
    in_language = texts().language if offer.media_type == HTML.media_type else ""
    coding = compression.coding(request)
    etag = shared.etag(request.full_path, offer.media_type, coding, *filter(None, [in_language]), *parts_of(offer))
    headers = {"Link": ", ".join(links)} if links else {}
    if etag is not None and request.if_none_match.contains_weak(etag):
        response = Response(status=304, headers=headers)
    else:
        kept = keep is not None and not shared.store.writable
        key = (shared.stamp, request.path, *(keep or ()), offer.media_type, coding) if kept else None
        response = _made(offer, _led_on(make, shared.root) if in_language else make, coding, key)
        response.headers.extend(headers)
    tagged(shared, response, etag, vary=vary)
    return spoken(response) if in_language else response


def spoken(response: Response) -> Response:
    """A response that is a page, with the language that it is in and what that depends on."""
    response.headers["Content-Language"] = texts().language
    response.vary.add("Accept-Language")
    return response


def _made(offer: Offer, make: Callable[[], str | bytes], coding: str, key: tuple[str, ...] | None) -> Response:
    """A response with what `make` gives; with a key, what was kept under it, or what is then kept."""
    cache = shared_parts().cache
    kept = cache.get(key) if key is not None else None
    if kept is None:
        body = make()
        kept = kept_as(body.encode() if isinstance(body, str) else body, offer.content_type, coding)
        if key is not None:
            cache.put(key, kept)
    return sent(kept.body, kept.content_type, kept.coding)


def _led_on(make: Callable[[], str | bytes], root: str) -> Callable[[], str | bytes]:
    """What `make` gives, with links to pages in the language that was asked for."""

    def made() -> str | bytes:
        body = make()
        return carried(body, root) if isinstance(body, str) else body

    return made


def parts_of(offer: Offer) -> list[str]:
    """The parts that npm made, if a page may link them: then it is another page when they are made anew."""
    return sorted(current_app.config[PARTS].values()) if offer.format is None else []


def sent(body: bytes | Iterable[bytes], content_type: str, coding: str) -> Response:
    """A response with a body as it is, in the coding that it is in."""
    headers = {"Content-Encoding": coding} if coding else {}
    return Response(body, content_type=content_type, headers=headers, direct_passthrough=not isinstance(body, bytes))


def tagged(shared: Context, response: Response, etag: str | None, *, vary: bool = True) -> Response:
    """A response with what caches need."""
    response.headers.update(cache_headers(shared, etag, vary=vary))
    return response


def cache_headers(
    here: Context, etag: str | None, *, vary: bool = True, volatile: bool = False
) -> list[tuple[str, str]]:
    """What caches need to know: without a tag, as without a release, nothing may be kept, nor what is `volatile`."""
    headers = [("Vary", "Accept, Accept-Encoding" if vary else "Accept-Encoding")]
    if volatile or etag is None:
        return [*headers, ("Cache-Control", "no-store" if volatile else "no-cache")]
    headers += [("ETag", quote_etag(etag)), ("Cache-Control", CACHE)]
    modified = last_modified(here.about.release.issued)
    return [*headers, ("Last-Modified", modified)] if modified else headers


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
