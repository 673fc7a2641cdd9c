"""Reports `conflicts.csv` and `conflicts.json`: every stated value that is not the one shown, and why it is not.

Both hold the same rows. The JSON file also counts how often each two sources differ, and says what the rules mean.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from twinld.iris import iri_of, record_iri
from twinld.mapping import claim_iri
from twinld.mapping import write as w
from twinld.model import Claim, Source
from twinld.resolve import Resolution
from twinld.resolve.choices import RESULTS, RULES
from twinld.terms import Triple, lang
from twinld.vocab import TW, TWV

COLUMNS: Final = (
    "type", "slug", "field", "result", "shown", "stated", "source", "record", "statement", "revision", "retrieved",
    "shown_by", "shown_record", "rule", "licence",
)  # fmt: skip

_FIELDS: Final = {
    w.START: "start", w.END: "end", w.DATE: "date", w.KIND: "kind", w.IN_COUNTRY: "country", w.LAT: "point",
    w.LONG: "point", w.POPULATION: "population", w.GEONAMES_FEATURE: "geonames",
}  # fmt: skip
"""The field of a difference by the predicate of the claims about it; names are told apart by the claim's own name."""


def write_conflicts(folder: Path, resolution: Resolution, sources: Mapping[str, Source]) -> dict[str, int]:
    """Write both reports; returns how many comparisons with filling sources there are of each result, agreement
    included.
    """
    rows = list(_rows(resolution, sources))
    with (folder / "conflicts.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    pairs = Counter(
        (*sorted((row[11], row[6])), row[2], row[3]) for row in rows if row[11]
    )  # shown_by, source, field, result
    whole = {
        "rules": RULES,
        "pairs": [
            {"one": one, "other": other, "field": field, "result": result, "count": count}
            for (one, other, field, result), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        ],
        "differences": [dict(zip(COLUMNS, row, strict=True)) for row in rows],
    }
    text = json.dumps(whole, ensure_ascii=False, indent=0)
    (folder / "conflicts.json").write_text(text + "\n", encoding="utf-8")
    return dict(sorted(Counter(comparison.result for comparison in resolution.comparisons).items()))


def _rows(resolution: Resolution, sources: Mapping[str, Source]) -> Iterator[tuple[str, ...]]:
    """The rows of the report, agreements before places, sorted."""
    wanted = {(found.source, found.key) for found in resolution.differences}
    wanted |= {(found.source, found.key) for found in resolution.comparisons}
    records = {
        (name, record.key): record
        for name in {source for source, _ in wanted}
        for record in resolution.records.get(name, ())
        if (name, record.key) in wanted
    }
    found = [(d.thing, d.field, d.result, d.shown, d.stated, d.source, d.key, d.by, d.by_key, d.rule)
             for d in resolution.differences]  # fmt: skip
    found += [(c.thing, c.field, c.result, c.shown, c.stated, c.source, c.key, "", "", "filling")
              for c in resolution.comparisons if c.result != "same"]  # fmt: skip
    for thing, field, result, shown, stated, source, key, by, by_key, rule in sorted(found):
        record = records.get((source, key))
        provenance = record.provenance if record is not None else None
        statement = (record.statement or "") if record is not None else ""
        yield (
            *thing, field, result, shown, stated, source, key, statement,
            str(provenance.revision) if provenance else "", provenance.retrieved if provenance else "",
            by, by_key, rule, sources[source].licence,
        )  # fmt: skip


def contradictions(resolution: Resolution, sources: Mapping[str, Source], owner: str | None) -> Iterator[Triple]:
    """`tw:contradicts` between records whose values exclude each other, both ways.

    Of CC0 sources for `owner` None; else those that a record of the source `owner` has a part in.
    """
    pairs = set()
    for found in resolution.differences:
        if found.result != "conflict" or not found.by or (found.by, found.by_key) == (found.source, found.key):
            continue
        closed = {name for name in (found.by, found.source) if not sources[name].open}
        if closed == (set() if owner is None else {owner}):
            pairs.add((record_iri(found.by, found.by_key), record_iri(found.source, found.key)))
    for one, other in sorted(pairs):
        yield f"<{one}>", f"<{TW}contradicts>", f"<{other}>"
        yield f"<{other}>", f"<{TW}contradicts>", f"<{one}>"


def kept(resolution: Resolution, sources: Mapping[str, Source], owner: str | None) -> Iterator[Triple]:
    """`tw:rank` of every claim whose value is not the one shown, and in a note why: what it is to it, and the rule.

    Of claims of CC0 sources for `owner` None, else of those of the source `owner`.
    """
    notes = {}
    for d in resolution.differences:
        rule = "" if d.result == "placeholder" else f" Rule: {RULES[d.rule]}."
        notes[d.source, d.key, f"<{iri_of(*d.thing)}>", d.field] = RESULTS[d.result] + rule
    for c in resolution.comparisons:
        if c.result != "same":
            notes[c.source, c.key, f"<{iri_of(*c.thing)}>", c.field] = f"{RESULTS[c.result]} Rule: {RULES['filling']}."
    for name in sorted({source for source, *_ in notes}):
        if sources[name].open if owner is None else name == owner:
            for claim in resolution.claims.get(name, ()):
                note = notes.get((*claim.record, claim.subject, _field(claim)))
                if note is not None:
                    yield f"<{claim_iri(claim)}>", w.tw("rank"), f"<{TWV}rank-kept>"
                    yield f"<{claim_iri(claim)}>", w.NOTE, lang(note, "en")


def _field(claim: Claim) -> str:
    return _FIELDS.get(claim.predicate, claim.name)
