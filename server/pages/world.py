"""What lies under the maps of all pages: one picture of the globe, so that pages stay small."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app

from twinld import site

from ..answers import respond
from ..negotiation import Offer

PATH: Final = "/world.svg"
_FILE: Final = "vendor/world.json"
"""Land and borders as paths in our projection, where the parts for browsers were built."""
_PATH_TEXT: Final = re.compile(r"[MLZmlzhvHV0-9eE .,+-]*")


def register(app: Flask) -> None:
    """Add the route, and its address for templates."""
    app.add_url_rule(PATH, "world", world)
    app.jinja_env.globals["world_map"] = lambda: f"{PATH}?v={_version()}"


def world() -> Response:
    """The globe that lies under all maps, as SVG; without land where the parts for browsers were not built."""
    return respond(Offer("image/svg+xml"), lambda: site.base_map(**_paths(_version())), vary=False)


def _file() -> Path:
    return Path(current_app.static_folder or "") / _FILE


def _version() -> str:
    """What changes when the file does; 0 while there is none."""
    try:
        found = _file().stat()
    except OSError:
        return "0"
    return f"{found.st_size:x}-{found.st_mtime_ns:x}"


@lru_cache(maxsize=2)
def _paths(version: str) -> dict[str, str]:
    if version == "0":
        return {}
    read = json.loads(_file().read_text(encoding="utf-8"))
    found = {name: str(read.get(name, "")) for name in ("land", "borders")}
    return {name: text for name, text in found.items() if _PATH_TEXT.fullmatch(text)}
