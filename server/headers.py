"""What every answer carries: safety, CORS, the release and how to cite it."""

from __future__ import annotations

from typing import Final

from .context import Context

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-Twinld-Release",
}
"""What every answer carries. All we have is public, so any page may read it, errors too; never with credentials."""
_ALWAYS: Final = tuple(HEADERS.items())


def release_headers(here: Context) -> list[tuple[str, str]]:
    """The release that answered, and the dataset that is to be cited."""
    named = [("X-Twinld-Release", here.release)] if here.release else []
    return [*named, ("Link", f'<{here.base}dataset>; rel="cite-as"')]


def all_headers(here: Context) -> list[tuple[str, str]]:
    """All of them."""
    return [*_ALWAYS, *release_headers(here)]
