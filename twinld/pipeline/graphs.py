"""Every graph of a release as triples, from what resolving gave."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path

import rdflib

import twinld
from twinld import mapping
from twinld.dates import partial_date
from twinld.infer import Given, infer, statistics
from twinld.ingest.curated import IN_COPYRIGHT, Curated
from twinld.iris import agreement_iri, record_iri, source_iri
from twinld.model import Place, Source, SourceRecord
from twinld.pipeline.conflicts import contradictions, kept
from twinld.publish.lines import GraphFile
from twinld.resolve import Facts, Resolution
from twinld.terms import Triple, date, integer, iri, lang, parse, text
from twinld.vocab import (
    BASE,
    CC0,
    CURATED,
    DCAT,
    DCTERMS,
    INFERRED,
    ONTOLOGY,
    PROV,
    QUOTATIONS,
    RDF,
    RELEASE,
    REVIEW,
    SCHEMA,
    SD,
    STATISTICS,
    VOID,
    WIKIDATA,
    facts_graph,
    inferred_graph,
    source_graph,
)


@dataclass(frozen=True)
class GraphPlan:
    """A graph to write: its IRI, its licence, its source's name ("" for our own), and what makes its triples."""

    iri: str
    licence: str
    source: str
    triples: Callable[[], Iterable[Triple]]


def plan(
    resolution: Resolution, sources: Mapping[str, Source], release_date: str, ontology: Path, curated_: Curated
) -> list[GraphPlan]:
    """Every graph but the release's own, in the order of their IRIs."""
    free = {name for name, source in sources.items() if source.open}
    plans = [
        GraphPlan(CURATED, CC0, "", lambda: curated(resolution, sources, curated_)),
        GraphPlan(INFERRED, CC0, "", lambda: infer(_given(resolution, sources, release_date, curated_))),
        GraphPlan(STATISTICS, CC0, "", lambda: statistics(_given(resolution, sources, release_date, curated_))),
        GraphPlan(WIKIDATA, CC0, "", lambda: fillings(resolution)),
        GraphPlan(ONTOLOGY, CC0, "", lambda: ontology_triples(ontology)),
        GraphPlan(
            REVIEW,
            CC0,
            "",
            lambda: _all(
                [
                    verdicts(resolution, free),
                    curated_.said.review,
                    contradictions(resolution, sources, None),
                    kept(resolution, sources, None),
                ]
            ),
        ),
        GraphPlan(QUOTATIONS, IN_COPYRIGHT, "", lambda: _quotations(resolution, sources)),
    ]
    families = sorted({source.family for source in sources.values() if source.family})
    for family in families:
        names = [name for name, source in sources.items() if source.family == family]
        plans.append(GraphPlan(source_graph(family), CC0, "", _said(resolution, names)))
    for name, source in sources.items():
        licence = CC0 if source.open and not source.quoted else source.licence
        if not source.family:
            plans.append(
                GraphPlan(
                    source_graph(name),
                    licence,
                    name,
                    _said(resolution, [name], source.language if source.quoted or not source.open else None),
                )
            )
        if not source.open:
            own = resolution.licensed.get(name, Facts({}, {}))
            plans.append(GraphPlan(facts_graph(name), licence, name, _facts(own)))
            plans.append(
                GraphPlan(inferred_graph(name), licence, name, _inferred(resolution, sources, name, release_date))
            )
    return sorted(plans, key=lambda item: item.iri)


def _all(parts: Iterable[Iterable[Triple]]) -> Iterator[Triple]:
    for part in parts:
        yield from part


def _said(resolution: Resolution, names: Iterable[str], words: str | None = None) -> Callable[[], Iterator[Triple]]:
    """What some sources say; with their words in the language `words`, where these may stand in the same graph."""

    def triples() -> Iterator[Triple]:
        for name in names:
            yield from _all(map(mapping.record_triples, resolution.records.get(name, ())))
            yield from _all(map(mapping.claim_triples, resolution.claims.get(name, ())))
            if words is not None:
                yield from _quotes(resolution.records.get(name, ()), words)

    return triples


def _quotations(resolution: Resolution, sources: Mapping[str, Source]) -> Iterator[Triple]:
    """The words of pages, whose records stand in a CC0 graph."""
    for name, records in resolution.records.items():
        if sources[name].open and not sources[name].quoted:
            yield from _quotes(records, sources[name].language)


def _quotes(records: Iterable[SourceRecord], language: str) -> Iterator[Triple]:
    return _all(mapping.quote_triples(record, language) for record in records)


