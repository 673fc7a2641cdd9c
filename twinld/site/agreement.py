"""Everything that the page of one agreement needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from twinld.errors import NotFound
from twinld.iris import agreement_iri
from twinld.site.about import about, country_of, licence_in, named, sources_words
from twinld.site.ask import Asker, Facts, tw
from twinld.site.called import label_in, short
from twinld.site.claims import claims_of, read_claims, verdict_of
from twinld.site.more import Row, more_of, term_named
from twinld.site.partners import countries, spot_of
from twinld.site.passages import Passage, Passages
from twinld.site.pointing import Way, ways_to
from twinld.site.resource import GraphStatements, groups_of, term_labels
from twinld.site.things import (
    LANGUAGE,
    Claims,
    Label,
    Licence,
    Named,
    Release,
    Sentence,
    SourceInfo,
    Value,
    Verdict,
    filled,
)
from twinld.site.words import concept, date_words, in_words
from twinld.site.world_map import WorldMap, world_map
from twinld.store import Store
from twinld.texts import ENGLISH, Texts, later
from twinld.vocab import BASE, DCTERMS, RDF


@dataclass(frozen=True)
class Party:
    """A party and its country."""

    place: Named
    country: Named | None


@dataclass(frozen=True)
class Record:
    """What one source says in one place; `side` is the place on whose side it stands, `words` are quoted."""

    iri: str
    source: SourceInfo
    side: Named | None
    locator: str
    statement: str | None
    words: Label | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Told:
    """What one source said at one time: when it was read (EDTF text, "" if unknown), and the values, if any.

    `values` are titles of fields with what it says of them and whether that is shown.
    """

    read: str
    source: SourceInfo
    record: str
    values: tuple[tuple[str, Value, bool], ...]


@dataclass(frozen=True)
class Phase:
    """A time in which a status held, by its earliest and latest days (xsd:date text; empty when open).

    `name` is the fragment that its IRI adds to the agreement's.
    """

    name: str
    status: str
    from_earliest: str
    from_latest: str
    until_earliest: str
    until_latest: str


@dataclass(frozen=True)
class AgreementPage:
    """An agreement: its facts, who states it, and where sources disagree. Dates are EDTF text, "" if unknown.

    `title` is its own name if it is `named`, else those of its parties.
    """

    iri: str
    title: str
    named: bool
    sentence: Sentence
    parties: tuple[Party, ...]
    kind: str
    status: str
    since: str
    until: str
    date: str
    phases: tuple[Phase, ...]
    reciprocity: str
    unanswered_by: tuple[Named, ...]
    answered_in: SourceInfo | None
    pair: str | None
    distance_km: str | None
    same_country: bool | None
    same_name: bool | None
    licence: Licence
    records: tuple[Record, ...]
    claims: tuple[Claims, ...]
    history: tuple[Told, ...]
    statements: tuple[GraphStatements, ...]
    labels: dict[str, Named]
    incoming: tuple[Way, ...]
    more: tuple[Row, ...]
    passages: tuple[Passage, ...]
    replaced_by: str | None
    release: Release
    world: WorldMap


def agreement(
    store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE, texts: Texts = ENGLISH
) -> AgreementPage:
    """The page of the agreement of a slug; NotFound when no graph has one. Asks at most five questions.

    Names are in `language`, the sentence in that of `texts`.
    """
    asker = Asker(store, base)
    iri = agreement_iri(slug)
    own = asker.facts("page_agreement", agreement=iri)
    if tw("Agreement") not in {term.value for term, _ in own.said(iri, f"{RDF}type")}:
        raise NotFound(f"there is no agreement {slug!r} in this release")
    return _Reader(asker, iri, own, language, texts).page()


class _Reader:
    def __init__(self, asker: Asker, iri: str, own: Facts, language: str, texts: Texts) -> None:
        self.asker, self.iri, self.own, self.language, self.texts = asker, iri, own, language, texts
        self.about = about(asker)
        self.names = own
        self.statements = asker.facts("page_agreement_records", agreement=iri)
        self.claims = read_claims(asker, iri)
        self.passages = Passages(asker, language)

    def page(self) -> AgreementPage:
        own, iri = self.own, self.iri
        parties = tuple(self._party(term.value) for term in own.all(iri, tw("party")))
        parties = tuple(sorted(parties, key=lambda party: party.place.iri))
        records = tuple(self._record(record) for record in self.statements.pointing(tw("recordOf"), iri))
        pair = own.value(iri, tw("concernsPair")) if len(parties) == 2 else None
        label = label_in(own, iri, self.language)
        licence = licence_in(own.graphs(iri, tw("party")), self.about)
        since, until, date = (own.value(iri, tw(name)) or "" for name in ("start", "end", "date"))
        status = concept(own.value(iri, tw("status")) or "", "status")
        kind = concept(own.value(iri, tw("kind")) or "", "kind")
        unanswered = own.all(iri, tw("unansweredBy"))
        claims = claims_of(self.claims, iri, own, self.about, called=self._called)
        labels = term_labels(self.asker, own, self.language) | {party.place.iri: party.place for party in parties}
        return AgreementPage(
            iri=iri,
            title=label.text if label is not None else " – ".join(party.place.label for party in parties),
            named=label is not None,
            sentence=sentence(
                parties, kind, status, (since, until, date), records, licence, self.about.release, self.texts
            ),
            parties=parties,
            kind=kind,
            status=status,
            since=since,
            until=until,
            date=date,
            phases=tuple(self._phase(term.value) for term in own.all(iri, tw("phase"))),
            reciprocity=concept(own.value(iri, tw("reciprocity")) or "", "reciprocity"),
            unanswered_by=tuple(named(self.names, term.value, self.language) for term in unanswered),
            answered_in=self._answered_in(),
            pair=pair,
            distance_km=own.value(pair, tw("distanceKm")) if pair else None,
            same_country=self._flag(pair, "sameCountry"),
            same_name=self._flag(pair, "sameName"),
            licence=licence,
            records=tuple(sorted(records, key=lambda record: (record.source.iri, record.iri))),
            claims=claims,
            history=tuple(self._history(records, claims)),
            statements=groups_of(own, iri, self.about, labels, only=iri),
            labels=labels,
            incoming=ways_to(self.asker, iri, self.language),
            more=more_of(self.asker, iri, own, self.language),
            passages=self.passages.read(self.passages.naming(iri)),
            replaced_by=own.value(iri, f"{DCTERMS}isReplacedBy"),
            release=self.about.release,
            world=world_map(None, [spot_of(self.names, party.place, status) for party in parties]),
        )

    def _party(self, iri: str) -> Party:
        place = named(self.names, iri, self.language)
        return Party(place, country_of(self.names, iri, countries(self.asker), self.language))

    def _record(self, iri: str) -> Record:
        facts = self.statements
        side = facts.value(iri, tw("statedBySide"))
        return Record(
            iri=iri,
            source=self.about.source(facts.value(iri, tw("statedIn")) or ""),
            side=named(self.names, side, self.language) if side is not None else None,
            locator=facts.value(iri, tw("locator")) or "",
            statement=facts.value(iri, tw("sourceStatement")),
            words=self.passages.words(iri),
            verdict=verdict_of(facts, iri, self.about),
        )

    def _history(self, records: Iterable[Record], claims: Iterable[Claims]) -> list[Told]:
        """What each record says, in the order in which they were read; what was read at no known time comes last."""
        said: dict[str, list[tuple[str, Value, bool]]] = defaultdict(list)
        for group in claims:
            for stated in group.values:
                for _, where in stated.by:
                    said[where].append((group.title, stated.value, stated.shown))
        found = []
        for record in records:
            read = (self.statements.value(record.iri, tw(name)) for name in ("retrievedAt", "readOn"))
            day = next((text[:10] for text in read if text), record.source.extracted)
            found.append(Told(day, record.source, record.iri, tuple(said[record.iri])))
        return sorted(found, key=lambda told: (not told.read, told.read, told.source.title, told.record))

    def _phase(self, iri: str) -> Phase:
        dates = (self.own.value(iri, tw(f"{side}{end}")) or "" for side in ("from", "until") for end in _ENDS)
        return Phase(iri.rpartition("#")[2], concept(self.own.value(iri, tw("status")) or "", "status"), *dates)

    def _called(self, iri: str) -> str | None:
        found = term_named(self.asker, iri, self.language)
        if found is not None:
            return found.label
        label = label_in(self.names, iri, self.language)
        return label.text if label is not None else short(iri)

    def _answered_in(self) -> SourceInfo | None:
        graphs = sorted(self.own.graphs(self.iri, tw("answeredBy")))
        info = self.about.graphs.get(graphs[0]) if graphs else None
        return self.about.source(info.source) if info is not None and info.source is not None else None

    def _flag(self, pair: str | None, name: str) -> bool | None:
        value = self.own.value(pair, tw(name)) if pair is not None else None
        return None if value is None else value == "true"


_ENDS = ("Earliest", "Latest")
_BARE_KINDS = {"", "unspecified", "twinning"}
_TWINNED = {
    ("were", True): later("%(parties)s were twinned %(when)s"),
    ("were", False): later("%(parties)s were twinned"),
    ("have been", True): later("%(parties)s have been twinned %(when)s"),
    ("are", True): later("%(parties)s are twinned %(when)s"),
    ("are", False): later("%(parties)s are twinned"),
}
"""What is said of the parties by tense, and whether a time is told."""
_PARTNERS = {
    ("were", True): later("%(parties)s were partners (%(kind)s) %(when)s"),
    ("were", False): later("%(parties)s were partners (%(kind)s)"),
    ("have been", True): later("%(parties)s have been partners (%(kind)s) %(when)s"),
    ("are", True): later("%(parties)s are partners (%(kind)s) %(when)s"),
    ("are", False): later("%(parties)s are partners (%(kind)s)"),
}


def sentence(
    parties: tuple[Party, ...],
    kind: str,
    status: str,
    dates: tuple[str, str, str],
    records: tuple[Record, ...],
    licence: Licence,
    release: Release,
    texts: Texts = ENGLISH,
) -> Sentence:
    """Who is twinned with whom, since when, who says so, and whether it has ended."""
    since, until, date = dates
    over = bool(until) or status == "ended"
    form, told = _held(kind, dates, texts, over=over)
    parts = list(filled(form, parties=_joined(parties, texts), **told))
    by = sources_words((record.source for record in records), texts)
    if by:
        parts.append(texts.gettext(", according to %(sources)s") % {"sources": by})
        parts.append("" if licence.open else f", {texts.gettext(licence.name)}")
    day = release.issued or release.id
    known = texts.gettext("the release of %(day)s") % {"day": day} if release.id else texts.gettext("this data")
    if not since and not date:
        form = (
            texts.gettext("; %(release)s does not know since when")
            if over
            else texts.gettext("; %(release)s does not know since when, and knows of no end")
        )
        parts.append(form % {"release": known})
    elif not over:
        parts.append(texts.gettext("; %(release)s knows of no end") % {"release": known})
    return Sentence((*parts, "."))


def _joined(parties: tuple[Party, ...], texts: Texts) -> list[str | Named]:
    """The parties with their countries, as a list in a sentence."""
    found: list[str | Named] = []
    for index, party in enumerate(parties):
        if index:
            found.append(texts.pgettext("list", " and ") if index == len(parties) - 1 else ", ")
        found += [party.place] if party.country is None else [party.place, " (", party.country, ")"]
    return found


def _held(kind: str, dates: tuple[str, str, str], texts: Texts, *, over: bool) -> tuple[str, dict[str, str]]:
    """What the parties are or were to each other, and when: a text with %(parties)s, and what else fills it."""
    since, until, date = dates
    if over:
        ends = (date_words(since, texts, "from") if since else "", date_words(until, texts, "until") if until else "")
        tense, when = "were", " ".join(filter(None, ends))
    elif since:
        tense, when = "have been", date_words(since, texts, "since")
    else:
        tense, when = "are", f"({in_words(date, texts)})" if date else ""
    form = _TWINNED if kind in _BARE_KINDS else _PARTNERS
    return texts.gettext(form[tense, bool(when)]), {"kind": texts.gettext(kind), "when": when}
