"""One-sided statements, each with a class and with the evidence that it rests on.

A class says what the extracts show, never more. What no extract can tell (whether an item was merged, whether a
statement is referenced, whether it came in bulk from one editor) is `ask the live service`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from twinld.enrich.evidence import Extract, Known, Pair

ASK: Final = "ask the live service"
CLASSES: Final = {
    "deprecated": "the statement is refuted, or deprecated by Wikidata",
    "ended": "a source gives an end",
    "exclusive": "the other side says that it has one partner only, and this is another",
    "sister-item": "the reciprocal stands on an item of the same name (settlement and municipality)",
    "other-level": "the two are of different administrative levels, by what they are or are called",
    "side-unknown": "the other side has no statement in any extract: perhaps it was never read",
    "plausible": "another extract or a reference has the pair too, and nothing speaks against it",
    "other-partners": "the other side names partners, and not this one",
}
"""Every class with what it means; the first that holds is a case's."""

_LEVELS: Final = {
    "first": (
        "Präfektur", "Provinz", "Oblast", "Woiwodschaft", "Prefecture", "Province", "Provincia", "Kanton",
        "Bundesstaat", "Département", "Departamento", "Gouvernement", "Gouvernorat",
    ),
    "second": ("Landkreis", "Kreis", "County", "Powiat", "Rajon", "Distrikt", "District", "Arrondissement"),
}  # fmt: skip
"""Words in names, as the crawl gives them, that tell a level. A name without any tells nothing."""
_TYPES: Final = {
    "Q6256": "country", "Q3624078": "country", "Q50337": "first", "Q35657": "first", "Q1221156": "first",
    "Q6465": "second", "Q106658": "second", "Q515": "place", "Q3957": "place", "Q1549591": "place", "Q532": "place",
}  # fmt: skip
"""Levels of types (P31) of the stored extract: countries; prefectures of Japan, states; departments, districts; cities,
towns and villages. A place may have several, and a type that is not here tells nothing."""

_CITY_STATES: Final = frozenset({"Q8646", "Q14773", "Q334", "Q235", "Q237", "Q1410"})
"""Entries of ISO 3166-1 that are one city: Hong Kong, Macau, Singapore, Monaco, Vatican City, Gibraltar."""


@dataclass(frozen=True)
class Case:
    """One statement that its other side does not make. `pair` is (item that states it, item that does not)."""

    thing: str
    pair: Pair
    country: str
    names: tuple[str, str]
    kind: str
    evidence: str
    object_statements: int
    sister: str
    merged: str
    referenced: str
    query: str


def classified(known: Known, extract: Extract, exclusive: dict[str, tuple[str, str]]) -> list[Case]:
    """Every one-sided statement that no source answers, in the order of its items."""
    by_thing: dict[str, list[tuple[Pair, str, bool]]] = defaultdict(list)
    stated: set[Pair] = set()
    linked: dict[frozenset[str], set[str]] = defaultdict(set)
    by: dict[Pair, set[str]] = defaultdict(set)
    for said in known.said:
        if said.side:
            stated.add(said.pair)
            by[said.pair].add(said.source)
            by_thing[said.of or f"record/{said.record}"].append((said.pair, said.side, said.refuted))
        else:
            linked[frozenset(said.pair)].add(said.source)
    of_name: dict[str, set[str]] = defaultdict(set)
    for item, name in known.names.items():
        of_name[name].add(item)
    outgoing = Counter(one for one, _ in stated)
    cases = []
    for thing, place in known.unanswered:
        found = sorted(pair for pair, side, _ in by_thing[thing] if side != place)
        refuted = any(bad for _, side, bad in by_thing[thing] if side != place)
        if not found:
            continue
        pair = found[0]
        one, other = pair
        sister = _sister(pair, stated, of_name, known.names)
        live = [row for row in extract.statements.get(pair, ()) if row.rank != "deprecated"]
        checks = {
            "deprecated": "refuted in graph review" if refuted else _deprecated(pair, extract),
            "ended": _ended(thing, known) or _ended_in(pair, extract),
            "exclusive": _exclusive(pair, exclusive),
            "sister-item": sister,
            "other-level": _levels(pair, known, extract),
            "side-unknown": "" if outgoing[other] else "no statement of the other side in any extract",
            "plausible": _also(pair, by, linked, any(row.references for row in live)),
            "other-partners": f"{outgoing[other]} other partner{'s' if outgoing[other] != 1 else ''}",
        }
        kind = next(name for name, evidence in checks.items() if evidence)
        cases.append(
            Case(
                thing, pair, known.codes.get(one, ""), (known.names.get(one, ""), known.names.get(other, "")), kind,
                checks[kind], outgoing[other], sister, _merged(other, extract),
                ("yes" if any(row.referenced for row in live) else "no") if live else ASK, live_query(pair),
            )
        )  # fmt: skip
    return sorted(cases, key=lambda case: (int(case.pair[0][1:]), int(case.pair[1][1:])))


