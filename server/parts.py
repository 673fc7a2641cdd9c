"""What npm makes for the browser (`make browser-parts`): the query editor, the land of the maps, their licences.

Without it every page works: queries have a plain form, maps have no land.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Final

from flask import Flask

LOG: Final = logging.getLogger("twinld.parts")
VENDOR: Final = "vendor"
PARTS: Final = "PARTS"
"""Where an application keeps what `parts` gives: a page that names a part is another one when that is made anew."""
_LIST: Final = "parts.json"
_HASHED: Final = re.compile(rf"{VENDOR}/[a-z]+-[A-Z0-9]{{8}}\.(?:js|css)")
_YEAR_S: Final = 31_536_000


class Served(Flask):
    """Flask that lets a part be kept for a year when its name has a hash of its content; the rest is asked for anew."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """The seconds for which a client may keep a static file."""
        if filename is not None and _HASHED.fullmatch(filename):
            return _YEAR_S
        return super().get_send_file_max_age(filename)


def parts(folder: Path) -> dict[str, str]:
    """The files of the parts by their plain names, as `editor.js`; empty, and said in the log, when none were made."""
    path = folder / VENDOR / _LIST
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        LOG.info("there are no browser parts: queries have a plain form, maps no land; make browser-parts makes them")
        return {}
    except (OSError, ValueError) as error:
        LOG.error("%s cannot be read (%s), so there are no browser parts; make them again", path, error)
        return {}
    return {name: file for name, file in found.items() if (folder / VENDOR / file).is_file()}
