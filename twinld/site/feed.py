"""Atom feeds (RFC 4287) of changes, in pages (RFC 5005, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from twinld.publish.citation import AUTHOR
from twinld.site.changes import ChangeLog, Told, in_words

PER_PAGE: Final = 100
"""So many entries a page of a feed has."""
_EPOCH: Final = "1970-01-01"


@dataclass(frozen=True)
class Entry:
    """One entry: `id` never changes, `day` is YYYY-MM-DD, `link` is an address to read on."""

    id: str
    title: str
    day: str
    link: str
    text: str


def release_entries(log: ChangeLog, root: str) -> list[Entry]:
    """One entry a release, the newest first; `root` is the public address, with a slash."""
    return [
        Entry(
            f"{changes.base}changes/{changes.release}",
            f"Release {changes.release}",
            changes.date,
            f"{root}changes/{changes.release}",
            changes.note or (in_words(changes.counts) if changes.previous else "The first release"),
        )
        for changes in log.releases
    ]


def change_entries(told: Iterable[Told], root: str) -> list[Entry]:
    """One entry a change."""
    return [
        Entry(
            item.id,
            item.title,
            item.changes.date,
            f"{root}{item.change.type}/{item.change.slug}",
            "\n".join((f"Release {item.changes.release}", *item.lines)),
        )
        for item in told
    ]


def atom(id_: str, title: str, address: str, about: str, entries: Sequence[Entry], day: str, page: int = 1) -> str:
    """A page of a feed; `address` is its own without `?page=`, `about` that of what it tells about.

    `day` is when it was last updated if it has no entry.
    """
    last = max(1, -(-len(entries) // PER_PAGE))
    shown = entries[(page - 1) * PER_PAGE : page * PER_PAGE]
    updated = max((entry.day for entry in entries), default="") or day or _EPOCH
    leaves = {"first": 1, "last": last, **({"previous": page - 1} if page > 1 else {})}
    leaves |= {"next": page + 1} if page < last else {}
    links = [
        _link("self", _at(address, page), "application/atom+xml"),
        _link("alternate", about, "text/html"),
        *(_link(rel, _at(address, number), "application/atom+xml") for rel, number in leaves.items()),
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f" <id>{escape(id_)}</id>\n <title>{_text(title)}</title>\n <updated>{updated}T00:00:00Z</updated>\n"
        f" <author><name>{escape(AUTHOR)}</name></author>\n"
    )
    return head + "".join(f" {link}\n" for link in links) + "".join(map(_entry, shown)) + "</feed>\n"


def pages_of(entries: Sequence[Entry]) -> int:
    """How many pages a feed with these entries has."""
    return max(1, -(-len(entries) // PER_PAGE))


def _at(address: str, page: int) -> str:
    return address if page == 1 else f"{address}?page={page}"


def _link(rel: str, address: str, media_type: str = "") -> str:
    kind = f" type={quoteattr(media_type)}" if media_type else ""
    return f"<link rel={quoteattr(rel)}{kind} href={quoteattr(address)}/>"


def _entry(entry: Entry) -> str:
    return (
        f" <entry>\n  <id>{escape(entry.id)}</id>\n  <title>{_text(entry.title)}</title>\n"
        f"  <updated>{entry.day or _EPOCH}T00:00:00Z</updated>\n  {_link('alternate', entry.link, 'text/html')}\n"
        f'  <content type="text">{_text(entry.text)}</content>\n </entry>\n'
    )


def _text(text: str) -> str:
    """Text of an element, without the characters that XML 1.0 (2.2) does not have."""
    return escape("".join(c for c in text if c in "\t\n" or (c >= "\x20" and c not in "\ufffe\uffff")))
