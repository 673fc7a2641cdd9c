"""A report that something is wrong, as it is begun for a reader: which thing, field and value, and who states it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from twinld.errors import NotFound
from twinld.site.about import about
from twinld.site.ask import Asker, tw
from twinld.site.cite import plain
from twinld.site.partners import place_names
from twinld.site.pointing import Namer, check_known, iri_of_path
from twinld.site.things import LANGUAGE, Named, SourceInfo
from twinld.store import Store
from twinld.vocab import BASE, ID, rebase

_MOST: Final = 200
"""Letters of a value that are repeated."""


@dataclass(frozen=True)
class Mistake:
    """What a report says; `text` is the whole of it, `address` where it goes ("" where nobody is named for it).

    `items` are the items of Wikidata of the places that it is about: most facts are corrected there.
    """

    thing: Named
    field: str
    value: str
    source: SourceInfo | None
    items: tuple[str, ...]
    text: str
    address: str


def mistake(
    store: Store,
    path: str,
    *,
    field: str = "",
    value: str = "",
    source: str = "",
    contact: str = "",
    release: str = "",
    language: str = LANGUAGE,
    base: str = BASE,
) -> Mistake:
    """The report about the thing of a path; NotFound for a thing or a source that nothing is known of.

    `contact` is a mail address or a page. A page for new issues (`.../issues/new`) is given title and text.
    """
    asker = Asker(store, base)
    iri = iri_of_path(path)
    namer = Namer(asker, language)
    info = about(asker).sources.get(f"{ID}source/{source}")
    if source and info is None:
        raise NotFound(f"there is no source {source[:60]!r} in this release")
    field, value = plain(field)[:_MOST], plain(value)[:_MOST]
    check_known(asker, iri.partition("#")[0], path)  # a part has no page of its own
    thing = namer.name(iri)
    places = namer.places(iri)
    lines = [
        f"About: {plain(thing.label)}, {rebase(iri, base)}",
        f"Release: {release}",
        f"What is wrong: {field}",
        f"It says: {value}",
        f"Stated by: {info.title if info is not None else ''}",
        "What would be right: ",
        "Who says so (address of the source): ",
    ]
    text = "\n".join(lines) + "\n"
    names = place_names(asker)
    items = [item for place in places if (item := names.value(place, tw("wikidataItem")))]
    return Mistake(thing, field, value, info, tuple(items), text, _address(contact, plain(thing.label), text))


def _address(contact: str, title: str, text: str) -> str:
    """Where a report goes, filled in as far as it takes that.

    >>> _address("data@example.org", "Boston", "a b"), _address("https://example.org/issues/new", "Boston", "a b")
    ('mailto:data@example.org?subject=Mistake%3A%20Boston&body=a%20b', \
'https://example.org/issues/new?title=Mistake%3A+Boston&body=a+b')
    """
    subject = f"Mistake: {title}"
    if "@" in contact and "://" not in contact:
        return f"mailto:{quote(contact, safe='@')}?subject={quote(subject)}&body={quote(text)}"
    if contact and urlsplit(contact).path.endswith("/issues/new") and not urlsplit(contact).query:
        return f"{contact}?{urlencode({'title': subject, 'body': text})}"
    return contact
