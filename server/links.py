"""From IRIs to addresses: our own things lead to their page here, others only where a browser may go."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

from twinld.vocab import BASE, ID, TW

SCHEMES: Final = {"http", "https", "mailto", "geo"}
_SAFE: Final = "/#:@!$&'()*+,;=-._~%"
RTL: Final = {"ar", "arc", "arz", "azb", "bcc", "bgn", "bqi", "ckb", "dv", "fa", "glk", "he", "khw", "ks", "lrc",
              "mzn", "nqo", "pnb", "ps", "sd", "ug", "ur", "yi"}  # fmt: skip
"""Primary language tags that are written from right to left."""


def path_of(iri: str) -> str | None:
    """The path of a thing of ours, None for any other IRI.

    >>> path_of("https://w3id.org/twinld/id/place/boston"), path_of("https://w3id.org/twinld/ns#party")
    ('/place/boston', '/ontology#party')
    """
    if not iri.startswith(BASE):
        return None
    if iri.removeprefix(ID).removeprefix(BASE).startswith("/"):
        return None  # "//host/..." would lead to another host
    if iri.startswith(ID):
        return "/" + quote(iri.removeprefix(ID), safe=_SAFE)
    if iri.startswith((TW, TW.rstrip("#"))):
        return "/ontology" + (f"#{quote(iri.removeprefix(TW))}" if iri.startswith(TW) and iri != TW else "")
    return "/" + quote(iri.removeprefix(BASE), safe=_SAFE)


@lru_cache(maxsize=8192)  # a page asks a hundred times, mostly for the same
def href(iri: str, root: str = "") -> str | None:
    """Where a link on an IRI leads; None when it must not be one."""
    path = path_of(iri)
    if path is not None:
        return root + path
    try:
        return iri if urlsplit(iri).scheme.lower() in SCHEMES else None
    except ValueError:  # such as http://[
        return None


@lru_cache(maxsize=1024)
def direction(language: str | None) -> str:
    """The direction of a text by its language: "rtl", "ltr", or "auto" when the language is not known."""
    if language in {None, "und"}:
        return "auto"
    parts = str(language).split("-")
    return "rtl" if (parts[0] in RTL or "arab" in parts) and "latn" not in parts else "ltr"
