"""How to cite the answer of a query, so that somebody else can ask it again and see whether it is the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata
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


@dataclass(frozen=True)
class ThingCitation:
    """How to cite what a release says of one thing: a sentence and BibTeX."""

    sentence: str
    bibtex: str


def thing_citation(title: str, iri: str, release: str, issued: str) -> ThingCitation:
    """The citation of the thing with this title in a release that was issued on a day (xsd:date, "" for none)."""
    name, year = plain(title), issued[:4]
    edition = f", release {release}" if release else ""
    sentence = f"{AUTHOR}{f' ({year})' if year else ''}: {name}. In {TITLE}{edition}. {iri}"
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": f"{{{_tex(name)}}}",
        "booktitle": f"{{{TITLE}}}",
        **({"year": year} if year else {}),
        **({"version": release} if release else {}),
        "url": iri,
    }
    lines = "".join(f"  {field:<9}= {{{value}}},\n" for field, value in fields.items())
    key = "-".join(["twinld", *([release] if release else []), re.sub(r"[^a-z0-9]+", "-", iri.rpartition("/")[2])])
    return ThingCitation(sentence, f"@misc{{{key},\n{lines}}}\n")


def plain(text: str) -> str:
    """A name on one line, without characters that are not seen: they could turn around what stands beside it.

    >>> plain("Bos" + chr(0x202E) + "ton" + chr(10) + "(US)")
    'Boston (US)'
    """
    seen = "".join(" " if letter.isspace() else letter for letter in text)
    seen = "".join(letter for letter in seen if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"})
    return " ".join(seen.split())


def _tex(text: str) -> str:
    return re.sub(r"([%&#_$])", r"\\\1", re.sub(r"[{}\\^~]", "", text))
