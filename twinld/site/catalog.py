"""What the pages of the catalogue need: the data set of a served release for portals, search engines and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from twinld.errors import NotFound, OutsideError
from twinld.formats import DATASET_FORMATS, GRAPH_FORMATS
from twinld.publish import catalog, portal
from twinld.publish.catalog import Edition, Where
from twinld.publish.citation import AUTHOR, TITLE
from twinld.publish.void import void
from twinld.queries import query
from twinld.site.ask import once
from twinld.site.endpoint import FORMAT_IRIS, counted
from twinld.site.graph import graph_of
from twinld.store import Quad, Store
from twinld.terms import Triple, iri
from twinld.vocab import BASE, DCAT, DCTERMS


@dataclass(frozen=True)
class Served:
    """A release as it is served: its store, its edition, where it is, the names of all that can be had."""

    store: Store
    edition: Edition
    where: Where
    releases: tuple[str, ...]

    @property
    def citation(self) -> str:
        """How to cite this release."""
        return f"{AUTHOR} ({self.edition.day[:4]}): {TITLE}, release {self.edition.name}. {self.where.iri('dataset')}"


def served(
    store: Store, manifest: dict[str, Any] | None, name: str, releases: Sequence[str], where: tuple[str, str]
) -> Served:
    """The release of a manifest, served from `where` (base of IRIs, public address).

    Raises NotFound where no release says what is served: without files there is nothing to list.
    """
    if manifest is None:
        raise NotFound("this server has no release on disk, so there is no catalogue; run twinld build and serve that")
    since = once(store, ("since", where[0]), lambda: _since(store, where[0]))
    return Served(store, catalog.edition(manifest, name, since), Where(*where), tuple(releases))


def _since(store: Store, base: str) -> int | None:
    try:
        rows = store.select(query("void_since", base))
    except OutsideError:  # an engine beside us that does not answer in time
        return None
    return next((int(row["since"].value) for row in rows if "since" in row), None)


def catalogue(release: Served) -> list[Quad]:
    """The catalogue that portals harvest."""
    return _quads(catalog.catalogue(release.edition, release.where))


def whole(release: Served) -> list[Quad]:
    """The data set with its files, services, versions and graphs."""
    base = release.where.base
    told = {iri(f"{DCTERMS}identifier"), iri(f"{DCAT}version")}  # by the catalogue: the folder's name, which is unique
    graphs = [row for row in graph_of(release.store, BASE + "dataset", base=base) if row[1] not in told]
    found = catalog.dataset(release.edition, release.where)
    found += catalog.versions(release.releases, release.where, release.edition.name)
    return [*_quads(found), *graphs]


def described(release: Served) -> list[Quad]:
    """The data set in VoID."""
    rows = (*GRAPH_FORMATS, *DATASET_FORMATS)
    properties, classes = _numbers(release.store, "void_properties"), _numbers(release.store, "void_classes")
    formats = {row.media_type: FORMAT_IRIS[row.name] for row in rows}
    return _quads(void(release.edition, release.where, properties, classes, formats))


def _numbers(store: Store, name: str) -> dict[str, int]:
    return {row["term"].value: int(row["n"].value) for row in counted(store, name)}


def for_search_engines(release: Served) -> list[dict[str, Any]]:
    """The data set as JSON-LD for its page: schema.org, then Croissant."""
    return [
        portal.schema_org(release.edition, release.where, release.citation),
        portal.croissant(release.edition, release.where, release.citation),
    ]


def _quads(triples: list[Triple]) -> list[Quad]:
    return [(s, p, o, None) for s, p, o in triples]
