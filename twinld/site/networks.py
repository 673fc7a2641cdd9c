"""Networks: who is a member since when and who says so, which members are twins, and the figures that are stated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from twinld.dates import PartialDate
from twinld.site.about import about, country_of, licence_in, named
from twinld.site.ask import Asker, Facts, once, tw
from twinld.site.more import term_named
from twinld.site.resource import ResourcePage, resource
from twinld.site.tables import Column, Table
from twinld.site.things import LANGUAGE, Label, Licence, Named, SourceInfo
from twinld.site.world import names_of_places, pair_of, world
from twinld.store import Store
from twinld.vocab import BASE, DCTERMS, ID, RDF, RDFS, SKOS, TW

_NETWORK: Final = f"{ID}network/"
_PLACE: Final = f"{ID}place/"
_NOTES: Final = (f"{SKOS}note", f"{SKOS}scopeNote", f"{SKOS}editorialNote", f"{RDFS}comment", f"{DCTERMS}description")


@dataclass(frozen=True)
class NetworkCount:
    """A network and what is counted of it; None where none of its members is known."""

    slug: str
    network: Named
    kinds: tuple[str, ...]
    members: int | None
    pairs: int | None


@dataclass(frozen=True)
class Member:
    """A member, since when and until when (EDTF text), by which records, and under which licence that is told."""

    iri: str
    member: Named
    country: Named | None
    since: str
    until: str
    by: tuple[tuple[SourceInfo, str], ...]
    licence: Licence


@dataclass(frozen=True)
class Figure:
    """One stated figure; `bound` is "exact", "more than" or the like, `year` the year that it is of."""

    iri: str
    value: str
    bound: str
    year: str
    source: SourceInfo
    record: str


@dataclass(frozen=True)
class Figures:
    """All figures that are stated of one thing: what is counted, and where, if not everywhere."""

    title: str
    area: Named | None
    values: tuple[Figure, ...]

    @property
    def differ(self) -> bool:
        """Whether not all figures are the same."""
        return len({(figure.value, figure.bound) for figure in self.values}) > 1


@dataclass(frozen=True)
class NetworkPage:
    """A network: `rest` is all that is said of it; `growth` the number of members known at the end of a year."""

    rest: ResourcePage
    members: tuple[Member, ...]
    dated: int
    growth: tuple[tuple[int, int], ...]
    twins: tuple[tuple[Named, Named, str], ...]
    """Pairs of members that are twins now: both, and the slug of the pair."""
    figures: tuple[Figures, ...]
    notes: tuple[Label, ...]


def network_counts(asker: Asker, language: str = LANGUAGE) -> list[NetworkCount]:
    """Every network, those with most members first; what is counted is asked once of a store that cannot change."""
    facts = once(asker.store, ("networks", asker.base), lambda: asker.facts("page_networks"))
    found = [_count(asker, facts, iri, language) for iri in facts.subjects() if iri.startswith(_NETWORK)]
    return sorted(found, key=lambda row: (-(row.members or 0), row.network.label.casefold(), row.slug))


def network_list(store: Store, *, language: str = LANGUAGE, base: str = BASE) -> list[NetworkCount]:
    """Every network with what is counted of it, those with most members first."""
    return network_counts(Asker(store, base), language)


def network_table(store: Store, *, base: str = BASE) -> Table:
    """Every network with what is counted of it, as a table."""
    rows = tuple((row.slug, ", ".join(row.kinds), row.members, row.pairs) for row in network_list(store, base=base))
    columns = (Column("network", "network"), Column("kind", "text"), Column("members"), Column("pairs"))
    return Table("networks", columns, rows, len(rows), "network_pairs")


def _count(asker: Asker, facts: Facts, iri: str, language: str) -> NetworkCount:
    members, pairs = (facts.value(iri, tw(name)) for name in ("memberCount", "pairCount"))
    kinds = (term_named(asker, term.value, language) for term in sorted(facts.all(iri, f"{RDF}type"))
             if term.value.startswith(TW) and term.value != tw("Network"))  # fmt: skip
    return NetworkCount(
        iri.removeprefix(_NETWORK),
        named(facts, iri, language),
        tuple(kind.label for kind in kinds if kind is not None),
        int(members) if members is not None else None,
        int(pairs) if pairs is not None else None,
    )


def network(store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE) -> NetworkPage:
    """The page of a network; NotFound when nothing is known of it. Asks one question more than `resource`."""
    asker = Asker(store, base)
    iri = _NETWORK + slug
    rest = resource(store, iri, language=language, base=base)
    facts = asker.facts("page_network", thing=iri)
    members = _members(asker, facts, language)
    places = {member.iri.removeprefix(_PLACE): member for member in members if not member.until}
    now = world(asker).twins_now
    twins = [
        (places[one].member, places[other].member, "--".join(pair_of(one, other)))
        for one, other in combinations(sorted(places), 2)
        if other in now.get(one, ())
    ]
    return NetworkPage(
        rest=rest,
        members=members,
        dated=sum(bool(member.since) for member in members),
        growth=growth(members),
        twins=tuple(twins),
        figures=_figures(asker, facts, language),
        notes=_notes(rest),
    )


def network_tables(store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE) -> dict[str, Table]:
    """What the page of a network shows, by key: its members, and how many it had at the end of a year.

    NotFound when nothing is known of the network.
    """
    page = network(store, slug, language=language, base=base)
    members = tuple(
        (
            row.iri.removeprefix(ID), row.member.label, row.country.label if row.country is not None else "",
            row.since, row.until, "; ".join(dict.fromkeys(info.title for info, _ in row.by)), row.licence.name,
        )
        for row in page.members
    )  # fmt: skip
    columns = tuple(Column(name, "text") for name in _MEMBER_COLUMNS)
    growth = Table("growth", (Column("year", "year"), Column("members")), page.growth)
    return {"members": Table("members", columns, members), "growth": growth}


_MEMBER_COLUMNS: Final = ("member", "name", "country", "start", "end", "sources", "licence")


def _members(asker: Asker, facts: Facts, language: str) -> tuple[Member, ...]:
    called, info = names_of_places(asker), about(asker)
    found = []
    for iri in facts.subjects():
        for term, graphs in facts.said(iri, tw("member")):
            records = sorted({record.value for record, _ in facts.said(iri, tw("fromRecord"))})
            found.append(
                Member(
                    iri=term.value,
                    member=named(called, term.value, language),
                    country=country_of(called, term.value, called, language),
                    since=facts.value(iri, tw("start")) or "",
                    until=facts.value(iri, tw("end")) or "",
                    by=tuple((info.source(_source_of(record)), record) for record in records),
                    licence=licence_in(graphs, info),
                )
            )
    return tuple(sorted(found, key=lambda row: (row.member.label.casefold(), row.iri)))


def _source_of(record: str) -> str:
    """The source of a record, which its IRI names: the part before its key."""
    return f"{ID}source/{record.removeprefix(f'{ID}record/').partition('/')[0]}"


def growth(members: Iterable[Member]) -> tuple[tuple[int, int], ...]:
    """The number of members at the end of each year in which that changed, of those whose start has a known year."""
    changes: Counter[int] = Counter()
    for member in members:
        year = PartialDate(member.since).year if member.since else None
        if year is None:
            continue
        changes[year] += 1
        left = PartialDate(member.until).year if member.until else None
        if left is not None:
            changes[left] -= 1
    found, number = [], 0
    for year in sorted(changes):
        number += changes[year]
        found.append((year, number))
    return tuple(found)


def _figures(asker: Asker, facts: Facts, language: str) -> tuple[Figures, ...]:
    info = about(asker)
    groups: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for iri in facts.subjects():
        indicator = facts.value(iri, tw("indicator"))
        if indicator is None:
            continue
        record = facts.value(iri, tw("accordingTo")) or ""
        bound = (facts.value(iri, tw("bound")) or "").rsplit("/", 1)[-1].removeprefix("bound-").replace("-", " ")
        figure = Figure(
            iri, facts.value(iri, tw("value")) or "", bound, facts.value(iri, tw("refYear")) or "",
            info.source(_source_of(record)), record,
        )  # fmt: skip
        groups[indicator, facts.value(iri, tw("area")) or ""].append(figure)
    places = names_of_places(asker)
    found = [
        Figures(
            _title(asker, indicator, language),
            named(places, area, language) if area else None,
            tuple(sorted(values, key=_by_year)),
        )
        for (indicator, area), values in groups.items()
    ]
    return tuple(sorted(found, key=lambda row: (row.title, row.area.label if row.area else "")))


def _by_year(figure: Figure) -> tuple[str, str, str]:
    return figure.year, figure.value, figure.iri


def _title(asker: Asker, indicator: str, language: str) -> str:
    term = term_named(asker, indicator, language)
    return term.label if term is not None else indicator.rsplit("/", 1)[-1]


def _notes(rest: ResourcePage) -> tuple[Label, ...]:
    """What the data itself notes about the network, apart from the text under its title."""
    shown = rest.text.text if rest.text is not None else ""
    return tuple(
        Label(value.text, value.language)
        for graph in rest.graphs
        for subject in graph.subjects
        if not subject.fragment
        for statement in subject.statements
        if statement.predicate in _NOTES
        for value in statement.values
        if value.iri is None and value.text != shown
    )
