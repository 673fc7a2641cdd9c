"""Whether shortcuts and agreements agree (X08): the one rule that SPARQL answers too slowly.

As a query it took a third of all the time of the others together: its joins of an agreement's parties with each
other are made four times. Read once, the same triples are compared as sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from twinld.model import NOT_IN_FORCE
from twinld.store.scan import Scan
from twinld.terms import iri
from twinld.vocab import BASE, TW, TWV, rebase

_P190: Final = "P190"


class Stale(NamedTuple):
    """A shortcut or an agreement without the other: the focus, the graph and the value of a finding (IRIs)."""

    focus: str
    graph: str
    value: str


class _Terms:
    """Our terms as N-Triples text, under a base."""

    def __init__(self, base: str) -> None:
        def tw(name: str) -> str:
            return rebase(TW, base) + name

        self.party, self.kind, self.status = tw("party"), tw("kind"), tw("status")
        self.ever, self.now = tw("hasBeenTwinnedWith"), tw("twinnedWith")
        self.record_of, self.locator = tw("recordOf"), tw("locator")
        vocabulary = rebase(TWV, base)
        self.twinning = iri(f"{vocabulary}kind-twinning")
        self.unspecified = iri(f"{vocabulary}kind-unspecified")
        self.out_of_force = {iri(f"{vocabulary}status-{name}") for name in NOT_IN_FORCE}


def stale_shortcuts(scan: Scan, graphs: Sequence[str], base: str = BASE) -> Iterator[Stale]:
    """Shortcuts that follow from no agreement, and agreements that lack a shortcut which follows from them.

    `tw:hasBeenTwinnedWith` follows from kind twinning, and from kind unspecified when a P190 record supports
    the agreement; `tw:twinnedWith` also needs that it isn't known to have ended (docs/data-model.md). A shortcut
    needs only some agreement of these kinds: a record may stand in a graph that is not here.
    """
    names = _Terms(base)
    parties: dict[str, list[str]] = defaultdict(list)
    graph_of: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    status: dict[str, set[str]] = defaultdict(set)
    shortcuts: dict[str, dict[tuple[str, str], str]] = {names.ever: {}, names.now: {}}
    p190: set[str] = set()
    record_of: dict[str, str] = {}
    wanted = (names.party, names.kind, names.status, names.ever, names.now, names.record_of, names.locator)
    for graph in graphs:
        said_p190 = set()
        for subject, predicate, value in scan(graph, wanted):
            name = predicate[1:-1]
            if name in shortcuts:
                shortcuts[name].setdefault((subject, value), graph)
            elif name == names.party:
                parties[subject].append(value)
                graph_of.setdefault(subject, graph)
            elif name == names.kind:
                kinds[subject].add(value)
            elif name == names.status:
                status[subject].add(value)
            elif name == names.record_of:
                record_of[subject] = value
            elif _P190 in value:
                said_p190.add(subject)
        p190 |= {record_of[record] for record in said_p190 if record in record_of}
    yield from _stale(names, parties, graph_of, kinds, status, shortcuts, p190)


def _stale(
    names: _Terms,
    parties: dict[str, list[str]],
    graph_of: dict[str, str],
    kinds: dict[str, set[str]],
    status: dict[str, set[str]],
    shortcuts: dict[str, dict[tuple[str, str], str]],
    p190: set[str],
) -> Iterator[Stale]:
    possible: dict[str, set[tuple[str, str]]] = {names.ever: set(), names.now: set()}
    for agreement, places in parties.items():
        kind = kinds.get(agreement, set())
        if not kind & {names.twinning, names.unspecified}:
            continue
        sure = names.twinning in kind or agreement in p190
        said = status.get(agreement, set())
        follows = [names.ever, names.now] if said and not said & names.out_of_force else [names.ever]
        for one in set(places):
            for other in set(places):
                if one == other:
                    continue
                for name in follows:
                    possible[name].add((one, other))
                    if sure and one < other and (one, other) not in shortcuts[name]:
                        yield Stale(agreement[1:-1], graph_of[agreement], other[1:-1])
    for name, pairs in possible.items():
        for (one, other), graph in shortcuts[name].items():
            if one != other and (one, other) not in pairs:  # a place that is its own twin is told by X02
                yield Stale(one[1:-1], graph, other[1:-1])
