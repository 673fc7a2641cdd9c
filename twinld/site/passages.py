"""What documents and web pages say, passage by passage: words, place, verdict, claims, and what each names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from twinld.site.about import about
from twinld.site.ask import Asker, Facts, once, tw
from twinld.site.called import names_of, short
from twinld.site.claims import value_of
from twinld.site.things import LANGUAGE, Label, Named, SourceInfo, Value, choose
from twinld.site.words import concept
from twinld.terms import Term
from twinld.vocab import RDF, TW

ACCEPTED: Final = "accepted"
"""The verdict of a record that the project has not judged otherwise."""


@dataclass(frozen=True)
class Said:
    """One value that a passage states; `target` is the thing it names, None when it is a text or number."""

    iri: str
    subject: Named
    predicate: Named
    value: Value
    target: Named | None

    @property
    def name(self) -> str:
        """The fragment that its IRI adds to that of its record."""
        return self.iri.partition("#")[2]


@dataclass(frozen=True)
class Other:
    """Another passage that says the same or the contrary."""

    record: str
    words: Label | None
    source: SourceInfo


@dataclass(frozen=True)
class Passage:
    """What one document or page says in one place.

    `words` are None where a page was read and is not quoted; `offset` counts the characters before them.
    """

    record: str
    source: SourceInfo
    words: Label | None
    offset: int | None
    locator: str
    read_on: str
    verdict: str
    notes: tuple[Label, ...]
    about: tuple[Named, ...]
    resolved: tuple[Named, ...]
    claims: tuple[Said, ...]
    contradicts: tuple[Other, ...]
    corroborates: tuple[Other, ...]

    @property
    def key(self) -> str:
        """Source and key, as its address has them: "mikhailova-2013/s002-16"."""
        return short(self.record).removeprefix("record/")


@dataclass(frozen=True)
class _Index:
    """All passages as facts, and where to find them."""

    facts: Facts
    records: tuple[str, ...]
    claims: dict[str, list[str]]
    about: dict[str, list[str]]
    naming: dict[str, list[str]]
    names: dict[str, Facts]


class Passages:
    """All passages of documents and web pages in a store; read once of a store that cannot change.

    The names of what they name are asked when they are first read, and kept likewise.
    """

    def __init__(self, asker: Asker, language: str = LANGUAGE) -> None:
        self._asker, self._language = asker, language
        self._about = about(asker)
        self._index = once(asker.store, ("passages", asker.base), lambda: _index(asker.facts("page_passages")))

    def all(self, source: str = "", verdict: str = "") -> list[str]:
        """The records of passages, by document and key; of one source (its IRI) and one verdict (its word)."""
        index = self._index
        return [
            record
            for record in index.records
            if (not source or index.facts.value(record, tw("statedIn")) == source)
            and (not verdict or self.verdict(record) == verdict)
        ]

    def verdict(self, record: str) -> str:
        """The word of the verdict on a passage."""
        found = self._index.facts.value(record, tw("verdict"))
        return concept(found, "verdict") if found is not None else ACCEPTED

    def source(self, record: str) -> str:
        """The IRI of the document or page that a passage is from."""
        return self._index.facts.value(record, tw("statedIn")) or ""

    def naming(self, thing: str) -> list[str]:
        """The records of passages that name a thing or a fragment of it, make a claim of it, or were resolved to it."""
        return self._index.naming.get(thing, [])

    def has(self, record: str) -> bool:
        """Whether a record is a passage of a document or web page."""
        return record in self._index.records

    def words(self, record: str) -> Label | None:
        """The exact words of a passage, None when there are none."""
        quote = choose(self._index.facts.all(record, tw("quote")), self._language)
        return Label(quote.text, quote.language) if quote is not None else None

    def read(self, records: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of these records, in this order, with the names of all that they name."""
        records = list(records)
        index = self._index
        wanted: set[str] = set()
        for record in records:
            wanted.update(index.about.get(record, ()), self._resolved(record))
            for claim in index.claims.get(record, ()):
                wanted.update(
                    term.value
                    for name in ("claimSubject", "claimPredicate", "claimObject")
                    for term in index.facts.all(claim, tw(name))
                )
        names = names_of(self._asker, wanted, self._language, index.names)
        return tuple(self._passage(record, names) for record in records)

    def _resolved(self, record: str) -> list[str]:
        return sorted(term.value for term in self._index.facts.all(record, tw("recordOf")))

    def _passage(self, record: str, names: dict[str, Named]) -> Passage:
        facts = self._index.facts
        offset = facts.value(record, tw("quoteOffset"))
        notes = sorted(facts.all(record, tw("reviewNote")), key=lambda term: term.value)
        claims = (self._said(claim, names) for claim in self._index.claims.get(record, ()))
        return Passage(
            record=record,
            source=self._about.source(self.source(record)),
            words=self.words(record),
            offset=int(offset) if offset is not None else None,
            locator=facts.value(record, tw("locator")) or "",
            read_on=facts.value(record, tw("readOn")) or "",
            verdict=self.verdict(record),
            notes=tuple(Label(term.value, term.language) for term in notes),
            about=_told_apart(names[iri] for iri in self._index.about.get(record, ())),
            resolved=tuple(names[iri] for iri in self._resolved(record)),
            claims=tuple(sorted(claims, key=lambda said: (said.subject.label, said.predicate.label, said.value.text))),
            contradicts=self._others(record, "contradicts"),
            corroborates=self._others(record, "corroborates"),
        )

    def _said(self, claim: str, names: dict[str, Named]) -> Said:
        facts = self._index.facts
        subject, predicate = (_iri(facts, claim, name) for name in ("claimSubject", "claimPredicate"))
        value = facts.one(claim, tw("claimObject")) or facts.one(claim, tw("claimValue")) or Term("literal", "")
        target = names.get(value.value) if value.kind == "iri" else None
        return Said(
            iri=claim,
            subject=names.get(subject) or Named(subject, short(subject)),
            predicate=names.get(predicate) or Named(predicate, short(predicate)),
            value=value_of(value),
            target=target,
        )

    def _others(self, record: str, predicate: str) -> tuple[Other, ...]:
        others = sorted({term.value.partition("#")[0] for term in self._index.facts.all(record, tw(predicate))})
        return tuple(Other(other, self.words(other), self._about.source(self.source(other))) for other in others)


