"""What every release changed: pages, JSON, RDF, and Atom feeds for all, a country, a network and a place."""

from __future__ import annotations

import json
import re
from typing import Final

from flask import Flask, Response, render_template, request

from twinld import site
from twinld.errors import NotFound, nearest
from twinld.site import changes as told
from twinld.site import feed
from twinld.vocab import ID

from ..answers import alternates, negotiate, respond
from ..context import Context, context
from ..negotiation import DATA_PAGE, HTML, JSON, Offer, split_suffix, suffix_of
from .things import see_other

PATH: Final = "/changes"
ATOM: Final = Offer("application/atom+xml")
PER_PAGE: Final = 100
"""So many changes a page shows."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_OFFERS: Final = (HTML, *DATA_PAGE[:-1])


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(PATH, "changes", listing, defaults={"extension": ""})
    app.add_url_rule(f"{PATH}.<extension>", "changes_as", listing)
    app.add_url_rule(f"{PATH}.json", "changes_json", listing_json)
    app.add_url_rule(f"{PATH}.atom", "changes_atom", all_feed)
    app.add_url_rule(f"{PATH}/<release>", "release_changes", release_changes)
    app.add_url_rule(f"/place/<slug>{PATH}.atom", "place_feed", thing_feed, defaults={"type_": "place"})
    app.add_url_rule(f"/network/<slug>{PATH}.atom", "network_feed", thing_feed, defaults={"type_": "network"})
    app.add_url_rule(f"/country/<code>{PATH}.atom", "country_feed", country_feed)


def listing(extension: str) -> Response:
    """Every release with how much it changed."""
    shared = context()
    offer = negotiate(_OFFERS, suffix_of(extension, DATA_PAGE, "changes are"))
    if isinstance(offer, Response):
        return offer
    row = offer.format
    if row is not None:
        graph = told.changes_graph(shared.log.releases, items=False)
        return respond(offer, lambda: site.write(graph, row, shared.base), links=alternates(PATH))
    return respond(
        offer,
        lambda: render_template("changes.html", log=shared.log, path=PATH, formats=DATA_PAGE),
        links=[*alternates(PATH), _feed_link(f"{PATH}.atom")],
    )


def listing_json() -> Response:
    """Every release with how much it changed, as JSON."""
    rows = [
        {
            "release": changes.release,
            "previous": changes.previous or None,
            "date": changes.date,
            "counts": changes.counts,
            "on_disk": context().log.on_disk(changes.release),
            "changes": f"{context().url}changes/{changes.release}.json",
        }
        for changes in context().log.releases
    ]
    return respond(JSON, lambda: json.dumps(rows, ensure_ascii=False, indent=1) + "\n", vary=False)


def release_changes(release: str) -> Response:
    """What one release changed, thing by thing; of `?type=` alone; in pages."""
    shared = context()
    if release.endswith(".json") and shared.log.release(release.removesuffix(".json")):
        changes = _known(shared, release.removesuffix(".json"))
        return respond(JSON, lambda: told.changes_json(changes), vary=False)
    name, suffix = split_suffix(release, DATA_PAGE)
    changes = _known(shared, name)
    offer = negotiate(_OFFERS, suffix)
    if isinstance(offer, Response):
        return offer
    row, path = offer.format, f"{PATH}/{name}"
    if row is not None:
        return respond(
            offer,
            lambda: site.write(told.changes_graph([changes], items=True), row, shared.base),
            links=alternates(path),
        )
    kind = request.args.get("type", "")
    if kind and kind not in changes.counts:
        raise NotFound(
            f"release {name} changed nothing of type {kind[:20]!r}; {nearest(kind, changes.counts, 'types')}"
        )
    some = [told.Told(changes, change) for change in changes.changes if not kind or change.type == kind]
    number, pages = _page(max(1, -(-len(some) // PER_PAGE)))
    shown = some[(number - 1) * PER_PAGE : number * PER_PAGE]
    return respond(
        offer,
        lambda: render_template(
            "release_changes.html", changes=changes, shown=shown, number=number, pages=pages, kind=kind, path=path,
            formats=DATA_PAGE,
            on_disk=shared.log.on_disk(name),
        ),
        links=alternates(path),
    )  # fmt: skip


def _known(shared: Context, name: str) -> told.Changes:
    changes = shared.log.release(name)
    if changes is None:
        names = [known.release for known in shared.log.releases]
        raise NotFound(f"what release {name[:40]!r} changed is not known; {nearest(name, names, 'releases')}")
    return changes


def _page(pages: int) -> tuple[int, int]:
    """The number of the page that is asked for, and of the last; NotFound when there is no such page."""
    text = request.args.get("page", "1")
    if _NUMBER.fullmatch(text) is None or int(text) > pages:
        raise NotFound(f"there is no page {text[:20]!r} here; write a number from 1 to {pages}")
    return int(text), pages


def all_feed() -> Response:
    """A feed of the releases."""
    shared = context()
    return _feed(
        shared, PATH, f"{shared.base}changes", "twinld: releases", feed.release_entries(shared.log, shared.url)
    )


def thing_feed(type_: str, slug: str) -> Response:
    """A feed of what concerns one place or network; of one that was merged, a redirect to its successor's."""
    shared = context()
    moved = shared.ids.moved(type_, slug)
    if moved is not None and moved.into is not None:
        return see_other(f"/{type_}/{moved.into}{PATH}.atom", 301)
    iri = told.thing_iri(type_, slug, shared.base)
    some = shared.log.of(iri)
    label = _label(shared, type_, slug)
    if label is None and moved is None and not some:
        raise NotFound(f"there is no {type_} {slug[:60]!r} in this release, and none changed that is called so")
    entries = feed.change_entries(some, shared.url)
    return _feed(shared, f"/{type_}/{slug}", f"{iri}#changes", f"twinld: changes of {label or slug}", entries)


def country_feed(code: str) -> Response:
    """A feed of what concerns the places of one country, by its code (ISO 3166-1)."""
    shared = context()
    iri = told.thing_iri("place", f"country-{code.lower()}", shared.base)
    some = shared.log.of(code.upper())
    label = _label(shared, "place", f"country-{code.lower()}")
    if label is None and not some:
        raise NotFound(f"{code[:20]!r} is no code of a country here; write two letters such as se")
    entries = feed.change_entries(some, shared.url)
    return _feed(
        shared,
        f"/country/{code.lower()}",
        f"{iri}#country-changes",
        f"twinld: changes in {label or code.upper()}",
        entries,
    )


def _label(shared: Context, type_: str, slug: str) -> str | None:
    """The name of a thing of the release that is served; None when it has no such thing."""
    if _SLUG.fullmatch(slug) is None:
        return None
    try:
        return site.resource(shared.store, f"{ID}{type_}/{slug}", base=shared.base).title.text
    except NotFound:
        return None


def _feed(shared: Context, path: str, id_: str, title: str, entries: list[feed.Entry]) -> Response:
    number, _ = _page(feed.pages_of(entries))
    address = f"{shared.url.rstrip('/')}{path}{'' if path == PATH else PATH}.atom"
    about = f"{shared.url.rstrip('/')}{path}"
    day = shared.about.release.issued
    return respond(ATOM, lambda: feed.atom(id_, title, address, about, entries, day, number), vary=False)


def _feed_link(path: str) -> str:
    return f'<{context().root}{path}>; rel="alternate"; type="{ATOM.media_type}"'
