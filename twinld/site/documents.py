"""Pages about what is said: the list of all passages, a source with what came from it, one record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from twinld.errors import NotFound, nearest
from twinld.iris import iri_of
from twinld.site.about import about
from twinld.site.ask import Asker, once, tw
from twinld.site.graph import graph_of
from twinld.site.passages import Passage, Passages
from twinld.site.resource import ResourcePage, resource
from twinld.site.things import LANGUAGE, Label, Release, SourceInfo, choose
from twinld.store import Quad, Store
from twinld.texts import ENGLISH, Texts
from twinld.vocab import BASE, DCTERMS, ID

PAGE: Final = 40
"""Passages on one page of the list."""


@dataclass(frozen=True)
class Choice:
    """A value that a list can be narrowed to: its word in the address, its title, how many passages it leaves."""

    word: str
    title: str
    number: int


@dataclass(frozen=True)
class ClaimsPage:
    """One page of the passages of documents and web pages, of one source and one verdict if these are not empty."""

    passages: tuple[Passage, ...]
    total: int
    number: int
    pages: int
    source: str
    verdict: str
    sources: tuple[Choice, ...]
    verdicts: tuple[Choice, ...]
    release: Release


@dataclass(frozen=True)
class SourcePage:
    """A source: what it is, and what came from it; `rest` is all that is said of it.

    `agreeing` counts its claims that another source makes with the same value. It and `claims` are None where
    the source is no document or web page: there they are not counted.
    """

    info: SourceInfo
    kinds: tuple[str, ...]
    rights: Label | None
    issued: str
    sha256: str
    graph: str | None
    records: int
    claims: int | None
    agreeing: int | None
    verdicts: tuple[Choice, ...]
    passages: tuple[Passage, ...]
    rest: ResourcePage


@dataclass(frozen=True)
class RecordPage:
    """A record: the passage when it is one of a document or web page; `rest` is all that is said of it."""

    info: SourceInfo | None
    passage: Passage | None
    rest: ResourcePage


def claims(
    store: Store, *, source: str = "", verdict: str = "", page: int = 1, language: str = LANGUAGE, base: str = BASE
) -> ClaimsPage:
    """A page of passages, by document and key; NotFound for a source, a verdict or a page that there is not."""
    asker = Asker(store, base)
    found = Passages(asker, language)
    records = _chosen(found, source, verdict)
    pages = max(1, -(-len(records) // PAGE))
    if not 1 <= page <= pages:
        raise NotFound(f"there is no page {page} of these passages; the last one is {pages}")
    info = about(asker)
    by_source = Counter(found.source(record) for record in found.all(verdict=verdict))
    by_verdict = Counter(found.verdict(record) for record in found.all(_iri(source)))
    titles = {iri: info.source(iri).title for iri in dict.fromkeys(found.source(record) for record in found.all())}
    return ClaimsPage(
        passages=found.read(records[(page - 1) * PAGE : page * PAGE]),
        total=len(records),
        number=page,
        pages=pages,
        source=source,
        verdict=verdict,
        sources=tuple(Choice(_slug(iri), title, by_source[iri]) for iri, title in titles.items()),
        verdicts=tuple(Choice(word, word, by_verdict[word]) for word in _verdicts(found)),
        release=info.release,
    )


def claims_graph(store: Store, *, source: str = "", verdict: str = "", base: str = BASE) -> list[Quad]:
    """The quads of all passages of one source and one verdict, with their claims and judgements, sorted."""
    records = _chosen(Passages(Asker(store, base)), source, verdict)
    quads = {quad for record in records for quad in graph_of(store, record, base=base) if quad[3] is not None}
    return sorted(quads, key=lambda quad: (quad[3] or "", *quad[:3]))


def source_page(
    store: Store, slug: str, *, language: str = LANGUAGE, base: str = BASE, texts: Texts = ENGLISH
) -> SourcePage:
    """The page of a source; NotFound when nothing is known of it."""
    asker = Asker(store, base)
    iri = iri_of("source", slug)
    rest = resource(store, iri, language=language, base=base, texts=texts)
    facts = asker.facts("page_place", place=iri)
    found = Passages(asker, language)
    records = found.all(iri)
    rows = once(store, ("records", base, iri), lambda: asker.rows("page_source_records", source=iri))
    compared = (
        once(store, ("compared", base, iri), lambda: asker.rows("page_source_compared", source=iri)) if records else []
    )
    passages = found.read(records)
    by_verdict = Counter(passage.verdict for passage in passages)
    rights = choose(facts.all(iri, f"{DCTERMS}rights"), language)
    info = about(asker)
    return SourcePage(
        info=info.source(iri),
        kinds=rest.kinds,
        rights=rights,
        issued=facts.value(iri, f"{DCTERMS}issued") or "",
        sha256=facts.value(iri, tw("sha256")) or "",
        graph=next((graph.iri for graph in info.graphs.values() if graph.source == iri), None),
        records=int(rows[0]["n"].value),
        claims=sum(len(passage.claims) for passage in passages) if records else None,
        agreeing=len(compared) if records else None,
        verdicts=tuple(Choice(word, word, by_verdict[word]) for word in _verdicts(found) if by_verdict[word]),
        passages=passages,
        rest=rest,
    )


def record_page(
    store: Store, rest: str, *, language: str = LANGUAGE, base: str = BASE, texts: Texts = ENGLISH
) -> RecordPage:
    """The page of a record by source and key, such as "mikhailova-2013/s002-16"; NotFound when there is none."""
    asker = Asker(store, base)
    iri = f"{ID}record/{rest}"
    page = resource(store, iri, language=language, base=base, texts=texts)
    found = Passages(asker, language)
    passage = found.read([iri])[0] if found.has(iri) else None
    stated_in = asker.facts("page_place", place=iri).value(iri, tw("statedIn"))
    return RecordPage(about(asker).source(stated_in) if stated_in is not None else None, passage, page)


def _chosen(found: Passages, source: str, verdict: str) -> list[str]:
    slugs = list(dict.fromkeys(_slug(found.source(record)) for record in found.all()))
    if source and source not in slugs:
        raise NotFound(f"no document or page {source!r} is quoted here; {nearest(source, slugs, 'sources')}")
    if verdict and verdict not in _verdicts(found):
        raise NotFound(f"no passage has the verdict {verdict!r}; {nearest(verdict, _verdicts(found), 'verdicts')}")
    return found.all(_iri(source), verdict)


def _verdicts(found: Passages) -> list[str]:
    return sorted({found.verdict(record) for record in found.all()})


def _iri(slug: str) -> str:
    return iri_of("source", slug) if slug else ""


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
