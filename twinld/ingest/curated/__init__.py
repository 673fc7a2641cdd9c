"""Reading what people typed: `data/curated/`, pages and documents with what exactly they say (docs/curated.md).

`read_curated` gives the sources, the statements about two places (which resolving treats as those of any source),
and everything else as facts, claims and review; what is wrong with a row is a Violation that names file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from twinld.files import folder
from twinld.ingest.curated.agreements import PlaceNames, agreement_of, agreements
from twinld.ingest.curated.claims import Said, Tables
from twinld.ingest.curated.passages import (
    CONTRIBUTED,
    IN_COPYRIGHT,
    Passage,
    check_quotes,
    contributed,
    passages,
    sources,
)
from twinld.ingest.curated.tables import TABLES, Rows
from twinld.ingest.curated.words import THINGS, Words
from twinld.iris import Ledger, agreement_slug
from twinld.model import Finding, PlaceFacts, Source, Statement, Verdict

__all__ = ["IN_COPYRIGHT", "TABLES", "THINGS", "Curated", "PlaceNames", "agreement_of", "read_curated"]


@dataclass
class Curated:
    """All that the curated tables say. `findings` holds every row that cannot be used; `by_url` names the source of
    an address, `terms` the local terms there are.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    passages: dict[str, Passage] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    said: Said = field(default_factory=Said)
    by_url: dict[str, str] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_curated(
    data: Path,
    ledger: Ledger,
    places: Callable[[], Iterable[PlaceFacts]],
    documents: Path | None = None,
    ontology: Path | None = None,
) -> Curated:
    """The tables of `data`/curated. `places` gives the place rows of all sources when a row names a place by name;
    quotes are compared with the documents in the folder `documents`, if it is given.
    """
    rows = Rows(data / "curated")
    words = Words(ontology or folder("ontology"), ledger)
    known, by_url, files = sources(rows)
    tables = Tables(rows, words, {})
    names = PlaceNames(places, ledger)
    _declare_agreements(rows, words, names)
    tables.declare()
    found = passages(rows, known, words)
    tables.passages = found
    terms = words.concepts("term")
    statements = agreements(rows, found, by_url, names, terms)
    said = tables.read()
    told = check_quotes(found.values(), known, files, documents, rows.refuse)
    if any(statement.source == CONTRIBUTED for statement in statements):
        known[CONTRIBUTED] = contributed()
    judged = [passage.judged(known[passage.source].extracted.edtf) for passage in found.values()]
    verdicts = [verdict for verdict in judged if verdict is not None]
    findings = sorted({*rows.findings, *told})
    return Curated(known, statements, found, verdicts, said, by_url, terms, findings)


def _declare_agreements(rows: Rows, words: Words, names: PlaceNames) -> None:
    """Make the agreements of `agreements.csv` known by the slugs that they have or will get."""
    quiet = Rows(rows.folder)
    for _, cells in quiet.read("agreements.csv"):
        try:
            items = names.item(cells["place_a"]), names.item(cells["place_b"])
        except ValueError:
            continue  # told when the row itself is read
        slugs = [slug for item in items if (slug := names.slug(item)) is not None]
        if len(slugs) == 2:
            words.declare(f"agreement:{agreement_slug(slugs[0], slugs[1], cells['relation'] or '1')}")