def _facts(facts: Facts) -> Callable[[], Iterator[Triple]]:
    def triples() -> Iterator[Triple]:
        yield from _all(map(mapping.place_triples, facts.places.values()))
        yield from _all(map(mapping.agreement_triples, facts.agreements.values()))

    return triples


def _inferred(
    resolution: Resolution, sources: Mapping[str, Source], name: str, release_date: str
) -> Callable[[], Iterator[Triple]]:
    def triples() -> Iterator[Triple]:
        yield from infer(given_of(resolution, sources, name, release_date))
        yield from verdicts(resolution, {name})
        yield from contradictions(resolution, sources, name)
        yield from kept(resolution, sources, name)

    return triples


def verdicts(resolution: Resolution, names: Set[str]) -> Iterator[Triple]:
    """The verdicts on records of some sources: of CC0 ones in graph review, of another in its own graph."""
    return _all(mapping.verdict_triples(verdict) for verdict in resolution.verdicts if verdict.source in names)


def curated(resolution: Resolution, sources: Mapping[str, Source], typed: Curated) -> Iterator[Triple]:
    """Graph curated: places, agreements, the sources themselves, and what people typed of other things."""
    yield from _facts(resolution.curated)()
    yield from _all(map(mapping.source_triples, sources.values()))
    yield from typed.said.facts


def _given(resolution: Resolution, sources: Mapping[str, Source], release_date: str, typed: Curated) -> Given:
    """What the rules are given for graph inferred."""
    named = {(name, passage.record) for passage in typed.passages.values() for name in passage.names}
    bare = [(one, other) for one, _, other in (pair.partition("--") for pair in sorted(typed.said.pairs))]
    own = {f"<{agreement_iri(slug)}>" for slug in resolution.curated.agreements}
    dates = {mapping.START: "start", mapping.END: "end"}
    dated = [
        (subject, dates[predicate], partial_date(parse(value).value))
        for subject, predicate, value in typed.said.facts
        if predicate in dates and subject not in own
    ]
    given = given_of(resolution, sources, None, release_date)
    return replace(given, named=sorted(named), bare_pairs=bare, dated=dated, typed=typed.said.facts)


def fillings(resolution: Resolution) -> Iterator[Triple]:
    """Graph wikidata: what only a filling source says of places and agreements."""
    shown, base = resolution.shown, resolution.curated
    for slug, place in shown.places.items():
        if place != base.places.get(slug):
            known = set(mapping.place_triples(base.places[slug])) if slug in base.places else set()
            yield from (triple for triple in mapping.place_triples(place) if triple not in known)
    for slug, agreement in shown.agreements.items():
        if agreement != base.agreements.get(slug):
            said = set(mapping.agreement_triples(base.agreements[slug])) if slug in base.agreements else set()
            yield from (triple for triple in mapping.agreement_triples(agreement) if triple not in said)
    yield from _populations(resolution)


def _populations(resolution: Resolution) -> Iterator[Triple]:
    """What Wikidata's dated statements say of the population of places, whether that filled a gap or not."""
    stated = {
        claim.record: claim.value
        for claims in resolution.claims.values()
        for claim in claims
        if claim.name == "population"
    }
    for records in resolution.records.values():
        for record in records:
            value = stated.get((record.source, record.key))
            dated = record.as_of is not None and record.provenance is not None
            if dated and value is not None and record.record_of is not None:
                yield from mapping.population_triples(record, f"<{record.record_of}>", value)


def given_of(resolution: Resolution, sources: Mapping[str, Source], owner: str | None, release_date: str) -> Given:
    """What the rules are given for graph inferred (`owner` None) or inferred/<owner>."""
    free = {name for name, source in sources.items() if source.open}
    stated = {slug: {side for side in sides if side[0] in free} for slug, sides in resolution.stated_by.items()}
    if owner is None:
        crawls = {name for name in free if sources[name].lists_all}
        crawled = {
            side
            for sides in resolution.stated_by.values()
            for name, side in sides
            if name in crawls and side is not None
        }
        return Given(
            release_date, sources, resolution.shown.places, resolution.shown.agreements,
            resolution.shown.places, stated, _unanswered_refusals(resolution, free), crawled,
        )  # fmt: skip
    own = resolution.licensed.get(owner, Facts({}, {}))
    everywhere: dict[str, Place] = {**own.places, **resolution.shown.places}
    for slug, place in own.places.items():
        if everywhere[slug].p190_item is None and place.p190_item is not None:
            everywhere[slug] = replace(everywhere[slug], p190_item=place.p190_item)
    answered = {
        (slug, side)
        for slug, agreement in resolution.shown.agreements.items()
        for name, side in resolution.stated_by.get(slug, ())
        if name == owner and side is not None and _unanswered(stated.get(slug, set()), sources, side)
    }
    by_owner = {slug: {s for s in resolution.stated_by.get(slug, ()) if s[0] == owner} for slug in own.agreements}
    return Given(release_date, sources, own.places, own.agreements, everywhere, by_owner, answered_elsewhere=answered)


