"""Wikidata's RDF model for tests (mediawiki.org, Wikibase/Indexing/RDF Dump Format): documents and facts as triples.

Statement nodes with ranks, qualifiers, value nodes with precision and calendar, references, unknown and no value,
redirects, revisions on the item as the query service has them. What is real is taken from real documents and
extracts; ids of statements that the extracts have dropped are made of their content.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from twinld.ingest.takeover.entities import _TAGS, label_texts
from twinld.terms import decimal, iri, lang, text, typed
from twinld.vocab import OWL, PROV, RDF, RDFS, SKOS, WD, WDS, XSD

PROP = "http://www.wikidata.org/prop/"
WIKIBASE = "http://wikiba.se/ontology#"
WDV = "http://www.wikidata.org/value/"
WDREF = "http://www.wikidata.org/reference/"
GENID = "http://www.wikidata.org/.well-known/genid/"
HTTP_SCHEMA = "http://schema.org/"
GEO_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
GREGORIAN = WD + "Q1985727"
EARTH = WD + "Q2"
RANKS = {"preferred": "PreferredRank", "normal": "NormalRank", "deprecated": "DeprecatedRank"}
Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Time:
    """A Wikibase time: `value` as in JSON without its sign (1983-00-00); precision 9 year, 10 month, 11 day."""

    value: str
    precision: int
    calendar: str = GREGORIAN


@dataclass(frozen=True)
class Point:
    latitude: str
    longitude: str
    globe: str = EARTH


@dataclass(frozen=True)
class Special:
    """`somevalue` (exists, unknown) or `novalue`."""

    kind: str


@dataclass(frozen=True)
class Item:
    qid: str


@dataclass(frozen=True)
class Number:
    amount: str


@dataclass(frozen=True)
class Url:
    address: str


@dataclass(frozen=True)
class Text:
    value: str


Value = Time | Point | Special | Item | Number | Url | Text


@dataclass(frozen=True)
class Fact:
    """One statement. A reference is a tuple of (property, value)."""

    item: str
    prop: str
    value: Value
    guid: str = ""
    rank: str = "normal"
    qualifiers: tuple[tuple[str, Value], ...] = ()
    references: tuple[tuple[tuple[str, Value], ...], ...] = ()

    @property
    def id(self) -> str:
        made = uuid.uuid5(uuid.NAMESPACE_URL, repr((self.item, self.prop, self.value, self.qualifiers)))
        return self.guid or f"{self.item}${str(made).upper()}"


@dataclass
class Entity:
    """One item: names, revision, facts. With `target` it is a redirect and has nothing else."""

    qid: str
    revision: int = 1
    modified: str = "2022-01-09T00:00:00Z"
    labels: dict[str, str] = field(default_factory=dict)
    aliases: set[tuple[str, str]] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    target: str = ""


def wd(qid: str) -> str:
    return f"<{WD}{qid}>"


def entity_triples(entity: Entity) -> Iterator[Triple]:
    subject = wd(entity.qid)
    if entity.target:
        yield subject, f"<{OWL}sameAs>", wd(entity.target)
        return
    yield subject, f"<{RDF}type>", f"<{WIKIBASE}Item>"
    yield subject, f"<{HTTP_SCHEMA}version>", typed(str(entity.revision), f"{XSD}integer")
    yield subject, f"<{HTTP_SCHEMA}dateModified>", typed(entity.modified, f"{XSD}dateTime")
    yield subject, f"<{WIKIBASE}statements>", typed(str(len(entity.facts)), f"{XSD}integer")
    for tag, label in entity.labels.items():
        yield subject, f"<{RDFS}label>", lang(label, tag)
        yield subject, f"<{SKOS}prefLabel>", lang(label, tag)
        yield subject, f"<{HTTP_SCHEMA}name>", lang(label, tag)
    for tag, alias in entity.aliases:
        yield subject, f"<{SKOS}altLabel>", lang(alias, tag)
    best = {fact.prop for fact in entity.facts if fact.rank == "preferred"}
    for fact in entity.facts:
        yield from fact_triples(fact)
        if isinstance(fact.value, Special):
            continue
        if fact.rank == "preferred" or (fact.rank == "normal" and fact.prop not in best):
            yield subject, f"<{PROP}direct/{fact.prop}>", simple(fact.value, fact.id)


def fact_triples(fact: Fact) -> Iterator[Triple]:
    node = f"<{WDS}{fact.id.replace('$', '-', 1)}>"
    yield wd(fact.item), f"<{PROP}{fact.prop}>", node
    yield node, f"<{RDF}type>", f"<{WIKIBASE}Statement>"
    yield node, f"<{WIKIBASE}rank>", f"<{WIKIBASE}{RANKS[fact.rank]}>"
    yield from snak(node, "statement", fact.prop, fact.value, fact.id)
    for prop, value in fact.qualifiers:
        yield from snak(node, "qualifier", prop, value, fact.id)
    for snaks in fact.references:
        ref = f"<{WDREF}{hashlib.sha1(repr(snaks).encode()).hexdigest()}>"
        yield node, f"<{PROV}wasDerivedFrom>", ref
        yield ref, f"<{RDF}type>", f"<{WIKIBASE}Reference>"
        for prop, value in snaks:
            yield from snak(ref, "reference", prop, value, fact.id)


def snak(node: str, kind: str, prop: str, value: Value, seed: str) -> Iterator[Triple]:
    if isinstance(value, Special) and value.kind == "novalue":
        yield node, f"<{RDF}type>", f"<{PROP}novalue/{prop}>"
        return
    yield node, f"<{PROP}{kind}/{prop}>", simple(value, seed + prop)
    full = hashlib.sha1(repr(value).encode()).hexdigest()
    value_node = f"<{WDV}{full}>"
    if isinstance(value, Time):
        yield node, f"<{PROP}{kind}/value/{prop}>", value_node
        yield value_node, f"<{RDF}type>", f"<{WIKIBASE}TimeValue>"
        yield value_node, f"<{WIKIBASE}timeValue>", simple(value, seed)
        yield value_node, f"<{WIKIBASE}timePrecision>", typed(str(value.precision), f"{XSD}integer")
        yield value_node, f"<{WIKIBASE}timeTimezone>", typed("0", f"{XSD}integer")
        yield value_node, f"<{WIKIBASE}timeCalendarModel>", iri(value.calendar)
    elif isinstance(value, Point):
        yield node, f"<{PROP}{kind}/value/{prop}>", value_node
        yield value_node, f"<{RDF}type>", f"<{WIKIBASE}GlobecoordinateValue>"
        yield value_node, f"<{WIKIBASE}geoLatitude>", typed(value.latitude, f"{XSD}double")
        yield value_node, f"<{WIKIBASE}geoLongitude>", typed(value.longitude, f"{XSD}double")
        yield value_node, f"<{WIKIBASE}geoGlobe>", iri(value.globe)


def simple(value: Value, seed: str) -> str:
    """A value as ps: and wdt: have it: a time is widened to its first second, which loses its precision."""
    match value:
        case Special():
            return f"<{GENID}{hashlib.sha1(seed.encode()).hexdigest()}>"
        case Item(qid):
            return iri(qid if "://" in qid else WD + qid)
        case Time(stamp, _, _):
            return typed(stamp.replace("-00", "-01") + "T00:00:00Z", f"{XSD}dateTime")
        case Point(latitude, longitude, globe):
            prefix = "" if globe == EARTH else f"<{globe}> "
            return typed(f"{prefix}Point({longitude} {latitude})", GEO_WKT)
        case Number(amount):
            return decimal_text(amount)
        case Url(address):
            return iri(address)
        case Text(words):
            return text(words)
    raise AssertionError(value)


def decimal_text(amount: str) -> str:
    from decimal import Decimal

    return decimal(Decimal(amount.lstrip("+")))


# ------------------------------------------------------------------------------------------ real documents


def entity_of(document: dict[str, Any]) -> Entity:
    """An entity from its JSON document, in all forms from 2014 on."""
    qid = document["id"]
    entity = Entity(qid, int(document.get("lastrevid") or 1), document.get("modified") or "2018-01-12T00:00:00Z")
    entity.labels = label_texts(document)
    for tag, found in (document.get("aliases") or {}).items():
        rows: Iterable[Any] = found.values() if isinstance(found, dict) else found
        entity.aliases |= {(_TAGS.get(tag, tag), row["value"]) for row in rows}
    for prop, statements in document.get("claims", {}).items():
        for statement in statements:
            value = _value(statement["mainsnak"])
            if value is None:
                continue
            qualifiers = tuple(
                (name, found)
                for name, snaks in statement.get("qualifiers", {}).items()
                for one in snaks
                if (found := _value(one)) is not None
            )
            references = tuple(
                snaks for ref in statement.get("references", []) if (snaks := tuple(_snaks(ref.get("snaks", {}))))
            )
            rank = statement.get("rank", "normal")
            entity.facts.append(Fact(qid, prop, value, statement["id"], rank, qualifiers, references))
    return entity


def _snaks(snaks: dict[str, Any]) -> Iterator[tuple[str, Value]]:
    for prop, found in snaks.items():
        for one in found:
            value = _value(one)
            if value is not None:
                yield prop, value


def _value(one: dict[str, Any]) -> Value | None:
    if one.get("snaktype", "value") != "value":
        return Special(one["snaktype"])
    data = one["datavalue"]
    value = data["value"]
    match data["type"]:
        case "wikibase-entityid" if value.get("entity-type", "item") == "item":
            return Item(value.get("id") or f"Q{value['numeric-id']}")
        case "time":
            sign, rest = value["time"][0], value["time"][1:].partition("T")[0]
            year, month, day = rest.rsplit("-", 2)
            stamp = ("-" if sign == "-" else "") + f"{int(year):04d}-{month}-{day}"
            return Time(stamp, value["precision"], value.get("calendarmodel", GREGORIAN))
        case "globecoordinate":
            return Point(str(value["latitude"]), str(value["longitude"]), value.get("globe") or EARTH)
        case "quantity":
            return Number(value["amount"])
        case "string":
            if one.get("datatype") == "url" and not any(c in value for c in ' <>"{}|\\^`'):
                return Url(value)
            return Text(value)
    return None
