"""Place records to places: one value a field from the source of lowest rank, one label a language."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Final

from twinld.iris import Ledger, Wish, fold, place_iri
from twinld.mapping import write as w
from twinld.model import Finding, Place, PlaceFacts, Source, Statement
from twinld.resolve.agreements import Groups
from twinld.resolve.decisions import Decisions
from twinld.resolve.identity import Identity, is_local
from twinld.terms import edtf, iri, text
from twinld.vocab import TWV

_PREFERRED: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl")
_MAKE: Final = {"text": text, "address": iri, "date": edtf}
"""How a further value becomes a term, by what it is."""


class Countries:
    """Countries and territories of ISO 3166-1, found by item, code or name (docs/sources.md)."""

    def __init__(self, rows: Iterable[PlaceFacts], identity: Identity, decisions: Decisions) -> None:
        self.code_of: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        for record in rows:
            if record.iso_code is not None:
                key = identity.key(record.item)
                self.code_of.setdefault(key, record.iso_code)
                for _, label in record.labels:
                    self._by_name.setdefault(label, key)
        self._by_code = {code: key for key, code in self.code_of.items()}
        self.known_aliases = decisions.country_names
        self._identity = identity

    def key(self, stated: str) -> str | None:
        """The place of a country in a source's words (an item, a code, a name); None when it is none of ours."""
        if stated in self.known_aliases:
            return self._by_code.get(self.known_aliases[stated])
        by_item = self._identity.key(stated)
        if by_item in self.code_of:
            return by_item
        return self._by_code.get(stated) or self._by_name.get(stated)


def place_keys(statements: Iterable[Statement], identity: Identity, countries: Countries) -> set[str]:
    """The keys of all places of a release: those that a statement names, and every country."""
    named = {identity.key(item) for statement in statements for item in (statement.subject, statement.obj)}
    return named | countries.code_of.keys()


def rows_by_place(rows: Iterable[PlaceFacts], identity: Identity, keys: Set[str]) -> dict[str, list[PlaceFacts]]:
    """The rows about each of the places `keys`, the one whose values are shown first.

    Records of the place's own item come before those of another item that means it (the municipality), and
    those of a source of lower rank before others, as given; of two rows of one source see `_best_rows_first`.
    """
    found: dict[str, list[PlaceFacts]] = {}
    for record in rows:
        key = identity.key(record.item)
        if key in keys:
            found.setdefault(key, []).append(record)
    return {
        key: sorted(_best_rows_first(records), key=lambda record: record.item != key) for key, records in found.items()
    }


def mint_places(
    keys: Set[str],
    by_place: Mapping[str, list[PlaceFacts]],
    sources: Mapping[str, Source],
    identity: Identity,
    countries: Countries,
    ledger: Ledger,
    release: str,
) -> dict[str, str]:
    """The slug of every place: {key: slug}.

    The wanted slug is the English label, else another Latin label of known language, folded, and
    `country-xx` for a country; only CC0 sources are read for it.
    """
    ledger.merge("place", identity.merged(), release)
    wishes = []
    for key in keys:
        if key in countries.code_of:
            wishes.append(Wish(key, f"country-{countries.code_of[key].lower()}"))
            continue
        labels: dict[str, str] = {}
        code = ""
        for record in by_place.get(key, ()):
            if not sources[record.source].open:
                continue
            for tag, label in record.labels:
                labels.setdefault(tag, label)
            country = countries.key(record.country) if record.country is not None and not code else None
            code = countries.code_of[country] if country is not None else code
        wishes.append(Wish(key, fold(_name(labels)), code))
    return ledger.mint("place", wishes, release)


def _name(labels: Mapping[str, str]) -> str:
    """The label a slug is made of: English, else Latin in a language of known tag; empty for none."""
    others = sorted(tag for tag in labels if tag not in _PREFERRED and tag != "und")
    for tag in (*_PREFERRED, *others):
        if tag in labels and (tag == "en" or _latin(labels[tag])):
            return labels[tag]
    return ""