def _unanswered(stated: set[tuple[str, str | None]], sources: Mapping[str, Source], party: str) -> bool:
    """Whether a crawl states an agreement and no CC0 source states it on the side of `party`."""
    crawled = any(sources[name].lists_all for name, _ in stated)
    return crawled and party not in {side for name, side in stated if sources[name].directed}


def _unanswered_refusals(resolution: Resolution, free: set[str]) -> dict[str, tuple[str, tuple[str, str]]]:
    """Refuted statements of CC0 sources that the other side does not state: record IRI -> (source, sides)."""
    sides = {pair for (source, _), pair in resolution.unresolved.items() if source in free}
    return {
        record_iri(source, key): (source, pair)
        for (source, key), pair in resolution.unresolved.items()
        if source in free and pair[::-1] not in sides
    }


def ontology_triples(folder: Path) -> Iterator[Triple]:
    """The ontology, its vocabularies and its data cube, without the axioms that only reasoners and tests need."""
    for path in sorted([folder / "twinld.ttl", folder / "align" / "cube.ttl", *(folder / "vocab").glob("**/*.ttl")]):
        yield from _parsed(path, path.stat().st_mtime_ns)


@functools.cache
def _parsed(path: Path, _changed: int) -> tuple[Triple, ...]:
    """The triples of a file; a process that builds again reads it again only when it has changed."""
    return tuple((s.n3(), p.n3(), o.n3()) for s, p, o in rdflib.Graph().parse(path))


def release_triples(
    release: str,
    day: str,
    graphs: Iterable[GraphFile],
    plans: Iterable[GraphPlan],
    inputs: Mapping[str, str],
    unpublished: Iterable[str] = (),
) -> Iterator[Triple]:
    """Graph release: the dataset, the software that made it, and each graph with its size, licence, source and the
    SHA-256 of what was read (`inputs`, by source); `unpublished` are the sources in it that may not be published.
    """
    dataset = f"<{BASE}dataset>"
    yield dataset, f"<{RDF}type>", f"<{VOID}Dataset>"
    yield dataset, f"<{DCAT}version>", text(release)
    yield dataset, f"<{DCTERMS}issued>", date(day)
    yield dataset, f"<{DCTERMS}license>", f"<{CC0}>"
    if names := ", ".join(unpublished):
        yield dataset, f"<{DCTERMS}accessRights>", lang(f"Not to be published: it holds facts of {names}.", "en")
    made = f"<{BASE}dataset#build>"
    yield made, f"<{RDF}type>", f"<{PROV}Activity>"
    yield made, mapping.LABEL, lang(f"twinld {twinld.__version__}", "en")
    yield made, f"<{SCHEMA}softwareVersion>", text(twinld.__version__)
    yield dataset, f"<{PROV}wasGeneratedBy>", made
    owners = {item.iri: item.source for item in plans}
    yield from _named_graph(RELEASE, CC0)  # without its size, which it would change
    for graph in graphs:
        subject = f"<{graph.iri}>"
        yield from _named_graph(graph.iri or "", graph.licence)
        yield subject, f"<{VOID}triples>", integer(graph.count)
        owner = owners.get(graph.iri or "")
        if owner:
            yield subject, f"<{DCTERMS}source>", f"<{source_iri(owner)}>"
            yield subject, f"<{PROV}wasGeneratedBy>", made
        if owner and owner in inputs:
            yield subject, f"<{DCTERMS}identifier>", text(f"sha256:{inputs[owner]}")


def _named_graph(graph: str, licence: str) -> Iterator[Triple]:
    subject = f"<{graph}>"
    yield subject, f"<{RDF}type>", f"<{SD}NamedGraph>"
    yield subject, f"<{DCTERMS}license>", iri(licence)
    yield subject, f"<{DCTERMS}isPartOf>", f"<{BASE}dataset>"
