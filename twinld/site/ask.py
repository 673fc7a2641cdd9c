"""Asks the kept queries, and gives their quads as facts that can be looked up.

Every page query returns rows of `?g ?s ?p ?o`: a small graph about what the page shows. IRIs in here are those
of our canonical base; a store that was built with another base is asked and read through `rebase`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar
from weakref import WeakKeyDictionary

from twinld.errors import NotFound
from twinld.queries import query
from twinld.store import Row, Store
from twinld.terms import Term, iri, text
from twinld.vocab import BASE, DEFAULT_GRAPHS, TW, rebase

T = TypeVar("T")


class Asker:
    """A store and the base of its IRIs."""

    def __init__(self, store: Store, base: str = BASE) -> None:
        self.store = store
        self.base = base

    def rows(self, name: str, **iris: str) -> list[Row]:
        """The rows of a kept query, with IRIs bound to its variables."""
        return self._rows(name, {key: term_of(rebase(value, self.base)) for key, value in iris.items()})

    def rows_in(self, name: str, language: str) -> list[Row]:
        """The rows of a kept query about a ?language."""
        return self._rows(name, {"language": text(language)})

    def _rows(self, name: str, terms: dict[str, str]) -> list[Row]:
        rows = self.store.select(query(name, self.base), **terms)
        if self.base == BASE:
            return rows
        return [{key: self._canonical(term) for key, term in row.items()} for row in rows]

    def facts(self, name: str, **iris: str) -> Facts:
        """The quads of a kept query that returns `?g ?s ?p ?o`; without `?s` all are about the one IRI given."""
        about = Term("iri", next(iter(iris.values()), ""))
        return Facts((row.get("s", about), row["p"], row["o"], row.get("g")) for row in self.rows(name, **iris))

    def _canonical(self, term: Term) -> Term:
        return term._replace(value=rebase_back(term.value, self.base)) if term.kind == "iri" else term


def term_of(value: str) -> str:
    """An IRI as a term; NotFound when a character in it says that nothing can have this IRI."""
    try:
        return iri(value)
    except ValueError as error:
        raise NotFound(str(error)) from None


def rebase_back(value: str, base: str) -> str:
    """An IRI of the base `base` as one of our canonical base; any other IRI as it is."""
    return BASE + value[len(base) :] if base != BASE and value.startswith(base) else value


class Facts:
    """Quads, by subject and predicate; each once, in the order in which they came."""

    def __init__(self, quads: Iterable[tuple[Term, Term, Term, Term | None]] = ()) -> None:
        self._values: dict[str, dict[str, dict[Term, list[str]]]] = defaultdict(lambda: defaultdict(dict))
        for subject, predicate, value, graph in quads:
            graphs = self._values[subject.value][predicate.value].setdefault(value, [])
            name = graph.value if graph is not None else ""
            if name not in graphs:
                graphs.append(name)

    def subjects(self) -> list[str]:
        """Everything that something is said about, in IRI order."""
        return sorted(self._values)

    def has(self, subject: str) -> bool:
        """Whether anything is said about it."""
        return subject in self._values

    def predicates(self, subject: str) -> list[str]:
        """What is said about a subject: the predicates, in IRI order."""
        return sorted(self._values[subject]) if subject in self._values else []

    def said(self, subject: str, predicate: str) -> Iterator[tuple[Term, list[str]]]:
        """The values with the graphs that hold them."""
        if subject in self._values and predicate in self._values[subject]:
            yield from self._values[subject][predicate].items()

    def all(self, subject: str, predicate: str) -> list[Term]:
        """The values: those of the CC0 graphs, else those of any graph."""
        said = list(self.said(subject, predicate))
        return [term for term, graphs in said if is_open(graphs)] or [term for term, _ in said]

    def one(self, subject: str, predicate: str) -> Term | None:
        """The first value in text order, None when there is none."""
        return min(self.all(subject, predicate), key=lambda term: term.value, default=None)

    def value(self, subject: str, predicate: str) -> str | None:
        """The text or IRI of `one`."""
        term = self.one(subject, predicate)
        return term.value if term is not None else None

    def pointing(self, predicate: str, value: str) -> list[str]:
        """The subjects that have the IRI `value` there, in IRI order."""
        wanted = Term("iri", value)
        return sorted(s for s, by_predicate in self._values.items() if wanted in by_predicate.get(predicate, ()))

    def graphs(self, subject: str, predicate: str) -> set[str]:
        """The graphs that say anything of this kind about the subject."""
        return {graph for _, graphs in self.said(subject, predicate) for graph in graphs}

    def apart(self, subject: str, predicate: str) -> str:
        """`apart_of` the graphs that say anything of this kind: the licence of that one holds for what `all` gives."""
        return apart_of(self.graphs(subject, predicate))


def is_open(graphs: Iterable[str]) -> bool:
    """Whether one of the graphs is CC0 and in the default graph."""
    return any(graph in DEFAULT_GRAPHS or graph == "" for graph in graphs)


def apart_of(graphs: Iterable[str]) -> str:
    """The first of these graphs where none of them is CC0; "" where one is, or there are none."""
    found = sorted(graphs)
    return "" if is_open(found) else next(iter(found), "")


def tw(name: str) -> str:
    """The IRI of a term of our ontology."""
    return TW + name


_KEPT: WeakKeyDictionary[Store, dict[tuple[object, ...], object]] = WeakKeyDictionary()


def once(store: Store, key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What `make` gives, kept for as long as the store lives if the store cannot change."""
    if store.writable:
        return make()
    kept = _KEPT.setdefault(store, {})
    if key not in kept:
        kept[key] = make()
    return kept[key]  # type: ignore[return-value]
