"""The texts of the code and the templates, and catalogues brought up to date with them."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from twinld.texts import DOMAIN, TRANSLATIONS

ROOT: Final = Path(__file__).resolve().parents[2]
KEYWORDS: Final = {**DEFAULT_KEYWORDS, "later": None}
_TEMPLATES: Final = {
    "newstyle_gettext": "true", "trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false",
}  # fmt: skip
_UNUSED: Final = re.compile(
    r'(?m)^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    r"|Generated-By):.*\n"
)
"""Headers that say when and by whom a file was written, which git knows better."""
HEADER: Final = """# Texts of twinld's pages in another language (docs/decisions/0015-languages.md, CONTRIBUTING.md).
# `make texts` brings this file up to date; then translate what is empty or fuzzy."""


def extracted() -> Catalog:
    """All texts that pages may show, with the files that have them."""
    found = Catalog(project="twinld", charset="utf-8")
    paths = sorted([*(ROOT / "twinld").rglob("*.py"), *(ROOT / "server").rglob("*.py")])
    for path in paths:
        _add(found, path, "python", {})
    for path in sorted((ROOT / "server" / "templates").glob("*.html")):
        _add(found, path, "jinja2.ext:babel_extract", _TEMPLATES)
    return found


def _add(found: Catalog, path: Path, method: str, options: dict[str, str]) -> None:
    name = path.relative_to(ROOT).as_posix()
    for line, message, comments, context in extract_from_file(method, path, KEYWORDS, options=options):
        found.add(message, None, [(name, line)], auto_comments=comments, context=context)


def path_of(tag: str, folder: Path = TRANSLATIONS) -> Path:
    """Where the catalogue of a language stands."""
    return folder / tag / "LC_MESSAGES" / f"{DOMAIN}.po"


def updated(tag: str, template: Catalog, folder: Path = TRANSLATIONS) -> Catalog:
    """The catalogue of a language with all texts of now and no others; a new one where there is none."""
    path, locale = path_of(tag, folder), str(Locale.parse(tag, sep="-"))
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
    else:
        catalogue = Catalog(locale=locale, project="twinld", charset="utf-8")
        for message in template:
            if message.id:
                catalogue.add(message.id, None, message.locations, context=message.context)
    catalogue.header_comment = HEADER
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue: sorted by file, without lines and dates, so that only what changed differs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_by_file=True, include_lineno=False)
    path.write_text(_UNUSED.sub("", written.getvalue().decode("utf-8")), encoding="utf-8")
