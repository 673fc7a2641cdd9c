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
    """Reads a page of the made language: `texts` counts its texts, `left` is what is in none."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[str, str]] = []
        self._known: set[str] = {"twinld"}
        self.texts = 0
        self._open: list[tuple[str, bool]] = []
        self._depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        target = str(given.get("href", "")).partition("?")[0].rstrip("/").rpartition("/")[2]
        self._known |= {target, target.partition("#")[2]}  # a link may be called by the id of what it leads to
        silent = tag in _SILENT or ("lang" in given and tag != "html") or given.get("dir") == "auto"
        silent = silent or str(given.get("title", "")).startswith("http")
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
            elif self._silent:
                self._known |= {piece.strip(), piece.strip().rpartition(":")[2]}
            elif not self._depth:
                self._check(piece, self._open[-1][0] if self._open else "")

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    @property
    def left(self) -> list[str]:
        """Where it stands, and what it says: what neither is a text nor stands as data anywhere on the page."""
        return [f"{where}: {text}" for where, text in self._found if not self._is_data(text)]

    def _is_data(self, text: str) -> bool:
        """Whether it is made of names that stand on the page as data, joined as titles and lists join them."""

        def is_known(part: str) -> bool:
            return part.strip(" .,;:()·…→") in self._known or not _LETTERS.search(part)

        return all(is_known(part) or all(map(is_known, re.split(r", |: ", part))) for part in text.split(" – "))

    def _check(self, text: str, where: str) -> None:
        if _LETTERS.search(text):
            self._found.append((where, " ".join(text.split())))
