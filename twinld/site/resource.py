"""Everything that the plain page of any IRI of ours needs: all that is said about it, graph by graph."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from twinld.errors import NotFound
from twinld.site.about import about
from twinld.site.ask import Asker, Facts, tw
from twinld.site.called import short as _short
from twinld.site.more import term_facts, term_named
from twinld.site.passages import Passage, Passages
from twinld.site.things import (
    LANGUAGE,
    About,
    Label,
    Licence,
    Named,
    Release,
    Sentence,
    SourceInfo,
    Value,
    choose,
    curie,
    filled,
)
from twinld.site.words import listing
from twinld.store import Store
from twinld.terms import Term
from twinld.texts import ENGLISH, Texts
from twinld.vocab import BASE, DCTERMS, RDF, RDFS, SCHEMA, SKOS, TW, WGS

INCOMING: Final = 100
_TITLES: Final = (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCTERMS}title")
_OURS: Final = (TW, f"{DCTERMS}issued", f"{DCTERMS}subject", WGS, f"{SCHEMA}startDate", f"{SCHEMA}endDate")
"""What the top of a page tells: our own properties, and a few others that say something of their own."""
_TEXTS: Final = (f"{SKOS}definition", f"{DCTERMS}description", f"{RDFS}comment")

_ON_TOP: Final = frozenset({f"{RDF}type", *_TITLES, *_TEXTS, tw("evidence")})


@dataclass(frozen=True)
class Statement:
    """One predicate of one subject, with all its values in one graph; `title` is what the ontology calls it."""

    predicate: str
    short: str
    title: Named | None
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Subject:
    """The thing or one of its fragments, and what one graph says about it."""

    iri: str
    fragment: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class GraphStatements:
    """What one graph says, and its licence; `name` is empty for the default graph."""

    iri: str
    name: str
    licence: Licence | None
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class Incoming:
    """What points here by one predicate in one graph: each thing by its label, if it has one."""

    predicate: str
    short: str
    title: Named | None
    graph: str
    subjects: tuple[Named, ...]


@dataclass(frozen=True)
class ResourcePage:
    """Any IRI of ours. `incoming` has at most INCOMING things of `incoming_count`; `labels` name IRIs shown.

    `passages` are what documents and web pages say of it, word for word.
    """

    iri: str
    title: Label
    kinds: tuple[str, ...]
    sentence: Sentence
    text: Label | None
    graphs: tuple[GraphStatements, ...]
    labels: dict[str, Named]
    incoming: tuple[Incoming, ...]
    incoming_count: int
    passages: tuple[Passage, ...]
    source: SourceInfo | None
    release: Release

    @property
    def core(self) -> tuple[Subject, ...]:
        """The thing and its parts, each with what the CC0 graphs say of it, every value once.

        Left out are types, names, texts and passages, which a page shows by themselves, links back from a part to the
        thing, and what only repeats it in other vocabularies.
        """
        found: dict[str, dict[str, list[Statement]]] = {}
        for graph in self.graphs:
            for item in graph.subjects if graph.licence is None or graph.licence.open else ():
                for statement in item.statements:
                    back = any(value.iri == self.iri for value in statement.values)
                    if statement.predicate not in _ON_TOP and statement.predicate.startswith(_OURS) and not back:
                        found.setdefault(item.iri, {}).setdefault(statement.predicate, []).append(statement)
        return tuple(
            Subject(iri, iri.removeprefix(self.iri).lstrip("#"), tuple(map(_merged, found[iri].values())))
            for iri in sorted(found)
        )

    @property
    def anchors(self) -> dict[str, str]:
        """The first graph that says anything of a fragment: there the fragment has its anchor."""
        return {item.fragment: graph.name for graph in reversed(self.graphs) for item in graph.subjects}


def resource(
    store: Store, iri: str, *, language: str = LANGUAGE, base: str = BASE, texts: Texts = ENGLISH
) -> ResourcePage:
    """All that is known of an IRI; NotFound when no triple has it as subject or object.

    Names are in `language`, the sentence in that of `texts`. Asks at most five questions. A thing that is only
    pointed to has no graphs, but incoming links.
    """
    asker = Asker(store, base)
    facts = asker.facts("page_resource", thing=iri)
    count = int(asker.rows("page_resource_incoming_count", thing=iri)[0]["n"].value)
    if not facts.subjects() and not count:
        raise NotFound(f"nothing is known of <{iri}> in this release")
    info = about(asker)
    names = asker.facts("page_resource_labels", thing=iri)
    labels = _labels(asker, names, facts, language)
    groups = groups_of(facts, iri, info, labels)
    title = _first(facts, iri, _TITLES, language) or Label(_short(iri))
    passages = Passages(asker, language)
    naming = [record for record in passages.naming(iri) if record != iri]
    kinds = tuple(
        labels[term.value].label if term.value in labels else curie(term.value)
        for term in sorted(facts.all(iri, f"{RDF}type"))
    )
    return ResourcePage(
        iri=iri,
        title=title,
        kinds=kinds,
        sentence=_sentence(iri, title, kinds, groups, facts, info, texts),
        text=_first(facts, iri, _TEXTS, language),
        graphs=groups,
        labels=labels,
        incoming=_incoming(asker, iri, labels, language),
        incoming_count=count,
        passages=passages.read(naming),
        source=info.sources.get(iri),
        release=info.release,
    )


def _first(facts: Facts, iri: str, predicates: tuple[str, ...], language: str) -> Label | None:
    for predicate in predicates:
        label = choose(facts.all(iri, predicate), language)
        if label is not None:
            return label
    return None


def _labels(asker: Asker, names: Facts, facts: Facts, language: str) -> dict[str, Named]:
    labels = {
        subject: Named(subject, label.text, label.language)
        for subject in names.subjects()
        if (label := choose(names.all(subject, f"{RDFS}label"), language)) is not None
    }
    return term_labels(asker, facts, language) | labels


def term_labels(asker: Asker, facts: Facts, language: str) -> dict[str, Named]:
    """What the ontology calls the properties, classes and concepts that stand in the facts."""
    labels: dict[str, Named] = {}
    for subject in facts.subjects():
        for predicate in facts.predicates(subject):
            for iri in (predicate, *(term.value for term, _ in facts.said(subject, predicate) if term.kind == "iri")):
                if iri not in labels and term_facts(asker).has(iri):
                    found = term_named(asker, iri, language)
                    labels.update({iri: found} if found is not None else {})
    return labels


def _incoming(asker: Asker, iri: str, labels: dict[str, Named], language: str) -> tuple[Incoming, ...]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in asker.rows("page_resource_incoming", thing=iri):
        if row["s"].kind == "iri":
            found[row["p"].value, row["g"].value].add(row["s"].value)
    return tuple(
        Incoming(
            predicate,
            curie(predicate),
            labels.get(predicate) or term_named(asker, predicate, language),
            graph,
            tuple(labels.get(subject) or Named(subject, _short(subject)) for subject in sorted(subjects)),
        )
        for (predicate, graph), subjects in sorted(found.items())
    )


def groups_of(
    facts: Facts, iri: str, info: About, labels: dict[str, Named], only: str = ""
) -> tuple[GraphStatements, ...]:
    """All that the facts say of a thing and its parts, graph by graph; `labels` name the predicates.

    With `only`, the IRI of a thing, nothing of what else the facts have.
    """
    by_graph: dict[str, dict[str, dict[str, list[Term]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for subject in (one for one in facts.subjects() if not only or one.partition("#")[0] == only):
        for predicate in facts.predicates(subject):
            for term, graphs in facts.said(subject, predicate):
                for graph in graphs:
                    by_graph[graph][subject][predicate].append(term)
    return tuple(
        GraphStatements(
            iri=graph,
            name=info.graphs[graph].name if graph in info.graphs else _short(graph),
            licence=info.licence(graph),
            subjects=tuple(_subject(iri, subject, said, labels) for subject, said in sorted(subjects.items())),
        )
        for graph, subjects in sorted(by_graph.items())
    )


def _subject(iri: str, subject: str, said: dict[str, list[Term]], labels: dict[str, Named]) -> Subject:
    statements = tuple(
        Statement(
            predicate,
            curie(predicate),
            labels.get(predicate),
            tuple(_value(term) for term in sorted(terms, key=_order)),
        )
        for predicate, terms in sorted(said.items(), key=lambda item: (item[0] != f"{RDF}type", item[0]))
    )
    return Subject(subject, subject.removeprefix(iri).lstrip("#"), statements)


def _merged(rows: list[Statement]) -> Statement:
    """What several graphs say by one property, as one."""
    values = dict.fromkeys(value for statement in rows for value in statement.values)
    return Statement(rows[0].predicate, rows[0].short, rows[0].title, tuple(values))


def _order(term: Term) -> tuple[str, str, str]:
    return term.value, term.language or "", term.datatype or ""


def _value(term: Term) -> Value:
    if term.kind == "iri":
        return Value(_short(term.value), iri=term.value)
    return Value(term.value, language=term.language, datatype=term.datatype)


def _sentence(
    iri: str,
    title: Label,
    kinds: tuple[str, ...],
    groups: tuple[GraphStatements, ...],
    facts: Facts,
    info: About,
    texts: Texts,
) -> Sentence:
    """What this is, how much is said of it, and under which licences."""
    day = {"day": info.release.issued}
    known = texts.gettext("the release of %(day)s") % day if info.release.issued else texts.gettext("this data")
    here: str | Named = Named(iri, title.text, title.language)
    if not groups:
        said = texts.gettext("%(thing)s is named in %(release)s, and nothing more is said about it.")
        return Sentence(filled(said, thing=here, release=known))
    number = sum(len(statement.values) for group in groups for item in group.subjects for statement in item.statements)
    what = listing([_a(kind, texts) for kind in kinds[:2]], texts) or texts.gettext("a thing")
    licences = listing(sorted({texts.gettext(group.licence.name) for group in groups if group.licence}), texts)
    source = facts.value(iri, tw("statedIn"))
    of = texts.gettext(" of %(source)s") % {"source": info.source(source).title} if source is not None else ""
    graphs = texts.ngettext("one graph", "%(number)s graphs", len(groups)) % {"number": texts.number(len(groups))}
    form = texts.ngettext("one statement", "%(number)s statements", number)
    said = texts.gettext("%(thing)s is %(what)s; %(release)s holds %(statements)s about it in %(graphs)s%(licences)s.")
    return Sentence(
        filled(
            said,
            thing=here,
            what=what + of,
            release=known,
            statements=form % {"number": texts.number(number)},
            graphs=graphs,
            licences=f" ({licences})" if licences else "",
        )
    )


def _a(kind: str, texts: Texts) -> str:
    """A class of the ontology with its article, where the language has one that its name tells."""
    vowel = kind.rpartition(":")[2][:1].lower() in set("aeiou")
    return (texts.gettext("an %(kind)s") if vowel else texts.gettext("a %(kind)s")) % {"kind": kind}
