"""The data set and the catalogue: what portals harvest, what search engines read, and the same for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import Flask, Response, render_template
from markupsafe import Markup

from twinld.site import catalog as data
from twinld.site import graph_of, write
from twinld.store import Quad
from twinld.vocab import BASE, CC0

from ..answers import alternates, negotiate, respond
from ..context import context
from ..negotiation import DATA_PAGE, GRAPHS, HTML, Offer, suffix_of
from .dumps import manifests
from .things import describe

OFFERS: Final = tuple(sorted(DATA_PAGE, key=lambda offer: offer.extension not in {"ttl", "jsonld", "rdf", "html"}))
_ITEMS: Final = 24
"""So many files stand in the Link header; all stand in the link set, which no proxy finds too long."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/dataset", "whole", dataset, defaults={"extension": ""})
    app.add_url_rule("/dataset.<extension>", "whole_as", dataset)
    app.add_url_rule("/dataset.linkset", "dataset_links", linkset)
    app.add_url_rule("/catalog", "catalog", catalogue, defaults={"extension": ""})
    app.add_url_rule("/catalog.<extension>", "catalog_as", catalogue)
    app.add_url_rule("/.well-known/void", "void", void)


def served() -> data.Served:
    """The release that is served; NotFound where the store is of none."""
    here = context()
    known = manifests()
    manifest = known.get(here.release)
    return data.served(here.store, manifest, here.release, tuple(known), (here.base, here.url))


def dataset(extension: str) -> Response:
    """The data set: its files, services, versions and graphs."""
    suffix = suffix_of(extension, OFFERS, "the data set is")
    if context().folder is None:
        return describe(BASE + "dataset", "/dataset", suffix)
    release = served()
    return _answer(suffix, dataset_quads, lambda: _page("dataset.html", release), signposts(release))


def dataset_quads() -> Sequence[Quad]:
    """What the data of the data set says; without a release on disk, what the store says of it."""
    here = context()
    if here.folder is None:
        return graph_of(here.store, BASE + "dataset", base=here.base)
    return data.whole(served())


def catalogue(extension: str) -> Response:
    """The catalogue that portals harvest, with exactly one data set."""
    suffix = suffix_of(extension, OFFERS, "the catalogue is")
    release = served()
    about = [f'<{release.where.iri("dataset")}>; rel="cite-as"', *alternates("/catalog", _graphs())]
    return _answer(suffix, lambda: data.catalogue(release), lambda: _page("catalog.html", release), about)


def void() -> Response:
    """The data set in VoID."""
    release = served()
    offer = negotiate(GRAPHS)
    if isinstance(offer, Response):
        return offer
    row = offer.format
    assert row is not None
    return respond(offer, lambda: write(data.described(release), row, release.where.base))


def linkset() -> Response:
    """All links of the data set's page as a link set (RFC 9264), with every file."""
    release = served()
    offer = Offer("application/linkset+json")
    document = {
        "linkset": [
            {
                "anchor": release.where.page("dataset"),
                "cite-as": [{"href": release.where.iri("dataset")}],
                "type": [{"href": "https://schema.org/Dataset"}, {"href": "https://schema.org/AboutPage"}],
                "license": [{"href": CC0}],
                "author": [{"href": author(release)}],
                "describedby": [
                    {"href": release.where.page(f"catalog.{row.extension}"), "type": row.media_type}
                    for row in _graphs()
                ],
                "item": [{"href": address, "type": kind} for address, kind in items(release)],
            },
            *(
                {"anchor": address, "collection": [{"href": release.where.page("dataset"), "type": "text/html"}]}
                for address, _ in items(release)
            ),
        ]
    }
    response = respond(offer, lambda: json.dumps(document, ensure_ascii=False, indent=1) + "\n", vary=False)
    response.headers["Content-Type"] = offer.media_type
    return response


def signposts(release: data.Served) -> list[str]:
    """The Link headers by which programs find their way: FAIR Signposting, level 1, and the link set of level 2."""
    page = release.where.page
    links = [
        f'<{release.where.iri("dataset")}>; rel="cite-as"',
        '<https://schema.org/Dataset>; rel="type"',
        '<https://schema.org/AboutPage>; rel="type"',
        f'<{CC0}>; rel="license"',
        f'<{author(release)}>; rel="author"',
        *(f'<{page(f"catalog.{row.extension}")}>; rel="describedby"; type="{row.media_type}"' for row in _graphs()),
        f'<{page("dataset.linkset")}>; rel="linkset"; type="application/linkset+json"',
    ]
    links += [f'<{address}>; rel="item"; type="{kind}"' for address, kind in items(release)[:_ITEMS]]
    return [*links, *alternates("/dataset", _graphs())]


def author(release: data.Served) -> str:
    """The IRI of who publishes the data set."""
    return release.edition.publisher_iri or release.where.iri("dataset#publisher")


def items(release: data.Served) -> list[tuple[str, str]]:
    """Address and media type of every file of the release, those that are not packed first."""
    files = sorted(release.edition.files, key=lambda file: bool(file.packing))
    name = release.edition.name
    return [(release.where.page(f"dumps/{name}/{file.name}"), file.packing or file.media_type) for file in files]


def _graphs() -> tuple[Offer, ...]:
    return tuple(offer for offer in OFFERS if offer.extension in {"ttl", "jsonld", "rdf"})


def _answer(
    suffix: Offer | None, quads: Callable[[], Sequence[Quad]], page: Callable[[], str], links: list[str]
) -> Response:
    offer = negotiate(OFFERS, suffix)
    if isinstance(offer, Response):
        return offer
    row = offer.format
    if row is None:
        return respond(HTML, page, links=links)
    return respond(offer, lambda: write(quads(), row, context().base), links=links)


def _page(template: str, release: data.Served) -> str:
    return render_template(
        template,
        served=release,
        documents=[Markup(embedded(document)) for document in data.for_search_engines(release)],  # noqa: S704
        formats=[offer for offer in OFFERS if offer.format],
    )


def embedded(document: dict[str, Any]) -> str:
    """A document as JSON that can stand in a script element of HTML: no `<` ends it early."""
    return json.dumps(document, ensure_ascii=False, indent=1).replace("<", "\\u003c")
