"""The agreements of a place as its page shows them: partners, dates, who states what, and in which record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from twinld.site.about import country_of, licence_in, named
from twinld.site.ask import Asker, Facts, once, tw
from twinld.site.claims import Claim, claims_of, verdict_of, verdicts
from twinld.site.things import About, Claims, Licence, Named, SourceInfo, Verdict
from twinld.site.words import concept
from twinld.site.world_map import Spot
from twinld.store import Row
from twinld.vocab import WGS


@dataclass(frozen=True)
class Statement:
    """That one source states an agreement: its record, and on the side of which place it stands, if on one."""

    record: str
    source: SourceInfo
    side: Named | None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Partner:
    """One agreement as the page of one of its parties shows it.

    `stated` is "both" sides, "here" (only this place's side), "there" (only the other's) or "unknown"; dates
    are EDTF text. `licence` is that of the graph that has the agreement. `statements` are all records of it,
    `values` all values that they state for it.
    """

    agreement: str
    partners: tuple[Named, ...]
    country: Named | None
    kind: str
    since: str
    until: str
    date: str
    status: str
    stated: str
    answered_in: SourceInfo | None
    sources: tuple[SourceInfo, ...]
    licence: Licence
    statements: tuple[Statement, ...] = ()
    values: tuple[Claims, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether any date is known."""
        return bool(self.since or self.until or self.date)

    @property
    def disagree(self) -> bool:
        """Whether sources give different values of something that can have only one."""
        return any(group.disagree for group in self.values)


def countries(asker: Asker) -> Facts:
    """Labels and codes of all countries; asked once of a store that cannot change."""
    return once(asker.store, ("countries", asker.base), lambda: asker.facts("page_countries"))


def place_names(asker: Asker) -> Facts:
    """Labels, items, countries and points of all places; asked once of a store that cannot change."""
    return once(asker.store, ("place names", asker.base), lambda: asker.facts("page_place_names"))


def spot_of(facts: Facts, place: Named, status: str = "") -> Spot:
    """A place where the facts have it, for a map."""
    latitude, longitude = f"{WGS}lat", f"{WGS}long"
    found = facts.value(place.iri, latitude), facts.value(place.iri, longitude)
    return Spot(place, *found, status, facts.apart(place.iri, latitude))


class Partners:
    """Reads the agreements of one place; asks one question, beside what is asked once."""

    def __init__(self, asker: Asker, place: str, info: About, claims: list[Claim], language: str) -> None:
        self._place, self._about, self._language = place, info, language
        rows = asker.rows("page_place_agreements", place=place)
        self._facts = Facts((row["s"], row["p"], row["o"], row["g"]) for row in rows if "p" in row)
        self._claims: dict[str, list[Claim]] = {}
        for claim in claims:
            self._claims.setdefault(claim.subject, []).append(claim)
        self._records: dict[str, dict[str, Row]] = {}
        for row in rows:
            if "p" not in row:
                self._records.setdefault(row["o"].value, {})[row["s"].value] = row
        self._known: dict[str, Named] = {}
        self._names, self._countries, self._verdicts = place_names(asker), countries(asker), verdicts(asker)

    @cached_property
    def rows(self) -> list[Partner]:
        """All agreements, by the names of the partners."""
        agreements = self._facts.pointing(tw("party"), self._place)
        rows = [self._partner(agreement) for agreement in agreements]
        return sorted(rows, key=lambda row: (tuple(one.label.casefold() for one in row.partners), row.agreement))

    def spots(self, rows: Iterable[Partner]) -> list[Spot]:
        """The partners of some agreements with their coordinates, once for each agreement."""
        return [spot_of(self._names, partner, row.status) for row in rows for partner in row.partners]

    def named(self, iri: str) -> Named:
        """A place by its name."""
        if iri not in self._known:
            self._known[iri] = named(self._names, iri, self._language)
        return self._known[iri]

    def _partner(self, agreement: str) -> Partner:
        facts = self._facts
        others = [term.value for term in facts.all(agreement, tw("party")) if term.value != self._place]
        partners = [self.named(other) for other in sorted(others)]
        alone = partners[0].iri if len(partners) == 1 else ""
        stated, answered_in = self._stated(agreement)
        statements = tuple(map(self._statement, self._records.get(agreement, {}).values()))
        return Partner(
            agreement=agreement,
            partners=tuple(partners),
            country=country_of(self._names, alone, self._countries, self._language),
            kind=concept(facts.value(agreement, tw("kind")) or "", "kind"),
            since=facts.value(agreement, tw("start")) or "",
            until=facts.value(agreement, tw("end")) or "",
            date=facts.value(agreement, tw("date")) or "",
            status=concept(facts.value(agreement, tw("status")) or "", "status"),
            stated=stated,
            answered_in=answered_in,
            sources=tuple(sorted({one.source.iri: one.source for one in statements}.values(), key=open_first)),
            licence=licence_in(facts.graphs(agreement, tw("party")), self._about),
            statements=tuple(sorted(statements, key=lambda one: (open_first(one.source), one.record))),
            values=claims_of(self._claims.get(agreement, ()), agreement, facts, self._about),
        )

    def _statement(self, row: Row) -> Statement:
        record = row["s"].value
        side = self.named(row["side"].value) if "side" in row else None
        return Statement(record, self._about.source(row["source"].value), side, self._verdict(record))

    def _verdict(self, record: str) -> Verdict | None:
        return verdict_of(self._verdicts, record, self._about) if self._verdicts.has(record) else None

    def _stated(self, agreement: str) -> tuple[str, SourceInfo | None]:
        facts = self._facts
        reciprocity = concept(facts.value(agreement, tw("reciprocity")) or "", "reciprocity")
        silent = {term.value for term in facts.all(agreement, tw("unansweredBy"))}
        answered = {term.value: graphs for term, graphs in facts.said(agreement, tw("answeredBy"))}
        if reciprocity == "mutual":
            return "both", None
        if silent and silent <= set(answered):
            graph = self._about.graphs.get(min(min(graphs) for graphs in answered.values()))
            source = graph.source if graph is not None else None
            return "both", self._about.source(source) if source is not None else None
        if reciprocity == "one sided":
            return ("there" if self._place in silent else "here"), None
        return "unknown", None


def open_first(source: SourceInfo) -> tuple[bool, str]:
    """Sorts sources: those of CC0 first, then by title."""
    return source.licence is not None and not source.licence.open, source.title
