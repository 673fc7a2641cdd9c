"""The release, its sources and its graphs: what every page names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from twinld.site.ask import Asker, Facts, apart_of, is_open, once, tw
from twinld.site.things import OPEN, About, GraphInfo, Label, Licence, Named, Release, SourceInfo, choose, licence_of
from twinld.site.words import listing
from twinld.texts import ENGLISH, Texts
from twinld.vocab import BASE, DCAT, DCTERMS, GRAPH, RDF, RDFS, SD, VOID

DATASET: Final = BASE + "dataset"
_ITEM: Final = re.compile(r"[Qq][0-9]+")


def about(asker: Asker) -> About:
    """What the store says of its release, sources and graphs; asked once of a store that cannot change."""
    return once(asker.store, ("about", asker.base), lambda: _about(asker.facts("page_about")))


def content(asker: Asker) -> str:
    """What tells one release from another where no manifest does: its id, and the hash of what `twinld push` sent.

    Asked anew every time; "" while the store names no release, as in the middle of a push.
    """
    return " ".join(row[name].value for row in asker.rows("page_pushed") for name in ("id", "content") if name in row)


def _about(facts: Facts) -> About:
    release = Release(
        facts.value(DATASET, f"{DCAT}version") or facts.value(DATASET, f"{DCTERMS}identifier") or "",  # older releases
        facts.value(DATASET, f"{DCTERMS}issued") or "",
        facts.value(DATASET, f"{DCTERMS}title") or "",
        facts.value(DATASET, f"{DCTERMS}accessRights") or "",
    )
    sources = {iri: _source(facts, iri) for iri in facts.pointing(f"{RDF}type", tw("Source"))}
    graphs = {iri: _graph(facts, iri) for iri in facts.pointing(f"{RDF}type", f"{SD}NamedGraph")}
    return About(release, sources, graphs)


def _source(facts: Facts, iri: str) -> SourceInfo:
    label = choose(facts.all(iri, f"{RDFS}label"))
    licence = facts.value(iri, f"{DCTERMS}license")
    return SourceInfo(
        iri=iri,
        title=label.text if label is not None else iri.rsplit("/", 1)[-1],
        publisher=facts.value(iri, f"{DCTERMS}publisher") or "",
        homepage=facts.value(iri, f"{DCTERMS}source") or "",
        licence=licence_of(licence) if licence is not None else None,
        attribution=facts.value(iri, tw("attribution")) or "",
        extracted=facts.value(iri, tw("extracted")) or "",
        description=facts.value(iri, f"{DCTERMS}description") or "",
    )


def _graph(facts: Facts, iri: str) -> GraphInfo:
    licence = facts.value(iri, f"{DCTERMS}license")
    triples = facts.value(iri, f"{VOID}triples")
    return GraphInfo(
        iri=iri,
        name=iri.removeprefix(GRAPH),
        licence=licence_of(licence) if licence is not None else None,
        triples=int(triples) if triples is not None else None,
        source=facts.value(iri, f"{DCTERMS}source"),
    )


def named(facts: Facts, iri: str, language: str) -> Named:
    """A thing by its label in the facts, a CC0 one if there is any; without one by its Wikidata id or its IRI's end."""
    label = choose(facts.all(iri, f"{RDFS}label"), language)
    if label is not None:
        return Named(iri, label.text, label.language, facts.apart(iri, f"{RDFS}label"))
    end = (facts.value(iri, tw("wikidataItem")) or iri).rstrip("/").rsplit("/", 1)[-1]
    return Named(iri, end.upper() if _ITEM.fullmatch(end) else end)


def country_of(facts: Facts, place: str, countries: Facts, language: str) -> Named | None:
    """The country of a place, by its name in `countries`; it names the graph where no CC0 graph says so."""
    country = facts.value(place, tw("country"))
    return named(countries, country, language).only_in(facts.apart(place, tw("country"))) if country else None


NAMED: Final = 3
"""So many makers of sources are named in a sentence; if there are more than one besides, they are counted."""


def sources_words(sources: Iterable[SourceInfo], texts: Texts = ENGLISH) -> str:
    """Sources as a sentence names them: those of CC0 first, parts of one maker together.

    Of many the three makers are named that come most often, and the others counted.

    >>> sources_words([SourceInfo("x", "Wikidata, crawl of 2016"), SourceInfo("y", "Wikidata, cities of 2022")])
    'Wikidata (cities of 2022; crawl of 2016)'
    >>> sources_words([SourceInfo(name, name) for name in "EDCBA"])
    'A, B, C and 2 other sources'
    """
    often: Counter[tuple[bool, str]] = Counter()
    by_maker: dict[tuple[bool, str], set[str]] = {}
    for source in sources:
        licensed = source.licence is not None and not source.licence.open
        by_maker.setdefault((licensed, source.of), set()).add(source.part)
        often[licensed, source.of] += 1
    counted = len(by_maker) - NAMED
    if counted > 1:
        most = sorted(by_maker, key=lambda maker: (-often[maker], maker))[:NAMED]
        by_maker = {maker: by_maker[maker] for maker in most}
    words = []
    for (_, maker), parts in sorted(by_maker.items()):
        shown = "; ".join(sorted(part for part in parts if part))
        words.append(f"{maker} ({shown})" if shown else maker)
    if counted < 2:
        return listing(words, texts)
    told = {"sources": ", ".join(words), "number": texts.number(counted)}
    return texts.gettext("%(sources)s and %(number)s other sources") % told


def licence_in(graphs: Iterable[str], info: About) -> Licence:
    """The licence of what these graphs say: CC0 if one of them is, else that of the first which states one."""
    found = sorted(graphs)
    if is_open(found):
        return OPEN
    return next((licence for graph in found if (licence := info.licence(graph))), OPEN)


def labels_of(facts: Facts, iri: str) -> list[Label]:
    """Every label of a thing, with the graph that has it where no CC0 graph does."""
    said = facts.said(iri, f"{RDFS}label")
    return [Label(term.value, term.language, apart_of(graphs)) for term, graphs in said]
