"""A difference in the forms that people and programs read: text, JSON, CSV and Turtle.

In RDF a change is an activity of Activity Streams 2.0 (Create, Update or Delete), as streams of changes have it;
its IRI is `changes/{release}#{type}/{slug}` below the base.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from twinld.publish.changes import Change, Changes, Field, document
from twinld.terms import Triple, parse, text, typed
from twinld.vocab import AS, BASE, DCTERMS, PREFIXES, RDF, XSD

COLUMNS: Final = ("change", "type", "iri", "label", "successor", "property", "part", "graph", "old", "new")
ACTIVITY: Final = {"added": "Create", "changed": "Update", "merged": "Delete", "removed": "Delete"}


def head(changes: Changes) -> dict[str, Any]:
    """The JSON document without its changes."""
    return {
        "release": changes.release,
        "previous": changes.previous,
        "date": changes.date,
        "base": changes.base,
        "counts": changes.counts,
        "graphs": list(changes.graphs),
        **({"note": changes.note} if changes.note else {}),
    }


def to_json(changes: Changes) -> Iterator[str]:
    """The JSON document, one change a line."""
    return document(head(changes), changes.changes)


def to_csv(changes: Changes) -> Iterator[str]:
    """One row a value that differs, old and new beside each other in short names; one row for a whole thing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in changes.changes:
        start = (change.change, change.type, change.iri, change.label, change.successor or "")
        if change.change != "changed":
            writer.writerow((*start, "", "", "", "", ""))
        for item in change.fields if change.change == "changed" else ():
            for old, new in itertools.zip_longest(item.old, item.new, fillvalue=""):
                values = [short(term, changes.base) if term else "" for term in (old, new)]
                writer.writerow((*start, item.property, item.part, item.graph, *values))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def to_text(changes: Changes) -> Iterator[str]:
    """For a person: how many of what, then a line a change."""
    before = changes.previous or "nothing"
    if not changes.total and not changes.graphs:
        yield f"{changes.release} holds what {before} holds\n"
        return
    yield f"{changes.release} after {before}: {in_words(changes.counts)}\n"
    for row in changes.graphs:
        yield f"  {graph_words(row)}\n"
    for change in changes.changes:
        end = f", now {change.successor}" if change.successor else ""
        yield f"{change.change:<8} {change.type} {change.slug} ({change.label}){end}\n"
        for item in change.fields if change.change == "changed" else ():
            yield f"         {field_words(item, changes.base)}\n"


def in_words(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Counts as words.

    >>> in_words({"place": {"added": 2, "changed": 1}})
    '2 places added, 1 place changed'
    """
    said = [
        f"{number:,} {type_}{'s' if number != 1 else ''} {kind}"
        for type_, kinds in counts.items()
        for kind, number in kinds.items()
    ]
    return ", ".join(said) or "no thing changed"


def graph_words(row: Mapping[str, Any]) -> str:
    """How many quads of a graph came and went.

    >>> graph_words({"graph": "curated", "added": 1200, "removed": 1})
    'graph curated: 1,200 quads added, 1 removed'
    """
    name = f"graph {row['graph']}" if row["graph"] else "default graph"
    return f"{name}: {row['added']:,} quad{'s' if row['added'] != 1 else ''} added, {row['removed']:,} removed"


def field_words(item: Field, base: str = BASE) -> str:
    """What became of a property, in short names: `tw:start: 1959 -> 1958 (curated)`."""
    old, new = (", ".join(short(term, base) for term in terms) for terms in (item.old, item.new))
    part = f" of #{item.part}" if item.part else ""
    said = f"{old} -> {new}" if old and new else f"+ {new}" if new else f"- {old}"
    return f"{short(f'<{item.property}>', base)}{part}: {said}" + (f" ({item.graph})" if item.graph else "")


def short(term: str, base: str = BASE) -> str:
    """A term as a person reads it: a prefixed name, the text of a literal with its language.

    >>> short('<https://w3id.org/twinld/id/place/boston>'), short('"Malmö"@sv')
    ('place:boston', 'Malmö@sv')
    """
    taken = parse(term)
    if taken.kind == "literal":
        return f"{taken.value}@{taken.language}" if taken.language else taken.value
    iri = taken.value.replace(base, BASE, 1) if taken.value.startswith(base) else taken.value
    names = [(start, name) for name, start in PREFIXES.items() if iri.startswith(start) and iri != start]
    if not names:
        return taken.value
    start, name = max(names)
    return f"{name}:{iri.removeprefix(start)}"


def to_triples(changes: Changes) -> Iterator[Triple]:
    """The release's changes as a collection of activities, one a thing."""
    page = f"{changes.base}changes/{changes.release}"
    collection = f"<{page}>"
    yield collection, f"<{RDF}type>", f"<{AS}Collection>"
    yield collection, f"<{DCTERMS}isPartOf>", f"<{changes.base}dataset>"
    yield collection, f"<{DCTERMS}identifier>", text(changes.release)
    if changes.date:
        yield collection, f"<{DCTERMS}issued>", typed(changes.date, f"{XSD}date")
    yield collection, f"<{AS}totalItems>", typed(str(changes.total), f"{XSD}nonNegativeInteger")
    if changes.previous:
        yield collection, f"<{AS}prev>", f"<{changes.base}changes/{changes.previous}>"
    for row in changes.graphs:
        yield collection, f"<{AS}summary>", text(graph_words(row))
    for change in changes.changes:
        yield from _activity(change, page, changes)


def _activity(change: Change, page: str, changes: Changes) -> Iterator[Triple]:
    activity = f"<{page}#{change.type}/{change.slug}>"
    yield f"<{page}>", f"<{AS}items>", activity
    yield activity, f"<{RDF}type>", f"<{AS}{ACTIVITY[change.change]}>"
    yield activity, f"<{AS}object>", f"<{change.iri}>"
    yield activity, f"<{AS}name>", text(change.label)
    if changes.date:
        yield activity, f"<{AS}published>", typed(f"{changes.date}T00:00:00Z", f"{XSD}dateTime")
    for item in change.fields if change.change == "changed" else ():
        yield activity, f"<{AS}summary>", text(field_words(item, changes.base))
    if change.successor:
        yield change.iri.join("<>"), f"<{DCTERMS}isReplacedBy>", f"<{change.successor}>"


def to_turtle(changes: Changes) -> Iterator[str]:
    """Turtle, sorted."""
    from twinld.publish.turtle import turtle

    return iter(turtle(iter(sorted(set(to_triples(changes)))), changes.base))


FORMS: Final[dict[str, Callable[[Changes], Iterator[str]]]] = {
    "text": to_text,
    "json": to_json,
    "csv": to_csv,
    "ttl": to_turtle,
}
"""The formats of `twinld diff`, each a function that gives pieces of text."""
