"""Classes that follow from kind and parties, and the shortcuts between places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Final

from twinld.infer.given import Given
from twinld.iris import agreement_iri, place_iri
from twinld.mapping.write import TYPE, tw
from twinld.model import NOT_IN_FORCE, TWINNED
from twinld.terms import Triple

_CLASS: Final = {
    "twinning": "TwinningAgreement",
    "friendship": "FriendshipAgreement",
    "cooperation": "CooperationAgreement",
    "economic-exchange": "EconomicExchangeAgreement",
    "trade": "TradeAgreement",
    "historic-bond": "HistoricBond",
}


def kinds_and_parties(given: Given) -> Iterator[Triple]:
    """The class of an agreement's kind, and bilateral or multilateral by the number of its parties."""
    for slug, agreement in given.agreements.items():
        subject = f"<{agreement_iri(slug)}>"
        if agreement.kind in _CLASS:
            yield subject, TYPE, tw(_CLASS[agreement.kind])
        yield (
            subject,
            TYPE,
            tw(
                "BilateralAgreement"
                if len(agreement.parties) + len(agreement.organisations) == 2
                else "MultilateralAgreement"
            ),
        )


def shortcuts(given: Given) -> Iterator[Triple]:
    """`hasBeenTwinnedWith` both ways for every twinning, `twinnedWith` while no source says that it has ended
    or has not begun; what is dormant is in force.

    Never transitive, and no place is its own twin (DOMAIN R1, R2).
    """
    ever, now = tw("hasBeenTwinnedWith"), tw("twinnedWith")
    for agreement in given.agreements.values():
        if agreement.kind not in TWINNED:
            continue
        for one, other in permutations(agreement.parties, 2):
            subject, twin = f"<{place_iri(one)}>", f"<{place_iri(other)}>"
            yield subject, ever, twin
            if agreement.end is None and agreement.status not in NOT_IN_FORCE:
                yield subject, now, twin
