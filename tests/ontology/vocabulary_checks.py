"""What is asked of vocabularies: each check gives the faults that it finds in a graph, as lines of text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from rdflib import RDF, SKOS, Graph, URIRef

from twinld import vocab


def name(iri: URIRef) -> str:
    return iri.removeprefix(vocab.TWV)


def schemes(graph: Graph) -> set[URIRef]:
    return set(graph.subjects(RDF.type, SKOS.ConceptScheme))


def concepts(graph: Graph) -> set[URIRef]:
    return set(graph.subjects(RDF.type, SKOS.Concept))


def tags(graph: Graph, subject: URIRef, predicate: URIRef) -> Counter[str | None]:
    return Counter(value.language for value in graph.objects(subject, predicate))


def text_faults(graph: Graph) -> Iterator[str]:
    """One label and one definition in English and German each, one sentence, said of nothing else."""
    defined = defaultdict(list)
    for thing in schemes(graph) | concepts(graph):
        for predicate in (SKOS.prefLabel, SKOS.definition):
            count = tags(graph, thing, predicate)
            for tag in ("en", "de"):
                if count[tag] != 1:
                    yield f"{name(thing)}: {count[tag]} {predicate.fragment} in {tag}"
        labels = {str(label).casefold() for label in graph.objects(thing, SKOS.prefLabel)}
        for definition in graph.objects(thing, SKOS.definition):
            defined[definition].append(thing)
            if not re.fullmatch(r"[A-ZÄÖÜ][^.]*\.", definition):
                yield f"{name(thing)}: the definition is not one sentence: {definition}"
            if definition.casefold().rstrip(".") in labels:
                yield f"{name(thing)}: the definition is the label"
    for things in defined.values():
        if len(things) > 1:
            yield f"{' and '.join(sorted(map(name, things)))}: defined by the same words"


def place_faults(graph: Graph) -> Iterator[str]:
    """Each concept is in one scheme, on top or below one other of it; what is written forth is written back."""
    inverse = [(SKOS.topConceptOf, SKOS.hasTopConcept), (SKOS.broader, SKOS.narrower), (SKOS.related, SKOS.related)]
    for one, other in inverse:
        forth = set(graph.subject_objects(one))
        back = {(b, a) for a, b in graph.subject_objects(other)}
        for a, b in forth ^ back:
            yield f"{name(a)} {one.fragment} {name(b)}: written one way only"
    parents: dict[URIRef, set[URIRef]] = {}
    for concept in concepts(graph):
        scheme = set(graph.objects(concept, SKOS.inScheme))
        parents[concept] = set(graph.objects(concept, SKOS.broader))
        tops = set(graph.objects(concept, SKOS.topConceptOf))
        if len(scheme) != 1 or not scheme <= schemes(graph):
            yield f"{name(concept)}: in {len(scheme)} schemes that exist"
            continue
        if len(tops | parents[concept]) != 1 or not tops <= scheme:
            yield f"{name(concept)}: neither on top of its scheme nor below one concept"
        for kin in (SKOS.broader, SKOS.related):
            for other in graph.objects(concept, kin):
                if (other, SKOS.inScheme, *scheme) not in graph:
                    yield f"{name(concept)}: {kin.fragment} {name(other)} is in another scheme"
        notations = list(graph.objects(concept, SKOS.notation))
        if [str(concept)] != [f"{next(iter(scheme))}-{notation}" for notation in notations]:
            yield f"{name(concept)}: the notation is not the end of the IRI"
    for concept in parents:
        above, rest = set[URIRef](), set(parents[concept])
        while rest:
            above |= rest
            rest = {wider for step in rest for wider in parents.get(step, ())} - above
        if concept in above:
            yield f"{name(concept)}: broader than itself"
        if above & set(graph.objects(concept, SKOS.related)):
            yield f"{name(concept)}: related to what it is below (SKOS Reference, S27)"


def label_faults(graph: Graph) -> Iterator[str]:
    """No two concepts of a scheme have the same label in a language, none two labels in one, no label twice."""
    seen = defaultdict(list)
    for thing in schemes(graph) | concepts(graph):
        for tag, count in tags(graph, thing, SKOS.prefLabel).items():
            if count > 1 or not tag:
                yield f"{name(thing)}: {count} labels in {tag} (SKOS Reference, S14)"
        for label in graph.objects(thing, SKOS.prefLabel):
            seen[(graph.value(thing, SKOS.inScheme), label)].append(thing)
            if (thing, SKOS.altLabel, label) in graph:
                yield f"{name(thing)}: {label} is both preferred and alternative (SKOS Reference, S13)"
    for (_, label), things in seen.items():
        if len(things) > 1:
            yield f"{' and '.join(sorted(map(name, things)))}: both called {label}"


def language_faults(graph: Graph, labels: Graph, tag: str) -> Iterator[str]:
    """`labels` gives everything in the vocabularies one label in its language, and says nothing else of them."""
    known = schemes(graph) | concepts(graph)
    note = URIRef(f"{vocab.TWV}labels-{tag}")
    for subject, predicate, value in labels:
        if subject == note:
            continue
        if subject not in known:
            yield f"{name(subject)}: there is no such concept"
        elif predicate != SKOS.prefLabel:
            yield f"{name(subject)}: {predicate.fragment} is no label"
        elif value.language != tag:
            yield f"{name(subject)}: {value} is tagged {value.language}"
    for thing in known:
        count = tags(labels, thing, SKOS.prefLabel)[tag] + tags(graph, thing, SKOS.prefLabel)[tag]
        if count != 1:
            yield f"{name(thing)}: {count} labels in {tag}"
