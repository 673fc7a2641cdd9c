"""The slice of a country or a place: its places, its agreements and their partners, as rows like those of the dumps.

Only what is CC0. A slice is made when it is asked for, with four queries; the largest country has some thousands of
agreements, so it is made in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twinld.errors import NotFound, nearest
from twinld.iris import place_iri
from twinld.publish.csvs import lines
from twinld.publish.index import Party, agreement_row
from twinld.publish.maps import agreement_features, collection, place_features
from twinld.publish.tables import AGREEMENTS, AgreementRow, PlaceRow
from twinld.site.ask import Asker, Facts, tw
from twinld.site.partners import place_names
from twinld.site.things import choose
from twinld.store import Store
from twinld.vocab import BASE, GEONAMES, ID, RDF, RDFS, TWV, WD, WGS

_PLACE: Final = f"{ID}place/"
_AGREEMENT: Final = f"{ID}agreement/"
_CONCEPTS: Final = ("kind", "status", "reciprocity")


@dataclass(frozen=True)
class CountrySlice:
    """Places and their partners, and their agreements with their parties, each by id."""

    places: list[PlaceRow]
    agreements: list[tuple[AgreementRow, list[Party]]]
    base: str

    def csv(self) -> str:
        """The agreements as CSV, for people: no cell is run as a formula by a spreadsheet."""
        return "".join(lines(AGREEMENTS, (row for row, _ in self.agreements), guarded=True))

    def geojson(self) -> str:
        """Places as points and agreements as lines."""
        found = [*place_features(self.places, self.base), *agreement_features(self.agreements, self.base)]
        return "".join(collection(found))


def country_slice(store: Store, code: str, base: str = BASE) -> CountrySlice:
    """The slice of a country by its ISO 3166-1 code; NotFound, with the nearest, for a code that no country has."""
    asker = Asker(store, base)
    country = f"{_PLACE}country-{code.lower()}"
    codes = asker.facts("slice_codes")
    if not codes.has(country):
        known = sorted(str(codes.value(iri, tw("isoCode"))).lower() for iri in codes.subjects())
        raise NotFound(f"{code!r} is the code of no country in this release; {nearest(code.lower(), known, 'codes')}")
    return _slice(asker, codes, country, "slice")


def place_slice(store: Store, slug: str, base: str = BASE) -> CountrySlice:
    """The slice of one place: itself, its agreements, their other parties; NotFound when there is no such place.

    A place of which the CC0 graphs say nothing has an empty slice.
    """
    asker = Asker(store, base)
    place = place_iri(slug)
    found = _slice(asker, asker.facts("slice_codes"), place, "slice_place")
    if not found.places and not place_names(asker).has(place) and not asker.facts("page_place", place=place).subjects():
        raise NotFound(f"there is no place {slug!r} in this release")
    return found


def _slice(asker: Asker, codes: Facts, thing: str, queries: str) -> CountrySlice:
    """What the three queries whose names begin with `queries` find about a country or a place."""
    said = asker.facts(f"{queries}_places", place=thing)
    places = {iri: _place(said, codes, iri) for iri in said.subjects() if iri.startswith(_PLACE)}
    agreements = asker.facts(f"{queries}_agreements", place=thing)
    sources = asker.facts(f"{queries}_sources", place=thing)
    rows = (_agreement(agreements, sources, places, iri) for iri in agreements.subjects())
    return CountrySlice(sorted(places.values()), sorted(rows), asker.base)


def _place(said: Facts, codes: Facts, iri: str) -> PlaceRow:
    label = choose(said.all(iri, f"{RDFS}label"))
    country = said.value(iri, tw("country")) or ""

    def value(predicate: str, start: str = "") -> str:
        return (said.value(iri, predicate) or "").removeprefix(start)

    return PlaceRow(
        iri.removeprefix(_PLACE),
        label.text if label is not None else "",
        (label.language or "") if label is not None else "",
        "country" if tw("Country") in {term.value for term in said.all(iri, f"{RDF}type")} else "place",
        country.removeprefix(_PLACE),
        value(tw("isoCode")) or codes.value(country, tw("isoCode")) or "",
        value(f"{WGS}lat"),
        value(f"{WGS}long"),
        value(tw("population")),
        value(tw("twinCount")),
        value(tw("wikidataItem"), WD),
        value(tw("p190Item"), WD),
        value(tw("geonamesFeature"), GEONAMES).rstrip("/"),
    )


def _agreement(said: Facts, sources: Facts, places: dict[str, PlaceRow], iri: str) -> tuple[AgreementRow, list[Party]]:
    members = sorted(term.value for term in said.all(iri, tw("party")))
    others = " ".join(member.removeprefix(ID) for member in members if member not in places)
    parties = [_party(places[member]) for member in members if member in places]
    concepts = ((said.value(iri, tw(name)) or "").removeprefix(f"{TWV}{name}-") for name in _CONCEPTS)
    days = (said.value(iri, tw(name)) or "" for name in ("start", "end", "date"))
    stated = sorted(term.value.removeprefix(f"{ID}source/") for term in sources.all(iri, tw("statedIn")))
    head = (iri.removeprefix(_AGREEMENT), *concepts, *days, others)
    return agreement_row(head, parties, " ".join(stated)), parties


def _party(row: PlaceRow) -> Party:
    item = row.p190_item or row.wikidata_item
    return Party(row.place, row.label, row.country_code, item, row.latitude, row.longitude)
