"""Who publishes a release: told by the settings, kept in the manifest, checked before anything is published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rdflib

from twinld.errors import ReleaseError, UsageError
from twinld.publish.catalog import Where, catalogue, edition
from twinld.publish.release import MANIFEST, read_manifest
from twinld.settings import Settings
from twinld.validate.catalogue import check_catalogue


def missing_settings(settings: Settings) -> list[str]:
    """The variables that a catalogue for the public needs and that are not set.

    Raises UsageError, naming them, when TWINLD_URL says that the release is for the public.
    """
    missing = [f"TWINLD_{name.upper()}" for name in ("publisher", "contact") if not getattr(settings, name)]
    if missing and settings.url:
        raise UsageError(
            f"{' and '.join(missing)}: not set, and TWINLD_URL says that this release is for the public; "
            "say who publishes it and how to reach them, or build without TWINLD_URL"
        )
    return missing


def refuse_unnamed(folder: Path, settings: Settings) -> None:
    """Refuse to serve a release to the public that was built without saying who publishes it: portals believe it.

    Nothing for a folder that is no release, or without TWINLD_URL. Raises ReleaseError, naming what was not set.
    """
    if not settings.url or not (folder / MANIFEST).is_file():
        return
    manifest = read_manifest(folder)
    missing = [f"TWINLD_{name.upper()}" for name in ("publisher", "contact") if not manifest.get(name)]
    if missing:
        raise ReleaseError(
            f"{' and '.join(missing)}: not set when release {folder.resolve().name} was built, so its catalogue names "
            "the project, and TWINLD_URL says that it is for the public; build it with them set, or serve it without "
            "TWINLD_URL"
        )


def publisher_rows(publisher: str, publisher_iri: str, contact: str) -> dict[str, Any]:
    """What the manifest says of who publishes the release; nothing where nothing was told."""
    rows: dict[str, Any] = {}
    if publisher:
        rows["publisher"] = {"name": publisher, **({"iri": publisher_iri} if publisher_iri else {})}
    if contact:
        rows["contact"] = contact
    return rows


def check_metadata(manifest: dict[str, Any], name: str) -> None:
    """Raise ReleaseError, naming what is missing, when portals could not read the catalogue of a release."""
    where = Where(manifest["base"], manifest["base"])
    triples = catalogue(edition(manifest, name), where)
    data = rdflib.Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt")
    broken = check_catalogue(data)
    if broken:
        more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        raise ReleaseError(f"the catalogue of the release lacks something: {broken[0]}{more}")
