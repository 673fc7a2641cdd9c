"""Everything that the page of one place needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twinld.errors import NotFound
from twinld.iris import place_iri
from twinld.labels import UNKNOWN
from twinld.model import TWINNED
from twinld.site.about import about, country_of, labels_of, licence_in, named, sources_words
from twinld.site.ask import Asker, Facts, tw
from twinld.site.claims import Refuted, claims_of, read_place_claims, refuted_of
from twinld.site.inside import places_in
from twinld.site.more import Row, more_of
from twinld.site.partners import Partner, Partners, countries, open_first, place_names, spot_of
from twinld.site.passages import Passage, Passages
from twinld.site.pointing import Way, ways_to
from twinld.site.resource import GraphStatements, groups_of, term_labels
from twinld.site.things import LANGUAGE, Claims, Label, Licence, Named, Release, Sentence, SourceInfo, filled
from twinld.site.timeline import Timeline, timeline
from twinld.site.words import counted, number_words
from twinld.site.world_map import WorldMap, world_map
from twinld.store import Store
from twinld.terms import Term
from twinld.texts import ENGLISH, Texts, later
from twinld.vocab import BASE, DCTERMS, RDF, RDFS


@dataclass(frozen=True)
class PlacePage:
    """A place: its own facts, its partners, and what the sources say that is not shown as a fact.

    `partners` are CC0; `elsewhere` are the agreements that only a source under another licence has. `places`
    are the places in it, for a country. `point_graph` has the coordinates where no CC0 graph does. `statements` are
    all that is said of it but its names.
    `world` and `timeline` show the partners, or what is elsewhere where there are none: never both licences at once;
    `world` tells which points stand on it that are not CC0.
    """

    place: Named
    sentence: Sentence
    names: tuple[Label, ...]
    is_country: bool
    iso_code: str | None
    country: Named | None
    latitude: str | None
    longitude: str | None
    point_graph: str
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
    world: WorldMap
    timeline: Timeline | None
    statements: tuple[GraphStatements, ...]
    labels: dict[str, Named]
    incoming: tuple[Way, ...]

    @property
    def sources(self) -> tuple[SourceInfo, ...]:
        """All sources that state an agreement of the place, those of CC0 first."""
        found = {info.iri: info for row in (*self.partners, *self.elsewhere) for info in row.sources}
        return tuple(sorted(found.values(), key=open_first))


def place(store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE, texts: Texts = ENGLISH) -> PlacePage:
    """The page of the place of a slug; NotFound when no graph has one.

    Asks at most five questions, each driven by the place's IRI; what all pages need is asked once. Names are in
    `language`, sentences in that of `texts`.
    """
    asker = Asker(store, base)
    iri = place_iri(slug)
    own = asker.facts("page_place", place=iri)
    if tw("Place") not in {term.value for term, _ in own.said(iri, f"{RDF}type")}:
        raise NotFound(f"there is no place {slug!r} in this release")
    return _Reader(asker, iri, own, language, texts).page()


class _Reader:
    def __init__(self, asker: Asker, iri: str, own: Facts, language: str, texts: Texts) -> None:
        self.asker, self.iri, self.own, self.language, self.texts = asker, iri, own, language, texts
        self.about = about(asker)
        self.countries = countries(asker)
        self.is_country = tw("Country") in {term.value for term in own.all(iri, f"{RDF}type")}
        self.claims = read_place_claims(asker, iri)
        self.partners = Partners(asker, iri, self.about, self.claims, language)

    def page(self) -> PlacePage:
        own, iri = self.own, self.iri
        place = named(own, iri, self.language)
        rows = self.partners.rows
        places = self._inside()
        partners = tuple(row for row in rows if row.licence.open)
        elsewhere = tuple(row for row in rows if not row.licence.open)
        where = country_of(own, iri, self.countries, self.language)
        refuted = refuted_of(self.claims, self.asker, self.about, self.partners.named)
        point = spot_of(own, place)
        population = own.value(iri, tw("population"))
        passages = Passages(self.asker, self.language)
        labels = self._labels()
        return PlacePage(
            place=place,
            sentence=country_sentence(place, places, partners, self.texts)
            if self.is_country
            else sentence(place, where, partners, elsewhere, [item.verdict.word for item in refuted], self.texts),
            names=tuple(sorted(labels_of(own, iri), key=_by_tag)),
            is_country=self.is_country,
            iso_code=own.value(iri, tw("isoCode")),
            country=where,
            latitude=point.latitude,
            longitude=point.longitude,
            point_graph=point.graph,
            population=int(population) if population is not None else None,
            item=own.value(iri, tw("wikidataItem")),
            p190_item=own.value(iri, tw("p190Item")),
            links=tuple(_links(own, iri)),
            licence=licence_in(own.graphs(iri, f"{RDF}type"), self.about),
            partners=partners,
            elsewhere=elsewhere,
            refuted=refuted,
            disagreements=claims_of(self.claims, iri, own, self.about, only_disagreements=True, called=self._called),
            places=places,
            more=more_of(self.asker, iri, own, self.language),
            passages=passages.read(passages.naming(iri)),
            replaced_by=own.value(iri, f"{DCTERMS}isReplacedBy"),
            release=self.about.release,
            world=world_map(point, self.partners.spots(partners or elsewhere)),
            timeline=timeline(partners or elsewhere, self.about.release.issued),
            statements=groups_of(self._but_names(), iri, self.about, labels),
            labels=labels,
            incoming=() if self.is_country else ways_to(self.asker, iri, self.language),
        )

    def _called(self, iri: str) -> str | None:
        return named(self.countries, iri, self.language).label if self.countries.has(iri) else None

    def _inside(self) -> tuple[Named, ...]:
        return places_in(self.asker, place_names(self.asker), self.iri, self.language) if self.is_country else ()

    def _labels(self) -> dict[str, Named]:
        """Names of the terms, countries and places that are named in what is said of the place."""
        labels = term_labels(self.asker, self.own, self.language)
        names = place_names(self.asker)
        for predicate in self.own.predicates(self.iri):
            for term in self.own.all(self.iri, predicate):
                if term.kind == "iri" and term.value not in labels and names.has(term.value):
                    labels[term.value] = self.partners.named(term.value)
        return labels

    def _but_names(self) -> Facts:
        said = (
            (Term("iri", self.iri), Term("iri", predicate), term, Term("iri", graph))
            for predicate in self.own.predicates(self.iri)
            if predicate != f"{RDFS}label"
            for term, graphs in self.own.said(self.iri, predicate)
            for graph in graphs
        )
        return Facts(said)


def sentence(
    place: Named,
    country: Named | None,
    partners: tuple[Partner, ...],
    elsewhere: tuple[Partner, ...],
    verdicts: Sequence[str],
    texts: Texts = ENGLISH,
) -> Sentence:
    """What is known of a place's twinnings, by whom, as of when; `verdicts` on statements that are not shown."""
    here: list[str | Named] = [place] if country is None else [place, " (", country, ")"]
    rows = partners or elsewhere
    others = sum(row.kind not in TWINNED for row in rows)
    twins = len(rows) - others
    known = counted(texts.ngettext("%(number)s twin city", "%(number)s twin cities", twins), twins, texts)
    if others:
        more = texts.ngettext("%(number)s other agreement", "%(number)s other agreements", others)
        both = {"twins": known, "others": counted(more, others, texts)}
        known = texts.gettext("%(twins)s and %(others)s") % both
    parts = [*filled(texts.gettext("%(place)s has %(twins)s in this release"), place=here, twins=known)]
    by = sources_words((source for row in rows for source in row.sources), texts)
    if by:
        form = texts.gettext(", stated by %(sources)s") if partners else texts.gettext(", stated only by %(sources)s")
        parts.append(form % {"sources": by})
    if rows:
        if not partners:
            parts.append(f" ({texts.gettext(elsewhere[0].licence.name)})")
        parts.append(f"; {_dated(sum(row.dated for row in rows), len(rows), texts)}")
    if partners and elsewhere:
        more = texts.ngettext(
            "%(number)s more stands only in %(sources)s, %(licence)s",
            "%(number)s more stand only in %(sources)s, %(licence)s",
            len(elsewhere),
        )
        told = {
            "number": number_words(len(elsewhere), texts),
            "sources": sources_words((source for row in elsewhere for source in row.sources), texts),
            "licence": texts.gettext(elsewhere[0].licence.name),
        }
        parts.append(f"; {more % told}")
    for word in sorted(set(verdicts), reverse=True):
        number = verdicts.count(word)
        form = texts.ngettext("%(number)s statement was %(verdict)s", "%(number)s statements were %(verdict)s", number)
        parts.append(f"; {form % {'number': number_words(number, texts), 'verdict': texts.gettext(word)}}")
    return Sentence((*parts, "."))


