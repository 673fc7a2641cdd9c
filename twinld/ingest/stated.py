"""`agreements.csv` of a source: agreements that it tells of in words, with their kind, dates, themes and status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from twinld.errors import SourceError, nearest
from twinld.files import BadRow, read_rows
from twinld.files import folder as own_folder
from twinld.ingest.rows import QID, Cells, date, kept, pair_key, side_of
from twinld.layout import AGREEMENTS
from twinld.model import KINDS, Finding, Record, Source, Statement

NETWORK_ITEMS = ("item", "network", "members", "reason")
"""data/curated/network-items.csv: whether an item of which places are members (P463) is a city network; empty for
not known."""


@cache
def concepts(scheme: str) -> frozenset[str]:
    """The short names of the concepts of a vocabulary of ours, such as "city" of "level"."""
    text = (own_folder("ontology") / "vocab" / f"{scheme}.ttl").read_text(encoding="utf-8")
    start = f"twv:{scheme}-"
    names = re.findall(r"^(twv:\S+) a skos:Concept ", text, re.MULTILINE)
    return frozenset(name.removeprefix(start) for name in names if name.startswith(start))


def concept(scheme: str, name: str) -> str:
    """`name` when it is a concept of `scheme`; ValueError with the nearest when it is none."""
    if name not in concepts(scheme):
        raise ValueError(f"{scheme} {name!r} is not a concept; {nearest(name, concepts(scheme), 'concepts')}")
    return name


def stated_agreements(folder: Path, source: Source) -> Iterator[Record | Finding]:
    """One statement a row. A kind, term, theme, status or date that is none is left out, with a Warning."""
    seen: set[str] = set()

    def agreement(cells: dict[str, str], wrong: Cells) -> Statement:
        subject, obj = (side_of(cells, column, source, wrong) for column in ("subject", "object"))
        start, end, point = (wrong.of(partial(date, cells[name], name)) for name in ("start", "end", "point_in_time"))
        kind = cells["kind"] or "unspecified"
        if kind not in KINDS:
            wrong.wrong.append(f"kind {kind!r} is not one; {nearest(kind, KINDS, 'kinds')}")
            kind = "unspecified"
        relation = cells["relation"] or "1"
        if not relation.isdigit() or not 1 <= int(relation) <= 99:
            raise ValueError(f"relation {relation!r} is not a number; leave it empty for the first of the pair")
        themes = [wrong.of(partial(concept, "theme", name)) for name in cells["themes"].split(";") if name]
        key = pair_key(source, subject, obj, cells["row"])
        if key in seen:
            raise ValueError(f"{subject} {obj} stands twice; tell the rows apart in row")
        seen.add(key)
        return Statement(
            source.name, key, subject, obj, "", start=start, end=end, point=point, kind=kind, relation=int(relation),
            local_term=wrong.of(partial(concept, "term", cells["local_term"])) if cells["local_term"] else None,
            locator=cells["locator"] or None, quote=cells["quote"] or None,
            themes=tuple(theme for theme in themes if theme is not None),
            status=wrong.of(partial(concept, "status", cells["status"])) if cells["status"] else None,
        )  # fmt: skip

    for item in kept(folder, source, "agreements.csv", AGREEMENTS, agreement):
        yield item if isinstance(item, Finding) else replace(item[1], where=item[0])


def network_items(curated: Path) -> frozenset[str]:
    """The items that `network-items.csv` of a folder of decisions calls city networks; none without the file.

    Raises SourceError at the first bad row: what is written by hand must be whole.
    """
    path = curated / "network-items.csv"
    if not path.exists():
        return frozenset()
    found = set()
    for row in read_rows(path, NETWORK_ITEMS):
        if isinstance(row, BadRow):
            raise SourceError(str(row))
        where, cells = row
        if not QID.fullmatch(cells["item"]) or cells["network"] not in {"yes", "no", ""}:
            raise SourceError(f"{where}: {cells['item']},{cells['network']} is no decision; write Q100,yes or no")
        if cells["network"] == "yes":
            found.add(cells["item"])
    return frozenset(found)


def one_of_levels(name: str) -> str:
    """A level of twv:level; ValueError for another."""
    return concept("level", name)
