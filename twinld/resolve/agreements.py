"""Statements to agreements: one agreement per unordered pair of places, with the dates that sources give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from twinld.dates import PartialDate
from twinld.errors import SourceError
from twinld.iris import Ledger, Wish, agreement_slug, item_number
from twinld.model import Agreement, Finding, Source, Statement
from twinld.resolve.choices import Placeholders, choose_date, choose_kind
from twinld.resolve.decisions import Decisions, StatementVerdict
from twinld.resolve.identity import Identity, is_local

PairKey = tuple[str, ...]
"""The keys of two places, in order of their numbers; of a further relation of theirs also its number ("2")."""
AgreementKey = tuple[PairKey, str | None]
"""A pair, and the source under another licence that alone states it (None: a CC0 source does)."""


@dataclass
class Groups:
    """Statements by the pair that they are about; `refuted` ones are about no agreement; `doubtful` are years
    that sources write where they know none.
    """

    by_pair: dict[PairKey, list[Statement]] = field(default_factory=dict)
    refuted: list[tuple[Statement, PairKey, StatementVerdict]] = field(default_factory=list)
    judged: list[tuple[Statement, StatementVerdict]] = field(default_factory=list)
    doubtful: Placeholders = frozenset()


def agreement_key(pair: PairKey) -> str:
    """The ledger's key of the first relation of a pair.

    >>> agreement_key(("Q100", "Q34600"))
    'Q100+Q34600'
    """
    return "+".join(pair)


def group_statements(
    statements: Iterable[Statement],
    sources: Mapping[str, Source],
    identity: Identity,
    decisions: Decisions,
    findings: list[Finding],
    doubtful: Placeholders = frozenset(),
) -> Groups:
    """Statements by pair; `doubtful` are the years that sources write where they know none.

    One that a source deprecates, or that is refuted by hand, is set apart; one whose two items are one place is a
    finding (X02) and about nothing. Raises SourceError for a verdict on a statement that its source does not make;
    where a source names its places in words, that is a finding (S10).
    """
    statements = list(statements)
    groups = Groups(doubtful=doubtful)
    denied = _denied(statements, sources)
    judged_places = {
        (source, identity.key(subject), identity.key(obj)): (source, subject, obj)
        for source, subject, obj in decisions.verdicts
    }
    met: set[tuple[str, str, str]] = set()
    for statement in statements:
        one, other = identity.key(statement.subject), identity.key(statement.obj)
        if one == other:
            message = f"{statement.subject} and {statement.obj} are one place; a place is not its own twin"
            findings.append(
                Finding(
                    "X02",
                    "Violation",
                    statement.source,
                    statement.key,
                    message,
                    statement.where,
                    statement.obj,
                )
            )
            continue
        pair: PairKey = (one, other) if item_number(one) < item_number(other) else (other, one)
        if statement.relation != 1:
            pair = (*pair, str(statement.relation))
        name = statement.source, statement.subject, statement.obj
        if is_local(statement.subject) or is_local(statement.obj):  # a verdict on it names the items it was matched to
            name = judged_places.get((statement.source, one, other), name)
        verdict = decisions.verdicts.get(name)
        met.add(name)
        if verdict is None and statement.rank == "deprecated":
            note = f"{sources[statement.source].title} marks this statement as deprecated."
            verdict = StatementVerdict("refuted", statement.source, "", note)
        if verdict is None:
            verdict = _denial(statement, denied, sources)
        if verdict is not None and verdict.verdict == "refuted":
            groups.refuted.append((statement, pair, verdict))
        else:
            groups.by_pair.setdefault(pair, []).append(statement)
            if verdict is not None:
                groups.judged.append((statement, verdict))
    in_words = {s.source for s in statements if is_local(s.subject) or is_local(s.obj)}
    for source, subject, obj in sorted(set(decisions.verdicts) - met):
        if source not in sources:
            continue
        message = f"{source} states no {subject} P190 {obj}; correct the row, or remove it"
        if source not in in_words:
            raise SourceError(f"curated/verdicts.csv: {message}")
        # its words may have been matched to these items before, with other evidence
        where = "curated/verdicts.csv"
        findings.append(Finding("S10", "Warning", source, f"{subject}-{obj}".lower(), message, where, obj))
    return groups


def _denied(statements: Iterable[Statement], sources: Mapping[str, Source]) -> dict[tuple[str, str], str | None]:
    """What the newest reading of Wikidata deprecates, with its source; None for what it states all the same."""
    found: dict[tuple[str, str], str | None] = {}
    for statement in statements:
        if sources[statement.source].fills:
            name = statement.subject, statement.obj
            if statement.rank != "deprecated":
                found[name] = None
            else:
                found.setdefault(name, statement.source)
    return found


def _denial(
    statement: Statement, denied: Mapping[tuple[str, str], str | None], sources: Mapping[str, Source]
) -> StatementVerdict | None:
    """The verdict on a statement of an older extract of Wikidata that is deprecated there by now.

    An undirected link falls when one direction is deprecated and none is stated.
    """
    source = sources[statement.source]
    if source.fills or not (source.directed or source.publisher.startswith("Wikidata")):
        return None
    one, other = denied.get((statement.subject, statement.obj)), denied.get((statement.obj, statement.subject))
    if source.directed:
        by = one
    else:
        stated = {
            denied.get(pair, "") for pair in ((statement.subject, statement.obj), (statement.obj, statement.subject))
        }
        by = None if None in stated else one or other
    if by is None or (sources[by].extracted.latest or "") < (source.extracted.latest or ""):
        return None
    note = f"{sources[by].title} marks this statement as deprecated; {source.title} is older."
    return StatementVerdict("refuted", by, "", note)


def moved_keys(ledger: Ledger, identity: Identity) -> dict[str, str]:
    """Ledgered keys of agreements whose places now go by other keys (redirects, decisions), with the new key.

    So an agreement keeps its slug when a place of it is merged into another (docs/identifiers.md).
    """
    moved: dict[str, str] = {}
    for row in ledger.active("agreement"):
        if "+" not in row.key:
            continue  # an agreement that is no relation of two places
        one, other, *further = row.key.split("+")
        places = sorted((identity.key(one), identity.key(other)), key=item_number)
        key = "+".join((*places, *further))
        if key != row.key and places[0] != places[1]:
            moved[row.key] = key
    return moved


def show_agreements(
    groups: Groups,
    sources: Mapping[str, Source],
    identity: Identity,
    slugs: Mapping[str, str],
    ledger: Ledger,
    release: str,
) -> dict[AgreementKey, Agreement]:
    """One agreement a pair, its slug minted; each date is that of the source of lowest rank, the finest first.

    Facts of a source under another licence enter only where no CC0 source states the pair, those of one that only
    fills gaps where no other CC0 source does.
    """
    owners = {pair: _owner(found, sources) for pair, found in groups.by_pair.items()}
    wishes = [
        Wish(agreement_key(pair), agreement_slug(slugs[pair[0]], slugs[pair[1]], *pair[2:])) for pair in groups.by_pair
    ]
    ledger.merge("agreement", moved_keys(ledger, identity), release)
    minted = ledger.mint("agreement", wishes, release)
    agreements: dict[AgreementKey, Agreement] = {}
    for pair, owner in owners.items():
        usable = usable_for(groups.by_pair[pair], owner, sources)
        parties = tuple(sorted((slugs[pair[0]], slugs[pair[1]])))
        agreements[pair, owner] = agreement_of(minted[agreement_key(pair)], parties, usable, sources, groups.doubtful)
    return agreements


def usable_for(found: Iterable[Statement], owner: str | None, sources: Mapping[str, Source]) -> list[Statement]:
    """The statements that an agreement is shown by: those of CC0 sources, else those of its owner."""
    return [s for s in found if (sources[s.source].curated if owner is None else s.source == owner)]


def agreement_of(
    slug: str,
    parties: tuple[str, ...],
    usable: list[Statement],
    sources: Mapping[str, Source],
    doubtful: Placeholders = frozenset(),
) -> Agreement:
    """An agreement as some statements give it, each value chosen by the rules of `twinld.resolve.choices`."""

    def date(read: Callable[[Statement], PartialDate | None]) -> PartialDate | None:
        choice = choose_date(usable, sources, read, doubtful)
        return choice.value if choice is not None else None

    return Agreement(
        slug=slug,
        parties=parties,
        kind=choose_kind(usable, sources)[0],
        local_term=_first(usable, sources, lambda statement: statement.local_term),
        status=_first(usable, sources, lambda statement: statement.status),
        start=date(lambda statement: statement.start),
        end=date(lambda statement: statement.end),
        date=date(lambda statement: statement.point),
        themes=tuple(sorted({theme for statement in usable for theme in statement.themes})),
    )


def _first(
    found: list[Statement], sources: Mapping[str, Source], read: Callable[[Statement], str | None]
) -> str | None:
    """What the source of lowest rank states, of those that state anything."""
    stated = [(sources[s.source].rank, s.source, s.key, value) for s in found if (value := read(s)) is not None]
    return min(stated)[3] if stated else None


def _owner(found: list[Statement], sources: Mapping[str, Source]) -> str | None:
    if any(sources[statement.source].curated for statement in found):
        return None
    return min((not sources[s.source].open, sources[s.source].rank, s.source) for s in found)[2]