def _dated(dated: int, of: int, texts: Texts) -> str:
    if of == 1:
        return texts.gettext("it is dated") if dated else texts.gettext("it is not dated")
    if dated == of:
        return texts.gettext("all of them are dated")
    if not dated:
        return texts.gettext("none of them are dated")
    form = texts.ngettext("%(number)s of %(of)s is dated", "%(number)s of %(of)s are dated", dated)
    return form % {"number": texts.number(dated), "of": texts.number(of)}


def country_sentence(
    country: Named, places: tuple[Named, ...], partners: tuple[Partner, ...], texts: Texts = ENGLISH
) -> Sentence:
    """What is known of a country: how many of its places have twin cities, and how many it has itself."""
    form = texts.ngettext("%(number)s place", "%(number)s places", len(places))
    known = counted(form, len(places), texts)
    if not partners:
        said = texts.gettext("%(country)s is a country; this release knows %(places)s in it.")
        return Sentence(filled(said, country=country, places=known))
    own = texts.ngettext("%(number)s partner of its own", "%(number)s partners of its own", len(partners))
    said = texts.gettext("%(country)s is a country; this release knows %(places)s in it, and has %(partners)s.")
    told = counted(own, len(partners), texts)
    return Sentence(filled(said, country=country, places=known, partners=told))


def _links(own: Facts, iri: str) -> list[tuple[str, str]]:
    """Identifiers of others: what they are, and where they lead."""
    links = []
    for title, predicate in (
        ("Wikidata", "wikidataItem"),
        (later("Wikidata item with the twinnings"), "p190Item"),
        (later("Wikidata, redirects here"), "altIdentifier"),
        ("GeoNames", "geonamesFeature"),
    ):
        links += [(title, value) for value in sorted(term.value for term in own.all(iri, tw(predicate)))]
    items = {link for title, link in links if title == "Wikidata"}
    return [(title, link) for title, link in links if title == "Wikidata" or link not in items]


def _by_tag(label: Label) -> tuple[bool, str, str]:
    return label.language in {UNKNOWN, None}, label.language or "", label.text
