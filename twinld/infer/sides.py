"""One-sidedness: which side of an agreement does not state it."""

from __future__ import annotations

from collections.abc import Iterator

from twinld.infer.given import Given
from twinld.iris import agreement_iri, place_iri
from twinld.mapping.write import tw
from twinld.terms import Triple
from twinld.vocab import TWV


def reciprocity(given: Given) -> Iterator[Triple]:
    """`reciprocity` of every agreement that a crawl states, and `unansweredBy` the side that does not.

    Only a source that lists all of a place's statements can show one-sidedness; any directed source of the
    same licence can answer. A side with no statement of its own may never have been crawled: `unknown`.
    A refuted statement is about no agreement, so its record says who does not answer it.
    """
    directed = {name for name, source in given.sources.items() if source.directed}
    lists_all = {name for name, source in given.sources.items() if source.lists_all}
    for slug, agreement in given.agreements.items():
        stated = given.stated_by.get(slug, ())
        sides = {side for name, side in stated if name in directed}
        if not any(name in lists_all for name, _ in stated):
            continue
        subject = f"<{agreement_iri(slug)}>"
        missing = [party for party in agreement.parties if party not in sides]
        word = "mutual" if not missing else "one-sided" if set(missing) & given.crawled else "unknown"
        yield subject, tw("reciprocity"), f"<{TWV}reciprocity-{word}>"
        for party in missing:
            yield subject, tw("unansweredBy"), f"<{place_iri(party)}>"
    for record, (source, (_, other)) in given.unresolved.items():
        if source in lists_all:
            yield f"<{record}>", tw("unansweredBy"), f"<{place_iri(other)}>"


def answered_by(given: Given) -> Iterator[Triple]:
    """`answeredBy` the side that only this licence's source states (graph inferred/<source>)."""
    for slug, party in given.answered_elsewhere:
        yield f"<{agreement_iri(slug)}>", tw("answeredBy"), f"<{place_iri(party)}>"
