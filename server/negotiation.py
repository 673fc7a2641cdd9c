"""Which representation a client gets: our own reading of the Accept header (RFC 9110, section 12.5.1).

Werkzeug's `best_match` knows neither parameters of media types nor a missing header.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from twinld.errors import NotFound, nearest
from twinld.formats import DATASET_FORMATS, DUMP_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format

_QUOTED: Final = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'  # a quote that isn't closed goes on to the end: no text is read twice
_MEMBER: Final = re.compile(rf'(?:[^",\\]|{_QUOTED})++')
_PARAMETER: Final = re.compile(rf'(?:[^";\\]|{_QUOTED})++')
_USUAL: Final = 1_000
_MOST: Final = 100
"""So many members of an Accept header are read; real ones have a dozen."""
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"({_WORD})/({_WORD})")
_Q: Final = re.compile(r"0(?:\.[0-9]*)?|1(?:\.0*)?|\.[0-9]+")


_EXACT: Final = 3


@dataclass(frozen=True)
class Offer:
    """One representation: `format` is None for HTML; further media types that clients send for it."""

    media_type: str
    format: Format | None = None
    also: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.media_type)

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        return self.format.content_type if self.format is not None else f"{self.media_type}; charset=utf-8"

    @property
    def extension(self) -> str:
        """The suffix of a path that asks for it."""
        return self.format.extension if self.format is not None else "html"


class _Json(Offer):
    """JSON that is no RDF; it is UTF-8 always."""

    @property
    def content_type(self) -> str:
        return self.media_type

    @property
    def extension(self) -> str:
        return "json"


def _offer(row: Format) -> Offer:
    also = tuple(alias for alias in row.aliases if "/" in alias)
    return Offer(row.media_type, row, (*also, "application/json") if row.name == "jsonld" else also)


HTML: Final = Offer("text/html")
GRAPHS: Final = tuple(_offer(row) for row in (*GRAPH_FORMATS, *DATASET_FORMATS))
RESULTS: Final = tuple(_offer(row) for row in RESULT_FORMATS)
SLICES: Final = tuple(_offer(row) for row in DUMP_FORMATS if row.name in {"csv", "geojson"})
"""What the slice of a country is offered as."""
CSV: Final = next(offer for offer in SLICES if offer.extension == "csv")
JSON: Final = _Json("application/json")
TABLES: Final = (CSV, JSON)
"""What a table is offered as."""
DATA_PAGE: Final = (*GRAPHS, HTML)
"""What a thing is offered as; the first is what a client gets that takes anything."""


@dataclass(frozen=True)
class Wanted:
    """One member of an Accept header."""

    type: str
    subtype: str
    q: float

    def fit(self, media_type: str) -> int:
        """How exactly it names a media type: 3 in full, 2 by `type/*`, 1 by `*/*`, 0 not at all."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == ("*", "*"):
            return 1
        if self.type != type_:
            return 0
        return _EXACT if self.subtype == subtype else 2 if self.subtype == "*" else 0


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    r"""The offer that a client likes best, None when it takes none of them.

    The most exact member that names an offer gives its weight. Of equal weights the one that is named more
    exactly wins, then the one that is offered first. Without a header, or when no member of it can be read,
    anything is welcome.

    >>> choose("text/html;q=0.5, application/ld+json;profile=\"a,b\"", DATA_PAGE).extension
    'jsonld'
    """
    usual = accept is None or len(accept) <= _USUAL
    return (_chosen if usual else _choose)(accept or "", tuple(offers))


def _choose(accept: str, offers: tuple[Offer, ...]) -> Offer | None:
    members = wanted(accept)
    if not members:
        return offers[0]
    best: tuple[float, int] = (0.0, 0)
    chosen: Offer | None = None
    for offer in offers:
        fit, q = max(((_fit(member, offer), member.q) for member in members), key=lambda pair: pair[0])
        if fit and q > 0 and (q, fit) > best:
            best, chosen = (q, fit), offer
    return chosen


_chosen = functools.lru_cache(maxsize=512)(_choose)


def _fit(member: Wanted, offer: Offer) -> int:
    named = any(member.fit(name) == _EXACT for name in offer.also)  # `application/*` does not mean an alias
    return _EXACT if named else member.fit(offer.media_type)


def wanted(accept: str) -> tuple[Wanted, ...]:
    """The members of an Accept header that can be read, in their order; the others are left out."""
    return _remembered(accept) if len(accept) <= _USUAL else tuple(_members(accept))


@functools.lru_cache(maxsize=256)
def _remembered(accept: str) -> tuple[Wanted, ...]:
    return tuple(_members(accept))


def _members(accept: str) -> Iterator[Wanted]:
    for found in itertools.islice(_MEMBER.finditer(accept), _MOST):
        member = found.group()
        head, *parameters = _PARAMETER.findall(member)
        match = _RANGE.fullmatch(head.strip())
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        q = 1.0
        for parameter in parameters:
            name, _, value = parameter.strip().partition("=")
            if name.strip().lower() == "q":
                q = float(value.strip()) if _Q.fullmatch(value.strip()) else -1.0
                break
        if q >= 0:
            yield Wanted(match[1].lower(), match[2].lower(), q)


def takes_anything(accept: str | None) -> bool:
    """Whether a client has no wish of its own: no header, or nothing but `*/*`."""
    return all((member.type, member.subtype) == ("*", "*") for member in wanted(accept or ""))


def wants_html(accept: str | None) -> bool:
    """Whether a client, such as a browser, names text/html and likes it best."""
    html = [member.q for member in wanted(accept or "") if member.fit("text/html") >= 2]
    return bool(html) and html[0] > 0 and html[0] >= max(member.q for member in wanted(accept or ""))


def suffix_of(extension: str, offers: Sequence[Offer], what: str) -> Offer | None:
    """The offer that a suffix asks for, None for no suffix; NotFound, with the nearest, for another one.

    `what` is the subject of that sentence, such as "passages are".
    """
    found = next((offer for offer in offers if offer.extension == extension), None)
    if extension and found is None:
        known = [offer.extension for offer in offers]
        raise NotFound(f"{what} not offered as .{extension[:20]}; {nearest(extension[:20], known, 'suffixes')}")
    return found


def split_suffix(path: str, offers: Sequence[Offer]) -> tuple[str, Offer | None]:
    """A path without the suffix that asks for a representation, and that representation.

    >>> split_suffix("boston.ttl", DATA_PAGE)[0], split_suffix("boston.tt", DATA_PAGE)[0]
    ('boston', 'boston.tt')
    """
    stem, dot, suffix = path.rpartition(".")
    for offer in offers:
        if dot and stem and suffix == offer.extension:
            return stem, offer
    return path, None