def _iri(facts: Facts, claim: str, name: str) -> str:
    return facts.value(claim, tw(name)) or ""


def _told_apart(things: Iterable[Named]) -> tuple[Named, ...]:
    """Things by label; those of one label say of what type they are or, if that is the same, which slug they have."""
    found = sorted(things, key=_by_label)
    alike: dict[str, list[str]] = defaultdict(list)
    for thing in found:
        alike[thing.label].append(short(thing.iri))
    return tuple(replace(thing, label=f"{thing.label}{_mark(short(thing.iri), alike[thing.label])}") for thing in found)


def _mark(own: str, alike: list[str]) -> str:
    if len(alike) == 1:
        return ""
    type_, _, slug = own.partition("/")
    return f" ({slug if sum(other.startswith(f'{type_}/') for other in alike) > 1 else type_})"


def _by_label(thing: Named) -> tuple[str, str]:
    return thing.label.casefold(), thing.iri


def _index(facts: Facts) -> _Index:
    records = facts.pointing(f"{RDF}type", tw("SourceRecord"))
    documents = {facts.value(record, tw("statedIn")) for record in records if facts.value(record, tw("quoteOffset"))}
    records.sort(key=lambda record: (facts.value(record, tw("statedIn")) not in documents, record))
    claims: dict[str, list[str]] = defaultdict(list)
    about_: dict[str, list[str]] = defaultdict(list)
    naming: dict[str, dict[str, None]] = defaultdict(dict)
    for subject in facts.subjects():
        for owner in facts.all(subject, tw("fromRecord")):
            claims[owner.value].append(subject)
        for naming_record in facts.all(subject, tw("evidence")):
            about_[naming_record.value].append(subject)
    for record in records:
        things = [*about_.get(record, ()), *(term.value for term in facts.all(record, tw("recordOf")))]
        for claim in claims.get(record, ()):
            things += [term.value for name in ("claimSubject", "claimObject") for term in facts.all(claim, tw(name))]
        for thing in things:
            if not thing.startswith(TW):
                naming[thing][record] = None
                naming[thing.partition("#")[0]][record] = None
    return _Index(facts, tuple(records), claims, about_, {thing: list(found) for thing, found in naming.items()}, {})
