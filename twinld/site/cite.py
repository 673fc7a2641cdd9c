"""How to cite the answer of a query, so that somebody else can ask it again and see whether it is the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from twinld.publish.citation import AUTHOR, TITLE
from twinld.store.query_text import look


@dataclass(frozen=True)
class Citation:
    """What names an answer: release, hashes (SHA-256, hexadecimal) of query and answer, a sentence and BibTeX.

    `query` is the hash of the query without comments and with single blanks; `answer` that of the bytes in
    `format`, uncompressed. The rows of a query without ORDER BY may come in another order another time.
    """

    release: str
    query: str
    answer: str
    format: str
    rows: int | None
    sentence: str
    bibtex: str


def citation(query: str, release: str, dataset: str, answer: str, format_title: str, rows: int | None) -> Citation:
    """The citation of an answer with the hash `answer`; `dataset` is the IRI of the data set.

    `rows` is None for a graph or a yes or no. Without a release there is no name for what was asked.
    """
    asked = hashlib.sha256(look(query).normal.encode("utf-8", "replace")).hexdigest()
    name = f"release {release}" if release else "no release"
    size = "" if rows is None else f", {rows:,} row{'' if rows == 1 else 's'}"
    note = f"Answer of a SPARQL query{size}; SHA-256 of the query {asked}, of the answer as {format_title} {answer}"
    sentence = f"{AUTHOR}: {TITLE}, {name}. {dataset}. {note}."
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": TITLE,
        **({"year": release[:4], "version": release} if release else {}),
        "url": dataset,
        "note": note,
    }
    lines = "".join(f"  {field:<8}= {{{value}}},\n" for field, value in fields.items())
    key = "-".join(["twinld", *([release] if release else []), asked[:8]])
    return Citation(release, asked, answer, format_title, rows, sentence, f"@misc{{{key},\n{lines}}}")
