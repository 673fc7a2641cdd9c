"""The pages of things: rich ones for places, agreements, sources and records, one plain page for everything else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Final

from flask import Flask, Response, render_template

from twinld import site
from twinld.errors import NotFound, PoolBusy
from twinld.vocab import BASE, CC0, ID, TWV

from .. import problems
from ..answers import CACHE, alternates, language, negotiate, respond
from ..context import Context, context
from ..negotiation import DATA_PAGE, GRAPHS, SLICES, Offer, split_suffix

TYPES: Final = (
    "place", "agreement", "pair", "network", "organisation", "person", "event", "instrument", "source", "record",
    "dataset",
)  # fmt: skip
"""Types of ids."""
_REST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*(?:/[A-Za-z0-9][A-Za-z0-9._~-]*)?")
_CODE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,3})?")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/id/<type_>/<path:rest>", "identified", identified)
    for type_ in TYPES:
        app.add_url_rule(f"/{type_}/<path:rest>", f"thing_{type_}", thing, defaults={"type_": type_})
    app.add_url_rule("/country/<rest>", "country", country)
    app.add_url_rule("/graph/<path:rest>", "graph", other, defaults={"kind": "graph/"})
    app.add_url_rule("/vocab/<rest>", "vocab", vocab)


def see_other(path: str, status: int = 303) -> Response:
    """A redirect to a path of ours; it may be kept as long as a page, and not where nothing may be kept."""
    here = context()
    headers = {"Location": here.root + path, "Cache-Control": CACHE if here.about.release.id else "no-cache"}
    return Response("", status, headers, content_type="text/plain; charset=utf-8")


def identified(type_: str, rest: str) -> Response:
    """From the IRI of a thing to its page; a Wikidata item in the place of a slug leads to its place."""
    if type_ not in TYPES or _REST.fullmatch(rest) is None:
        raise NotFound(f"there is no id {type_}/{rest}; types of ids are {', '.join(TYPES)}")
    shared = context()
    moved = shared.ids.moved(type_, rest)
    if moved is not None:
        return _moved(type_, rest, moved, "/id")
    if type_ == "place":
        rest = site.slug_of_item(shared.store, rest, base=shared.base) or rest if rest[:1] == "Q" else rest
    return see_other(f"/{type_}/{rest}")


def country(rest: str) -> Response:
    """From the code of a country (ISO 3166-1) to its page; with a suffix, its agreements and places as a file."""
    code, offer = split_suffix(rest, SLICES)
    if _CODE.fullmatch(code) is None:
        raise NotFound(f"{code!r} is no code of a country; write two letters such as se")
    if offer is None:
        return see_other(f"/place/country-{code.lower()}")
    links = [f'<{CC0}>; rel="license"', *alternates(f"/country/{code.lower()}", SLICES)]
    return respond(offer, lambda: _slice(code, offer), links=links, vary=False)


def _slice(code: str, offer: Offer) -> str:
    shared = context()
    found = site.country_slice(shared.store, code, shared.base)
    return found.csv() if offer.extension == "csv" else found.geojson()


def thing(type_: str, rest: str) -> Response:
    """The page or the data of a thing with an id."""
    rest, suffix = split_suffix(rest, DATA_PAGE)
    shared = context()
    moved = shared.ids.moved(type_, rest)
    if moved is not None:
        return _moved(type_, rest, moved, "", suffix)
    iri = f"{ID}{type_}/{rest}"
    page = PAGES.get(type_)
    try:
        return describe(iri, f"/{type_}/{rest}", suffix, (lambda: page(rest)) if page is not None else None)
    except NotFound:
        return _not_found(type_, rest, suffix)


def other(kind: str, rest: str) -> Response:
    """The page or the data of a graph."""
    path, suffix = split_suffix(f"{kind}{rest}", DATA_PAGE)
    return describe(BASE + path, f"/{path}", suffix)


def vocab(rest: str) -> Response:
    """The page or the data of a vocabulary or a concept."""
    name, suffix = split_suffix(rest, DATA_PAGE)
    return describe(f"{TWV}{name}", f"/vocab/{name}", suffix, lambda: _vocabulary(name))


def describe(iri: str, path: str, suffix: Offer | None, page: Callable[[], str] | None = None) -> Response:
    """A thing in the representation that the client wants; `page` makes its HTML if it has a page of its own."""
    shared = context()
    offer = negotiate(DATA_PAGE, suffix)
    if isinstance(offer, Response):
        return offer
    about = [f'<{iri.replace(BASE, shared.base, 1)}>; rel="cite-as"', *signposts(path), *alternates(path)]
    row = offer.format
    if row is not None:
        return respond(
            offer,
            lambda: site.write(site.graph_of(shared.store, iri, base=shared.base), row, shared.base),
            links=about,
        )
    return respond(offer, page or (lambda: _resource(shared, iri, path)), links=about)


def signposts(path: str) -> list[str]:
    """The Link headers by which programs find the data of a page and the set that it is of (FAIR Signposting)."""
    here = context()
    return [
        '<https://schema.org/AboutPage>; rel="type"',
        f'<{here.url}dataset>; rel="collection"; type="text/html"',
        *(f'<{here.url}{path.removeprefix("/")}.{row.extension}>; rel="describedby"; type="{row.media_type}"'
          for row in GRAPHS if row.extension in {"ttl", "jsonld"}),
    ]  # fmt: skip


def _place(slug: str) -> str:
    shared = context()
    try:
        page = site.place(shared.store, slug, language=language(), base=shared.base)
    except NotFound:  # a borderland and the like has an id of a place and is no party
        return _resource(shared, f"{ID}place/{slug}", f"/place/{slug}")
    return render_template("place.html", page=page, path=f"/place/{slug}", formats=DATA_PAGE)


def _agreement(slug: str) -> str:
    shared = context()
    page = site.agreement(shared.store, slug, language=language(), base=shared.base)
    return render_template("agreement.html", page=page, path=f"/agreement/{slug}", formats=DATA_PAGE)


def _vocabulary(name: str) -> str:
    shared = context()
    path = f"/vocab/{name}"
    concept = site.concept_info(shared.store, name, language=language(), base=shared.base)
    if concept is not None:
        rest = site.resource(shared.store, f"{TWV}{name}", language=language(), base=shared.base)
        return render_template("concept.html", concept=concept, page=rest, path=path, formats=DATA_PAGE)
    page = site.vocabulary(shared.store, f"{TWV}{name}", language=language(), base=shared.base)
    if page is None:
        return _resource(shared, f"{TWV}{name}", path)
    return render_template("vocabulary.html", page=page, path=path, formats=DATA_PAGE)


def _source(slug: str) -> str:
    shared = context()
    page = site.source_page(shared.store, slug, language=language(), base=shared.base)
    counted = shared.counted.get(slug, {})
    return render_template(
        "source.html", about=page, counted=counted, page=page.rest, path=f"/source/{slug}", formats=DATA_PAGE
    )


def _record(rest: str) -> str:
    shared = context()
    page = site.record_page(shared.store, rest, language=language(), base=shared.base)
    return render_template("record.html", record=page, page=page.rest, path=f"/record/{rest}", formats=DATA_PAGE)


PAGES: Final[dict[str, Callable[[str], str]]] = {
    "place": _place,
    "agreement": _agreement,
    "source": _source,
    "record": _record,
}
"""Types of ids that have a page of their own: what makes it from the rest of the id."""


def _resource(shared: Context, iri: str, path: str) -> str:
    page = site.resource(shared.store, iri, language=language(), base=shared.base)
    return render_template("resource.html", page=page, path=path, formats=DATA_PAGE)


def _moved(type_: str, slug: str, moved: site.Moved, before: str, suffix: Offer | None = None) -> Response:
    if moved.into is not None:
        end = f".{suffix.extension}" if suffix is not None else ""
        return see_other(f"{before}/{type_}/{moved.into}{end}", 301)
    return problems.problem(410, f"{type_}/{slug} was an id of ours and is no longer in use; ids are never used again")


def _not_found(type_: str, slug: str, suffix: Offer | None) -> Response:
    shared = context()
    near = site.near(shared.store, type_, slug, base=shared.base)
    item = site.slug_of_item(shared.store, slug, base=shared.base) if type_ == "place" else None
    found = [f"{type_}/{other_slug}" for other_slug in ([item] if item is not None else []) + near]
    if type_ != "record":
        with contextlib.suppress(PoolBusy):  # no index of names yet: ids that are near will do
            index = site.index_of(shared.store, shared.base, wait_s=0)
            found += site.near_paths(index, slug.replace("-", " ")[: site.LONGEST]) if index is not None else []
    html = suffix.format is None if suffix is not None else None
    links = [f"{shared.root}/{path}" for path in dict.fromkeys(found)]
    return problems.problem(404, f"there is no {type_} {slug!r} in this release", html=html, near=links)
