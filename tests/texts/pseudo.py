"""A made language that wraps every text of a page in ⟦ and ⟧, and what of a page is in no text."""

from __future__ import annotations

import gettext
import re
from html.parser import HTMLParser
from typing import Final

from babel import Locale

from twinld.texts import Texts

TAG: Final = "x-wrapped"
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
_VOID: Final = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle", "line", "image", "polyline"}
_SILENT: Final = {"script", "style", "code", "pre", "bdi", "q", "blockquote", "time", "textarea", "tspan"}
"""Elements whose content is data, or nothing that is read."""
_TOLD: Final = ("title", "aria-label", "placeholder", "alt")


class Wrapping(gettext.NullTranslations):
    """Every text, in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def wrapped(tag: str = TAG, locale: str = "de") -> Texts:
    """The made language, with numbers as in a real one."""
    return Texts(tag, Locale.parse(locale), Wrapping())


class Page(HTMLParser):
    """Reads a page and keeps what a reader sees or hears that is neither a text nor data, in `left`."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.left: list[str] = []
        self.texts = 0
        self._open: list[tuple[str, bool]] = []
        self._depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in _SILENT or given.get("translate") == "no" or ("lang" in given and tag != "html")
        for name in _TOLD:
            if given.get(name) and not silent and not self._silent:
                self._check(re.sub(r"⟦.*⟧", "", str(given[name]), flags=re.DOTALL), f"{name} of {tag}")
        if tag not in _VOID:
            self._open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for piece in re.split(r"([⟦⟧])", data):
            if piece == "⟦":
                self._depth, self.texts = self._depth + 1, self.texts + 1
            elif piece == "⟧":
                self._depth -= 1
            elif not self._depth and not self._silent:
                self._check(piece, self._open[-1][0] if self._open else "")

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def _check(self, text: str, where: str) -> None:
        if _LETTERS.search(text):
            self.left.append(f"{where}: {' '.join(text.split())}")
