"""What sources claim: values side by side, and statements that were refuted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from twinld.site.ask import Asker, Facts, once, tw
from twinld.site.things import About, Claims, Label, Named, SourceInfo, Stated, Value, Verdict, choose
from twinld.site.words import concept
from twinld.store import Row
from twinld.terms import Term
from twinld.texts import later
from twinld.vocab import RDFS, WGS

TWIN: Final = tw("hasBeenTwinnedWith")
TITLES: Final = {
    tw("start"): later("start"),
    tw("end"): later("end"),
    tw("date"): later("date"),
    tw("kind"): later("kind"),
    tw("country"): later("country"),
    tw("population"): later("population"),
    f"{WGS}lat": later("latitude"),
    f"{WGS}long": later("longitude"),
    f"{RDFS}label": later("name"),
    tw("geonamesFeature"): later("GeoNames feature"),
    TWIN: later("twin"),
}
_SEVERAL: Final = {f"{RDFS}label", TWIN, tw("altIdentifier")}
"""Properties of which a thing may well have several values: they are not shown here. Two values of one that is
not in TITLES, such as a theme, are no disagreement either."""


@dataclass(frozen=True)
class Refuted:
    """A statement that the project refutes or disputes: what it says, where, and why it is not shown as a fact."""

    record: str
    subject: Named
    twin: Named
    source: SourceInfo
    locator: str
    verdict: Verdict


@dataclass(frozen=True)
class Claim:
    """One value that one record states; `why` says why it is not the one shown."""

    subject: str
    predicate: str
    value: Term
    record: str
    source: str
    why: Term | None = None


def read_claims(asker: Asker, thing: str) -> list[Claim]:
    """What sources claim of a thing, and of others as its twins; names are left out."""
    return _claims(asker.rows("page_claims", thing=thing))


def read_place_claims(asker: Asker, place: str) -> list[Claim]:
    """What sources claim of a place, of others as its twins, and of its agreements; names are left out."""
    return _claims(asker.rows("page_place_claims", place=place))


def _claims(rows: Iterable[Row]) -> list[Claim]:
    return [
        Claim(
            row["subject"].value,
            row["predicate"].value,
            row["value"],
            row["record"].value,
            row["source"].value,
            row.get("why"),
        )
        for row in rows
    ]


def claims_of(
    claims: Iterable[Claim],
    subject: str,
    shown: Facts,
    about: About,
    *,
    only_disagreements: bool = False,
    called: Callable[[str], str | None] = lambda iri: None,  # noqa: ARG005
) -> tuple[Claims, ...]:
    """What sources claim of a subject, by property; each value with the sources that state it.

    A value is marked as shown when a resolved graph (in `shown`) has it. `called` gives names of properties and
    things, None for those without.
    """
    by_property: dict[str, dict[Term, list[tuple[SourceInfo, str]]]] = defaultdict(lambda: defaultdict(list))
    reasons: dict[tuple[str, Term], set[Label]] = defaultdict(set)
    for claim in claims:
        if claim.subject == subject and claim.predicate not in _SEVERAL:
            by_property[claim.predicate][claim.value].append((about.source(claim.source), claim.record))
            if claim.why is not None:
                reasons[claim.predicate, claim.value].add(Label(claim.why.value, claim.why.language))
    groups = []
    for predicate, values in sorted(by_property.items(), key=lambda item: _order(item[0])):
        resolved = {term for term, _ in shown.said(subject, predicate)}
        stated = [
            Stated(
                _called(value_of(term), called),
                term in resolved,
                tuple(sorted(by, key=lambda pair: pair[1])),
                () if term in resolved else _sorted(reasons[predicate, term]),
            )
            for term, by in sorted(values.items(), key=lambda item: (item[0] not in resolved, item[0].value))
        ]
        title = TITLES.get(predicate) or called(predicate) or predicate.rsplit("#", 1)[-1]
        group = Claims(predicate, title, tuple(stated), several=predicate not in TITLES)
        if group.disagree or not only_disagreements:
            groups.append(group)
    return tuple(groups)


def _sorted(labels: Iterable[Label]) -> tuple[Label, ...]:
    return tuple(sorted(labels, key=lambda label: label.text))


def _called(value: Value, called: Callable[[str], str | None]) -> Value:
    return replace(value, text=called(value.iri) or value.text) if value.iri is not None else value


def _order(predicate: str) -> tuple[int, str]:
    return (list(TITLES).index(predicate) if predicate in TITLES else len(TITLES)), predicate


def verdicts(asker: Asker) -> Facts:
    """What was judged otherwise than accepted, by record; asked once of a store that cannot change."""
    return once(asker.store, ("verdicts", asker.base), lambda: asker.facts("page_verdicts"))


def refuted_of(
    claims: Iterable[Claim], asker: Asker, about: About, called: Callable[[str], Named]
) -> tuple[Refuted, ...]:
    """Refuted and disputed statements among the claims of a place, by record; `called` names places."""
    facts = verdicts(asker)
    found = []
    for claim in sorted({claim for claim in claims if claim.predicate == TWIN}, key=lambda claim: claim.record):
        verdict = verdict_of(facts, claim.record, about)
        if verdict is None:
            continue
        found.append(
            Refuted(
                record=claim.record,
                subject=called(claim.subject),
                twin=called(claim.value.value),
                source=about.source(claim.source),
                locator=facts.value(claim.record, tw("locator")) or "",
                verdict=verdict,
            )
        )
    return tuple(found)


def verdict_of(facts: Facts, record: str, about: About) -> Verdict | None:
    """How a record was judged; None when it was accepted."""
    verdict = facts.value(record, tw("verdict"))
    if verdict is None:
        return None
    according_to = facts.value(record, tw("accordingTo"))
    note = choose(facts.all(record, tw("reviewNote")))
    return Verdict(
        concept(verdict, "verdict"),
        Label(note.text, note.language) if note is not None else None,
        about.source(according_to) if according_to is not None else None,
    )


def value_of(term: Term) -> Value:
    """A term as a value to show."""
    if term.kind == "iri":
        return Value(term.value, iri=term.value)
    return Value(term.value, language=term.language, datatype=term.datatype)
