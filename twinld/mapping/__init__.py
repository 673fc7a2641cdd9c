"""Things to triples and back: the one place that knows the pattern of docs/data-model.md.

`place_triples`, `agreement_triples`, `record_triples`, `claim_triples`, `source_triples` and `verdict_triples`
write; `place_from`, `agreement_from`, `record_from` and `claim_from` read the same triples, in any order.
"""

from twinld.mapping.read import agreement_from, claim_from, place_from, record_from
from twinld.mapping.write import (
    END,
    LABEL,
    START,
    agreement_triples,
    claim_iri,
    claim_triples,
    place_triples,
    population_triples,
    quote_triples,
    record_triples,
    source_triples,
    verdict_triples,
)

__all__ = [
    "END",
    "LABEL",
    "START",
    "agreement_from",
    "agreement_triples",
    "claim_from",
    "claim_iri",
    "claim_triples",
    "place_from",
    "place_triples",
    "population_triples",
    "quote_triples",
    "record_from",
    "record_triples",
    "source_triples",
    "verdict_triples",
]
