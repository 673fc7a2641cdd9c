"""The pages of things: rich ones for places, agreements, sources and records, one plain page for everything else."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable
from typing import Final

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import InputError, NotFound, PoolBusy
from twinld.vocab import BASE, CC0, ID, TWV, rebase

from .. import problems
from ..answers import CACHE, alternates, negotiate, respond
from ..context import Context, context
from ..languages import language, texts, with_language
from ..leaves import leaf_of
from ..negotiation import DATA_PAGE, GRAPHS, SLICES, Offer, choose, split_suffix, wants_html
from .conflicts import chosen_by
from .contribute import of_country
from .statistics import sparql

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
    """A redirect to a path of ours, in the language that was asked for; nothing is kept where there is no release."""
    here = context()
    headers = {
        "Location": here.root + with_language(path),
        "Cache-Control": CACHE if here.about.release.id else "no-cache",
    }
    return Response("", status, headers, content_type="text/plain; charset=utf-8")


def identified(type_: str, rest: str) -> Response:
    """From the IRI of a thing to its page; a Wikidata item in the place of a slug leads to its place."""
    if type_ not in TYPES or _REST.fullmatch(rest) is None:
        raise NotFound(f"there is no id {type_}/{rest}; types of ids are {', '.join(TYPES)}")
    shared = context()
    moved = shared.ids.moved(type_, rest)
    if moved is not None:
        return moved_to(type_, rest, moved, "/id")
    if type_ == "place":
        rest = site.slug_of_item(shared.store, rest, base=shared.base) or rest if rest[:1] == "Q" else rest
    return see_other(f"/{type_}/{rest}")


def country(rest: str) -> Response:
    """From the code of a country (ISO 3166-1) to its page, or to its agreements and places as a wanted file."""
    code, offer = split_suffix(rest, SLICES)
    if _CODE.fullmatch(code) is None:
        raise NotFound(f"{code!r} is no code of a country; write two letters such as se")
    if offer is None:
        wish = choose(request.headers.get("Accept"), (*DATA_PAGE, *SLICES))
        file = f"/country/{code.lower()}.{wish.extension}" if wish is not None and wish in SLICES else ""
        response = see_other(file or f"/place/country-{code.lower()}")
        response.headers["Vary"] = "Accept"
        return response
    links = [f'<{CC0}>; rel="license"', *alternates(f"/country/{code.lower()}", SLICES)]
    return respond(offer, lambda: _slice(code, offer), links=links, vary=False, keep=())


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
        return moved_to(type_, rest, moved, "", suffix)
    iri = f"{ID}{type_}/{rest}"
    page = PAGES.get(type_)
    try:
        return describe(iri, f"/{type_}/{rest}", suffix, (lambda: page(rest)) if page is not None else None)
    except NotFound:
        near_by = _other_pair(rest, suffix) if type_ == "pair" else None
        return near_by or not_found(type_, rest, suffix)


def _other_pair(rest: str, suffix: Offer | None) -> Response | None:
    """Of two places whose pair has no id: to the same two in the order of an id, or for people to their chain."""
    shared = context()
    both = site.pair_known(shared.store, rest, base=shared.base)
    if both is None:
        return None
    if rest != "--".join(both):
        return see_other(f"/pair/{'--'.join(both)}{f'.{suffix.extension}' if suffix is not None else ''}")
    html = suffix.format is None if suffix is not None else wants_html(request.headers.get("Accept"))
    return see_other(f"/chain?from={both[0]}&to={both[1]}") if html else None


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
        page = site.place(shared.store, slug, language=language(), base=shared.base, texts=texts())
    except NotFound:  # a borderland and the like has an id of a place and is no party
        return _resource(shared, f"{ID}place/{slug}", f"/place/{slug}")
    if page.is_country:
        return _country(slug, page)
    return render_template(
        "place.html", page=page, path=f"/place/{slug}", formats=DATA_PAGE, slices=SLICES, then=_then(page),
        chosen=chosen_by(), **_use(page.place.label, page.place.iri, site.twins_query),
    )  # fmt: skip


def _then(page: site.PlacePage) -> site.Then | None:
    """Which agreements held at the time that `?as-of=` names; InputError (400) when it is none."""
    asked = request.args.get("as-of", "").strip()
    if not asked:
        return None
    try:
        return site.partners_on(page.partners or page.elsewhere, asked[:20], page.elsewhere)
    except ValueError as error:
        raise InputError(f"as-of: {error}") from None


def _use(title: str, iri: str, query: Callable[[str, str], str] = site.thing_query) -> dict[str, object]:
    """What lets a reader use a page: how to cite what this release says of a thing, and a query to go on from."""
    here = context()
    cite = site.thing_citation(title, rebase(iri, here.base), here.about.release.id, here.about.release.issued)
    return {"cite": cite, "query": query(iri, here.base)}


def _country(slug: str, page: site.PlacePage) -> str:
    shared = context()
    counted = site.country_numbers(shared.store, slug, language=language(), base=shared.base)
    worklist = of_country(page.iso_code or "")
    return render_template(
        "country.html", page=page, counted=counted, worklist=worklist, path=f"/place/{slug}", formats=DATA_PAGE,
        sparql=sparql, leaf=leaf_of(page.places), **_use(page.place.label, page.place.iri),
    )  # fmt: skip


def _pair(slug: str) -> str:
    shared = context()
    page = site.pair(shared.store, slug, language=language(), base=shared.base)
    return render_template(
        "pair.html", pair=page, page=page.rest, path=f"/pair/{slug}", formats=DATA_PAGE, leaf=leaf_of(page.between),
        **_use(f"{page.chain.one.label} – {page.chain.other.label}", page.rest.iri),
    )  # fmt: skip


def _network(slug: str) -> str:
    shared = context()
    page = site.network(shared.store, slug, language=language(), base=shared.base)
    return render_template(
        "network.html", network=page, page=page.rest, path=f"/network/{slug}", formats=DATA_PAGE,
        **_use(page.rest.title.text, page.rest.iri),
    )  # fmt: skip


def _agreement(slug: str) -> str:
    shared = context()
    page = site.agreement(shared.store, slug, language=language(), base=shared.base, texts=texts())
    day = site.day_asked(request.args.get("as-of", ""))
    held = site.held_on(page.since, page.until, page.date, page.status, day) if day else ""
    return render_template(
        "agreement.html", page=page, path=f"/agreement/{slug}", formats=DATA_PAGE, day=day, held=held,
        **_use(page.title, page.iri),
    )  # fmt: skip


def _vocabulary(name: str) -> str:
    shared = context()
    path = f"/vocab/{name}"
    concept = site.concept_info(shared.store, name, language=language(), base=shared.base)
    if concept is not None:
        rest = site.resource(shared.store, f"{TWV}{name}", language=language(), base=shared.base, texts=texts())
        used = _use(rest.title.text, rest.iri)
        return render_template("concept.html", concept=concept, page=rest, path=path, formats=DATA_PAGE, **used)
    page = site.vocabulary(shared.store, f"{TWV}{name}", language=language(), base=shared.base)
    if page is None:
        return _resource(shared, f"{TWV}{name}", path)
    used = _use(page.label.text, page.iri)
    return render_template("vocabulary.html", page=page, path=path, formats=DATA_PAGE, **used)


def _source(slug: str) -> str:
    shared = context()
    page = site.source_page(shared.store, slug, language=language(), base=shared.base, texts=texts())
    counted = shared.counted.get(slug, {})
    return render_template(
        "source.html", about=page, counted=counted, page=page.rest, path=f"/source/{slug}", formats=DATA_PAGE,
        **_use(page.info.title, page.rest.iri),
    )  # fmt: skip


def _record(rest: str) -> str:
    shared = context()
    page = site.record_page(shared.store, rest, language=language(), base=shared.base, texts=texts())
    used = _use(page.rest.title.text, page.rest.iri)
    return render_template(
        "record.html", record=page, page=page.rest, path=f"/record/{rest}", formats=DATA_PAGE, **used
    )


PAGES: Final[dict[str, Callable[[str], str]]] = {
    "place": _place,
    "agreement": _agreement,
    "pair": _pair,
    "network": _network,
    "source": _source,
    "record": _record,
}
"""Types of ids that have a page of their own: what makes it from the rest of the id."""


def _resource(shared: Context, iri: str, path: str) -> str:
    page = site.resource(shared.store, iri, language=language(), base=shared.base, texts=texts())
    used = _use(page.title.text, page.iri)
    return render_template("resource.html", page=page, path=path, formats=DATA_PAGE, **used)


def moved_to(type_: str, slug: str, moved: site.Moved, before: str, suffix: Offer | None = None) -> Response:
    """301 to what an id was merged into, 410 for one that was given up."""
    if moved.into is not None:
        end = f".{suffix.extension}" if suffix is not None else ""
        return see_other(f"{before}/{type_}/{moved.into}{end}", 301)
    return problems.problem(410, f"{type_}/{slug} was an id of ours and is no longer in use; ids are never used again")


def not_found(type_: str, slug: str, suffix: Offer | None) -> Response:
    """404 for an id that nothing has, with the nearest."""
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
    namer = functools.cache(lambda: site.Namer(site.Asker(shared.store, shared.base), language()))

    def called(address: str) -> site.Named:
        return namer().name(ID + address.removeprefix(f"{shared.root}/"))

    return problems.problem(404, f"there is no {type_} {slug!r} in this release", html=html, near=links, called=called)
