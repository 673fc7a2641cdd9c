"""What every source says of the agreements of one place: dates and kinds, side by side."""

from __future__ import annotations

from collections import defaultdict

from twinld.iris import place_iri
from twinld.site.about import about
from twinld.site.ask import Asker, Facts
from twinld.site.claims import Claim, claims_of
from twinld.site.more import term_named
from twinld.site.things import LANGUAGE, Claims
from twinld.store import Store
from twinld.vocab import BASE


def partner_claims(
    store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE
) -> dict[str, tuple[Claims, ...]]:
    """The claims about each agreement of the place of a slug, by the IRI of the agreement, in IRI order.

    Agreements of which no source says more than that they are there have none.
    """
    asker = Asker(store, base)
    claims: dict[str, list[Claim]] = defaultdict(list)
    shown = []
    for row in asker.rows("page_partner_claims", place=place_iri(slug)):
        agreement, predicate, value = row["agreement"], row["predicate"], row["value"]
        claim = Claim(
            agreement.value, predicate.value, value, row["record"].value, row["source"].value, row.get("why")
        )  # fmt: skip
        if claim not in claims[agreement.value]:  # the agreement may stand in several graphs
            claims[agreement.value].append(claim)
        if row["shown"].value == "true":
            shown.append((agreement, predicate, value, None))
    facts = Facts(shown)

    def called(iri: str) -> str | None:
        found = term_named(asker, iri, language)
        return found.label if found is not None else None

    said = about(asker)
    return {
        agreement: claims_of(found, agreement, facts, said, called=called)
        for agreement, found in sorted(claims.items())
    }
