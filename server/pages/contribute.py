"""Worklists for people who edit Wikidata: those that came with the release, or those that `twinld contribute` wrote
since; only files that they list are sent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, render_template, send_file

from twinld.errors import NotFound, nearest

from ..answers import negotiate, spoken
from ..context import context
from ..languages import carried
from ..negotiation import HTML

_TYPES: Final = {".csv": "text/csv", ".md": "text/markdown"}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/contribute", "contribute", listing)
    app.add_url_rule("/contribute/<path:name>", "contribution", contribution)


def listing() -> Response:
    """Every worklist with how long it is, and the classes of the one-sided agreements."""
    offer = negotiate((HTML,))
    if isinstance(offer, Response):
        return offer
    page = render_template("contribute.html", index=_index())
    headers = {"Cache-Control": "no-cache"}  # it changes by itself
    return spoken(Response(carried(page, context().root), content_type=offer.content_type, headers=headers))


def of_country(code: str) -> dict[str, Any] | None:
    """The worklist of a country by its code, as the index has it; None where there is none."""
    index = _index()
    name = f"country-{code.lower()}.csv"
    return next((row for row in index["files"] if row["name"] == name), None) if index is not None else None


def contribution(name: str) -> Response:
    """One file of a worklist."""
    index, folder = _index(), _folder()
    if index is None or folder is None:
        raise NotFound("there are no worklists here; twinld contribute makes them")
    names = [row["name"] for row in index["files"]]
    if name not in names:
        raise NotFound(f"there is no worklist {name!r}; {nearest(name, names, 'files')}")
    response = send_file(
        folder / name,
        mimetype=_TYPES.get(Path(name).suffix, "text/plain"),
        as_attachment=True,
        download_name=Path(name).name,
        conditional=True,
        max_age=60,
    )
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _folder() -> Path | None:
    """The folder of the worklists: beside the releases when it is newer than the release, else the release's own."""
    served = context().folder
    if served is None:
        return None
    own, beside = served / "contribute", served.parent.parent / "contribute"
    made = [path / "index.json" for path in (own, beside) if (path / "index.json").is_file()]
    return max(made, key=lambda path: path.stat().st_mtime).parent if made else None


def _index() -> dict[str, Any] | None:
    folder = _folder()
    if folder is None or not (folder / "index.json").is_file():
        return None
    index: dict[str, Any] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return index
