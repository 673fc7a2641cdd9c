"""The downloads of the releases on disk, as their manifests list them; nothing else of a folder is sent."""

from __future__ import annotations

import json
import logging
import mimetypes
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, render_template, send_file

from twinld import site
from twinld.errors import NotFound, UsageError, nearest
from twinld.formats import DUMP_FORMATS, find_format
from twinld.site import changes as told

from .. import problems
from ..answers import negotiate, respond
from ..context import MANIFEST, context
from ..negotiation import HTML
from .things import see_other

METADATA: Final = "csv-metadata.json"
"""What describes the tables of a release, beside them (Model for Tabular Data and Metadata on the Web, 5.2)."""
LOG: Final = logging.getLogger("twinld.dumps")


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/dumps/", "dumps", listing)
    app.add_url_rule("/dumps/latest/<name>", "latest", latest)
    app.add_url_rule("/dumps/<release>/", "release", release_page)
    app.add_url_rule("/dumps/<release>/<name>", "dump", dump)


def listing() -> Response:
    """Every file of every release on disk, with size, checksum and licence."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    return respond(
        offer, lambda: render_template("dumps.html", manifests=list(manifests().values()), groups=site.dump_groups)
    )


def latest(name: str) -> Response:
    """To a file of the release that is served."""
    folder = context().folder
    if folder is None:
        raise NotFound("this server has no release on disk, so there are no downloads")
    manifest = _manifest(folder)
    _row(manifest, name)
    response = see_other(f"/dumps/{manifest['name']}/{name}", 302)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def release_page(release: str) -> Response:
    """One release: its files, what it changed, how to cite it. `latest` leads to the one that is served."""
    shared = context()
    if release == "latest":
        if shared.folder is None:
            raise NotFound("this server has no release on disk, so there are no downloads")
        response = see_other(f"/dumps/{shared.folder.name}/", 302)
        response.headers["Cache-Control"] = "public, max-age=60"
        return response
    known = manifests()
    if release not in known:
        return _absent(release, known)
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    manifest = known[release]
    citation = (manifest["id"], manifest["date"], manifest.get("base", shared.base))
    served = shared.folder.name if shared.folder is not None else ""
    return respond(
        offer,
        lambda: render_template(
            "release.html", manifest=manifest, files=[*manifest.get("files", []), *manifest.get("texts", [])],
            changes=shared.log.release(release), current=release == served, served=served,
            citations=told.citation_texts(*citation), sentence=told.sentence(*citation),
        ),
    )  # fmt: skip


def _absent(release: str, known: dict[str, Any]) -> Response:
    """410 with the successor for a release that was removed; NotFound for one that never was."""
    successor = context().log.successor(release)
    if successor is None:
        raise NotFound(f"there is no release {release!r} here; {nearest(release, known, 'releases')}")
    root = context().root
    return problems.problem(
        410,
        f"release {release} is no longer kept here; take {successor}",
        headers={"Link": f'<{root}/dumps/{successor}/>; rel="successor-version"'},
        successor=f"{context().url}dumps/{successor}/",
        near=[f"{root}/dumps/{successor}"],
    )


def dump(release: str, name: str) -> Response:
    """One file of one release; it never changes, can be asked for in parts, and is not sent twice."""
    known = manifests()
    if release not in known:
        return _absent(release, known)
    manifest = known[release]
    row = _row(manifest, name)
    folder = Path(manifest["folder"])
    path = next((p for p in (folder / "dumps" / name, folder / name, folder / "reports" / name) if p.is_file()), None)
    if path is None:
        raise NotFound(f"{name} of release {release} is no longer on disk")
    if path.stat().st_size != row.get("bytes", path.stat().st_size):
        LOG.error("%s has another size than its manifest says", path)
        return problems.problem(503, f"{name} of release {release} is damaged on our disk and is not sent")
    response = send_file(
        path,
        mimetype="application/octet-stream",
        as_attachment=name != MANIFEST,
        download_name=f"{Path(name).name}",
        conditional=True,
        etag=row.get("sha256", True),
        max_age=31_536_000,
    )
    # what send_file makes of a type says the charset twice, or where it must not
    response.headers["Content-Type"] = content_type(name, row)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if row.get("format") == "csv" and not row.get("of") and _has(manifest, METADATA):  # first: readers take the first
        response.headers.add("Link", f'<{METADATA}>; rel="describedby"; type="application/csvm+json"')
    response.headers.add("Link", f'<{context().url}dataset>; rel="collection"; type="text/html"')
    if row.get("licence"):
        response.headers.add("Link", f'<{row["licence"]}>; rel="license"')
    return response


def manifests() -> dict[str, dict[str, Any]]:
    """The manifests of the releases on disk, the served one first, then the newest.

    By the name of their folder, which tells two builds of one id apart; `folder` and `name` are added.
    """
    served = context().folder
    if served is None:
        return {}
    others = (path.parent for path in sorted(served.parent.glob(f"*/{MANIFEST}"), reverse=True))
    folders = dict.fromkeys([served, *(path for path in others if not path.name.startswith("."))])
    found: dict[str, dict[str, Any]] = {}
    for folder in folders:
        try:
            found[folder.name] = _manifest(folder)
        except (OSError, ValueError) as error:  # one that was cut off, or is being removed
            LOG.error("%s is left out: %s", folder, error)
    return found


def content_type(name: str, row: dict[str, Any]) -> str:
    """The Content-Type of a file by its row in the manifest; a packed file is what it is, not what it unpacks to.

    >>> content_type("twinld.ttl", {"format": "turtle"}), content_type("twinld.nq.gz", {"format": "nquads"})
    ('text/turtle; charset=utf-8', 'application/gzip')
    """
    packed = {".gz": "application/gzip", ".zst": "application/zstd"}.get(Path(name).suffix)
    if packed is not None:
        return packed
    try:
        return find_format(row.get("format", ""), DUMP_FORMATS).content_type
    except UsageError:
        suffix = Path(name).suffix
        texts = {".cff": "application/yaml", ".bib": "application/x-bibtex"}
        return texts.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")


def _manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return {**manifest, "folder": folder, "name": folder.name}


def _has(manifest: dict[str, Any], name: str) -> bool:
    return any(row["name"] == name for row in manifest.get("files", []))


def _row(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    rows: dict[str, dict[str, Any]] = {row["name"]: row for row in manifest.get("files", [])}
    rows |= {row["name"]: row for row in manifest.get("texts", [])}
    rows[MANIFEST] = {"name": MANIFEST}
    if name not in rows:
        raise NotFound(f"release {manifest['id']} has no file {name!r}; {nearest(name, rows, 'files')}")
    return rows[name]