def _latin(label: str) -> bool:
    letters = [character for character in label if character.isalpha()]
    return bool(letters) and all(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def show_places(
    by_place: Mapping[str, list[PlaceFacts]],
    groups: Groups,
    sources: Mapping[str, Source],
    identity: Identity,
    countries: Countries,
    slugs: Mapping[str, str],
    findings: list[Finding],
) -> tuple[dict[str, Place], dict[str, dict[str, Place]]]:
    """The places of graph curated, and of facts/<source> for what only a source under another licence has.

    A place named only by such a source stands only in its graph, with what CC0 sources know of it. A source that
    fills gaps is kept apart in the same way, with all that it says; see `twinld.resolve.gaps`.
    """
    open_keys = set(countries.code_of)
    other_keys: dict[str, set[str]] = {}
    carrying: set[str] = set()
    stated = [(s, s.source) for found in groups.by_pair.values() for s in found]
    stated += [(s, s.source) for s, _, _ in groups.refuted]
    for statement, source in stated:
        for item in (statement.subject, statement.obj):
            key = identity.key(item)
            if sources[source].curated:
                open_keys.add(key)
                carrying.add(key)
            else:
                other_keys.setdefault(source, set()).add(key)
    former: dict[str, list[str]] = {}
    for old in identity.redirected:
        former.setdefault(identity.key(old), []).append(old)
    curated: dict[str, Place] = {}
    licensed: dict[str, dict[str, Place]] = {}
    for key, slug in slugs.items():
        records = by_place.get(key, [])
        free = [record for record in records if sources[record.source].curated]
        others = sorted({record.source for record in records} - {record.source for record in free})
        owners = sorted(name for name, keys in other_keys.items() if key in keys)
        carries = identity.p190.get(key, None if is_local(key) else key)
        if key not in open_keys:
            for name in owners:
                usable = [record for record in records if sources[record.source].curated or record.source == name]
                place = _shown(slug, key, carries, [], usable, countries, identity, slugs, findings)
                licensed.setdefault(name, {})[slug] = place
            continue
        p190_item = carries if key in carrying else None
        place = _shown(slug, key, p190_item, sorted(former.get(key, ())), free, countries, identity, slugs, findings)
        curated[slug] = place
        for name in sorted({*owners, *others}):
            own = [record for record in records if record.source == name]
            if sources[name].fills:
                carried = carries if name in owners else None
                filling = _shown(slug, key, carried, [], own, countries, identity, slugs, findings)
                licensed.setdefault(name, {})[slug] = filling
                continue
            more = replace(
                _lacking(place, own, identity, slugs),
                p190_item=carries if name in owners and p190_item is None else None,
                country=_country(key, own, countries, slugs, findings) if place.country is None else None,
            )
            if more != Place(slug):
                licensed.setdefault(name, {})[slug] = more
    return curated, licensed


def _lacking(base: Place, own: list[PlaceFacts], identity: Identity, slugs: Mapping[str, str]) -> Place:
    """What the rows of a source under another licence say of a place beyond `base`: fields that it lacks, labels in
    languages that it lacks (one of unknown language only where it has no label at all).
    """
    tags = {tag for tag, _ in base.labels}
    labels = {
        tag: label
        for row in reversed(own)
        for tag, label in row.labels
        if tag not in tags and (tag != "und" or not tags)
    }
    located = next((r for r in own if r.latitude is not None and r.longitude is not None), None)
    if base.latitude is not None:
        located = None
    known = {predicate for predicate, _ in base.more}
    return Place(
        base.slug,
        labels=tuple(sorted(labels.items())),
        latitude=located.latitude if located else None,
        longitude=located.longitude if located else None,
        population=next((r.population for r in own if r.population is not None), None)
        if base.population is None
        else None,
        geonames=next((r.geonames for r in own if r.geonames is not None), None) if base.geonames is None else None,
        more=tuple(sorted({p for r in own for p in _more(r, identity, slugs) if p[0] not in known})),
    )


def more_terms(record: PlaceFacts, identity: Identity, slugs: Mapping[str, str]) -> list[tuple[str, str]]:
    """The further values of a record as (predicate, value) terms; a place that is ours by its IRI of ours."""
    found = []
    for prop, value in record.more:
        predicate, kind = w.MORE[prop]
        if kind in {"place", "item"}:
            slug = slugs.get(identity.key(value)) if kind == "place" else None
            found.append((predicate, w.item_term(value) if slug is None else f"<{place_iri(slug)}>"))
        else:
            found.append((predicate, _MAKE[kind](value)))
    return found


def _more(record: PlaceFacts, identity: Identity, slugs: Mapping[str, str]) -> list[tuple[str, str]]:
    """The further values of a record, and its level: a place can have two, as a city that is a state."""
    return more_terms(record, identity, slugs) + ([] if record.level is None else [(w.LEVEL, level_term(record.level))])


def level_term(name: str) -> str:
    """A level by its short name, as a term."""
    return f"<{TWV}level-{name}>"


def _best_rows_first(records: list[PlaceFacts]) -> list[PlaceFacts]:
    """Records by rank of their source (as given); rows of one source that share an item by how near they are to
    where a better source puts the place, else the more populous first.
    """
    known = next((r for r in records if r.latitude is not None and r.longitude is not None), None)

    def order(indexed: tuple[int, PlaceFacts]) -> tuple[int, float, int, str]:
        _, record = indexed
        first = next(i for i, other in enumerate(records) if other.source == record.source)
        distance = 0.0
        if known is not None and known.source != record.source:
            distance = _rough_distance(known, record)
        return first, distance, -(record.population or 0), record.key

    if len(records) < 2:
        return records
    return [record for _, record in sorted(enumerate(records), key=order)]


def _rough_distance(one: PlaceFacts, other: PlaceFacts) -> float:
    """Degrees between two rows, good enough to order by; infinite when one has no point."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    along = abs(float(one.longitude - other.longitude))
    return math.hypot(float(one.latitude - other.latitude), min(along, 360 - along))


def _shown(
    slug: str,
    item: str | None,
    p190_item: str | None,
    former: list[str],
    records: list[PlaceFacts],
    countries: Countries,
    identity: Identity,
    slugs: Mapping[str, str],
    findings: list[Finding],
) -> Place:
    labels: dict[str, str] = {}
    for record in records:
        for tag, label in record.labels:
            labels.setdefault(tag, label)
    if labels.get("und") in {label for tag, label in labels.items() if tag != "und"}:
        del labels["und"]
    located = next((r for r in records if r.latitude is not None and r.longitude is not None), None)
    return Place(
        slug=slug,
        item=None if item is None or is_local(item) else item,
        p190_item=p190_item,
        alt_identifiers=tuple(former),
        labels=tuple(sorted(labels.items())),
        latitude=located.latitude if located else None,
        longitude=located.longitude if located else None,
        country=_country(item, records, countries, slugs, findings),
        population=next((r.population for r in records if r.population is not None), None),
        geonames=next((r.geonames for r in records if r.geonames is not None), None),
        iso_code=countries.code_of.get(item) if item is not None else None,
        aliases=tuple(sorted({alias for record in records for alias in record.aliases} - set(labels.items()))),
        more=tuple(sorted({pair for record in records for pair in _more(record, identity, slugs)})),
    )


def _country(
    item: str | None,
    records: list[PlaceFacts],
    countries: Countries,
    slugs: Mapping[str, str],
    findings: list[Finding],
) -> str | None:
    """The country that the source of lowest rank names and that is one of ours; a country has none itself."""
    if item is not None and item in countries.code_of:
        return None
    for record in records:
        if record.country is None:
            continue
        key = countries.key(record.country)
        if key is not None:
            return slugs[key]
        message = f"{record.country!r} is no country of ISO 3166-1; add the name to data/curated/country-names.csv"
        if record.country not in countries.known_aliases:
            findings.append(Finding("S04", "Warning", record.source, record.key, message, record.where, record.country))
    return None