def live_query(pair: Pair) -> str:
    """The query to run at the live service: both directions with ranks, references and redirects."""
    one, other = pair
    return (
        "SELECT ?s ?o ?st ?rank ?ref ?now WHERE { VALUES (?s ?o) { "
        f"(wd:{one} wd:{other}) (wd:{other} wd:{one}) "
        "} OPTIONAL { ?s p:P190 ?st . ?st ps:P190 ?o ; wikibase:rank ?rank OPTIONAL { ?st prov:wasDerivedFrom ?ref } } "
        "OPTIONAL { ?s owl:sameAs ?now } }"
    )


def _sister(pair: Pair, stated: set[Pair], of_name: dict[str, set[str]], names: dict[str, str]) -> str:
    """The reciprocal on an item of the same name as one of the two."""
    one, other = pair
    for item in sorted(of_name.get(names.get(other, ""), set()) - {other}):
        if (item, one) in stated:
            return f"{item} P190 {one}"
    for item in sorted(of_name.get(names.get(one, ""), set()) - {one}):
        if (other, item) in stated:
            return f"{other} P190 {item}"
    return ""


def _deprecated(pair: Pair, extract: Extract) -> str:
    rows = [row for p in (pair, pair[::-1]) for row in extract.statements.get((p[0], p[1]), ())]
    return next((f"{row.guid} is deprecated" for row in rows if row.rank == "deprecated"), "")


def _ended(thing: str, known: Known) -> str:
    ends = known.dates.get((thing.removeprefix("agreement/"), "end"), {})
    return f"ended {min(ends)} ({ends[min(ends)][0]})" if ends else ""


def _ended_in(pair: Pair, extract: Extract) -> str:
    """A statement of the stored extract with an end, known or not."""
    for row in extract.statements.get(pair, ()):
        if row.rank != "deprecated" and (row.end or "P582=somevalue" in row.qualifiers):
            return f"ended {row.end or 'on a day that nobody tells'} ({row.guid})"
    return ""


def _exclusive(pair: Pair, exclusive: dict[str, tuple[str, str]]) -> str:
    partner, note = exclusive.get(pair[1], ("", ""))
    return note if partner and partner != pair[0] else ""


def _levels(pair: Pair, known: Known, extract: Extract) -> str:
    """Why the two are of different levels; "" when that is not known of both, or when they share one."""
    one, other = (_level(item, known, extract) for item in pair)
    if len({item in known.countries for item in pair}) == 2 and not {"place"} & (one.keys() | other.keys()):
        one, other = (why or {"": "is none"} for why in (one, other))
    if not one or not other or one.keys() & other.keys():
        return ""
    found = zip(pair, (one, other), strict=True)
    return "; ".join(f"{known.names.get(item, item)} {min(why.values())}" for item, why in found)


def _level(item: str, known: Known, extract: Extract) -> dict[str, str]:
    """The levels that a place is known to be of, each with the reason. All countries are known: another is none."""
    found = {"country": "is a country of ISO 3166-1"} if item in known.countries else {}
    if item in _CITY_STATES:
        found["place"] = "is a city as well"
    for type_ in sorted(extract.types.get(item, ())):
        if type_ in _TYPES:
            found.setdefault(_TYPES[type_], f"is of type {type_}")
    for level, words in _LEVELS.items():
        for word in words:
            if re.search(rf"(^|[\s-]){word}($|[\s-])", known.names.get(item, "")):
                found[level] = f"is called {word}"
    return found


def _also(pair: Pair, by: dict[Pair, set[str]], linked: dict[frozenset[str], set[str]], referenced: bool) -> str:
    """Who else has the pair: links of other extracts, later extracts of the same side, an outside reference."""
    sources = [f"{source} (undirected: one side is enough)" for source in sorted(linked.get(frozenset(pair), set()))]
    sources += sorted(by[pair]) if len(by[pair]) > 1 else []
    if referenced:
        sources.append("a reference of Wikidata")
    return "stated by " + ", ".join(sources) if sources else ""


def _merged(item: str, extract: Extract) -> str:
    if item in extract.redirects:
        return f"redirects to {extract.redirects[item]}"
    if item in extract.deleted:
        return "deleted"
    return "no" if item in extract.retrieved else ASK
