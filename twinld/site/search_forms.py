"""Results of a search in other forms: as rows for spreadsheets, as JSON, and as the same question in SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from twinld.publish.csvs import lines
from twinld.publish.tables import Column, Table
from twinld.queries import with_prefixes
from twinld.search import Index, find
from twinld.search.index import BOND
from twinld.search.material import NONE
from twinld.site.search import BondHit, Hit, SearchPage, everything
from twinld.site.things import LANGUAGE
from twinld.site.wish import AGREEMENT, Wish
from twinld.terms import text as literal
from twinld.vocab import BASE, CC0, ID, rebase

LISTED: Final = 100
"""So many things that fit a text stand one by one in a query; of more, names are compared."""
_THINGS: Final = Table(
    "search", "Results of a search", "Things that were found, the best first", f"{ID}{{id}}",
    (
        Column("id", "Id", "The end of its IRI", required=True),
        Column("label", "Name", "In the language that was asked for, else as in the dumps"),
        Column("language", "Language of the name", "Its language tag"),
        Column("type", "Type", "place, country, network, organisation, person, event, instrument or source"),
        Column("country", "Country", "The name of its country"),
        Column("country_code", "Country code", "ISO 3166-1 code of that country"),
        Column("population", "Population", "How many people live there", "integer"),
        Column("twin_count", "Twins", "How many places it is or was twinned with", "integer"),
        Column("wikidata_item", "Wikidata item", "Its item"),
        Column("how", "How it fits", "exact, begins, words, sounds or near"),
        Column("matched", "Name that fits", "Where that is not the name shown"),
        Column("licences", "Licences", "Addresses of the licences of what is not CC0 of it", many=True),
    ),
)  # fmt: skip
_BONDS: Final = Table(
    "search", "Results of a search", "Agreements that were found, by the names of their parties",
    f"{ID}agreement/{{agreement}}",
    (
        Column("agreement", "Agreement", "The id of the agreement, the end of its IRI", required=True),
        Column("parties", "Parties", "Their names"),
        Column("country_codes", "Country codes", "ISO 3166-1 codes of the countries of the parties", many=True),
        Column("kind", "Kind", "Such as twinning"),
        Column("status", "Status", "Such as presumed active"),
        Column("start", "Start", "EDTF date"),
        Column("end", "End", "EDTF date"),
        Column("date", "Date", "EDTF date"),
        Column("stated", "Stated", "both, one-sided or unknown"),
        Column("licence", "Licence", "Its licence"),
        Column("sources", "Sources", "The sources with a record of it", many=True),
        Column("licences", "Licences", "Addresses of the licences of what is not CC0 of its parties", many=True),
    ),
)  # fmt: skip


def search_csv(index: Index, wish: Wish, language: str = LANGUAGE) -> str:
    """All results as CSV, for people: no cell is run as a formula by a spreadsheet."""
    hits, bonds = everything(index, wish, language)
    if wish.unit == BOND:
        return "".join(lines(_BONDS, map(_bond_row, bonds), guarded=True))
    return "".join(lines(_THINGS, map(_hit_row, hits), guarded=True))


def _hit_row(hit: Hit) -> list[str]:
    return [
        hit.thing.iri.removeprefix(ID), hit.thing.label, hit.thing.language or "", hit.type,
        hit.country.label if hit.country is not None else "", hit.country_code, str(hit.population or ""),
        str(hit.twins), hit.item, hit.how, hit.matched.text if hit.matched is not None else "",
        " ".join(licence.iri for licence in hit.licences),
    ]  # fmt: skip


def _bond_row(bond: BondHit) -> list[str]:
    return [
        bond.iri.removeprefix(f"{ID}agreement/"), " – ".join(party.label for party in bond.parties),
        " ".join(filter(None, bond.countries)), bond.kind, bond.status, bond.since, bond.until, bond.date, bond.stated,
        bond.licence.name, " ".join(bond.sources), " ".join(licence.iri for licence in bond.licences),
    ]  # fmt: skip


def hit_object(hit: Hit, base: str = BASE) -> dict[str, Any]:
    """A thing as a JSON object; `licences` are there when not all of it is CC0."""
    found: dict[str, Any] = {
        "iri": rebase(hit.thing.iri, base),
        "path": f"/{hit.thing.iri.removeprefix(ID)}",
        "type": hit.type,
        "label": hit.thing.label,
        "language": hit.thing.language,
        "country": hit.country.label if hit.country is not None else None,
        "country_code": hit.country_code or None,
        "population": hit.population or None,
        "twins": hit.twins,
        "wikidata": hit.item or None,
    }
    if hit.how:
        found["how"] = hit.how
    if hit.matched is not None:
        found["matched"] = {"text": hit.matched.text, "language": hit.matched.language}
    if hit.licences:
        found["licences"] = [licence.iri for licence in hit.licences]
    return found


def bond_object(bond: BondHit, base: str = BASE) -> dict[str, Any]:
    """An agreement as a JSON object; `licences` are there when not all of its parties is CC0."""
    found: dict[str, Any] = {
        "iri": rebase(bond.iri, base),
        "path": f"/{bond.iri.removeprefix(ID)}",
        "type": AGREEMENT,
        "parties": [{"iri": rebase(party.iri, base), "label": party.label} for party in bond.parties],
        "country_codes": [code or None for code in bond.countries],
        "kind": bond.kind or None,
        "status": bond.status or None,
        "start": bond.since or None,
        "end": bond.until or None,
        "date": bond.date or None,
        "stated": bond.stated,
        "licence": bond.licence.iri,
        "sources": list(bond.sources),
    }
    if bond.licences:
        found["licences"] = [licence.iri for licence in bond.licences]
    return found


def page_object(page: SearchPage, base: str = BASE) -> dict[str, Any]:
    """A page of results as a JSON object, with its facets."""
    return {
        "q": page.wish.q,
        "facets_chosen": dict(page.wish.facets),
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "dated": page.dated,
        "results": [
            *(hit_object(hit, base) for hit in page.hits),
            *(bond_object(bond, base) for bond in page.bonds),
        ],
        "between": [bond_object(bond, base) for bond in page.between],
        "left_out": list(page.left_out),
        "near": [{"iri": rebase(thing.iri, base), "label": thing.label} for thing in page.near],
        "facets": {
            group.name: [
                {"value": choice.value, "title": choice.title.label, "count": choice.number} for choice in group.choices
            ]
            for group in page.groups
        },
    }


def as_sparql(index: Index, wish: Wish, base: str = BASE) -> str:
    """The question that a wish asks, in SPARQL: the same things or agreements, in no order.

    What fits the text stands in it one by one, since no engine compares names as this search does; only where more
    than LISTED things fit are the starts of names compared, letter by letter.
    """
    about = "agreement" if wish.unit == BOND else "thing"
    parts = [
        *(_agreements(wish) if wish.unit == BOND else _things(wish)),
        *(_text(index, wish) if wish.q else ()),
    ]
    body = "".join(f"  {part}\n" for part in parts)
    asked = f"# {wish.query()}\n".replace("%0A", " ")
    return asked + with_prefixes(f"SELECT DISTINCT ?{about} WHERE {{\n{body}}}\n", base)


def _text(index: Index, wish: Wish) -> Iterator[str]:
    found = find(index, wish.q)
    things = [thing for thing, _ in found.ranked]
    if wish.unit == BOND:
        things = found.exact or things
    if len(things) <= LISTED:
        rows = index.things(things)
        iris = " ".join(f"<{ID}{rows[thing].path}>" for thing in things)
        if wish.unit != BOND:
            yield f"VALUES ?thing {{ {iris} }}"
            return
        bonds = index.bonds(found.bonds).values()
        between = " ".join(f"<{ID}agreement/{bond.slug}>" for bond in bonds)
        named = f"VALUES ?named {{ {iris} }} GRAPH ?n {{ ?agreement tw:party ?named }}"
        yield f"{{ {named} }} UNION {{ VALUES ?agreement {{ {between} }} }}" if between else named
        return
    start = literal(wish.q.lower())
    name = "?named" if wish.unit == BOND else "?thing"
    if wish.unit == BOND:
        yield "GRAPH ?n { ?agreement tw:party ?named }"
    yield f"GRAPH ?l {{ {name} rdfs:label ?name FILTER(STRSTARTS(LCASE(STR(?name)), {start})) }}"


_CLASSES: Final = {"country": "tw:Country", "place": "tw:Place", "source": "tw:Source"}
_NAMED: Final = "GRAPH ?g { ?thing a tw:Agreement } GRAPH ?l { ?thing rdfs:label ?name }"


def _things(wish: Wish) -> Iterator[str]:
    type_ = wish.value("type")
    if type_ == "named-agreement":
        yield _NAMED
    elif type_ in _CLASSES:
        yield f"GRAPH ?g {{ ?thing a {_CLASSES[type_]} }}"
        if type_ == "place":
            yield "MINUS { GRAPH ?i { ?thing tw:isoCode ?code } }"
    elif type_ or not wish.q:
        of = type_ or "place|network|organisation|person|event|instrument|source"
        of_types = f'GRAPH ?g {{ ?thing a ?class }} FILTER(REGEX(STR(?thing), "^{ID}({of})/[^#]+$"))'
        yield of_types if type_ else f"{{ {of_types} }} UNION {{ {_NAMED} }}"
    country, network, source = (wish.value(name) for name in ("country", "network", "source"))
    if country == NONE:
        yield "GRAPH ?p { ?thing a tw:Place }"
        yield "MINUS { GRAPH ?c { ?thing tw:country ?country } }"
        yield "MINUS { GRAPH ?i { ?thing tw:isoCode ?code } }"
    elif country:
        yield f"GRAPH ?c {{ ?thing tw:country <{ID}place/country-{country}> }}"
    if network:
        yield f"GRAPH ?m {{ ?membership tw:member ?thing ; tw:network <{ID}network/{network}> }}"
    if source:
        yield f"GRAPH ?s {{ ?record tw:recordOf ?thing ; tw:statedIn <{ID}source/{source}> }}"


def _agreements(wish: Wish) -> Iterator[str]:
    yield "GRAPH ?g { ?agreement tw:party ?party }"
    chosen = dict(wish.facets)
    for name in ("status", "kind"):
        value = chosen.get(name)
        if value == NONE:
            yield f"MINUS {{ GRAPH ?{name} {{ ?agreement tw:{name} ?of }} }}"
        elif value:
            yield f"GRAPH ?{name} {{ ?agreement tw:{name} <{BASE}vocab/{name}-{value}> }}"
    yield from _decade(chosen.get("decade", ""))
    yield from _sides(chosen.get("stated", ""))
    licence = chosen.get("licence")
    if licence == "cc0":
        yield f"GRAPH graph:release {{ ?g dcterms:license <{CC0}> }}"
    elif licence:
        yield "GRAPH graph:release { ?g dcterms:license ?licence }"
        yield f'FILTER(CONTAINS(STR(?licence), "/{_licence_path(licence)}"))'
    country, network, source = (chosen.get(name) for name in ("country", "network", "source"))
    if country == NONE:
        yield "GRAPH ?w { ?agreement tw:party ?where }"
        yield "MINUS { GRAPH ?c { ?where tw:country|tw:isoCode ?country } }"
    elif country:
        home = f"<{ID}place/country-{country}>"
        yield f"{{ GRAPH ?w {{ ?agreement tw:party ?where }} GRAPH ?c {{ ?where tw:country {home} }} }}"
        yield f"UNION {{ GRAPH ?w {{ ?agreement tw:party {home} }} }}"
    if network:
        yield "GRAPH ?w2 { ?agreement tw:party ?member }"
        yield f"GRAPH ?m {{ ?membership tw:member ?member ; tw:network <{ID}network/{network}> }}"
    if source == NONE:
        yield "MINUS { GRAPH ?s { ?record tw:recordOf ?agreement } }"
    elif source:
        yield f"GRAPH ?s {{ ?record tw:recordOf ?agreement ; tw:statedIn <{ID}source/{source}> }}"


def _licence_path(code: str) -> str:
    name, _, version = code.removeprefix("cc-").rpartition("-")
    return f"{name}/{version}/" if code.startswith("cc-") else code


def _decade(value: str) -> Iterable[str]:
    if value == NONE:
        return ["MINUS { GRAPH ?d { ?agreement tw:startDecade ?decade } }"]
    return [f"GRAPH ?d {{ ?agreement tw:startDecade {int(value)} }}"] if value else []


def _sides(value: str) -> Iterable[str]:
    mutual = "GRAPH ?r { ?agreement tw:reciprocity twv:reciprocity-mutual }"
    one_sided = "GRAPH ?r { ?agreement tw:reciprocity twv:reciprocity-one-sided }"
    answered = "GRAPH ?a { ?agreement tw:answeredBy ?side }"
    return {
        "both": [f"{{ {mutual} }} UNION {{ {answered} }}"],
        "one-sided": [one_sided, f"MINUS {{ {answered} }}"],
        "unknown": [f"MINUS {{ {mutual} }}", f"MINUS {{ {one_sided} }}", f"MINUS {{ {answered} }}"],
    }.get(value, [])
