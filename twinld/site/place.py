"""Everything that the page of one place needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twinld.errors import NotFound
from twinld.iris import place_iri
from twinld.model import TWINNED
from twinld.site.about import about, label_terms, named, sources_words
from twinld.site.ask import Asker, Facts, is_open, once, tw
from twinld.site.claims import Refuted, claims_of, read_claims, refuted_of
from twinld.site.inside import places_in
from twinld.site.more import Row, more_of
from twinld.site.passages import Passage, Passages
from twinld.site.things import (
    LANGUAGE,
    OPEN,
    UNKNOWN,
    Claims,
    Label,
    Licence,
    Named,
    Release,
    Sentence,
    SourceInfo,
)
from twinld.site.words import concept, count_words
from twinld.store import Store
from twinld.terms import Term
from twinld.vocab import BASE, DCTERMS, RDF, WGS


@dataclass(frozen=True)
class Partner:
    """One agreement as the page of one of its parties shows it.

    `stated` is "both" sides, "here" (only this place's side), "there" (only the other's) or "unknown"; dates
    are EDTF text. `licence` is that of the graph that has the agreement.
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

    @property
    def dated(self) -> bool:
        """Whether any date is known."""
        return bool(self.since or self.until or self.date)


@dataclass(frozen=True)
class PlacePage:
    """A place: its own facts, its partners, and what the sources say that is not shown as a fact.

    `partners` are CC0; `elsewhere` are the agreements that only a source under another licence has. `places`
    are the places in it, for a country.
    """

    place: Named
    sentence: Sentence
    names: tuple[Label, ...]
    is_country: bool
    iso_code: str | None
    country: Named | None
    latitude: str | None
    longitude: str | None
    population: int | None
    item: str | None
    p190_item: str | None
    links: tuple[tuple[str, str], ...]
    licence: Licence
    partners: tuple[Partner, ...]
    elsewhere: tuple[Partner, ...]
    refuted: tuple[Refuted, ...]
    disagreements: tuple[Claims, ...]
    places: tuple[Named, ...]
    more: tuple[Row, ...]
    passages: tuple[Passage, ...]
    replaced_by: str | None
    release: Release


def place(store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE) -> PlacePage:
    """The page of the place of a slug; NotFound when no graph has one.

    Asks at most four questions, each driven by the place's IRI; what all pages need is asked once.
    """
    asker = Asker(store, base)
    iri = place_iri(slug)
    own = asker.facts("page_place", place=iri)
    if tw("Place") not in {term.value for term, _ in own.said(iri, f"{RDF}type")}:
        raise NotFound(f"there is no place {slug!r} in this release")
    return _Reader(asker, iri, own, language).page()


def countries(asker: Asker) -> Facts:
    """Labels and codes of all countries; asked once of a store that cannot change."""
    return once(asker.store, ("countries", asker.base), lambda: asker.facts("page_countries"))


def place_names(asker: Asker) -> Facts:
    """Labels, items and countries of all places; asked once of a store that cannot change."""
    return once(asker.store, ("place names", asker.base), lambda: asker.facts("page_place_names"))


class _Reader:
    def __init__(self, asker: Asker, iri: str, own: Facts, language: str) -> None:
        self.asker, self.iri, self.own, self.language = asker, iri, own, language
        self.about = about(asker)
        self.countries = countries(asker)
        self.is_country = tw("Country") in {term.value for term in own.all(iri, f"{RDF}type")}
        self.agreements = asker.facts("page_place_agreements", place=iri)
        self.partners = place_names(asker)
        self.claims = read_claims(asker, iri)

    def page(self) -> PlacePage:
        own, iri = self.own, self.iri
        place = named(own, iri, self.language)
        country = own.value(iri, tw("country"))
        rows = [self._partner(agreement) for agreement in self.agreements.pointing(tw("party"), iri)]
        rows.sort(key=lambda row: (tuple(partner.label.casefold() for partner in row.partners), row.agreement))
        places = self._inside()
        partners = tuple(row for row in rows if row.licence.open)
        elsewhere = tuple(row for row in rows if not row.licence.open)
        where = self._country(country) if country is not None else None
        refuted = refuted_of(self.claims, self.asker, iri, self.about, self.language)
        latitude, longitude = own.value(iri, f"{WGS}lat"), own.value(iri, f"{WGS}long")
        population = own.value(iri, tw("population"))
        passages = Passages(self.asker, self.language)
        return PlacePage(
            place=place,
            sentence=country_sentence(place, places, partners)
            if self.is_country
            else sentence(place, where, partners, elsewhere, [item.verdict.word for item in refuted]),
            names=tuple(sorted(map(_label, label_terms(own, iri)), key=_by_tag)),
            is_country=self.is_country,
            iso_code=own.value(iri, tw("isoCode")),
            country=where,
            latitude=latitude,
            longitude=longitude,
            population=int(population) if population is not None else None,
            item=own.value(iri, tw("wikidataItem")),
            p190_item=own.value(iri, tw("p190Item")),
            links=tuple(_links(own, iri)),
            licence=self._licence(own, iri, f"{RDF}type"),
            partners=partners,
            elsewhere=elsewhere,
            refuted=refuted,
            disagreements=claims_of(self.claims, iri, own, self.about, only_disagreements=True, called=self._called),
            places=places,
            more=more_of(self.asker, iri, own, self.language),
            passages=passages.read(passages.naming(iri)),
            replaced_by=own.value(iri, f"{DCTERMS}isReplacedBy"),
            release=self.about.release,
        )

    def _country(self, iri: str) -> Named:
        return named(self.countries, iri, self.language)

    def _called(self, iri: str) -> str | None:
        return self._country(iri).label if self.countries.has(iri) else None

    def _inside(self) -> tuple[Named, ...]:
        return places_in(self.asker, place_names(self.asker), self.iri, self.language) if self.is_country else ()

    def _licence(self, facts: Facts, subject: str, predicate: str) -> Licence:
        graphs = facts.graphs(subject, predicate)
        if is_open(graphs):
            return OPEN
        return next((found for graph in sorted(graphs) if (found := self.about.licence(graph))), OPEN)

    def _partner(self, agreement: str) -> Partner:
        facts = self.agreements
        others = [term.value for term in facts.all(agreement, tw("party")) if term.value != self.iri]
        partners = [named(self.partners, other, self.language) for other in sorted(others)]
        country = self.partners.value(partners[0].iri, tw("country")) if len(partners) == 1 else None
        stated, answered_in = self._stated(agreement)
        sources = {term.value for term, _ in facts.said(agreement, tw("statedIn"))}
        return Partner(
            agreement=agreement,
            partners=tuple(partners),
            country=self._country(country) if country is not None else None,
            kind=concept(facts.value(agreement, tw("kind")) or "", "kind"),
            since=facts.value(agreement, tw("start")) or "",
            until=facts.value(agreement, tw("end")) or "",
            date=facts.value(agreement, tw("date")) or "",
            status=concept(facts.value(agreement, tw("status")) or "", "status"),
            stated=stated,
            answered_in=answered_in,
            sources=tuple(sorted(map(self.about.source, sources), key=_open_first)),
            licence=self._licence(facts, agreement, tw("party")),
        )

    def _stated(self, agreement: str) -> tuple[str, SourceInfo | None]:
        facts = self.agreements
        reciprocity = concept(facts.value(agreement, tw("reciprocity")) or "", "reciprocity")
        silent = {term.value for term in facts.all(agreement, tw("unansweredBy"))}
        answered = {term.value: graphs for term, graphs in facts.said(agreement, tw("answeredBy"))}
        if reciprocity == "mutual":
            return "both", None
        if silent and silent <= set(answered):
            graph = self.about.graphs.get(min(min(graphs) for graphs in answered.values()))
            source = graph.source if graph is not None else None
            return "both", self.about.source(source) if source is not None else None
        if reciprocity == "one sided":
            return ("there" if self.iri in silent else "here"), None
        return "unknown", None


