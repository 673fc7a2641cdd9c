"""Triples back to things: what `twinld.mapping.write` wrote, in any order; triples of other terms are left aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from twinld.dates import PartialDate
from twinld.mapping import write as w
from twinld.model import Agreement, Claim, Place, Provenance, SourceRecord
from twinld.terms import Term, Triple, parse
from twinld.vocab import GEONAMES, ID, PR, TWV, WD, WDS

T = TypeVar("T")


class _Properties:
    """The values of one subject, by predicate, each parsed once."""

    def __init__(self, subject: str, triples: Iterable[Triple]) -> None:
        self._terms: dict[str, list[Term]] = defaultdict(list)
        self._raw: dict[str, list[str]] = defaultdict(list)
        for s, p, o in triples:
            if s == subject:
                self._terms[p].append(parse(o))
                self._raw[p].append(o)

    def all(self, predicate: str, read: Callable[[str], T]) -> tuple[T, ...]:
        return tuple(read(term.value) for term in self._terms.get(predicate, ()))

    def one(self, predicate: str, read: Callable[[str], T]) -> T | None:
        values = self.all(predicate, read)
        if len(values) > 1:
            raise ValueError(f"{predicate} has {len(values)} values; one is right")
        return values[0] if values else None

    def terms(self, predicate: str) -> list[Term]:
        return self._terms.get(predicate, [])

    def raw(self, predicate: str) -> list[str]:
        return self._raw.get(predicate, [])


def _after(prefix: str) -> Callable[[str], str]:
    def strip(value: str) -> str:
        if not value.startswith(prefix):
            raise ValueError(f"{value!r} does not start with {prefix}")
        return value[len(prefix) :]

    return strip


_ITEM = _after(WD)
_PLACES = f"{ID}place/"
_PLACE = _after(_PLACES)
_ORGANISATION = _after(f"{ID}organisation/")


def place_from(slug: str, triples: Iterable[Triple]) -> Place:
    """The place of a slug; its labels sorted by tag. ValueError when a field has two values."""
    values = _Properties(f"<{ID}place/{slug}>", triples)
    return Place(
        slug=slug,
        item=values.one(w.ITEM, _ITEM),
        p190_item=values.one(w.P190_ITEM, _ITEM),
        alt_identifiers=tuple(sorted(values.all(w.ALT, _ITEM))),
        labels=tuple(sorted((term.language or "und", term.value) for term in values.terms(w.LABEL))),
        latitude=values.one(w.LAT, Decimal),
        longitude=values.one(w.LONG, Decimal),
        country=values.one(w.IN_COUNTRY, _PLACE),
        population=values.one(w.POPULATION, int),
        geonames=values.one(w.GEONAMES_FEATURE, lambda value: int(_after(GEONAMES)(value).rstrip("/"))),
        iso_code=values.one(w.ISO_CODE, str),
        aliases=tuple(sorted((term.language or "und", term.value) for term in values.terms(w.ALIAS))),
        more=tuple(
            sorted(
                (predicate, value)
                for predicate in (w.LEVEL, *(predicate for predicate, _ in w.MORE.values()))
                for value in values.raw(predicate)
            )
        ),
    )


def agreement_from(slug: str, triples: Iterable[Triple]) -> Agreement:
    """The agreement of a slug. ValueError when it has no kind, or two of it or of a date."""
    values = _Properties(f"<{ID}agreement/{slug}>", triples)
    kind = values.one(w.KIND, _after(f"{TWV}kind-"))
    if kind is None:
        raise ValueError(f"agreement {slug} has no kind; one is right")
    parties = values.all(w.PARTY, str)
    return Agreement(
        slug=slug,
        parties=tuple(sorted(iri.removeprefix(_PLACES) for iri in parties if iri.startswith(_PLACES))),
        organisations=tuple(sorted(_ORGANISATION(iri) for iri in parties if not iri.startswith(_PLACES))),
        kind=kind,
        local_term=values.one(w.LOCAL_TERM, _after(f"{TWV}term-")),
        start=values.one(w.START, PartialDate),
        end=values.one(w.END, PartialDate),
        date=values.one(w.DATE, PartialDate),
        themes=tuple(sorted(values.all(w.THEME, _after(f"{TWV}theme-")))),
    )


def record_from(source: str, key: str, triples: Iterable[Triple]) -> SourceRecord:
    """The source record of a key. ValueError when it has no locator."""
    triples = list(triples)
    values = _Properties(f"<{ID}record/{source}/{key}>", triples)
    locator = values.one(w.LOCATOR, str)
    if locator is None:
        raise ValueError(f"record {source}/{key} has no locator; one is right")
    statement = values.one(w.STATEMENT, _after(WDS))
    return SourceRecord(
        source=source,
        key=key,
        locator=locator,
        record_of=values.one(w.RECORD_OF, str),
        stated_by=values.one(w.STATED_BY, _PLACE),
        statement=statement.replace("-", "$", 1) if statement else None,
        quote=values.one(w.QUOTE, str),
        offset=values.one(w.OFFSET, int),
        read_on=values.one(w.READ_ON, str),
        provenance=_provenance(values, triples),
        as_of=values.one(w.AS_OF, PartialDate),
    )


def _provenance(values: _Properties, triples: Iterable[Triple]) -> Provenance | None:
    """Revision, time of reading and references of a record; None when it has none."""
    revision, retrieved = values.one(w.REVISION, int), values.one(w.RETRIEVED, str)
    if revision is None or retrieved is None:
        return None
    nodes = sorted(values.all(w.REFERENCE, str), key=lambda node: int(node.rpartition("-")[2]))
    references = []
    for node in nodes:
        found = [(p[1 + len(PR) : -1], parse(o).value.removeprefix(WD)) for s, p, o in triples if s == f"<{node}>"]
        references.append(tuple(sorted(found)))
    return Provenance(revision, retrieved, tuple(references))


def claim_from(source: str, key: str, name: str, triples: Iterable[Triple]) -> Claim:
    """The claim `name` of a record. ValueError when it is not whole."""
    subject = f"<{ID}record/{source}/{key}#{name}>"
    found = {p: o for s, p, o in triples if s == subject}
    try:
        value = found[w.OBJECT] if w.OBJECT in found else found[w.VALUE]
        return Claim((source, key), name, found[w.SUBJECT], found[w.PREDICATE], value)
    except KeyError as error:
        raise ValueError(f"claim {source}/{key}#{name} has no {error.args[0]}; one is right") from None
