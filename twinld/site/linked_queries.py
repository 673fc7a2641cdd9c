"""Queries that a page offers to open in the editor: what it shows, as a question that one can go on with."""

from __future__ import annotations

from twinld.queries import query
from twinld.site.ask import term_of
from twinld.vocab import BASE, rebase


def twins_query(place: str, base: str = BASE) -> str:
    """The twins of a place with their countries and starts: the kept question about Boston, asked of this one."""
    text = query("twins_of_boston", base).replace("place:boston", term_of(rebase(place, base)))
    lines = [line for line in text.splitlines() if not line.startswith(("PREFIX place:", "#"))]
    return "\n".join(["# Which places is it twinned with, in which country, and since when?", *lines]) + "\n"


def thing_query(thing: str, base: str = BASE) -> str:
    """What every graph says of a thing, with the graph, whose licence holds for it."""
    term = term_of(rebase(thing, base))
    return (
        "# What does each graph say about it?\n"
        f"SELECT ?graph ?property ?value WHERE {{\n  GRAPH ?graph {{ {term} ?property ?value }}\n}}"
        " ORDER BY ?graph ?property ?value\n"
    )
