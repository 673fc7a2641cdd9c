"""The real sources together: one that leaves, and the directory that may not be published. These take minutes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.resolve_data import DAY
from twinld import ingest
from twinld.files import folder
from twinld.ingest.takeover.unpublished import read_unpublished
from twinld.iris import Ledger
from twinld.model import Finding, Record, Source, Statement
from twinld.resolve import Decisions, Resolution, resolve
from twinld.vocab import ID

pytestmark = pytest.mark.long
DIRECTORY = "germany-2015"


@cache
def real() -> tuple[dict[str, Source], tuple[Record, ...]]:
    sources, records = {}, []
    for name, path in ingest.source_folders(folder("data")).items():
        sources[name] = ingest.describe(path)
        records += [item for item in ingest.read(path, sources[name]) if not isinstance(item, Finding)]
    return sources, tuple(records)


def resolved(sources: dict[str, Source], records: list[Record]) -> tuple[Resolution, Ledger]:
    ledger = Ledger.read(folder("data") / "ids.csv")
    return resolve(records, sources, Decisions.read(folder("data")), ledger, DAY), ledger


@cache
def whole() -> Resolution:
    sources, records = real()
    return resolved(sources, list(records))[0]


def things(resolution: Resolution) -> set[str]:
    """The slugs of all agreements."""
    return {*resolution.curated.agreements, *(a for facts in resolution.licensed.values() for a in facts.agreements)}


@pytest.mark.parametrize("gone", ["transcribed", "wd50k", "wdqs-2017", "wikipedia"])
def test_a_source_that_leaves_takes_its_records_and_claims_and_what_only_it_supported(gone: str) -> None:
    sources, records = real()
    left = {name: source for name, source in sources.items() if name != gone}
    part, ledger = resolved(left, [record for record in records if record.source != gone])
    lost = things(whole()) - things(part)
    places = set(whole().slugs.values()) - set(part.slugs.values())
    of_nothing = {f"{ID}agreement/{slug}" for slug in lost} | {f"{ID}place/{slug}" for slug in places}

    assert not ledger.new
    assert things(part) < things(whole())
    assert {
        slug: whole().stated_by[slug] for slug in lost if {name for name, _ in whole().stated_by[slug]} != {gone}
    } == {}
    assert set(part.records) == set(whole().records) - {gone}
    for name, found in part.records.items():
        about = {(record.key, record.record_of) for record in found if record.record_of is not None}
        before = {(r.key, r.record_of) for r in whole().records[name] if r.record_of is not None}
        assert about <= before, name
        assert {thing for _, thing in before - about} <= of_nothing, name
        claims, claimed = ({(c.subject, c.predicate, c.value) for c in r.claims.get(name, ())} for r in (part, whole()))
        assert {claim for claim in claimed - claims if claim[0][1:-1] not in of_nothing} == set(), name
        assert claims <= claimed, name
    unmoved = things(part) - {slug for slug, by in whole().stated_by.items() if gone in {name for name, _ in by}}
    assert len(unmoved) > 400
    assert {s for s in unmoved if part.curated.agreements.get(s) != whole().curated.agreements.get(s)} == set()


def test_the_directory_differs_from_wikidata_where_it_is_known_to_and_its_placeholder_is_never_shown(
    tmp_path: Path, shared: Path
) -> None:
    path = shared / "data" / "directory" / "germany_partnerschaften_2015.csv"
    place = read_unpublished(DIRECTORY, path, tmp_path)
    sources, records = real()
    directory = ingest.describe(place)
    more = [item for item in ingest.read(place, directory) if not isinstance(item, Finding)]
    result, _ = resolved({**sources, DIRECTORY: directory}, [*records, *more])
    stated = [record for record in more if isinstance(record, Statement) and record.start is not None]
    found = {(row.thing[1], row.result, row.shown, row.stated) for row in result.differences if row.source == DIRECTORY}

    assert sum(str(record.start) == "2000?" for record in stated) == 858, "of 859 rows one stands twice"
    assert found >= {
        ("berlin--istanbul", "conflict", "1989-11-17", "1998"),
        ("berlin--moscow", "conflict", "1991-08-28", "1990"),
        ("karlsruhe--timisoara", "conflict", "1992", "1997"),
        ("hameenlinna--weimar", "conflict", "1970-09-06", "1971"),
    }
    placeholders = [row for row in found if row[1] == "placeholder"]
    assert len(placeholders) > 100
    assert {value for *_, value in placeholders} == {"2000?"}
    shown = [a for facts in (result.curated, *result.licensed.values()) for a in facts.agreements.values()]
    assert [a.slug for a in shown if str(a.start) == "2000?"] == []
