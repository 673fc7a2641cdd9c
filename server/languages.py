"""In which language a page is: by `?lang=`, else by Accept-Language, else English; its links keep what was asked for.

There are no cookies: pages are the same for everybody who asks for the same, and any cache may keep them. Whoever
chose a language has it in the address, and every link of the page to another page has it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, request
from jinja2 import Environment
from jinja2.filters import do_filesizeformat
from markupsafe import Markup, escape

from twinld.site import ENGLISH, TYPES, Texts, changes, date_words, decade_words

KNOWN: Final = "twinld.texts"
"""Where an application keeps its texts: an extension, by language."""
_LONGEST: Final = 35
"""Letters of a language tag (RFC 5646, section 4.4.1)."""
_LONG_QUERY: Final = 4_096
"""A longer query string is not repeated in the links that choose a language."""
_LINK: Final = re.compile(r"<a\b[^>]*>|<form\b[^>]*>")
_TARGET: Final = re.compile(r'\b(?:href|action)="([^"]*)"')
_APART: Final = re.compile(r"\s(?:download[\s>]|type=|hreflang=)")
"""Links that stay as they are: to files, to data, and to the same page in another language."""


@dataclass(frozen=True)
class Choice:
    """A language that a page is offered in: its tag, what it calls itself, the path with it, whether it is this one."""

    tag: str
    name: str
    path: str
    here: bool


def known() -> dict[str, Texts]:
    """The texts of every language that pages are written in, English first."""
    return cast("dict[str, Texts]", current_app.extensions[KNOWN])


def texts() -> Texts:
    """The texts of the language of the page that answers this request."""
    if "texts" not in g:
        accepted = request.accept_languages
        g.texts = known()[best(_asked(), accepted, tuple(known()))]
    return cast("Texts", g.texts)


def best(asked: str, accepted: Iterable[tuple[str, float]], tags: Sequence[str]) -> str:
    """Which of `tags` fits best; the first where nothing fits.

    `asked` wins if it is one of them or a variety of one (de-AT of de). `accepted` are ranges of languages with
    their weights, as in Accept-Language (RFC 4647, section 3.4; RFC 9110, section 12.5.4): a weight of 0 rules out,
    "*" stands for the first that is not ruled out.

    >>> best("", [("fr", 1), ("de-at", 0.8), ("en", 0.5)], ("en", "de")), best("de-AT", [("en", 1)], ("en", "de"))
    ('de', 'de')
    """
    found = _among(asked, tags)
    if found:
        return found
    weighed = sorted(accepted, key=lambda pair: -pair[1])
    refused = {tag.lower() for tag, weight in weighed if weight <= 0}
    left = [tag for tag in tags if tag not in refused]
    for wish, weight in weighed:
        found = (left or [*tags])[0] if wish == "*" else _among(wish, left)
        if found and weight > 0:
            return found
    return tags[0]


def _among(wish: str, tags: Sequence[str]) -> str:
    """The longest of `tags` that is `wish` or what it begins with, "" for none (RFC 4647, section 3.4)."""
    parts = wish.lower().replace("_", "-").split("-")
    starts = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((start for start in starts if start in tags), "")


def _asked() -> str:
    """What `?lang=` asks for; "" for nothing, and for what is no tag of a language."""
    wish = request.args.get("lang", "").lower()
    return wish if wish.replace("-", "").isalnum() and wish.isascii() and len(wish) <= _LONGEST else ""


def data_language() -> str:
    """The language of labels in data: what `?lang=` asks for, else English; no header changes what a program gets."""
    return _asked() or ENGLISH.language


def language() -> str:
    """The language of labels on a page: what `?lang=` asks for, in whatever language, else that of the page."""
    return _asked() or texts().language


def choices() -> tuple[Choice, ...]:
    """The languages in which the page of this request is offered."""
    here, path = texts().language, request.path
    return tuple(Choice(tag, found.name, f"{path}?{_query(lang=tag)}", tag == here) for tag, found in known().items())


def with_language(path: str) -> str:
    """A path of ours with the language that `?lang=` of this request asks for; without it as it is."""
    asked = _asked()
    return f"{path}{'&' if '?' in path else '?'}lang={asked}" if asked else path


def without_language() -> str:
    """The path and the query of this request as they are for everybody: without `lang`."""
    asked = _query()
    return request.path.removeprefix("/") + (f"?{asked}" if asked else "")


def _query(**more: str) -> str:
    raw = request.query_string.decode("latin-1") if len(request.query_string) <= _LONG_QUERY else ""
    rest = [(name, value) for name, value in parse_qsl(raw, keep_blank_values=True, errors="replace") if name != "lang"]
    return urlencode([*rest, *more.items()])


def carried(page: str, root: str) -> str:
    """A page whose links and forms lead to pages in the language that `?lang=` asked for; without it, as it is."""
    asked = _asked()
    if not asked:
        return page
    starts = f"{root}/"

    def to(match: re.Match[str]) -> str:
        tag = match[0]
        target = _TARGET.search(tag)
        if target is None or not _is_page(target[1], starts) or _APART.search(tag):
            return tag
        if tag.startswith("<form"):
            return f'{tag}<input type="hidden" name="lang" value="{escape(asked)}">'
        path, hash_, fragment = target[1].partition("#")
        mark = "&amp;" if "?" in path else "?"
        return tag.replace(f'"{target[1]}"', f'"{path}{mark}lang={escape(asked)}{hash_}{fragment}"', 1)

    return _LINK.sub(to, page)


def _is_page(target: str, starts: str) -> bool:
    return target.startswith(starts) and not target.startswith(("//", f"{starts}static/")) and "lang=" not in target


def install(env: Environment) -> None:
    """Give templates the texts, numbers and dates of the language of their page."""
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: texts().gettext(text),
        lambda one, many, number: texts().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda where, text: texts().pgettext(where, text),
        npgettext=lambda where, one, many, number: texts().npgettext(where, one, many, number),
    )
    env.filters |= {
        "date": _date,
        "decade": lambda year: decade_words(year, texts()),
        "said": lambda text: texts().gettext(str(text)),
        "number": _number,
        "percent": lambda share: texts().percent(share),
        "size": _size,
    }
    env.globals |= {
        "counts_words": lambda counts: changes.counts_words(counts, texts()),
        "quads_words": lambda row: changes.quads_words(row, texts()),
        "spoken": texts,
        "_": _text,
        "choices": choices,
        "types": lambda: {name: texts().gettext(name) for name in TYPES},
        "in_english": _in_english,
        "without_language": without_language,
    }


def _text(text: str, **values: object) -> Markup:
    """A text with its values, which are escaped; the same as the extension's own, in half the time."""
    said = Markup(texts().gettext(text))  # noqa: S704 (it is ours)
    return said % values if values or "%" in said else said


def _in_english() -> str:
    """The attributes of an element whose text is there in English only; none on a page in English."""
    return "" if texts().language == ENGLISH.language else Markup(' lang="en" dir="ltr"')


def _date(edtf: str, case: str = "") -> str:
    return date_words(edtf, texts(), case)


def _number(value: float, digits: int = 0) -> str:
    return texts().number(value, digits)


def _size(count: float) -> str:
    """A number of bytes with a binary unit, its number as the language writes it."""
    shown, _, unit = do_filesizeformat(count, binary=True).partition(" ")
    digits = len(shown.partition(".")[2])
    return f"{texts().number(float(shown), digits)} {texts().gettext(unit)}"