def sentence(
    place: Named,
    country: Named | None,
    partners: tuple[Partner, ...],
    elsewhere: tuple[Partner, ...],
    verdicts: Sequence[str],
) -> Sentence:
    """What is known of a place's twinnings, by whom, as of when; `verdicts` on statements that are not shown."""
    parts: list[str | Named] = [place]
    if country is not None:
        parts += [" (", country, ")"]
    rows = partners or elsewhere
    others = [row for row in rows if row.kind not in TWINNED]
    twins = len(rows) - len(others)
    parts.append(f" has {count_words(twins, 'twin city', 'twin cities')}")
    if others:
        parts.append(f" and {count_words(len(others), 'other agreement', 'other agreements')}")
    parts.append(" in this release")
    by = sources_words({source for row in rows for source in row.sources})
    if by:
        parts.append(f", stated {'by' if partners else 'only by'} {by}")
    if rows:
        dated = sum(row.dated for row in rows)
        if not partners:
            parts.append(f" ({elsewhere[0].licence.name})")
        parts.append(f"; {_dated(dated, len(rows))}")
    if partners and elsewhere:
        by = sources_words({source for row in elsewhere for source in row.sources})
        more = count_words(len(elsewhere), "more stands", "more stand")
        parts.append(f"; {more} only in {by}, {elsewhere[0].licence.name}")
    for word in sorted(set(verdicts), reverse=True):
        parts.append(f"; {count_words(verdicts.count(word), 'statement was', 'statements were')} {word}")
    return Sentence((*parts, "."))


def _dated(dated: int, of: int) -> str:
    if of == 1:
        return "it is dated" if dated else "it is not dated"
    if dated in {0, of}:
        return f"{'all' if dated else 'none'} of them are dated"
    return f"{dated} of {of} {'is' if dated == 1 else 'are'} dated"


def country_sentence(country: Named, places: tuple[Named, ...], partners: tuple[Partner, ...]) -> Sentence:
    """What is known of a country: how many of its places have twin cities, and how many it has itself."""
    own = f", and has {count_words(len(partners), 'partner', 'partners')} of its own" if partners else ""
    known = count_words(len(places), "place", "places")
    return Sentence((country, f" is a country; this release knows {known} in it{own}."))


def _links(own: Facts, iri: str) -> list[tuple[str, str]]:
    """Identifiers of others: what they are, and where they lead."""
    links = []
    for title, predicate in (
        ("Wikidata", "wikidataItem"),
        ("Wikidata item with the twinnings", "p190Item"),
        ("Wikidata, redirects here", "altIdentifier"),
        ("GeoNames", "geonamesFeature"),
    ):
        links += [(title, value) for value in sorted(term.value for term in own.all(iri, tw(predicate)))]
    items = {link for title, link in links if title == "Wikidata"}
    return [(title, link) for title, link in links if title == "Wikidata" or link not in items]


def _open_first(source: SourceInfo) -> tuple[bool, str]:
    return source.licence is not None and not source.licence.open, source.title


def _label(term: Term) -> Label:
    return Label(term.value, term.language)


def _by_tag(label: Label) -> tuple[bool, str, str]:
    return label.language in {UNKNOWN, None}, label.language or "", label.text
