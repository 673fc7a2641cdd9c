"""What a query is answered with, as bytes: an answer that is kept, or a worker's; and in which representation."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import IO, Final

from twinld.errors import NotFound, nearest
from twinld.formats import Format, find_format
from twinld.store.pool import Answer, Usage
from twinld.store.query_text import look

from . import compression
from .cache import Kept, kept_as
from .context import Context, Shared
from .negotiation import GRAPHS, HTML, RESULTS, Offer, choose, takes_anything
from .protocol import Asked

IN_MEMORY_BYTES: Final = 1 << 20
"""A longer answer is sent from its file."""


@dataclass(frozen=True)
class Question:
    """A query with all that its answer depends on beside the release; `kind` is as `site.query_kind` says.

    `offer` is the representation that is wanted, `coding` the content coding that the client takes.
    """

    asked: Asked
    query: str
    kind: str
    offer: Offer
    coding: str

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs of the request, those of the default graph first."""
        return (*self.asked.default_graphs, "|", *self.asked.named_graphs)

    @functools.cached_property
    def volatile(self) -> bool:
        """Whether it may have another answer each time."""
        return look(self.query).volatile

    @functools.cached_property
    def digest(self) -> bytes:
        """The same for the same question in another layout; short, however long the query."""
        named = "\0".join((look(self.query).normal, *self.graphs)).encode("utf-8", "surrogatepass")
        return hashlib.sha256(named).digest()

    def key(self, here: Context, media_type: str) -> Hashable:
        """What its answer in this form is kept under."""
        return here.stamp, self.digest, media_type, self.coding

    def etag(self, here: Context, full_path: str, *parts: str) -> str | None:
        """The tag of its answer at a path, parameters included; None where it may change."""
        if self.volatile:
            return None
        return here.etag(full_path, self.offer.media_type, self.coding, self.query, *self.graphs, *parts)


@dataclass(frozen=True)
class Found:
    """An answer as it is sent: `body` is bytes, or a file at its start that its reader closes; `length` its bytes.

    `coding` is the content coding it is in, and `outcome` a word for the journal.
    """

    body: bytes | IO[bytes]
    length: int
    content_type: str
    coding: str
    outcome: str


def suffix_offer(extension: str) -> Offer | None:
    """The representation that a suffix of the path asks for, None for no suffix; NotFound for another one."""
    if not extension:
        return None
    offers = {offer.extension: offer for offer in (*RESULTS, *GRAPHS, HTML)} | {"json": RESULTS[0], "xml": RESULTS[1]}
    if extension not in offers:
        raise NotFound(f"there is no /sparql.{extension}; {nearest(extension, offers, 'suffixes')}")
    return offers[extension]


def offers_of(kind: str) -> tuple[Offer, ...]:
    """What a query of this kind is offered as, beside HTML."""
    return GRAPHS if kind == "graph" else RESULTS


def wanted(asked: Asked, suffix: Offer | None, kind: str, accept: str | None) -> Offer | None:
    """The representation of an answer: by suffix, by parameters of a client without a wish, by Accept.

    None when there is none that fits.
    """
    offers = offers_of(kind)
    if suffix is not None:
        return suffix if suffix in (*offers, HTML) else None
    if takes_anything(accept):
        row = asked.format_among(tuple(offer.format for offer in offers if offer.format is not None))
        return next((offer for offer in offers if offer.format == row), offers[0])
    chosen = choose(accept, (*offers, HTML))
    # of a query that cannot be read the client should hear just that
    return offers[0] if chosen is None and kind == "" else chosen


def kept(shared: Shared, here: Context, question: Question) -> Found | None:
    """The answer if it was given lately."""
    if question.volatile or question.offer.format is None or here.store.writable:
        return None
    found = shared.cache.get(question.key(here, question.offer.media_type))
    return _found(found, "cached") if found is not None else None


def ask(shared: Shared, here: Context, question: Question, client: str, usage: Usage) -> Answer:
    """The answer of a worker, at the cost of the client; errors as in `Pool.run`, and OverBudget."""
    shared.budget.admit(client)
    limit_s = here.settings.query_timeout_s
    kind, asked = question.kind, question.asked
    row = question.offer.format or find_format("turtle" if kind == "graph" else "json")
    try:
        return here.pool.run(
            question.query,
            row if kind else None,
            default_graphs=asked.default_graphs or None,
            named_graphs=asked.named_graphs or None,
            timeout_s=min(asked.timeout_s or limit_s, limit_s),
            client=client,
            usage=usage,
        )
    finally:
        shared.budget.spend(client, usage.run_s)


def keep(shared: Shared, here: Context, question: Question, row: Format, body: bytes) -> Found:
    """An answer in memory, packed if it is worth it, and kept for whoever asks the same."""
    made = kept_as(body, row.content_type, question.coding)
    if not question.volatile:
        shared.cache.put(question.key(here, row.media_type), made)
    return _found(made, "ok")


def _found(kept: Kept, outcome: str) -> Found:
    return Found(kept.body, len(kept.body), kept.content_type, kept.coding, outcome)


def find(shared: Shared, here: Context, question: Question, client: str, usage: Usage) -> Found:
    """The answer, kept or made, in the format of the offer, which is not HTML; errors as in `ask`."""
    known = kept(shared, here, question)
    if known is not None:
        return known
    answer = ask(shared, here, question, client, usage)
    if answer.length <= IN_MEMORY_BYTES:
        with answer:
            return keep(shared, here, question, answer.format, answer.body.read())
    body, length = answer.body, answer.length
    if question.coding:
        body, length = compression.packed_file(body)
    return Found(body, length, answer.format.content_type, question.coding, "ok")
